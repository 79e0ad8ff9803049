//! One page for one report: the tables as printed, indicators over the years, findings, sources.

use std::{collections::BTreeMap, fmt::Write};

use super::{answer, chart, form, html, words};
use crate::{
    messages::{self, Lang},
    model::Report,
    query::Answer,
    schema::body_path,
};

/// The page of a report, self-contained; `over_years` are answers by year about the same body.
#[must_use]
pub fn page(report: &Report, over_years: &[Answer], lang: Lang) -> String {
    let path = body_path(&report.body.id);
    let year = report.year.to_string();
    let title = messages::text(lang, "page.title", [("body", path.as_str()), ("year", year.as_str())]);
    let mut body = format!("<h1>{}</h1>\n<p>", html::escape(&title));
    body.push_str(
        &form::head(report, lang).iter().skip(1).map(|line| html::escape(line)).collect::<Vec<_>>().join("<br>"),
    );
    body.push_str("</p>\n");
    let findings = form::findings(report, lang);
    if !findings.is_empty() {
        let _ = writeln!(body, "<h2>{}</h2>", html::escape(&words::word(lang, "page.findings")));
        for finding in findings {
            let _ = writeln!(body, "<p class=\"finding\">{}</p>", html::escape(&finding));
        }
    }
    for table in form::tables(report, lang) {
        let _ = writeln!(body, "<h2>{}</h2>\n{}", html::escape(&table.title), html::table(&table.sheet));
    }
    let legend = form::legend(report, lang);
    if !legend.is_empty() {
        let _ = writeln!(body, "<p><small>{}</small></p>", html::escape(&legend));
    }
    let shown: Vec<&Answer> = over_years.iter().filter(|answer| !answer.rows.is_empty()).collect();
    if !shown.is_empty() {
        let _ = writeln!(body, "<h2>{}</h2>", html::escape(&words::word(lang, "page.over_years")));
    }
    for one in shown {
        let (definitions, plain) = (one.measures.iter(), Answer { measures: Vec::new(), sources: None, ..one.clone() });
        for definition in definitions {
            let _ = writeln!(body, "<h3>{}</h3>", html::escape(&answer::definition(definition, lang)));
        }
        if one.rows.len() > 1 {
            body.push_str(&html::wide(&chart::figure(&plain, lang)));
        }
        body.push_str(&html::table(&super::sheet::Sheet::of(one, lang)));
        let view = answer::View { lang, width: usize::MAX, rows: usize::MAX, prompt: false };
        for line in answer::below(&plain, view) {
            let _ = writeln!(body, "<p><small>{}</small></p>", html::escape(&line));
        }
    }
    let origin = &report.origin;
    let _ = writeln!(body, "<h2>{}</h2>", html::escape(&words::word(lang, "page.sources")));
    // The report's own file first, then those of the other years.
    let listed = over_years.iter().filter_map(|one| one.sources.as_ref()).flat_map(|sources| &sources.listed);
    let mut others: BTreeMap<&str, &str> = listed.map(|one| (one.sha256.as_str(), one.file.as_str())).collect();
    others.remove(origin.sha256.as_str());
    for (sha256, file) in std::iter::once((origin.sha256.as_str(), origin.file.as_str())).chain(others) {
        let _ = writeln!(body, "<p>{}<br><code>sha256 {}</code></p>", html::escape(file), html::escape(sha256));
    }
    let _ = writeln!(body, "<footer>gongkai {}</footer>", html::escape(&origin.reader));
    html::document(&title, &body, lang)
}
