//! Bars of block characters, and one line of them a series over the years.

use super::{Chart, Series};
use crate::{
    query::Answer,
    render::{answer::View, table},
    text::width,
};

/// Eighths of a character cell, from the left.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Eighths of a character cell, from below.
const STEPS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// A bar never takes more columns than this.
const WIDEST: usize = 60;

/// The answer as bars; several series over the years as one line of blocks each.
#[must_use]
pub fn terminal(answer: &Answer, view: View) -> String {
    let chart = Chart::of(answer, view.lang);
    let mut lines = Vec::new();
    if chart.over_years && chart.series.len() > 1 {
        lines.extend(sparks(&chart));
    } else {
        for series in &chart.series {
            lines.extend(bars(&chart, series, view.width));
        }
    }
    lines.extend(table::wrapped(&chart.caption, view.width));
    lines.push(String::new());
    lines.join("\n")
}

fn bars(chart: &Chart, series: &Series, columns: usize) -> Vec<String> {
    let (low, high) = chart.range();
    let span = low.abs().max(high).max(f64::MIN_POSITIVE);
    let label = chart.places.iter().map(|place| width::of(place)).max().unwrap_or(0);
    let text = series.points.iter().map(|point| width::of(&point.text)).max().unwrap_or(0);
    let room = columns.saturating_sub(label + text + 4).clamp(8, WIDEST);
    chart
        .places
        .iter()
        .zip(&series.points)
        .map(|(place, point)| {
            let head = width::pad_right(place, label);
            let mark = if point.breaks { " ‖" } else { "" };
            match point.height {
                Some(height) => format!("{head}  {} {}{mark}", bar(height / span, room), point.text),
                None => format!("{head}  · {}{mark}", point.text),
            }
        })
        .collect()
}

/// A bar of `part` of the room; a negative one is hatched.
fn bar(part: f64, room: usize) -> String {
    let eighths = eighths(part.abs(), room * 8);
    if part < 0.0 {
        return "░".repeat((eighths + 4) / 8);
    }
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS.get(eighths % 8).copied().unwrap_or_default())
}

/// One line a series: its name, a block a year, its first and last value.
fn sparks(chart: &Chart) -> Vec<String> {
    let (low, high) = chart.range();
    let span = (high - low).max(f64::MIN_POSITIVE);
    let name = chart.series.iter().map(|series| width::of(&series.name)).max().unwrap_or(0);
    let years = match (chart.places.first(), chart.places.last()) {
        (Some(first), Some(last)) => format!("{first}–{last}"),
        _ => String::new(),
    };
    let mut lines = vec![format!("{}  {years}", " ".repeat(name))];
    for series in &chart.series {
        let blocks: String = series
            .points
            .iter()
            .map(|point| match point.height {
                Some(height) => STEPS.get(eighths((height - low) / span, 7)).copied().unwrap_or("█"),
                None => "·",
            })
            .collect();
        let there = || series.points.iter().filter(|point| point.height.is_some());
        let ends = match (there().next(), there().next_back()) {
            (Some(first), Some(last)) => format!("{} … {}", first.text, last.text),
            _ => series.points.first().map(|point| point.text.clone()).unwrap_or_default(),
        };
        lines.push(format!("{}  {blocks}  {ends}", width::pad_right(&series.name, name)));
    }
    lines
}

/// The nearest of `steps` steps to a part between 0 and 1.
fn eighths(part: f64, steps: usize) -> usize {
    (0..=steps).find(|&step| f64_of(step) + 0.5 >= part * f64_of(steps)).unwrap_or(steps)
}

fn f64_of(small: usize) -> f64 {
    u32::try_from(small).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_part() {
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(0.5, 4), "██");
        assert_eq!(bar(0.0, 4), "");
        assert_eq!(bar(1.0 / 32.0, 4), "▏");
        assert_eq!(bar(-0.5, 4), "░░");
    }
}
