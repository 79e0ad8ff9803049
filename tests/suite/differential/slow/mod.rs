//! Answers by plain loops. Written from the language's definition; shares nothing with the executor but the catalogue
//! of categories and the list of divisions.

mod figures;
mod ratio;
mod rows;
mod stages;
mod who;

use std::collections::BTreeMap;

use gongkai::{
    model::{Applicant, Report, State, Template, Year},
    query::plan::{Ask, Condition, Dimension, Level, Operand, Place, Plan, Stage, Term, TermKind, Verb},
};

pub use self::{figures::Residents, ratio::fraction};
use self::{
    figures::{Member2, tables},
    rows::{Gathered, Shown, change, holds, operands, shown},
    who::{Unit, aggregate, ancestors, below, division, level_of_code, parent, same_series, settled},
};

/// A row as text, field by field.
pub type Row = Vec<String>;

/// What should come out: rows, the states of the reports of each that gave no figure (where rows are still reports
/// together), and the reports that are missing.
#[derive(Debug)]
pub enum Outcome {
    Rows { rows: Vec<Row>, states: Option<Vec<Vec<State>>>, missing: Vec<String> },
    Refused(&'static str),
}

/// A row in the making.
#[derive(Clone)]
struct Line {
    /// The dimensions' own order, one key each, and the place of the list last where places are kept apart.
    order: Vec<String>,
    fields: Row,
    terms: Vec<Shown>,
    flagged: bool,
}

/// A question with what it leaves unsaid.
#[derive(Clone)]
struct Question<'a> {
    plan: &'a Plan,
    by: Vec<Dimension>,
    /// The shown ones first.
    terms: Vec<Term>,
    shown: usize,
    filter: Option<Condition>,
    columns: Vec<Vec<Applicant>>,
    stages: Vec<Stage>,
}

impl<'a> Question<'a> {
    fn new(plan: &'a Plan, by: &[Dimension], filter: Option<&Condition>, stages: &[Stage]) -> Result<Self, Outcome> {
        let Verb::Ask(Ask { terms, applicants, .. }) = &plan.verb else { panic!("only questions are generated") };
        let mut terms = terms.clone();
        let mut by = by.to_vec();
        let measures = |term: &Term| term.members.iter().map(|member| member.measure.clone()).collect::<Vec<_>>();
        let differ = |terms: &[Term]| terms.iter().any(|term| measures(term) != measures(&terms[0]));
        let families = terms.iter().filter(|term| term.members.len() > 1).count();
        let alike = terms.iter().all(|term| (term.kind, term.statistic) == (terms[0].kind, terms[0].statistic));
        if alike && differ(&terms) && (families > 1 || by.contains(&Dimension::Category)) {
            let members = terms.iter().flat_map(|term| term.members.clone()).collect();
            terms = vec![Term { members, ..terms[0].clone() }];
        }
        if terms.iter().any(|term| term.members.len() > 1) && !by.contains(&Dimension::Category) {
            by.push(Dimension::Category);
        }
        if by.contains(&Dimension::Category) && differ(&terms) {
            return Err(Outcome::Refused("GK0231"));
        }
        let change = terms.iter().any(|term| term.kind == TermKind::Change);
        if change && plan.years.len() > 1 && !by.contains(&Dimension::Year) {
            by.push(Dimension::Year);
        }
        let columns = if by.contains(&Dimension::Applicant) {
            let mut named = if applicants.is_empty() { Applicant::ALL.to_vec() } else { applicants.clone() };
            named.sort();
            named.into_iter().map(|applicant| vec![applicant]).collect()
        } else if applicants.is_empty() {
            vec![vec![Applicant::Total]]
        } else if applicants.len() > 1 && applicants.contains(&Applicant::Total) {
            return Err(Outcome::Refused("GK0302"));
        } else {
            // The first missing figure in the order of the form speaks.
            let mut named = applicants.clone();
            named.sort();
            vec![named]
        };
        let shown = terms.len();
        let conditions = filter.into_iter().chain(stages.iter().filter_map(|stage| match stage {
            Stage::Keep(condition) | Stage::Flag(condition) => Some(condition),
            _ => None,
        }));
        let sorted = stages.iter().filter_map(|stage| match stage {
            Stage::Sort { by, .. } => Some(by),
            _ => None,
        });
        for operand in conditions.flat_map(operands).chain(sorted) {
            if let Operand::Term(term) = operand
                && !terms.contains(term)
            {
                terms.push(term.clone());
            }
        }
        let (filter, stages) = (filter.cloned(), stages.to_vec());
        Ok(Self { plan, by, terms, shown, filter, columns, stages })
    }

