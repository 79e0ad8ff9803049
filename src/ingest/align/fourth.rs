//! Table 4: fifteen numbers, three blocks of four results and a total.

use super::{
    super::{
        flow::{Flow, Gap},
        grid::{Item, Piece, fills},
        number::Said,
    },
    Aligned, Context, Draft, Entry, garbled, noticed, row_number, split,
};
use crate::{
    model::{CategoryCode, Severity, Slot, Table, Template},
    schema::{Category, ValueType, catalogue},
};

/// Numbers of a block.
const BLOCK: usize = 5;
/// Its columns, in printed order, as the labels name them.
const RESULTS: [&str; BLOCK] = ["upheld", "corrected", "other", "pending", "total"];
/// Numbers of the table.
const WIDTH: usize = 15;

/// Reads table 4 from its items.
pub(crate) fn fourth(flow: &Flow, items: &[Item], context: Context) -> Aligned {
    let runs = runs(flow, items);
    let pieces: Vec<&Piece> = runs.iter().flat_map(|run| &run.pieces).collect();
    let printed = pieces.iter().filter(|piece| piece.is_printed()).count();
    let mut aligned = Aligned { form: Some(Template::Form2021), labels: 1, ..Aligned::default() };
    aligned.cells = pieces.iter().any(|piece| piece.spot.is_some() || !piece.is_printed());
    aligned.filled = usize::from(printed > 0);
    let start = items.first().map_or(0, Item::start);
    let slots: Vec<Slot> = slots().collect();
    // Where figures run into words, there is no telling that a cell is blank.
    let swallowed = items.iter().any(|item| match *item {
        Item::Text { start, end } => (start..end).any(|at| flow.ch(at).is_ascii_digit()),
        _ => false,
    });
    let found = if printed == 0 && swallowed {
        None
    } else if printed == 0 {
        Some(Found::sure(vec![Entry::empty(start); WIDTH]))
    } else {
        labelled(&runs, context).or_else(|| match heads(flow, items) {
            Heads::Moved(columns) => by_names(&columns, &pieces),
            Heads::AsPrinted => direct(&runs, &pieces, printed, context)
                .or_else(|| by_heads(flow, items, &pieces, context))
                .or_else(|| regroup(&runs)),
        })
    };
    let row = pieces.iter().find(|piece| piece.is_printed()).map_or(0, |piece| row_number(piece));
    let from = pieces.iter().find(|piece| piece.is_printed()).map_or(start, |piece| piece.start);
    let to = pieces.iter().rev().find(|piece| piece.is_printed()).map_or(start, |piece| piece.end);
    if let Some(found) = found {
        for (&slot, entry) in slots.iter().zip(found.entries) {
            let Entry { said, start, end } = entry;
            aligned.drafts.push(Draft { slot, said, start, end, row });
        }
        if found.reordered {
            let mut finding = noticed(flow, "R-ORDER", slots, from, to);
            finding.severity = Severity::Warning;
            aligned.findings.push(finding);
        }
    } else {
        for &slot in &slots {
            aligned.drafts.push(Draft { slot, said: Said::Garbled, start: from, end: to, row });
        }
        let rule = if printed < WIDTH / 2 { "R-AMBIGUOUS" } else { "R-MISPLACED" };
        aligned.findings.push(noticed(flow, rule, slots, from, to));
    }
    aligned
}

/// The fifteen slots in printed order.
fn slots() -> impl Iterator<Item = Slot> {
    let cells = |category: &&Category| category.table == Some(Table::T4) && category.value_type != ValueType::None;
    catalogue().all().iter().filter(cells).map(|category| Slot::plain(category.code))
}

struct Found {
    entries: Vec<Entry>,
    /// The values stood in another order than that of the form.
    reordered: bool,
}

impl Found {
    fn sure(entries: Vec<Entry>) -> Self {
        Self { entries, reordered: false }
    }
}

