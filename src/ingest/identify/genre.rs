//! Why a page gives no report, when its text says so.

use super::{
    patterns::pattern,
    prose::Prose,
    refuse,
    title::{Genre, Title},
};
use crate::ingest::Refusal;

/// A refusal where no title is that of a report and one is of another kind of page.
pub(super) fn by_title(titles: &[Title]) -> Option<Refusal> {
    let report = titles.iter().any(|title| title.genre == Genre::Report);
    titles.first().filter(|_| !report).and_then(refused)
}

fn refused(title: &Title) -> Option<Refusal> {
    let code = match title.genre {
        Genre::Notice => "GK0402",
        Genre::Interpretation => "GK0403",
        Genre::PartOfYear => "GK0404",
        Genre::Report => return None,
    };
    Some(refuse::quoting(code, &title.text, title.place))
}

/// The reason why a page without statutory tables is no report, as far as its text tells.
pub(super) fn without_tables(prose: &Prose, titles: &[Title], mentions: &[Title]) -> Refusal {
    titles
        .iter()
        .find_map(refused)
        .or_else(|| half_year(prose))
        .or_else(|| overwritten(titles, mentions))
        .or_else(|| bare_headings(prose))
        .or_else(|| picture(prose))
        .or_else(|| old_outline(prose))
        .or_else(|| prose_figures(prose))
        .unwrap_or_else(|| refuse::plain("GK0401"))
}

fn half_year(prose: &Prose) -> Option<Refusal> {
    let lines = prose.head().iter().take(20).filter(|line| line.squeezed.chars().count() <= 60);
    let mut spoken = lines
        .filter(|line| pattern("half_year").is_match(line.squeezed) && pattern("disclosure").is_match(line.squeezed));
    spoken.next().map(|line| refuse::quoting("GK0404", line.text, line.place))
}

fn overwritten(titles: &[Title], mentions: &[Title]) -> Option<Refusal> {
    let named = titles.iter().chain(mentions).filter(|title| !title.body.contains('/'));
    let strange = named.into_iter().find(|title| pattern("overwritten").is_match(&title.body))?;
    Some(refuse::quoting("GK0434", &strange.text, strange.place))
}

/// A picture or an attachment where the tables should be: behind the heading of part two or three.
fn picture(prose: &Prose) -> Option<Refusal> {
    let named = prose.lines.iter().filter(|line| line.squeezed.chars().count() <= 80);
    let mut named = named.filter(|line| pattern("picture").is_match(line.squeezed));
    named.next().map(|line| refuse::quoting("GK0408", line.text, line.place))
}

/// Headings of parts two, three and four with nothing between them.
fn bare_headings(prose: &Prose) -> Option<Refusal> {
    let headings: Vec<_> = pattern("part_heading").find_iter(&prose.run).collect();
    let bare = headings.windows(2).filter_map(|pair| {
        let between = prose.run.get(pair.first()?.end()..pair.get(1)?.start())?;
        (between.chars().count() <= 16).then(|| pair.first().map(|first| first.as_str().to_owned()))?
    });
    let bare: Vec<String> = bare.collect();
    let first = bare.first().filter(|_| bare.len() >= 2)?;
    Some(refuse::quoting(
        "GK0407",
        first,
        prose.run.find(first.as_str()).and_then(|at| prose.place(at)).unwrap_or_default(),
    ))
}

fn old_outline(prose: &Prose) -> Option<Refusal> {
    let found = pattern("old_outline").find(&prose.run)?;
    Some(refuse::quoting("GK0406", found.as_str(), prose.place(found.start()).unwrap_or_default()))
}

fn prose_figures(prose: &Prose) -> Option<Refusal> {
    prose.lines.iter().find_map(|line| {
        let found = pattern("prose_figure").find(line.squeezed)?;
        Some(refuse::quoting("GK0405", found.as_str(), line.place))
    })
}