    fn statistic(&self) -> bool {
        self.terms[..self.shown].iter().any(|term| term.statistic.is_some())
    }

    /// The conditions that choose reports for the statistics, and those that choose rows.
    fn conditions(&self) -> (Vec<&Condition>, Vec<&Condition>) {
        let all = match &self.filter {
            None => Vec::new(),
            Some(Condition::And(parts)) => parts.iter().collect(),
            Some(one) => vec![one],
        };
        let plain = |condition: &&Condition| {
            operands(condition).iter().all(|operand| matches!(operand, Operand::Term(term) if term.statistic.is_none()))
        };
        let pooled = self.terms[..self.shown].iter().any(|term| term.statistic.is_none());
        let reports = all.iter().copied().filter(|one| self.statistic() && plain(one)).collect();
        let rows = all.iter().copied().filter(|one| pooled || !plain(one)).collect();
        (reports, rows)
    }

    fn member(&self, term: usize, member: usize) -> Member2<'_> {
        let term = &self.terms[term];
        Member2 { kind: term.kind, member: &term.members[if term.members.len() == 1 { 0 } else { member }] }
    }

    /// Whether the rows of a term have a count and a base: where one of them is divided, all have the columns.
    fn divides(&self, term: &Term) -> bool {
        let one = |member| Member2 { kind: term.kind, member }.divided();
        term.statistic.is_none() && (term.kind == TermKind::Change || term.members.iter().any(one))
    }

    /// What an operand is worth in a row.
    fn worth(&self, line: &Line, operand: &Operand) -> Option<ratio::Ratio> {
        let shown = || self.terms[..self.shown].iter();
        let part = |term: usize, at: usize| {
            line.terms[term].parts.as_ref().and_then(|parts| parts[at].as_ref()).map(|(number, _)| *number)
        };
        let divided = |term: &Term| self.divides(term);
        let count = |count: usize| i128::try_from(count).unwrap();
        match operand {
            Operand::Term(term) => line.terms[self.terms.iter().position(|known| known == term)?].values[0],
            // Terms that became one leave no second column.
            Operand::Value(at) => line.terms.get(*at)?.values[0],
            Operand::Numerator => part(shown().position(divided)?, 0),
            Operand::Denominator => part(shown().position(divided)?, 1),
            Operand::Ratio => {
                let at = shown().position(|term| term.statistic.is_none() && term.kind == TermKind::Change)?;
                let (new, old) = (part(at, 0)?, part(at, 1)?);
                (old.0 != 0).then(|| ratio::times(new, ratio::reduce(old.1, old.0)))
            }
            Operand::Used => Some((count(line.terms[0].used), 1)),
            Operand::Coverage => {
                let expected = count(line.terms[0].expected);
                (expected > 0).then(|| ratio::reduce(count(line.terms[0].used), expected))
            }
            Operand::Dimension(_) => panic!("dimensions are compared by their order"),
        }
    }

    /// The rows that meet the condition, in administrative order, and the reports that are missing.
    fn lines(&self, reports: &[Report], residents: &Residents) -> Result<(Vec<Line>, Vec<String>), Outcome> {
        let (plan, blanks) = (self.plan, self.plan.options.blank_as_zero);
        let apart = plan.whose.apart;
        let lists: Vec<Plan> = if apart {
            let alone = |place: &Place| Plan {
                whose: gongkai::query::plan::Whose { places: vec![place.clone()], ..plan.whose.clone() },
                ..plan.clone()
            };
            plan.whose.places.iter().map(alone).collect()
        } else {
            vec![plan.clone()]
        };
        let bodies = self.by.contains(&Dimension::Body);
        let templated = self.by.contains(&Dimension::Template);
        let (of_reports, of_rows) = self.conditions();
        let mut rows: BTreeMap<Vec<String>, (Row, Vec<Gathered>)> = BTreeMap::new();
        let mut missing = Vec::new();
        for (place, list) in lists.iter().enumerate() {
            let years = settled(list, reports);
            if overlaps(&self.by, &years) {
                return Err(Outcome::Refused("GK0301"));
            }
            for (unit, year) in
                years.iter().zip(&plan.years).flat_map(|(units, &year)| units.iter().map(move |unit| (unit, year)))
            {
                if unit.report.is_none() {
                    missing.push(format!("{} {year}", unit.series));
                    if templated {
                        continue;
                    }
                }
                let earlier = || {
                    reports.iter().find(|report| {
                        Some(report.year) == year.previous() && same_series(&unit.series, report.body.id.as_str())
                    })
                };
                let before = self.terms.iter().any(|term| term.kind == TermKind::Change).then(earlier).flatten();
                let pair = |term: usize, member: usize, column: usize, report: &Report, year: Year| {
                    let columns = &self.columns[column];
                    self.member(term, member).pair(report, &unit.series, year, columns, blanks, residents)
                };
                let old = |term: usize, member: usize, column: usize| match (before, year.previous()) {
                    (Some(report), Some(year)) => {
                        pair(term, member, column, report, year).map_err(|_| State::NotComparable)
                    }
                    _ => Err(State::NotComparable),
                };
                let members = self.terms[..self.shown].iter().map(|term| term.members.len()).max().unwrap();
                for (column, member) in (0..self.columns.len()).flat_map(|c| (0..members).map(move |m| (c, m))) {
                    let single = |operand: &Operand| {
                        let Operand::Term(term) = operand else { return None };
                        let at = self.terms.iter().position(|known| known == term).unwrap();
                        let new = pair(at, 0, column, unit.report?, year).ok()?;
                        match term.kind {
                            TermKind::Change => change(&self.member(at, 0), new, old(at, 0, column).ok()?).ok(),
                            _ => self.member(at, 0).value(new),
                        }
                    };
                    let chosen = of_reports.iter().all(|condition| holds(condition, &single));
                    for number in 0..self.terms.len() {
                        let term = &self.terms[number];
                        let form = unit.report.filter(|_| templated).map_or(0, |report| form_of(report, term));
                        let steps = Steps { unit, year, column, member, form, place };
                        let (mut order, fields) = self.group(&steps);
                        if apart && !bodies {
                            order.push(format!("{place:03}"));
                        }
                        let empty = || (fields.clone(), vec![Gathered::default(); self.terms.len()]);
                        let row = &mut rows.entry(order).or_insert_with(empty).1[number];
                        let Some(report) = unit.report else {
                            row.expected += 1;
                            row.states.push(State::NoReport);
                            continue;
                        };
                        if term.statistic.is_some() && !chosen {
                            continue;
                        }
                        let new = pair(number, member, column, report, year);
                        if plan.options.comparable && new == Err(State::NotInTemplate) {
                            continue;
                        }
                        row.expected += 1;
                        let both = match (new, term.kind) {
                            (Err(state), _) => Err(state),
                            (Ok(new), TermKind::Change) => old(number, member, column).map(|old| (new, Some(old))),
                            (Ok(new), _) => Ok((new, None)),
                        };
                        let both = both.and_then(|(new, old)| {
                            if term.statistic.is_some() {
                                let of = self.member(number, member);
                                row.values.push(match old {
                                    Some(old) => change(&of, new, old)?,
                                    None => of.value(new).ok_or(State::Undefined)?,
                                });
                            }
                            Ok((new, old))
                        });
                        match both {
                            Err(state) => row.states.push(state),
                            Ok((new, old)) => {
                                row.used += 1;
                                row.new = (row.new.0 + new.0, row.new.1 + new.1);
                                let old = old.unwrap_or_default();
                                row.old = (row.old.0 + old.0, row.old.1 + old.1);
                            }
                        }
                    }
                }
            }
        }
        missing.sort();
        missing.dedup();
        let category = self.by.iter().position(|&dimension| dimension == Dimension::Category);
        let mut lines = Vec::new();
        for (order, (fields, gathered)) in rows {
            if gathered[..self.shown].iter().all(|row| row.expected == 0) {
                continue;
            }
            let member = category.map_or(0, |at| order[at].parse().unwrap());
            let terms = gathered.iter().enumerate();
            let terms =
                terms.map(|(number, row)| shown(row, &self.terms[number], &self.member(number, member))).collect();
            let line = Line { order, fields, terms, flagged: false };
            if of_rows.iter().all(|condition| holds(condition, &|operand| self.worth(&line, operand))) {
                lines.push(line);
            }
        }
        Ok((lines, missing))
    }

    /// Keys for the order, and fields.
    fn group(&self, steps: &Steps) -> (Vec<String>, Row) {
        let mut pairs: Vec<(String, String)> = self
            .by
            .iter()
            .map(|&dimension| {
                place_key(dimension, steps.unit, steps.place).unwrap_or_else(|| self.other_key(dimension, steps))
            })
            .collect();
        let apart = self.plan.whose.apart && !self.by.contains(&Dimension::Body);
        let (order, mut fields): (Vec<String>, Row) = pairs.drain(..).unzip();
        if apart {
            fields.push(match &self.plan.whose.places[steps.place] {
                Place::Body(id) => id.to_string(),
                Place::Children(id) => format!("{id}/*"),
                Place::Below(id) => format!("{id}/**"),
            });
        }
        (order, fields)
    }

    fn other_key(&self, dimension: Dimension, steps: &Steps) -> (String, String) {
        match dimension {
            Dimension::Year => (steps.year.to_string(), steps.year.to_string()),
            Dimension::Category => {
                let id = self.terms[0].members[steps.member].measure.id.clone();
                (format!("{:03}", steps.member), id)
            }
            Dimension::Applicant => (steps.column.to_string(), self.columns[steps.column][0].id().to_owned()),
            Dimension::Template => (steps.form.to_string(), ["2019", "2021", "none"][steps.form].to_owned()),
            other => panic!("{other:?} is no other dimension"),
        }
    }
}

