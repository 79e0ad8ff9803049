//! A `.docx` as Word writes it: `gridSpan` and `vMerge` instead of spans.

use super::{
    form::{Piece, Table, placed},
    html::escape,
    pack,
};

pub fn write(pieces: &[Piece]) -> Vec<u8> {
    let body: String = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Line(text) => paragraph(text),
            Piece::Table(found) => table(found),
        })
        .collect();
    let main = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>"
    );
    pack::zip([("[Content_Types].xml", b"<Types/>".as_slice()), ("word/document.xml", main.as_bytes())])
}

/// Digits fall into runs of their own, as Word's font switching leaves them.
fn paragraph(text: &str) -> String {
    let mut runs = String::new();
    for c in text.chars() {
        let switch = runs.ends_with(|last: char| last.is_ascii_digit() != c.is_ascii_digit());
        if switch {
            runs += "</w:t></w:r><w:r><w:t>";
        }
        runs += &escape(&c.to_string());
    }
    format!("<w:p><w:r><w:t>{runs}</w:t></w:r></w:p>")
}

fn table(table: &Table) -> String {
    let mut rows: Vec<Vec<(usize, String)>> = vec![Vec::new(); table.rows.len()];
    for (row, column, cell) in placed(table) {
        let span = format!("<w:gridSpan w:val=\"{}\"/>", cell.columns);
        for below in row..row + cell.rows {
            let merge = match (cell.rows, below == row) {
                (1, _) => "",
                (_, true) => "<w:vMerge w:val=\"restart\"/>",
                (_, false) => "<w:vMerge/>",
            };
            let text = if below == row { paragraph(&cell.text) } else { "<w:p/>".to_owned() };
            rows[below].push((column, format!("<w:tc><w:tcPr>{span}{merge}</w:tcPr>{text}</w:tc>")));
        }
    }
    let mut xml = String::from("<w:tbl>");
    for mut row in rows {
        row.sort();
        let cells: String = row.into_iter().map(|(_, cell)| cell).collect();
        xml += &format!("<w:tr>{cells}</w:tr>");
    }
    xml + "</w:tbl>"
}
