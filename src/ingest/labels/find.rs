//! The longest label that stands at a place of the stream, whole or broken off.

use super::{Mark, Pattern, Patterns};
use crate::{
    ingest::flow::{Flow, Gap, Glyph},
    text::is_han,
};

/// A node of the tree, and where in the stream the next character may stand.
type Step = (usize, usize);

/// Looks for labels; keeps the way through the tree from one place to the next.
pub(super) struct Finder<'f, 'd> {
    patterns: &'static Patterns,
    flow: &'f Flow<'d>,
    path: Vec<Step>,
}

impl<'f, 'd> Finder<'f, 'd> {
    /// A finder in a stream.
    pub(super) fn new(patterns: &'static Patterns, flow: &'f Flow<'d>) -> Self {
        Self { patterns, flow, path: Vec::new() }
    }

    /// The longest wording at a place: which, where it ends, and whether it breaks off there. One that breaks off at a
    /// gap counts from four characters, and none does where it may be either of two that mean different things.
    pub(super) fn longest(&mut self, at: usize, ch: char) -> Option<(&'static Pattern, usize, bool)> {
        /// Fewer characters are no label that broke off.
        const LEAST: usize = 4;
        let (tree, list) = (&self.patterns.tree, &self.patterns.list);
        self.walk((tree.first(ch)?, at + 1));
        let mut taken = None;
        while let Some((node, end)) = self.path.pop() {
            if let Some(pattern) = tree.ends(node).first().and_then(|&at| list.get(at)) {
                return Some((pattern, end, false));
            }
            if self.path.len() + 1 >= LEAST && self.breaks(end) {
                let mut may = tree.through(node, taken);
                may.retain(|&at| list.get(at).is_some_and(may_break));
                let longest = may
                    .iter()
                    .max_by_key(|&&at| (list.get(at).map_or(0, |pattern| pattern.glyphs.len()), std::cmp::Reverse(at)));
                if let Some(pattern) = longest.and_then(|&at| list.get(at)) {
                    let same = |&at: &usize| list.get(at).is_some_and(|other| other.marks == pattern.marks);
                    return may.iter().all(same).then_some((pattern, end, true));
                }
            }
            taken = Some(node);
        }
        None
    }

    /// Every node from a root on, as far as the stream goes the same way.
    fn walk(&mut self, root: Step) {
        self.path.clear();
        self.path.push(root);
        let (mut node, mut at) = root;
        loop {
            let mut skipped = 0;
            while skipped < 2 && is_filler(self.flow.ch(at)) {
                at += 1;
                skipped += 1;
            }
            let Some(child) = self.patterns.tree.next(node, self.flow.ch(at)) else { return };
            (node, at) = (child, at + 1);
            self.path.push((node, at));
        }
    }

    /// Whether a label may break off before this glyph.
    fn breaks(&self, end: usize) -> bool {
        let ch = self.flow.ch(end);
        self.flow.gap(end) >= Gap::Space || ch.is_ascii_digit() || is_filler(ch)
    }
}

/// Only rows and columns of the form are known by the beginning of their label.
fn may_break(pattern: &Pattern) -> bool {
    pattern.marks.iter().all(|(mark, _)| matches!(mark, Mark::Row2(_) | Mark::Row3(_) | Mark::Head2(_)))
}

/// Marks that may stand between the characters of a label.
fn is_filler(ch: char) -> bool {
    !is_han(ch) && ch != Glyph::EMPTY && !ch.is_alphanumeric() && !matches!(ch, '+' | '-')
}
