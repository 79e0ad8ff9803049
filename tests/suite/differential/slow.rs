//! Answers by plain loops. Written from the language's definition; shares nothing with the executor but the catalogue
//! of categories and the list of divisions.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use gongkai::{
    model::{Applicant, BodyKind, Reading, Report, Scope, Slot, State, Table, Template, Year},
    query::plan::{
        Ask, Comparison, Condition, Dimension, Formula, Level, Operand, Place, Plan, Stage, Statistic, Sum, Term,
        TermKind, Verb,
    },
    schema::{Kind, ValueType, catalogue, places},
};

/// A row as text, field by field.
pub type Row = Vec<String>;

/// What should come out.
pub enum Outcome {
    Rows { rows: Vec<Row>, missing: Vec<String> },
    Refused(&'static str),
}

/// A fraction in lowest terms; whole numbers without a line.
pub fn fraction(numerator: i128, denominator: i128) -> String {
    let (n, d) = reduce(numerator, denominator);
    if d == 1 { n.to_string() } else { format!("{n}/{d}") }
}

fn reduce(n: i128, d: i128) -> (i128, i128) {
    let (mut a, mut b) = (n.unsigned_abs(), d.unsigned_abs());
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let by = i128::try_from(a.max(1)).unwrap() * if d < 0 { -1 } else { 1 };
    (n / by, d / by)
}

type Ratio = (i128, i128);

fn add(a: Ratio, b: Ratio) -> Ratio {
    reduce(a.0 * b.1 + b.0 * a.1, a.1 * b.1)
}

fn less(a: Ratio, b: Ratio) -> std::cmp::Ordering {
    (a.0 * b.1).cmp(&(b.0 * a.1))
}

// ---------- who ----------

/// One body of one year: the id its series goes by, its tier, and its report where it is there.
struct Unit<'a> {
    series: String,
    level: Level,
    report: Option<&'a Report>,
}

/// One code of the divisions with what is above and below it.
struct Known {
    years: Vec<(u16, u16)>,
    lineage: String,
    above: Vec<String>,
    below: Vec<String>,
}

fn divisions() -> &'static HashMap<String, Known> {
    static KNOWN: OnceLock<HashMap<String, Known>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known: HashMap<String, Known> = HashMap::new();
        for row in places().all() {
            let entry = known.entry(row.code.to_owned()).or_insert_with(|| Known {
                years: Vec::new(),
                lineage: String::new(),
                above: Vec::new(),
                below: Vec::new(),
            });
            entry.years.push((row.first_year, row.last_year.unwrap_or(u16::MAX)));
            row.lineage.clone_into(&mut entry.lineage);
            entry.above = row.parent.iter().map(ToString::to_string).collect();
        }
        let parents: HashMap<String, Vec<String>> =
            known.iter().map(|(code, entry)| (code.clone(), entry.above.clone())).collect();
        let mut codes: Vec<String> = known.keys().cloned().collect();
        codes.sort();
        for code in codes {
            let mut above = parents[&code].clone();
            while let Some(next) = above.last().and_then(|code| parents.get(code)).and_then(|above| above.first()) {
                above.push(next.clone());
            }
            for whole in &above {
                known.get_mut(whole).unwrap().below.push(code.clone());
            }
            known.get_mut(&code).unwrap().above = above;
        }
        known
    })
}

fn valid(code: &str, year: u16) -> bool {
    divisions().get(code).is_some_and(|known| known.years.iter().any(|&(first, last)| first <= year && year <= last))
}

fn known(code: &str) -> bool {
    divisions().contains_key(code)
}

fn lineage(code: &str) -> String {
    divisions().get(code).map_or(code.to_owned(), |known| known.lineage.clone())
}

fn ancestors(code: &str) -> &'static [String] {
    divisions().get(code).map_or(&[], |known| &known.above)
}

fn parent(code: &str) -> Option<String> {
    ancestors(code).first().cloned()
}

