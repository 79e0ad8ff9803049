//! Whose reports a question is about, year by year.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use gongkai::{
    model::{BodyKind, Report, Scope},
    query::plan::{Level, Place, Plan},
    schema::places,
};

/// One body of one year: the id its series goes by, its tier, and its report where it is there.
pub struct Unit<'a> {
    pub series: String,
    pub level: Level,
    pub report: Option<&'a Report>,
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

pub fn known(code: &str) -> bool {
    divisions().contains_key(code)
}

pub fn lineage(code: &str) -> String {
    divisions().get(code).map_or(code.to_owned(), |known| known.lineage.clone())
}

pub fn ancestors(code: &str) -> &'static [String] {
    divisions().get(code).map_or(&[], |known| &known.above)
}

pub fn parent(code: &str) -> Option<String> {
    ancestors(code).first().cloned()
}

pub fn level_of_code(code: &str) -> Level {
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

pub fn division(id: &str) -> &str {
    id.split('/').next().unwrap()
}

pub fn is_government(id: &str) -> bool {
    !id.contains('/')
}

/// Whether `id` lies below `head`, and whether directly.
pub fn below(id: &str, head: &str) -> Option<bool> {
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

pub fn aggregate(report: &Report) -> bool {
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
pub fn settled<'a>(plan: &Plan, reports: &'a [Report]) -> Vec<Vec<Unit<'a>>> {
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
/// Whether a report of another year belongs to the series a unit goes by.
pub fn same_series(series: &str, id: &str) -> bool {
    series == id || (is_government(id) && known(id) && lineage(id) == series)
}
