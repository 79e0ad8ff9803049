//! From the stream to the physical table: labels, values, empty cells and other text, one after another.

use std::ops::Range;

use super::{
    flow::{Flow, Gap, Glyph, Spot},
    labels::{self, Hit},
    number::{self, Said},
};
use crate::model::Table;

/// A value cell, or a value between labels where there are no cells.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// First glyph.
    pub start: usize,
    /// One past the last glyph.
    pub end: usize,
    /// What it says.
    pub said: Said,
    /// What stands before it.
    pub gap: Gap,
    /// Its coordinates, in a grid.
    pub spot: Option<Spot>,
}

impl Piece {
    /// Whether something is printed in it.
    pub fn is_printed(&self) -> bool {
        self.said != Said::Empty
    }
}

/// One thing after another in a table.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A label, with its explanation in brackets.
    Label(Hit),
    /// A value or an empty cell.
    Value(Piece),
    /// Other text.
    Text {
        /// First glyph.
        start: usize,
        /// One past the last glyph.
        end: usize,
    },
}

impl Item {
    /// The first glyph.
    pub fn start(&self) -> usize {
        match self {
            Self::Label(hit) => hit.start,
            Self::Value(piece) => piece.start,
            Self::Text { start, .. } => *start,
        }
    }
}

/// Cuts a stretch of the stream into items.
pub(crate) fn items(flow: &Flow, hits: &[Hit], range: Range<usize>, table: Table) -> Vec<Item> {
    let next = hits.partition_point(|hit| hit.start < range.start);
    /// As many as most tables have.
    const ITEMS: usize = 512;
    let room = Vec::with_capacity(range.len().min(ITEMS));
    let mut scanner = Scanner { flow, hits, table, next, limit: range.end, items: room, prose: None };
    scanner.run(range.start);
    scanner.items
}

struct Scanner<'a, 'd> {
    flow: &'a Flow<'d>,
    hits: &'a [Hit],
    table: Table,
    next: usize,
    limit: usize,
    items: Vec<Item>,
    /// The last unit asked about, and whether it is prose.
    prose: Option<(usize, bool)>,
}

impl Scanner<'_, '_> {
    fn run(&mut self, from: usize) {
        let mut at = from;
        while at < self.limit {
            while self.hits.get(self.next).is_some_and(|hit| hit.start < at) {
                self.next += 1;
            }
            if let Some(hit) = self.hits.get(self.next).filter(|hit| hit.start == at) {
                self.items.push(Item::Label(*hit));
                at = self.explanation(hit.end.max(at + 1));
                continue;
            }
            if let Some(end) = number::page_number(self.flow, at) {
                at = end.min(self.limit);
                continue;
            }
            at = match self.piece(at) {
                Some(piece) => {
                    let end = piece.end;
                    self.items.push(Item::Value(piece));
                    end
                }
                None => self.other(at),
            };
        }
    }

    fn label_limit(&self) -> usize {
        self.hits.get(self.next).map_or(self.limit, |hit| hit.start.min(self.limit))
    }

    /// A value at this place, if there is one.
    fn piece(&mut self, at: usize) -> Option<Piece> {
        let flow = self.flow;
        let limit = self.label_limit();
        let (gap, spot) = (flow.gap(at), flow.spot(at));
        let piece = |end, said| Some(Piece { start: at, end, said, gap, spot });
        if flow.ch(at) == Glyph::EMPTY {
            return piece(at + 1, Said::Empty);
        }
        if let Some(end) = number::not_applicable(flow, at, limit) {
            return piece(end, Said::NotApplicable);
        }
        let (mut number, mut end) = number::number(flow, at, limit)?;
        if !self.opens(at) {
            return None;
        }
        // 2020 年, 第 3 页: a figure in words.
        let worded = spot.is_none() && end < limit && flow.gap(end) == Gap::Space && crate::text::is_han(flow.ch(end));
        // `0 .63`: what is printed is one number, or nobody knows what.
        let broken = end < limit
            && flow.gap(end) == Gap::Space
            && matches!(flow.ch(end), '.' | ',' | '、')
            && flow.ch(end + 1).is_ascii_digit();
        if worded || broken {
            return None;
        }
        if end < limit && flow.gap(end) == Gap::Joined {
            // `00000004.` before a label that was not recognised: the last digit is its number.
            let numbering = matches!(flow.ch(end), '.' | '、') && crate::text::is_han(flow.ch(end + 1));
            if !numbering || number.digits.len() < 2 || !number.is_run() {
                return None;
            }
            number.digits.pop();
            end -= 1;
        }
        piece(end, Said::Number(number))
    }

    /// Whether a value may begin here: after a label or another value, or alone outside of prose.
    fn opens(&mut self, at: usize) -> bool {
        let adjacent = match self.items.last() {
            Some(Item::Label(_)) => true,
            Some(Item::Value(piece)) => piece.end == at,
            Some(Item::Text { .. }) | None => false,
        };
        let gap = self.flow.gap(at);
        let punctuated =
            at.checked_sub(1).is_some_and(|before| matches!(self.flow.ch(before), ')' | ':' | Glyph::EMPTY));
        (adjacent || gap >= Gap::Space || punctuated) && (adjacent || !self.is_prose(at))
    }

