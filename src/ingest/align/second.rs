//! Table 2: rows of one to three values under the heads of their section.

use std::{cmp::Ordering, collections::BTreeMap, sync::OnceLock};

use super::{
    super::{
        flow::{Flow, Gap, Spot},
        grid::{Item, Piece, fills, letters},
        labels::{Mark, words},
        number::{self, Said, Unit},
    },
    Aligned, Context, Draft, Entry, garbled, noticed, row_number, split,
};
use crate::{
    model::{CategoryCode, Slot, Table, Template},
    schema::{Category, Kind, ValueType, catalogue},
};

/// Reads table 2 from its items.
pub(crate) fn second(flow: &Flow, items: &[Item], context: Context) -> Aligned {
    let sections = sections(flow, items);
    let told = form(&sections);
    let rows = sections.iter().any(|section| section.rows.iter().any(|row| row.unknown.is_none()));
    let Some(form) = told.or(context.form).filter(|_| rows) else { return Aligned::default() };
    let cells =
        items.iter().any(|item| matches!(item, Item::Value(piece) if piece.spot.is_some() || !piece.is_printed()));
    let full = full_rows(&sections, form);
    let mut table = Second {
        flow,
        context,
        full,
        form,
        doubtful: if context.glued { before_lost(&sections, form) } else { Vec::new() },
        aligned: Aligned { form: Some(form), told: told.is_some(), cells, ..Aligned::default() },
    };
    for section in &sections {
        table.section(section);
    }
    let rows = || sections.iter().flat_map(|section| &section.rows).filter(|row| row.unknown.is_none());
    let last = catalogue().printed(Table::T2, form).filter_map(|cell| cell.parent).max();
    let open = rows().max_by_key(|row| row.start).filter(|row| row.pieces.is_empty() && Some(row.code) != last);
    table.aligned.open_end = open.map(|row| (row.code, row.start));
    table.aligned
}

/// 第二十条第（五）项 and what is below it.
#[derive(Debug, Default)]
struct Section {
    /// The heads above the rows that come.
    heads: Vec<Head>,
    /// Rows have come since.
    used: bool,
    /// Every head of the section.
    all: Vec<Head>,
    rows: Vec<Row>,
    /// Values that stand behind no row.
    loose: Vec<Piece>,
}

/// A column as its head names it.
#[derive(Clone, Copy, Debug)]
struct Head {
    id: &'static str,
    spot: Option<Spot>,
    unit: Option<Unit>,
}

#[derive(Debug)]
struct Row {
    code: CategoryCode,
    start: usize,
    heads: Vec<Head>,
    pieces: Vec<Piece>,
    /// The words of a row that the form does not have.
    unknown: Option<(usize, usize)>,
}

/// Where a value goes.
enum To {
    /// To the last row.
    Row,
    /// To an unknown row.
    Unknown(usize, usize),
    /// Nowhere yet.
    Loose,
}

