//! From what the grammar matched to the tree of words.

// A pair is a handle; every function here consumes the pair it reads.
#![allow(clippy::needless_pass_by_value)]

mod script;
mod words;

use pest::iterators::Pair;

use words::{comparator_of, dim_of, statistic_of, thing_of, tier_of};

use super::{Line, grammar::Rule};
use crate::{
    diagnostic::Diagnostic,
    query::ast::{
        Clauses, Column, Comparison, Condition, Date, Dim, Figure, Literal, Measure, Name, Operand, Place, PlaceHead,
        PlaceList, Query, Reach, Spanned, Stage, StatementKind, Term, TermKind, Verb, YearRange, YearWord,
    },
    text::Span,
};

/// A part of the tree, or what is wrong in it.
type Built<T> = Result<T, Vec<Diagnostic>>;

/// The statement under `Rule::statement`.
pub(super) fn statement(pair: Pair<'_, Rule>, line: &Line<'_>) -> Built<StatementKind> {
    let builder = Builder { line };
    let inner = only(pair);
    match inner.as_rule() {
        Rule::version => builder.version(inner),
        Rule::param => builder.param(inner).map(StatementKind::Param),
        Rule::include => Ok(StatementKind::Include(builder.name(last(inner)))),
        Rule::definition => builder.definition(inner).map(StatementKind::Let),
        Rule::assert => builder.assert(inner).map(StatementKind::Assert),
        Rule::verdict => builder.verdict(inner).map(StatementKind::Verdict),
        Rule::correct => builder.correct(inner).map(StatementKind::Correct),
        _ => builder.query(inner).map(StatementKind::Query),
    }
}

/// A part of a question read on its own.
#[allow(clippy::large_enum_variant, reason = "lives for one clause")]
pub(super) enum Part {
    Verb(Verb, Clauses),
    Clause(Clauses),
    Stage(Spanned<Stage>),
}

/// The part under `Rule::piece`.
pub(super) fn part(pair: Pair<'_, Rule>, line: &Line<'_>) -> Built<Part> {
    let builder = Builder { line };
    let inner = only(pair);
    let mut clauses = Clauses::default();
    match inner.as_rule() {
        Rule::verb => builder.verb(inner, &mut clauses).map(|verb| Part::Verb(verb, clauses)),
        Rule::stage_of => builder.stage(inner).map(Part::Stage),
        _ => builder.clause(inner, &mut clauses).map(|()| Part::Clause(clauses)),
    }
}

struct Builder<'a> {
    line: &'a Line<'a>,
}

