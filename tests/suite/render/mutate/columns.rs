//! Damage to the columns and rows of table 3 as a whole.

use super::{
    super::{
        Dice,
        form::{Cell, Piece, Table},
    },
    tables,
};

/// Rows of heads.
const HEADS: usize = 3;

fn third(pieces: &mut [Piece]) -> &mut Table {
    tables(pieces).nth(1).unwrap()
}

fn plain(text: &str, rows: usize, columns: usize) -> Cell {
    Cell { text: text.to_owned(), rows, columns, slot: None }
}

/// The year of the title.
fn year(pieces: &[Piece]) -> u16 {
    let title = pieces.iter().find_map(|piece| if let Piece::Line(text) = piece { Some(text) } else { None }).unwrap();
    let digits: String = title.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

pub fn total_first(pieces: &mut [Piece]) {
    for row in &mut third(pieces).rows {
        let first = row.iter().position(|cell| cell.slot.is_some() || cell.text == "自然人");
        let total = row.iter().position(|cell| match cell.slot {
            Some((_, column)) => column == Some(6),
            None => cell.text == "总计",
        });
        if let (Some(first), Some(total)) = (first, total) {
            let cell = row.remove(total);
            row.insert(first, cell);
        }
    }
}

pub fn year_before(pieces: &mut [Piece], dice: &mut Dice) {
    let year = year(pieces);
    let (own, before) = (format!("{year}年"), format!("{}年", year - 1));
    let first = dice.once_in(2);
    // The rows of the year before are those of the report, one further down: each adds up.
    let rows = &mut third(pieces).rows;
    let values = |row: &[Cell]| row.iter().filter(|cell| cell.slot.is_some()).cloned().collect::<Vec<Cell>>();
    let mut others: Vec<Vec<Cell>> = rows[HEADS..].iter().map(|row| values(row)).collect();
    others.rotate_left(1);
    others.iter_mut().flatten().for_each(|cell| cell.slot = None);
    for (row, other) in rows[HEADS..].iter_mut().zip(others) {
        let at = row.iter().position(|cell| cell.slot.is_some()).unwrap();
        let end = if first { at } else { row.len() };
        row.splice(end..end, other);
    }
    for row in &mut rows[..HEADS] {
        let mut heads: Vec<Cell> = row.iter().filter(|cell| cell.rows < HEADS).cloned().collect();
        row.append(&mut heads);
    }
    let mut corner = rows[0].remove(0);
    corner.rows = HEADS + 1;
    let (left, right) = if first { (&before, &own) } else { (&own, &before) };
    rows.insert(0, vec![corner, plain(left, 1, 7), plain(right, 1, 7)]);
    let fourth = tables(pieces).nth(2).unwrap();
    let mut values = fourth.rows.pop().unwrap();
    let mut other = values.clone();
    other.rotate_left(5);
    other.iter_mut().for_each(|cell| cell.slot = None);
    other.insert(0, plain(&before, 1, 1));
    values.insert(0, plain(&own, 1, 1));
    let heads = fourth.rows.len();
    fourth.rows[0].insert(0, plain("年度", heads, 1));
    fourth.rows.extend(if first { [other, values] } else { [values, other] });
}

pub fn fewer(pieces: &mut [Piece], dice: &mut Dice) {
    const NAMES: [&str; 7] = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"];
    let gone = |column: usize, pick: u64| match pick {
        0 => column != 6,
        1 => column == 6,
        _ => column == 1 + usize::try_from(pick).unwrap() % 5 || column == 1 + usize::try_from(pick / 5).unwrap() % 5,
    };
    let pick = dice.roll(27);
    let table = third(pieces);
    for (at, row) in table.rows.iter_mut().enumerate() {
        row.retain(|cell| match cell.slot {
            Some((_, column)) => !gone(column.unwrap(), pick),
            None if at < HEADS => NAMES.iter().position(|name| *name == cell.text).is_none_or(|at| !gone(at, pick)),
            None => true,
        });
    }
    let left = (0..7).filter(|&column| !gone(column, pick)).count();
    let corporate = (1..6).filter(|&column| !gone(column, pick)).count();
    for cell in table.rows[..HEADS].iter_mut().flatten() {
        match cell.columns {
            7 => cell.columns = left,
            5 => cell.columns = corporate,
            _ => {}
        }
    }
    table.rows[1].retain(|cell| cell.columns > 0);
    if corporate == 0 {
        // Nothing of the second and third row of heads is left but the total.
        table.rows.remove(2);
        table.rows[..2].iter_mut().flatten().for_each(|cell| cell.rows = cell.rows.min(2));
        table.rows[1].iter_mut().for_each(|cell| cell.rows = 1);
    }
}

pub fn numbered(pieces: &mut [Piece]) {
    let rows = &mut third(pieces).rows;
    for (row, number) in rows[HEADS..].iter_mut().zip(1..) {
        row.insert(0, plain(&number.to_string(), 1, 1));
    }
    let mut numbers = vec![plain("栏次", 1, 3)];
    numbers.extend((1..=7).map(|number| plain(&number.to_string(), 1, 1)));
    rows.insert(HEADS, numbers);
    rows[0].insert(0, plain("序号", HEADS + 1, 1));
}

pub fn across(pieces: &mut [Piece], dice: &mut Dice) {
    let table = third(pieces);
    let at = HEADS + 3 + dice.index(table.rows.len() - HEADS - 4);
    for (index, row) in table.rows[..at].iter_mut().enumerate() {
        row.iter_mut().filter(|cell| index + cell.rows > at).for_each(|cell| cell.rows += 1);
    }
    let text = *dice.pick(&["2", "- 2 -", "第 2 页 共 3 页", "注：含上年结转 3 件", "（以下无正文）"]);
    // Beside the first group, and beside the second where one reaches over the row.
    let covered =
        table.rows[..at].iter().enumerate().flat_map(|(index, row)| row.iter().map(move |cell| (index, cell)));
    let covered: usize = covered.filter(|(index, cell)| index + cell.rows > at).map(|(_, cell)| cell.columns).sum();
    table.rows.insert(at, vec![plain(text, 1, 10 - covered)]);
}
