//! An `.xlsx` with the whole report on one sheet.

use super::{
    form::{Piece, placed},
    html::escape,
    pack,
};

const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

pub fn write(pieces: &[Piece]) -> Vec<u8> {
    let mut rows: Vec<Vec<(usize, String)>> = Vec::new();
    let mut merged: Vec<String> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Line(text) => rows.push(vec![(0, text.clone())]),
            Piece::Table(table) => {
                let first = rows.len();
                rows.resize(first + table.rows.len(), Vec::new());
                for (row, column, cell) in placed(table) {
                    rows[first + row].push((column, cell.text.clone()));
                    if cell.rows * cell.columns > 1 {
                        let (from, to) =
                            (name(first + row, column), name(first + row + cell.rows - 1, column + cell.columns - 1));
                        merged.push(format!("<mergeCell ref=\"{from}:{to}\"/>"));
                    }
                }
            }
        }
    }
    workbook(&sheet(&rows, &merged))
}

/// A workbook around the markup of one sheet.
pub fn workbook(sheet: &str) -> Vec<u8> {
    pack::zip([
        ("[Content_Types].xml", b"<Types/>".as_slice()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// The markup of a sheet.
pub fn sheet(rows: &[Vec<(usize, String)>], merged: &[String]) -> String {
    let mut data = String::new();
    for (number, row) in rows.iter().enumerate() {
        let mut row: Vec<&(usize, String)> = row.iter().filter(|(_, text)| !text.is_empty()).collect();
        row.sort();
        data += &format!("<row r=\"{}\">", number + 1);
        for (column, text) in row {
            let at = name(number, *column);
            // Figures are numbers, as typed; everything else is text.
            data += &if text.parse::<f64>().is_ok() && !text.starts_with('+') {
                format!("<c r=\"{at}\"><v>{text}</v></c>")
            } else {
                format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escape(text))
            };
        }
        data += "</row>";
    }
    let merged =
        if merged.is_empty() { String::new() } else { format!("<mergeCells>{}</mergeCells>", merged.concat()) };
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{data}</sheetData>{merged}</worksheet>"
    )
}

/// `A1` and its kind.
pub fn name(row: usize, mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap()));
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row + 1)
}
