//! Table 3: rows to categories, values to applicants.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    super::{
        flow::Flow,
        grid::{Item, Piece},
        labels::Hit,
        number::Said,
    },
    Aligned, Context, Draft, Entry,
    columns::{self, Columns, Habit, Heads, Seven, WIDTH},
    narrow::{self, Narrow},
    noticed, row_number,
    rows::{self, Row, Rows},
    solve,
};
use crate::{
    model::{Applicant, CategoryCode, Finding, Slot, Table, Template},
    schema::{Kind, catalogue},
};

/// Reads table 3 from its items.
pub(crate) fn third(flow: &Flow, items: &[Item], context: Context) -> Aligned {
    let found = rows::rows(flow, items);
    let (form, told) = form(&found);
    let mut table = Third {
        flow,
        context,
        form,
        rows: BTreeMap::new(),
        doubtful: Vec::new(),
        loose: false,
        moved: false,
        heads: Heads::of(items, narrow::named(items).len() == WIDTH),
        aligned: Aligned::default(),
    };
    (table.aligned.form, table.aligned.told) = (Some(form), told);
    table.aligned.cells =
        items.iter().any(|item| matches!(item, Item::Value(piece) if piece.spot.is_some() || !piece.is_printed()));
    table.place(&found);
    table.moved = heads_moved(flow, items);
    match narrow::narrow(flow, items, &table.rows, form).filter(|_| !table.loose && !context.glued) {
        Some(narrow) => table.read_narrow(&found, &narrow),
        None => table.read(&found),
    }
    if table.loose {
        let cells = table.aligned.drafts.iter().map(|draft| draft.slot).collect();
        let start = items.first().map_or(0, Item::start);
        table.aligned.findings.push(noticed(flow, "R-LOOSE", cells, start, start));
    }
    let last = catalogue().printed(Table::T3, form).map(|row| row.code).last();
    let bare = |code: &CategoryCode| table.rows.get(code).is_none_or(|row| row.is_empty());
    table.aligned.open_end = found.seen.last().copied().filter(|(code, _)| Some(*code) != last && bare(code));
    table.aligned
}

/// The form by its words: only the 2021 form has rows below （六）其他处理. The flag says whether they
/// are there.
fn form(found: &Rows) -> (Template, bool) {
    let only2021 = |code: CategoryCode| {
        catalogue()
            .get(code)
            .is_some_and(|row| row.printed_in(Template::Form2021) && !row.printed_in(Template::Form2019))
    };
    let mixed = |code: CategoryCode| catalogue().get(code).is_some_and(|row| row.kind == Kind::Mixed);
    let own_values = found.list.iter().any(|row| row.anchor.is_some_and(mixed));
    let below = found.seen.iter().filter(|&&(code, _)| only2021(code)).count();
    // Cut before （六）: nothing tells the forms apart, and they are the same so far.
    let before = found.seen.iter().all(|&(code, _)| !mixed(code) && !only2021(code));
    let new = below > usize::from(own_values) || before && below == 0;
    (if new { Template::Form2021 } else { Template::Form2019 }, !before)
}

/// Whether a row of heads outside a grid names all applicants, in another order than the form's: the first of the table,
/// or one that is printed again over a part of it. The total stands where its cell spans two rows, so that its place among
/// the words tells nothing, unless it comes first of all.
fn heads_moved(flow: &Flow, items: &[Item]) -> bool {
    let form = Applicant::ALL.into_iter().filter(|&applicant| applicant != Applicant::Total);
    let ends = |item: &Item| match item {
        Item::Label(hit) => hit.row3().is_some(),
        Item::Value(piece) => piece.is_printed(),
        Item::Text { .. } => false,
    };
    items.split(ends).any(|between| {
        let hits = between.iter().filter_map(|item| if let Item::Label(hit) = item { Some(hit) } else { None });
        let mut heads: Vec<Applicant> =
            hits.filter(|hit| flow.spot(hit.start).is_none()).filter_map(Hit::applicant).collect();
        let total_first = heads.first() == Some(&Applicant::Total);
        heads.retain(|&applicant| applicant != Applicant::Total);
        let whole = heads.len() == WIDTH - 1 && form.clone().all(|applicant| heads.contains(&applicant));
        whole && (total_first || !form.clone().eq(heads))
    })
}

