//! Results counted by rule, body, year and the divisions above.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    super::{
        super::{
            Answer, Field,
            plan::{Dimension, Plan},
        },
        list::{answer, item, titles},
        rows::ordinal,
        selection::Selection,
        spots::Spots,
        whose::Names,
    },
    Part,
};
use crate::{
    check::{Plain, Tally},
    model::Status,
    schema::{Rule, rules},
    store::View,
};

pub(super) const STATUSES: [Status; 5] =
    [Status::Pass, Status::Fail, Status::PassIfBlankIsZero, Status::Unassessable, Status::NotApplicable];

/// Where a result is counted: group of bodies, year of the plan, rule of the file. What is not asked for is 0.
type Place = (usize, usize, usize);

/// How often each status came out; of failures also how often each severity.
#[derive(Clone, Copy, Debug, Default)]
struct Results {
    statuses: [u64; 5],
    severities: [u64; 3],
}

/// Results by place.
#[derive(Debug, Default)]
pub(super) struct Counts {
    of: BTreeMap<Place, Results>,
    /// Reports in a row that hold by their columns and are counted alike: they are entered together.
    run: Option<(usize, usize, Arc<Plain>, u64)>,
}

impl Counts {
    /// Adds those of another stretch, whose reports in a row are entered.
    pub(super) fn add(&mut self, other: Self) {
        for (place, counts) in other.of {
            let sums = self.of.entry(place).or_default();
            sums.statuses.iter_mut().zip(counts.statuses).for_each(|(sum, count)| *sum += count);
            sums.severities.iter_mut().zip(counts.severities).for_each(|(sum, count)| *sum += count);
        }
    }
}

/// The groups that results are counted in.
pub(super) struct Groups<'a> {
    plan: &'a Plan,
    by: Vec<Dimension>,
    spots: Spots,
    failed_only: bool,
}

impl<'a> Groups<'a> {
    pub(super) fn new(plan: &'a Plan, selection: &Selection, failed_only: bool) -> Self {
        let counted = |dimension: &Dimension| {
            !matches!(dimension, Dimension::Category | Dimension::Applicant | Dimension::Template)
        };
        let by: Vec<Dimension> = plan.by.iter().copied().filter(counted).collect();
        Self { plan, spots: Spots::new(plan, &by, selection), by, failed_only }
    }

    fn place(&self, subject: usize, year: usize, rule: usize) -> Place {
        let asked = |dimension, at| if self.by.contains(&dimension) { at } else { 0 };
        let spot = self.spots.of(subject);
        (spot, asked(Dimension::Year, year), asked(Dimension::Rule, rule))
    }

    fn count(&self, counts: &mut Counts, place: Place, rule: &Rule, status: Status, times: u64) {
        if times == 0 || self.failed_only && status != Status::Fail {
            return;
        }
        let results = counts.of.entry(place).or_default();
        if let Some(count) = results.statuses.get_mut(STATUSES.iter().position(|&known| known == status).unwrap_or(5)) {
            *count += times;
        }
        let severity = if status == Status::Fail { rule.severity as usize } else { 3 };
        if let Some(count) = results.severities.get_mut(severity) {
            *count += times;
        }
    }

    /// Whether every row is one report.
    fn each_report(&self) -> bool {
        let one_year = self.by.contains(&Dimension::Year) || self.plan.years.len() == 1;
        one_year && self.by.contains(&Dimension::Body) && !self.by.contains(&Dimension::Rule)
    }

    /// Counts one result.
    pub(super) fn add(&self, part: &mut Part, subject: usize, year: usize, rule: &Rule, status: Status) {
        part.failures += u64::from(status == Status::Fail);
        self.count(&mut part.counts, self.place(subject, year, number(rule)), rule, status, 1);
    }

    /// Counts a report that holds by its columns.
    pub(super) fn add_plain(&self, part: &mut Part, subject: usize, year: usize, plain: &Arc<Plain>) {
        let spot = self.place(subject, year, 0).0;
        match &mut part.counts.run {
            Some((of, at, same, count)) if (*of, *at) == (spot, year) && Arc::ptr_eq(same, plain) => *count += 1,
            _ => {
                self.close(part);
                part.counts.run = Some((spot, year, Arc::clone(plain), 1));
            }
        }
    }

    /// Enters what is counted in a row.
    pub(super) fn close(&self, part: &mut Part) {
        let Some((spot, year, plain, reports)) = part.counts.run.take() else { return };
        for &(rule, passes) in &plain.passes {
            let asked = |dimension, at| if self.by.contains(&dimension) { at } else { 0 };
            let place = (spot, asked(Dimension::Year, year), asked(Dimension::Rule, number(rule)));
            let (status, times) = if passes == 0 { (Status::NotApplicable, 1) } else { (Status::Pass, passes) };
            self.count(&mut part.counts, place, rule, status, times * reports);
        }
    }

    /// One row a group, in the order of the dimensions.
    pub(super) fn answer(&self, counts: Counts, selection: &Selection, view: &View) -> Answer {
        let shown = |status: &Status| !self.failed_only || *status == Status::Fail;
        let mut rows: Vec<(Vec<u64>, Vec<Field>)> = Vec::with_capacity(counts.of.len());
        let mut names = Names::default();
        for ((spot, year, rule), results) in counts.of {
            let order = self.by.iter().map(|&dimension| match dimension {
                Dimension::Year => ordinal(year),
                Dimension::Rule => ordinal(rule),
                _ => self.spots.ordinal(spot, dimension, selection),
            });
            let mut row: Vec<Field> = self
                .by
                .iter()
                .map(|&dimension| match dimension {
                    Dimension::Year => self.plan.years.get(year).map_or(Field::None, |&year| Field::Year(year)),
                    Dimension::Rule => rules().get(rule).map_or(Field::None, |rule| item(&rule.id)),
                    _ => self.spots.field(spot, dimension, selection, view, &mut names),
                })
                .collect();
            let counts = STATUSES.iter().zip(results.statuses).filter(|(status, _)| shown(status));
            row.extend(counts.map(|(_, count)| Field::Whole(count)));
            if self.each_report() {
                row.push(item(results.conclusion()));
            }
            rows.push((order.collect(), row));
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let mut ids: Vec<&str> = self.by.iter().map(|dimension| dimension.id()).collect();
        let dimensions = ids.iter().map(|&id| id.to_owned()).collect();
        ids.extend(STATUSES.iter().filter(|status| shown(status)).map(|status| status.id()));
        if self.each_report() {
            ids.push("conclusion");
        }
        Answer { dimensions, ..answer(titles(&ids), rows.into_iter().map(|(_, row)| row).collect()) }
    }
}

impl Results {
    /// What the report as a whole comes to.
    fn conclusion(&self) -> &'static str {
        let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let [pass, _, blank, unassessable, _] = self.statuses.map(count);
        let [errors, warnings, infos] = self.severities.map(count);
        let key = Tally { pass, errors, warnings, infos, blank, unassessable }.key();
        key.split_once('.').map_or(key, |(_, id)| id)
    }
}

fn number(rule: &Rule) -> usize {
    rules().iter().position(|known| std::ptr::eq(known, rule) || known.id == rule.id).unwrap_or(usize::MAX)
}