    /// A line or cell with sentences in it.
    fn is_prose(&mut self, at: usize) -> bool {
        const SENTENCE: usize = 30;
        let Some(unit) = self.flow.glyph(at).map(Glyph::unit) else { return false };
        if let Some((known, prose)) = self.prose
            && known == unit
        {
            return prose;
        }
        let text = self.flow.units.get(unit).map_or("", |unit| unit.text);
        let stops = text.chars().filter(|ch| matches!(ch, '。' | '，' | ',' | '；' | ';')).count();
        let prose = text.contains('。') || (stops >= 2 && text.chars().count() > SENTENCE);
        self.prose = Some((unit, prose));
        prose
    }

    /// Skips the explanation in brackets behind a label, which may itself hold figures and labels
    /// (指2019年事项数); it ends early where the row's values stand in the middle of it.
    fn explanation(&self, at: usize) -> usize {
        const LONGEST: usize = 200;
        let flow = self.flow;
        if flow.ch(at) != '(' || labels::is_numeral(flow.ch(at + 1)) && flow.ch(at + 2) == ')' {
            return at;
        }
        let labelled = self.hits.get(self.next..).unwrap_or_default().iter().find(|hit| hit.start >= at);
        if labelled.is_some_and(|hit| hit.start <= at + 1 && flow.ch(hit.end) == ')') {
            return at;
        }
        let mut depth = 0_usize;
        let limit = self.limit.min(at + LONGEST);
        for end in at..limit {
            match flow.ch(end) {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                Glyph::EMPTY => return end,
                ch if ch.is_ascii_digit() && flow.gap(end) >= Gap::Space && self.is_row(end) => return end,
                _ => {}
            }
            if depth == 0 {
                return end + 1;
            }
        }
        at
    }

    /// Two bare numbers side by side.
    fn is_row(&self, at: usize) -> bool {
        let bare = |at: usize| {
            number::number(self.flow, at, self.limit)
                .map(|(_, end)| end)
                .filter(|&end| end >= self.limit || self.flow.gap(end) >= Gap::Space)
        };
        bare(at).and_then(bare).is_some()
    }

    /// Text that is neither label nor value, up to the next label, gap of a cell or digit.
    fn other(&mut self, at: usize) -> usize {
        let limit = self.label_limit();
        let flow = self.flow;
        let fresh = self.items.last().is_none_or(|item| !matches!(item, Item::Text { end, .. } if *end == at))
            || flow.gap(at) >= Gap::Cell;
        if fresh && let Some(hit) = labels::misprint(flow, at, limit, self.table) {
            self.items.push(Item::Label(hit));
            return self.explanation(hit.end);
        }
        // Digits joined to words are passed over as a whole, so that none is taken for a value.
        let mut end = at + 1;
        while end < limit && flow.gap(end) < Gap::Cell && flow.ch(end) != Glyph::EMPTY {
            // An explanation in brackets may itself hold labels.
            if flow.ch(end) == '(' {
                let after = self.explanation(end);
                if after > limit {
                    end = after;
                    break;
                }
                end = after.max(end + 1);
                continue;
            }
            let digit = flow.ch(end).is_ascii_digit() || matches!(flow.ch(end), '-' | '+');
            let fresh = flow.gap(end) == Gap::Space;
            if digit && fresh {
                break;
            }
            end += 1;
        }
        match self.items.last_mut() {
            Some(Item::Text { end: last, .. }) if *last == at && flow.gap(at) < Gap::Cell => *last = end,
            _ => self.items.push(Item::Text { start: at, end }),
        }
        end
    }
}

/// Whether a text fills a cell or a line as a value would and is none: O for 0, `66*`, ×. A word may as well be the rest
/// of a label, save where it follows a value (`behind`) in the same line.
pub(crate) fn fills(flow: &Flow, start: usize, end: usize, behind: bool) -> bool {
    const LONGEST: usize = 8;
    /// As many letters are a label.
    const LABEL: usize = 4;
    let whole = flow.gap(start) >= Gap::Cell && flow.gap(end) >= Gap::Cell;
    let chars = || (start..end).map(|at| flow.ch(at));
    let said =
        |ch: char| ch.is_alphanumeric() || matches!(ch, '*' | '#' | '?' | '%' | '~' | '×' | '□' | '■' | '\u{fffd}');
    let sign = !chars().any(crate::text::is_han) && chars().any(said);
    let word = behind && flow.gap(start) == Gap::Cell && letters(flow, start, end) < LABEL;
    whole && end - start <= LONGEST && (sign || word)
}

/// How many characters of a stretch are letters: punctuation and stray numbering do not make a label.
pub(crate) fn letters(flow: &Flow, start: usize, end: usize) -> usize {
    (start..end).map(|at| flow.ch(at)).filter(|&ch| crate::text::is_han(ch) || ch.is_alphabetic()).count()
}