fn level_of_code(code: &str) -> Level {
    if code == "000000" {
        return Level::Ministry;
    }
    match places().by_code(code).map(|row| row.level) {
        Some(gongkai::schema::DivisionLevel::Province) => Level::Province,
        Some(gongkai::schema::DivisionLevel::Prefecture) => Level::City,
        _ => Level::County,
    }
}

fn level(id: &str, kind: BodyKind) -> Level {
    match kind {
        BodyKind::Government => level_of_code(id),
        BodyKind::Town | BodyKind::Subdistrict => Level::Town,
        BodyKind::Zone => Level::Zone,
        BodyKind::Ministry => Level::Ministry,
        _ => Level::Department,
    }
}

fn division(id: &str) -> &str {
    id.split('/').next().unwrap()
}

fn is_government(id: &str) -> bool {
    !id.contains('/')
}

/// Whether `id` lies below `head`, and whether directly.
fn below(id: &str, head: &str) -> Option<bool> {
    if is_government(id) {
        return ancestors(id).iter().position(|code| code == head).map(|at| at == 0);
    }
    if !is_government(head) {
        return id.starts_with(&format!("{head}/")).then_some(true);
    }
    if division(id) == head {
        return Some(true);
    }
    ancestors(division(id)).iter().any(|code| code == head).then_some(false)
}

/// Every body there is to ask about in a year, in the country or below a place: divisions of that year, and bodies of
/// the store that are no divisions.
fn universe<'a>(reports: &'a [Report], year: u16, head: Option<&str>) -> Vec<Unit<'a>> {
    let mut units: BTreeMap<String, Unit> = BTreeMap::new();
    let every = || divisions().keys().collect::<Vec<_>>();
    let codes =
        head.map_or_else(every, |head| divisions().get(head).map_or(Vec::new(), |known| known.below.iter().collect()));
    for code in codes {
        if valid(code, year) {
            let unit = Unit { series: code.clone(), level: level_of_code(code), report: None };
            units.insert(code.clone(), unit);
        }
    }
    for report in reports {
        let id = report.body.id.as_str();
        if head.is_some_and(|head| below(id, head).is_none()) {
            continue;
        }
        if report.year.number() == year || !is_government(id) {
            let level = level(id, report.body.kind);
            let unit = units.entry(id.to_owned()).or_insert(Unit { series: id.to_owned(), level, report: None });
            if report.year.number() == year {
                unit.report = Some(report);
            }
        }
    }
    units.into_values().collect()
}

fn aggregate(report: &Report) -> bool {
    is_government(report.body.id.as_str()) && report.scope != Scope::Own
}

fn cover<'a>(reports: &'a [Report], year: u16) -> Vec<Unit<'a>> {
    let now: Vec<&Report> = reports.iter().filter(|report| report.year.number() == year).collect();
    let covered = |id: &str| now.iter().any(|other| aggregate(other) && below(id, other.body.id.as_str()).is_some());
    let mut units: Vec<Unit> = now
        .iter()
        .filter(|report| !covered(report.body.id.as_str()))
        .map(|&report| {
            let id = report.body.id.as_str();
            Unit { series: id.to_owned(), level: level(id, report.body.kind), report: Some(report) }
        })
        .collect();
    let there: Vec<String> = units.iter().map(|unit| unit.series.clone()).collect();
    let mut absent: BTreeMap<String, BodyKind> = BTreeMap::new();
    for report in reports {
        let id = report.body.id.as_str();
        if !now.iter().any(|other| other.body.id.as_str() == id) && !covered(id) {
            absent.insert(id.to_owned(), report.body.kind);
        }
    }
    // What stands in for a missing government is not missing twice.
    absent
        .retain(|id, _| !is_government(id) || (valid(id, year) && !there.iter().any(|part| below(part, id).is_some())));
    let governments: Vec<String> = absent.keys().filter(|id| is_government(id)).cloned().collect();
    absent.retain(|id, _| !governments.iter().any(|whole| below(id, whole).is_some()));
    units.extend(absent.into_iter().map(|(id, kind)| Unit { level: level(&id, kind), series: id, report: None }));
    units
}

