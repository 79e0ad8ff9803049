//! The seven columns of a row of table 3.

use super::{
    super::{
        flow::Gap,
        grid::{Item, Piece},
        number::Said,
    },
    Context, Entry, split,
};
use crate::model::{Applicant, CategoryCode};

/// How many values a row of table 3 has.
pub(super) const WIDTH: usize = 7;

/// A row's values, one for each applicant.
pub(super) type Seven = Vec<Entry>;

/// What the values of a row can be.
#[derive(Clone, Debug)]
pub(super) enum Columns {
    /// One way only.
    Known(Seven),
    /// Several ways, which the sums of the columns may tell apart.
    OneOf(Vec<Seven>),
    /// No way that is certain.
    Unsure,
}

/// Cuts values that stand one after another into rows of seven.
///
/// A page turned into text may give a block of rows column by column: seven groups of equal size,
/// with empty lines between. The label then stands at one row of the block, nobody knows which.
pub(super) fn cut(anchor: Option<CategoryCode>, pieces: Vec<Piece>) -> Vec<(Option<CategoryCode>, Vec<Piece>)> {
    let printed = pieces.iter().filter(|piece| piece.is_printed()).count();
    if printed <= WIDTH || pieces.iter().any(|piece| !piece.is_printed()) {
        return vec![(anchor, pieces)];
    }
    transposed(anchor, &pieces).or_else(|| by_sevens(anchor, &pieces)).unwrap_or_else(|| vec![(anchor, pieces)])
}

fn transposed(anchor: Option<CategoryCode>, pieces: &[Piece]) -> Option<Vec<(Option<CategoryCode>, Vec<Piece>)>> {
    let mut groups: Vec<&[Piece]> = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        let length = 1 + rest.iter().skip(1).take_while(|piece| piece.gap < Gap::Blank).count();
        let (group, tail) = rest.split_at(length);
        groups.push(group);
        rest = tail;
    }
    let mut rows = Vec::new();
    let mut groups = groups.as_slice();
    while let Some(first) = groups.first() {
        let anchor = anchor.filter(|_| rows.is_empty());
        let block = groups.get(..WIDTH);
        // Seven groups of seven are rows or columns: only one of them adds up.
        let square = block.filter(|block| block.iter().all(|group| group.len() == WIDTH)).is_some_and(|block| {
            let whole = |row: Vec<Entry>| adds_up(&row);
            let across = block.iter().all(|group| whole(group.iter().map(Entry::of).collect()));
            let down =
                (0..WIDTH).all(|at| whole(block.iter().filter_map(|group| group.get(at)).map(Entry::of).collect()));
            down && !across
        });
        if first.len() == WIDTH && !square {
            rows.push((anchor, first.to_vec()));
            groups = groups.get(1..)?;
            continue;
        }
        let block = block?;
        let height = first.len();
        if block.iter().any(|group| group.len() != height) {
            return None;
        }
        for line in 0..height {
            let row = block.iter().filter_map(|group| group.get(line)).cloned().collect();
            rows.push((anchor.filter(|_| height == 1), row));
        }
        groups = groups.get(WIDTH..)?;
    }
    Some(rows)
}

fn by_sevens(anchor: Option<CategoryCode>, pieces: &[Piece]) -> Option<Vec<(Option<CategoryCode>, Vec<Piece>)>> {
    if !pieces.len().is_multiple_of(WIDTH) {
        return None;
    }
    let rows: Vec<Vec<Piece>> = pieces.chunks(WIDTH).map(<[Piece]>::to_vec).collect();
    let whole = rows.iter().all(|row| adds_up(&row.iter().map(Entry::of).collect::<Vec<_>>()));
    whole.then(|| rows.into_iter().enumerate().map(|(at, row)| (anchor.filter(|_| at == 0), row)).collect())
}

/// Whether the last of seven is the sum of the others, what is not printed counting as nothing.
pub(super) fn adds_up(row: &[Entry]) -> bool {
    let Some((total, parts)) = row.split_last() else { return false };
    total.printed().is_some_and(|total| parts.iter().map(Entry::count).sum::<Option<i64>>() == Some(total))
}

/// What a whole table tells about a single row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Habit {
    /// Fewest cells of full rows, most cells of any.
    cells: Option<(usize, usize)>,
    /// At which of them the seven begin.
    offset: Option<usize>,
    /// What the document tells.
    context: Context,
    /// All seven columns are there: in a full row, in the heads, or as seven cells of every row.
    seven: bool,
    heads: Heads,
}

