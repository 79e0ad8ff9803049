//! Layouts of plain text, as page extractors and offices leave them.

use super::{
    Dice,
    form::{Cell, Piece, Table},
};

/// A layout of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// `规章 | 0 | 0 | 0 |`, empty cells for spans.
    Pipes,
    /// The same with an empty cell more at the end of short rows.
    PipesExtra,
    /// Rows that end with their last cell, nothing for spans.
    PipesBare,
    /// `| 规章 | 2 | 0 |`.
    PipesLeading,
    /// `规章 |`, one cell a line; spans on a line of their own.
    CellPipes,
    /// One cell a line.
    Cells,
    /// One cell a line, blank lines between.
    CellsSpaced,
    /// A pipe on its own line before every row.
    PipeBeforeRows,
    /// A pipe on its own line between all cells.
    PipeBetweenCells,
    /// The whole page on one line.
    OneLine,
    /// Lines padded with pipes, as one layout table leaves them.
    Padded,
    /// Markdown.
    Markdown,
    /// Markdown with a table of its own for each group of table 3.
    MarkdownGroups,
    /// Labels and figures run together.
    Digits,
    /// Columns by blanks, as PDF converters lay them out.
    Columns,
}

impl Text {
    pub const ALL: [Self; 15] = [
        Self::Pipes,
        Self::PipesExtra,
        Self::PipesBare,
        Self::PipesLeading,
        Self::CellPipes,
        Self::Cells,
        Self::CellsSpaced,
        Self::PipeBeforeRows,
        Self::PipeBetweenCells,
        Self::OneLine,
        Self::Padded,
        Self::Markdown,
        Self::MarkdownGroups,
        Self::Digits,
        Self::Columns,
    ];

    pub fn write(self, pieces: &[Piece], dice: &mut Dice) -> String {
        let mut lines: Vec<String> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Line(text) if self == Self::Padded => lines.push(format!("{text}{}", "|".repeat(120))),
                Piece::Line(text) => lines.push(text.clone()),
                Piece::Table(table) => lines.extend(self.table(table, dice)),
            }
            if matches!(self, Self::Markdown | Self::MarkdownGroups | Self::CellsSpaced) {
                lines.push(String::new());
            }
        }
        match self {
            Self::OneLine => lines.join(" "),
            Self::Digits => lines.concat(),
            _ => lines.join("\n") + "\n",
        }
    }

    fn table(self, table: &Table, dice: &mut Dice) -> Vec<String> {
        let rows = &table.rows;
        let each = |write: &dyn Fn(&[Cell]) -> Vec<String>| rows.iter().flat_map(|row| write(row)).collect::<Vec<_>>();
        match self {
            Self::Pipes | Self::Padded => {
                let tail = if self == Self::Padded { "|".repeat(100) } else { String::new() };
                each(&|row| vec![format!("{}{tail}", piped(row, true))])
            }
            Self::PipesExtra => {
                each(&|row| vec![format!("{}{}", piped(row, true), if row.len() < 3 { "|" } else { "" })])
            }
            Self::PipesBare => each(&|row| vec![piped(row, false)]),
            Self::PipesLeading => each(&|row| vec![format!("| {} ", piped(row, true))]),
            Self::CellPipes => each(&|row| {
                let mut lines: Vec<String> = row.iter().map(|cell| format!("{} |", cell.text)).collect();
                let spans: usize = row.iter().map(|cell| cell.columns - 1).sum();
                if spans > 0 {
                    lines.push("|".repeat(spans));
                }
                lines
            }),
            Self::Cells | Self::OneLine => each(&|row| row.iter().map(|cell| cell.text.clone()).collect()),
            Self::CellsSpaced => {
                each(&|row| row.iter().flat_map(|cell| [format!("\u{a0} {}", cell.text), String::new()]).collect())
            }
            Self::PipeBeforeRows => each(&|row| {
                let cells = row.iter().map(|cell| format!("{} {}", cell.text, "|".repeat(cell.columns)));
                std::iter::once("|".to_owned()).chain(cells).collect()
            }),
            Self::PipeBetweenCells => {
                each(&|row| row.iter().flat_map(|cell| ["|".to_owned(), cell.text.clone()]).collect())
            }
            Self::Markdown => markdown(&square(table)),
            Self::MarkdownGroups => groups(table),
            Self::Digits => vec![rows.iter().flatten().map(|cell| cell.text.as_str()).collect()],
            Self::Columns => {
                let gap = 2 + dice.index(4);
                each(&|row| vec![row.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>().join(&" ".repeat(gap))])
            }
        }
    }
}

/// `a | b | c |`, with a cell more for every column that a span covers.
fn piped(row: &[Cell], spans: bool) -> String {
    let mut line = String::new();
    for cell in row {
        line.push_str(&cell.text);
        line.push_str(" | ");
        if spans {
            line.push_str(&"|".repeat(cell.columns - 1));
        }
    }
    line.trim_end().to_owned()
}

/// Every row with every column, blanks where a span covers.
pub fn square(table: &Table) -> Vec<Vec<String>> {
    let placed = super::form::placed(table);
    let width = placed.iter().map(|(_, column, cell)| column + cell.columns).max().unwrap_or(0);
    let mut rows = vec![vec![String::new(); width]; table.rows.len()];
    for (row, column, cell) in placed {
        rows[row][column].clone_from(&cell.text);
    }
    rows
}

fn markdown(rows: &[Vec<String>]) -> Vec<String> {
    let write = |row: &Vec<String>| format!("| {} |", row.join(" | "));
    let mut lines: Vec<String> = rows.iter().map(write).collect();
    if let Some(first) = rows.first() {
        lines.insert(1, format!("|{}", "---|".repeat(first.len())));
    }
    lines
}

/// Table 3 cut where a group begins, each part under a header of its own; other tables whole.
fn groups(table: &Table) -> Vec<String> {
    let rows = square(table);
    let is_requests = table.rows.iter().flatten().any(|cell| cell.slot.is_some_and(|(_, column)| column.is_some()));
    if !is_requests {
        return markdown(&rows);
    }
    // One row of heads, each the lowest that stands over its column; none over the labels.
    let head = |column: usize| rows[..3].iter().rev().map(|row| row[column].clone()).find(|text| !text.is_empty());
    let head: Vec<String> = (0..rows[0].len())
        .map(|column| if column < 3 { String::new() } else { head(column).unwrap_or_default() })
        .collect();
    let mut lines = Vec::new();
    let mut part = vec![head.clone()];
    for row in &rows[3..] {
        if row[1].starts_with('（') && part.len() > 1 {
            lines.extend(markdown(&std::mem::replace(&mut part, vec![head.clone()])));
            lines.push(String::new());
        }
        part.push(row.clone());
    }
    lines.extend(markdown(&part));
    lines
}

/// Bytes in one of the encodings of the day.
pub fn encode(text: &str, dice: &mut Dice) -> Vec<u8> {
    let units = |big: bool| -> Vec<u8> {
        let mark = if big { vec![0xFE, 0xFF] } else { vec![0xFF, 0xFE] };
        let units = text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        mark.into_iter().chain(units).collect()
    };
    match dice.roll(6) {
        0 => [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(),
        1 => encoding_rs::GB18030.encode(text).0.into_owned(),
        2 => units(false),
        3 => units(true),
        4 => text.replace('\n', "\r\n").into_bytes(),
        _ => text.as_bytes().to_vec(),
    }
}
