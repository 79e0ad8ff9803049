//! Whose reports a statement is about: bodies with their series, and the years each is expected in.

use super::{
    super::{
        PlaceName,
        plan::{Level, Place, Plan},
    },
    division::{self, Code},
};
use crate::{
    model::{BodyId, Scope, Year},
    schema::places,
    store::View,
};

/// A set of the years asked for, by their place in the plan.
pub(crate) type Years = u128;

/// One body, with every number its series has in the view.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// Code of its division, the newest of its series.
    pub(crate) code: Code,
    /// Its number in the view, where it has a report under its own path.
    pub(crate) body: Option<usize>,
    /// Numbers of earlier or later paths of the same series.
    pub(crate) others: Vec<usize>,
    /// Path, for a body that is not in the view and not the government of `code`.
    absent: Option<Box<BodyId>>,
    /// Tier.
    pub(crate) level: Level,
    /// Which place of the list it came from, where places are kept apart; else 0.
    pub(crate) place: usize,
    /// The years a report is expected for.
    pub(crate) years: Years,
}

/// The bodies of a statement, in path order (place by place where places are kept apart).
#[derive(Debug, Default)]
pub(crate) struct Selection {
    pub(crate) subjects: Vec<Subject>,
    /// Own reports left out of a set of governments.
    pub(crate) own_left_out: usize,
    /// Bodies left out because they do not report every year.
    pub(crate) incomplete: usize,
    /// Bodies left out because their territory changed within the years.
    pub(crate) broken: usize,
    /// Whether the years rest on different bodies, which only the cover can do.
    pub(crate) cover_differs: bool,
    /// Bodies named in the query whose division was not there in some of the years.
    pub(crate) not_valid: Vec<(String, Year)>,
}

impl Subject {
    fn new(code: Code, body: Option<usize>, level: Level) -> Self {
        Self { code, body, others: Vec::new(), absent: None, level, place: 0, years: 0 }
    }

    /// The number under which this series has a report for the year; the code valid in that year first.
    pub(crate) fn report(&self, view: &View, year: Year) -> Option<usize> {
        let there = |body: &usize| view.meta(*body, year).is_some();
        if self.others.is_empty() {
            return self.body.filter(there);
        }
        let mut found: Vec<usize> = self.body.iter().chain(&self.others).copied().filter(there).collect();
        found.sort_by_key(|&body| {
            let code = view.body(body).map_or(0, |body| division::code(&body.id));
            (!division::valid(code, year), code != self.code)
        });
        found.first().copied()
    }

    /// The same, following the series beyond the bodies of the statement: the year before may bear an older code.
    pub(crate) fn earlier(&self, view: &View, year: Year) -> Option<usize> {
        self.report(view, year).or_else(|| {
            let codes = division::series(self.code).filter(|&code| self.is_government() && code != self.code);
            let numbers = codes.filter_map(|code| view.find(&division::text(code).parse().ok()?));
            numbers.into_iter().find(|&body| view.meta(body, year).is_some())
        })
    }

    /// Whether it is the government of a division, whose report sums everything below.
    pub(crate) fn is_government(&self) -> bool {
        matches!(self.level, Level::Province | Level::City | Level::County)
    }

    /// The path, newest of its series.
    pub(crate) fn id(&self, view: &View) -> String {
        let known = self.body.or(self.others.first().copied()).and_then(|body| view.body(body));
        match (known, &self.absent) {
            (Some(body), _) if division::code(&body.id) == self.code => body.id.as_str().to_owned(),
            (Some(body), _) => with_code(&body.id, self.code),
            (None, Some(id)) => id.as_str().to_owned(),
            (None, None) => division::text(self.code),
        }
    }

    /// Code, name and path as an answer gives them.
    pub(crate) fn place_name(&self, view: &View) -> PlaceName {
        let known = self.body.or(self.others.first().copied()).and_then(|body| view.body(body));
        named(&self.id(view), known.map(|body| body.name.as_str()))
    }

