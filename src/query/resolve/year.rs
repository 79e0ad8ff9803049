//! Report years: ranges and lists, or the years from the first to the last report of those asked about.

use std::ops::Range;

use super::Work;
use crate::{
    diagnostic::Diagnostic,
    model::{BodyId, Year},
    query::{
        ast::{Clauses, Name, Query, Spanned, StatementKind, Thing, Verb, YearRange, YearWord},
        lexicon::Lexicon,
        parse::parse,
        plan,
    },
    schema,
    store::View,
    text::{Source, Span},
};

impl Work<'_> {
    /// The years of a question, in order, each once; and their canonical form.
    pub(super) fn years(&mut self, query: &Query, places: &[plan::Place], canonical: &mut Query) -> Vec<Year> {
        let stored = self.context.view.years();
        let Some(clause) = &query.clauses.years else {
            let years = self.reported(places, &stored);
            if !years.is_empty() && speaks_of_years(&query.verb) {
                canonical.clauses.years = Some(Spanned::new(ranges(&years, query.span), query.span));
            }
            return years;
        };
        let mut years: Vec<Year> = Vec::new();
        let mistakes = self.errors.len();
        for range in &clause.value {
            years.extend(self.range(range));
        }
        years.sort_unstable();
        years.dedup();
        let figures = matches!(query.verb, Verb::Ask(_) | Verb::Why(_));
        if figures
            && self.errors.len() == mistakes
            && !years.is_empty()
            && !stored.is_empty()
            && !years.iter().any(|year| stored.contains(year))
        {
            self.not_in_store(clause.span, &years, &stored);
        }
        if !years.is_empty() {
            canonical.clauses.years = Some(Spanned::new(ranges(&years, clause.span), clause.span));
        }
        years
    }

    /// Every year from the first to the last report of the places, so that a gap between them shows and years
    /// before and after do not. Places without any report leave the years of the store.
    fn reported(&self, places: &[plan::Place], stored: &[Year]) -> Vec<Year> {
        let view = self.context.view;
        let bodies: Vec<Range<usize>> = places.iter().flat_map(|place| numbers(view, place)).collect();
        let reports = |year: &&Year| bodies.iter().any(|bodies| view.present(**year, bodies.clone()).next().is_some());
        let first = stored.iter().find(reports).or(stored.first());
        let last = stored.iter().rev().find(reports).or(stored.last());
        let (Some(&first), Some(&last)) = (first, last) else { return Vec::new() };
        std::iter::successors(Some(first), |year| year.next()).take_while(|year| *year <= last).collect()
    }

    pub(super) fn range(&mut self, range: &YearRange) -> Vec<Year> {
        if let (YearWord::Param(name), None) = (&range.first, &range.last) {
            return self.several(name);
        }
        let Some(first) = self.year(&range.first) else { return Vec::new() };
        let Some(word) = &range.last else { return vec![first] };
        let Some(last) = self.year(word) else { return vec![first] };
        if last < first {
            let span = range.first.span().join(word.span());
            let turned = format!("{last}..{first}");
            self.error(
                Diagnostic::error("GK0217", span)
                    .with("first", first.to_string())
                    .with("last", last.to_string())
                    .fix(turned.clone())
                    .suggest([turned]),
            );
            return Vec::new();
        }
        std::iter::successors(Some(first), |year| year.next()).take_while(|year| *year <= last).collect()
    }

    /// The years of a parameter that stands for a whole clause: `2024`, `2020..2024`, `2019, 2021`.
    fn several(&mut self, name: &Name) -> Vec<Year> {
        let Some(value) = self.param(name) else { return Vec::new() };
        let Some(mut written) = written(&value) else {
            self.wrong_param(name, &value);
            return Vec::new();
        };
        for word in written.iter_mut().flat_map(|range| std::iter::once(&mut range.first).chain(&mut range.last)) {
            if let YearWord::Number(number) = word {
                number.span = name.span;
            }
        }
        written.iter().flat_map(|range| self.range(range)).collect()
    }

    /// One year as a number or parameter.
    pub(super) fn year(&mut self, word: &YearWord) -> Option<Year> {
        match word {
            YearWord::Number(number) => {
                let year = u16::try_from(number.value).ok().and_then(Year::new);
                if year.is_none() {
                    self.error(
                        Diagnostic::error("GK0216", number.span)
                            .with("year", number.value.to_string())
                            .with("first", Year::FIRST.to_string())
                            .with("last", Year::LAST.to_string()),
                    );
                }
                year
            }
            YearWord::Param(name) => {
                let value = self.param(name)?;
                let year = value.parse().ok().and_then(Year::new);
                if year.is_none() {
                    self.wrong_param(name, &value);
                }
                year
            }
        }
    }

    fn not_in_store(&mut self, span: Span, years: &[Year], stored: &[Year]) {
        let near = |year: &Year| years.iter().map(|asked| asked.number().abs_diff(year.number())).min();
        let mut nearest: Vec<Year> = stored.to_vec();
        nearest.sort_by_key(|year| (near(year), *year));
        let list = |years: &[Year]| printed(&ranges(years, span));
        self.error(
            Diagnostic::error("GK0205", span)
                .with("year", list(years))
                .with("stored", list(stored))
                .suggest(nearest.iter().map(ToString::to_string)),
        );
    }
}

