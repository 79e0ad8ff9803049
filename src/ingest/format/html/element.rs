//! What each element means for reading a report.

use html5ever::{Attribute, QualName};

/// The part an element plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text runs on: `span`, `font`, `b`, Word's `o:p`.
    Inline,
    /// It begins and ends a line: `p`, `div`, headings, list items.
    Block,
    /// Line ends inside count: `pre`.
    Preformatted,
    /// `br`, `hr`.
    Break,
    /// `table`.
    Table,
    /// `thead`, `tbody`, `tfoot`.
    Section,
    /// `tr`.
    Row,
    /// `td`, `th` with the spans they state.
    Cell {
        /// Rows; 0 means all that follow.
        row_span: usize,
        /// Columns.
        column_span: usize,
    },
    /// `title` of the page.
    Title,
    /// `meta` with a name and content.
    Meta(String, String),
    /// Not shown: scripts, styles, form fields, hidden pieces of text.
    Hidden,
}

/// The role of an element.
pub(super) fn role(name: &QualName, attributes: &[Attribute]) -> Role {
    let inline = match &*name.local {
        "table" => return Role::Table,
        "thead" | "tbody" | "tfoot" => return Role::Section,
        "tr" => return Role::Row,
        "td" | "th" => {
            let span = |name| value(attributes, name).and_then(number).unwrap_or(1);
            return Role::Cell { row_span: span("rowspan"), column_span: span("colspan") };
        }
        "br" | "hr" => return Role::Break,
        "pre" | "listing" | "xmp" | "plaintext" => return Role::Preformatted,
        "title" => return Role::Title,
        "meta" => return meta(attributes),
        "script" | "style" | "noscript" | "template" | "select" | "textarea" | "iframe" | "object" | "svg" | "math"
        | "audio" | "video" | "canvas" | "head" | "noframes" | "noembed" | "xml" => false,
        "html" | "body" | "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "li" | "dl" | "dt"
        | "dd" | "section" | "article" | "header" | "footer" | "main" | "nav" | "aside" | "address" | "blockquote"
        | "center" | "form" | "fieldset" | "figure" | "figcaption" | "caption" | "legend" | "details" | "summary" => {
            return Role::Block;
        }
        _ => true,
    };
    if inline && !is_hidden(attributes) { Role::Inline } else { Role::Hidden }
}

/// A span of text that the page does not show. Blocks are kept: pages hide a whole article until a script shows it.
fn is_hidden(attributes: &[Attribute]) -> bool {
    value(attributes, "style").is_some_and(|style| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        style.contains("display:none") || style.contains("mso-hide:all")
    })
}

fn meta(attributes: &[Attribute]) -> Role {
    let name = value(attributes, "name").or_else(|| value(attributes, "property"));
    match (name, value(attributes, "content")) {
        (Some(name), Some(content)) => Role::Meta(name.trim().to_owned(), content.trim().to_owned()),
        _ => Role::Hidden,
    }
}

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// Leading digits, as browsers read spans; a number too large for the machine is simply large.
fn number(value: &str) -> Option<usize> {
    let digits: String = value.trim().chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() { None } else { Some(digits.parse().unwrap_or(usize::MAX)) }
}
