//! Whose reports a statement is about: bodies with their series, and the years each is expected in.

use std::{borrow::Cow, sync::Arc};

use super::{
    super::{
        PlaceName,
        plan::{Level, Place, Plan},
    },
    division::{self, Code},
    selection::Selection,
};
use crate::{
    model::{Body, BodyId, Year},
    schema::places,
    store::{Rank, View},
};

/// A set of the years asked for, by their place in the plan.
pub(crate) type Years = u128;

/// One body, with every number its series has in the view. There may be hundreds of thousands: it is kept small.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// The years a report is expected for.
    pub(crate) years: Years,
    /// What few bodies have.
    rare: Option<Arc<Rare>>,
    /// Code of its division, the newest of its series.
    pub(crate) code: Code,
    /// Its number in the view; [`NONE`] where it has no report under its own path.
    number: u32,
    /// Which place of the list it came from, where places are kept apart; else 0.
    pub(crate) place: u16,
    /// Tier.
    pub(crate) level: Level,
}

const NONE: u32 = u32::MAX;

#[derive(Clone, Debug, Default)]
struct Rare {
    /// Numbers of earlier or later paths of the same series.
    others: Vec<usize>,
    /// Path, for a body that is not in the view and not the government of its code.
    absent: Option<BodyId>,
}

impl Subject {
    pub(crate) fn new(code: Code, body: Option<usize>, level: Level) -> Self {
        let number = body.and_then(|body| u32::try_from(body).ok()).unwrap_or(NONE);
        Self { code, number, rare: None, level, place: 0, years: 0 }
    }

    /// One that is alike, of another body of the view.
    pub(crate) fn of_rank(&self, body: usize, rank: Rank) -> Self {
        let (years, place) = (self.years, self.place);
        Self { years, place, ..Self::new(rank.code, Some(body), division::level_of(rank)) }
    }

    /// Its number in the view, where it has a report under its own path.
    #[inline]
    pub(crate) fn body(&self) -> Option<usize> {
        (self.number != NONE).then_some(self.number as usize)
    }

    /// Numbers of earlier or later paths of the same series.
    pub(crate) fn others(&self) -> &[usize] {
        self.rare.as_ref().map_or(&[], |rare| &rare.others)
    }

    fn rare(&mut self) -> &mut Rare {
        Arc::make_mut(self.rare.get_or_insert_default())
    }

    /// The number that stands for it in the view whatever the year; nothing where that depends on the year.
    #[inline]
    pub(crate) fn plain(&self) -> Option<usize> {
        if self.rare.is_none() { self.body() } else { None }
    }

    /// The number under which this series has a report for the year; the code valid in that year first.
    pub(crate) fn report(&self, view: &View, year: Year) -> Option<usize> {
        let there = |body: &usize| view.meta(*body, year).is_some();
        if self.others().is_empty() {
            return self.body().filter(there);
        }
        let mut found: Vec<usize> = self.body().iter().chain(self.others()).copied().filter(there).collect();
        found.sort_by_key(|&body| {
            let code = view.rank(body).map_or(0, |rank| rank.code);
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
        self.path(self.known(view)).into_owned()
    }

    fn path<'a>(&'a self, known: Option<&'a Body>) -> Cow<'a, str> {
        match (known, self.rare.as_ref().and_then(|rare| rare.absent.as_ref())) {
            (Some(body), _) if division::code(&body.id) == self.code => body.id.as_str().into(),
            (Some(body), _) => with_code(&body.id, self.code).into(),
            (None, Some(id)) => id.as_str().into(),
            (None, None) => division::text(self.code).into(),
        }
    }

    /// Code, name and path as an answer gives them.
    pub(crate) fn place_name(&self, view: &View) -> PlaceName {
        self.named(view, &mut Names::default())
    }

    /// The same, for one who names many.
    pub(crate) fn named(&self, view: &View, names: &mut Names) -> PlaceName {
        let known = self.known(view);
        names.of(&self.path(known), known.map(|body| body.name.as_str()))
    }

    fn known<'a>(&self, view: &'a View) -> Option<&'a Body> {
        self.body().or(self.others().first().copied()).and_then(|body| view.body(body))
    }

    pub(crate) fn expect(&mut self, view: &View, years: &[Year], government: bool) {
        if !government && self.rare.is_none() {
            self.years = all(years);
            return;
        }
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
        self.others().is_empty() && division::lineage(self.code) != self.code
    }
}