/// Values side by side with nothing between them, and the block label before them.
#[derive(Debug, Default)]
struct Run {
    block: Option<CategoryCode>,
    /// No other values stand between the label and these.
    first: bool,
    pieces: Vec<Piece>,
}

fn runs(flow: &Flow, items: &[Item]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = Run::default();
    let mut block = None;
    let mut fresh = false;
    let mut labelled = false;
    let close = |open: &mut Run, runs: &mut Vec<Run>| {
        let mut run = std::mem::take(open);
        drop_fill(&mut run.pieces);
        if !run.pieces.is_empty() {
            runs.push(run);
        }
    };
    for item in items {
        match item {
            Item::Value(piece) => {
                if head_cell(flow, piece, items) {
                    continue;
                }
                if open.pieces.is_empty() {
                    (open.block, open.first) = (block, fresh);
                    fresh = false;
                }
                open.pieces.push(piece.clone());
            }
            Item::Label(hit) => {
                close(&mut open, &mut runs);
                if let Some(code) = hit.block() {
                    (block, fresh) = (Some(code), true);
                }
            }
            // What stands between the values of a grid and is none is a cell that cannot be read.
            Item::Text { start, end }
                if in_row(flow, *start, &open.pieces)
                    || (labelled || !open.pieces.is_empty())
                        && fills(flow, *start, *end, open.pieces.last().is_some_and(Piece::is_printed)) =>
            {
                if open.pieces.is_empty() {
                    (open.block, open.first) = (block, std::mem::take(&mut fresh));
                }
                open.pieces.push(garbled(flow, *start, *end));
            }
            Item::Text { .. } => close(&mut open, &mut runs),
        }
        labelled = matches!(item, Item::Label(_));
    }
    close(&mut open, &mut runs);
    // Empty cells between or behind rows of values are fillers of spans.
    let printed = |run: &Run| run.pieces.iter().any(Piece::is_printed);
    if runs.iter().any(printed) {
        runs.retain(|run| {
            printed(run) || run.pieces.iter().any(|piece| piece.spot.is_some()) && run.pieces.len() == BLOCK
        });
    }
    runs
}

/// Drops the empty cells with which rows of heads are filled up: those that end the line of a head, and, where every
/// value has a line of its own, those that share one.
fn drop_fill(pieces: &mut Vec<Piece>) {
    let empty = |piece: &&Piece| !piece.is_printed() && piece.spot.is_none();
    let lead = pieces.iter().take_while(|piece| empty(piece) && piece.gap == Gap::Cell).count();
    if pieces.get(lead).is_some_and(|next| next.gap >= Gap::Line) {
        pieces.drain(..lead);
    }
    let mut printed = pieces.iter().filter(|piece| piece.is_printed()).peekable();
    if printed.peek().is_some() && printed.all(|piece| piece.gap >= Gap::Line && piece.spot.is_none()) {
        let lines = pieces.chunk_by(|_, next| next.gap < Gap::Line).filter(|line| line.len() == 1);
        *pieces = lines.flatten().cloned().collect();
    }
}

/// Whether a glyph stands in a cell of the grid row that these values stand in.
fn in_row(flow: &Flow, at: usize, pieces: &[Piece]) -> bool {
    let row = |spot: super::super::flow::Spot| (spot.grid, spot.row);
    let last = pieces.last().and_then(|piece| piece.spot).map(row);
    last.is_some() && flow.spot(at).map(row) == last
}

/// An empty cell in a row of heads is a filler, not a value.
fn head_cell(flow: &Flow, piece: &Piece, items: &[Item]) -> bool {
    if piece.is_printed() {
        return false;
    }
    let Some(spot) = piece.spot else { return false };
    let same = |at: usize| flow.spot(at).is_some_and(|other| (other.grid, other.row) == (spot.grid, spot.row));
    items.iter().any(|item| matches!(item, Item::Label(hit) if hit.result().is_some() && same(hit.start)))
}