impl Builder<'_> {
    fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        // A rule may take the blank before what follows; its own text is what counts.
        let text = span.as_str().trim_end();
        self.line.span(span.start(), span.start() + text.len())
    }

    fn text(&self, pair: &Pair<'_, Rule>) -> String {
        self.line.token(pair.as_span().start()).map_or_else(String::new, |token| token.text.clone())
    }

    fn name(&self, pair: Pair<'_, Rule>) -> Name {
        Spanned::new(self.text(&pair), self.span(&pair))
    }

    /// A name, or a parameter that stands for one, told by its sign.
    fn name_or_param(&self, pair: Pair<'_, Rule>) -> Name {
        let sign = if pair.as_rule() == Rule::param_name { "$" } else { "" };
        let name = self.name(pair);
        Spanned::new(format!("{sign}{}", name.value), name.span)
    }

    fn names_or_params(&self, pair: Pair<'_, Rule>) -> Vec<Name> {
        let inner = pair.into_inner().filter(|pair| matches!(pair.as_rule(), Rule::any_name | Rule::param_name));
        inner.map(|pair| self.name_or_param(pair)).collect()
    }

    // ----- questions -----

    fn query(&self, pair: Pair<'_, Rule>) -> Built<Query> {
        let span = self.span(&pair);
        let mut clauses = Clauses::default();
        let mut verb = None;
        let mut stages = Vec::new();
        let mut mistakes = Vec::new();
        for inner in pair.into_inner() {
            let outcome = match inner.as_rule() {
                Rule::clause => self.clause(inner, &mut clauses),
                Rule::verb => self.verb(inner, &mut clauses).map(|found| verb = Some(found)),
                Rule::stage_of => self.stage(inner).map(|stage| stages.push(stage)),
                _ => Ok(()),
            };
            mistakes.extend(outcome.err().into_iter().flatten());
        }
        match verb {
            Some(verb) if mistakes.is_empty() => Ok(Query { verb, clauses, stages, span }),
            _ => Err(mistakes),
        }
    }

    /// A verb, and the clauses between it and what it is about.
    fn verb(&self, pair: Pair<'_, Rule>, clauses: &mut Clauses) -> Built<Verb> {
        let inner = only(pair);
        let span = self.span(&inner);
        for between in of(inner.clone(), Rule::clause) {
            self.clause(between, clauses)?;
        }
        Ok(match inner.as_rule() {
            Rule::check => Verb::Check(of(inner, Rule::rule_name).map(|rule| self.rule(rule)).collect()),
            Rule::missing => Verb::Missing(span),
            Rule::why => {
                let of = last(inner);
                if of.as_rule() == Rule::rule_id { Verb::WhyRule(self.name(of)) } else { Verb::Why(self.term(of)?) }
            }
            Rule::revisions => Verb::Revisions(span),
            Rule::show => {
                let thing = last(inner);
                Verb::Show(Spanned::new(thing_of(only(thing.clone()).as_rule()), self.span(&thing)))
            }
            _ => Verb::Ask(of(inner, Rule::term).map(|term| self.term(term)).collect::<Built<_>>()?),
        })
    }

    /// The canonical word of a rule set, or the id of a rule.
    fn rule(&self, pair: Pair<'_, Rule>) -> Name {
        let span = self.span(&pair);
        let inner = only(pair);
        match inner.as_rule() {
            Rule::rule_id => self.name(inner),
            _ => Spanned::new(inner.as_str().to_owned(), span),
        }
    }

    fn term(&self, pair: Pair<'_, Rule>) -> Built<Term> {
        let span = self.span(&pair);
        let mut statistic = None;
        let mut kind = None;
        for inner in flat(pair, Rule::statistic_after) {
            match inner.as_rule() {
                Rule::statistic => {
                    let which = statistic_of(only(inner.clone()).as_rule());
                    statistic = Some(Spanned::new(which, self.span(&inner)));
                }
                Rule::share => kind = Some(self.share(inner)?),
                Rule::change => kind = Some(TermKind::Change(self.measure_in(inner)?)),
                Rule::plain => kind = Some(TermKind::Plain(self.measure_in(inner)?)),
                _ => {}
            }
        }
        match kind {
            Some(kind) => Ok(Term { statistic, kind, span }),
            None => Err(unexpected(span)),
        }
    }

    fn share(&self, pair: Pair<'_, Rule>) -> Built<TermKind> {
        let span = self.span(&pair);
        let mut of = None;
        let mut out_of = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::measure => of = Some(self.measure(inner)),
                Rule::base => out_of = Some(self.measure_in(inner)?),
                _ => {}
            }
        }
        match of {
            Some(of) => Ok(TermKind::Share { of, out_of }),
            None => Err(unexpected(span)),
        }
    }

    /// The one measure inside a pair.
    fn measure_in(&self, pair: Pair<'_, Rule>) -> Built<Measure> {
        let span = self.span(&pair);
        match of(pair, Rule::measure).next() {
            Some(measure) => Ok(self.measure(measure)),
            None => Err(unexpected(span)),
        }
    }

    fn measure(&self, pair: Pair<'_, Rule>) -> Measure {
        let span = self.span(&pair);
        let mut measure = Measure { name: Spanned::new(String::new(), span), members: false, applicant: None, span };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::measure_name | Rule::param_name => measure.name = self.name_or_param(inner),
                Rule::members => measure.members = true,
                Rule::column_of => {
                    measure.applicant = self.names_or_params(inner).pop();
                }
                _ => {}
            }
        }
        measure
    }

    // ----- clauses -----

    fn clause(&self, pair: Pair<'_, Rule>, clauses: &mut Clauses) -> Built<()> {
        let inner = only(pair);
        let span = self.span(&inner);
        match inner.as_rule() {
            Rule::by => {
                let dims = of(inner, Rule::dim).map(|dim| self.dim(dim)).collect();
                once(&mut clauses.by, Spanned::new(dims, span), span, "by")
            }
            Rule::places => {
                let versus = of(inner.clone(), Rule::place_sep).any(|sep| only(sep).as_rule() == Rule::kw_vs);
                let places =
                    inner.into_inner().filter(|pair| matches!(pair.as_rule(), Rule::place | Rule::known_place));
                let places = places.map(|place| self.place(place)).collect();
                once(&mut clauses.places, Spanned::new(PlaceList { places, versus }, span), span, "in")
            }
            Rule::at => {
                let tier = tier_of(only(last(inner)).as_rule());
                once(&mut clauses.at, Spanned::new(tier, span), span, "at")
            }
            Rule::years => {
                let years = of(inner, Rule::year_range).map(|range| self.year_range(range)).collect::<Built<_>>()?;
                once(&mut clauses.years, Spanned::new(years, span), span, "year")
            }
            Rule::applicants => {
                let names = self.names_or_params(inner);
                once(&mut clauses.applicants, Spanned::new(names, span), span, "for")
            }
            Rule::where_ => {
                let condition = self.condition(last(inner))?;
                once(&mut clauses.condition, Spanned::new(condition, span), span, "where")
            }
            Rule::as_of => {
                let date = self.date(&last(inner))?;
                once(&mut clauses.as_of, Spanned::new(date, span), span, "as_of")
            }
            Rule::comparable => once(&mut clauses.comparable, span, span, "comparable"),
            Rule::complete => once(&mut clauses.complete, span, span, "complete"),
            _ => once(&mut clauses.blank_as_zero, span, span, "blank_as_zero"),
        }
    }

    fn dim(&self, pair: Pair<'_, Rule>) -> Spanned<Dim> {
        let span = self.span(&pair);
        Spanned::new(dim_of(only(pair).as_rule()), span)
    }

    fn place(&self, pair: Pair<'_, Rule>) -> Place {
        let span = self.span(&pair);
        let mut head = None;
        let mut path = Vec::new();
        let mut reach = Reach::Itself;
        for inner in pair.into_inner() {
            let at = self.span(&inner);
            match inner.as_rule() {
                Rule::kw_all => head = Some(PlaceHead::All(at)),
                Rule::place_code => head = Some(PlaceHead::Code(self.name(inner))),
                Rule::param_name => head = Some(PlaceHead::Param(self.name(inner))),
                Rule::place_name | Rule::sure_place if head.is_none() => head = Some(PlaceHead::Name(self.name(inner))),
                Rule::place_name | Rule::sure_place => path.push(self.name(inner)),
                Rule::reach => {
                    reach = if only(inner).as_rule() == Rule::below { Reach::Below } else { Reach::Children };
                }
                _ => {}
            }
        }
        Place { head: head.unwrap_or(PlaceHead::All(span)), path, reach, span }
    }

    fn year_range(&self, pair: Pair<'_, Rule>) -> Built<YearRange> {
        let span = self.span(&pair);
        let mut words = of(pair, Rule::year_word).map(|word| self.year_word(word));
        let first = words.next().transpose()?;
        let last = words.next().transpose()?;
        match first {
            Some(first) => Ok(YearRange { first, last }),
            None => Err(unexpected(span)),
        }
    }

    fn year_word(&self, pair: Pair<'_, Rule>) -> Built<YearWord> {
        let inner = only(pair);
        Ok(match inner.as_rule() {
            Rule::param_name => YearWord::Param(self.name(inner)),
            _ => YearWord::Number(self.count(&inner)?),
        })
    }

    fn date(&self, pair: &Pair<'_, Rule>) -> Built<Date> {
        let wrong = || vec![Diagnostic::error("GK0115", self.span(pair))];
        let mut parts = pair.as_str().split('-');
        let mut next = || parts.next().and_then(|part| part.parse::<u16>().ok()).ok_or_else(wrong);
        let (year, month, day) = (next()?, next()?, next()?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => 0,
        };
        if day == 0 || day > days {
            return Err(wrong());
        }
        let small = |number: u16| u8::try_from(number).map_err(|_| wrong());
        Ok(Date { year, month: small(month)?, day: small(day)? })
    }

    fn condition(&self, pair: Pair<'_, Rule>) -> Built<Condition> {
        let any = of(pair, Rule::all_of).map(|all| self.all_of(all)).collect::<Built<_>>()?;
        Ok(joined(any, Condition::Or))
    }

    fn all_of(&self, pair: Pair<'_, Rule>) -> Built<Condition> {
        let all = of(pair, Rule::one_of).map(|one| self.one_of(one)).collect::<Built<_>>()?;
        Ok(joined(all, Condition::And))
    }

    fn one_of(&self, pair: Pair<'_, Rule>) -> Built<Condition> {
        let span = self.span(&pair);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::condition => return self.condition(inner),
                Rule::comparison => return self.comparison(inner).map(Condition::Compare),
                _ => {}
            }
        }
        Err(unexpected(span))
    }

    fn comparison(&self, pair: Pair<'_, Rule>) -> Built<Comparison> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(left), Some(comparator), Some(right)) => Ok(Comparison {
                left: self.operand(left)?,
                comparator: comparator_of(only(comparator).as_rule()),
                right: self.literal(right)?,
                span,
            }),
            _ => Err(unexpected(span)),
        }
    }

    fn operand(&self, pair: Pair<'_, Rule>) -> Built<Operand> {
        let inner = only(pair);
        let span = self.span(&inner);
        Ok(match inner.as_rule() {
            Rule::column => {
                let word = only(inner);
                let column = match word.as_rule() {
                    Rule::kw_value => Column::Value,
                    Rule::kw_numerator => Column::Numerator,
                    Rule::kw_denominator => Column::Denominator,
                    Rule::kw_ratio => Column::Ratio,
                    Rule::kw_report => Column::Reports,
                    Rule::kw_coverage => Column::Coverage,
                    _ => Column::Dim(dim_of(only(word).as_rule())),
                };
                Operand::Column(Spanned::new(column, span))
            }
            _ => Operand::Term(self.term(inner)?),
        })
    }

    fn literal(&self, pair: Pair<'_, Rule>) -> Built<Literal> {
        let span = self.span(&pair);
        let mut negative = false;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::minus => negative = true,
                Rule::number => {
                    let figure = self.figure(&inner, negative)?;
                    return Ok(Literal::Number(Spanned::new(figure, span)));
                }
                Rule::text => return Ok(Literal::Text(self.name(inner))),
                Rule::param_name => return Ok(Literal::Param(self.name(inner))),
                _ => {}
            }
        }
        Err(unexpected(span))
    }

    fn figure(&self, pair: &Pair<'_, Rule>, negative: bool) -> Built<Figure> {
        let text = pair.as_str();
        let too_large = || vec![Diagnostic::error("GK0116", self.span(pair)).with("number", text)];
        let (digits, percent) = text.strip_suffix('%').map_or((text, false), |digits| (digits, true));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if part.len() > 12 || whole.len() > 18 {
            return Err(too_large());
        }
        let mantissa: i128 = format!("{whole}{part}").parse().map_err(|_| too_large())?;
        let scale = u32::try_from(part.len()).map_err(|_| too_large())?;
        Ok(Figure { mantissa: if negative { -mantissa } else { mantissa }, scale, percent })
    }

    fn count(&self, pair: &Pair<'_, Rule>) -> Built<Spanned<u32>> {
        let span = self.span(pair);
        let number = pair.as_str().parse();
        number
            .map(|number| Spanned::new(number, span))
            .map_err(|_| vec![Diagnostic::error("GK0116", span).with("number", pair.as_str())])
    }

    // ----- stages -----

    fn stage(&self, pair: Pair<'_, Rule>) -> Built<Spanned<Stage>> {
        let inner = only(last(pair));
        let span = self.span(&inner);
        let stage = match inner.as_rule() {
            Rule::top => Stage::Top(self.count(&last(inner))?),
            Rule::bottom => Stage::Bottom(self.count(&last(inner))?),
            Rule::sort => {
                let descending = inner.clone().into_inner().any(|part| part.as_rule() == Rule::minus);
                Stage::Sort { descending, key: self.operand(last(inner))? }
            }
            Rule::keep => Stage::Keep(self.condition(last(inner))?),
            Rule::flag => Stage::Flag(self.condition(last(inner))?),
            Rule::failed => Stage::Failed,
            Rule::pivot => Stage::Pivot(self.dim(last(inner))),
            Rule::chart => Stage::Chart,
            Rule::contributions => Stage::Contributions,
            _ => Stage::Export(self.name(last(inner))),
        };
        Ok(Spanned::new(stage, span))
    }
}