fn sections(flow: &Flow, items: &[Item]) -> Vec<Section> {
    const LABEL: usize = 4;
    let mut sections = vec![Section::default()];
    let mut unknown: Vec<Row> = Vec::new();
    let mut to = To::Loose;
    for item in items {
        if matches!(item, Item::Label(hit) if hit.is(Mark::Tell(Table::T2))) {
            sections.push(Section::default());
            to = To::Loose;
            continue;
        }
        let Some(section) = sections.last_mut() else { break };
        match item {
            Item::Label(hit) => {
                if let Some(code) = hit.row2() {
                    let heads = section.heads.clone();
                    section.used = true;
                    section.rows.push(Row { code, start: hit.start, heads, pieces: Vec::new(), unknown: None });
                    to = To::Row;
                } else if let Some(id) = hit.head2() {
                    if std::mem::take(&mut section.used) {
                        section.heads.clear();
                    }
                    let head = Head { id, spot: flow.spot(hit.start), unit: number::head_unit(flow, hit.end) };
                    section.heads.push(head);
                    section.all.push(head);
                    // A page break may put the head between a row and its value.
                    let waits = section.rows.last().is_some_and(|row| row.pieces.is_empty());
                    if let Some(row) = section.rows.last_mut().filter(|_| waits) {
                        row.heads.push(head);
                    }
                    to = if waits { To::Row } else { To::Loose };
                } else if !hit.is(Mark::Stub) {
                    to = To::Loose;
                }
            }
            Item::Value(piece) => match to {
                To::Row => {
                    if let Some(row) = section.rows.last_mut() {
                        row.pieces.push(piece.clone());
                    }
                }
                To::Loose => section.loose.push(piece.clone()),
                To::Unknown(start, end) => {
                    let known = unknown.last().is_some_and(|row| row.start == start);
                    if !known {
                        unknown.push(Row {
                            code: CategoryCode(0),
                            start,
                            heads: Vec::new(),
                            pieces: Vec::new(),
                            unknown: Some((start, end)),
                        });
                    }
                    if let Some(row) = unknown.last_mut() {
                        row.pieces.push(piece.clone());
                    }
                }
            },
            Item::Text { start, end } => {
                let words = letters(flow, *start, *end);
                let digits = (*start..*end).any(|at| flow.ch(at).is_ascii_digit());
                let row = section.rows.last_mut().filter(|_| matches!(to, To::Row));
                match row {
                    Some(row)
                        if in_row(flow, row, *start)
                            || fills(flow, *start, *end, row.pieces.last().is_some_and(Piece::is_printed)) =>
                    {
                        row.pieces.push(garbled(flow, *start, *end));
                    }
                    // What is printed in the place of a value and is none.
                    Some(row)
                        if row.pieces.is_empty()
                            && (latin(flow, *start, *end)
                                || digits && flow.gap(*start) <= Gap::Cell
                                || words < LABEL && flow.ch(*start).is_ascii_digit()) =>
                    {
                        row.pieces.push(garbled(flow, *start, *end));
                    }
                    Some(row) if row.pieces.is_empty() && (flow.gap(*start) < Gap::Cell || words < LABEL) => {}
                    _ if words >= LABEL => {
                        let going = matches!(to, To::Unknown(known, _) if unknown.iter().all(|row| row.start != known));
                        if !going {
                            to = To::Unknown(*start, *end);
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    if let Some(section) = sections.last_mut() {
        section.rows.extend(unknown);
    }
    sections
}

/// Whether a text has a cell for itself in the grid row of a label, behind it.
fn in_row(flow: &Flow, row: &Row, start: usize) -> bool {
    let Some((label, text)) = flow.spot(row.start).zip(flow.spot(start)) else { return false };
    let taken = row.pieces.last().and_then(|piece| piece.spot) == Some(text);
    (label.grid, label.row) == (text.grid, text.row) && text.column >= label.column + label.columns && !taken
}

/// The form by the heads of the columns, and by rows that only one form has; nothing where they
/// say neither or both.
fn form(sections: &[Section]) -> Option<Template> {
    let (old, new) = (columns(Template::Form2019), columns(Template::Form2021));
    let votes = |mine: &[&str], other: &[&str]| {
        let heads = sections.iter().flat_map(|section| &section.all);
        heads.filter(|head| mine.contains(&head.id) && !other.contains(&head.id)).count()
    };
    let rows = |form: Template, other: Template| {
        let printed = |row: &Category, form| {
            row.children.iter().filter_map(|&child| catalogue().get(child)).any(|child| child.printed_in(form))
        };
        sections
            .iter()
            .flat_map(|section| &section.rows)
            .filter_map(|row| catalogue().get(row.code))
            .filter(|row| printed(row, form) && !printed(row, other))
            .count()
    };
    let (old, new) = (
        votes(old, new) + rows(Template::Form2019, Template::Form2021),
        votes(new, old) + rows(Template::Form2021, Template::Form2019),
    );
    match old.cmp(&new) {
        Ordering::Greater => Some(Template::Form2019),
        Ordering::Less => Some(Template::Form2021),
        Ordering::Equal => None,
    }
}

/// The columns of a form in printed order.
fn columns(form: Template) -> &'static [&'static str] {
    static COLUMNS: [OnceLock<Vec<&str>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [old, new] = &COLUMNS;
    let known = if form == Template::Form2019 { old } else { new };
    known.get_or_init(|| {
        let lines = words().filter(|(kind, id, _)| *kind == "columns" && *id == form.id());
        lines.flat_map(|(_, _, ids)| ids.split(' ')).collect()
    })
}

/// The cells of a row in printed order.
fn printed(code: CategoryCode, form: Template) -> &'static [&'static Category] {
    static ROWS: [OnceLock<BTreeMap<CategoryCode, Vec<&Category>>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [old, new] = &ROWS;
    let known = if form == Template::Form2019 { old } else { new };
    let rows = known.get_or_init(|| {
        let rows = catalogue().all().iter().filter(|row| row.table == Some(Table::T2));
        rows.map(|row| (row.code, ordered(row, form))).collect()
    });
    rows.get(&code).map_or(&[], Vec::as_slice)
}

fn ordered(row: &Category, form: Template) -> Vec<&'static Category> {
    let order = columns(form);
    let mut cells: Vec<&Category> = row
        .children
        .iter()
        .filter_map(|&child| catalogue().get(child))
        .filter(|child| child.kind == Kind::Leaf && child.value_type != ValueType::None && child.printed_in(form))
        .collect();
    cells.sort_by_key(|category| order.iter().position(|id| category.id.rsplit('.').next() == Some(id)));
    cells
}

/// The rows in which every value is printed: how many values, how many cells.
fn full_rows(sections: &[Section], form: Template) -> Vec<(usize, usize)> {
    let rows = sections.iter().flat_map(|section| &section.rows);
    rows.map(|row| (printed(row.code, form).len(), row))
        .filter(|(width, row)| row.pieces.iter().filter(|piece| piece.is_printed()).count() == *width)
        .map(|(width, row)| (width, row.pieces.len()))
        .collect()
}

/// The rows behind which the form has one that was not found: where a page runs together, its figures and theirs are one
/// run of digits.
fn before_lost(sections: &[Section], form: Template) -> Vec<CategoryCode> {
    let mut rows: Vec<CategoryCode> = catalogue().printed(Table::T2, form).filter_map(|cell| cell.parent).collect();
    rows.dedup();
    let found = |code: &CategoryCode| sections.iter().flat_map(|section| &section.rows).any(|row| row.code == *code);
    rows.windows(2)
        .filter(|pair| pair.last().is_some_and(|next| !found(next)))
        .filter_map(|pair| pair.first())
        .copied()
        .collect()
}

struct Second<'a, 'd> {
    flow: &'a Flow<'d>,
    context: Context,
    /// How many cells full rows have, by how many values they have.
    full: Vec<(usize, usize)>,
    form: Template,
    /// Rows that may have taken in the figures of a row whose label is lost.
    doubtful: Vec<CategoryCode>,
    aligned: Aligned,
}

impl Second<'_, '_> {
    fn section(&mut self, section: &Section) {
        let loose = section.loose.iter().any(Piece::is_printed);
        let single = section.rows.len() == 1
            && section.rows.iter().all(|row| row.pieces.iter().all(|piece| !piece.is_printed()));
        if loose && !single {
            self.loose(section);
            return;
        }
        let mut seen: Vec<CategoryCode> = Vec::new();
        for row in &section.rows {
            if let Some((start, end)) = row.unknown {
                let mut finding = noticed(self.flow, "R-EXTRA-ROW", Vec::new(), start, end);
                finding.text = finding.printed.take();
                let values = row.pieces.iter().filter(|piece| piece.is_printed());
                let raw: Vec<&str> = values.map(|piece| self.flow.raw(piece.start, piece.end)).collect();
                finding.printed = Some(raw.join(" "));
                self.aligned.findings.push(finding);
                continue;
            }
            let again =
                |known: &Draft| catalogue().get(known.slot.category).is_some_and(|cell| cell.parent == Some(row.code));
            let known = self.aligned.drafts.iter().any(again);
            if seen.contains(&row.code) || known {
                self.again(row, section);
                continue;
            }
            seen.push(row.code);
            self.row(row, section);
        }
    }

    /// Values stand before their labels: they are the section's cells in the order of the form if
    /// there are exactly as many; otherwise none of the section is certain.
    fn loose(&mut self, section: &Section) {
        let rows: Vec<&Row> = section.rows.iter().filter(|row| row.unknown.is_none()).collect();
        let mut pieces: Vec<&Piece> = section
            .loose
            .iter()
            .chain(section.rows.iter().flat_map(|row| &row.pieces))
            .filter(|piece| piece.is_printed())
            .collect();
        pieces.sort_by_key(|piece| piece.start);
        let cells: Vec<&Category> = rows.iter().flat_map(|row| printed(row.code, self.form)).copied().collect();
        let numbers = pieces.iter().all(|piece| matches!(piece.said, Said::Number(_)));
        let exact = numbers && pieces.len() == cells.len() && rows.len() == section.rows.len();
        let known = |cell: &Category| self.aligned.drafts.iter().any(|draft| draft.slot.category == cell.code);
        if cells.iter().any(|cell| known(cell)) {
            return;
        }
        self.aligned.labels += rows.len();
        self.aligned.filled += rows.len();
        if !exact {
            let pieces: Vec<Piece> = pieces.into_iter().cloned().collect();
            if !cells.is_empty() {
                self.unsure(&pieces, &cells);
            }
            return;
        }
        let slots: Vec<Slot> = cells.iter().map(|cell| Slot::plain(cell.code)).collect();
        for (cell, piece) in cells.iter().zip(&pieces) {
            let row = rows.iter().find(|row| Some(row.code) == cell.parent);
            let entry = Entry::of(piece);
            let entry = match row {
                Some(row) => self.with_unit(entry, cell, row),
                None => entry,
            };
            let Entry { said, start, end } = entry;
            self.aligned.drafts.push(Draft { slot: Slot::plain(cell.code), said, start, end, row: row_number(piece) });
        }
        let start = pieces.first().map_or(0, |piece| piece.start);
        self.aligned.findings.push(noticed(self.flow, "R-ORDER", slots, start, start));
    }

    /// A row that stands twice: the one with values counts; two that differ are both doubtful.
    fn again(&mut self, row: &Row, section: &Section) {
        let values = row.pieces.iter().any(Piece::is_printed);
        let mine =
            |draft: &Draft| catalogue().get(draft.slot.category).is_some_and(|cell| cell.parent == Some(row.code));
        let said: Vec<&Said> =
            self.aligned.drafts.iter().filter(|draft| mine(draft)).map(|draft| &draft.said).collect();
        if !values {
            return;
        }
        if said.iter().all(|said| **said == Said::Empty) {
            self.aligned.drafts.retain(|draft| !mine(draft));
            self.aligned.labels -= 1;
            self.row(row, section);
            return;
        }
        let other: Vec<&Said> = row.pieces.iter().filter(|piece| piece.is_printed()).map(|piece| &piece.said).collect();
        if other != said {
            for draft in self.aligned.drafts.iter_mut().filter(|draft| mine(draft)) {
                draft.said = Said::Garbled;
            }
            let cells = printed(row.code, self.form).iter().map(|cell| Slot::plain(cell.code)).collect();
            self.aligned.findings.push(noticed(self.flow, "R-TWICE", cells, row.start, row.start));
        }
    }

    fn row(&mut self, row: &Row, section: &Section) {
        let cells = printed(row.code, self.form);
        if cells.is_empty() {
            return;
        }
        let mut pieces = row.pieces.as_slice();
        // A section with one row: what stands loose in it can only be that row's.
        if !pieces.iter().any(Piece::is_printed) && section.rows.len() == 1 && cells.len() == 1 {
            let loose: Vec<&Piece> = section.loose.iter().filter(|piece| piece.is_printed()).collect();
            if loose.len() == 1 {
                pieces = &section.loose;
            }
        }
        self.aligned.labels += 1;
        let heads = Self::heads(row, cells);
        let filled = pieces.iter().any(Piece::is_printed);
        self.aligned.filled += usize::from(filled);
        // Without heads of its own a section of three columns is that of either form: a page may mix them.
        let other = if self.form == Template::Form2019 { Template::Form2021 } else { Template::Form2019 };
        let told = !row.heads.is_empty() || cells.len() != printed(row.code, other).len();
        let sure = !filled || told && !self.doubtful.contains(&row.code);
        match self.entries(pieces, cells.len(), &heads, row.start).filter(|_| sure) {
            Some(entries) => {
                for (cell, entry) in heads.iter().map(|(cell, _)| *cell).zip(entries) {
                    let number = pieces.first().map_or(0, row_number);
                    let entry = self.with_unit(entry, cell, row);
                    self.aligned.drafts.push(Draft {
                        slot: Slot::plain(cell.code),
                        said: entry.said,
                        start: entry.start,
                        end: entry.end,
                        row: number,
                    });
                }
            }
            None => self.unsure(pieces, cells),
        }
    }

    /// The cells of a row in the order of the heads above it, where all of them are there.
    fn heads(row: &Row, cells: &[&'static Category]) -> Vec<(&'static Category, Option<Spot>)> {
        let named = |id: &str| cells.iter().find(|cell| cell.id.rsplit('.').next() == Some(id)).copied();
        let mut ordered: Vec<(&'static Category, Option<Spot>)> = Vec::new();
        for &Head { id, spot, .. } in &row.heads {
            if let Some(cell) = named(id)
                && ordered.iter().all(|(other, _)| other.code != cell.code)
            {
                ordered.push((cell, spot));
            }
        }
        if ordered.len() == cells.len() { ordered } else { cells.iter().map(|cell| (*cell, None)).collect() }
    }

    /// Money with the unit of its head, where the cell prints none. The 2019 form names no unit for
    /// 采购总金额, and offices fill in either.
    fn with_unit(&mut self, mut entry: Entry, cell: &Category, row: &Row) -> Entry {
        let Said::Number(number) = &mut entry.said else { return entry };
        if cell.value_type != ValueType::Amount || number.unit.is_some() {
            return entry;
        }
        let last = cell.id.rsplit('.').next();
        let head = row.heads.iter().find(|head| Some(head.id) == last).and_then(|head| head.unit);
        let printed = cell.label(self.form).contains('\u{ff08}');
        number.unit = head.or(printed.then_some(Unit::Wan));
        let zero =
            number.digits.bytes().chain(number.fraction.iter().flat_map(|part| part.bytes())).all(|byte| byte == b'0');
        if number.unit.is_none() && !zero {
            let cells = vec![Slot::plain(cell.code)];
            self.aligned.findings.push(noticed(self.flow, "R-NO-UNIT", cells, entry.start, entry.end));
        }
        entry
    }

    fn entries(
        &self,
        pieces: &[Piece],
        width: usize,
        heads: &[(&'static Category, Option<Spot>)],
        start: usize,
    ) -> Option<Vec<Entry>> {
        let printed: Vec<&Piece> = pieces.iter().filter(|piece| piece.is_printed()).collect();
        let at = pieces.first().map_or(start, |piece| piece.start);
        if printed.is_empty() {
            return Some(vec![Entry::empty(at); width]);
        }
        if printed.len() == width {
            // Where a page runs together, a blank may stand inside a figure as well as between two.
            let apart = self.context.glued && printed.iter().skip(1).any(|piece| piece.gap == Gap::Space);
            return (!apart).then(|| printed.into_iter().map(Entry::of).collect());
        }
        let grid = pieces.iter().any(|piece| piece.spot.is_some());
        if grid && pieces.len() == width {
            return Some(pieces.iter().map(Entry::of).collect());
        }
        if let Some(entries) = by_heads(pieces, heads, at, self.context.absolute) {
            return Some(entries);
        }
        if printed.len() < width && pieces.len() < width {
            // No sum protects this table: only a run with a single cut is taken.
            let cut = self.context.glued && self.context.whole;
            return if cut { Entry::cut(&printed, |runs| split::freely(runs, width, 2)) } else { None };
        }
        // Cells of spans that were not filled stand behind the values. Where full rows have more cells
        // than this one, a value is missing, and no sum tells where.
        let mut full = self.full.iter().filter(|(other, _)| *other == width).map(|(_, cells)| *cells).peekable();
        let usual = full.peek().is_none() && pieces.len() == width || full.all(|cells| cells == pieces.len());
        let (first, rest) = pieces.split_at_checked(width)?;
        (usual && rest.iter().all(|piece| !piece.is_printed())).then(|| first.iter().map(Entry::of).collect())
    }

    fn unsure(&mut self, pieces: &[Piece], cells: &[&Category]) {
        let printed: Vec<&Piece> = pieces.iter().filter(|piece| piece.is_printed()).collect();
        let start = printed.first().map_or(0, |piece| piece.start);
        let end = printed.last().map_or(start, |piece| piece.end);
        for cell in cells {
            let row = printed.first().map_or(0, |piece| row_number(piece));
            self.aligned.drafts.push(Draft { slot: Slot::plain(cell.code), said: Said::Garbled, start, end, row });
        }
        let rule = if printed.len() < cells.len() && printed.iter().any(|piece| piece.gap <= Gap::Space) {
            "R-AMBIGUOUS"
        } else {
            "R-MISPLACED"
        };
        let slots = cells.iter().map(|cell| Slot::plain(cell.code)).collect();
        self.aligned.findings.push(noticed(self.flow, rule, slots, start, end));
    }
}

/// Whether a text is letters of a foreign script alone, as O for 0 is.
fn latin(flow: &Flow, start: usize, end: usize) -> bool {
    start < end && (start..end).all(|at| flow.ch(at).is_ascii_alphabetic())
}

/// By the columns in which the heads stand.
fn by_heads(
    pieces: &[Piece],
    heads: &[(&'static Category, Option<Spot>)],
    at: usize,
    absolute: bool,
) -> Option<Vec<Entry>> {
    let mut used = 0;
    let entries = heads
        .iter()
        .map(|(_, spot)| {
            let head = (*spot)?;
            let piece = pieces.iter().find(|piece| piece.spot.is_some_and(|spot| spot.column == head.column));
            used += usize::from(piece.is_some_and(Piece::is_printed));
            if piece.is_none() && !absolute {
                return None;
            }
            Some(piece.map_or_else(|| Entry::empty(at), Entry::of))
        })
        .collect::<Option<Vec<_>>>()?;
    (used == pieces.iter().filter(|piece| piece.is_printed()).count()).then_some(entries)
}
