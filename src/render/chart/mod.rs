//! Pictures of an answer: bars, or lines over the years; of characters for a terminal, SVG for a page.
//!
//! A value that is not there leaves a gap with its reason, never a bar of length 0.

mod svg;
mod terminal;

pub use svg::{figure, svg};
pub use terminal::terminal;

use super::{field, number, words};
use crate::{
    messages::{self, Lang},
    model::State,
    query::{Answer, Field, Number, Title},
};

/// What a picture shows.
#[derive(Clone, Debug, Default)]
struct Chart {
    /// The question.
    title: String,
    /// The definitions of the measures, a line each, and what is not drawn.
    caption: String,
    /// Where the points stand, in order: years, or the labels of bars.
    places: Vec<String>,
    /// Whether the heights are shares, read in per cent.
    percent: bool,
    /// Whether the places are years, so that lines join them.
    over_years: bool,
    series: Vec<Series>,
}

/// One line, or one set of bars.
#[derive(Clone, Debug)]
struct Series {
    name: String,
    /// One a place.
    points: Vec<Point>,
}

/// One bar, or one point of a line.
#[derive(Clone, Debug, Default)]
struct Point {
    /// Its height, where there is a value.
    height: Option<f64>,
    /// The value as a person reads it, or why there is none.
    text: String,
    /// Whether the series breaks here: another form, another territory.
    breaks: bool,
    /// Whether its base is small.
    small: bool,
}

/// One measure of the answer that is drawn.
struct Drawn<'a> {
    /// What tells its columns from those of another: empty, `_2` …
    suffix: &'a str,
    title: &'a Title,
    /// How it is called, where there are several.
    name: String,
}

impl Chart {
    fn of(answer: &Answer, lang: Lang) -> Self {
        let column = |id: &str| answer.columns.iter().position(|title| title.id == id);
        let year = column("year").filter(|_| answer.dimensions.iter().any(|id| id == "year"));
        let years = || answer.rows.iter().filter_map(|row| year.and_then(|at| row.get(at)));
        let over_years = years().any(|field| Some(field) != years().next());
        let dimensions: Vec<usize> = answer
            .dimensions
            .iter()
            .filter_map(|id| column(id))
            .filter(|at| !(over_years && Some(*at) == year))
            .collect();
        let (drawn, caption) = measures(answer, lang);
        let mut chart = Self {
            title: words::side(&answer.query, lang).to_owned(),
            caption,
            percent: drawn.first().is_some_and(|measure| measure.title.unit.as_deref() == Some("%")),
            over_years,
            ..Self::default()
        };
        for row in &answer.rows {
            let labels: Vec<String> = dimensions
                .iter()
                .filter_map(|&at| Some(field::shown(row.get(at)?, answer.columns.get(at)?, lang)))
                .collect();
            for measure in &drawn {
                let named = labels.iter().chain(Some(&measure.name)).filter(|word| !word.is_empty());
                let label = named.cloned().collect::<Vec<_>>().join(" · ");
                let point = point(answer, row, measure, lang);
                if over_years {
                    let place = year.and_then(|at| row.get(at)).map(|field| match field {
                        Field::Year(year) => year.to_string(),
                        _ => String::new(),
                    });
                    chart.put(label, place.unwrap_or_default(), point);
                } else {
                    chart.put(String::new(), label, point);
                }
            }
        }
        chart.in_order();
        chart
    }

    fn put(&mut self, series: String, place: String, point: Point) {
        let at = self.places.iter().position(|known| *known == place).unwrap_or_else(|| {
            self.places.push(place);
            self.places.len() - 1
        });
        let found = self.series.iter().position(|known| known.name == series).unwrap_or_else(|| {
            self.series.push(Series { name: series, points: Vec::new() });
            self.series.len() - 1
        });
        if let Some(series) = self.series.get_mut(found) {
            series.points.resize(series.points.len().max(at + 1), Point::default());
            if let Some(slot) = series.points.get_mut(at) {
                *slot = point;
            }
        }
    }

    /// Years in order, every series as long as the places.
    fn in_order(&mut self) {
        for series in &mut self.series {
            series.points.resize(self.places.len(), Point::default());
        }
        if !self.over_years {
            return;
        }
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|&at| self.places.get(at).cloned());
        let arranged = |order: &[usize], points: &[Point]| {
            order.iter().map(|&at| points.get(at).cloned().unwrap_or_default()).collect::<Vec<_>>()
        };
        for series in &mut self.series {
            series.points = arranged(&order, &series.points);
        }
        self.places.sort();
    }

    /// The lowest and highest value, 0 always among them.
    fn range(&self) -> (f64, f64) {
        let heights = self.series.iter().flat_map(|series| &series.points).filter_map(|point| point.height);
        heights.fold((0.0, 0.0), |(low, high): (f64, f64), height| (low.min(height), high.max(height)))
    }
}

/// The measures that share the first one's unit, and so its scale, with what is said below the picture.
fn measures(answer: &Answer, lang: Lang) -> (Vec<Drawn<'_>>, String) {
    let columns: Vec<(&str, &Title)> = answer
        .columns
        .iter()
        .filter_map(|title| Some((field::split(&title.id), title)).filter(|((base, _), _)| *base == "value"))
        .map(|((_, suffix), title)| (suffix, title))
        .collect();
    let unit = columns.first().and_then(|(_, title)| title.unit.as_deref());
    let (mut drawn, mut lines, mut apart) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (suffix, title)) in columns.iter().enumerate() {
        let name = field::title(title, lang);
        if title.unit.as_deref() != unit {
            apart.push(name);
            continue;
        }
        lines.extend(answer.measures.get(at).map(|measure| super::answer::definition(measure, lang)));
        let taken = drawn.iter().any(|known: &Drawn<'_>| known.name == name);
        // Two shares of the same figure are told apart by their number.
        let name = if taken { format!("{name} ({})", at + 1) } else { name };
        drawn.push(Drawn { suffix, title, name: if columns.len() > 1 { name } else { String::new() } });
    }
    if !apart.is_empty() {
        let names = apart.join(&words::word(lang, "list.separator"));
        lines.push(messages::text(lang, "answer.not_drawn", [("names", names.as_str())]));
    }
    (drawn, lines.join("\n"))
}

fn point(answer: &Answer, row: &[Field], measure: &Drawn<'_>, lang: Lang) -> Point {
    let field = |id: &str| {
        let at = answer.columns.iter().position(|title| title.id == id)?;
        row.get(at)
    };
    let value = match field(&measure.title.id) {
        Some(Field::Number(Some(value))) => Some(*value),
        _ => None,
    };
    let state = match field(&format!("state{}", measure.suffix)) {
        Some(Field::State(state)) => *state,
        _ => State::Value,
    };
    let flags: &[String] = match field("flags") {
        Some(Field::Flags(flags)) => flags,
        _ => &[],
    };
    let text = match value {
        Some(value) => number::shown(value, measure.title.unit.as_deref()),
        None => words::state(lang, state),
    };
    Point {
        height: value.and_then(height),
        text,
        breaks: flags.iter().any(|flag| flag.starts_with("break")),
        small: flags.iter().any(|flag| flag == "small_n"),
    }
}

/// How high a point stands. A picture is no figure: here a double is exact enough.
fn height(number: Number) -> Option<f64> {
    number::plain(number).parse().ok()
}
