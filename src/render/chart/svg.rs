//! The picture as SVG: no scripts, no fonts fetched, readable in black and white.

use std::fmt::Write;

use super::{Chart, Point, Series};
use crate::{
    messages::Lang,
    query::Answer,
    render::{
        about,
        html::{FONTS, escape},
        table, words,
    },
    text::width,
};

/// The picture is no narrower than this.
const WIDTH: f64 = 840.0;
const MARGIN: f64 = 16.0;
const LINE: f64 = 26.0;
/// One display column of the labels, in the font size of the picture.
const COLUMN: f64 = 7.5;
/// Display columns of a line of text across the picture.
const COLUMNS: usize = 106;
/// The longest bar is no shorter than this.
const ROOM: f64 = 300.0;

/// Dashes that tell lines apart without colour.
const DASHES: [&str; 6] = ["none", "8 4", "2 3", "10 3 2 3", "5 5", "1 5"];

/// The answer as one SVG element, its question above it: a picture that is carried away alone, so that its `metadata`
/// has what belongs to the answer.
#[must_use]
pub fn svg(answer: &Answer, lang: Lang) -> String {
    let chart = Chart::of(answer, lang);
    let line = |fact: about::Fact| format!("{}: {}\n", fact.name, escape(words::side(&fact.text, lang)));
    let about: String = about::all(answer).into_iter().map(line).collect();
    picture(&chart, &table::wrapped(&chart.title, COLUMNS), &format!("<metadata>\n{about}</metadata>\n"))
}

/// The answer as one SVG element for a page that says the question itself.
#[must_use]
pub fn figure(answer: &Answer, lang: Lang) -> String {
    picture(&Chart::of(answer, lang), &[], "")
}

fn picture(chart: &Chart, title: &[String], about: &str) -> String {
    let top = 4.0 + 22.0 * number(title.len());
    let drawn = if chart.over_years { lines(chart, top) } else { bars(chart, top) };
    let (width, height) = (drawn.width, drawn.height);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" font-family='{FONTS}' font-size=\"14\">\n<title>{}</title>\n{about}\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        escape(&chart.title),
    );
    for (at, line) in title.iter().enumerate() {
        out.push_str(&text(MARGIN, 22.0 + 22.0 * number(at), "start", line));
    }
    out + &drawn.body + "</svg>\n"
}

/// What is inside a picture, and how large it came out.
struct Drawn {
    body: String,
    width: f64,
    height: f64,
}

/// Horizontal bars, one a row of the answer.
fn bars(chart: &Chart, top: f64) -> Drawn {
    let (low, high) = chart.range();
    let widest =
        |texts: &mut dyn Iterator<Item = &String>| number(texts.map(|text| width::of(text)).max().unwrap_or(0));
    let labels = widest(&mut chart.places.iter()) * COLUMN + MARGIN;
    let points: Vec<&Point> = chart.series.iter().flat_map(|series| &series.points).collect();
    let texts = widest(&mut points.iter().map(|point| &point.text)) * COLUMN + MARGIN;
    // Long names make the picture wider: nothing is cut.
    let width = WIDTH.max(labels + texts + 2.0 * MARGIN + ROOM);
    let room = width - labels - texts - 2.0 * MARGIN;
    let scale = room / (high - low).max(f64::MIN_POSITIVE);
    let zero = labels + MARGIN - low * scale;
    let mut body = String::new();
    let top = top + 12.0;
    let mut y = top;
    for (place, point) in chart.places.iter().zip(points) {
        body.push_str(&text(labels, y + 17.0, "end", place));
        match point.height {
            Some(height) => {
                let (from, long) = (zero + (height * scale).min(0.0), (height * scale).abs());
                let fill = if point.small { "#fff" } else { "#555" };
                let _ = writeln!(
                    body,
                    "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{long:.1}\" height=\"{:.1}\" fill=\"{fill}\" stroke=\"#111\"/>",
                    y + 4.0,
                    LINE - 8.0
                );
                body.push_str(&text(from + long + 6.0, y + 17.0, "start", &point.text));
            }
            None => body.push_str(&text(zero + 6.0, y + 17.0, "start", &point.text)),
        }
        y += LINE;
    }
    let _ = writeln!(body, "<line x1=\"{zero:.1}\" y1=\"{top}\" x2=\"{zero:.1}\" y2=\"{y:.1}\" stroke=\"#111\"/>");
    let height = caption(&mut body, chart, y + 24.0);
    Drawn { body, width, height }
}