fn adds_up(block: &[Entry]) -> bool {
    super::columns::adds_up(block)
}

/// In which order the heads of the columns stand.
enum Heads {
    /// That of the form, as far as they can be read.
    AsPrinted,
    /// Another one. In a grid: the column of each of the fifteen slots.
    Moved(Vec<usize>),
}

/// The blocks add up in any order, and so do two results that changed places: only their heads tell.
fn heads(flow: &Flow, items: &[Item]) -> Heads {
    let hits = || items.iter().filter_map(|item| if let Item::Label(hit) = item { Some(hit) } else { None });
    let order: Vec<CategoryCode> = blocks().collect();
    let results: Vec<(&str, usize)> = hits().filter_map(|hit| Some((hit.result()?, hit.start))).collect();
    // Blocks in the row of heads; the heading of the part names reconsideration as well.
    let grid = results.first().and_then(|&(_, start)| flow.spot(start)).map(|spot| spot.grid);
    let mut named: Vec<(CategoryCode, usize)> = Vec::new();
    for (code, start) in hits().filter_map(|hit| Some((hit.block()?, hit.start))) {
        if flow.spot(start).map(|spot| spot.grid) == grid && named.iter().all(|&(known, _)| known != code) {
            named.push((code, start));
        }
    }
    let Some(form) = results.get(..BLOCK).map(|five| five.iter().map(|&(id, _)| id).collect::<Vec<_>>()) else {
        return Heads::AsPrinted;
    };
    let printed = |id: &str| RESULTS.iter().position(|&result| result == id);
    let whole = RESULTS.iter().all(|result| form.contains(result));
    let moved_results = whole && !form.iter().copied().map(printed).is_sorted();
    let column = |at: usize| flow.spot(at).map_or(at, |spot| spot.column);
    named.sort_by_key(|&(_, start)| column(start));
    let codes: Vec<CategoryCode> = named.iter().map(|&(code, _)| code).collect();
    let moved_blocks = codes.len() == order.len() && codes != order;
    if !moved_results && !moved_blocks {
        return Heads::AsPrinted;
    }
    if grid.is_none() {
        // A page turned into text may scatter the words of its heads; an order is one that all blocks share.
        let ids: Vec<&str> = results.iter().map(|&(id, _)| id).collect();
        let shared = ids.len() == WIDTH && ids.chunks(BLOCK).all(|block| block == form);
        return if shared { Heads::Moved(Vec::new()) } else { Heads::AsPrinted };
    }
    let block_of = |column_of: usize| named.iter().rev().find(|&&(_, start)| column(start) <= column_of);
    let columns = order.iter().flat_map(|&code| RESULTS.map(|result| (code, result))).map(|(code, result)| {
        let mut found = results
            .iter()
            .filter(|&&(id, start)| id == result && block_of(column(start)).is_some_and(|&(block, _)| block == code));
        found.next().filter(|_| found.next().is_none()).map(|&(_, start)| column(start))
    });
    Heads::Moved(columns.collect::<Option<_>>().unwrap_or_default())
}

/// A row of fifteen cells, each below the head that names it.
fn by_names(columns: &[usize], pieces: &[&Piece]) -> Option<Found> {
    if columns.len() != WIDTH || pieces.len() != WIDTH {
        return None;
    }
    let cell = |column: usize| pieces.iter().find(|piece| piece.spot.is_some_and(|spot| spot.column == column));
    let entries = columns.iter().map(|&column| cell(column).map(|piece| Entry::of(piece))).collect::<Option<_>>()?;
    Some(Found::sure(entries))
}

