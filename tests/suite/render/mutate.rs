//! What the world does to a report before it is read.

mod columns;

use super::{
    Dice,
    form::{Cell, Piece, Table},
};

/// What offices print behind a figure.
const MARKS: [&str; 5] = ["*", "①", "¹", "#", "（注）"];

/// What gets between its digits.
const INSIDE: [&str; 6] = ["\u{200b}", " ", "\u{a0}", "国", "\u{ad}", "，"];

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// Zeros printed as nothing.
    BlankZeros,
    /// One figure left out.
    BlankOne,
    /// No figures at all.
    BlankAll,
    /// A label misspelt.
    Misprint,
    /// One head of a column missing.
    LostHead,
    /// One row missing.
    LostRow,
    /// A figure misprinted, so that sums fail.
    WrongFigure,
    /// The header of a table printed again in the middle, after a page number.
    PageBreak,
    /// Traditional characters in the labels.
    Traditional,
    /// Full-width digits.
    FullWidth,
    /// `00` for zero in one cell.
    LeadingZero,
    /// A unit in the cell.
    Unit,
    /// Blanks inside labels.
    Spaced,
    /// A row that the form does not have.
    ExtraRow,
    /// The tables once more at the end, in half of the reports with another figure in one cell.
    Twice,
    /// Two columns of table 3 in each other's place, heads and figures.
    MovedHeads,
    /// The total of table 3 before the applicants.
    TotalFirst,
    /// Table 3 of the year before beside the report's own, table 4 below it.
    YearBefore,
    /// Some columns of table 3 not printed at all.
    FewerColumns,
    /// The columns of table 3 numbered below their heads, and the rows before their labels.
    Numbered,
    /// A note or a page number in a cell across table 3.
    Across,
    /// Two rows of table 3 in each other's place, labels and figures.
    SwappedRows,
    /// O for 0, l for 1.
    Letters,
    /// A mark behind a figure.
    Mark,
    /// Something between the digits of a figure.
    Inside,
    /// A word or a dash where a figure should stand.
    Word,
}

impl Damage {
    pub const ALL: [Self; 26] = [
        Self::BlankZeros,
        Self::BlankOne,
        Self::BlankAll,
        Self::Misprint,
        Self::LostHead,
        Self::LostRow,
        Self::WrongFigure,
        Self::PageBreak,
        Self::Traditional,
        Self::FullWidth,
        Self::LeadingZero,
        Self::Unit,
        Self::Spaced,
        Self::ExtraRow,
        Self::Twice,
        Self::MovedHeads,
        Self::TotalFirst,
        Self::YearBefore,
        Self::FewerColumns,
        Self::Numbered,
        Self::Across,
        Self::SwappedRows,
        Self::Letters,
        Self::Mark,
        Self::Inside,
        Self::Word,
    ];