/// Sets a clause that may stand once.
fn once<T>(slot: &mut Option<T>, value: T, span: Span, clause: &str) -> Built<()> {
    if slot.is_some() {
        return Err(vec![Diagnostic::error("GK0110", span).with("clause", clause)]);
    }
    *slot = Some(value);
    Ok(())
}

fn unexpected(span: Span) -> Vec<Diagnostic> {
    vec![Diagnostic::error("GK0101", span)]
}

/// The first pair inside; the pair itself where there is none.
fn only(pair: Pair<'_, Rule>) -> Pair<'_, Rule> {
    pair.clone().into_inner().find(|inner| inner.as_rule() != Rule::EOI).unwrap_or(pair)
}

/// The last pair inside; the pair itself where there is none.
fn last(pair: Pair<'_, Rule>) -> Pair<'_, Rule> {
    pair.clone().into_inner().last().unwrap_or(pair)
}

/// The pairs of one rule directly inside.
fn of(pair: Pair<'_, Rule>, rule: Rule) -> impl Iterator<Item = Pair<'_, Rule>> {
    pair.into_inner().filter(move |inner| inner.as_rule() == rule)
}

/// The pairs directly inside, with one rule replaced by what is inside it.
fn flat(pair: Pair<'_, Rule>, wrapper: Rule) -> Vec<Pair<'_, Rule>> {
    pair.into_inner()
        .flat_map(|inner| if inner.as_rule() == wrapper { inner.into_inner().collect() } else { vec![inner] })
        .collect()
}

/// A lone condition as it is, several under one word.
fn joined(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            join(parts)
        }
    }
}
