//! Answers as an Excel workbook: of each one sheet of data, and one that says what the data is.
//!
//! A workbook is a zip of a few XML files; what is needed of the format fits here. Text stands in the cells
//! themselves, so that every reader sees it, and no time is written: the same answer gives the same bytes.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    about,
    data::{Column, Data, Value},
    html::escape,
    number,
};
use crate::{
    error::{Error, ErrorKind, Result},
    query::{Answer, Number},
};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// Styles by their place in the style sheet.
const PLAIN: usize = 0;
const BOLD: usize = 1;
const PERCENT: usize = 2;

/// One cell of a sheet.
enum Cell {
    Empty,
    Text(String, usize),
    Number(String, usize),
}

/// Answers as the bytes of one `.xlsx` file: sheets `data` and `about`, of a second answer `data_2` and `about_2`.
///
/// # Errors
/// When the container cannot be written, which memory alone decides.
pub fn workbook(answers: &[Answer]) -> Result<Vec<u8>> {
    let mut sheets = Vec::new();
    for (at, answer) in (1..).zip(answers) {
        let name = |word: &str| if at == 1 { word.to_owned() } else { format!("{word}_{at}") };
        sheets.push((name("data"), data(answer)));
        sheets.push((name("about"), about_rows(answer)));
    }
    let parts: Vec<String> = (1..=sheets.len()).map(|at| format!("worksheets/sheet{at}.xml")).collect();
    let mut targets: Vec<(&str, &str)> = parts.iter().map(|part| ("worksheet", part.as_str())).collect();
    targets.push(("styles", "styles.xml"));
    let mut files = vec![
        ("[Content_Types].xml".to_owned(), content_types(sheets.len())),
        ("_rels/.rels".to_owned(), relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml".to_owned(), book(&sheets)),
        ("xl/_rels/workbook.xml.rels".to_owned(), relations(&targets)),
        ("xl/styles.xml".to_owned(), styles()),
    ];
    for (part, (_, rows)) in parts.iter().zip(&sheets) {
        files.push((format!("xl/{part}"), sheet(rows)));
    }
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(name, options).map_err(trouble)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish().map_err(trouble)?.into_inner())
}

fn trouble(cause: zip::result::ZipError) -> Error {
    Error::new(ErrorKind::Io, "io.other").with("cause", &cause).because(cause)
}

/// The rows as CSV has them, numbers as numbers.
fn data(answer: &Answer) -> Vec<Vec<Cell>> {
    let data = Data::of(answer);
    let mut rows = vec![data.columns.iter().map(|column| Cell::Text(column.id.clone(), BOLD)).collect::<Vec<_>>()];
    for row in &data.rows {
        rows.push(row.iter().zip(&data.columns).map(|(value, column)| cell(value, column)).collect());
    }
    rows
}

/// Name, English and Chinese of everything that belongs to the answer.
fn about_rows(answer: &Answer) -> Vec<Vec<Cell>> {
    let facts = about::all(answer).into_iter();
    facts.map(|fact| vec![Cell::Text(fact.name, BOLD), text(fact.text.en), text(fact.text.zh)]).collect()
}

fn text(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text, PLAIN) }
}

/// A number as a number, unless a workbook, which counts in doubles of fifteen digits, would change it.
fn cell(value: &Value, column: &Column) -> Cell {
    /// As many digits as Excel keeps.
    const DIGITS: usize = 15;
    match value {
        Value::Nothing => Cell::Empty,
        Value::Text(words) => text(words.clone()),
        Value::Number(found) => {
            let plain = number::plain(*found);
            let exact = plain.chars().filter(char::is_ascii_digit).count() <= DIGITS;
            match found {
                Number::Ratio { .. } if column.unit.as_deref() == Some("%") => Cell::Number(plain, PERCENT),
                Number::Ratio { .. } => Cell::Number(plain, PLAIN),
                Number::Count(_) | Number::Money(_) if exact => Cell::Number(plain, PLAIN),
                Number::Count(_) | Number::Money(_) => Cell::Text(plain, PLAIN),
            }
        }
    }
}

fn sheet(rows: &[Vec<Cell>]) -> String {
    let mut out = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (row, cells) in rows.iter().enumerate() {
        let _ = write!(out, "<row r=\"{}\">", row + 1);
        for (column, cell) in cells.iter().enumerate() {
            let at = format!("{}{}", letters(column), row + 1);
            let _ = match cell {
                Cell::Empty => Ok(()),
                Cell::Text(text, style) => write!(
                    out,
                    "<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    xml(text)
                ),
                Cell::Number(digits, style) => write!(out, "<c r=\"{at}\" s=\"{style}\"><v>{digits}</v></c>"),
            };
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData></worksheet>");
    out
}

/// Text for XML 1.0, which has no place for control characters.
fn xml(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n');
    let text: String = text.chars().filter(allowed).collect();
    escape(&text).replace("<br>", "&#10;")
}

/// `A`, `B` … `Z`, `AA` …
fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut name = String::new();
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        name.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    name
}

fn content_types(sheets: usize) -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut out = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/>"
    );
    for sheet in 1..=sheets {
        let _ = write!(
            out,
            "<Override PartName=\"/xl/worksheets/sheet{sheet}.xml\" ContentType=\"{kind}.worksheet+xml\"/>"
        );
    }
    out + "</Types>"
}

fn relations(targets: &[(&str, &str)]) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"{RELATIONS}\">");
    for (at, (kind, target)) in targets.iter().enumerate() {
        let _ = write!(out, "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>", at + 1);
    }
    out + "</Relationships>"
}

fn book(sheets: &[(String, Vec<Vec<Cell>>)]) -> String {
    let mut out = format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>");
    for (at, (name, _)) in sheets.iter().enumerate() {
        let _ = write!(out, "<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", at + 1);
    }
    out + "</sheets></workbook>"
}

fn styles() -> String {
    format!(
        "{HEAD}<styleSheet xmlns=\"{MAIN}\">\
         <numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0.0%\"/></numFmts>\
         <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
         <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border/></borders>\
         <cellStyleXfs count=\"1\"><xf/></cellStyleXfs>\
         <cellXfs count=\"3\"><xf/><xf fontId=\"1\" applyFont=\"1\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/></cellXfs>\
         <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>\
         </styleSheet>"
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use crate::render::sample_tests as sample;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_figures_are_numbers_and_the_definition_comes_along() {
        let bytes = super::workbook(&[sample::seed()]).unwrap();
        let data = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(data.contains("<c r=\"A2\" s=\"0\"><v>2024</v></c><c r=\"B2\" s=\"2\"><v>0.77</v></c>"), "{data}");
        assert!(data.contains("<c r=\"D2\" s=\"0\"><v>77</v></c><c r=\"E2\" s=\"0\"><v>100</v></c>"), "{data}");
        assert!(part(&bytes, "xl/worksheets/sheet2.xml").contains("三(四)1 本机关不掌握相关政府信息"));
        assert_eq!(bytes, super::workbook(&[sample::seed()]).unwrap(), "the same answer gives the same bytes");
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!(
            ["A", "Z", "AA", "AZ", "BA"],
            [0, 25, 26, 51, 52].map(super::letters).each_ref().map(String::as_str)
        );
    }
}
