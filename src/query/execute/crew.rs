//! Tasks on as many threads as the machine has. What comes out does not depend on how many these are.

use std::{
    collections::VecDeque,
    panic::resume_unwind,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use crate::error::Result;

/// So many tasks a thread are begun before the results of earlier ones are taken.
const AHEAD: usize = 2;

/// Runs every task and hands the results to `take` on this thread, in the order of the tasks, each as soon as those
/// before it were taken. `start` makes what a thread keeps between tasks. Whoever takes slowly slows the tasks down:
/// few results wait at any time.
///
/// # Errors
/// The first error in the order of the tasks, or that of `take`; tasks not yet begun are left.
pub(super) fn crew<T: Sync, S, R: Send>(
    tasks: &[T],
    start: impl Fn() -> S + Sync,
    run: impl Fn(&mut S, &T) -> Result<R> + Sync,
    mut take: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(tasks.len());
    if threads < 2 {
        let mut state = start();
        return tasks.iter().try_for_each(|task| take(run(&mut state, task)?));
    }
    // Every order brings the way back for its one result: waiting for the oldest keeps the order of the tasks.
    let (order, orders) = mpsc::channel::<(&T, mpsc::SyncSender<Result<R>>)>();
    let (orders, stopped) = (Mutex::new(orders), AtomicBool::new(false));
    let work = || {
        let mut state = start();
        loop {
            let next = orders.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((task, give)) = next else { return };
            if stopped.load(Ordering::Relaxed) {
                return;
            }
            // Nobody waits for it any more once an earlier one could not be taken.
            let _ = give.send(run(&mut state, task));
        }
    };
    thread::scope(|scope| {
        let crew: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let (mut left, mut waiting) = (tasks.iter(), VecDeque::new());
        let mut done = Ok(());
        while done.is_ok() {
            for task in left.by_ref().take(threads * AHEAD - waiting.len()) {
                let (give, given) = mpsc::sync_channel(1);
                waiting.push_back(given);
                // It fails only when every thread has panicked, which joining them tells.
                let _ = order.send((task, give));
            }
            let Some(Ok(result)) = waiting.pop_front().map(|given: mpsc::Receiver<Result<R>>| given.recv()) else {
                break;
            };
            done = result.and_then(&mut take);
        }
        stopped.store(true, Ordering::Relaxed);
        drop(order);
        for member in crew {
            member.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::error::{Error, ErrorKind};

    fn stopped<T>() -> Result<T> {
        Err(Error::new(ErrorKind::Interrupted, "stopped"))
    }

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        for count in [0, 1, 500] {
            let tasks: Vec<usize> = (0..count).collect();
            let mut doubled = Vec::new();
            let take = |result| {
                doubled.push(result);
                Ok(())
            };
            crew(&tasks, || (), |(), task| Ok(task * 2), take).unwrap();
            assert_eq!(doubled, (0..count).map(|task| task * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_the_rest_and_what_came_before_it_is_taken() {
        let tasks: Vec<usize> = (0..500).collect();
        let mut taken = Vec::new();
        let take = |result| {
            taken.push(result);
            Ok(())
        };
        let run = |(): &mut (), task: &usize| if *task == 3 { stopped() } else { Ok(*task) };
        assert_eq!(crew(&tasks, || (), run, take).unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(taken, [0, 1, 2]);
    }

    #[test]
    fn who_takes_no_more_ends_the_rest() {
        let tasks: Vec<usize> = (0..100_000).collect();
        let begun = AtomicUsize::new(0);
        let run = |(): &mut (), task: &usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            Ok(*task)
        };
        let take = |result| if result == 7 { stopped() } else { Ok(()) };
        assert_eq!(crew(&tasks, || (), run, take).unwrap_err().kind(), ErrorKind::Interrupted);
        assert!(begun.load(Ordering::Relaxed) <= 8 + AHEAD * thread::available_parallelism().unwrap().get());
    }
}
