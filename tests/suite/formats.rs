//! Files of every format to lines and tables, hostile ones included.

use std::{path::PathBuf, time::Duration};

use gongkai::ingest::{Block, Document, Format, Grid, documents};

use crate::render::{
    Dice, Layout, excel,
    figures::Figures,
    form::{self, Piece},
    pack, text,
};

fn one(bytes: &[u8]) -> Result<Document, String> {
    let mut found = documents("file", bytes);
    assert_eq!(found.len(), 1);
    found.remove(0).1.map_err(|refusal| refusal.code)
}

fn grids(document: &Document) -> Vec<&Grid> {
    document.blocks.iter().filter_map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None }).collect()
}

/// Cells as `(row, column, text)` without line breaks.
fn cells(grid: &Grid) -> Vec<(usize, usize, String)> {
    grid.cells.iter().map(|cell| (cell.row, cell.column, cell.text.replace('\n', ""))).collect()
}

#[test]
fn tables_come_back_from_every_format_that_marks_them() {
    let mut dice = Dice::new(7);
    for _ in 0..20 {
        let pieces = form::pieces(&Figures::random(&mut dice));
        for layout in Layout::all() {
            if matches!(layout, Layout::Text(_)) {
                continue;
            }
            let document = one(&layout.write(&pieces, &mut dice)).unwrap();
            let found: Vec<_> = grids(&document).into_iter().map(cells).collect();
            let tables =
                pieces.iter().filter_map(|piece| if let Piece::Table(table) = piece { Some(table) } else { None });
            let expected: Vec<Vec<(usize, usize, String)>> = tables
                .map(|table| {
                    form::placed(table)
                        .into_iter()
                        .map(|(row, column, cell)| (row, column, cell.text.clone()))
                        .collect()
                })
                .collect();
            let expected: Vec<_> = expected.iter().map(|cells| shown(cells)).collect();
            let found: Vec<_> = found.iter().map(|cells| shown(cells)).collect();
            assert_eq!(found.len(), expected.len(), "{layout:?}");
            for (found, expected) in found.iter().zip(&expected) {
                let missing: Vec<_> = expected.iter().filter(|cell| !found.contains(cell)).collect();
                let more: Vec<_> = found.iter().filter(|cell| !expected.contains(cell)).collect();
                assert!(missing.is_empty() && more.is_empty(), "{layout:?}: {missing:?} became {more:?}");
            }
        }
    }
}

/// Blank cells are left out: where spans are written as blanks they are more.
fn shown(cells: &[(usize, usize, String)]) -> Vec<(usize, usize, String)> {
    let mut cells: Vec<_> = cells.iter().filter(|(.., text)| !text.is_empty()).cloned().collect();
    cells.sort();
    cells
}

#[test]
fn text_layouts_keep_every_line_in_every_encoding() {
    let mut dice = Dice::new(3);
    let pieces = form::pieces(&Figures::random(&mut dice));
    for layout in text::Text::ALL {
        let written = layout.write(&pieces, &mut dice);
        for _ in 0..8 {
            let document = one(&text::encode(&written, &mut dice)).unwrap();
            let lines: Vec<&str> = document
                .blocks
                .iter()
                .map(
                    |block| if let Block::Line(line) = block { line.text.as_str() } else { panic!("a grid in a text") },
                )
                .collect();
            assert_eq!(lines.join("\n").trim_end(), written.trim_end(), "{layout:?}");
        }
    }
}