    pub(crate) fn expect(&mut self, view: &View, years: &[Year], government: bool) {
        for (at, &year) in years.iter().enumerate() {
            let valid =
                !government || division::series(division::lineage(self.code)).any(|code| division::valid(code, year));
            // A lone old code that was not joined to its series ends with its last year.
            let valid = valid && (!government || !self.alone() || division::valid(self.code, year));
            if valid || self.report(view, year).is_some() {
                self.years |= bit(at);
            }
        }
    }

    fn alone(&self) -> bool {
        self.others.is_empty() && division::lineage(self.code) != self.code
    }
}

/// Code, name and path of a body path; the name from the divisions for a government, else the last segment.
pub(crate) fn named(id: &str, name: Option<&str>) -> PlaceName {
    let mut segments = id.split('/');
    let code = segments.next().unwrap_or_default();
    let mut path = places().path(code).unwrap_or_else(|| code.to_owned());
    let mut last = places().by_code(code).map_or(code, |row| row.name.as_str());
    let government = !id.contains('/');
    for segment in segments {
        path.push('/');
        path.push_str(segment);
        last = segment;
    }
    // A government is called by its place, whatever the report calls it.
    let known = places().by_code(code).is_some();
    let name = if government && known { last } else { name.unwrap_or(last) };
    PlaceName { code: id.to_owned(), name: name.to_owned(), path }
}

fn with_code(id: &BodyId, code: Code) -> String {
    let mut text = division::text(code);
    for segment in id.segments() {
        text.push('/');
        text.push_str(segment);
    }
    text
}

pub(crate) fn bit(at: usize) -> Years {
    1_u128.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0)
}

/// The bodies of a plan. `figures` says that they will be added up, which keeps own reports out of sets of governments.
pub(crate) fn select(plan: &Plan, view: &View, figures: bool) -> Selection {
    let mut selection = Selection::default();
    let years = &plan.years;
    match (plan.whose.places.as_slice(), plan.whose.level) {
        ([], None) => selection.cover(view, years),
        ([], Some(level)) => {
            let all = Set { codes: 0..=999_999, prefix: String::new(), itself: true };
            selection.subjects = all.bodies(view, &|_, at| at == level);
            selection.settle(view, years, false, false);
        }
        (listed, level) => {
            for (at, place) in listed.iter().enumerate() {
                let mut found = selection.listed(view, place, level, figures);
                if plan.whose.apart {
                    for subject in &mut found {
                        subject.place = at;
                    }
                }
                selection.subjects.append(&mut found);
            }
            let named = level.is_none() && listed.iter().all(|place| matches!(place, Place::Body(_)));
            selection.settle(view, years, named, listed.len() > 1);
        }
    }
    selection.options(plan, view);
    selection
}

/// A stretch of the hierarchy.
struct Set {
    codes: std::ops::RangeInclusive<Code>,
    prefix: String,
    /// Whether the body at its head belongs to it.
    itself: bool,
}

impl Set {
    fn below(id: &BodyId) -> Self {
        if id.is_government() {
            let code = division::code(id);
            Self { codes: division::under(code), prefix: division::prefix(code), itself: false }
        } else {
            // No division lies below a body that is not a government, and none has this code.
            Self { codes: 1..=1, prefix: format!("{id}/"), itself: true }
        }
    }

    /// Bodies of the view and divisions without any report that `wanted` accepts (by parent and tier), in path order.
    fn bodies(&self, view: &View, wanted: &dyn Fn(Option<Code>, Level) -> bool) -> Vec<Subject> {
        let mut divisions = division::divisions(self.codes.clone()).filter(|&code| {
            (self.itself || code != *self.codes.start()) && wanted(division::parent(code), division::tier(code))
        });
        let mut next = divisions.next();
        let mut found = Vec::new();
        for number in view.range(&self.prefix) {
            let Some(body) = view.body(number) else { continue };
            let (code, government) = (division::code(&body.id), body.id.is_government());
            while let Some(absent) = next.filter(|&absent| absent < code || (absent == code && !government)) {
                found.push(Subject::new(absent, None, division::tier(absent)));
                next = divisions.next();
            }
            if next == Some(code) {
                next = divisions.next();
            }
            if government && !self.itself && code == *self.codes.start() {
                continue;
            }
            let level = division::level(body);
            let parent = if government { division::parent(code) } else { Some(code) };
            if wanted(parent, level) {
                found.push(Subject::new(code, Some(number), level));
            }
        }
        found.extend(next.into_iter().chain(divisions).map(|code| Subject::new(code, None, division::tier(code))));
        found
    }
}

