//! Rows and columns of table 3 that an office has numbered: 序号, 栏次.

use super::super::{
    flow::{Flow, Gap},
    grid::{Item, Piece},
    number::Said,
};

/// The items without the numbers 1, 2, 3 … that stand before the labels of all rows; nothing where there are none.
pub(super) fn without_rows(flow: &Flow, items: &[Item]) -> Option<Vec<Item>> {
    const LEAST: usize = 6;
    let is_row = |item: &Item| matches!(item, Item::Label(hit) if hit.row3().is_some());
    let rows: Vec<usize> = items.iter().enumerate().filter(|(_, item)| is_row(item)).map(|(at, _)| at).collect();
    let printed = |item: &Item| matches!(item, Item::Value(piece) if piece.is_printed());
    // Between the number and the label may stand the heading of a group.
    let before = |&row: &usize| {
        let at = items.get(..row)?.iter().rposition(printed)?;
        items.get(at).filter(|item| flow.gap(item.start()) >= Gap::Line).map(|_| at)
    };
    let number = |at: usize| match items.get(at)? {
        Item::Value(Piece { said: Said::Number(number), spot: None, .. }) => number.count(),
        _ => None,
    };
    let numbers: Vec<usize> = rows.iter().map(before).collect::<Option<_>>()?;
    let counted = numbers.iter().zip(1..).all(|(&at, count)| number(at) == Some(count));
    (counted && numbers.len() >= LEAST).then(|| {
        let kept = items.iter().enumerate().filter(|(at, _)| numbers.binary_search(at).is_err());
        kept.map(|(_, item)| item.clone()).collect()
    })
}

/// The columns numbered 1, 2, 3 … below the heads, behind a word such as 栏次.
pub(super) fn of_columns(pieces: &[Piece]) -> bool {
    /// 1, 2, 3 may be figures that add up.
    const LEAST: usize = 4;
    let printed = pieces.iter().filter(|piece| piece.is_printed() && piece.said != Said::Garbled);
    let counts: Vec<Option<i64>> =
        printed.map(|piece| if let Said::Number(number) = &piece.said { number.count() } else { None }).collect();
    counts.len() >= LEAST && counts.iter().zip(1..).all(|(printed, count)| *printed == Some(count))
}
