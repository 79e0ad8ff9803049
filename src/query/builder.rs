//! Questions without a text: `Query::share("not_held").by(Dim::Year).within("140109")`.

use super::{
    ast::{
        self, Clauses, Column, Comparator, Comparison, Condition, Date, Dim, Figure, Literal, Measure, Operand, Place,
        PlaceHead, PlaceList, Reach, Spanned, Stage, Statistic, Term, TermKind, Thing, Tier, Verb, YearRange, YearWord,
    },
    lexicon::Lexicon,
    prepared::Prepared,
    print::{Tongue, print},
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{Applicant, Year},
    text::{Source, Span},
};

/// A question put together word by word.
///
/// Measures, places and rules go by their ids, names or codes; a name that begins with `$` is a parameter. What it
/// builds is the statement that a person would type, so that it can be shown, logged and cited.
///
/// ```
/// use gongkai::{Dim, Query, query::Operand};
/// let question = Query::share("not_held")
///     .by(Dim::County)
///     .within("140100")
///     .when(Operand::measure("new").at_least(30))
///     .top(10)
///     .build()?;
/// assert_eq!(question.text(), "share of not_held by county in @140100 where new >= 30 | top 10");
/// # Ok::<(), gongkai::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(ast::Query);

impl Query {
    /// A measure: an id, a short name or a label; `new[natural]` is one column of table 3, `outcome.*` the parts of a
    /// group.
    #[must_use]
    pub fn measure(measure: &str) -> Self {
        Self::ask(TermKind::Plain(Measure::named(measure)))
    }

    /// The share of a measure in its natural base.
    #[must_use]
    pub fn share(measure: &str) -> Self {
        Self::ask(TermKind::Share { of: Measure::named(measure), out_of: None })
    }

    /// The share of a measure in another one.
    #[must_use]
    pub fn share_out_of(measure: &str, base: &str) -> Self {
        Self::ask(TermKind::Share { of: Measure::named(measure), out_of: Some(Measure::named(base)) })
    }

    /// The change of a measure against the year before.
    #[must_use]
    pub fn change(measure: &str) -> Self {
        Self::ask(TermKind::Change(Measure::named(measure)))
    }

    /// The cells that a figure is made of, or those that the result of a rule (`T3-BAL`) rests on.
    #[must_use]
    pub fn why(measure: &str) -> Self {
        if crate::schema::rule(measure).is_some() {
            return Self::verb(Verb::WhyRule(here(measure.to_owned())));
        }
        Self::verb(Verb::Why(term(TermKind::Plain(Measure::named(measure)))))
    }