/// What the heads of the columns tell about the rows below them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heads {
    /// All seven columns are named.
    whole: bool,
    /// Rows are filled up with empty cells at their end.
    filled: bool,
}

impl Heads {
    /// The heads above the first row, of which `whole` says that they name all seven columns.
    pub fn of(items: &[Item], whole: bool) -> Self {
        let is = |item: &Item, applicant| matches!(item, Item::Label(hit) if hit.applicant() == applicant);
        let mut heads = items.iter().skip_while(|item| !is(item, Some(Applicant::Natural))).skip(1);
        // Between the head that spans five columns and the next there is no cell, behind the last there is one.
        let filled = heads.next().is_some_and(|item| is(item, None))
            && heads.next().is_some_and(|item| is(item, Some(Applicant::Total)))
            && matches!(heads.next(), Some(Item::Value(piece)) if !piece.is_printed() && piece.spot.is_none());
        Self { whole, filled }
    }
}

impl Habit {
    /// Learns from the rows in which all seven values are printed.
    pub fn of<'a>(rows: &'a [&'a [Piece]], context: Context, heads: Heads) -> Self {
        let full =
            || rows.iter().copied().filter(|pieces| pieces.iter().filter(|piece| piece.is_printed()).count() == WIDTH);
        // Where any row has more cells, there are fillers, and a row of the usual length may have lost a cell.
        let longest = rows.iter().map(|pieces| pieces.len()).max();
        let filled = || rows.iter().filter(|pieces| pieces.iter().any(Piece::is_printed));
        let seen =
            |piece: fn(&[Piece]) -> Option<&Piece>| filled().any(|row| piece(row).is_some_and(Piece::is_printed));
        let even = filled().all(|row| row.len() == WIDTH) && seen(<[Piece]>::first) && seen(<[Piece]>::last);
        let mut offsets = full().map(|pieces| pieces.iter().position(Piece::is_printed).unwrap_or(0));
        let first = offsets.next();
        Self {
            cells: full().map(<[Piece]>::len).min().zip(longest),
            offset: first.filter(|&first| offsets.all(|offset| offset == first)),
            context,
            seven: heads.whole || even || full().next().is_some(),
            heads,
        }
    }

    /// Whether the cells of a row, the first seven of which are meant, are the columns. Where other
    /// rows have more cells, fillers of spans stand behind the values, and a row with fewer may have
    /// lost one in the middle; then only the sum can tell.
    fn is_exact(self, row: &[Entry], length: usize) -> bool {
        self.cells == Some((length, length)) || adds_up(row)
    }
}

/// Assigns the values of a row to the seven columns.
pub(super) fn columns(pieces: &[Piece], heads: &[(Applicant, usize)], habit: Habit) -> Columns {
    let printed: Vec<&Piece> = pieces.iter().filter(|piece| piece.is_printed()).collect();
    let at = pieces.first().map_or(0, |piece| piece.start);
    let all = || pieces.iter().map(Entry::of).collect::<Vec<_>>();
    let grid = pieces.iter().any(|piece| piece.spot.is_some());
    if printed.is_empty() {
        return Columns::Known(if pieces.len() == WIDTH { all() } else { vec![Entry::empty(at); WIDTH] });
    }
    // A grid whose heads stand in another order than the form's.
    let moved = grid && is_moved(heads);
    if printed.len() == WIDTH && !moved {
        return Columns::Known(printed.into_iter().map(Entry::of).collect());
    }
    // A table in which no row has seven values and not all columns are named may have fewer.
    if pieces.len() == WIDTH && !moved && (grid || habit.seven && habit.is_exact(&all(), WIDTH)) {
        return Columns::Known(all());
    }
    if grid && let Some(row) = by_heads(pieces, heads, at, habit.context.absolute) {
        return Columns::Known(row);
    }
    if printed.len() > WIDTH {
        return Entry::one_too_many(&printed, WIDTH, adds_up).map_or(Columns::Unsure, Columns::Known);
    }
    if habit.context.glued
        && let Some(found) = runs(&printed)
    {
        return found;
    }
    if habit.seven && pieces.len() > WIDTH { windows(pieces, habit) } else { Columns::Unsure }
}

