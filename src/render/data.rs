//! An answer as data for other programs: typed columns and exact values, the one description behind every file format.

use super::{field, number, words};
use crate::{
    messages::Lang,
    query::{Answer, Bilingual, Field, Number, Title},
};

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, ids, states.
    Text,
    /// Whole numbers.
    Whole,
    /// Money in 万元, with decimals.
    Decimal,
    /// Fractions, rounded to twelve places where they are written as decimals.
    Ratio,
    /// Each row its own.
    Mixed,
}

impl Kind {
    /// `text`, `integer`, `decimal`, `ratio` or `mixed`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Whole => "integer",
            Self::Decimal => "decimal",
            Self::Ratio => "ratio",
            Self::Mixed => "mixed",
        }
    }
}

/// One column of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The id, as in CSV: a place gives two columns, `county` and `county_code`.
    pub id: String,
    /// What a person calls it.
    pub label: Bilingual,
    /// `%`, 件, 万元 …
    pub unit: Option<String>,
    /// What its values are.
    pub kind: Kind,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing: where a state stands beside, it says why.
    Nothing,
    /// A text.
    Text(String),
    /// A number, exact.
    Number(Number),
}

impl Value {
    /// As CSV writes it: empty for nothing, plain digits for a number.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(found) => number::plain(*found),
        }
    }

    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Nothing => None,
            Self::Text(_) => Some(Kind::Text),
            Self::Number(Number::Count(_)) => Some(Kind::Whole),
            Self::Number(Number::Money(_)) => Some(Kind::Decimal),
            Self::Number(Number::Ratio { .. }) => Some(Kind::Ratio),
        }
    }
}

/// Columns and rows, each row as long as `columns`.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// What the columns are.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

impl Data {
    /// The data of an answer.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        let sample = |column: usize| {
            answer.rows.iter().filter_map(|row| row.get(column)).find(|field| !matches!(field, Field::None))
        };
        let groups: Vec<Vec<Column>> =
            answer.columns.iter().enumerate().map(|(at, title)| columns(title, sample(at))).collect();
        let rows: Vec<Vec<Value>> = answer
            .rows
            .iter()
            .map(|row| {
                let cells = row.iter().zip(&groups).flat_map(|(field, group)| {
                    let mut values = values(field);
                    values.resize(group.len(), Value::Nothing);
                    values
                });
                cells.collect()
            })
            .collect();
        let mut data = Self { columns: groups.into_iter().flatten().collect(), rows };
        for (at, column) in data.columns.iter_mut().enumerate() {
            let mut kinds = data.rows.iter().filter_map(|row| row.get(at)?.kind());
            let first = kinds.next().unwrap_or(Kind::Text);
            column.kind = if kinds.all(|kind| kind == first) { first } else { Kind::Mixed };
        }
        data
    }
}

/// The columns a column becomes; those of a place or a source are named after their parts.
fn columns(title: &Title, sample: Option<&Field>) -> Vec<Column> {
    let own = Bilingual { en: field::title(title, Lang::En), zh: field::title(title, Lang::Zh) };
    let ids = field::csv_titles(&title.id, sample);
    let many = ids.len() > 1;
    ids.into_iter()
        .map(|id| {
            let part = id.strip_prefix(&title.id).and_then(|rest| rest.strip_prefix('_')).filter(|_| many);
            let label = part.map_or_else(|| own.clone(), |part| below(&own, part));
            Column { id, label, unit: title.unit.clone(), kind: Kind::Text }
        })
        .collect()
}

/// `Source: Line`
fn below(whole: &Bilingual, part: &str) -> Bilingual {
    let label = |lang| format!("{}: {}", words::side(whole, lang), words::word_or(lang, "column", part));
    Bilingual { en: label(Lang::En), zh: label(Lang::Zh) }
}

fn values(field: &Field) -> Vec<Value> {
    let whole = |number: u64| Value::Number(Number::Count(i128::from(number)));
    match field {
        Field::Number(found) => vec![found.map_or(Value::Nothing, Value::Number)],
        Field::Whole(count) => vec![whole(*count)],
        Field::Year(year) => vec![whole(u64::from(year.number()))],
        Field::Source(source) => {
            let place = |number: Option<u32>| number.map_or(Value::Nothing, |number| whole(u64::from(number)));
            vec![
                text(source.file.clone()),
                text(source.sha256.clone()),
                text(source.table.clone().unwrap_or_default()),
                place(source.row),
                place(source.line),
                place(source.column),
            ]
        }
        other => field::csv(other).into_iter().map(text).collect(),
    }
}

fn text(text: String) -> Value {
    if text.is_empty() { Value::Nothing } else { Value::Text(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample_tests as sample;

    #[test]
    fn every_column_says_what_its_values_are() {
        let data = Data::of(&sample::seed());
        let kinds: Vec<(&str, &str)> =
            data.columns.iter().map(|column| (column.id.as_str(), column.kind.id())).collect();
        assert_eq!(kinds[0], ("year", "integer"));
        assert_eq!(kinds[1], ("value", "ratio"));
        assert_eq!(kinds[2], ("state", "text"));
        assert_eq!(kinds[3], ("numerator", "integer"));
        assert_eq!((data.columns[1].label.en.as_str(), data.columns[1].unit.as_deref()), ("Value", Some("%")));
        assert_eq!(data.rows[0][1].text(), "0.77");
    }

    #[test]
    fn money_beside_counts_keeps_a_column_of_its_own_kind() {
        let mut answer = sample::seed();
        let mut second = answer.rows[0].clone();
        second[3] = Field::Number(Some(Number::Money(4_068_208_000)));
        answer.rows.push(second);
        let data = Data::of(&answer);
        assert_eq!(data.columns[3].kind, Kind::Mixed);
        assert_eq!(data.rows[1][3].text(), "4068.208");
    }
}
