//! Answers as one self-contained HTML page: a table, what the figures mean, no scripts, nothing fetched.

use std::fmt::Write;

use super::{
    answer::{self, View},
    sheet::{Align, Sheet},
    words,
};
use crate::{messages::Lang, query::Answer, text::width};

/// Fonts that hold the Chinese characters on the usual systems.
pub const FONTS: &str = "\"Noto Sans CJK SC\", \"Source Han Sans SC\", \"Microsoft YaHei\", \"PingFang SC\", \"WenQuanYi Micro Hei\", sans-serif";

const STYLE: &str = "body{margin:2rem auto;max-width:70rem;padding:0 1rem;line-height:1.5;color:#111;background:#fff}
h1{font-size:1.3rem}h2{font-size:1.1rem;margin-top:2rem}code{font-size:.95em}
table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid #bbb;padding:.25rem .75rem;text-align:left;vertical-align:top}
th{border-bottom:2px solid #111}.n{text-align:right}td.n{white-space:nowrap}th.n{min-width:3em}
h3{font-size:1rem;margin:1.5rem 0 .5rem}.wide{overflow-x:auto}.l{min-width:9em}.wide svg{min-width:40rem}
.state{color:#555;font-style:italic}
.finding{border-left:4px solid #111;padding-left:.75rem;margin:.5rem 0}.marked{outline:2px solid #111}
small,footer{color:#444}svg{max-width:100%;height:auto}
@media print{body{margin:0;max-width:none;font-size:10pt}.wide{overflow:visible}.wide svg{min-width:0}th,td{padding:.15rem .4rem}
tr,svg,.finding{break-inside:avoid}h2,h3{break-after:avoid}}";

/// The whole answer as a page; `picture` stands above the table.
#[must_use]
pub fn page(answer: &Answer, picture: Option<&str>, lang: Lang) -> String {
    let mut body = String::new();
    let title = if answer.query.en.is_empty() { "gongkai" } else { &answer.query.en };
    let _ = writeln!(body, "<h1>{} <code>{}</code></h1>", words::word(lang, "answer.read_as"), escape(title));
    if let Some(picture) = picture {
        body.push_str(&wide(picture));
    }
    if answer.rows.is_empty() {
        let _ = writeln!(body, "<p>{}</p>", escape(&words::word(lang, "answer.no_rows")));
    } else {
        body.push_str(&table(&Sheet::of(answer, lang)));
    }
    let view = View { lang, width: usize::MAX, rows: usize::MAX, prompt: false };
    for line in answer::below(answer, view) {
        let _ = writeln!(body, "<p>{}</p>", escape(&line));
    }
    document(title, &body, lang)
}

/// A page around a body that is HTML already.
#[must_use]
pub fn document(title: &str, body: &str, lang: Lang) -> String {
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>body{{font-family:{FONTS}}}\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escape(title)
    )
}

/// A sheet as an HTML table.
#[must_use]
pub fn table(sheet: &Sheet) -> String {
    let mut out = String::from("<div class=\"wide\"><table>\n<thead><tr>");
    for head in &sheet.heads {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(head.align), escape(&head.title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &sheet.rows {
        out.push_str("<tr>");
        for (head, text) in sheet.heads.iter().zip(row) {
            let _ = write!(
                out,
                "<td{}{}>{}</td>",
                class_of(head.align, text),
                indent(text),
                escape(text.trim_start_matches(' '))
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
}

/// A column of long words is not squeezed to a letter a line: the table is moved sideways instead.
fn class_of(align: Align, text: &str) -> &'static str {
    const LONG: usize = 18;
    if align == Align::Left && width::of(text) > LONG { " class=\"l\"" } else { class(align) }
}

fn class(align: Align) -> &'static str {
    if align == Align::Right { " class=\"n\"" } else { "" }
}

/// Leading spaces as indentation of the whole cell: a second line stands under the first.
fn indent(text: &str) -> String {
    let steps = (text.len() - text.trim_start_matches(' ').len()) / 2;
    if steps == 0 { String::new() } else { format!(" style=\"padding-left:{}em\"", steps + 1) }
}

/// Something that is moved sideways where the screen is narrower than it.
#[must_use]
pub fn wide(inner: &str) -> String {
    format!("<div class=\"wide\">\n{inner}</div>\n")
}

/// Text with the characters HTML gives a meaning to written out.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("<br>"),
            _ => out.push(c),
        }
    }
    out
}