/// The units of one year. `members` are all codes of the statement's sets, for joining series within them.
fn units<'a>(plan: &Plan, reports: &'a [Report], year: u16) -> Vec<Unit<'a>> {
    let wanted = plan.whose.level;
    if plan.whose.places.is_empty() {
        return match wanted {
            None => cover(reports, year),
            Some(level) => universe(reports, year, None).into_iter().filter(|unit| unit.level == level).collect(),
        };
    }
    let mut found: BTreeMap<String, Unit> = BTreeMap::new();
    for place in &plan.whose.places {
        let set: Vec<Unit> = match place {
            Place::Body(id) => {
                let id = id.as_str();
                let own_level = reports
                    .iter()
                    .find(|report| report.body.id.as_str() == id)
                    .map_or_else(|| level_of_code(id), |report| level(id, report.body.kind));
                match wanted {
                    Some(level) if level != own_level => {
                        universe(reports, year, Some(id)).into_iter().filter(|unit| unit.level == level).collect()
                    }
                    _ => {
                        let series = lineage(division(id)) + id.strip_prefix(division(id)).unwrap();
                        let codes: Vec<String> = if is_government(id) {
                            divisions()
                                .iter()
                                .filter(|(_, known)| known.lineage == series)
                                .map(|(code, _)| code.clone())
                                .collect()
                        } else {
                            vec![id.to_owned()]
                        };
                        let report = reports.iter().find(|report| {
                            report.year.number() == year && codes.iter().any(|code| code == report.body.id.as_str())
                        });
                        let expected =
                            report.is_some() || !is_government(id) || codes.iter().any(|code| valid(code, year));
                        expected.then_some(Unit { series, level: own_level, report }).into_iter().collect()
                    }
                }
            }
            Place::Children(id) => {
                let mut set: Vec<Unit> = universe(reports, year, Some(id.as_str()))
                    .into_iter()
                    .filter(|unit| below(&unit.series, id.as_str()) == Some(true))
                    .filter(|unit| wanted.is_none_or(|level| unit.level == level))
                    .collect();
                // Governments in any year of the question keep own reports out of all of them.
                let area = plan.years.iter().any(|year| {
                    universe(reports, year.number(), Some(id.as_str()))
                        .iter()
                        .any(|unit| is_government(&unit.series) && below(&unit.series, id.as_str()) == Some(true))
                });
                if wanted.is_none() && area {
                    set.retain(|unit| is_government(&unit.series) || unit.level == Level::Zone);
                }
                set
            }
            Place::Below(id) => universe(reports, year, Some(id.as_str()))
                .into_iter()
                .filter(|unit| wanted.is_none_or(|level| unit.level == level))
                .collect(),
        };
        for unit in set {
            found.entry(unit.series.clone()).or_insert(unit);
        }
    }
    found.into_values().collect()
}

