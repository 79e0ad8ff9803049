//! Tasks on as many threads as the machine has. What comes out does not depend on how many these are.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::error::Result;

/// Runs every task and gives the results in the order of the tasks. `start` makes what a thread keeps between tasks.
///
/// # Errors
/// The first error of any task; tasks not yet begun are left.
pub(super) fn crew<T: Sync, S, R: Send>(
    tasks: &[T],
    start: impl Fn() -> S + Sync,
    run: impl Fn(&mut S, &T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut state, mut done) = (start(), Vec::new());
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { return Ok(done) };
            match run(&mut state, task) {
                Ok(result) => done.push((at, result)),
                Err(error) => {
                    next.store(tasks.len(), Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(tasks.len());
    let done: Vec<Vec<(usize, R)>> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = vec![work()];
        all.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))));
        all.into_iter().collect::<Result<_>>()
    })?;
    let mut done: Vec<(usize, R)> = done.into_iter().flatten().collect();
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind};

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        let tasks: Vec<usize> = (0..500).collect();
        let doubled = crew(&tasks, || (), |(), task| Ok(task * 2)).unwrap();
        assert_eq!(doubled, (0..500).map(|task| task * 2).collect::<Vec<_>>());
        assert!(crew(&[0; 0], || (), |(), task: &usize| Ok(*task)).unwrap().is_empty());
    }

    #[test]
    fn an_error_ends_the_rest() {
        let tasks: Vec<usize> = (0..500).collect();
        let stop = |(): &mut (), task: &usize| {
            if *task == 3 { Err(Error::new(ErrorKind::Interrupted, "stopped")) } else { Ok(*task) }
        };
        assert_eq!(crew(&tasks, || (), stop).unwrap_err().kind(), ErrorKind::Interrupted);
    }
}
