use super::{layout, parse};
use crate::ingest::{Block, Grid};

fn blocks(body: &str) -> Vec<Block> {
    let xml = format!("<?xml version='1.0'?><w:document xmlns:w='w'><w:body>{body}</w:body></w:document>");
    layout::blocks(parse::content(&xml).unwrap())
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn cell(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", paragraph(text))
}

fn cells(grid: &Grid) -> Vec<(usize, usize, usize, usize, &str)> {
    grid.cells.iter().map(|c| (c.row, c.column, c.row_span, c.column_span, c.text.as_str())).collect()
}

#[test]
fn merged_cells_get_their_coordinates() {
    let rows = [
        cell("<w:gridSpan w:val='2'/><w:vMerge w:val='restart'/>", "三") + &cell("", "自然人"),
        cell("<w:gridSpan w:val='2'/><w:vMerge/>", "") + &cell("", "20&amp;3"),
        cell("", "a") + &cell("<w:hMerge w:val='restart'/>", "b") + &cell("<w:hMerge/>", ""),
    ];
    let table = rows.map(|row| format!("<w:tr>{row}</w:tr>")).concat();
    let found = blocks(&format!("{}<w:tbl>{table}</w:tbl>", paragraph("一、总体情况")));
    let [Block::Line(line), Block::Grid(grid)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((line.text.as_str(), line.place.line), ("一、总体情况", 1));
    let expected =
        [(0, 0, 2, 2, "三"), (0, 2, 1, 1, "自然人"), (1, 2, 1, 1, "20&3"), (2, 0, 1, 1, "a"), (2, 1, 1, 2, "b")];
    assert_eq!(cells(grid), expected);
    assert_eq!(grid.cells[1].place.line, 3);
}

#[test]
fn digits_split_over_runs_join_and_deleted_text_is_gone() {
    let runs = "<w:p><w:r><w:t>20</w:t></w:r><w:del><w:r><w:delText>9</w:delText><w:t>9</w:t></w:r></w:del>\
                <w:ins><w:r><w:t>23</w:t></w:r></w:ins><w:r><w:br/><w:t>年</w:t></w:r></w:p>";
    let texts: Vec<_> = blocks(runs)
        .into_iter()
        .map(|block| if let Block::Line(line) = block { line.text } else { panic!("no tables here") })
        .collect();
    assert_eq!(texts, ["2023", "年"]);
}

#[test]
fn a_layout_table_flows() {
    let inner = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", "规章"), cell("", "0"));
    let outer = format!("<w:tbl><w:tr><w:tc>{}{inner}<w:p/></w:tc></w:tr></w:tbl>", paragraph("二、主动公开"));
    let found = blocks(&outer);
    let [Block::Line(line), Block::Grid(grid), Block::Line(last)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((line.text.as_str(), last.text.as_str()), ("二、主动公开", ""));
    assert_eq!(cells(grid), [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "0")]);
}

#[test]
fn deep_or_broken_markup_is_refused() {
    let deep = format!("<w:document>{}", "<w:sdt>".repeat(100_000));
    assert_eq!(parse::content(&deep).unwrap_err().code, "GK0418");
    assert_eq!(parse::content("<w:document><w:p></w:tbl>").unwrap_err().code, "GK0421");
}
