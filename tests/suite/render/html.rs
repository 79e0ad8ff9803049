//! Pages as content systems, Word and WPS write them.

use super::{
    Dice,
    form::{Cell, Piece, Table},
};

/// A style of page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Clean, with spans.
    Spans,
    /// Without row spans: empty cells instead.
    EmptyCells,
    /// Word's: paragraphs and spans everywhere, digits split, `o:p` in blanks.
    Word,
    /// A layout table around the whole page.
    Framed,
    /// GB 2312 declared, tags in capitals, end tags left out.
    Old,
}

impl Style {
    pub const ALL: [Self; 5] = [Self::Spans, Self::EmptyCells, Self::Word, Self::Framed, Self::Old];

    pub fn write(self, pieces: &[Piece], dice: &mut Dice) -> Vec<u8> {
        let mut body = String::new();
        for piece in pieces {
            match piece {
                Piece::Line(text) if self == Self::Old => body += &format!("<P>{}\n", escape(text)),
                Piece::Line(text) => body += &format!("<p style=\"text-indent:2em\">{}</p>\n", escape(text)),
                Piece::Table(table) => body += &self.table(table, dice),
            }
        }
        let title =
            pieces.iter().find_map(|piece| if let Piece::Line(text) = piece { Some(escape(text)) } else { None });
        let title = title.unwrap_or_default();
        match self {
            Self::Framed => {
                let frame = format!(
                    "<html><head><title>{title}</title></head><body><table width=100%><tr><td>首页</td><td>信息公开</td></tr>\
                     <tr><td colspan=2>{body}</td></tr><tr><td>主办单位</td><td>备案</td></tr></table></body></html>"
                );
                frame.into_bytes()
            }
            Self::Old => {
                let page = format!("<HTML><HEAD><META charset=gb2312><TITLE>{title}</TITLE></HEAD><BODY>{body}");
                encoding_rs::GB18030.encode(&page).0.into_owned()
            }
            _ => format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title></head><body>{body}</body></html>")
                .into_bytes(),
        }
    }

    fn table(self, table: &Table, dice: &mut Dice) -> String {
        let rows: Vec<Vec<Cell>> = if self == Self::EmptyCells { without_row_spans(table) } else { table.rows.clone() };
        let mut html =
            String::from(if self == Self::Old { "<TABLE border=1>\n" } else { "<table border=\"1\"><tbody>" });
        for row in &rows {
            html += if self == Self::Old { "<TR>" } else { "<tr>" };
            for cell in row {
                html += &self.cell(cell, dice);
            }
            html += if self == Self::Old { "\n" } else { "</tr>\n" };
        }
        html + if self == Self::Old { "</TABLE>" } else { "</tbody></table>" }
    }

    fn cell(self, cell: &Cell, dice: &mut Dice) -> String {
        let mut spans = String::new();
        if cell.rows > 1 {
            spans += &format!(" rowspan={}", cell.rows);
        }
        if cell.columns > 1 {
            spans += &format!(" colspan=\"{}\"", cell.columns);
        }
        if self == Self::Old {
            return format!(
                "<TD{spans}>{}",
                if cell.text.is_empty() { "&nbsp;".to_owned() } else { escape(&cell.text) }
            );
        }
        if self == Self::Word {
            return format!("<td{spans} style='padding:0cm 5.4pt 0cm 5.4pt'>{}</td>", word_paragraph(&cell.text, dice));
        }
        format!("<td{spans}>{}</td>", escape(&cell.text))
    }
}

/// One paragraph, its text split over spans at random.
fn word_paragraph(text: &str, dice: &mut Dice) -> String {
    if text.is_empty() {
        return "<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>".to_owned();
    }
    let mut spans = String::new();
    let mut part = String::new();
    for c in text.chars() {
        part.push(c);
        if dice.once_in(3) {
            spans +=
                &format!("<span lang=EN-US\nstyle='font-size:10.5pt'>{}</span>", escape(&std::mem::take(&mut part)));
        }
    }
    format!("<p class=MsoNormal align=center>{spans}<span>{}</span><o:p></o:p></p>", escape(&part))
}

/// Blank cells where a cell from above reaches down.
fn without_row_spans(table: &Table) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<(usize, Cell)>> = vec![Vec::new(); table.rows.len()];
    for (row, column, cell) in super::form::placed(table) {
        rows[row].push((column, Cell { rows: 1, ..cell.clone() }));
        for below in &mut rows[row + 1..row + cell.rows] {
            below.push((column, Cell { text: String::new(), rows: 1, slot: None, ..cell.clone() }));
        }
    }
    for row in &mut rows {
        row.sort_by_key(|(column, _)| *column);
    }
    rows.into_iter().map(|row| row.into_iter().map(|(_, cell)| cell).collect()).collect()
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
