//! Measures: from names to sums of categories, with the base that a share divides by.

use super::{Work, offer, word};
use crate::{
    diagnostic::{Diagnostic, Level},
    model::{Applicant, CategoryCode, Table},
    query::{
        ast::{self, Measure, Statistic, TermKind},
        lexicon::keyword_of,
        plan::{self, Formula, Member, Part, Sum, Term},
        suggest,
    },
    schema::{Catalogue, Comparability, Kind, Meaning, Named, Operand, catalogue, names, pinyin_begins},
};

/// A measure that was found, with what only its name tells.
pub(super) struct Found {
    measure: plan::Measure,
    /// What a share of it divides by.
    base: Option<Operand>,
}

/// `outcome.*` for `outcome`, where each of its parts has a base: a share of each may be what was meant.
fn parts_of(measure: &Measure) -> Vec<String> {
    let name = &measure.name.value;
    let parts = names().find(name).into_iter().find_map(|named| children(catalogue(), named));
    let sign = keyword_of("members").and_then(|keyword| keyword.zh.first()).filter(|_| !name.is_ascii());
    let each = format!("{name}{}", sign.unwrap_or(&".*"));
    let based = |part: &&Named| value_of(part).is_some_and(|found| natural(&found, false).is_some());
    parts.filter(|parts| !measure.members && parts.iter().all(based)).map(|_| each).into_iter().collect()
}

