//! What the identities come to where a report prints a plain number in every cell: sums over columns.
//!
//! Nearly every report is such, and of these the result of every rule is known as soon as its sums hold. Whoever has
//! the figures of many reports as columns adds the columns up and leaves to the evaluator what does not hold or is
//! not plain.

use super::{
    identity::{Identity, Relation, Term, identities},
    layout::{At, form, layout},
    wanted::Wanted,
};
use crate::{
    model::{Slot, Templates, Year},
    schema::Rule,
};

/// Some rules for the reports of one form, and of one form the year before.
#[derive(Debug)]
pub struct Plain {
    /// Cells that must be numbers, and whether they are of the year before.
    pub numbers: Vec<(Slot, bool)>,
    /// Cells that must not be there: headings that stand for the sum of their parts, cells of the other form.
    pub nothing: Vec<(Slot, bool)>,
    /// The sums that must hold.
    pub lines: Vec<Line>,
    /// How often each rule passes where all of them hold, in the order of the file. 0: it does not speak of the report.
    pub passes: Vec<(&'static Rule, u64)>,
}

/// A sum that must be 0, or at most 0.
#[derive(Debug)]
pub struct Line {
    /// Places in [`Plain::numbers`], and whether the number is taken off.
    pub terms: Vec<(usize, bool)>,
    /// Whether it may be below 0.
    pub at_most: bool,
}

/// Whether a rule is nothing but identities over cells, so that [`Plain`] can hold it.
#[must_use]
pub fn is_plain(rule: &Rule) -> bool {
    identities().iter().any(|identity| identity.rule.id == rule.id)
}

/// What a cell stands for in a report of plain numbers.
enum Stands {
    /// The sum of these cells.
    For(Vec<At>),
    /// The form has no such cell: the rule does not speak.
    Foreign,
    /// It should be there and is not.
    Absent,
}

/// A report of plain numbers: its forms are all there is to know.
#[derive(Clone, Copy)]
struct Form(Templates);

impl Plain {
    /// The identities of the wanted rules; nothing where the forms alone leave one of them open.
    #[must_use]
    pub fn of(wanted: Wanted, year: Year, now: Templates, before: Option<Templates>) -> Option<Self> {
        let mut plain = Self { numbers: Vec::new(), nothing: Vec::new(), lines: Vec::new(), passes: Vec::new() };
        plain.passes.extend(wanted.rules().map(|rule| (rule, 0)));
        for identity in identities().iter().filter(|identity| wanted.has(identity.number)) {
            let speaks = identity.before.is_none_or(|before| year.number() < before)
                && (before.is_some() || !identity.over_years);
            if speaks && plain.line(identity, Form(now), before.map(Form))? {
                let rule = plain.passes.iter_mut().find(|(rule, _)| rule.id == identity.rule.id)?;
                rule.1 += 1;
            }
        }
        Some(plain)
    }

    /// Adds an identity; false where it does not speak of the form, nothing where it is left open.
    fn line(&mut self, identity: &Identity, now: Form, before: Option<Form>) -> Option<bool> {
        // What decides whether a cell stands for its parts is asked of every report, whether the rule speaks or not.
        let form = |term: &Term| if term.previous { before } else { Some(now) };
        for term in identity.terms() {
            for at in form(term)?.not_printed(term.at) {
                remember(&mut self.nothing, (layout().entry(at)?.slot, term.previous));
            }
        }
        if identity.printed_only && identity.left.iter().any(|term| !now.prints(term.at)) {
            return Some(false);
        }
        let mut terms = Vec::new();
        let mut foreign = false;
        for (side, right) in [(&identity.left, false), (&identity.right, true)] {
            for term in side {
                match form(term)?.stands(term.at) {
                    Stands::Foreign => foreign = true,
                    Stands::Absent => return None,
                    Stands::For(cells) => {
                        for at in cells {
                            let cell = (layout().entry(at)?.slot, term.previous);
                            terms.push((cell, term.negative != right));
                        }
                    }
                }
            }
        }
        if foreign {
            return Some(false);
        }
        let terms = terms.into_iter().map(|(cell, negative)| (remember(&mut self.numbers, cell), negative)).collect();
        self.lines.push(Line { terms, at_most: identity.relation == Relation::Le });
        Some(true)
    }
}

impl Form {
    fn prints(self, at: At) -> bool {
        self.has(at, |entry, form| entry.printed.get(form).copied())
    }

    fn expects(self, at: At) -> bool {
        self.has(at, |entry, form| entry.in_form.get(form).copied())
    }

    fn has(self, at: At, of: impl Fn(&super::layout::Entry, usize) -> Option<bool>) -> bool {
        let entry = layout().entry(at);
        entry
            .is_some_and(|entry| self.0.of(entry.table).and_then(|of_table| of(entry, form(of_table))).unwrap_or(false))
    }

    fn parts(at: At) -> &'static [At] {
        layout().entry(at).map_or(&[], |entry| &entry.parts)
    }

    /// The cell and its parts, those that the form does not print. A table without a form has no cells at all.
    fn not_printed(self, at: At) -> impl Iterator<Item = At> {
        let table = layout().entry(at).and_then(|entry| self.0.of(entry.table));
        let all = std::iter::once(at).chain(Self::parts(at).iter().copied());
        all.filter(move |&at| table.is_some() && !self.prints(at))
    }

    fn stands(self, at: At) -> Stands {
        let parts = Self::parts(at);
        let cells = if !self.prints(at) && parts.iter().any(|&part| self.prints(part)) { parts } else { &[at] };
        match cells.iter().find(|&&cell| !self.prints(cell)) {
            None => Stands::For(cells.to_vec()),
            Some(_) if cells.iter().any(|&cell| !self.prints(cell) && !self.expects(cell)) => Stands::Foreign,
            Some(_) => Stands::Absent,
        }
    }
}

/// The place of a cell in a list, added where it is not there.
fn remember(list: &mut Vec<(Slot, bool)>, cell: (Slot, bool)) -> usize {
    list.iter().position(|known| *known == cell).unwrap_or_else(|| {
        list.push(cell);
        list.len() - 1
    })
}
