//! The picture as SVG: no scripts, no fonts fetched, readable in black and white.

use std::fmt::Write;

use super::{Chart, Point};
use crate::{
    messages::Lang,
    query::Answer,
    render::html::{FONTS, escape},
    text::width,
};

const WIDTH: f64 = 840.0;
const MARGIN: f64 = 16.0;
const LINE: f64 = 26.0;
/// One display column of the labels, in the font size of the picture.
const COLUMN: f64 = 7.5;

/// Dashes that tell lines apart without colour.
const DASHES: [&str; 6] = ["none", "8 4", "2 3", "10 3 2 3", "5 5", "1 5"];

/// The answer as one SVG element.
#[must_use]
pub fn svg(answer: &Answer, lang: Lang) -> String {
    let chart = Chart::of(answer, lang);
    let (body, height) = if chart.over_years { lines(&chart) } else { bars(&chart) };
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" font-family='{FONTS}' font-size=\"14\">\n<title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}{body}</svg>\n",
        escape(&chart.title),
        text(MARGIN, 26.0, "start", &chart.title),
    );
    out
}

/// Horizontal bars, one a row of the answer.
fn bars(chart: &Chart) -> (String, f64) {
    let (low, high) = chart.range();
    let widest =
        |texts: &mut dyn Iterator<Item = &String>| number(texts.map(|text| width::of(text)).max().unwrap_or(0));
    let labels = (widest(&mut chart.places.iter()) * COLUMN).min(320.0) + MARGIN;
    let points: Vec<&Point> = chart.series.iter().flat_map(|series| &series.points).collect();
    let texts = widest(&mut points.iter().map(|point| &point.text)) * COLUMN + MARGIN;
    let room = (WIDTH - labels - texts - 2.0 * MARGIN).max(80.0);
    let scale = room / (high - low).max(f64::MIN_POSITIVE);
    let zero = labels + MARGIN - low * scale;
    let mut out = String::new();
    let mut y = 44.0;
    for (place, point) in chart.places.iter().zip(points) {
        out.push_str(&text(labels, y + 17.0, "end", place));
        match point.height {
            Some(height) => {
                let (from, long) = (zero + (height * scale).min(0.0), (height * scale).abs());
                let fill = if point.small { "#fff" } else { "#555" };
                let _ = writeln!(
                    out,
                    "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{long:.1}\" height=\"{:.1}\" fill=\"{fill}\" stroke=\"#111\"/>",
                    y + 4.0,
                    LINE - 8.0
                );
                out.push_str(&text(from + long + 6.0, y + 17.0, "start", &point.text));
            }
            None => out.push_str(&text(zero + 6.0, y + 17.0, "start", &point.text)),
        }
        y += LINE;
    }
    let _ = writeln!(out, "<line x1=\"{zero:.1}\" y1=\"44\" x2=\"{zero:.1}\" y2=\"{y:.1}\" stroke=\"#111\"/>");
    out.push_str(&text(MARGIN, y + 24.0, "start", &chart.caption));
    (out, y + 40.0)
}

/// Lines over the years: a gap stays a gap, a break is a dashed upright.
fn lines(chart: &Chart) -> (String, f64) {
    let (low, high) = chart.range();
    let (top, bottom, left, right) = (56.0, 380.0, 80.0, WIDTH - 40.0);
    let across = |at: usize| left + (right - left) * (number(at) + 0.5) / number(chart.places.len().max(1));
    let up = |height: f64| bottom - (bottom - top) * (height - low) / (high - low).max(f64::MIN_POSITIVE);
    let mut out = String::new();
    let _ = writeln!(out, "<line x1=\"{left}\" y1=\"{0:.1}\" x2=\"{right}\" y2=\"{0:.1}\" stroke=\"#111\"/>", up(0.0));
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
                    out.push_str(&text(across(at), f64::midpoint(top, bottom), "middle", &point.text));
                }
                continue;
            };
            let next = series.points.get(at + 1).filter(|next| !next.breaks).and_then(|next| next.height);
            if let Some(next) = next {
                let _ = writeln!(
                    out,
                    "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"#111\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>",
                    across(at),
                    up(height),
                    across(at + 1),
                    up(next)
                );
            }
            let fill = if point.small { "#fff" } else { "#111" };
            out.push_str(&marker(order, across(at), up(height), fill));
            if chart.series.len() <= 2 {
                out.push_str(&text(across(at), up(height) - 10.0, "middle", &point.text));
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
    out.push_str(&text(MARGIN, y + 6.0, "start", &chart.caption));
    (out, y + 24.0)
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

fn number(small: usize) -> f64 {
    u32::try_from(small).map_or(f64::MAX, f64::from)
}