/// Lines over the years: a gap stays a gap, a break is a dashed upright.
fn lines(chart: &Chart, top: f64) -> Drawn {
    let (low, high) = chart.range();
    let (top, left, right) = (top + 30.0, 80.0, WIDTH - 40.0);
    let bottom = top + 324.0;
    let across = |at: usize| left + (right - left) * (number(at) + 0.5) / number(chart.places.len().max(1));
    let up = |height: f64| bottom - (bottom - top) * (height - low) / (high - low).max(f64::MIN_POSITIVE);
    let mut out = String::new();
    // Figures stand above all lines.
    let mut figures = String::new();
    for (tick, name) in ticks(low, high, chart.percent) {
        let (y, stroke) = (up(tick), if tick.abs() < f64::EPSILON { "#111" } else { "#ddd" });
        let _ = writeln!(out, "<line x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"{stroke}\"/>");
        out.push_str(&text(left - 8.0, y + 5.0, "end", &name));
    }
    for (at, place) in chart.places.iter().enumerate() {
        out.push_str(&text(across(at), bottom + 24.0, "middle", place));
        let broken = chart.series.iter().any(|series| series.points.get(at).is_some_and(|point| point.breaks));
        if broken && at > 0 {
            let x = f64::midpoint(across(at - 1), across(at));
            let _ = writeln!(
                out,
                "<line x1=\"{x:.1}\" y1=\"{top}\" x2=\"{x:.1}\" y2=\"{bottom}\" stroke=\"#777\" stroke-dasharray=\"3 4\"/>"
            );
        }
    }
    let mut y = bottom + 52.0;
    for (order, series) in chart.series.iter().enumerate() {
        let dash = DASHES.get(order % DASHES.len()).copied().unwrap_or("none");
        for (at, point) in series.points.iter().enumerate() {
            let Some(height) = point.height else {
                if chart.series.len() == 1 && !point.text.is_empty() {
                    figures.push_str(&figure_text(across(at), up(0.0) - 10.0, "middle", &point.text));
                }
                continue;
            };
            let (before, after) = neighbours(series, at);
            if let Some(after) = after {
                let _ = writeln!(
                    out,
                    "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"#111\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>",
                    across(at),
                    up(height),
                    across(at + 1),
                    up(after)
                );
            }
            let fill = if point.small { "#fff" } else { "#111" };
            out.push_str(&marker(order, across(at), up(height), fill));
            if chart.series.len() <= 2 {
                let (x, y, anchor) = beside(before, height, after, up(height) + 24.0 < bottom);
                figures.push_str(&figure_text(across(at) + x, up(height) + y, anchor, &point.text));
            }
        }
        if !series.name.is_empty() {
            let _ = writeln!(
                out,
                "<line x1=\"{left}\" y1=\"{0:.1}\" x2=\"{1:.1}\" y2=\"{0:.1}\" stroke=\"#111\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>",
                y - 5.0,
                left + 40.0
            );
            out.push_str(&marker(order, left + 20.0, y - 5.0, "#111"));
            out.push_str(&text(left + 50.0, y, "start", &series.name));
            y += 22.0;
        }
    }
    let mut body = out + &figures;
    let height = caption(&mut body, chart, y + 6.0);
    Drawn { body, width: WIDTH, height }
}

/// What the heights are, below the picture; gives how high the whole is then.
fn caption(body: &mut String, chart: &Chart, mut y: f64) -> f64 {
    for line in table::wrapped(&chart.caption, COLUMNS) {
        body.push_str(&text(MARGIN, y, "start", &line));
        y += 22.0;
    }
    y
}

/// The heights that a line joins to a point, before and after it.
fn neighbours(series: &Series, at: usize) -> (Option<f64>, Option<f64>) {
    let point = |at: usize| series.points.get(at);
    let before = at.checked_sub(1).and_then(point).filter(|_| point(at).is_some_and(|here| !here.breaks));
    let after = point(at + 1).filter(|after| !after.breaks);
    (before.and_then(|point| point.height), after.and_then(|point| point.height))
}

