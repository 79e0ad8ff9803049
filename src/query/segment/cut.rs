//! Cutting a run of Han characters into known words: fewest words wins, a tie is shown and not guessed.

use super::super::lexicon::{Class, Lexicon, keywords};

/// A piece of a run, in bytes of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub start: usize,
    pub end: usize,
    /// What it may be; nothing for characters that belong to no known word.
    pub class: Class,
}

/// What stands around a run and decides about words that are words only there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// A number ends right before the run.
    pub after_number: bool,
    /// A number or a parameter follows the run.
    pub before_number: bool,
    /// The run is the first of a stage.
    pub after_bar: bool,
}

/// A run cut into words, or the two ways that are equally good.
pub(super) enum Cut {
    Clear(Vec<Piece>),
    Ambiguous(Vec<Piece>, Vec<Piece>),
}

/// How good the best cut of the rest of the run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    /// Characters in no known word.
    unknown: u32,
    words: u32,
}

pub(super) fn cut(run: &str, around: Around, lexicon: &Lexicon) -> Cut {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
    // best[at] is the cost from byte `at` to the end; steps[at] the words that begin there.
    let mut best = vec![Cost::default(); run.len() + 1];
    let mut steps: Vec<Vec<Piece>> = vec![Vec::new(); run.len() + 1];
    for &start in starts.iter().rev() {
        let rest = run.get(start..).unwrap_or_default();
        let mut found: Vec<Piece> = Vec::new();
        lexicon.prefixes(rest, |len, class| {
            let end = start + len;
            if !fits(class, start, end, run, around) {
                return;
            }
            match found.iter_mut().find(|piece| piece.end == end) {
                Some(piece) => piece.class = merge(piece.class, class),
                None => found.push(Piece { start, end, class }),
            }
        });
        let next = start + rest.chars().next().map_or(1, char::len_utf8);
        let after = |end: usize| best.get(end).copied().unwrap_or_default();
        let skip = Cost { unknown: after(next).unknown + 1, ..after(next) };
        let cost = |piece: &Piece| Cost { words: after(piece.end).words + 1, ..after(piece.end) };
        let least = found.iter().map(cost).min().map_or(skip, |word| word.min(skip));
        found.retain(|piece| cost(piece) == least);
        // Longest first: among names of places that join either way, the longer one leads.
        found.sort_by_key(|piece| std::cmp::Reverse(piece.end));
        if let Some(slot) = best.get_mut(start) {
            *slot = least;
        }
        if let Some(slot) = steps.get_mut(start) {
            *slot = found;
        }
    }
    let first = follow(run, &steps, None);
    if best.first().is_some_and(|cost| cost.unknown == 0) {
        for piece in &first {
            let others = steps.get(piece.start).map(Vec::as_slice).unwrap_or_default();
            for other in others.iter().skip(1) {
                let second = follow(run, &steps, Some(*other));
                if !same_places(&first, &second) {
                    return Cut::Ambiguous(first, second);
                }
            }
        }
    }
    Cut::Clear(first)
}

/// The cut that takes the first step everywhere, or `instead` where it begins.
fn follow(run: &str, steps: &[Vec<Piece>], instead: Option<Piece>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    while at < run.len() {
        let step = steps.get(at).and_then(|found| found.first()).copied();
        let step = instead.filter(|piece| piece.start == at).or(step);
        if let Some(piece) = step {
            pieces.push(piece);
            at = piece.end;
            continue;
        }
        let len = run.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        match pieces.last_mut() {
            Some(last) if !last.class.known() && last.end == at => last.end = at + len,
            _ => pieces.push(Piece { start: at, end: at + len, class: Class::default() }),
        }
        at += len;
    }
    pieces
}

/// Whether two cuts differ only in how names of places are joined: 太原市 + 万柏林区财政局 and
/// 太原市万柏林区 + 财政局 lead to the same body.
fn same_places(first: &[Piece], second: &[Piece]) -> bool {
    let odd = |pieces: &[Piece], others: &[Piece]| {
        pieces.iter().filter(|piece| !others.contains(piece)).all(|piece| piece.class.place)
    };
    odd(first, second) && odd(second, first)
}

fn merge(a: Class, b: Class) -> Class {
    Class {
        keyword: a.keyword.or(b.keyword),
        measure: a.measure || b.measure,
        place: a.place || b.place,
        applicant: a.applicant || b.applicant,
    }
}

/// Some keywords are words only in their place: 前 and 后 before a number, 至 and 到 between numbers, 图 after a bar.
fn fits(class: Class, start: usize, end: usize, run: &str, around: Around) -> bool {
    let Some(keyword) = class.keyword.and_then(|at| keywords().get(at as usize)) else { return true };
    match keyword.word {
        "top" | "bottom" => end == run.len() && around.before_number,
        "through" => start == 0 && end == run.len() && around.after_number && around.before_number,
        "chart" => start == 0 && end == run.len() && around.after_bar,
        _ => true,
    }
}