impl Selection {
    fn listed(&mut self, view: &View, place: &Place, level: Option<Level>, figures: bool) -> Vec<Subject> {
        match (place, level) {
            (Place::Body(id), None) => vec![single(view, id)],
            (Place::Body(id), Some(level)) => {
                let one = single(view, id);
                if one.level == level { vec![one] } else { Set::below(id).bodies(view, &|_, at| at == level) }
            }
            (Place::Children(id), level) => {
                let code = division::code(id);
                let set = Set::below(id);
                let mut found = if id.is_government() {
                    set.bodies(view, &|parent, at| parent == Some(code) && level.is_none_or(|level| at == level))
                } else {
                    set.bodies(view, &|_, at| level.is_none_or(|level| at == level))
                };
                drop_nested(view, id, &mut found);
                let aggregate =
                    |level: Level| matches!(level, Level::Province | Level::City | Level::County | Level::Zone);
                // Never add the figures of one body to those of whole areas (DOMAIN section 2).
                if figures && level.is_none() && found.iter().any(Subject::is_government) {
                    let before = found.len();
                    found.retain(|subject| aggregate(subject.level));
                    self.own_left_out += before - found.len();
                }
                found
            }
            (Place::Below(id), level) => Set::below(id).bodies(view, &|_, at| level.is_none_or(|level| at == level)),
        }
    }

    /// Joins renamed bodies, drops repeats, and notes the years in which each is expected.
    fn settle(&mut self, view: &View, years: &[Year], named: bool, several: bool) {
        join_series(view, &mut self.subjects);
        if several {
            // Each list is in path order; together they may repeat and mix.
            let keyed = std::mem::take(&mut self.subjects).into_iter();
            let mut keyed: Vec<_> = keyed.map(|subject| ((subject.place, subject.id(view)), subject)).collect();
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            keyed.dedup_by(|a, b| a.0 == b.0);
            self.subjects = keyed.into_iter().map(|(_, subject)| subject).collect();
        }
        for subject in &mut self.subjects {
            let government = subject.is_government();
            // A place named in the query is expected whenever its division was there; other bodies always.
            subject.expect(view, years, government);
        }
        for subject in self.subjects.iter().filter(|_| named) {
            let gone = years.iter().enumerate().filter(|&(at, _)| subject.years & bit(at) == 0);
            self.not_valid.extend(gone.map(|(_, &year)| (subject.id(view), year)));
        }
        self.subjects.retain(|subject| subject.years != 0);
    }

    /// For each year the reports that no aggregate report of the same year contains.
    fn cover(&mut self, view: &View, years: &[Year]) {
        let mut masks: std::collections::BTreeMap<usize, Years> = std::collections::BTreeMap::new();
        for (at, &year) in years.iter().enumerate() {
            let (covering, absent) = cover_of(view, year);
            for body in covering.into_iter().chain(absent) {
                *masks.entry(body).or_default() |= bit(at);
            }
        }
        for (body, years) in masks {
            let Some(known) = view.body(body) else { continue };
            let mut subject = Subject::new(division::code(&known.id), Some(body), division::level(known));
            subject.years = years;
            self.subjects.push(subject);
        }
        join_series(view, &mut self.subjects);
        let all = years.iter().enumerate().fold(0, |all, (at, _)| all | bit(at));
        self.cover_differs = self.subjects.iter().any(|subject| subject.years != all);
    }

    fn options(&mut self, plan: &Plan, view: &View) {
        if plan.options.complete {
            let before = self.subjects.len();
            let all = plan.years.iter().enumerate().fold(0, |all, (at, _)| all | bit(at));
            self.subjects.retain(|subject| {
                subject.years == all && plan.years.iter().all(|&year| subject.report(view, year).is_some())
            });
            self.incomplete = before - self.subjects.len();
        }
        if plan.options.comparable
            && let (Some(&first), Some(&last)) = (plan.years.iter().min(), plan.years.iter().max())
        {
            let before = self.subjects.len();
            self.subjects.retain(|subject| {
                let crossed = (first.number() + 1..=last.number()).filter_map(Year::new);
                !crossed.into_iter().any(|year| division::breaks(subject.code, year))
            });
            self.broken = before - self.subjects.len();
        }
    }
}

