//! A PDF as office programs print it: a font that is not embedded, ruled tables, page breaks inside them, page numbers.

use super::form::{Piece, Table, placed};

const TOP: f32 = 780.0;
const BOTTOM: f32 = 90.0;
const LEFT: f32 = 40.0;
const WIDTH: f32 = 520.0;
const SIZE: f32 = 8.0;

pub fn write(pieces: &[Piece]) -> Vec<u8> {
    let mut pages = Pages { pages: vec![String::new()], y: TOP };
    for piece in pieces {
        match piece {
            Piece::Line(line) => {
                for part in wrapped(line, 60) {
                    pages.room(16.0);
                    pages.y -= 16.0;
                    let y = pages.y;
                    pages.show(&part, LEFT, y);
                }
            }
            Piece::Table(table) => pages.table(table),
        }
    }
    let numbered = pages.pages.iter().enumerate();
    let contents: Vec<String> =
        numbered.map(|(number, page)| format!("{page}{}", shown(&format!("-{}-", number + 1), 280.0, 40.0))).collect();
    file(&contents)
}

struct Pages {
    pages: Vec<String>,
    y: f32,
}

impl Pages {
    /// Turns the page if less than `height` is left.
    fn room(&mut self, height: f32) {
        if self.y - height < BOTTOM {
            self.pages.push(String::new());
            self.y = TOP;
        }
    }

    fn show(&mut self, text: &str, x: f32, y: f32) {
        self.pages.last_mut().unwrap().push_str(&shown(text, x, y));
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        let drawn = format!("{} {} m {} {} l S\n", from.0, from.1, to.0, to.1);
        self.pages.last_mut().unwrap().push_str(&drawn);
    }

    /// Rows are as high as their labels need; a page break falls between two rows, through whatever spans them.
    fn table(&mut self, table: &Table) {
        let cells = placed(table);
        let columns = cells.iter().map(|(_, column, cell)| column + cell.columns).max().unwrap();
        // Table 3 has three columns of labels, which are wider.
        let labels = if columns == 10 { 3 } else { usize::from(columns == 4) };
        let unit = WIDTH / f32::from(u8::try_from(columns + labels * 2).unwrap());
        let x = |column: usize| LEFT + unit * f32::from(u8::try_from(column + column.min(labels) * 2).unwrap());
        let fits = |column: usize, span: usize| ((x(column + span) - x(column) - 4.0) / SIZE).floor();
        let lines = |column: usize, span: usize, text: &str| {
            let room = (1u8..).take_while(|room| f32::from(*room) <= fits(column, span)).count().max(1);
            wrapped(text, room)
        };
        let height = |row: usize| {
            let own = cells.iter().filter(|(at, _, cell)| *at == row && cell.rows == 1);
            let most = own.map(|(_, column, cell)| lines(*column, cell.columns, &cell.text).len()).max().unwrap_or(1);
            f32::from(u8::try_from(most).unwrap()) * 10.0 + 6.0
        };
        self.y -= 8.0;
        let mut row = 0;
        while row < table.rows.len() {
            self.room(height(row));
            let (first, top) = (row, self.y);
            let mut ys = vec![top];
            while row < table.rows.len() && self.y - height(row) >= BOTTOM {
                self.y -= height(row);
                ys.push(self.y);
                row += 1;
            }
            for (at, column, cell) in &cells {
                let (from, to) = ((*at).max(first), (at + cell.rows).min(row));
                if from >= to {
                    continue;
                }
                let (upper, lower) = (ys[from - first], ys[to - first]);
                let (left, right) = (x(*column), x(column + cell.columns));
                for (a, b) in [
                    ((left, upper), (right, upper)),
                    ((left, lower), (right, lower)),
                    ((left, lower), (left, upper)),
                    ((right, lower), (right, upper)),
                ] {
                    self.line(a, b);
                }
                // Text stands where the cell begins; what goes on over the page stays empty there.
                if *at >= first {
                    let mut y = upper - 11.0;
                    for part in lines(*column, cell.columns, &cell.text) {
                        self.show(&part, left + 2.0, y);
                        y -= 10.0;
                    }
                }
            }
        }
        self.y -= 8.0;
    }
}

fn wrapped(text: &str, room: usize) -> Vec<String> {
    // A number is never broken.
    if text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '-')) {
        return vec![text.to_owned()];
    }
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(room.max(1)).map(|part| part.iter().collect()).collect()
}

fn shown(text: &str, x: f32, y: f32) -> String {
    let hex: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("BT /F1 {SIZE} Tf {x} {y} Td <{hex}> Tj ET\n")
}

/// The objects of the file with their offsets.
fn file(contents: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len()).map(|page| format!("{} 0 R", 6 + page * 2)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /SimSun /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) \
         /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 /W [ 1 95 500 814 939 500 ] >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /SimSun /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 859 \
         /Descent -141 /CapHeight 683 /StemV 80 >>"
            .to_owned(),
    ];
    for (page, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            7 + page * 2
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}endstream", content.len()));
    }
    let mut pdf = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        pdf += &format!("{offset:010} 00000 n \n");
    }
    pdf += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    pdf.into_bytes()
}