impl Work<'_> {
    /// A term, and its canonical form in `printed`. `columns` says whether the question is about single columns of table 3.
    pub(super) fn term(&mut self, term: &ast::Term, printed: &mut ast::Term, columns: bool) -> Option<Term> {
        let (kind, measure, out_of) = match &term.kind {
            TermKind::Share { of, out_of } => (plan::TermKind::Share, of, out_of.as_ref()),
            TermKind::Change(measure) => (plan::TermKind::Change, measure, None),
            TermKind::Plain(measure) => (plan::TermKind::Value, measure, None),
        };
        let found = self.members(measure);
        let base = out_of.map(|base| (base, self.single(base)));
        let (found, base) = match (found, base) {
            (Some(found), None) => (found, None),
            (Some(found), Some((word, Some(base)))) => (found, Some((word, base))),
            _ => return None,
        };
        self.print_measure(measure, &found, measured(&mut printed.kind));
        if kind == plan::TermKind::Share {
            return self.share(term, found, base.as_ref(), printed, columns);
        }
        let members = found.into_iter().map(|found| Member { measure: found.measure, base: None }).collect();
        Some(Term { statistic: term.statistic.as_ref().map(|which| statistic(which.value)), kind, members })
    }

    fn share(
        &mut self,
        term: &ast::Term,
        found: Vec<Found>,
        base: Option<&(&Measure, Found)>,
        printed: &mut ast::Term,
        columns: bool,
    ) -> Option<Term> {
        let TermKind::Share { of, .. } = &term.kind else { return None };
        for measure in found.iter().chain(base.map(|(_, found)| found)) {
            if !matches!(measure.measure.formula, Formula::Sum(_)) {
                self.error(Diagnostic::error("GK0208", of.span).with("id", measure.measure.id.clone()));
                return None;
            }
        }
        let mut members = Vec::new();
        let mut shared: Option<Option<String>> = None;
        for one in found {
            let below = base.map(|(_, base)| base.measure.clone()).or_else(|| natural(&one, columns));
            let Some(below) = below else {
                let mistake = Diagnostic::error("GK0207", of.span).with("id", one.measure.id);
                self.error(offer(mistake, parts_of(of)));
                return None;
            };
            shared = Some(match shared {
                None => Some(below.id.clone()),
                Some(id) => id.filter(|id| *id == below.id),
            });
            members.push(Member { measure: one.measure, base: Some(below) });
        }
        // The base is always printed where one word can say it.
        if let TermKind::Share { of, out_of } = &mut printed.kind {
            match (base, shared.flatten()) {
                (Some((word, found)), _) => {
                    let mut canonical = (*word).clone();
                    self.print_measure(word, std::slice::from_ref(found), &mut canonical);
                    *out_of = Some(canonical);
                }
                (None, Some(id)) => *out_of = Some(canonical_measure(&id, of)),
                (None, None) => *out_of = None,
            }
        }
        Some(Term {
            statistic: term.statistic.as_ref().map(|which| statistic(which.value)),
            kind: plan::TermKind::Share,
            members,
        })
    }

    /// One measure, where several make no sense.
    fn single(&mut self, measure: &Measure) -> Option<Found> {
        if measure.members {
            self.error(Diagnostic::error("GK0209", measure.span).with("word", measure.name.value.clone()));
            return None;
        }
        self.members(measure)?.pop()
    }

    /// The measure of a name, for formulas.
    pub(super) fn measure(&mut self, measure: &Measure) -> Option<plan::Measure> {
        self.single(measure).map(|found| found.measure)
    }

    /// What a measure stands for: itself, or the children of a group.
    pub(super) fn members(&mut self, measure: &Measure) -> Option<Vec<Found>> {
        let name = &measure.name;
        if name.value.starts_with('$') {
            let value = self.meant(measure)?;
            return self.members(&value);
        }
        if let Some(own) = self.context.definitions.get(&name.value) {
            if measure.members || measure.applicant.is_some() {
                self.error(Diagnostic::error("GK0209", measure.span).with("word", name.value.clone()));
                return None;
            }
            return Some(vec![Found { measure: own.clone(), base: None }]);
        }
        let named = self.named(name)?;
        let mut found = if measure.members {
            let Some(children) = children(catalogue(), named) else {
                self.error(Diagnostic::error("GK0209", measure.span).with("word", name.value.clone()));
                return None;
            };
            children.into_iter().filter_map(value_of).collect()
        } else {
            let Some(found) = value_of(named) else {
                // What stands below it was meant, in the language it was named in.
                let chinese = !name.value.is_ascii();
                let below = children(catalogue(), named).into_iter().flatten();
                let words = below.map(|one| if chinese { one.zh.clone() } else { one.en.clone() }).take(suggest::MOST);
                let heading = Diagnostic::error("GK0210", measure.span).with("word", name.value.clone());
                self.error(heading.suggest(words));
                return None;
            };
            vec![found]
        };
        if let Some(column) = &measure.applicant {
            let columns = self.columns(column)?;
            for one in &mut found {
                if !has_columns(&one.measure) {
                    self.error(Diagnostic::error("GK0212", column.span).with("id", one.measure.id.clone()));
                    return None;
                }
                fix_columns(&mut one.measure, columns.id, &columns.applicants);
            }
        }
        for one in &found {
            self.mind_the_forms(one, measure);
        }
        Some(found)
    }

    /// The one thing a name means.
    fn named(&mut self, name: &ast::Name) -> Option<&'static Named> {
        let candidates: Vec<&Named> = names().find(&name.value).collect();
        match candidates.as_slice() {
            [one] => Some(one),
            [] => {
                let own = self.context.definitions.0.keys().map(String::as_str);
                let near = if self.is_tired() { Vec::new() } else { near_measures(&name.value, own) };
                if near.is_empty() {
                    // Perhaps a place whose `in` is missing: 万柏林取2024年.
                    let places = self.near(&name.value);
                    if !places.is_empty() {
                        let unknown = Diagnostic::error("GK0120", name.span).with("word", name.value.clone());
                        self.error(offer(unknown, places));
                        return None;
                    }
                }
                self.error(offer(Diagnostic::error("GK0201", name.span).with("word", name.value.clone()), near));
                None
            }
            several => {
                let chinese = !name.value.is_ascii();
                let words = several.iter().map(|named| if chinese { named.zh.clone() } else { named.en.clone() });
                self.error(
                    Diagnostic::error("GK0203", name.span)
                        .with("word", name.value.clone())
                        .with("count", several.len().to_string())
                        .suggest(words),
                );
                None
            }
        }
    }

    /// A measure that no form of the years asked for prints: worth a word before the rows say so one by one.
    fn mind_the_forms(&mut self, found: &Found, measure: &Measure) {
        let Formula::Sum(sum) = &found.measure.formula else { return };
        let only = sum.0.iter().find_map(|part| match catalogue().get(part.category)?.comparability? {
            Comparability::Only2019 => Some("2019"),
            Comparability::Only2021 => Some("2021"),
            _ => None,
        });
        let Some(form) = only else { return };
        let years = &self.asked;
        // Which form a report uses is told by its words; the years say only what to expect.
        let elsewhere = !years.is_empty()
            && years.iter().all(|year| if form == "2019" { year.number() > 2020 } else { year.number() < 2021 });
        if elsewhere {
            let mut warning =
                Diagnostic::error("GK0206", measure.span).with("id", found.measure.id.clone()).with("form", form);
            warning.level = Level::Warning;
            self.warnings.push(warning);
        }
    }

    /// The measure that a parameter stands for: its name, with `.*` and `[natural]` where the value has them.
    fn meant(&mut self, measure: &Measure) -> Option<Measure> {
        let Some(param) = measure.name.value.strip_prefix('$') else { return Some(measure.clone()) };
        let param = word(param, &measure.name);
        let value = self.param(&param)?;
        // A value is a name and nothing else: what begins with the sign again would go round in circles.
        if value.starts_with('$') {
            self.wrong_param(&param, &value);
            return None;
        }
        let named = Measure::named(&value);
        Some(Measure {
            name: word(named.name.value, &param),
            members: named.members || measure.members,
            applicant: measure.applicant.clone().or(named.applicant.map(|column| word(column.value, &param))),
            span: measure.span,
        })
    }

    /// Writes the canonical name of a measure.
    fn print_measure(&mut self, measure: &Measure, found: &[Found], printed: &mut Measure) {
        let Some(measure) = self.meant(measure) else { return };
        let measure = &measure;
        if measure.name.value != printed.name.value {
            *printed = measure.clone();
        }
        if self.context.definitions.get(&measure.name.value).is_some() {
            return;
        }
        let canonical = if measure.members {
            names().find(&measure.name.value).next().map(|named| named.en.clone())
        } else {
            found.first().and_then(|found| canonical_word(&found.measure.id))
        };
        if let Some(text) = canonical {
            printed.name = word(text, &measure.name);
        }
        if let (Some(column), Some(printed)) = (&measure.applicant, &mut printed.applicant)
            && let Some(columns) = self.columns(column)
        {
            columns.id.clone_into(&mut printed.value);
        }
    }
}

