//! A complaint about a query, drawn under the words it is about, with a fix shown as a diff.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet, renderer::DecorStyle};
use gongkai::{
    Diagnostic, diagnostic,
    messages::{self, Lang},
    render::table,
    text::{Source, Span, width},
};
use serde_json::{Value, json};

use crate::session::Session;

/// The complaint as lines for a terminal.
pub fn drawn(found: &Diagnostic, source: &Source, session: &Session) -> String {
    let lang = session.lang;
    let word = |key: &str| messages::text(lang, key, []);
    let (level, name) = match found.level {
        diagnostic::Level::Error => (Level::ERROR, word("draw.name.error")),
        diagnostic::Level::Warning => (Level::WARNING, word("draw.name.warning")),
    };
    let span = inside(found.span, source.text());
    let mark = AnnotationKind::Primary.span(span).label(part(found, "label", lang));
    let snippet = Snippet::source(source.text()).path(source.name()).annotation(mark);
    let title = level.with_name(name).primary_title(sentence(found, lang)).id(found.code.as_str());
    let mut main = title.element(snippet);
    let columns = session.width.max(40);
    if let Some(help) = part(found, "help", lang) {
        // The renderer would break it in the middle of a word.
        let before = width::of("  = : ") + width::of(&word("draw.name.help"));
        let help = table::wrapped(&help, columns.saturating_sub(before)).join("\n");
        main = main.element(Level::HELP.with_name(word("draw.name.help")).message(help));
    }
    let mut groups: Vec<Group<'_>> = vec![main];
    if let Some(fix) = &found.fix {
        let patch = Patch::new(inside(fix.span, source.text()), fix.replacement.as_str());
        let title = Level::HELP.with_name(word("draw.name.help")).secondary_title(suggestion(found, lang));
        groups.push(title.element(Snippet::source(source.text()).path(source.name()).patch(patch)));
    } else if !found.suggestions.is_empty() {
        let before = width::of(": ") + width::of(&word("draw.name.help"));
        let meant = table::wrapped(&suggestion(found, lang), columns.saturating_sub(before)).join("\n");
        let title = Level::HELP.with_name(word("draw.name.help")).secondary_title(meant);
        groups.push(Group::with_title(title));
    }
    let renderer = if session.color_err { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).term_width(columns).render(&groups)
}

/// The complaint as JSON: code, sentence, place in the text, suggestions and fix.
pub fn json(found: &Diagnostic, source: &Source, lang: Lang) -> Value {
    json!({
        "code": found.code,
        "level": found.level,
        "message": sentence(found, lang),
        "help": part(found, "help", lang),
        "place": source.place(found.span.start),
        "span": found.span,
        "suggestions": found.suggestions,
        "fix": found.fix,
    })
}

/// What is wrong, in one sentence.
pub fn sentence(found: &Diagnostic, lang: Lang) -> String {
    part(found, "title", lang).unwrap_or_else(|| fill(found, &found.code, lang))
}

fn part(found: &Diagnostic, part: &str, lang: Lang) -> Option<String> {
    // One complaint may come in several cases, each with its own help.
    let own = found.args.get("case").map(|case| format!("{}.{part}.{case}", found.code));
    let key = own.filter(|key| messages::has(lang, key)).unwrap_or_else(|| format!("{}.{part}", found.code));
    messages::has(lang, &key).then(|| fill(found, &key, lang)).filter(|text| !text.is_empty())
}

fn fill(found: &Diagnostic, key: &str, lang: Lang) -> String {
    messages::text(lang, key, found.args.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn suggestion(found: &Diagnostic, lang: Lang) -> String {
    let words = match &found.fix {
        Some(fix) if found.suggestions.is_empty() => fix.replacement.trim().to_owned(),
        _ => found.suggestions.join(&messages::text(lang, "list.or", [])),
    };
    let key = if words.is_empty() { "draw.remove" } else { "draw.suggest" };
    messages::text(lang, key, [("words", words.as_str())])
}

/// The span inside the text and on character boundaries, whatever it was.
fn inside(span: Span, text: &str) -> Range<usize> {
    let boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=span.start.min(text.len())).rev().find(boundary).unwrap_or(0);
    let end = (span.end.clamp(start, text.len())..=text.len()).find(boundary).unwrap_or(text.len());
    start..end
}