/// Three blocks, each directly behind its own label.
fn labelled(runs: &[Run], context: Context) -> Option<Found> {
    if runs.len() != 3 || runs.iter().any(|run| !run.first) {
        return None;
    }
    let order: Vec<CategoryCode> = blocks().collect();
    let mut entries: Vec<Option<Vec<Entry>>> = vec![None; order.len()];
    for run in runs {
        let at = order.iter().position(|&code| Some(code) == run.block)?;
        let block = five(&run.pieces, context)?;
        let place = entries.get_mut(at)?;
        if place.is_some() {
            return None;
        }
        *place = Some(block);
    }
    let entries: Vec<Vec<Entry>> = entries.into_iter().collect::<Option<_>>()?;
    Some(Found::sure(entries.concat()))
}

/// The categories that head the three blocks, in printed order.
fn blocks() -> impl Iterator<Item = CategoryCode> {
    let mut last = None;
    slots().filter_map(move |slot| {
        let parent = catalogue().get(slot.category).and_then(|category| category.parent);
        let fresh = parent != last;
        last = parent;
        parent.filter(|_| fresh)
    })
}

/// Whether a block agrees with its own total, or is empty.
fn plausible(block: &[Entry]) -> bool {
    adds_up(block) || block.iter().all(|cell| cell.said == Said::Empty)
}

fn five(pieces: &[Piece], context: Context) -> Option<Vec<Entry>> {
    let printed: Vec<&Piece> = pieces.iter().filter(|piece| piece.is_printed()).collect();
    if printed.len() == BLOCK {
        return Some(printed.into_iter().map(Entry::of).collect());
    }
    if printed.len() < BLOCK && pieces.len() >= BLOCK {
        let (first, rest) = pieces.split_at(BLOCK);
        let first: Vec<Entry> = first.iter().map(Entry::of).collect();
        let grid = pieces.iter().all(|piece| piece.spot.is_some()) && rest.is_empty();
        return ((grid || plausible(&first)) && rest.iter().all(|piece| !piece.is_printed())).then_some(first);
    }
    if context.glued { Entry::cut(&printed, |runs| split::by_sums(runs, &[BLOCK], 2)) } else { None }
}

/// Fifteen in the order of the form.
fn direct(runs: &[Run], pieces: &[&Piece], printed: usize, context: Context) -> Option<Found> {
    let entries = |pieces: &[&Piece]| pieces.iter().map(|piece| Entry::of(piece)).collect::<Vec<_>>();
    let bare: Vec<&Piece> = pieces.iter().copied().filter(|piece| piece.is_printed()).collect();
    if printed == WIDTH {
        let entries = entries(&bare);
        let whole = entries.chunks(BLOCK).all(adds_up);
        let together = runs.iter().filter(|run| run.pieces.iter().any(Piece::is_printed)).count() == 1;
        return (whole || together).then(|| Found::sure(entries));
    }
    if printed > WIDTH {
        // Figures of the page around the table: one row of fifteen is the table, unless another is nearly one.
        let length = |run: &Run| run.pieces.iter().filter(|piece| piece.is_printed()).count();
        let mut rows = runs.iter().filter(|run| length(run) >= BLOCK);
        if let (Some(row), None) = (rows.next().filter(|run| length(run) == WIDTH), rows.next()) {
            return Some(Found::sure(row.pieces.iter().filter(|piece| piece.is_printed()).map(Entry::of).collect()));
        }
    }
    let grid = pieces.iter().all(|piece| piece.spot.is_some());
    if grid && pieces.len() == WIDTH {
        return Some(Found::sure(entries(pieces)));
    }
    if printed < WIDTH && pieces.len() >= WIDTH {
        // Fillers behind the row; where they could as well stand before it, nothing is certain.
        let row = runs.iter().max_by_key(|run| run.pieces.len())?;
        let first: Vec<&Piece> = row.pieces.iter().take(WIDTH).collect();
        let rest_empty = row.pieces.iter().skip(WIDTH).all(|piece| !piece.is_printed());
        let cells = entries(&first);
        return (runs.len() == 1 && rest_empty && cells.chunks(BLOCK).all(plausible)).then(|| Found::sure(cells));
    }
    if printed == WIDTH + 1 {
        let whole = |row: &[Entry]| row.chunks(BLOCK).all(adds_up);
        return Entry::one_too_many(&bare, WIDTH, whole).map(Found::sure);
    }
    if context.glued {
        let blocks = [BLOCK, BLOCK, BLOCK];
        return Entry::cut(&bare, |runs| split::by_sums(runs, &blocks, 2)).map(Found::sure);
    }
    None
}

