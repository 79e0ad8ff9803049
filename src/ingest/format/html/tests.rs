use super::read;
use crate::ingest::{Block, Document, Grid};

fn grids(document: &Document) -> Vec<&Grid> {
    document.blocks.iter().filter_map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None }).collect()
}

fn lines(document: &Document) -> Vec<&str> {
    document
        .blocks
        .iter()
        .filter_map(|block| if let Block::Line(line) = block { Some(line.text.as_str()) } else { None })
        .collect()
}

/// `(row, column, rows, columns, text)` of every cell.
fn cells(grid: &Grid) -> Vec<(usize, usize, usize, usize, &str)> {
    grid.cells.iter().map(|c| (c.row, c.column, c.row_span, c.column_span, c.text.as_str())).collect()
}

#[test]
fn spans_become_coordinates_and_places_point_at_the_text() {
    let page = "<html><body><p>一、总体情况</p>\n<table><tr><td rowspan=2 colspan=\"2\">三</td><td>自然人</td></tr>\n\
                <tr><td style='width:0'>0</td></tr></table>";
    let document = read(page).unwrap();
    assert_eq!(lines(&document), ["一、总体情况"]);
    let grid = grids(&document)[0];
    assert_eq!(cells(grid), [(0, 0, 2, 2, "三"), (0, 2, 1, 1, "自然人"), (1, 2, 1, 1, "0")]);
    let places: Vec<_> = grid.cells.iter().map(|cell| (cell.place.line, cell.place.column)).collect();
    assert_eq!(places, [(2, 38), (2, 48), (3, 25)]);
}

#[test]
fn word_markup_gives_whole_numbers_and_blanks() {
    let page = "<html xmlns:o='urn:x'><table><tr><td><p class=MsoNormal><span lang=EN-US>20</span><span\nlang=EN-US>23\
                <o:p></o:p></span></p></td><td><p><o:p>&nbsp;</o:p></p></td><td>&nbsp;</td>\
                <td>商业<br>企业</td><td><p>科研</p>\n<p>机构</p></td><td><span style='display: none'>9</span>5</td></tr></table>";
    let texts: Vec<_> = grids(&read(page).unwrap())[0].cells.iter().map(|cell| cell.text.clone()).collect();
    assert_eq!(texts, ["2023", "", "", "商业\n企业", "科研\n机构", "5"]);
}

#[test]
fn a_layout_table_flows_and_the_inner_table_stays_a_table() {
    let page = "<table><tr><td>首页</td><td>信息公开</td></tr><tr><td colspan=2><p>二、主动公开</p>\
                <table><tr><td>规章</td><td>0</td></tr></table><p>三、收到</p></td></tr><tr><td>版权</td></tr></table>";
    let document = read(page).unwrap();
    assert_eq!(lines(&document), ["首页", "信息公开", "二、主动公开", "三、收到", "版权"]);
    assert_eq!(cells(grids(&document)[0]), [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "0")]);
}

#[test]
fn a_table_of_one_cell_inside_a_cell_is_its_text() {
    let page = "<table><tr><td>规章</td><td><table><tr><td>7</td></tr></table></td></tr></table>";
    assert_eq!(cells(grids(&read(page).unwrap())[0]), [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "7")]);
}

#[test]
fn an_article_in_a_row_flows_between_the_rows_of_the_form() {
    let article = "本年度深入推进政务公开。".repeat(60);
    let page = format!(
        "<table><tr><td>规章</td><td>1</td></tr><tr><td>许可</td><td>2</td></tr><tr><td colspan=2>{article}</td></tr>\
         <tr><td>处罚</td><td>3</td></tr><tr><td>强制</td><td>4</td></tr></table>"
    );
    let document = read(&page).unwrap();
    assert_eq!(lines(&document), [article.as_str()]);
    let grids = grids(&document);
    assert_eq!(cells(grids[0])[3], (1, 1, 1, 1, "2"));
    assert_eq!(cells(grids[1])[0], (0, 0, 1, 1, "处罚"));
}

#[test]
fn title_and_metadata_are_kept_and_scripts_are_not() {
    let page = "<head><title>某市2024年\n年度报告</title><meta name=ContentSource content='市政府'><script>var a='<td>1';\
                </script><style>td{}</style></head><body>正文<select><option>2019</select></body>";
    let document = read(page).unwrap();
    assert_eq!(
        document.metadata,
        [("title".to_owned(), "某市2024年年度报告".to_owned()), ("ContentSource".to_owned(), "市政府".to_owned())]
    );
    assert_eq!(lines(&document), ["正文"]);
}

#[test]
fn preformatted_lines_stay_lines() {
    assert_eq!(lines(&read("<pre>规章 | 0\n许可 | 1\n</pre><p>完</p>").unwrap()), ["规章 | 0", "许可 | 1", "完"]);
}

#[test]
fn hostile_pages_are_refused_or_read_at_once() {
    let deep = "<div>".repeat(1_000_000);
    let tables = "<table><tr><td>".repeat(100_000);
    let attributes = format!("<p a{}>x</p><br>", (0..100_000).map(|n| format!(" b{n}=1")).collect::<String>());
    let hidden = format!("<p c='>' {}>x</p><br>", (0..100_000).map(|n| format!("b{n}='>' ")).collect::<String>());
    for (page, code) in [(deep, "GK0418"), (tables, "GK0418"), (attributes, "GK0427"), (hidden, "GK0427")] {
        assert_eq!(read(&page).unwrap_err().code, code);
    }
    let misnested = "<b><i><font><p>".repeat(20_000);
    assert!(grids(&read(&misnested).unwrap()).is_empty());
    let spans = "<table><tr><td rowspan=4294967295 colspan=4294967295>0</td></tr><tr><td>1</td></tr></table>";
    assert_eq!(grids(&read(spans).unwrap()).len(), 0, "wider than any form: lines");
}

#[test]
fn a_page_that_a_script_writes_is_read_from_its_strings() {
    let page = "<html><script>\nvar title = 'x';\ndocument.write(\"<p>\\u4e8c、主动公开<\\/p><table><tr><td colspan=\\\"2\\\">规章<\\/td>\"\n\
                + '<td>7</td></tr></table>');\n</script></html>";
    let document = read(page).unwrap();
    assert_eq!(lines(&document), ["二、主动公开"]);
    let grid = grids(&document)[0];
    assert_eq!(cells(grid), [(0, 0, 1, 2, "规章"), (0, 2, 1, 1, "7")]);
    let places: Vec<_> = grid.cells.iter().map(|cell| (cell.place.line, cell.place.column)).collect();
    assert_eq!(places, [(3, 65), (4, 8)]);
}

#[test]
fn tables_between_lines_of_markdown_are_tables() {
    let text = "## 二、主动公开\n某县 <b>2024</b> 年\n<table><tr><td>规章</td><td>0</td></tr></table>\n| 商业<br>企业 | 1 < 2 |\n";
    let document = super::read_mixed(text).unwrap();
    assert_eq!(lines(&document), ["## 二、主动公开", "某县 2024 年", "", "| 商业 企业 | 1 < 2 |"]);
    let grid = grids(&document)[0];
    assert_eq!(cells(grid), [(0, 0, 1, 1, "规章"), (0, 1, 1, 1, "0")]);
    assert_eq!((grid.cells[0].place.line, grid.cells[0].place.column), (3, 16));
}