/// Units of every year, with series joined: a renamed body goes by its newest code where that is in the statement too.
fn settled<'a>(plan: &Plan, reports: &'a [Report]) -> Vec<Vec<Unit<'a>>> {
    let mut years: Vec<Vec<Unit>> = plan.years.iter().map(|year| units(plan, reports, year.number())).collect();
    let mut all: Vec<String> = years.iter().flatten().map(|unit| unit.series.clone()).collect();
    // A code that no year of the question knows may still be in its sets, and gives its name to the series.
    let named = |code: &str| {
        plan.whose.places.iter().any(|place| match place {
            Place::Body(id) => id.as_str() == code && plan.whose.level.is_none(),
            Place::Children(id) => parent(code).as_deref() == Some(id.as_str()),
            Place::Below(id) => below(code, id.as_str()).is_some(),
        }) || (plan.whose.places.is_empty() && plan.whose.level.is_some())
            || (plan.whose.level.is_some()
                && plan
                    .whose
                    .places
                    .iter()
                    .any(|place| matches!(place, Place::Body(id) if below(code, id.as_str()).is_some())))
    };
    let heirs: Vec<String> = all.iter().map(|id| lineage(id)).filter(|heir| named(heir)).collect();
    all.extend(heirs);
    for unit in years.iter_mut().flatten() {
        let heir = lineage(&unit.series);
        if is_government(&unit.series) && heir != unit.series && all.contains(&heir) {
            unit.series = heir;
        }
    }
    for units in &mut years {
        units.sort_by(|a, b| a.series.cmp(&b.series).then(b.report.is_some().cmp(&a.report.is_some())));
        units.dedup_by(|a, b| a.series == b.series);
    }
    if plan.options.complete {
        let whole: Vec<String> = years[0]
            .iter()
            .map(|unit| unit.series.clone())
            .filter(|id| years.iter().all(|units| units.iter().any(|unit| unit.series == *id && unit.report.is_some())))
            .collect();
        years.iter_mut().for_each(|units| units.retain(|unit| whole.contains(&unit.series)));
    }
    if plan.options.comparable {
        let (first, last) = (plan.years.iter().min().unwrap().number(), plan.years.iter().max().unwrap().number());
        let broken = |code: &str| {
            places().changes.iter().any(|change| {
                change.series_break
                    && (change.old_code.contains(code) || change.new_code.contains(code))
                    && first < change.year
                    && change.year <= last
            })
        };
        years.iter_mut().for_each(|units| units.retain(|unit| !broken(division(&unit.series))));
    }
    years
}