/// By the columns in which the heads stand, in a grid whose coordinates are true.
fn by_heads(flow: &Flow, items: &[Item], pieces: &[&Piece], context: Context) -> Option<Found> {
    let mut columns: Vec<usize> = items
        .iter()
        .filter_map(|item| match item {
            Item::Label(hit) if hit.result().is_some() => flow.spot(hit.start).map(|spot| spot.column),
            _ => None,
        })
        .collect();
    columns.sort_unstable();
    columns.dedup();
    if !context.absolute || columns.len() != WIDTH {
        return None;
    }
    let at = pieces.first().map_or(0, |piece| piece.start);
    let mut used = 0;
    let entries: Vec<Entry> = columns
        .iter()
        .map(|&column| {
            let mut here = pieces.iter().filter(|piece| piece.spot.is_some_and(|spot| spot.column == column));
            let piece = here.find(|piece| piece.is_printed());
            used += usize::from(piece.is_some());
            piece.map_or_else(|| Entry::empty(at), |piece| Entry::of(piece))
        })
        .collect();
    let printed = pieces.iter().filter(|piece| piece.is_printed()).count();
    (used == printed).then(|| Found::sure(entries))
}

/// Blocks torn apart by a page that was turned into text: four results here, their total there.
///
/// The sums say which total belongs to which results. Which block is which follows from two signs
/// that must agree: totals stand in the order of the form, and no block stands before its label.
fn regroup(runs: &[Run]) -> Option<Found> {
    let runs: Vec<(&Run, Vec<Entry>)> = runs
        .iter()
        .map(|run| (run, run.pieces.iter().filter(|piece| piece.is_printed()).map(Entry::of).collect::<Vec<_>>()))
        .filter(|(_, entries)| !entries.is_empty())
        .collect();
    if runs.iter().map(|(_, entries)| entries.len()).sum::<usize>() != WIDTH {
        return None;
    }
    let mut blocks: Vec<(usize, Option<CategoryCode>, Vec<Entry>)> = Vec::new();
    let totals: Vec<&Entry> =
        runs.iter().filter(|(_, entries)| entries.len() == 1).filter_map(|(_, entries)| entries.first()).collect();
    let mut used: Vec<usize> = Vec::new();
    for (run, entries) in &runs {
        let block = run.block.filter(|_| run.first);
        match entries.len() {
            1 => {}
            BLOCK if adds_up(entries) => blocks.push((entries.last()?.start, block, entries.clone())),
            4 => {
                let whole = |total: &Entry| adds_up(&[entries.as_slice(), std::slice::from_ref(total)].concat());
                let fitting: Vec<&&Entry> = totals.iter().filter(|total| whole(total)).collect();
                let [total] = fitting.as_slice() else { return None };
                if used.contains(&total.start) {
                    return None;
                }
                used.push(total.start);
                blocks.push((total.start, block, [entries.as_slice(), &[(**total).clone()]].concat()));
            }
            _ => return None,
        }
    }
    let first = blocks.first()?.0;
    blocks.sort_by_key(|(total, ..)| *total);
    let order: Vec<CategoryCode> = self::blocks().collect();
    let last = order.last().copied();
    let agree = blocks.len() == order.len()
        && blocks.first().is_some_and(|(total, ..)| *total == first)
        && blocks.iter().zip(&order).all(|((_, block, _), code)| *block != last || Some(*code) == last)
        && blocks.iter().any(|(_, block, _)| *block == last);
    agree.then(|| Found { entries: blocks.into_iter().flat_map(|(.., entries)| entries).collect(), reordered: true })
}