#[test]
fn an_archive_gives_one_result_an_entry() {
    let name = encoding_rs::GB18030.encode("报告/某县.txt").0.into_owned();
    let placeholder = "x".repeat(name.len());
    let entries: [(&str, &[u8]); 6] = [
        (&placeholder, "规章 | 0 |".as_bytes()),
        ("../../etc/passwd", b"<p>a</p><p>b</p>"),
        ("scan.png", b"\x89PNG\r\n"),
        ("__MACOSX/._x", b"\0\x05\x16\x07"),
        ("inner.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        ("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"),
    ];
    let mut bytes = pack::zip(entries);
    // Chinese Windows writes names in GBK without saying so.
    while let Some(at) = bytes.windows(placeholder.len()).position(|window| window == placeholder.as_bytes()) {
        bytes[at..at + name.len()].copy_from_slice(&name);
    }
    let found: Vec<(String, String)> = documents("批.zip", &bytes)
        .into_iter()
        .map(|(name, result)| {
            (name, result.map_or_else(|refusal| refusal.code, |document| format!("{:?}", document.format)))
        })
        .collect();
    let expected = [
        ("批.zip!报告/某县.txt", "Text"),
        ("批.zip!../../etc/passwd", "Html"),
        ("批.zip!scan.png", "GK0414"),
        ("批.zip!inner.zip", "GK0423"),
        ("批.zip!old.doc", "GK0420"),
    ];
    assert_eq!(found, expected.map(|(name, result)| (name.to_owned(), result.to_owned())));
}

/// What each hostile file must come to: a code, or `Ok` where it is read or refused alike.
fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let zeros = vec![0u8; 80 << 20];
    let million: String =
        (0..300_000).map(|row| format!("<row><c r=\"{}\"><v>1</v></c></row>", excel::name(row, 0))).collect();
    let spread = vec![vec![(0, "规章".to_owned()), (16_383, "1".to_owned())]];
    vec![
        ("nested div", "<div>".repeat(1_000_000).into_bytes(), "GK0418"),
        ("nested tables", "<table><tr><td>".repeat(100_000).into_bytes(), "GK0418"),
        (
            "attributes",
            format!("<p {}><p>", (0..100_000).map(|n| format!("a{n}=1 ")).collect::<String>()).into_bytes(),
            "GK0427",
        ),
        ("many elements", "<p>x".repeat(600_000).into_bytes(), "GK0427"),
        ("misnested", "<b><i><font><p>".repeat(20_000).into_bytes(), "Ok"),
        (
            "misnested with attributes",
            (0..20_000).map(|n| format!("<p><font size={n}><a href={n}>")).collect::<String>().into_bytes(),
            "GK0418",
        ),
        ("rowspan", b"<table><tr><td rowspan=4294967295>0</td></tr><tr><td>1</td></tr></table>".to_vec(), "Ok"),
        ("comment", format!("<p><p><!--{}", "x ".repeat(2_000_000)).into_bytes(), "Ok"),
        ("open tag", format!("<p><p><a title=\"{}", "x ".repeat(2_000_000)).into_bytes(), "Ok"),
        ("long line", "规".repeat(10_000_000).into_bytes(), "Ok"),
        ("many lines", "\n1".repeat(1_000_000).into_bytes(), "GK0426"),
        ("NUL", [b"a\0b\n".repeat(1000), "规章".as_bytes().to_vec()].concat(), "Ok"),
        ("binary", (0..=255u8).cycle().take(100_000).collect(), "GK0419"),
        ("bomb", pack::zip([("word/document.xml", zeros.as_slice())]), "GK0417"),
        ("sheet bomb", excel::workbook(&format!("<worksheet><sheetData>{million}</sheetData></worksheet>")), "GK0429"),
        ("two corners", excel::workbook(&excel::sheet(&spread, &[])), "Ok"),
        (
            "merged bomb",
            excel::workbook(&excel::sheet(&spread, &["<mergeCell ref=\"A1:XFD1048576\"/>".to_owned()])),
            "Ok",
        ),
        ("cut zip", pack::zip([("a.txt", b"a".as_slice())])[..20].to_vec(), "GK0421"),
        ("cut pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Cat".to_vec(), "GK0421"),
        (
            "deep pdf",
            format!("%PDF-1.4\n1 0 obj\n{}\nendobj\ntrailer << /Root 1 0 R >>", "[".repeat(10_380)).into_bytes(),
            "GK0418",
        ),
        ("cut xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0k\0b\0o\0o\0k\0".to_vec(), "GK0421"),
        ("empty archive", pack::zip([]), "GK0424"),
        ("nothing", Vec::new(), "GK0410"),
    ]
}