/// Where a figure belongs.
struct Steps<'a> {
    unit: &'a Unit<'a>,
    year: Year,
    column: usize,
    member: usize,
    form: usize,
    place: usize,
}

/// The key and the field of a body in a dimension of place.
fn place_key(dimension: Dimension, unit: &Unit, place: usize) -> Option<(String, String)> {
    let code = division(&unit.series);
    let same = |text: String| Some((text.clone(), text));
    match dimension {
        Dimension::Province => same(ancestors(code).last().cloned().unwrap_or(code.to_owned())),
        Dimension::City => same(match (level_of_code(code), parent(code)) {
            (Level::County, Some(above)) if level_of_code(&above) == Level::City => above,
            _ => code.to_owned(),
        }),
        Dimension::County => same(code.to_owned()),
        // Where places are kept apart a list by body goes place by place.
        Dimension::Body => Some((format!("{place:03}{}", unit.series), unit.series.clone())),
        Dimension::Level => Some((format!("{:02}", unit.level as u8), unit.level.id().to_owned())),
        _ => None,
    }
}

/// Answers a question.
pub fn answer(plan: &Plan, reports: &[Report], residents: Option<&Residents>) -> Outcome {
    answered(plan, reports, residents).unwrap_or_else(|refused| refused)
}

fn answered(plan: &Plan, reports: &[Report], residents: Option<&Residents>) -> Result<Outcome, Outcome> {
    let Verb::Ask(ask) = &plan.verb else { panic!("only questions are generated") };
    let none = Residents::new();
    let split = plan.stages.iter().position(|stage| matches!(stage, Stage::Contributions));
    let before = &plan.stages[..split.unwrap_or(plan.stages.len())];
    let whole = Question::new(plan, &plan.by, ask.filter.as_ref(), before);
    let per = |term: &Term| {
        let of = |member: &gongkai::query::plan::Member| {
            matches!(member.measure.formula, gongkai::query::plan::Formula::PerResidents(..))
        };
        term.members.iter().any(of)
    };
    let conditions = ask.filter.iter().chain(before.iter().filter_map(|stage| match stage {
        Stage::Keep(condition) | Stage::Flag(condition) => Some(condition),
        _ => None,
    }));
    let sorted = before.iter().filter_map(|stage| match stage {
        Stage::Sort { by, .. } => Some(by),
        _ => None,
    });
    let compared = conditions.flat_map(operands).chain(sorted).filter_map(|operand| match operand {
        Operand::Term(term) => Some(term),
        _ => None,
    });
    let needs = ask.terms.iter().chain(compared).any(per);
    if needs && residents.is_none() {
        return Err(Outcome::Refused("GK0303"));
    }
    let residents = residents.unwrap_or(&none);
    if split.is_some() {
        let [term] = ask.terms.as_slice() else { return Err(Outcome::Refused("GK0232")) };
        let of_quotient =
            term.kind == TermKind::Change && Member2 { kind: term.kind, member: &term.members[0] }.divided();
        if term.statistic.is_some() || of_quotient {
            return Err(Outcome::Refused("GK0232"));
        }
    }
    let whole = whole?;
    let (mut lines, missing) = whole.lines(reports, residents)?;
    stages::choose(&whole, &mut lines);
    let states = |lines: &[Line]| lines.iter().map(|line| line.terms[0].states.clone()).collect::<Vec<_>>();
    let Some(at) = split else {
        let pivot = plan.stages.iter().find_map(|stage| match stage {
            Stage::Pivot(dimension) => Some(*dimension),
            _ => None,
        });
        let told = (whole.shown == 1 && pivot.is_none()).then(|| states(&lines));
        let rows = match pivot {
            Some(dimension) => stages::pivot(&whole, &lines, dimension),
            None => lines.iter().map(|line| stages::fields(&whole, line)).collect(),
        };
        return Ok(Outcome::Rows { rows, states: told, missing });
    };
    let rows = stages::contributions(&whole, &lines, reports, residents, &plan.stages[at + 1..])?;
    Ok(Outcome::Rows { rows, states: None, missing })
}

fn form_of(report: &Report, term: &Term) -> usize {
    // The form is that of the first member; tables are named in the order 2, 3, 4.
    let table = tables(term.kind, &term.members[0]).into_iter().min();
    match table.and_then(|table| report.templates.of(table)) {
        Some(Template::Form2019) => 0,
        Some(Template::Form2021) => 1,
        None => 2,
    }
}

/// Whether a group of one year holds a report and one that contains it.
fn overlaps(by: &[Dimension], years: &[Vec<Unit>]) -> bool {
    let key = |unit: &Unit| {
        by.iter().filter_map(|&dimension| place_key(dimension, unit, 0)).map(|(order, _)| order).collect::<Vec<_>>()
    };
    years.iter().any(|units| {
        let there: Vec<&Unit> = units.iter().filter(|unit| unit.report.is_some()).collect();
        there.iter().any(|whole| {
            aggregate(whole.report.unwrap())
                && there.iter().any(|part| below(&part.series, &whole.series).is_some() && key(part) == key(whole))
        })
    })
}