/// Years as the grammar reads them; nothing where the text is anything else, or begins with a parameter again.
fn written(text: &str) -> Option<Vec<YearRange>> {
    let parsed = parse(&Source::new("param", format!("show years {text}")), &Lexicon::default());
    let [statement] = parsed.script.statements.as_slice() else { return None };
    let StatementKind::Query(query) = &statement.kind else { return None };
    let years = query.clauses.years.as_ref()?;
    let only = Clauses { years: Some(years.clone()), ..Clauses::default() };
    let plain = parsed.diagnostics.is_empty() && query.clauses == only && query.stages.is_empty();
    let literal = |word: &YearWord| matches!(word, YearWord::Number(_));
    let literal = years.value.iter().all(|range| literal(&range.first) && range.last.as_ref().is_none_or(literal));
    (plain && literal).then(|| years.value.clone())
}

/// The numbers of the bodies that a place may mean in some year: its own, and those of its series.
fn numbers(view: &View, place: &plan::Place) -> Vec<Range<usize>> {
    let (id, whole) = match place {
        plan::Place::Body(id) => (id, false),
        plan::Place::Children(id) | plan::Place::Below(id) => (id, true),
    };
    if !whole && !id.is_government() {
        return vec![view.range(id.as_str())];
    }
    let series = schema::places().lineage(id.division());
    let codes = series.iter().map(|row| row.code).chain([id.division()]);
    codes
        .filter_map(|code| {
            let own = || BodyId::government(code).ok().and_then(|id| view.find(&id)).map(|at| at..at + 1);
            if whole { Some(view.range(&id.as_str().replacen(id.division(), tier(code), 1))) } else { own() }
        })
        .collect()
}

/// The digits that all codes below a division begin with: `14` of a province, `1401` of a prefecture.
fn tier(code: &str) -> &str {
    let short = code.trim_end_matches("00");
    if short.is_empty() { code } else { short }
}

/// Whether the answer depends on years at all: what the program knows does not.
fn speaks_of_years(verb: &Verb) -> bool {
    !matches!(verb, Verb::Show(thing) if matches!(thing.value, Thing::Categories | Thing::Rules | Thing::Places | Thing::Years))
}

/// Years as ranges: consecutive ones joined.
fn ranges(years: &[Year], span: Span) -> Vec<YearRange> {
    let word = |year: Year| YearWord::Number(Spanned::new(u32::from(year.number()), span));
    let mut ranges: Vec<(Year, Year)> = Vec::new();
    for &year in years {
        match ranges.last_mut() {
            Some((_, last)) if last.next() == Some(year) => *last = year,
            _ => ranges.push((year, year)),
        }
    }
    ranges
        .into_iter()
        .map(|(first, last)| YearRange { first: word(first), last: (first != last).then(|| word(last)) })
        .collect()
}

fn printed(ranges: &[YearRange]) -> String {
    let word = |word: &YearWord| match word {
        YearWord::Number(number) => number.value.to_string(),
        YearWord::Param(name) => format!("${}", name.value),
    };
    let one = |range: &YearRange| match &range.last {
        Some(last) => format!("{}..{}", word(&range.first), word(last)),
        None => word(&range.first),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(", ")
}
