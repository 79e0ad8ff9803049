//! Rules that look at cells, forms and parts instead of sums: S-*, T2-REG.

use super::{
    Sheet, Subject, Wanted,
    layout::layout,
    outcome::{Figure, Outcome},
};
use crate::{
    model::{Cell, Quantity, Reading, Report, Slot, Status, Table, Template},
    schema::{Rule, RuleScope, ValueType, rule},
};

const TABLES: [Table; 3] = [Table::T2, Table::T3, Table::T4];

/// Runs the rules that need no more than readings: S-INT, S-BLANK, S-TMPL, T2-REG.
pub(super) fn structure(subject: &Subject<'_>, sheet: &Sheet, wanted: Wanted, sink: &mut impl FnMut(Outcome)) {
    for (id, run) in [
        ("T2-REG", rule_power as fn(&'static Rule, &Subject<'_>, &Sheet) -> Outcome),
        ("S-INT", whole_numbers),
        ("S-BLANK", blanks),
        ("S-TMPL", templates),
    ] {
        if let Some(rule) = rule(id).filter(|_| wanted.has_id(id)) {
            sink(run(rule, subject, sheet));
        }
    }
}

/// How a rule over printed text runs.
type Wording = fn(&'static Rule, &Report) -> Outcome;

/// The rules over printed text.
const WORDING: [(&str, Wording); 3] = [("S-FORM", forms), ("S-YEAR", years), ("S-SECT", parts)];

/// Whether a rule reads more than figures: printed text, prose, the date of publication.
#[must_use]
pub fn reads_text(rule: &Rule) -> bool {
    rule.scope == RuleScope::Narrative || rule.group == "deadlines" || WORDING.iter().any(|(id, _)| *id == rule.id)
}

/// Runs the rules that need the printed text: S-FORM, S-YEAR, S-SECT.
pub(super) fn wording(report: &Report, wanted: Wanted, sink: &mut impl FnMut(Outcome)) {
    for (id, run) in WORDING {
        if let Some(rule) = rule(id).filter(|_| wanted.has_id(id)) {
            sink(run(rule, report));
        }
    }
}

/// T2-REG: rules (规章) printed by a body that cannot make any.
fn rule_power(rule: &'static Rule, subject: &Subject<'_>, sheet: &Sheet) -> Outcome {
    let regulations = |slot: Slot| {
        crate::schema::catalogue()
            .get(slot.category)
            .is_some_and(|category| category.id.starts_with("proactive.regulations."))
    };
    let printed: Vec<(Slot, i64)> = sheet
        .cells()
        .filter(|(slot, _)| regulations(*slot))
        .filter_map(|(slot, reading)| Some((slot, reading.value()?.units())))
        .collect();
    let above: Vec<(Slot, i64)> = printed.iter().copied().filter(|(_, units)| *units > 0).collect();
    match subject.may_make_rules() {
        Some(true) => Outcome::new(rule, Status::NotApplicable),
        _ if printed.is_empty() => Outcome::new(rule, Status::NotApplicable),
        _ if above.is_empty() => Outcome::new(rule, Status::Pass),
        None => Outcome::new(rule, Status::Unassessable).about(above.into_iter().map(|(slot, _)| slot).collect()),
        Some(false) => {
            let most = above.iter().map(|(_, units)| i128::from(*units)).max().unwrap_or(0);
            Outcome::new(rule, Status::Fail).figures(most, 0).about(above.into_iter().map(|(slot, _)| slot).collect())
        }
    }
}

/// S-INT: a count below 0, money where a count belongs, or something that is no number.
fn whole_numbers(rule: &'static Rule, _: &Subject<'_>, sheet: &Sheet) -> Outcome {
    let mut wrong: Vec<(Slot, Quantity)> = Vec::new();
    let mut unreadable = Vec::new();
    let mut any = false;
    for (slot, reading) in sheet.cells() {
        let Some(entry) = layout().at(slot).and_then(|at| layout().entry(at)) else { continue };
        match (reading, entry.value_type) {
            (Reading::Unreadable, _) => unreadable.push(slot),
            (Reading::Value(quantity), value_type) => {
                any = true;
                let right = match (quantity, value_type) {
                    (Quantity::Count(_), ValueType::SignedCount) => true,
                    (Quantity::Count(units), _) => units >= 0,
                    (Quantity::Money(amount), ValueType::Amount) => amount.0 >= 0,
                    (Quantity::Money(_), _) => false,
                };
                if !right {
                    wrong.push((slot, quantity));
                }
            }
            _ => any = true,
        }
    }
    if let Some(&(_, first)) = wrong.first() {
        let mut outcome = Outcome::new(rule, Status::Fail);
        let millionths = matches!(first, Quantity::Money(_));
        outcome.printed = Some(Figure { units: first.units().into(), millionths });
        return outcome.about(wrong.into_iter().map(|(slot, _)| slot).collect());
    }
    match (unreadable.is_empty(), any) {
        (false, _) => Outcome::new(rule, Status::Unassessable).about(unreadable),
        (true, true) => Outcome::new(rule, Status::Pass),
        (true, false) => Outcome::new(rule, Status::NotApplicable),
    }
}

/// S-BLANK: cells that print nothing. A table without any figure is not a table of zeros.
fn blanks(rule: &'static Rule, _: &Subject<'_>, sheet: &Sheet) -> Outcome {
    let mut missing = Vec::new();
    let mut values = [false; 3];
    for (slot, reading) in sheet.cells() {
        let table = layout().at(slot).and_then(|at| layout().entry(at)).map(|entry| entry.table);
        match reading {
            Reading::Blank { .. } | Reading::NotApplicable => missing.push(slot),
            _ => {
                for (has, of) in values.iter_mut().zip(TABLES) {
                    *has |= table == Some(of);
                }
            }
        }
    }
    let empty = TABLES.iter().zip(values).any(|(&table, has)| sheet.templates().of(table).is_some() && !has);
    let cells = i128::try_from(missing.len()).unwrap_or(i128::MAX);
    let status = match (missing.is_empty(), empty) {
        (true, _) => return Outcome::new(rule, Status::Pass),
        (false, true) => Status::Unassessable,
        (false, false) => Status::PassIfBlankIsZero,
    };
    let mut outcome = Outcome::new(rule, status).about(missing);
    outcome.printed = Some(Figure::count(cells));
    outcome
}

/// S-TMPL: a table that was not found, forms of different years in one report, or a form of table 2, whose heads tell it,
/// that was prescribed only after the year of the report.
fn templates(rule: &'static Rule, subject: &Subject<'_>, sheet: &Sheet) -> Outcome {
    let found = sheet.templates();
    let mut outcome = Outcome::new(rule, Status::Pass);
    let id = |table| found.of(table).map_or("-", Template::id);
    if found.t2.and_then(|form| form.id().parse().ok()).is_some_and(|since: u16| since > subject.year.number()) {
        outcome.status = Status::Fail;
        outcome.text = Some(TABLES.map(id).join(" / "));
    } else if TABLES.iter().any(|&table| found.of(table).is_none()) {
        outcome.status = Status::Unassessable;
        outcome.text = Some(TABLES.map(id).join(" / "));
    } else if found.t2 != found.t3 {
        // A mixture is legal and common; it is said, and it is no failure.
        outcome.text = Some(TABLES.map(id).join(" / "));
    }
    outcome
}

/// S-FORM: a number printed in an odd way, read all the same.
fn forms(rule: &'static Rule, report: &Report) -> Outcome {
    let odd: Vec<&Cell> = report.cells.iter().filter(|cell| is_odd(cell)).collect();
    let mut outcome = Outcome::new(rule, Status::Pass);
    if let Some(first) = odd.first() {
        outcome.text = Some(first.raw.trim().to_owned());
        outcome.place = Some(first.place);
        outcome = outcome.about(odd.iter().map(|cell| cell.slot).collect());
    }
    outcome
}

/// Whether a cell with a value prints it otherwise than as plain digits. Blanks round or inside it do not count.
fn is_odd(cell: &Cell) -> bool {
    let raw: String = cell.raw.chars().filter(|character| !character.is_whitespace()).collect();
    match cell.reading {
        Reading::Value(Quantity::Count(count)) => !raw.is_empty() && raw != count.to_string(),
        Reading::Value(Quantity::Money(_)) => {
            let (whole, part) = raw.split_once('.').unwrap_or((&raw, "0"));
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            !raw.is_empty() && !(digits(whole) && digits(part) && (whole == "0" || !whole.starts_with('0')))
        }
        _ => false,
    }
}

/// S-YEAR: a title or a period that names another year than the report is filed under.
fn years(rule: &'static Rule, report: &Report) -> Outcome {
    let mut named = report.claims.iter().filter(|claim| claim.about.starts_with("year.")).peekable();
    if named.peek().is_none() {
        return Outcome::new(rule, Status::NotApplicable);
    }
    let year = report.year.to_string();
    match named.find(|claim| claim.says != year) {
        None => Outcome::new(rule, Status::Pass),
        Some(claim) => {
            let mut outcome = Outcome::new(rule, Status::Fail);
            outcome.printed = claim.says.parse().ok().map(Figure::count);
            outcome.computed = Some(Figure::count(report.year.number().into()));
            outcome.text = Some(claim.sentence.clone());
            outcome.place = Some(claim.place);
            outcome
        }
    }
}

/// How many parts a report has.
const PARTS: i128 = 6;

/// S-SECT: a part without a heading, or part five without a word. Says nothing of a page that shows fewer than three.
fn parts(rule: &'static Rule, report: &Report) -> Outcome {
    let words: Vec<(i128, i128)> = report
        .claims
        .iter()
        .filter_map(|claim| Some((claim.about.strip_prefix("part.")?.parse().ok()?, claim.says.parse().ok()?)))
        .collect();
    let found = i128::try_from(words.len()).unwrap_or(i128::MAX);
    if found < 3 {
        return Outcome::new(rule, Status::NotApplicable);
    }
    let last = words.iter().map(|(part, _)| *part).max().unwrap_or(0);
    let missing: Vec<i128> = (1..=PARTS)
        .filter(|part| !words.iter().any(|(other, length)| other == part && !(*part == 5 && *length == 0)))
        .collect();
    if missing.is_empty() {
        return Outcome::new(rule, Status::Pass);
    }
    // A page that stops after some part was cut on the way: whether the report has the rest cannot be told.
    let breaks_off = missing.len() > 1 && missing.iter().all(|part| *part > last);
    let mut outcome = Outcome::new(rule, if breaks_off { Status::Unassessable } else { Status::Fail });
    outcome.text = Some(missing.iter().map(|part| format!("part.{part}")).collect::<Vec<_>>().join(", "));
    outcome
}
