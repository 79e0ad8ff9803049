//! What evaluating one rule on one row, column or report gave.

use std::fmt;

use super::{Sheet, identity::Identity, layout::layout};
use crate::{
    model::{Amount, Applicant, Finding, Reading, Severity, Slot, Status},
    schema::{Rule, ValueType},
    text::Place,
};

/// A figure of a finding, exact: a sum may be wider than one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// A whole number, or millionths.
    pub units: i128,
    /// Whether the units are millionths, of 万元 or of a per cent.
    pub millionths: bool,
}

impl Figure {
    /// A whole number.
    #[must_use]
    pub fn count(units: i128) -> Self {
        Self { units, millionths: false }
    }
}

impl fmt::Display for Figure {
    /// A plain decimal without trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.millionths {
            return self.units.fmt(f);
        }
        let per = u128::from(Amount::PER_WAN.unsigned_abs());
        let (whole, part) = (self.units.unsigned_abs() / per, self.units.unsigned_abs() % per);
        if self.units < 0 {
            f.write_str("-")?;
        }
        if part == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{part:06}").trim_end_matches('0'))
    }
}

/// The cells an outcome is about. Nothing is copied while rules pass.
#[derive(Clone, Debug, Default)]
pub(super) enum Cells {
    /// None in particular.
    #[default]
    None,
    /// Those of an identity.
    Of(&'static Identity),
    /// These.
    Listed(Vec<Slot>),
}

/// One rule, one row or column or report, one result.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The rule.
    pub rule: &'static Rule,
    /// What came out.
    pub status: Status,
    /// The column of table 3, for rules that hold per applicant.
    pub applicant: Option<Applicant>,
    /// The figure as printed.
    pub printed: Option<Figure>,
    /// What it should be by the other figures; for "at most" rules the bound.
    pub computed: Option<Figure>,
    /// Holds only once a printed total that fails its own sum is replaced by that sum: the failure
    /// of the total is the finding, and this one follows from it.
    pub cascade: bool,
    /// A line, clause or reason it rests on.
    pub text: Option<String>,
    /// Where that stands.
    pub place: Option<Place>,
    pub(super) cells: Cells,
}

impl Outcome {
    /// An outcome without figures.
    pub(super) fn new(rule: &'static Rule, status: Status) -> Self {
        Self {
            rule,
            status,
            applicant: None,
            printed: None,
            computed: None,
            cascade: false,
            text: None,
            place: None,
            cells: Cells::None,
        }
    }

    /// The same with the figures.
    pub(super) fn figures(mut self, printed: i128, computed: i128) -> Self {
        self.printed = Some(Figure { units: printed, millionths: self.millionths() });
        self.computed = Some(Figure { units: computed, millionths: self.millionths() });
        self
    }

    /// The same about these cells.
    pub(super) fn about(mut self, cells: Vec<Slot>) -> Self {
        self.cells = Cells::Listed(cells);
        self
    }

    /// Whether there is nothing to say: it holds on the figures as printed, or does not speak of them.
    /// A pass with a text is a note (a mixture of forms, an odd number form); a rule that does not
    /// apply and has a text is excused, and the text says why.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        match self.status {
            Status::Pass => !self.cascade && self.text.is_none(),
            Status::NotApplicable => self.text.is_none(),
            _ => false,
        }
    }

    /// The cells it is about, those of the printed side first.
    #[must_use]
    pub fn cells(&self) -> Vec<Slot> {
        match &self.cells {
            Cells::None => Vec::new(),
            Cells::Of(identity) => identity.slots().collect(),
            Cells::Listed(slots) => slots.clone(),
        }
    }

    /// How much it matters: a failure as much as the rule says, anything else is for information.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.status {
            Status::Fail => self.rule.severity,
            _ => Severity::Info,
        }
    }

    /// As a finding, without a sheet to look into.
    #[must_use]
    pub fn finding(&self) -> Finding {
        Finding {
            rule: self.rule.id.clone(),
            severity: self.severity(),
            status: self.status,
            applicant: self.applicant,
            printed: self.printed.map(|figure| figure.to_string()),
            computed: self.computed.map(|figure| figure.to_string()),
            cells: self.cells(),
            text: self.text.clone(),
            place: self.place,
        }
    }

    /// As a finding, the cells narrowed to those the report has; for a result that hangs on missing
    /// cells, to those that are missing.
    #[must_use]
    pub fn finding_in(&self, sheet: &Sheet) -> Finding {
        let mut finding = self.finding();
        finding.cells = finding.cells.iter().flat_map(|&slot| sheet.printed(slot)).collect();
        if matches!(self.status, Status::PassIfBlankIsZero | Status::Unassessable) {
            finding.cells.retain(|&slot| !matches!(sheet.reading(slot), Some(Reading::Value(_))));
        }
        finding
    }

    fn millionths(&self) -> bool {
        let Cells::Of(identity) = &self.cells else { return false };
        let first = identity.terms().next().and_then(|term| layout().entry(term.at));
        first.is_some_and(|entry| entry.value_type == ValueType::Amount)
    }
}

impl Sheet {
    /// The cells a value is made of: the slot itself where it is printed, else its parts.
    pub(super) fn printed(&self, slot: Slot) -> Vec<Slot> {
        let Some(at) = layout().at(slot) else { return vec![slot] };
        let parts = layout().entry(at).map_or(&[][..], |entry| &entry.parts);
        if self.cell(at).is_some() || parts.is_empty() {
            return vec![slot];
        }
        parts.iter().filter_map(|&part| layout().entry(part)).map(|entry| entry.slot).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_print_exactly() {
        assert_eq!(Figure { units: 59_237_244_900, millionths: true }.to_string(), "59237.2449");
        assert_eq!(Figure { units: -5_000_000, millionths: true }.to_string(), "-5");
        assert_eq!(Figure::count(-417).to_string(), "-417");
    }
}
