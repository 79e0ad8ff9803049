//! From tallies to rows: values, conditions, order, and the fields a reader sees.

use super::{
    super::{
        Bilingual, Detail, Field, Number, Title,
        plan::{Dimension, Statistic, Term, TermKind},
    },
    Context,
    condition::{holds, in_row},
    crew::crew,
    gather::Gathered,
    labels,
    setup::{At, FORMS, Setup},
    tally::{Shown, Tally, mark},
    whose::Names,
};
use crate::{error::Result, model::State, store::View};

/// A share with a smaller base is marked.
const SMALL: i128 = 30;

/// One row before it is put into fields.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) at: At,
    /// The ordinal of each dimension, in the order written.
    pub(crate) order: Vec<u64>,
    /// What every term gives, hidden ones last.
    pub(crate) terms: Vec<Shown>,
    pub(crate) flags: Vec<String>,
    pub(crate) detail: Detail,
}

/// Every row that has a report or should have one, filtered, in administrative order.
pub(crate) fn rows(setup: &Setup, gathered: &mut Gathered) -> Vec<Row> {
    let mut rows = gathered.rows.take().unwrap_or_else(|| of_tallies(setup, gathered));
    rows.sort_by(|a, b| a.order.cmp(&b.order));
    rows
}

fn of_tallies(setup: &Setup, gathered: &Gathered) -> Vec<Row> {
    let row = |at| row(setup, at, |term| gathered.tally(setup, term, at));
    setup.rows().filter_map(row).filter(|row| passes(setup, row)).collect()
}

/// Whether a row meets the condition.
pub(crate) fn passes(setup: &Setup, row: &Row) -> bool {
    setup.of_rows().all(|condition| holds(condition, &|operand| in_row(row, setup, operand)))
}

/// The row of these tallies, one a term; nothing where no report is expected in it.
pub(crate) fn row<'t>(setup: &Setup, at: At, tally: impl Fn(usize) -> Option<&'t Tally>) -> Option<Row> {
    let expected = (0..setup.terms.shown).filter_map(&tally).map(|tally| tally.expected).max()?;
    if expected == 0 {
        return None;
    }
    let terms: Vec<Shown> = setup
        .terms
        .all
        .iter()
        .enumerate()
        .map(|(number, term)| match (tally(number), setup.calc(number, at)) {
            (Some(tally), Some(calc)) => tally.shown(calc, term.kind, term.statistic),
            _ => Shown::default(),
        })
        .collect();
    let mut states: Vec<(State, u64)> = Vec::new();
    let (mut proved, mut marks) = (0, 0);
    for tally in (0..setup.terms.shown).filter_map(&tally) {
        proved = proved.max(u64::from(tally.proved));
        marks |= tally.marks;
        for (state, count) in tally.states() {
            match states.iter_mut().find(|(known, _)| *known == state) {
                Some((_, most)) => *most = count.max(*most),
                None => states.push((state, count)),
            }
        }
    }
    states.sort_unstable();
    let (spots, selection) = (&setup.ground.spots, &setup.ground.selection);
    let order = setup
        .by
        .iter()
        .map(|&dimension| {
            ordinal(match dimension {
                Dimension::Year => at.year,
                Dimension::Category => at.member,
                Dimension::Applicant => at.column,
                Dimension::Template => at.form,
                _ => return spots.ordinal(at.spot, dimension, selection),
            })
        })
        .chain(spots.apart(at.spot))
        .collect();
    let flags = flags(setup, &terms, marks, proved);
    Some(Row { at, order, terms, flags, detail: Detail { states, proved_zero: proved, why: None } })
}

pub(crate) fn ordinal(step: usize) -> u64 {
    u64::try_from(step).unwrap_or(u64::MAX)
}

fn flags(setup: &Setup, terms: &[Shown], marks: u8, proved: u64) -> Vec<String> {
    let both = mark::FORM_2019 | mark::FORM_2021;
    let small = setup.terms.all.iter().zip(terms).take(setup.terms.shown).any(|(term, shown)| {
        let count = match shown.denominator {
            Some(Number::Count(count)) => count < SMALL,
            _ => false,
        };
        count && term.kind != TermKind::Change && shown.state == Some(State::Value)
    });
    let unwritten = |state| terms.iter().take(setup.terms.shown).any(|shown| shown.state == Some(state));
    [
        ("small_n", small),
        ("proved_zero", proved > 0),
        ("break_near", marks & both == both),
        ("territory_changed", marks & mark::TERRITORY != 0),
        ("own_figures", marks & mark::OWN != 0),
        ("no_population", marks & mark::NO_POPULATION != 0),
        ("new_from_zero", unwritten(State::NewFromZero)),
    ]
    .into_iter()
    .filter(|&(_, set)| set)
    .map(|(flag, _)| flag.to_owned())
    .collect()
}

