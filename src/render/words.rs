//! Words for states, flags and findings in the reader's language, from the message catalogue.

use crate::{
    messages::{self, Lang},
    model::{Applicant, Finding, Scope, Severity, Slot, State, Status, Table, Template},
    query::Bilingual,
    schema::catalogue,
};

/// The side of a bilingual text that a reader of `lang` reads.
#[must_use]
pub fn side(text: &Bilingual, lang: Lang) -> &str {
    match lang {
        Lang::En => &text.en,
        Lang::Zh => &text.zh,
    }
}

/// A sentence without places to fill.
#[must_use]
pub fn word(lang: Lang, key: &str) -> String {
    messages::text(lang, key, [])
}

/// The word of a key such as `flag.small_n`, or the name itself where the catalogue has none.
#[must_use]
pub fn word_or(lang: Lang, room: &str, name: &str) -> String {
    let key = format!("{room}.{name}");
    if messages::has(lang, &key) { word(lang, &key) } else { name.to_owned() }
}

/// The name of a state: blank, n/a, not in this template …
#[must_use]
pub fn state(lang: Lang, state: State) -> String {
    word_or(lang, "state", state.id())
}

/// The id of a severity, as in JSON.
#[must_use]
pub fn severity_id(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The id of a scope, as in JSON.
#[must_use]
pub fn scope_id(scope: Scope) -> &'static str {
    match scope {
        Scope::Aggregate => "aggregate",
        Scope::Own => "own",
        Scope::Unknown => "unknown",
    }
}

/// The heading of an applicant column.
#[must_use]
pub fn applicant(lang: Lang, applicant: Applicant) -> String {
    word_or(lang, "applicant", applicant.id())
}

/// The label of a category: as the form prints it, or in English.
#[must_use]
pub fn category(lang: Lang, code: crate::model::CategoryCode, template: Template) -> String {
    match (catalogue().get(code), lang) {
        (Some(category), Lang::En) => category.label_en.clone(),
        (Some(category), Lang::Zh) => category.label(template).to_owned(),
        (None, _) => code.0.to_string(),
    }
}

/// The label of a row with that of the block it stands in, where the row's own words say too little.
fn row(lang: Lang, code: crate::model::CategoryCode) -> String {
    let label = category(lang, code, Template::Form2021);
    let block = catalogue().get(code).filter(|category| category.table != Some(Table::T3)).and_then(|row| row.parent);
    match (block, lang) {
        (Some(block), Lang::Zh) => format!("{} {label}", category(lang, block, Template::Form2021)),
        _ => label,
    }
}

/// A slot as a person writes it: `outcome.total[natural]`.
#[must_use]
pub fn slot(slot: Slot) -> String {
    let id = catalogue().get(slot.category).map_or_else(|| slot.category.0.to_string(), |category| category.id.clone());
    slot.applicant.map_or_else(|| id.clone(), |applicant| format!("{id}[{}]", applicant.id()))
}

/// Cells one after another; of a long list the first few and the count.
pub(super) fn listed(lang: Lang, cells: &[String]) -> String {
    const SHOWN: usize = 6;
    let separator = word(lang, "list.separator");
    if cells.len() <= SHOWN + 1 {
        return cells.join(&separator);
    }
    let named = cells.get(..SHOWN).unwrap_or_default().join(&separator);
    messages::text(lang, "list.cut", [("named", named.as_str()), ("count", &cells.len().to_string())])
}

/// What a finding says, in one sentence.
#[must_use]
pub fn finding(lang: Lang, finding: &Finding) -> String {
    let own = format!("finding.{}", finding.rule);
    // A pass or a rule that does not apply is told of only for a reason, and the text gives it.
    let status = match (finding.status, &finding.text) {
        (Status::Pass, Some(_)) => "noted",
        (Status::NotApplicable, Some(_)) => "excused",
        (status, _) => status.id(),
    };
    let by_status = format!("{own}.{status}");
    let general = format!("finding.general.{status}");
    let key = [by_status, own, general].into_iter().find(|key| messages::has(lang, key)).unwrap_or_default();
    let row = finding.cells.first().map(|cell| row(lang, cell.category)).unwrap_or_default();
    let column = finding.applicant.map(|column| applicant(lang, column)).unwrap_or_default();
    let cells: Vec<String> = finding.cells.iter().map(|&cell| slot(cell)).collect();
    let line = finding.place.map(|place| place.line.to_string()).unwrap_or_default();
    let unknown = word(lang, "finding.unknown");
    let text = finding.text.as_deref().unwrap_or_default();
    let mut sentence = messages::text(
        lang,
        &key,
        [
            ("rule", finding.rule.as_str()),
            ("row", row.as_str()),
            ("printed", finding.printed.as_deref().unwrap_or(&unknown)),
            ("computed", finding.computed.as_deref().unwrap_or(&unknown)),
            ("applicant", &column),
            ("column", &column),
            ("cell", cells.first().map_or("", String::as_str)),
            ("cells", &listed(lang, &cells)),
            ("text", text),
            ("line", &line),
        ],
    );
    if finding.status == Status::Fail && text.contains(" -> ") {
        sentence.push_str(&messages::text(lang, "finding.mend", [("text", text)]));
    }
    sentence.trim_end().to_owned()
}