    /// Rules, by id (`T3-BAL`) or group (`identities`, `carry_over`, `all`).
    #[must_use]
    pub fn check<'a>(rules: impl IntoIterator<Item = &'a str>) -> Self {
        Self::verb(Verb::Check(rules.into_iter().map(|rule| here(rule.to_owned())).collect()))
    }

    /// The reports that should be there and are not.
    #[must_use]
    pub fn missing() -> Self {
        Self::verb(Verb::Missing(Span::default()))
    }

    /// What was corrected or replaced.
    #[must_use]
    pub fn revisions() -> Self {
        Self::verb(Verb::Revisions(Span::default()))
    }

    /// A list of what there is.
    #[must_use]
    pub fn show(thing: Thing) -> Self {
        Self::verb(Verb::Show(here(thing)))
    }

    fn ask(kind: TermKind) -> Self {
        Self::verb(Verb::Ask(vec![term(kind)]))
    }

    fn verb(verb: Verb) -> Self {
        Self(ast::Query { verb, clauses: Clauses::default(), stages: Vec::new(), span: Span::default() })
    }

    /// The figures of another question as further columns of this one; its clauses and stages are left behind.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if let (Verb::Ask(terms), Verb::Ask(more)) = (&mut self.0.verb, other.0.verb) {
            terms.extend(more);
        }
        self
    }

    /// A statistic over reports, each weighing alike, instead of the pooled value of the last figure named.
    #[must_use]
    pub fn over_reports(mut self, statistic: Statistic) -> Self {
        let last = match &mut self.0.verb {
            Verb::Ask(terms) => terms.last_mut(),
            Verb::Why(term) => Some(term),
            _ => None,
        };
        if let Some(term) = last {
            term.statistic = Some(here(statistic));
        }
        self
    }

    /// Groups by a dimension, after those named before.
    #[must_use]
    pub fn by(mut self, dimension: Dim) -> Self {
        self.0.clauses.by.get_or_insert_with(|| here(Vec::new())).value.push(here(dimension));
        self
    }

    /// One more place: a division code or body path (`140109`, `140109/财政局`), or a name or path of
    /// names (`太原市/万柏林区`), with `/*` or `/**` for what lies below it.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        self.place(place, false)
    }

    /// One more place, with all places side by side instead of pooled.
    #[must_use]
    pub fn against(self, place: &str) -> Self {
        self.place(place, true)
    }

    fn place(mut self, place: &str, versus: bool) -> Self {
        let list = self.0.clauses.places.get_or_insert_with(|| here(PlaceList { places: Vec::new(), versus: false }));
        list.value.places.push(Place::named(place));
        list.value.versus |= versus;
        self
    }

    /// Only bodies of a tier.
    #[must_use]
    pub fn at(mut self, tier: Tier) -> Self {
        self.0.clauses.at = Some(here(tier));
        self
    }

    /// One year more.
    #[must_use]
    pub fn year(self, year: Year) -> Self {
        self.range(YearRange { first: year_word(year), last: None })
    }

    /// The years from the first to the last.
    #[must_use]
    pub fn years(self, first: Year, last: Year) -> Self {
        self.range(YearRange { first: year_word(first), last: (first != last).then(|| year_word(last)) })
    }

    /// The years of a parameter, given without its sign.
    #[must_use]
    pub fn years_of(self, parameter: &str) -> Self {
        self.range(YearRange { first: YearWord::Param(here(parameter.to_owned())), last: None })
    }

    fn range(mut self, range: YearRange) -> Self {
        self.0.clauses.years.get_or_insert_with(|| here(Vec::new())).value.push(range);
        self
    }

    /// One more column of table 3 instead of the printed total.
    #[must_use]
    pub fn of_applicant(mut self, applicant: Applicant) -> Self {
        let names = self.0.clauses.applicants.get_or_insert_with(|| here(Vec::new()));
        names.value.push(here(applicant.id().to_owned()));
        self
    }

    /// A condition on the values of a group, before ranking; a second one must hold too.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        let whole = match self.0.clauses.condition.take() {
            Some(before) => before.value.and(condition),
            None => condition,
        };
        self.0.clauses.condition = Some(here(whole));
        self
    }

    /// The store as it stood at the end of a day.
    #[must_use]
    pub fn as_of(mut self, date: Date) -> Self {
        self.0.clauses.as_of = Some(here(date));
        self
    }

    /// Only years and bodies without a break.
    #[must_use]
    pub fn comparable(mut self) -> Self {
        self.0.clauses.comparable = Some(Span::default());
        self
    }

    /// Only bodies that report every year asked for.
    #[must_use]
    pub fn complete(mut self) -> Self {
        self.0.clauses.complete = Some(Span::default());
        self
    }

    /// Blank cells count as 0, and the answer says so.
    #[must_use]
    pub fn blank_as_zero(mut self) -> Self {
        self.0.clauses.blank_as_zero = Some(Span::default());
        self
    }

    fn stage(mut self, stage: Stage) -> Self {
        self.0.stages.push(here(stage));
        self
    }

    /// The rows with the greatest values.
    #[must_use]
    pub fn top(self, count: u32) -> Self {
        self.stage(Stage::Top(here(count)))
    }

    /// The rows with the smallest values.
    #[must_use]
    pub fn bottom(self, count: u32) -> Self {
        self.stage(Stage::Bottom(here(count)))
    }

    /// In this order, smallest first.
    #[must_use]
    pub fn sort(self, key: Operand) -> Self {
        self.stage(Stage::Sort { descending: false, key })
    }

    /// In this order, greatest first.
    #[must_use]
    pub fn sort_descending(self, key: Operand) -> Self {
        self.stage(Stage::Sort { descending: true, key })
    }

    /// Rows that fulfil it stay.
    #[must_use]
    pub fn keep(self, condition: Condition) -> Self {
        self.stage(Stage::Keep(condition))
    }

    /// Rows that fulfil it are marked.
    #[must_use]
    pub fn flag(self, condition: Condition) -> Self {
        self.stage(Stage::Flag(condition))
    }

    /// Failed checks stay.
    #[must_use]
    pub fn failed(self) -> Self {
        self.stage(Stage::Failed)
    }

    /// One column per value of the dimension.
    #[must_use]
    pub fn pivot(self, dimension: Dim) -> Self {
        self.stage(Stage::Pivot(here(dimension)))
    }

    /// Which bodies move the value.
    #[must_use]
    pub fn contributions(self) -> Self {
        self.stage(Stage::Contributions)
    }

    /// A picture, drawn by whoever shows the answer.
    #[must_use]
    pub fn chart(self) -> Self {
        self.stage(Stage::Chart)
    }

    /// Into a file, written by whoever shows the answer.
    #[must_use]
    pub fn export(self, file: &str) -> Self {
        self.stage(Stage::Export(here(file.to_owned())))
    }

    /// The question, to be given to [`crate::Database::ask`].
    ///
    /// # Errors
    /// [`ErrorKind::Query`] when the parts make no statement, [`ErrorKind::Usage`] when a name cannot be written, such
    /// as one with both kinds of quotes in it. Whether names mean anything is found out by asking.
    pub fn build(&self) -> Result<Prepared> {
        let lexicon = Lexicon::default();
        let text = print(&self.0, Tongue::En, &lexicon);
        let source = Source::new("query", text.as_str());
        match Prepared::read(&source, &lexicon) {
            Some(read) if print(read.query(), Tongue::En, &lexicon) == text => Ok(read),
            Some(_) => Err(Error::new(ErrorKind::Usage, format!("a name cannot be written: {text}"))),
            None => Err(Error::query(super::parse(&source, &lexicon).diagnostics)),
        }
    }
}