/// The seven values of a row that adds up.
fn whole(row: &Row) -> Option<Seven> {
    match columns::columns(&row.pieces, &[], Habit::default()) {
        Columns::Known(row) if columns::adds_up(&row) => Some(row),
        _ => None,
    }
}

/// The values of rows by their category; owned where they had to be changed.
pub(super) type Placed<'a> = BTreeMap<CategoryCode, Cow<'a, [Piece]>>;

struct Third<'a, 'd> {
    flow: &'a Flow<'d>,
    context: Context,
    form: Template,
    /// The values of each row that found its category.
    rows: Placed<'a>,
    /// Rows whose values may be among those that found no row.
    doubtful: Vec<CategoryCode>,
    /// Some values found no row, so that others may stand at the wrong one.
    loose: bool,
    /// Outside a grid the heads of the columns stand in another order than the form's.
    moved: bool,
    heads: Heads,
    aligned: Aligned,
}

impl<'a> Third<'a, '_> {
    fn categories(&self) -> Vec<CategoryCode> {
        catalogue().printed(Table::T3, self.form).map(|row| row.code).collect()
    }

    fn slots(code: CategoryCode) -> Vec<Slot> {
        Applicant::ALL.into_iter().map(|applicant| Slot::of(code, applicant)).collect()
    }

    fn notice(&mut self, rule: &str, cells: Vec<Slot>, pieces: &[Piece], start: usize) {
        let from = pieces.iter().find(|piece| piece.is_printed()).map_or(start, |piece| piece.start);
        let to = pieces.iter().rev().find(|piece| piece.is_printed()).map_or(from, |piece| piece.end);
        self.aligned.findings.push(noticed(self.flow, rule, cells, from, to));
    }

    /// Gives each row its category: by its label, or, for values that stand apart from their label,
    /// by the order of the form between two rows that are certain.
    fn place(&mut self, found: &'a Rows) {
        let categories = self.categories();
        let order = |code: CategoryCode| categories.iter().position(|&other| other == code);
        let mut twice: Vec<CategoryCode> = Vec::new();
        for row in &found.list {
            let Some(code) = row.anchor.filter(|&code| order(code).is_some()) else { continue };
            let printed = |pieces: &[Piece]| -> Vec<Said> {
                pieces.iter().filter(|piece| piece.is_printed()).map(|piece| piece.said.clone()).collect()
            };
            match self.rows.get(&code) {
                Some(known) if !printed(&row.pieces).is_empty() && printed(known) != printed(&row.pieces) => {
                    if printed(known).is_empty() {
                        self.rows.insert(code, Cow::Borrowed(row.pieces.as_slice()));
                    } else {
                        twice.push(code);
                        self.notice("R-TWICE", Self::slots(code), &row.pieces, row.start);
                    }
                }
                Some(_) => {}
                None => {
                    self.rows.insert(code, Cow::Borrowed(row.pieces.as_slice()));
                }
            }
        }
        for code in twice {
            if let Some(row) = self.rows.get_mut(&code) {
                for piece in row.to_mut() {
                    piece.said = Said::Garbled;
                }
            }
        }
        self.place_by_order(found, &categories);
    }

    fn place_by_order(&mut self, found: &'a Rows, categories: &[CategoryCode]) {
        let order = |code: CategoryCode| categories.iter().position(|&other| other == code);
        let loose = |row: &Row| row.anchor.and_then(order).is_none();
        let mut before: Option<usize> = None;
        let mut rest = found.list.as_slice();
        let mut placed: Vec<CategoryCode> = Vec::new();
        let mut unplaced = false;
        while let Some(first) = rest.first() {
            if !loose(first) {
                before = first.anchor.and_then(order);
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let length = rest.iter().take_while(|row| loose(row)).count();
            let (group, tail) = rest.split_at(length);
            let after = tail.first().and_then(|row| row.anchor).and_then(order).unwrap_or(categories.len());
            let from = before.map_or(0, |before| before + 1);
            let missing: Vec<CategoryCode> = categories
                .get(from..after)
                .unwrap_or_default()
                .iter()
                .copied()
                .filter(|code| !self.rows.get(code).is_some_and(|row| row.iter().any(Piece::is_printed)))
                .collect();
            let unknown = group.iter().filter(|row| row.unknown.is_some()).count();
            let values: Vec<&Row> = group.iter().filter(|row| row.unknown.is_none()).collect();
            if !values.is_empty()
                && unknown == 0
                && values.len() == missing.len()
                && values.iter().all(|row| whole(row).is_some())
            {
                for (row, &code) in values.iter().zip(&missing) {
                    self.rows.insert(code, Cow::Borrowed(row.pieces.as_slice()));
                    placed.push(code);
                }
            } else {
                if group.len() > unknown {
                    self.doubtful.extend(&missing);
                    unplaced = true;
                }
                for row in group {
                    let (start, end) = row.unknown.unwrap_or((row.start, row.start));
                    let mut finding = noticed(self.flow, "R-EXTRA-ROW", Vec::new(), start, end);
                    finding.text = finding.printed.take();
                    finding.printed = Some(self.raw(&row.pieces));
                    self.aligned.findings.push(finding);
                }
            }
            rest = tail;
        }
        if unplaced {
            if self.in_sequence(found, categories) {
                return;
            }
            self.loose = true;
        }
        if !placed.is_empty() {
            let cells = placed.iter().flat_map(|&code| Self::slots(code)).collect();
            let start = placed.iter().filter_map(|code| self.rows.get(code)?.first()).map(|piece| piece.start);
            let start = start.min().unwrap_or(0);
            let mut finding = noticed(self.flow, "R-ORDER", cells, start, start);
            finding.severity = crate::model::Severity::Info;
            self.aligned.findings.push(finding);
        }
    }

    /// Values that stand before their labels, or before some and behind others: with as many rows of
    /// values as the form has rows, each adding up, their order is that of the form if then every
    /// column adds up as well.
    fn in_sequence(&mut self, found: &'a Rows, categories: &[CategoryCode]) -> bool {
        let rows: Vec<&Row> =
            found.list.iter().filter(|row| row.unknown.is_none() && row.pieces.iter().any(Piece::is_printed)).collect();
        let Some(values) = rows.iter().map(|row| whole(row)).collect::<Option<Vec<Seven>>>() else { return false };
        if rows.len() != categories.len() {
            return false;
        }
        let value = |code: CategoryCode, column: usize| {
            let at = categories.iter().position(|&other| other == code)?;
            values.get(at)?.get(column)?.count()
        };
        let identities = solve::identities(self.form);
        let holds =
            identities.iter().all(|identity| (0..WIDTH).all(|column| identity.holds_in(column, value) == Some(true)));
        if holds {
            self.doubtful.clear();
            self.aligned.findings.retain(|finding| finding.rule != "R-EXTRA-ROW" || finding.text.is_some());
            for (row, &code) in rows.iter().zip(categories) {
                self.rows.insert(code, Cow::Borrowed(row.pieces.as_slice()));
            }
            let cells = categories.iter().flat_map(|&code| Self::slots(code)).collect();
            let start = rows.first().map_or(0, |row| row.start);
            self.aligned.findings.push(noticed(self.flow, "R-ORDER", cells, start, start));
        }
        holds
    }

    fn raw(&self, pieces: &[Piece]) -> String {
        let printed = pieces.iter().filter(|piece| piece.is_printed());
        printed.map(|piece| self.flow.raw(piece.start, piece.end)).collect::<Vec<_>>().join(" ")
    }

    fn read(&mut self, found: &Rows) {
        let pieces: Vec<&[Piece]> = self.rows.values().map(AsRef::as_ref).collect();
        let habit = Habit::of(&pieces, self.context, self.heads);
        let mut columns: BTreeMap<CategoryCode, Columns> = BTreeMap::new();
        for (&code, row) in &self.rows {
            let grid = row.iter().find_map(|piece| piece.spot).map(|spot| spot.grid);
            let heads = grid.and_then(|grid| found.heads.get(&grid)).map_or(&[][..], Vec::as_slice);
            let found = if self.moved && grid.is_none() && row.iter().any(Piece::is_printed) {
                Columns::Unsure
            } else {
                columns::columns(row, heads, habit)
            };
            columns.insert(code, found);
        }
        solve::settle(&mut columns, self.form);
        if self.context.glued {
            self.doubt_cuts(&mut columns);
        }
        let rows = std::mem::take(&mut self.rows);
        self.aligned.drafts.reserve(rows.len() * WIDTH);
        for code in self.categories() {
            let label = found.seen.iter().find(|&&(seen, _)| seen == code).map(|&(_, start)| start);
            let row = rows.get(&code);
            if label.is_none() && row.is_none() {
                continue;
            }
            self.aligned.labels += 1;
            let row = row.map_or(&[][..], AsRef::as_ref);
            let printed = row.iter().any(Piece::is_printed);
            self.aligned.filled += usize::from(printed);
            let at = row.first().map_or(label.unwrap_or(0), |piece| piece.start);
            match columns.remove(&code) {
                Some(Columns::Known(entries)) if printed || !self.doubtful.contains(&code) => {
                    self.known(code, row, entries);
                }
                _ if !printed && !self.doubtful.contains(&code) => {
                    self.known(code, row, vec![Entry::empty(at); WIDTH]);
                }
                _ => self.unsure(code, row, at),
            }
        }
        self.rows = rows;
    }

    /// A table that prints fewer columns than the form: the others are not in it.
    fn read_narrow(&mut self, found: &Rows, narrow: &Narrow) {
        let rows = std::mem::take(&mut self.rows);
        for code in self.categories() {
            let label = found.seen.iter().find(|&&(seen, _)| seen == code).map(|&(_, start)| start);
            let row = rows.get(&code).map_or(&[][..], AsRef::as_ref);
            let Some(at) = row.first().map(|piece| piece.start).or(label) else { continue };
            self.aligned.labels += 1;
            self.aligned.filled += usize::from(row.iter().any(Piece::is_printed));
            self.aligned.drafts.extend(narrow.drafts(code, row, at));
        }
        let start = rows.values().filter_map(|row| row.first()).map(|piece| piece.start).min().unwrap_or(0);
        let cells = self.aligned.drafts.iter().map(|draft| draft.slot);
        let rule = if narrow.proved { "R-NARROW" } else { "R-UNPROVED" };
        let mut finding = noticed(self.flow, rule, cells.filter(|_| !narrow.proved).collect(), start, start);
        if narrow.proved {
            finding.severity = crate::model::Severity::Info;
        }
        self.aligned.findings.push(finding);
        self.rows = rows;
    }

    /// A run cut by its own sum alone can be cut wrong where a value is missing from it. The sums down
    /// the columns tell: they hold, or the cells cut from runs are named as doubtful.
    fn doubt_cuts(&mut self, columns: &mut BTreeMap<CategoryCode, Columns>) {
        let is_cut = |code: &CategoryCode, rows: &Placed| {
            rows.get(code).is_some_and(|row| row.iter().filter(|piece| piece.is_printed()).count() < WIDTH)
        };
        let digits = |row: &[Piece]| -> usize {
            let digits = |piece: &Piece| if let Said::Number(number) = &piece.said { number.digits.len() } else { 0 };
            row.iter().map(digits).sum()
        };
        let short = self.rows.values().any(|row| digits(row) < WIDTH);
        solve::complete(columns, &self.rows_of_runs(), self.form);
        let value = |code: CategoryCode, column: usize| match columns.get(&code)? {
            Columns::Known(row) => row.get(column)?.count(),
            _ => None,
        };
        let mut doubtful: Vec<Slot> = Vec::new();
        let mut whole = !short && columns.values().all(|row| matches!(row, Columns::Known(_)));
        for identity in solve::identities(self.form) {
            for (column, applicant) in Applicant::ALL.into_iter().enumerate() {
                if identity.holds_in(column, value) != Some(true) {
                    whole = false;
                    doubtful.extend(
                        identity
                            .rows()
                            .map(|(code, _)| code)
                            .filter(|code| is_cut(code, &self.rows))
                            .map(|code| Slot::of(code, applicant)),
                    );
                }
            }
        }
        doubtful.sort_unstable();
        doubtful.dedup();
        self.aligned.whole = whole;
        if short {
            // Blank cells leave no trace here: no cut can be trusted.
            for (code, row) in columns.iter_mut() {
                if is_cut(code, &self.rows) && self.rows.get(code).is_some_and(|row| row.iter().any(Piece::is_printed))
                {
                    *row = Columns::Unsure;
                }
            }
        } else if !doubtful.is_empty() {
            let start =
                doubtful.first().and_then(|slot| self.rows.get(&slot.category)?.first()).map_or(0, |piece| piece.start);
            self.aligned.findings.push(noticed(self.flow, "R-RUN", doubtful, start, start));
        }
    }

    /// The printed pieces of rows that are one digit run.
    fn rows_of_runs(&self) -> BTreeMap<CategoryCode, Piece> {
        let run = |row: &[Piece]| match row {
            [piece] => Some(piece.clone()),
            _ => None,
        };
        self.rows.iter().filter_map(|(&code, row)| Some((code, run(row)?))).collect()
    }

    fn known(&mut self, code: CategoryCode, row: &[Piece], entries: Vec<Entry>) {
        let grid = row.iter().any(|piece| piece.spot.is_some());
        for (applicant, entry) in Applicant::ALL.into_iter().zip(entries) {
            let mut mine = row.iter().filter(|piece| piece.start <= entry.start && entry.start <= piece.end);
            // Without a grid no value has a row.
            let piece = if grid { mine.next().or(row.first()) } else { None };
            let number = piece.map_or(0, row_number);
            self.aligned.drafts.push(Draft {
                slot: Slot::of(code, applicant),
                said: entry.said,
                start: entry.start,
                end: entry.end,
                row: number,
            });
        }
    }

    /// The cells of a row that cannot be told apart keep the text of the whole row.
    fn unsure(&mut self, code: CategoryCode, row: &[Piece], at: usize) {
        let printed: Vec<&Piece> = row.iter().filter(|piece| piece.is_printed()).collect();
        let start = printed.first().map_or(at, |piece| piece.start);
        let end = printed.last().map_or(start, |piece| piece.end);
        for slot in Self::slots(code) {
            let row = printed.first().map_or(0, |piece| row_number(piece));
            self.aligned.drafts.push(Draft { slot, said: Said::Garbled, start, end, row });
        }
        let rule = if printed.len() < WIDTH
            && printed.iter().any(|piece| matches!(&piece.said, Said::Number(number) if number.digits.len() >= WIDTH))
        {
            "R-AMBIGUOUS"
        } else {
            "R-MISPLACED"
        };
        let finding: Finding = noticed(self.flow, rule, Self::slots(code), start, end);
        self.aligned.findings.push(finding);
    }
}
