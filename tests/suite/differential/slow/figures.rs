//! What one report says: cells, headings, sums, and what they are divided by.

use gongkai::{
    model::{Applicant, Reading, Report, Slot, State, Table, Year},
    query::plan::{Formula, Measure, Member, Sum, TermKind},
    schema::{Kind, ValueType, catalogue},
};

use super::{
    ratio::{Ratio, fraction, reduce},
    who::{division, lineage},
};

/// Residents as the test attached them: code, year, count.
pub type Residents = Vec<(String, u16, i64)>;

/// Ten thousand yuan in the units of an amount.
const WAN: i128 = 1_000_000;

/// A figure or why there is none.
type Figure = Result<i128, State>;

fn cell(report: &Report, slot: Slot, blanks: bool, proved: bool) -> Figure {
    let Some(cell) = report.cells.iter().find(|cell| cell.slot == slot) else { return Err(State::NotInTemplate) };
    match cell.reading {
        Reading::Value(quantity) => Ok(i128::from(quantity.units())),
        Reading::Blank { .. } if blanks => Ok(0),
        Reading::Blank { proved_zero: true } if proved => Ok(0),
        Reading::Blank { .. } => Err(State::Blank),
        Reading::NotApplicable => Err(State::NotApplicable),
        Reading::Unreadable => Err(State::Unreadable),
    }
}

/// A category in a column: cell, printed group, or the sum of children.
fn category(report: &Report, id: &str, applicant: Option<Applicant>, blanks: bool, proved: bool) -> Figure {
    let known = catalogue().by_id(id).unwrap();
    let slot = Slot { category: known.code, applicant };
    let children: Vec<&str> = match id {
        "litigation" => vec!["litigation.direct.total", "litigation.after_review.total"],
        "outcome.total" => vec![],
        _ if matches!(known.kind, Kind::Group | Kind::Mixed) => {
            known.children.iter().map(|&child| catalogue().get(child).unwrap().id.as_str()).collect()
        }
        _ => vec![],
    };
    if children.is_empty() {
        return cell(report, slot, blanks, proved);
    }
    let printed = known.value_type != ValueType::None && report.cells.iter().any(|cell| cell.slot == slot);
    if printed && let Ok(value) = cell(report, slot, false, false) {
        return Ok(value);
    }
    let mut sum = Ok(0);
    for child in children {
        match (sum, category(report, child, applicant, blanks, true)) {
            (Ok(so_far), Ok(value)) => sum = Ok(so_far + value),
            (Ok(_), Err(state)) => sum = Err(state),
            (Err(_), _) => {}
        }
    }
    if sum.is_err() && printed { cell(report, slot, blanks, proved) } else { sum }
}

fn sum(report: &Report, sum: &Sum, columns: &[Applicant], blanks: bool, proved: bool) -> Figure {
    let mut parts: Vec<(i128, &str, Option<Applicant>, bool)> = Vec::new();
    for part in &sum.0 {
        let known = catalogue().get(part.category).unwrap();
        let factor = i128::from(part.factor);
        if known.table == Some(Table::T3) {
            // A column in brackets is that column, once.
            let own = part.applicant.map(|own| vec![own]);
            for column in own.unwrap_or_else(|| columns.to_vec()) {
                parts.push((factor, &known.id, Some(column), true));
            }
        } else {
            parts.push((factor, &known.id, None, columns.contains(&Applicant::Total)));
        }
    }
    let alone = parts.len() == 1;
    let mut total = 0;
    for (factor, id, applicant, exists) in parts {
        if !exists {
            return Err(State::NotInTemplate);
        }
        total += factor * category(report, id, applicant, blanks, proved || !alone)?;
    }
    Ok(total)
}

/// What stands above the line, and below it where there is one.
enum Below<'a> {
    Nothing,
    Sum(&'a Sum),
    Residents(u32),
}

fn parts(kind: TermKind, member: &Member) -> (&Sum, Below<'_>) {
    match (&member.measure.formula, kind, &member.base) {
        (Formula::Sum(above), TermKind::Share, Some(Measure { formula: Formula::Sum(base), .. })) => {
            (above, Below::Sum(base))
        }
        (Formula::Sum(above), ..) => (above, Below::Nothing),
        (Formula::Ratio(above, base), ..) => (above, Below::Sum(base)),
        (Formula::PerResidents(above, per), ..) => (above, Below::Residents(*per)),
    }
}

/// The tables a member is read from.
pub fn tables(kind: TermKind, member: &Member) -> Vec<Table> {
    let (above, below) = parts(kind, member);
    let base = match below {
        Below::Sum(base) => &base.0[..],
        _ => &[],
    };
    above.0.iter().chain(base).filter_map(|part| catalogue().get(part.category)?.table).collect()
}

fn money(sum: &Sum) -> bool {
    sum.0.iter().any(|part| catalogue().get(part.category).unwrap().value_type == ValueType::Amount)
}

/// How the figures of a member are read and written.
pub struct Member2<'a> {
    pub kind: TermKind,
    pub member: &'a Member,
}

impl Member2<'_> {
    pub fn divided(&self) -> bool {
        !matches!(parts(self.kind, self.member).1, Below::Nothing)
    }

    /// Number and base of one report; the base is 1 without one.
    pub fn pair(
        &self,
        report: &Report,
        series: &str,
        year: Year,
        columns: &[Applicant],
        blanks: bool,
        residents: &Residents,
    ) -> Result<Ratio, State> {
        let (above, below) = parts(self.kind, self.member);
        let divided = self.divided();
        let value = sum(report, above, columns, blanks, divided)?;
        let base = match below {
            Below::Nothing => 1,
            Below::Sum(base) => sum(report, base, columns, blanks, true)?,
            Below::Residents(_) => {
                let series = lineage(division(series));
                let known = residents.iter().find(|(code, of, _)| lineage(code) == series && *of == year.number());
                i128::from(known.ok_or(State::NoPopulation)?.2)
            }
        };
        Ok((value, base))
    }

    /// The value of sums: a count, an amount, or a quotient; nothing for a quotient by 0.
    pub fn value(&self, (n, d): Ratio) -> Option<Ratio> {
        let (above, below) = parts(self.kind, self.member);
        let n = if let Below::Residents(per) = below { n * i128::from(per) } else { n };
        let d = if self.divided() { d } else { 1 };
        let d = if money(above) { d * WAN } else { d };
        let n = if matches!(below, Below::Sum(base) if money(base)) { n * WAN } else { n };
        (d != 0).then(|| reduce(n, d))
    }

    /// What stands above and below the line, as text.
    pub fn written(&self, (n, d): Ratio) -> (String, String) {
        let (above, below) = parts(self.kind, self.member);
        let one = |units, money| fraction((units, if money { WAN } else { 1 }));
        (one(n, money(above)), one(d, matches!(below, Below::Sum(base) if money(base))))
    }

    /// Whether the base is a number of things under thirty.
    pub fn small(&self, (_, d): Ratio) -> bool {
        self.divided() && d < 30 && !matches!(parts(self.kind, self.member).1, Below::Sum(base) if money(base))
    }
}