/// Where the figure of a point stands so that its lines do not run through it: above a peak, below a valley, beside a
/// slope.
fn beside(before: Option<f64>, here: f64, after: Option<f64>, room_below: bool) -> (f64, f64, &'static str) {
    let higher = |other: Option<f64>| other.is_some_and(|other| other > here);
    let lower = |other: Option<f64>| other.is_some_and(|other| other < here);
    let rises = lower(before) && higher(after);
    let falls = higher(before) && lower(after);
    let valley = (higher(before) || higher(after)) && !rises && !falls;
    match (rises, falls) {
        (true, _) => (-6.0, -8.0, "end"),
        (_, true) => (6.0, -8.0, "start"),
        _ if valley && room_below => (0.0, 20.0, "middle"),
        _ => (0.0, -10.0, "middle"),
    }
}

/// Round heights between the lowest and the highest, five at most, with their names.
fn ticks(low: f64, high: f64, percent: bool) -> Vec<(f64, String)> {
    let part = (high - low) / 4.0;
    if part <= 0.0 || !part.is_finite() {
        return vec![(0.0, "0".to_owned())];
    }
    let unit = 10_f64.powf(part.log10().floor());
    let step = [1.0, 2.0, 5.0].map(|many| many * unit).into_iter().find(|step| *step >= part).unwrap_or(10.0 * unit);
    let factor = if percent { 100.0 } else { 1.0 };
    let digits = (0..9).find(|&digits| step * factor * 10_f64.powi(digits) > 0.99).unwrap_or(9);
    let first = (low / step).ceil();
    (0_u32..10)
        .map(|at| (first + f64::from(at)) * step)
        .take_while(|tick| *tick <= high + step * 1e-6)
        // Not `-0`.
        .map(|tick| if tick.abs() < step / 2.0 { 0.0 } else { tick })
        .map(|tick| {
            let shown = format!("{:.*}", usize::try_from(digits).unwrap_or(0), tick * factor);
            (tick, if percent { shown + "%" } else { shown })
        })
        .collect()
}

/// A mark whose shape tells the series.
fn marker(order: usize, x: f64, y: f64, fill: &str) -> String {
    match order % 3 {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{fill}\" stroke=\"#111\"/>\n"),
        1 => format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\" fill=\"{fill}\" stroke=\"#111\"/>\n",
            x - 4.0,
            y - 4.0
        ),
        _ => format!("<path d=\"M {x:.1} {:.1} l 5 9 h -10 z\" fill=\"{fill}\" stroke=\"#111\"/>\n", y - 5.0),
    }
}

fn text(x: f64, y: f64, anchor: &str, content: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n", escape(content))
}

/// A figure among lines, with a white rim so that it is read on top of them.
fn figure_text(x: f64, y: f64, anchor: &str, content: &str) -> String {
    text(x, y, anchor, content).replacen(
        "<text ",
        "<text paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"4\" stroke-linejoin=\"round\" ",
        1,
    )
}

fn number(small: usize) -> f64 {
    u32::try_from(small).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_round() {
        let names =
            |low, high, percent| ticks(low, high, percent).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names(0.0, 0.383, true), ["0%", "10%", "20%", "30%"]);
        assert_eq!(names(0.0, 0.021, true), ["0%", "1%", "2%"]);
        assert_eq!(names(0.0, 3511.0, false), ["0", "1000", "2000", "3000"]);
        assert_eq!(names(-30.0, 50.0, false), ["-20", "0", "20", "40"]);
        assert_eq!(names(0.0, 1.0, false), ["0.0", "0.5", "1.0"]);
        assert_eq!(names(0.0, 0.0, true), ["0"]);
    }

    #[test]
    fn a_figure_stands_where_no_line_runs() {
        let place = |before, after, room| {
            let (_, y, anchor) = beside(before, 2.0, after, room);
            (if y > 0.0 { "below" } else { "above" }, anchor)
        };
        assert_eq!(place(Some(1.0), Some(1.0), true), ("above", "middle"), "a peak");
        assert_eq!(place(Some(3.0), Some(3.0), true), ("below", "middle"), "a valley");
        assert_eq!(place(Some(3.0), Some(3.0), false), ("above", "middle"), "a valley at the foot has no room below");
        assert_eq!(place(Some(1.0), Some(3.0), true), ("above", "end"), "left of a slope that rises");
        assert_eq!(place(Some(3.0), Some(1.0), true), ("above", "start"), "right of a slope that falls");
        assert_eq!(place(None, None, true), ("above", "middle"));
    }
}
