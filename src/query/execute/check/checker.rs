//! The rules on the reports of one stretch: those that are sure to hold by their columns, the others one by one.

use std::ops::Range;

use super::{
    super::{Context, selection::Selection, whose::bit},
    Found, Member, Part, Want,
    below::Below,
    counts::Groups,
    desk::Desk,
    screen,
};
use crate::{
    check::{self, Case, Previous, Sheet, Wanted, Whole},
    error::Result,
    model::{BodyId, Finding, Report, Status, Year},
    schema::{Rule, RuleScope, places},
    store::View,
};

/// Some subjects in one year, all of one chunk.
struct Task {
    /// The year, by its place in the plan.
    at: usize,
    year: Year,
    subjects: Range<usize>,
}

/// What a thread keeps between tasks.
pub(super) struct Bench<'a> {
    desk: Desk<'a>,
    now: Sheet,
    before: Sheet,
}

pub(super) struct Checker<'a> {
    pub(super) view: &'a View,
    pub(super) context: &'a Context<'a>,
    pub(super) selection: &'a Selection,
    pub(super) want: Want,
    pub(super) groups: Groups<'a>,
    wanted: &'a [&'a Rule],
    /// The wanted rules that columns can decide, and those that they cannot.
    by_columns: Wanted,
    rest: Vec<&'a Rule>,
    needs: Needs,
    /// How alike two texts are is told where results are listed; it counts for nothing.
    wording: bool,
}

/// What rules read beside the cells of one report.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Needs {
    /// Prose, dates, printed text.
    reports: bool,
    /// The year before.
    pub(in super::super) years: bool,
    /// The bodies below.
    pub(in super::super) levels: bool,
}

/// Fewer reports than this are evaluated one by one.
const FEW: usize = 16;
/// So many whole reports are read together: one record may hold thousands.
const TOGETHER: usize = 256;