fn is_moved(heads: &[(Applicant, usize)]) -> bool {
    let column = |applicant| heads.iter().find(|(head, _)| *head == applicant).map(|(_, column)| *column);
    let columns: Option<Vec<usize>> = Applicant::ALL.into_iter().map(column).collect();
    let distinct = |columns: &[usize]| {
        let mut sorted = columns.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.len() == WIDTH
    };
    columns.is_some_and(|columns| distinct(&columns) && !columns.is_sorted())
}

/// By the columns in which the heads stand.
fn by_heads(pieces: &[Piece], heads: &[(Applicant, usize)], at: usize, absolute: bool) -> Option<Seven> {
    if heads.len() != WIDTH {
        return None;
    }
    let column = |applicant: Applicant| heads.iter().find(|(head, _)| *head == applicant).map(|(_, column)| *column);
    let mut used = 0;
    let row: Seven = Applicant::ALL
        .into_iter()
        .map(|applicant| {
            let column = column(applicant)?;
            let mut found = pieces.iter().filter(|piece| piece.spot.is_some_and(|spot| spot.column == column));
            let piece = found.next();
            used += usize::from(piece.is_some_and(Piece::is_printed));
            if piece.is_none() && !absolute {
                return None;
            }
            Some(piece.map_or_else(|| Entry::empty(at), Entry::of))
        })
        .collect::<Option<_>>()?;
    (used == pieces.iter().filter(|piece| piece.is_printed()).count()).then_some(row)
}

/// Fewer tokens than columns, because digits run together.
fn runs(printed: &[&Piece]) -> Option<Columns> {
    /// A row of seven numbers has at least seven digits.
    const LEAST: usize = WIDTH;
    const MOST: usize = 16;
    let tokens: Vec<&str> = printed
        .iter()
        .map(|piece| match &piece.said {
            Said::Number(number) if number.is_run() => Some(number.digits.as_str()),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let digits: usize = tokens.iter().map(|token| token.len()).sum();
    if digits < LEAST {
        return None;
    }
    let ways = split::by_sums(&tokens, &[WIDTH], MOST)?;
    let mut rows: Vec<Seven> = ways
        .iter()
        .map(|way| {
            way.iter().filter_map(|slice| printed.get(slice.token).map(|piece| Entry::slice(piece, slice))).collect()
        })
        .collect();
    Some(match rows.len() {
        0 | MOST => Columns::Unsure,
        1 => Columns::Known(rows.pop().unwrap_or_default()),
        _ => Columns::OneOf(rows),
    })
}

/// More cells than columns, some of them empty: fillers of spans before or behind the seven.
fn windows(pieces: &[Piece], habit: Habit) -> Columns {
    let fits = |offset: usize| {
        let outside = pieces.iter().enumerate().filter(|(at, _)| *at < offset || *at >= offset + WIDTH);
        outside.clone().all(|(_, piece)| !piece.is_printed())
    };
    let window = |offset: usize| pieces.iter().skip(offset).take(WIDTH).map(Entry::of).collect::<Seven>();
    let ways: Vec<usize> = (0..=pieces.len() - WIDTH).filter(|&offset| fits(offset)).collect();
    // Zeros add up wherever they stand: with several ways they prove none of them.
    let zeros = pieces.iter().filter(|piece| piece.is_printed()).all(|piece| Entry::of(piece).printed() == Some(0));
    let proved: Vec<usize> = ways.iter().copied().filter(|&offset| adds_up(&window(offset))).collect();
    let usual = habit.offset.filter(|&offset| ways.contains(&offset) && habit.is_exact(&window(offset), pieces.len()));
    // A row that lost a cell would have its total further to the left.
    let total = pieces.get(WIDTH - 1).is_some_and(Piece::is_printed);
    let filled = habit.heads.filled && habit.offset.is_none() && total && ways.contains(&0);
    if let Some(offset) = usual.or(filled.then_some(0)) {
        // Where a sum speaks against the habit of other rows, or against the heads, neither is certain.
        let contradicted = !zeros && !proved.is_empty() && !proved.contains(&offset);
        return if contradicted { Columns::Unsure } else { Columns::Known(window(offset)) };
    }
    if zeros && ways.len() > 1 {
        return Columns::Unsure;
    }
    match proved.as_slice() {
        [offset] => Columns::Known(window(*offset)),
        _ => Columns::Unsure,
    }
}