    pub fn apply(self, pieces: &mut Vec<Piece>, dice: &mut Dice) {
        match self {
            Self::BlankZeros => each(pieces, |cell| {
                if cell.slot.is_some() && cell.text == "0" {
                    cell.text.clear();
                }
            }),
            Self::BlankAll => each(pieces, |cell| {
                if cell.slot.is_some() {
                    cell.text.clear();
                }
            }),
            Self::BlankOne => one(pieces, dice, |cell| cell.slot.is_some(), |cell, _| cell.text.clear()),
            Self::Misprint => one(
                pieces,
                dice,
                |cell| cell.slot.is_none() && cell.text.chars().count() > 6,
                |cell, dice| {
                    let at = 3 + dice.index(cell.text.chars().count() - 4);
                    cell.text =
                        cell.text.chars().enumerate().filter(|(index, _)| *index != at).map(|(_, c)| c).collect();
                },
            ),
            Self::LostHead => {
                const HEADS: [&str; 7] =
                    ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"];
                one(pieces, dice, |cell| HEADS.contains(&cell.text.as_str()), |cell, _| cell.text.clear());
            }
            Self::LostRow => {
                let table = tables(pieces).nth(1).unwrap();
                let plain: Vec<usize> = table
                    .rows
                    .iter()
                    .enumerate()
                    .filter(|(_, row)| {
                        row.iter().all(|cell| cell.rows == 1) && row.iter().any(|cell| cell.slot.is_some())
                    })
                    .map(|(index, _)| index)
                    .collect();
                let at = *dice.pick(&plain);
                table.rows.remove(at);
                shorten_spans(table, at);
            }
            Self::WrongFigure => one(
                pieces,
                dice,
                |cell| cell.slot.is_some_and(|(_, column)| column.is_some()),
                |cell, dice| cell.text = (1 + dice.roll(900)).to_string(),
            ),
            Self::PageBreak => page_break(pieces, dice),
            Self::Traditional => each(pieces, |cell| {
                if cell.slot.is_none() {
                    cell.text = traditional(&cell.text);
                }
            }),
            Self::FullWidth => each(pieces, |cell| {
                if cell.slot.is_some() {
                    cell.text = cell.text.chars().map(full_width).collect();
                }
            }),
            Self::LeadingZero => {
                one(pieces, dice, |cell| cell.slot.is_some() && cell.text == "0", |cell, _| cell.text = "00".to_owned())
            }
            Self::Unit => one(
                pieces,
                dice,
                |cell| cell.slot.is_some_and(|(category, _)| category.ends_with("amount")),
                |cell, _| cell.text.push_str("万元"),
            ),
            Self::Spaced => each(pieces, |cell| {
                if cell.slot.is_none() && matches!(cell.text.as_str(), "规章" | "总计" | "其他" | "自然人") {
                    cell.text = cell.text.chars().map(String::from).collect::<Vec<_>>().join(" ");
                }
            }),
            Self::ExtraRow => {
                let table = tables(pieces).next().unwrap();
                let mut row = table.rows[3].clone();
                row[0].text = "其他主动公开文件".to_owned();
                for cell in &mut row {
                    cell.slot = None;
                }
                table.rows.insert(4, row);
            }
            Self::Twice => {
                let is_table = |piece: &Piece| matches!(piece, Piece::Table(_));
                let (first, last) = (pieces.iter().position(is_table), pieces.iter().rposition(is_table));
                let mut again = pieces[first.unwrap()..=last.unwrap()].to_vec();
                if dice.once_in(2) {
                    Self::WrongFigure.apply(&mut again, dice);
                }
                pieces.extend(again);
            }
            Self::MovedHeads => {
                const HEADS: [&str; 5] = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"];
                let one = dice.index(HEADS.len());
                let other = (one + 1 + dice.index(HEADS.len() - 1)) % HEADS.len();
                for row in &mut tables(pieces).nth(1).unwrap().rows {
                    let stands = |wanted: usize| {
                        row.iter().position(|cell| match cell.slot {
                            Some((_, column)) => column == Some(wanted + 1),
                            None => cell.text == HEADS[wanted],
                        })
                    };
                    if let (Some(one), Some(other)) = (stands(one), stands(other)) {
                        row.swap(one, other);
                    }
                }
            }
            Self::TotalFirst => columns::total_first(pieces),
            Self::YearBefore => columns::year_before(pieces, dice),
            Self::FewerColumns => columns::fewer(pieces, dice),
            Self::Numbered => columns::numbered(pieces),
            Self::Across => columns::across(pieces, dice),
            Self::SwappedRows => {
                let rows = &mut tables(pieces).nth(1).unwrap().rows;
                let at = 3 + dice.index(rows.len() - 4);
                let (upper, lower) = rows.split_at_mut(at + 1);
                let (one, other) = (upper.last_mut().unwrap(), lower.first_mut().unwrap());
                let label = |row: &[Cell]| row.iter().rposition(|cell| cell.slot.is_none()).unwrap();
                let (here, there) = (label(one), label(other));
                std::mem::swap(&mut one[here].text, &mut other[there].text);
                let (left, right) = (one.split_off(here + 1), other.split_off(there + 1));
                one.extend(right);
                other.extend(left);
            }
            Self::Letters => one(
                pieces,
                dice,
                |cell| cell.slot.is_some() && cell.text.contains(['0', '1']),
                |cell, _| cell.text = cell.text.replace('0', "O").replace('1', "l"),
            ),
            Self::Mark => one(
                pieces,
                dice,
                |cell| cell.slot.is_some() && !cell.text.is_empty(),
                |cell, dice| cell.text.push_str(dice.pick::<&str>(&MARKS)),
            ),
            Self::Inside => one(
                pieces,
                dice,
                |cell| cell.slot.is_some() && cell.text.len() > 1,
                |cell, dice| cell.text.insert_str(1, dice.pick::<&str>(&INSIDE)),
            ),
            Self::Word => one(
                pieces,
                dice,
                |cell| cell.slot.is_some(),
                |cell, dice| cell.text = (*dice.pick(&["同上", "—", "无", "不详", "/", "…", "×"])).to_owned(),
            ),
        }
    }
}