impl Needs {
    pub(in super::super) fn of(rules: &[&Rule]) -> Self {
        let scope = |scope| rules.iter().any(|rule| rule.scope == scope);
        Self {
            reports: rules.iter().any(|rule| check::reads_text(rule)),
            years: rules.iter().any(|rule| rule.scope == RuleScope::Years || rule.group == "plausibility"),
            levels: scope(RuleScope::Levels),
        }
    }
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        wanted: &'a [&'a Rule],
        want: Want,
        groups: Groups<'a>,
        selection: &'a Selection,
        view: &'a View,
        context: &'a Context<'a>,
    ) -> Self {
        let (plain, rest): (Vec<&Rule>, Vec<&Rule>) = wanted.iter().partition(|rule| check::is_plain(rule));
        let needs = Needs::of(wanted);
        Self {
            view,
            context,
            selection,
            want,
            groups,
            wanted,
            by_columns: Wanted::of(&plain),
            rest,
            needs,
            wording: want == Want::Rows && wanted.iter().any(|rule| rule.id == "XY-CLONE"),
        }
    }

    pub(super) fn bench(&self) -> Bench<'a> {
        Bench { desk: Desk::new(self.view), now: Sheet::new(), before: Sheet::new() }
    }

    /// How many subjects are gone through before what was found is handed over: reports that are opened take long.
    pub(super) fn most_at_once(&self) -> usize {
        if self.needs.reports || self.wording { TOGETHER } else { usize::MAX }
    }

    /// Some subjects of one chunk, all years.
    pub(super) fn run(&self, bench: &mut Bench<'a>, years: &[Year], subjects: &Range<usize>) -> Result<Part> {
        let mut part = Part::default();
        for (at, &year) in years.iter().enumerate() {
            self.year(bench, &Task { at, year, subjects: subjects.clone() }, &mut part)?;
        }
        part.found.sort_by_key(|found| (found.subject, found.year));
        Ok(part)
    }

    fn year(&self, bench: &mut Bench<'a>, task: &Task, part: &mut Part) -> Result<()> {
        self.context.go_on()?;
        let members = self.members(task, part);
        let screened = self.want != Want::Rows && members.len() >= FEW && self.rest.len() < self.wanted.len();
        let plain =
            if screened { screen::plain(&mut bench.desk, self.by_columns, task.year, &members) } else { Vec::new() };
        let mut plain = plain.into_iter();
        for members in members.chunks(TOGETHER) {
            let mut reports = self.read(members, task.year).into_iter();
            for member in members {
                let (holds, report) = (plain.next().flatten(), reports.next().flatten());
                if let Some(plain) = &holds {
                    self.groups.add_plain(part, member.number, task.at, plain);
                }
                let rules = if holds.is_some() { self.rest.as_slice() } else { self.wanted };
                if !rules.is_empty() {
                    self.context.go_on()?;
                    self.one(bench, (member, report), task, rules, part);
                }
            }
        }
        self.groups.close(part);
        Ok(())
    }

    /// The whole reports, where a rule asks for text.
    fn read(&self, members: &[Member], year: Year) -> Vec<Option<Report>> {
        if !self.needs.reports {
            return Vec::new();
        }
        let bodies: Vec<usize> = members.iter().map(|member| member.body).collect();
        self.view.reports(&bodies, year)
    }

    /// The reports there are; those that are not are noted.
    fn members(&self, task: &Task, part: &mut Part) -> Vec<Member> {
        let mut members = Vec::with_capacity(task.subjects.len());
        for (number, subject) in self.selection.range(task.subjects.clone()) {
            if subject.years & bit(task.at) == 0 {
                continue;
            }
            let report = |year| {
                let body = subject.report(self.view, year)?;
                Some((body, self.view.meta(body, year)?.templates))
            };
            match report(task.year) {
                None => part.missing.push((number, task.at)),
                Some((body, templates)) => {
                    let before = task.year.previous().filter(|_| self.needs.years).and_then(report);
                    members.push(Member { number, body, templates, before });
                }
            }
        }
        members
    }

    /// One report by the evaluator; the whole report where it was read already.
    fn one(
        &self,
        bench: &mut Bench<'a>,
        (member, report): (&Member, Option<Report>),
        task: &Task,
        rules: &[&Rule],
        part: &mut Part,
    ) {
        let (Some(known), Some(meta)) = (self.view.body(member.body), self.view.meta(member.body, task.year)) else {
            return;
        };
        let needs = Needs::of(rules);
        if !bench.desk.fill(&mut bench.now, member.body, task.year) {
            return;
        }
        let before = member.before.filter(|_| needs.years).zip(task.year.previous());
        let before = before.is_some_and(|((body, _), year)| bench.desk.fill(&mut bench.before, body, year));
        let earlier = member.before.filter(|_| self.wording && before).zip(task.year.previous());
        let earlier = earlier.and_then(|((body, _), year)| self.view.report(body, year));
        let report = match report {
            None if needs.reports || self.wording => self.view.report(member.body, task.year),
            given => given,
        };
        let below = if needs.levels {
            Below::of(&known.id, task.year, &mut bench.desk, self.view, self.context.register)
        } else {
            Below::default()
        };
        let parts: Vec<(&BodyId, &Sheet)> = below.parts.iter().map(|(id, sheet)| (id, sheet)).collect();
        let whole = Whole { sheet: &bench.now, scope: meta.scope, complete: below.complete };
        let excuse = || check::excuse(&places().changes, &known.id, task.year);
        let case = Case {
            subject: check::Subject {
                body: &known.id,
                kind: known.kind,
                year: task.year,
                scope: meta.scope,
                published: report.as_ref().and_then(|report| report.published.as_deref()),
            },
            sheet: &bench.now,
            report: report.as_ref(),
            previous: before.then(|| Previous {
                sheet: &bench.before,
                claims: earlier.as_ref().map_or(&[][..], |report| &report.claims),
                excuse: excuse(),
            }),
            below: needs.levels.then_some((whole, parts.as_slice())),
        };
        let found = match self.want {
            Want::Counts => {
                for (rule, status) in check::results(&case, rules) {
                    self.groups.add(part, member.number, task.at, rule, status);
                }
                return;
            }
            Want::Rows => check::rows(&case, rules),
            Want::Failures => check::failures(&case, rules),
        };
        let standing = |finding: &Finding| {
            // What a person decides is about what fails, not about what else the rule says.
            if finding.status != Status::Fail {
                return None;
            }
            let verdict = check::standing(self.context.verdicts, &finding.rule, &known.id, task.year, &found)?;
            serde_json::to_value(verdict.decision).ok()?.as_str().map(str::to_owned)
        };
        let verdicts: Vec<Option<String>> = found.iter().map(standing).collect();
        part.failures += found.iter().filter(|finding| finding.status == Status::Fail).map(|_| 1).sum::<u64>();
        part.found.extend(found.into_iter().zip(verdicts).map(|(finding, verdict)| Found {
            subject: member.number,
            year: task.at,
            finding,
            verdict,
        }));
    }
}