/// The base a share divides by when none is named.
fn natural(found: &Found, columns: bool) -> Option<plan::Measure> {
    let base = found.base.as_ref()?;
    // All of all is no share: new requests are a share of all columns only for one of them.
    let own_column = match &found.measure.formula {
        Formula::Sum(sum) => sum.0.iter().any(|part| part.applicant.is_some()),
        _ => false,
    };
    if base.applicant.is_some() && !columns && !own_column {
        return None;
    }
    let mut measure = value_of(names().by_id(&base.id)?)?.measure;
    if let Some(applicant) = base.applicant {
        fix_columns(&mut measure, applicant.id(), &[applicant]);
    }
    Some(measure)
}

/// The measure that is printed for a term.
fn measured(kind: &mut TermKind) -> &mut Measure {
    match kind {
        TermKind::Share { of, .. } => of,
        TermKind::Change(measure) | TermKind::Plain(measure) => measure,
    }
}

/// The word for an id, `requests.new[total]` and the like included.
fn canonical_word(id: &str) -> Option<String> {
    let plain = id.split('[').next().unwrap_or(id);
    names().by_id(plain).map(|named| named.en.clone())
}

/// A measure as it would be written for an id such as `outcome.total` or `requests.new[total]`.
fn canonical_measure(id: &str, like: &Measure) -> Measure {
    let (plain, column) = id.split_once('[').map_or((id, None), |(plain, column)| (plain, Some(column)));
    Measure {
        name: word(canonical_word(plain).unwrap_or_else(|| plain.to_owned()), &like.name),
        members: false,
        applicant: column.map(|column| word(column.trim_end_matches(']'), &like.name)),
        span: like.span,
    }
}

/// What a name stands for as a value; nothing for a bare heading.
fn value_of(named: &Named) -> Option<Found> {
    if let Some(other) = &named.stands_for {
        return value_of(names().by_id(other)?);
    }
    let (formula, version) = match named.meaning {
        Meaning::Category(code) => {
            let category = catalogue().get(code)?;
            category.slots().next()?;
            (Formula::Sum(Sum::of(code)), None)
        }
        Meaning::Virtual(at) => {
            let sum = catalogue().virtuals.get(at)?;
            let signed = sum.plus.iter().map(|code| (1, *code)).chain(sum.minus.iter().map(|code| (-1, *code)));
            (Formula::Sum(Sum(signed.map(|(factor, code)| part(code, None, factor)).collect())), None)
        }
        Meaning::Indicator(at) => {
            let indicator = names().indicators.get(at)?;
            let numerator = sum_of(&indicator.numerator)?;
            let formula = match (indicator.per_residents, indicator.denominator.as_slice()) {
                (Some(residents), _) => Formula::PerResidents(numerator, residents),
                (None, []) => Formula::Sum(numerator),
                (None, denominator) => Formula::Ratio(numerator, sum_of(denominator)?),
            };
            (formula, Some(indicator.version))
        }
    };
    Some(Found { measure: plan::Measure { id: named.id.clone(), formula, version }, base: named.base.clone() })
}