pub fn tables(pieces: &mut [Piece]) -> impl Iterator<Item = &mut Table> {
    pieces.iter_mut().filter_map(|piece| if let Piece::Table(table) = piece { Some(table) } else { None })
}

fn each(pieces: &mut [Piece], change: impl Fn(&mut Cell)) {
    tables(pieces).flat_map(|table| &mut table.rows).flatten().for_each(change);
}

fn one(pieces: &mut [Piece], dice: &mut Dice, fits: impl Fn(&Cell) -> bool, change: impl Fn(&mut Cell, &mut Dice)) {
    let mut cells: Vec<&mut Cell> =
        tables(pieces).flat_map(|table| &mut table.rows).flatten().filter(|cell| fits(cell)).collect();
    if !cells.is_empty() {
        let at = dice.index(cells.len());
        change(cells[at], dice);
    }
}

/// The spans that covered a row now gone cover one row less.
fn shorten_spans(table: &mut Table, gone: usize) {
    for (index, row) in table.rows.iter_mut().enumerate() {
        for cell in row {
            if index < gone && index + cell.rows > gone {
                cell.rows -= 1;
            }
        }
    }
}

/// Splits table 3 between two rows: a page number stands between the halves, the header is printed again.
fn page_break(pieces: &mut Vec<Piece>, dice: &mut Dice) {
    let at = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Table(table) if table.rows.iter().flatten().any(|cell| cell.rows > 9)))
        .unwrap();
    let Piece::Table(mut upper) = pieces.remove(at) else { unreachable!() };
    // A break between rows that no cell but the first group spans keeps both halves tables.
    let cut = 5 + dice.index(2);
    let mut lower = Table { rows: upper.rows.split_off(cut) };
    let head: Vec<Vec<Cell>> = upper.rows[..3].to_vec();
    for (index, row) in upper.rows.iter_mut().enumerate() {
        for cell in row {
            if index + cell.rows > cut {
                let left = index + cell.rows - cut;
                let rest = Cell { text: String::new(), rows: left, ..cell.clone() };
                cell.rows -= left;
                lower.rows[0].insert(0, rest);
            }
        }
    }
    if dice.once_in(2) {
        lower.rows.splice(0..0, head);
    }
    pieces.insert(at, Piece::Table(lower));
    pieces.insert(at, Piece::Line(format!("-{}-", 2 + dice.roll(7))));
    pieces.insert(at, Piece::Table(upper));
}

fn full_width(c: char) -> char {
    c.to_digit(10).and_then(|digit| char::from_u32(0xFF10 + digit)).unwrap_or(c)
}

fn traditional(text: &str) -> String {
    const PAIRS: [(char, char); 30] = [
        ('规', '規'),
        ('条', '條'),
        ('项', '項'),
        ('内', '內'),
        ('发', '發'),
        ('废', '廢'),
        ('现', '現'),
        ('数', '數'),
        ('处', '處'),
        ('决', '決'),
        ('许', '許'),
        ('罚', '罰'),
        ('强', '強'),
        ('收', '收'),
        ('费', '費'),
        ('额', '額'),
        ('单', '單'),
        ('万', '萬'),
        ('总', '總'),
        ('计', '計'),
        ('维', '維'),
        ('结', '結'),
        ('复', '復'),
        ('议', '議'),
        ('诉', '訴'),
        ('讼', '訟'),
        ('务', '務'),
        ('机', '機'),
        ('构', '構'),
        ('属', '屬'),
    ];
    text.chars().map(|c| PAIRS.iter().find(|(simple, _)| *simple == c).map_or(c, |(_, other)| *other)).collect()
}
