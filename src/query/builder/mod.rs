//! Questions without a text: `Query::share("not_held").by(Dim::Year).within("140109")`.

mod parts;

use super::{
    ast::{
        self, Clauses, Condition, Date, Dim, Measure, Operand, Place, PlaceList, Spanned, Stage, Statistic, Term,
        TermKind, Thing, Tier, Verb, YearRange, YearWord,
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

#[cfg(test)]
mod tests;