/// How long the processor has worked for this thread, where the system tells: the clock also counts what a busy machine
/// does for others.
fn worked() -> Option<Duration> {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    spent.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[test]
fn hostile_files_are_refused_or_read_without_much_work() {
    /// Each takes a tenth of this without optimisation; without the limits they take minutes, or all memory.
    const MOST: Duration = Duration::from_secs(30);
    for (name, bytes, expected) in hostile() {
        let before = worked();
        let found = documents(name, &bytes);
        let took = worked().zip(before).map(|(after, before)| after - before);
        if std::env::var_os("GONGKAI_TIMES").is_some() {
            eprintln!("{name}: {took:?}");
        }
        let code = match &found[..] {
            [(_, Err(refusal))] => refusal.code.clone(),
            _ => "Ok".to_owned(),
        };
        assert_eq!(code, expected, "{name}");
        assert!(took.is_none_or(|took| took < MOST), "{name}: the processor worked {took:?}");
    }
}

#[test]
fn any_bytes_give_an_answer() {
    let mut dice = Dice::new(11);
    let pieces = form::pieces(&Figures::random(&mut dice));
    for layout in Layout::all() {
        let whole = layout.write(&pieces, &mut dice);
        for _ in 0..25 {
            let mut bytes = whole.clone();
            for _ in 0..=dice.roll(20) {
                let at = dice.index(bytes.len());
                match dice.roll(3) {
                    0 => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
                    1 => bytes.truncate(at.max(1)),
                    _ => drop(bytes.remove(at)),
                }
                if bytes.is_empty() {
                    break;
                }
            }
            drop(documents("damaged", &bytes));
        }
    }
}

/// The folder of real reports, where there is one.
fn reports() -> Option<PathBuf> {
    let folder = std::env::var_os("GONGKAI_REPORTS").map_or_else(|| PathBuf::from("../shared/reports"), PathBuf::from);
    folder.join("complete").is_dir().then_some(folder)
}

#[test]
fn tables_of_real_files_hold_the_rows_of_their_truth() {
    let Some(folder) = reports() else {
        eprintln!("skipped: no folder of reports (GONGKAI_REPORTS)");
        return;
    };
    let mut compared = 0;
    for entry in std::fs::read_dir(folder.join("complete")).unwrap() {
        let path = entry.unwrap().path();
        let Some("html" | "pdf") = path.extension().and_then(|extension| extension.to_str()) else { continue };
        let truth: serde_json::Value =
            serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
        let rows = truth["table3"].as_object().unwrap().values();
        let mut expected: Vec<Vec<String>> = rows.map(row).collect();
        let document = one(&std::fs::read(&path).unwrap()).unwrap();
        assert!(matches!(document.format, Format::Html | Format::Pdf));
        let mut found: Vec<Vec<String>> = grids(&document).into_iter().flat_map(last_seven).collect();
        found.retain(|row| expected.contains(row));
        expected.sort();
        found.sort();
        compared += expected.len();
        assert_eq!(found, expected, "{}", path.display());
    }
    assert!(compared > 0);
}

fn row(values: &serde_json::Value) -> Vec<String> {
    values
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_i64().map_or(String::new(), |value| value.to_string()))
        .collect()
}

/// The last seven cells of every row of a table of ten columns.
fn last_seven(grid: &Grid) -> Vec<Vec<String>> {
    let height = grid.cells.iter().map(|cell| cell.row + cell.row_span).max().unwrap_or(0);
    let row = |row: usize| -> Vec<String> {
        grid.cells.iter().filter(|cell| cell.row == row && cell.column >= 3).map(|cell| cell.text.clone()).collect()
    };
    (0..height).map(row).filter(|cells| cells.len() == 7).collect()
}