/// The heads of the columns.
pub(crate) fn titles(setup: &Setup) -> Vec<Title> {
    let plain = |id: String| Title { id, label: Bilingual::default(), unit: None };
    let mut titles: Vec<Title> = setup.by.iter().map(|dimension| plain(dimension.id().to_owned())).collect();
    if setup.ground.spots.is_apart() {
        titles.push(plain("place".to_owned()));
    }
    for (number, term) in setup.terms.all.iter().take(setup.terms.shown).enumerate() {
        let suffix = if number == 0 { String::new() } else { format!("_{}", number + 1) };
        let lone = setup.terms.shown == 1;
        let label = if lone { Bilingual::default() } else { labels::term(term) };
        let unit = labels::unit(term);
        for name in value_names(term) {
            titles.push(Title { id: format!("{name}{suffix}"), label: label.clone(), unit: unit.clone() });
        }
        titles.push(plain(format!("state{suffix}")));
        if term.has_parts() {
            let (above, below) = labels::part_units(term);
            titles.push(Title { unit: above, ..plain(format!("numerator{suffix}")) });
            titles.push(Title { unit: below, ..plain(format!("denominator{suffix}")) });
        }
        titles.push(plain(format!("reports_used{suffix}")));
        if number == 0 {
            titles.push(plain("reports_expected".to_owned()));
        }
    }
    titles.push(plain("flags".to_owned()));
    titles
}

fn value_names(term: &Term) -> &'static [&'static str] {
    if term.statistic == Some(Statistic::Quartiles) { &["p25", "median", "p75"] } else { &["value"] }
}

/// Rows as fields; many of them are named by as many threads as there are.
///
/// # Errors
/// `Interrupted`.
pub(crate) fn all_fields(setup: &Setup, rows: &[Row], view: &View, context: &Context) -> Result<Vec<Vec<Field>>> {
    const TOGETHER: usize = 1_024;
    let pieces: Vec<&[Row]> = rows.chunks(TOGETHER).collect();
    let named = |names: &mut Names, rows: &&[Row]| {
        context.go_on()?;
        Ok(rows.iter().map(|row| fields(setup, row, view, names)).collect::<Vec<_>>())
    };
    let mut all = Vec::with_capacity(rows.len());
    crew(&pieces, Names::default, named, |mut some| {
        all.append(&mut some);
        Ok(())
    })?;
    Ok(all)
}

/// A row as fields, one for each title.
pub(crate) fn fields(setup: &Setup, row: &Row, view: &View, names: &mut Names) -> Vec<Field> {
    let (spots, selection) = (&setup.ground.spots, &setup.ground.selection);
    let mut fields = Vec::with_capacity(setup.by.len() + 6 * setup.terms.shown + 3);
    fields.extend(setup.by.iter().map(|&dimension| {
        match dimension {
            Dimension::Year => setup.plan.years.get(row.at.year).map_or(Field::None, |&year| Field::Year(year)),
            Dimension::Category => labels::member(setup, row.at.member),
            Dimension::Applicant => setup
                .columns
                .get(row.at.column)
                .and_then(|columns| columns.first())
                .map_or(Field::None, |&applicant| labels::applicant_item(applicant)),
            Dimension::Template => match FORMS.get(row.at.form).copied().flatten() {
                Some(form) => Field::Item { id: form.id().to_owned(), label: Bilingual::default() },
                None => Field::Item { id: "none".to_owned(), label: Bilingual::default() },
            },
            Dimension::Rule => Field::None,
            _ => spots.field(row.at.spot, dimension, selection, view, names),
        }
    }));
    if let Some(place) = spots.apart(row.at.spot) {
        fields.push(labels::listed(setup.plan, place, view));
    }
    for (number, (term, shown)) in setup.terms.all.iter().zip(&row.terms).take(setup.terms.shown).enumerate() {
        let more = shown.more.iter().copied().map(Some).chain(std::iter::repeat(None));
        let values = std::iter::once(shown.value).chain(more);
        fields.extend(values.take(value_names(term).len()).map(Field::Number));
        fields.push(Field::State(shown.state.unwrap_or(State::NoReport)));
        if term.has_parts() {
            fields.extend([Field::Number(shown.numerator), Field::Number(shown.denominator)]);
        }
        fields.push(Field::Whole(u64::from(shown.used)));
        if number == 0 {
            fields.push(Field::Whole(u64::from(shown.expected)));
        }
    }
    fields.push(Field::Flags(row.flags.clone()));
    fields
}