/// The body with exactly this path, its series followed.
pub(crate) fn single(view: &View, id: &BodyId) -> Subject {
    let lineage = division::lineage(division::code(id));
    let mut subject = Subject::new(lineage, None, division::tier(lineage));
    for code in division::series(lineage) {
        let Some(number) = with_code(id, code).parse().ok().and_then(|id| view.find(&id)) else { continue };
        if code == lineage {
            subject.body = Some(number);
        } else {
            subject.others.push(number);
        }
        if let Some(body) = view.body(number).filter(|body| !body.id.is_government()) {
            subject.level = division::level(body);
        }
    }
    if subject.body.is_none() && subject.others.is_empty() && !id.is_government() {
        subject.level = Level::Department;
        subject.absent = with_code(id, lineage).parse().ok().map(Box::new);
    }
    subject
}

/// Keeps of the bodies below `head` those that lie directly below it: no other body of the view stands between.
fn drop_nested(view: &View, head: &BodyId, found: &mut Vec<Subject>) {
    found.retain(|subject| {
        let Some(body) = subject.body.and_then(|body| view.body(body)) else { return true };
        if body.id.is_government() {
            return true;
        }
        let mut path = body.id.division().to_owned();
        let segments: Vec<&str> = body.id.segments().collect();
        let between = segments.split_last().map_or(&[][..], |(_, above)| above);
        between.iter().all(|segment| {
            path.push('/');
            path.push_str(segment);
            path.len() <= head.as_str().len() || path.parse().is_ok_and(|id| view.find(&id).is_none())
        })
    });
}

/// Joins bodies whose path was renamed with the body they became, where both are in the list.
fn join_series(view: &View, subjects: &mut Vec<Subject>) {
    let (low, high) =
        subjects.iter().fold((Code::MAX, 0), |(low, high), subject| (low.min(subject.code), high.max(subject.code)));
    if subjects.len() < 2 || !division::renamed_within(low..=high) {
        return;
    }
    let old: Vec<usize> = (0..subjects.len())
        .filter(|&at| subjects.get(at).is_some_and(|subject| division::lineage(subject.code) != subject.code))
        .collect();
    let mut gone = Vec::new();
    for at in old {
        let Some(subject) = subjects.get(at).cloned() else { continue };
        let lineage = division::lineage(subject.code);
        let path = subject.id(view).parse::<BodyId>().map(|id| with_code(&id, lineage)).unwrap_or_default();
        let heir = subjects
            .iter_mut()
            .find(|other| other.code == lineage && other.place == subject.place && other.id(view) == path);
        if let Some(heir) = heir {
            heir.others.extend(subject.body);
            heir.years |= subject.years;
            gone.push(at);
        }
    }
    let mut at = 0;
    subjects.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}

/// The cover of one year, and bodies that reported in another year and are missing from it.
fn cover_of(view: &View, year: Year) -> (Vec<usize>, Vec<usize>) {
    let (mut covering, mut absent) = (Vec::new(), Vec::new());
    let mut next = 0;
    let end = view.bodies().len();
    while next < end {
        let number = next;
        next += 1;
        let Some(body) = view.body(number) else { break };
        match view.meta(number, year) {
            Some(meta) => {
                covering.push(number);
                if body.id.is_government() && meta.scope != Scope::Own {
                    next = view.range(&division::prefix(division::code(&body.id))).end.max(next);
                }
            }
            None => absent.push(number),
        }
    }
    let mut until = 0;
    absent.retain(|&number| {
        let Some(body) = view.body(number).filter(|_| number >= until) else { return false };
        if !body.id.is_government() {
            return true;
        }
        let code = division::code(&body.id);
        let below = view.range(&division::prefix(code));
        let at = covering.partition_point(|&covered| covered < below.start);
        let partly = covering.get(at).is_some_and(|&covered| covered < below.end);
        let expected = !partly && division::valid(code, year);
        if expected {
            until = below.end;
        }
        expected
    });
    (covering, absent)
}