// ---------- figures ----------

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
            for &column in columns {
                parts.push((factor, &known.id, Some(part.applicant.unwrap_or(column)), true));
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

fn formula(measure: &gongkai::query::plan::Measure) -> &Sum {
    match &measure.formula {
        Formula::Sum(sum) => sum,
        _ => panic!("only sums are generated"),
    }
}

/// Number and base of one report; the base is 1 without one.
fn pair(report: &Report, term: &Term, columns: &[Applicant], blanks: bool) -> Result<(i128, i128), State> {
    let member = &term.members[0];
    match &member.base {
        None => sum(report, formula(&member.measure), columns, blanks, false).map(|value| (value, 1)),
        Some(base) => {
            let above = sum(report, formula(&member.measure), columns, blanks, true)?;
            Ok((above, sum(report, formula(base), columns, blanks, true)?))
        }
    }
}

// ---------- rows ----------

#[derive(Default, Clone)]
struct Gathered {
    expected: usize,
    used: usize,
    states: Vec<State>,
    new: (i128, i128),
    old: (i128, i128),
    values: Vec<Ratio>,
}

fn change(new: Ratio, old: Ratio) -> Result<Ratio, State> {
    if new.1 == 0 || old.1 == 0 {
        return Err(State::Undefined);
    }
    if old.0 == 0 {
        return Err(if new.0 == 0 { State::Undefined } else { State::NewFromZero });
    }
    // new/old − 1
    let ratio = reduce(new.0 * old.1, new.1 * old.0);
    Ok(add(ratio, (-1, 1)))
}

struct Shown {
    state: State,
    values: Vec<Option<Ratio>>,
    parts: Option<(String, String)>,
    used: usize,
    expected: usize,
}

const SPOKEN: [State; 8] = [
    State::Unreadable,
    State::Blank,
    State::NotApplicable,
    State::NotComparable,
    State::NewFromZero,
    State::Undefined,
    State::NotInTemplate,
    State::NoReport,
];

fn shown(row: &Gathered, term: &Term) -> Shown {
    let speaks = || SPOKEN.into_iter().find(|state| row.states.contains(state)).unwrap_or(State::NoReport);
    let shares = term.members[0].base.is_some();
    let mut parts = None;
    let outcome: Result<Vec<Ratio>, State> = match term.statistic {
        Some(statistic) => {
            let mut values = row.values.clone();
            values.sort_by(|a, b| less(*a, *b));
            let at = |percent: usize| {
                let position = (values.len() - 1) * percent;
                let low = values[position / 100];
                let high = *values.get(position / 100 + 1).unwrap_or(&low);
                let step = add(high, (-low.0, low.1));
                add(low, reduce(step.0 * i128::try_from(position % 100).unwrap(), step.1 * 100))
            };
            let count = i128::try_from(values.len()).unwrap();
            match statistic {
                Statistic::Count => Ok(vec![(count, 1)]),
                _ if values.is_empty() => Err(speaks()),
                Statistic::Mean => {
                    let total = values.iter().fold((0, 1), |total, &value| add(total, value));
                    Ok(vec![reduce(total.0, total.1 * count)])
                }
                Statistic::Median => Ok(vec![at(50)]),
                Statistic::Min => Ok(vec![values[0]]),
                Statistic::Max => Ok(vec![values[values.len() - 1]]),
                Statistic::Percentile(percent) => Ok(vec![at(usize::from(percent))]),
                Statistic::Quartiles => Ok(vec![at(25), at(50), at(75)]),
            }
        }
        None if row.used == 0 => Err(speaks()),
        None => match term.kind {
            TermKind::Change => {
                parts = Some((row.new.0.to_string(), row.old.0.to_string()));
                change((row.new.0, 1), (row.old.0, 1)).map(|value| vec![value])
            }
            _ if shares => {
                parts = Some((row.new.0.to_string(), row.new.1.to_string()));
                if row.new.1 == 0 { Err(State::Undefined) } else { Ok(vec![reduce(row.new.0, row.new.1)]) }
            }
            _ => Ok(vec![(row.new.0, 1)]),
        },
    };
    let width = if term.statistic == Some(Statistic::Quartiles) { 3 } else { 1 };
    let (state, values) = match outcome {
        Ok(values) => (State::Value, values.into_iter().map(Some).collect()),
        Err(state) => (state, vec![None; width]),
    };
    Shown { state, values, parts, used: row.used, expected: row.expected }
}

fn compares(left: Option<Ratio>, comparison: Comparison, right: Ratio) -> bool {
    left.is_some_and(|left| {
        let order = less(left, right);
        match comparison {
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
        }
    })
}

/// The term, comparison and number of the conditions that are generated.
fn compared(condition: &Condition) -> (&Term, Comparison, Ratio) {
    match condition {
        Condition::Compare(Operand::Term(term), comparison, literal) => {
            (term, *comparison, (i128::from(literal.digits), 10_i128.pow(u32::from(literal.scale))))
        }
        other => panic!("{other:?} is not generated"),
    }
}

/// The group of a unit: ordinals for the order, texts for the fields.
fn group(
    by: &[Dimension],
    unit: &Unit,
    year: Year,
    applicant: usize,
    columns: &[Vec<Applicant>],
    form: usize,
) -> (Vec<String>, Vec<String>) {
    let code = division(&unit.series);
    by.iter()
        .map(|dimension| match dimension {
            Dimension::Year => (year.to_string(), year.to_string()),
            Dimension::Province => {
                let top = ancestors(code).last().cloned().unwrap_or(code.to_owned());
                (top.clone(), top)
            }
            Dimension::City => {
                let city = match (level_of_code(code), parent(code)) {
                    (Level::County, Some(above)) if level_of_code(&above) == Level::City => above,
                    _ => code.to_owned(),
                };
                (city.clone(), city)
            }
            Dimension::County => (code.to_owned(), code.to_owned()),
            Dimension::Body => (unit.series.clone(), unit.series.clone()),
            Dimension::Level => (format!("{:02}", unit.level as u8), unit.level.id().to_owned()),
            Dimension::Applicant => (applicant.to_string(), columns[applicant][0].id().to_owned()),
            Dimension::Template => (form.to_string(), ["2019", "2021", "none"][form].to_owned()),
            Dimension::Category | Dimension::Rule => panic!("not generated"),
        })
        .unzip()
}

/// Answers a question.
pub fn answer(plan: &Plan, reports: &[Report]) -> Outcome {
    let Verb::Ask(Ask { terms, applicants, filter }) = &plan.verb else { panic!("only questions are generated") };
    let mut by = plan.by.clone();
    if terms.iter().any(|term| term.kind == TermKind::Change) && plan.years.len() > 1 && !by.contains(&Dimension::Year)
    {
        by.push(Dimension::Year);
    }
    let columns: Vec<Vec<Applicant>> = if by.contains(&Dimension::Applicant) {
        let mut named = if applicants.is_empty() { Applicant::ALL.to_vec() } else { applicants.clone() };
        named.sort();
        named.into_iter().map(|applicant| vec![applicant]).collect()
    } else if applicants.is_empty() {
        vec![vec![Applicant::Total]]
    } else if applicants.len() > 1 && applicants.contains(&Applicant::Total) {
        return Outcome::Refused("GK0302");
    } else {
        // The first missing figure in the order of the form speaks.
        let mut named = applicants.clone();
        named.sort();
        vec![named]
    };
    let years = settled(plan, reports);
    if overlaps(&by, &years) {
        return Outcome::Refused("GK0301");
    }
    let templated = by.contains(&Dimension::Template);
    let condition = filter.as_ref().map(compared);
    let mut all: Vec<&Term> = terms.iter().collect();
    if let Some((term, ..)) = condition
        && !terms.contains(term)
    {
        all.push(term);
    }
    let mut rows: BTreeMap<Vec<String>, (Vec<String>, Vec<Gathered>)> = BTreeMap::new();
    let mut missing = Vec::new();
    for (at, units) in years.iter().enumerate() {
        let year = plan.years[at];
        for unit in units {
            if unit.report.is_none() {
                missing.push(format!("{} {year}", unit.series));
                if templated {
                    continue;
                }
            }
            let before = reports.iter().find(|report| {
                let id = report.body.id.as_str();
                Some(report.year) == year.previous() && same_series(&unit.series, id)
            });
            for column in 0..columns.len() {
                let blanks = plan.options.blank_as_zero;
                let passes = unit.report.is_none_or(|report| {
                    condition.is_none_or(|(term, comparison, right)| {
                        let value = pair(report, term, &columns[column], blanks).ok().filter(|pair| pair.1 != 0);
                        compares(value.map(|pair| reduce(pair.0, pair.1)), comparison, right)
                    })
                });
                for (number, term) in all.iter().enumerate() {
                    let form = unit.report.map_or(0, |report| form_of(report, term));
                    let (order, fields) = group(&by, unit, year, column, &columns, if templated { form } else { 0 });
                    let row =
                        &mut rows.entry(order).or_insert((fields, vec![Gathered::default(); all.len()])).1[number];
                    let Some(report) = unit.report else {
                        row.expected += 1;
                        row.states.push(State::NoReport);
                        continue;
                    };
                    if term.statistic.is_some() && !passes {
                        continue;
                    }
                    let new = pair(report, term, &columns[column], blanks);
                    if plan.options.comparable && new == Err(State::NotInTemplate) {
                        continue;
                    }
                    row.expected += 1;
                    let new = match new {
                        Ok(new) => new,
                        Err(state) => {
                            row.states.push(state);
                            continue;
                        }
                    };
                    let old = match (term.kind, before.map(|report| pair(report, term, &columns[column], blanks))) {
                        (TermKind::Change, Some(Ok(old))) => Some(old),
                        (TermKind::Change, _) => {
                            row.states.push(State::NotComparable);
                            continue;
                        }
                        _ => None,
                    };
                    if term.statistic.is_some() {
                        let value = match old {
                            Some(old) => change(new, old),
                            None if new.1 == 0 => Err(State::Undefined),
                            None => Ok(reduce(new.0, new.1)),
                        };
                        match value {
                            Ok(value) => row.values.push(value),
                            Err(state) => {
                                row.states.push(state);
                                continue;
                            }
                        }
                    }
                    row.used += 1;
                    row.new = (row.new.0 + new.0, row.new.1 + new.1);
                    if let Some(old) = old {
                        row.old = (row.old.0 + old.0, row.old.1 + old.1);
                    }
                }
            }
        }
    }
    missing.sort();
    let shown_rows = rows
        .into_values()
        .filter(|(_, gathered)| gathered.iter().take(terms.len()).any(|row| row.expected > 0))
        .map(|(fields, gathered)| {
            let shown: Vec<Shown> = gathered.iter().zip(&all).map(|(row, term)| shown(row, term)).collect();
            (fields, shown)
        })
        .filter(|(_, shown)| {
            let pooled = terms.iter().any(|term| term.statistic.is_none());
            !pooled
                || condition.is_none_or(|(term, comparison, right)| {
                    let at = all.iter().position(|known| *known == term).unwrap();
                    compares(shown[at].values[0], comparison, right)
                })
        });
    let mut ordered: Vec<(Vec<String>, Vec<Shown>)> = shown_rows.collect();
    for stage in &plan.stages {
        let (count, largest) = match stage {
            Stage::Top(count) => (*count, true),
            Stage::Bottom(count) => (*count, false),
            other => panic!("{other:?} is not generated"),
        };
        ordered.retain(|(_, shown)| shown[0].values[0].is_some());
        ordered.sort_by(|a, b| {
            let order = less(a.1[0].values[0].unwrap(), b.1[0].values[0].unwrap());
            if largest { order.reverse() } else { order }
        });
        ordered.truncate(count);
    }
    let rows = ordered.into_iter().map(|(fields, shown)| fields_of(fields, &shown, terms)).collect();
    Outcome::Rows { rows, missing }
}

fn fields_of(mut fields: Row, shown: &[Shown], terms: &[Term]) -> Row {
    for (number, (term, shown)) in terms.iter().zip(shown).enumerate() {
        fields.extend(shown.values.iter().map(|value| value.map_or("-".to_owned(), |(n, d)| fraction(n, d))));
        fields.push(shown.state.id().to_owned());
        if term.statistic.is_none() && (term.members[0].base.is_some() || term.kind == TermKind::Change) {
            let (above, below) = shown.parts.clone().unwrap_or(("-".to_owned(), "-".to_owned()));
            fields.extend([above, below]);
        }
        fields.push(shown.used.to_string());
        if number == 0 {
            fields.push(shown.expected.to_string());
        }
    }
    fields
}

/// Whether a report of another year belongs to the series a unit goes by.
fn same_series(series: &str, id: &str) -> bool {
    series == id || (is_government(id) && known(id) && lineage(id) == series)
}

fn form_of(report: &Report, term: &Term) -> usize {
    let member = &term.members[0];
    let first = formula(&member.measure).0.iter().chain(member.base.iter().flat_map(|base| formula(base).0.iter()));
    // Tables are named in the order 2, 3, 4.
    let table = first.filter_map(|part| catalogue().get(part.category)?.table).min();
    match table.and_then(|table| report.templates.of(table)) {
        Some(Template::Form2019) => 0,
        Some(Template::Form2021) => 1,
        None => 2,
    }
}

/// Whether a group of one year holds a report and one that contains it.
fn overlaps(by: &[Dimension], years: &[Vec<Unit>]) -> bool {
    let place: Vec<Dimension> = by
        .iter()
        .copied()
        .filter(|dimension| {
            matches!(
                dimension,
                Dimension::Province | Dimension::City | Dimension::County | Dimension::Body | Dimension::Level
            )
        })
        .collect();
    let year = Year::new(2020).unwrap();
    let key = |unit: &Unit| group(&place, unit, year, 0, &[], 0).0;
    years.iter().any(|units| {
        let there: Vec<&Unit> = units.iter().filter(|unit| unit.report.is_some()).collect();
        there.iter().any(|whole| {
            aggregate(whole.report.unwrap())
                && there.iter().any(|part| below(&part.series, &whole.series).is_some() && key(part) == key(whole))
        })
    })
}
