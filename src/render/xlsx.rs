//! Answers as an Excel workbook: one sheet of data, one that says what the data is.
//!
//! A workbook is a zip of a few XML files; what is needed of the format fits here. Text stands in the cells
//! themselves, so that every reader sees it, and no time is written: the same answer gives the same bytes.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{about, field, html::escape, number};
use crate::{
    error::{Error, ErrorKind, Result},
    messages::Lang,
    query::{Answer, Field, Number},
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

/// The answer as the bytes of an `.xlsx` file.
///
/// # Errors
/// When the container cannot be written, which memory alone decides.
pub fn workbook(answer: &Answer, lang: Lang) -> Result<Vec<u8>> {
    let sheets = [("data", data(answer)), ("about", about_rows(answer, lang))];
    let mut files = vec![
        ("[Content_Types].xml".to_owned(), content_types(sheets.len())),
        ("_rels/.rels".to_owned(), relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml".to_owned(), book(&sheets)),
        ("xl/_rels/workbook.xml.rels".to_owned(), {
            relations(&[
                ("worksheet", "worksheets/sheet1.xml"),
                ("worksheet", "worksheets/sheet2.xml"),
                ("styles", "styles.xml"),
            ])
        }),
        ("xl/styles.xml".to_owned(), styles()),
    ];
    for (at, (_, rows)) in sheets.iter().enumerate() {
        files.push((format!("xl/worksheets/sheet{}.xml", at + 1), sheet(rows)));
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
    Error::new(ErrorKind::Io, cause.to_string()).because(cause)
}

/// The rows as CSV has them, numbers as numbers.
fn data(answer: &Answer) -> Vec<Vec<Cell>> {
    let sample = |column: usize| {
        answer.rows.iter().filter_map(|row| row.get(column)).find(|field| !matches!(field, Field::None))
    };
    let titles: Vec<Vec<String>> =
        answer.columns.iter().enumerate().map(|(column, title)| field::csv_titles(&title.id, sample(column))).collect();
    let mut rows = vec![titles.iter().flatten().map(|title| Cell::Text(title.clone(), BOLD)).collect::<Vec<_>>()];
    for row in &answer.rows {
        let mut cells = Vec::new();
        for ((one, titles), column) in row.iter().zip(&titles).zip(&answer.columns) {
            match one {
                Field::Number(Some(Number::Ratio { .. })) if column.unit.as_deref() == Some("%") => {
                    cells.push(numeric(one, PERCENT));
                }
                Field::Number(Some(_)) | Field::Whole(_) | Field::Year(_) => cells.push(numeric(one, PLAIN)),
                _ => {
                    let mut parts: Vec<Cell> = field::csv(one).into_iter().map(text).collect();
                    parts.resize_with(titles.len(), || Cell::Empty);
                    cells.append(&mut parts);
                }
            }
        }
        rows.push(cells);
    }
    rows
}

fn about_rows(answer: &Answer, lang: Lang) -> Vec<Vec<Cell>> {
    about::lines(answer, lang).into_iter().map(|(name, what)| vec![Cell::Text(name, BOLD), text(what)]).collect()
}

fn text(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text, PLAIN) }
}

/// A number as a number, unless a double would change it.
fn numeric(field: &Field, style: usize) -> Cell {
    match field {
        Field::Number(Some(found)) => match number::json(*found) {
            serde_json::Value::String(digits) if matches!(found, Number::Count(_)) => Cell::Text(digits, PLAIN),
            _ => Cell::Number(number::plain(*found), style),
        },
        Field::Whole(whole) => Cell::Number(whole.to_string(), style),
        Field::Year(year) => Cell::Number(year.to_string(), style),
        _ => Cell::Empty,
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

fn book(sheets: &[(&str, Vec<Vec<Cell>>)]) -> String {
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
         </styleSheet>"
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::Lang;
    use crate::render::sample_tests as sample;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_figures_are_numbers_and_the_definition_comes_along() {
        let bytes = super::workbook(&sample::seed(), Lang::En).unwrap();
        let data = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(data.contains("<c r=\"A2\" s=\"0\"><v>2024</v></c><c r=\"B2\" s=\"2\"><v>0.77</v></c>"), "{data}");
        assert!(data.contains("<c r=\"D2\" s=\"0\"><v>77</v></c><c r=\"E2\" s=\"0\"><v>100</v></c>"), "{data}");
        assert!(part(&bytes, "xl/worksheets/sheet2.xml").contains("三(四)1 本机关不掌握相关政府信息"));
        assert_eq!(bytes, super::workbook(&sample::seed(), Lang::En).unwrap(), "the same answer gives the same bytes");
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!(
            ["A", "Z", "AA", "AZ", "BA"],
            [0, 25, 26, 51, 52].map(super::letters).each_ref().map(String::as_str)
        );
    }
}
