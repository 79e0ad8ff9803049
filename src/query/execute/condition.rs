//! Conditions made ready: measures they name become hidden terms, computed beside the shown ones.

use super::{
    super::{
        fraction::Fraction,
        plan::{Condition, Literal, Operand, Plan, Stage, Term},
    },
    rows::Row,
    setup::Setup,
    tally::Shown,
};

/// The terms of a statement: the shown ones first, then those only conditions name.
#[derive(Debug, Default)]
pub(crate) struct Terms<'a> {
    pub(crate) all: Vec<&'a Term>,
    pub(crate) shown: usize,
}

impl<'a> Terms<'a> {
    pub(crate) fn of(shown: &'a [Term], filter: Option<&'a Condition>, plan: &'a Plan) -> Self {
        let mut terms = Self { all: shown.iter().collect(), shown: shown.len() };
        if let Some(condition) = filter {
            terms.gather(condition);
        }
        for stage in &plan.stages {
            match stage {
                Stage::Keep(condition) | Stage::Flag(condition) => terms.gather(condition),
                Stage::Sort { by: Operand::Term(term), .. } => terms.hide(term),
                _ => {}
            }
        }
        terms
    }

    fn gather(&mut self, condition: &'a Condition) {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| self.gather(part)),
            Condition::Compare(Operand::Term(term), ..) => self.hide(term),
            Condition::Compare(..) => {}
        }
    }

    fn hide(&mut self, term: &'a Term) {
        if self.find(term).is_none() {
            self.all.push(term);
        }
    }

    /// The number of a term.
    pub(crate) fn find(&self, term: &Term) -> Option<usize> {
        self.all.iter().position(|known| std::ptr::eq(*known, term) || **known == *term)
    }
}

impl Literal {
    /// The number it stands for.
    pub(crate) fn value(self) -> Fraction {
        let below = 10_i128.checked_pow(u32::from(self.scale)).unwrap_or(i128::MAX);
        Fraction::new(i128::from(self.digits), below).unwrap_or(Fraction::ZERO)
    }
}

/// Whether a condition holds, given how operands are looked up; what has no value compares as false.
pub(crate) fn holds(condition: &Condition, value: &impl Fn(&Operand) -> Option<Fraction>) -> bool {
    match condition {
        Condition::And(parts) => parts.iter().all(|part| holds(part, value)),
        Condition::Or(parts) => parts.iter().any(|part| holds(part, value)),
        Condition::Compare(left, comparison, right) => {
            value(left).is_some_and(|left| comparison.holds(left.cmp(&right.value())))
        }
    }
}

/// The first shown figure of a kind.
fn first_of<'a>(row: &'a Row, terms: &Terms, kind: impl Fn(&Term) -> bool) -> Option<&'a Shown> {
    let at = terms.all.iter().take(terms.shown).position(|term| kind(term))?;
    row.terms.get(at)
}

/// What an operand is worth in a finished row.
pub(crate) fn in_row(row: &Row, setup: &Setup, operand: &Operand) -> Option<Fraction> {
    let terms = &setup.terms;
    let first = row.terms.first()?;
    let count = |count: u32| Some(Fraction::whole(i128::from(count)));
    match operand {
        Operand::Term(term) => row.terms.get(terms.find(term)?)?.first(),
        Operand::Value(at) => row.terms.get(*at)?.first(),
        Operand::Numerator => first_of(row, terms, Term::has_parts)?.numerator.and_then(Fraction::of),
        Operand::Denominator => first_of(row, terms, Term::has_parts)?.denominator.and_then(Fraction::of),
        Operand::Ratio => {
            let shown = first_of(row, terms, Term::has_ratio)?;
            let (new, old) = (Fraction::of(shown.numerator?)?, Fraction::of(shown.denominator?)?);
            Some(new.times(Fraction::new(old.denominator(), old.numerator())?))
        }
        Operand::Used => count(first.used),
        Operand::Coverage => Fraction::new(i128::from(first.used), i128::from(first.expected)),
        Operand::Dimension(dimension) => {
            let at = setup.by.iter().position(|known| known == dimension)?;
            row.order.get(at).map(|&ordinal| Fraction::whole(i128::from(ordinal)))
        }
    }
}