fn part(category: CategoryCode, applicant: Option<Applicant>, factor: i64) -> Part {
    Part { category, applicant, factor }
}

/// The parts of one side of an indicator's formula.
fn sum_of(operands: &[(i64, Operand)]) -> Option<Sum> {
    let mut parts = Vec::new();
    for (sign, operand) in operands {
        let Formula::Sum(sum) = value_of(names().by_id(&operand.id)?)?.measure.formula else { return None };
        for inner in sum.0 {
            parts.push(Part { applicant: operand.applicant.or(inner.applicant), factor: inner.factor * sign, ..inner });
        }
    }
    Some(Sum(parts))
}

/// The children of a heading without its total; nothing for what has no children.
fn children(catalogue: &Catalogue, named: &Named) -> Option<Vec<&'static Named>> {
    let Meaning::Category(code) = named.meaning else { return None };
    let children = &catalogue.get(code)?.children;
    let found: Vec<&Named> = children
        .iter()
        .filter_map(|&child| catalogue.get(child))
        .filter(|child| child.kind != Kind::Total)
        .filter_map(|child| names().by_id(&child.id))
        .collect();
    (!found.is_empty()).then_some(found)
}

/// Whether every part stands in table 3, which alone has columns.
fn has_columns(measure: &plan::Measure) -> bool {
    let in_table = |sum: &Sum| {
        sum.0
            .iter()
            .all(|part| catalogue().get(part.category).is_some_and(|category| category.table == Some(Table::T3)))
    };
    match &measure.formula {
        Formula::Sum(sum) | Formula::PerResidents(sum, _) => in_table(sum),
        Formula::Ratio(above, below) => in_table(above) && in_table(below),
    }
}

/// Takes every part of a measure from these columns, added up.
fn fix_columns(measure: &mut plan::Measure, id: &str, applicants: &[Applicant]) {
    let of = |part: &Part| match part.applicant {
        Some(_) => vec![*part],
        None => applicants.iter().map(|&applicant| Part { applicant: Some(applicant), ..*part }).collect(),
    };
    let fix = |sum: &mut Sum| sum.0 = sum.0.iter().flat_map(of).collect();
    match &mut measure.formula {
        Formula::Sum(sum) | Formula::PerResidents(sum, _) => fix(sum),
        Formula::Ratio(above, below) => {
            fix(above);
            fix(below);
        }
    }
    measure.id = format!("{}[{id}]", measure.id);
}

/// Names of measures close to a word, in the script it was typed in.
fn near_measures<'a>(typed: &str, own: impl Iterator<Item = &'a str>) -> Vec<String> {
    let ascii = typed.is_ascii();
    let known = names().all().iter().map(|named| if ascii { named.en.as_str() } else { named.zh.as_str() });
    let mut near = suggest::closest(typed, own.chain(known));
    if near.is_empty() {
        // Labels and tails are known too, but not offered before the short names.
        let words = names().words().map(|(word, _)| word).filter(|word| word.is_ascii() == ascii);
        near = suggest::closest(typed, words);
    }
    let lower = typed.to_ascii_lowercase();
    if near.is_empty() && suggest::may_be_pinyin(&lower) {
        let sounding = names().all().iter().filter(|named| pinyin_begins(&named.zh, &lower));
        near = sounding.map(|named| named.zh.clone()).take(suggest::MOST).collect();
    }
    near
}

fn statistic(which: Statistic) -> plan::Statistic {
    match which {
        Statistic::Mean => plan::Statistic::Mean,
        Statistic::Median => plan::Statistic::Median,
        Statistic::Min => plan::Statistic::Min,
        Statistic::Max => plan::Statistic::Max,
        Statistic::P10 => plan::Statistic::Percentile(10),
        Statistic::P25 => plan::Statistic::Percentile(25),
        Statistic::P75 => plan::Statistic::Percentile(75),
        Statistic::P90 => plan::Statistic::Percentile(90),
        Statistic::Quartiles => plan::Statistic::Quartiles,
        Statistic::Count => plan::Statistic::Count,
    }
}