/// Names bodies one after another: what those of one division share is looked up once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The division of the last one.
    code: String,
    /// What it is called with all above it, and alone where it is known.
    path: String,
    place: Option<&'static str>,
}

impl Names {
    /// Code, name and path of a body path; the name from the divisions for a government, else the last segment.
    pub(crate) fn of(&mut self, id: &str, name: Option<&str>) -> PlaceName {
        let (code, segments) = id.split_once('/').map_or((id, None), |(code, segments)| (code, Some(segments)));
        if self.code != code {
            let named = places().named(code);
            named.map_or(code, |(_, path)| path).clone_into(&mut self.path);
            self.place = named.map(|(name, _)| name);
            code.clone_into(&mut self.code);
        }
        let (name, path) = match (segments, self.place) {
            // A government is called by its place, whatever the report calls it.
            (None, place) => (place.or(name).unwrap_or(code), self.path.clone()),
            (Some(segments), _) => {
                let last = || segments.rsplit('/').next().unwrap_or(segments);
                (name.unwrap_or_else(last), [self.path.as_str(), segments].join("/"))
            }
        };
        PlaceName { code: id.to_owned(), name: name.to_owned(), path }
    }
}

/// Code, name and path of one body path.
pub(crate) fn named(id: &str, name: Option<&str>) -> PlaceName {
    Names::default().of(id, name)
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

/// Every year of a plan.
fn all(years: &[Year]) -> Years {
    (0..years.len()).fold(0, |all, at| all | bit(at))
}

/// The bodies of a plan. `figures` says that they will be added up, which keeps own reports out of sets of governments.
pub(crate) fn select(plan: &Plan, view: &View, figures: bool) -> Selection {
    let mut selection = Selection::new(view);
    let years = &plan.years;
    match (plan.whose.places.as_slice(), plan.whose.level) {
        ([], None) => selection.cover(view, years),
        ([], Some(level)) => {
            let all = Set { codes: 0..=999_999, prefix: None, itself: true };
            selection.settle(view, years, all.bodies(view, &|_, at| at == level), false, false);
        }
        (listed, level) => {
            let mut subjects = Vec::new();
            for (at, place) in listed.iter().enumerate() {
                let mut found = selection.listed(view, place, level, figures);
                if plan.whose.apart {
                    for subject in &mut found {
                        subject.place = u16::try_from(at).unwrap_or(u16::MAX);
                    }
                }
                subjects.append(&mut found);
            }
            let named = level.is_none() && listed.iter().all(|place| matches!(place, Place::Body(_)));
            selection.settle(view, years, subjects, named, listed.len() > 1);
        }
    }
    selection.options(plan, view);
    selection
}

/// A stretch of the hierarchy.
struct Set {
    codes: std::ops::RangeInclusive<Code>,
    /// What every path begins with, where it is not the codes that say who belongs to it.
    prefix: Option<String>,
    /// Whether the body at its head belongs to it.
    itself: bool,
}

impl Set {
    fn below(id: &BodyId) -> Self {
        if id.is_government() {
            let code = division::code(id);
            Self { codes: division::under(code), prefix: None, itself: false }
        } else {
            // No division lies below a body that is not a government, and none has this code.
            Self { codes: 1..=1, prefix: Some(format!("{id}/")), itself: true }
        }
    }

    /// Bodies of the view and divisions without any report that `wanted` accepts (by parent and tier), in path order.
    fn bodies(&self, view: &View, wanted: &dyn Fn(Option<Code>, Level) -> bool) -> Vec<Subject> {
        let mut divisions = division::divisions(self.codes.clone()).filter(|&code| {
            (self.itself || code != *self.codes.start()) && wanted(division::parent(code), division::tier(code))
        });
        let mut next = divisions.next();
        let mut found = Vec::new();
        let ranks = view.ranks();
        let numbers = match &self.prefix {
            Some(prefix) => view.range(prefix),
            None => ranks.coded(self.codes.clone()),
        };
        for (number, rank) in numbers.clone().zip(ranks.each(numbers)) {
            let Rank { code, government, .. } = rank;
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
            let level = division::level_of(rank);
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
    fn settle(&mut self, view: &View, years: &[Year], mut subjects: Vec<Subject>, named: bool, several: bool) {
        join_series(view, &mut subjects);
        if several {
            // Each list is in path order; together they may repeat and mix.
            let keyed = subjects.into_iter();
            let mut keyed: Vec<_> = keyed.map(|subject| ((subject.place, subject.id(view)), subject)).collect();
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            keyed.dedup_by(|a, b| a.0 == b.0);
            subjects = keyed.into_iter().map(|(_, subject)| subject).collect();
        }
        for subject in &mut subjects {
            let government = subject.is_government();
            // A place named in the query is expected whenever its division was there; other bodies always.
            subject.expect(view, years, government);
        }
        for subject in subjects.iter().filter(|_| named) {
            let gone = years.iter().enumerate().filter(|&(at, _)| subject.years & bit(at) == 0);
            self.not_valid.extend(gone.map(|(_, &year)| (subject.id(view), year)));
        }
        subjects.retain(|subject| subject.years != 0);
        self.fill(subjects);
    }

    /// For each year the reports that no aggregate report of the same year contains.
    fn cover(&mut self, view: &View, years: &[Year]) {
        // Bodies at which a year begins or ends to count.
        let mut ends: Vec<(usize, Years)> = Vec::new();
        for (at, &year) in years.iter().enumerate() {
            super::cover::cover(view, year, |bodies| ends.extend([(bodies.start, bit(at)), (bodies.end, bit(at))]));
        }
        ends.sort_unstable_by_key(|&(body, _)| body);
        let (mut from, mut now) = (0, 0);
        for (body, year) in ends {
            if now != 0 {
                self.add(from..body, now);
            }
            (from, now) = (body, now ^ year);
        }
        if self.any_code(|code| division::lineage(code) != code) {
            self.edit(|subjects| join_series(view, subjects));
        }
        self.cover_differs = !self.always(all(years));
    }

    fn options(&mut self, plan: &Plan, view: &View) {
        if plan.options.complete {
            let (before, all) = (self.len(), all(&plan.years));
            let complete = |subject: &Subject| {
                subject.years == all && plan.years.iter().all(|&year| subject.report(view, year).is_some())
            };
            self.edit(|subjects| subjects.retain(complete));
            self.incomplete = before - self.len();
        }
        if plan.options.comparable
            && let (Some(&first), Some(&last)) = (plan.years.iter().min(), plan.years.iter().max())
        {
            let before = self.len();
            let whole = |subject: &Subject| {
                let mut crossed = (first.number() + 1..=last.number()).filter_map(Year::new);
                !crossed.any(|year| division::breaks(subject.code, year))
            };
            self.edit(|subjects| subjects.retain(whole));
            self.broken = before - self.len();
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
            subject.number = u32::try_from(number).unwrap_or(NONE);
        } else {
            subject.rare().others.push(number);
        }
        if let Some(body) = view.body(number).filter(|body| !body.id.is_government()) {
            subject.level = division::level(body);
        }
    }
    if subject.body().is_none() && subject.others().is_empty() && !id.is_government() {
        subject.level = Level::Department;
        subject.rare().absent = with_code(id, lineage).parse().ok();
    }
    subject
}

/// Keeps of the bodies below `head` those that lie directly below it: no other body of the view stands between.
fn drop_nested(view: &View, head: &BodyId, found: &mut Vec<Subject>) {
    found.retain(|subject| {
        let Some(body) = subject.body().and_then(|body| view.body(body)) else { return true };
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
    let mut last = (0, false);
    let mut renamed = |code| {
        // Bodies of one division follow each other: most need no look-up.
        if last.0 != code {
            last = (code, division::lineage(code) != code);
        }
        last.1
    };
    let old: Vec<usize> =
        subjects.iter().enumerate().filter(|(_, subject)| renamed(subject.code)).map(|(at, _)| at).collect();
    if old.is_empty() {
        return;
    }
    let mut gone = Vec::new();
    for at in old {
        let Some(subject) = subjects.get(at).cloned() else { continue };
        let lineage = division::lineage(subject.code);
        let path = subject.id(view).parse::<BodyId>().map(|id| with_code(&id, lineage)).unwrap_or_default();
        let heir = subjects
            .iter_mut()
            .find(|other| other.code == lineage && other.place == subject.place && other.id(view) == path);
        if let Some(heir) = heir {
            heir.rare().others.extend(subject.body());
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