/// Something that stands nowhere yet.
fn here<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn term(kind: TermKind) -> Term {
    Term { statistic: None, kind, span: Span::default() }
}

fn year_word(year: Year) -> YearWord {
    YearWord::Number(here(u32::from(year.number())))
}

impl Measure {
    /// A measure by name: `not_held`, 不掌握, 三.四.1, `outcome.*`, `new[natural]`, `$kind`.
    #[must_use]
    pub fn named(text: &str) -> Self {
        let (text, members) = text.strip_suffix(".*").map_or((text, false), |group| (group, true));
        let (name, column) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((name, column)) => (name, Some(here(column.trim().to_owned()))),
            None => (text, None),
        };
        Self { name: here(name.trim().to_owned()), members, applicant: column, span: Span::default() }
    }
}

impl Place {
    /// A place by code, name or path: `140109`, `140109/财政局`, `太原市/*`, `$city`.
    #[must_use]
    pub fn named(text: &str) -> Self {
        let (text, reach) = match (text.strip_suffix("/**"), text.strip_suffix("/*")) {
            (Some(text), _) => (text, Reach::Below),
            (None, Some(text)) => (text, Reach::Children),
            (None, None) => (text, Reach::Itself),
        };
        let mut words = text.split('/').map(|word| here(word.trim().to_owned()));
        let first = words.next().unwrap_or_else(|| here(String::new()));
        let code = first.value.trim_start_matches('@');
        let head = if let Some(param) = first.value.strip_prefix('$') {
            PlaceHead::Param(here(param.to_owned()))
        } else if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
            PlaceHead::Code(here(code.to_owned()))
        } else {
            PlaceHead::Name(first)
        };
        Self { head, path: words.collect(), reach, span: Span::default() }
    }
}

impl Operand {
    /// A measure of its own, shown or not.
    #[must_use]
    pub fn measure(measure: &str) -> Self {
        Self::Term(term(TermKind::Plain(Measure::named(measure))))
    }

    /// The share of a measure in its natural base.
    #[must_use]
    pub fn share(measure: &str) -> Self {
        Self::Term(term(TermKind::Share { of: Measure::named(measure), out_of: None }))
    }

    /// A column of the answer.
    #[must_use]
    pub fn column(column: Column) -> Self {
        Self::Column(here(column))
    }

    /// `<`
    #[must_use]
    pub fn below(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::Less, value)
    }

    /// `<=`
    #[must_use]
    pub fn at_most(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::AtMost, value)
    }

    /// `>`
    #[must_use]
    pub fn above(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::Greater, value)
    }

    /// `>=`
    #[must_use]
    pub fn at_least(self, value: impl Into<Literal>) -> Condition {
        self.compare(Comparator::AtLeast, value)
    }

    /// Any comparison.
    #[must_use]
    pub fn compare(self, comparator: Comparator, value: impl Into<Literal>) -> Condition {
        let span = Span::default();
        Condition::Compare(Comparison { left: self, comparator, right: value.into(), span })
    }
}

impl Condition {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::And(mut all) => {
                all.push(other);
                Self::And(all)
            }
            one => Self::And(vec![one, other]),
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Or(mut any) => {
                any.push(other);
                Self::Or(any)
            }
            one => Self::Or(vec![one, other]),
        }
    }
}

impl Literal {
    /// An exact decimal: `digits` / 10^`scale`.
    #[must_use]
    pub fn decimal(digits: i64, scale: u32) -> Self {
        Self::Number(here(Figure { mantissa: digits.into(), scale, percent: false }))
    }

