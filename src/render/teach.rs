//! What a word of the language means: a category, an indicator, a rule or a place, on one small page.

use std::fmt::Write;

use super::words;
use crate::{
    messages::{self, Lang},
    model::Template,
    schema::{Category, Indicator, Lookup, Meaning, Named, Operand, Rule, catalogue, names, places, rules, virtual_of},
};

/// Everything the word may mean, one block each; nothing when nobody knows it.
#[must_use]
pub fn page(word: &str, lang: Lang) -> Option<String> {
    let word = word.trim();
    let mut blocks: Vec<String> = names().find(word).map(|named| measure(named, lang)).collect();
    blocks.extend(rules().iter().filter(|rule| rule.id.eq_ignore_ascii_case(word)).map(|rule| self::rule(rule, lang)));
    let divisions = places().find(word, Lookup::default());
    blocks.extend(divisions.iter().filter_map(|division| {
        let path = places().path(&division.code)?;
        Some(messages::text(lang, "teach.place", [("path", path.as_str()), ("code", division.code)]))
    }));
    blocks.dedup();
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

fn measure(named: &Named, lang: Lang) -> String {
    let english = match named.meaning {
        Meaning::Indicator(at) => names().indicators.get(at).map_or("", |indicator| indicator.label_en.as_str()),
        _ => &named.en,
    };
    let title = if lang == Lang::Zh { [&named.zh, english] } else { [english, &named.zh] };
    let mut head: Vec<&str> = Vec::new();
    for text in title.into_iter().chain([named.id.as_str()]).chain(named.number.as_deref()) {
        if !text.is_empty() && !head.contains(&text) {
            head.push(text);
        }
    }
    let mut lines = vec![head.join(" · ")];
    match named.meaning {
        Meaning::Category(code) => {
            lines.extend(catalogue().get(code).map(|row| category(row, lang)).unwrap_or_default());
        }
        Meaning::Virtual(_) => lines.extend(virtual_of(named).map(|sum| {
            let id = |code: &crate::model::CategoryCode| {
                catalogue().get(*code).map_or_else(String::new, |category| category.id.clone())
            };
            let mut formula = sum.plus.iter().map(id).collect::<Vec<_>>().join(" + ");
            for code in &sum.minus {
                let _ = write!(formula, " - {}", id(code));
            }
            line(lang, "teach.formula", &formula)
        })),
        Meaning::Indicator(at) => {
            lines.extend(
                names().indicators.get(at).map(|indicator| self::indicator(indicator, lang)).unwrap_or_default(),
            );
        }
    }
    if let Some(base) = &named.base {
        lines.push(line(lang, "teach.base", &operand(base)));
    }
    let word = if lang == Lang::Zh && !named.zh.is_empty() { &named.zh } else { &named.en };
    let key = if named.base.is_some() { "teach.example_share" } else { "teach.example" };
    lines.push(messages::text(lang, key, [("word", word.as_str())]));
    lines.join("\n")
}

fn category(row: &Category, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    match (&row.label_2019, &row.label_2021) {
        (Some(old), Some(new)) if old == new => lines.push(line(lang, "teach.label_both", new)),
        (old, new) => {
            lines.extend(old.as_ref().map(|label| line(lang, "teach.label_2019", label)));
            lines.extend(new.as_ref().map(|label| line(lang, "teach.label_2021", label)));
        }
    }
    lines.push(line(lang, "teach.english", &row.label_en));
    let forms = [Template::Form2019, Template::Form2021].into_iter().filter(|form| row.printed_in(*form));
    let forms: Vec<&str> = forms.map(Template::id).collect();
    if !forms.is_empty() {
        lines.push(line(lang, "teach.forms", &forms.join(", ")));
    }
    lines.extend(row.unit.as_ref().map(|unit| line(lang, "teach.unit", &words::word_or(lang, "unit", unit))));
    if !row.legal.is_empty() {
        let laws: Vec<String> = row.legal.iter().map(|law| article(lang, law)).collect();
        lines.push(line(lang, "teach.law", &laws.join("; ")));
    }
    lines
}

/// The law in the reader's language; the catalogue writes it as the English sentence does.
fn article(lang: Lang, law: &str) -> String {
    let english = messages::text(Lang::En, "teach.article", [("articles", "")]);
    match law.strip_prefix(english.as_str()) {
        Some(articles) => messages::text(lang, "teach.article", [("articles", articles)]),
        None => law.to_owned(),
    }
}

fn indicator(indicator: &Indicator, lang: Lang) -> Vec<String> {
    let sum = |terms: &[(i64, Operand)]| {
        let mut text = String::new();
        for (at, (factor, term)) in terms.iter().enumerate() {
            let sign = if *factor < 0 {
                " - "
            } else if at > 0 {
                " + "
            } else {
                ""
            };
            text.push_str(sign);
            text.push_str(&operand(term));
        }
        text
    };
    let mut formula = sum(&indicator.numerator);
    if !indicator.denominator.is_empty() {
        formula = format!("({formula}) / ({})", sum(&indicator.denominator));
    }
    vec![line(lang, "teach.formula", &formula), line(lang, "teach.version", &indicator.version.to_string())]
}

fn rule(rule: &Rule, lang: Lang) -> String {
    let own = format!("rule.{}.title", rule.id);
    let title = if messages::has(lang, &own) { words::word(lang, &own) } else { rule.title.clone() };
    let severity = words::word_or(lang, "severity", words::severity_id(rule.severity));
    [
        format!("{} · {title} · {severity}", rule.id),
        line(lang, "teach.formula", &rule.formula),
        line(lang, "teach.source", &rule.source),
        line(lang, "teach.worked", &rule.example),
    ]
    .join("\n")
}

fn operand(operand: &Operand) -> String {
    operand.applicant.map_or_else(|| operand.id.clone(), |applicant| format!("{}[{}]", operand.id, applicant.id()))
}

fn line(lang: Lang, key: &str, text: &str) -> String {
    format!("  {}", messages::text(lang, key, [("text", text)]))
}
