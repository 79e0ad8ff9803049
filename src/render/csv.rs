//! Answers as CSV: ids as headings, one line a row, the state beside every value.

use super::data::{Data, Value};
use crate::query::Answer;

/// The mark that makes Excel read UTF-8.
pub const BOM: &str = "\u{feff}";

/// The table as CSV with a heading line. A place gives two columns, its path and its code.
#[must_use]
pub fn text(answer: &Answer) -> String {
    let data = Data::of(answer);
    let mut out = String::new();
    line(&mut out, data.columns.iter().map(|column| column.id.as_str()));
    rows(&mut out, &data);
    out
}

/// The rows alone, for a piece of an answer that is not the first.
pub fn rows(out: &mut String, data: &Data) {
    for row in &data.rows {
        let fields: Vec<String> = row.iter().map(Value::text).collect();
        line(out, fields.iter().map(String::as_str));
    }
}

/// One line of CSV, quoted where RFC 4180 asks for it.
pub fn line<'a>(out: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (at, field) in fields.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if field.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut out = String::new();
        super::line(&mut out, ["万柏林区", "a,b", "say \"no\"", ""]);
        assert_eq!(out, "万柏林区,\"a,b\",\"say \"\"no\"\"\",\r\n");
    }
}