    /// So many per cent.
    #[must_use]
    pub fn percent(digits: i64) -> Self {
        Self::Number(here(Figure { mantissa: digits.into(), scale: 0, percent: true }))
    }

    /// A parameter, given without its sign.
    #[must_use]
    pub fn parameter(name: &str) -> Self {
        Self::Param(here(name.to_owned()))
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::decimal(number, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(number: u16) -> Year {
        Year::new(number).unwrap()
    }

    #[test]
    fn the_text_is_the_statement_a_person_would_type() {
        let column = Operand::column;
        for (query, text) in [
            (
                Query::share("not_held")
                    .by(Dim::County)
                    .within("140100")
                    .years(year(2020), year(2024))
                    .of_applicant(Applicant::Natural)
                    .top(10),
                "share of not_held by county in @140100 2020..2024 for natural | top 10",
            ),
            (
                Query::measure("new").and(Query::change("new")).within("太原市/*").year(year(2024)),
                "new, change of new in 太原市/* 2024",
            ),
            (
                Query::share("outcome.*").by(Dim::Category).within("万柏林区").against("杏花岭区").year(year(2024)),
                "share of outcome.* by category in 万柏林区 vs 杏花岭区 2024",
            ),
            (
                Query::share("review.corrected")
                    .over_reports(Statistic::Quartiles)
                    .within("山西省/*")
                    .when(Operand::measure("review.closed").at_least(5)),
                "quartiles of share of review.corrected in 山西省/* where review.closed >= 5",
            ),
            (
                Query::change("new")
                    .by(Dim::City)
                    .flag(column(Column::Ratio).above(5).or(column(Column::Ratio).below(Literal::decimal(2, 1)))),
                "change of new by city | flag ratio > 5 or ratio < 0.2",
            ),
            (
                Query::share("$kind").within("$city").years_of("years").keep(
                    column(Column::Value)
                        .at_least(Literal::percent(30))
                        .and(column(Column::Denominator).at_least(Literal::parameter("least"))),
                ),
                "share of $kind in $city $years | keep value >= 30% and denominator >= $least",
            ),
            (
                Query::check(["identities", "T3-BAL"]).within("太原市/**").failed().export("failed.csv"),
                "check identities, T3-BAL in 太原市/** | failed | export \"failed.csv\"",
            ),
            (Query::missing().within("山西省").by(Dim::Level), "missing reports by level in 山西省"),
            (Query::why("not_held").within("140109/财政局"), "why not_held in @140109/财政局"),
            (Query::why("T3-BAL").within("140109"), "why T3-BAL in @140109"),
            (
                Query::revisions().at(Tier::County).as_of(Date { year: 2025, month: 3, day: 31 }),
                "revisions at county as_of 2025-03-31",
            ),
            (Query::show(Thing::Bodies), "show bodies"),
            (
                Query::share_out_of("refused.*", "refused").comparable().complete().blank_as_zero().contributions(),
                "share of refused.* out_of refused comparable complete blank_as_zero | contributions",
            ),
            (
                Query::measure("new")
                    .by(Dim::Year)
                    .by(Dim::Body)
                    .sort_descending(column(Column::Value))
                    .pivot(Dim::Year),
                "new by year, body | sort - value | pivot year",
            ),
            (
                Query::measure("new").sort(Operand::share("not_held")).bottom(3).chart(),
                "new | sort share of not_held | bottom 3 | chart",
            ),
        ] {
            assert_eq!(query.build().unwrap().text(), text);
        }
    }

    #[test]
    fn a_name_never_becomes_a_clause() {
        // A name that looks like words of the language is a name in quotes, not words.
        let built = Query::share("not_held | top 1").within("太原市 2024").build().unwrap();
        assert_eq!(built.text(), "share of \"not_held | top 1\" in \"太原市 2024\"");
        assert!(Query::share("both ' and \"").build().is_err());
    }

    #[test]
    fn parameters_have_the_kind_of_their_place() {
        use super::super::ast::ParamKind::{Applicant, Category, Number, Place, Year};
        let built = Query::share("$what[$who]")
            .within("$city/*")
            .years_of("years")
            .when(Operand::measure("new").at_least(Literal::parameter("least")));
        let built = built.build().unwrap();
        let found: Vec<_> = built.parameters().iter().map(|one| (one.name.as_str(), one.kind)).collect();
        assert_eq!(
            found,
            [("what", Category), ("who", Applicant), ("city", Place), ("years", Year), ("least", Number)]
        );
    }
}
