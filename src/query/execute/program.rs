//! A formula made ready: which slots to read of a report, and how its figures become one.

use super::super::plan::{Part, Sum};
use crate::{
    model::{Applicant, CategoryCode, Slot, State, Table},
    schema::{Category, Kind, ValueType, catalogue},
    store::Mark,
};

/// What a formula gives for one report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figure {
    /// `Value`, or why there is none.
    pub(crate) state: State,
    /// The number in smallest units; 0 without one.
    pub(crate) units: i128,
    /// Whether it rests on a blank that a printed total proves to be 0.
    pub(crate) proved: bool,
}

impl Figure {
    pub(crate) fn value(units: i128) -> Self {
        Self { state: State::Value, units, proved: false }
    }

    pub(crate) fn none(state: State) -> Self {
        Self { state, units: 0, proved: false }
    }

    pub(crate) fn is_value(self) -> bool {
        self.state == State::Value
    }
}

/// Which blanks count as 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fill {
    /// Every blank, because the query says so.
    pub(crate) blanks: bool,
    /// Blanks that a printed total proves to be 0.
    pub(crate) proved: bool,
}

/// The slots a plan reads, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots(pub(crate) Vec<Slot>);

impl Slots {
    fn number(&mut self, slot: Slot) -> usize {
        self.0.iter().position(|&known| known == slot).unwrap_or_else(|| {
            self.0.push(slot);
            self.0.len() - 1
        })
    }
}

/// A sum made ready for one column of table 3.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    parts: Vec<(i64, Node)>,
}

#[derive(Clone, Debug)]
enum Node {
    /// One cell, by the number of its slot.
    Cell(usize),
    /// The printed value, else the sum of the children.
    Group(Option<usize>, Vec<Node>),
    /// No form has such a cell.
    Absent,
}

impl Program {
    /// Makes a sum ready. Parts without a column of their own are taken from `columns`, added up.
    pub(crate) fn new(sum: &Sum, columns: &[Applicant], slots: &mut Slots) -> Self {
        let mut parts = Vec::new();
        for &Part { category, applicant, factor } in &sum.0 {
            let Some(known) = catalogue().get(category) else {
                parts.push((factor, Node::Absent));
                continue;
            };
            match (known.table, applicant) {
                (Some(Table::T3), Some(applicant)) => parts.push((factor, node(known, Some(applicant), slots))),
                (Some(Table::T3), None) => {
                    parts.extend(columns.iter().map(|&column| (factor, node(known, Some(column), slots))));
                }
                // The other tables have no columns: only the question for the total can mean them.
                _ if columns.contains(&Applicant::Total) => parts.push((factor, node(known, None, slots))),
                _ => parts.push((factor, Node::Absent)),
            }
        }
        Self { parts }
    }

    /// Factors and numbers of the slots that count for one report, in order: of a group the printed value, else
    /// its children.
    pub(crate) fn counted(&self, cell: &mut impl FnMut(usize) -> (Mark, i64)) -> Vec<(i64, usize)> {
        let mut read = Vec::new();
        self.parts.iter().for_each(|(factor, node)| node.counted(*factor, cell, &mut read));
        read
    }

    /// The figure of one report. A single cell keeps its own state; in a sum a proved 0 can stand for a number.
    #[inline]
    pub(crate) fn run(&self, fill: Fill, cell: &mut impl FnMut(usize) -> (Mark, i64)) -> Figure {
        if let [(factor, node)] = self.parts.as_slice() {
            let mut figure = node.run(fill, cell);
            figure.units *= i128::from(*factor);
            return figure;
        }
        let mut sum = Figure::value(0);
        for (factor, node) in &self.parts {
            let figure = node.run(Fill { proved: true, ..fill }, cell);
            if !figure.is_value() {
                return figure;
            }
            sum.units += figure.units * i128::from(*factor);
            sum.proved |= figure.proved;
        }
        sum
    }
}

impl Node {
    fn counted(&self, factor: i64, cell: &mut impl FnMut(usize) -> (Mark, i64), read: &mut Vec<(i64, usize)>) {
        match self {
            Self::Cell(slot) => read.push((factor, *slot)),
            Self::Group(own, children) => {
                if let Some(own) = own.filter(|&own| cell(own).0.is_value()) {
                    read.push((factor, own));
                } else {
                    let before = read.len();
                    for child in children {
                        child.counted(factor, cell, read);
                    }
                    let there = read
                        .get(before..)
                        .unwrap_or_default()
                        .iter()
                        .any(|&(_, slot)| cell(slot).0 != Mark::NotInTemplate);
                    if !there {
                        read.truncate(before);
                        read.extend(own.map(|own| (factor, own)));
                    }
                }
            }
            Self::Absent => {}
        }
    }

    #[inline]
    fn run(&self, fill: Fill, cell: &mut impl FnMut(usize) -> (Mark, i64)) -> Figure {
        match self {
            Self::Cell(slot) => figure(cell(*slot), fill),
            Self::Group(own, children) => group(own.map(&mut *cell), children, fill, cell),
            Self::Absent => Figure::none(State::NotInTemplate),
        }
    }
}

/// The printed value if the report prints one, else the sum of the children if all are values, else missing.
fn group(
    own: Option<(Mark, i64)>,
    children: &[Node],
    fill: Fill,
    cell: &mut impl FnMut(usize) -> (Mark, i64),
) -> Figure {
    let own = own.unwrap_or((Mark::NotInTemplate, 0));
    if own.0.is_value() {
        return figure(own, fill);
    }
    let mut sum = Figure::value(0);
    for child in children {
        let figure = child.run(Fill { proved: true, ..fill }, cell);
        if figure.is_value() {
            sum.units += figure.units;
            sum.proved |= figure.proved;
        } else if sum.is_value() {
            sum = figure;
            break;
        }
    }
    // A form that prints the group alone has no children to add up: then its own cell decides.
    if own.0 != Mark::NotInTemplate && !sum.is_value() {
        return figure(own, fill);
    }
    if children.is_empty() { Figure::none(State::NotInTemplate) } else { sum }
}

/// One cell as a figure.
#[inline]
pub(crate) fn figure((mark, units): (Mark, i64), fill: Fill) -> Figure {
    match mark {
        Mark::Count | Mark::Money => Figure::value(i128::from(units)),
        Mark::Blank if fill.blanks => Figure::value(0),
        Mark::ProvedBlank if fill.blanks || fill.proved => Figure { proved: true, ..Figure::value(0) },
        Mark::Blank => Figure::none(State::Blank),
        Mark::ProvedBlank => Figure { proved: true, ..Figure::none(State::Blank) },
        Mark::NotApplicable => Figure::none(State::NotApplicable),
        Mark::Unreadable => Figure::none(State::Unreadable),
        Mark::NotInTemplate => Figure::none(State::NotInTemplate),
        Mark::NoReport => Figure::none(State::NoReport),
    }
}

fn node(category: &Category, applicant: Option<Applicant>, slots: &mut Slots) -> Node {
    let mut own = || slots.number(Slot { category: category.code, applicant });
    match category.kind {
        Kind::Leaf | Kind::Total => Node::Cell(own()),
        Kind::Group | Kind::Mixed => {
            let printed = (category.value_type != ValueType::None).then(own);
            let children = children(category).into_iter().filter_map(|code| catalogue().get(code));
            let children: Vec<Node> = children.map(|child| node(child, applicant, slots)).collect();
            match (printed, children.len()) {
                (None, 0) => Node::Absent,
                (None, 1) => children.into_iter().next().unwrap_or(Node::Absent),
                _ => Node::Group(printed, children),
            }
        }
    }
}

/// What adds up to a heading: the parts of its rollup, else its printed total, else its groups (litigation's two
/// routes). Rows that count different things add up to nothing.
fn children(category: &Category) -> Vec<CategoryCode> {
    let catalogue = catalogue();
    if let Some(rollup) = catalogue.rollups.iter().find(|rollup| rollup.target == category.code) {
        return rollup.parts.clone();
    }
    let kind = |code: &CategoryCode| catalogue.get(*code).map(|child| child.kind);
    if let Some(total) = category.children.iter().find(|code| kind(code) == Some(Kind::Total)) {
        return vec![*total];
    }
    let groups = category.children.iter().all(|code| kind(code) == Some(Kind::Group));
    let one_table = category.table != Some(Table::T2);
    if groups && one_table { category.children.clone() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(id: &str, fill: Fill, cells: &[(&str, Mark, i64)]) -> Figure {
        let mut slots = Slots::default();
        let code = catalogue().by_id(id).unwrap().code;
        let program = Program::new(&Sum::of(code), &[Applicant::Total], &mut slots);
        let marks: Vec<(Mark, i64)> = slots
            .0
            .iter()
            .map(|slot| {
                let id = &catalogue().get(slot.category).unwrap().id;
                cells.iter().find(|(cell, ..)| cell == id).map_or((Mark::NotInTemplate, 0), |cell| (cell.1, cell.2))
            })
            .collect();
        program.run(fill, &mut |slot| marks[slot])
    }

    const UNAVAILABLE: &str = "outcome.unavailable";
    const PARTS: [&str; 3] =
        ["outcome.unavailable.not_held", "outcome.unavailable.needs_creation", "outcome.unavailable.unclear"];

    #[test]
    fn a_group_is_the_printed_value_else_the_sum_of_its_children() {
        let children = [(PARTS[0], Mark::Count, 77), (PARTS[1], Mark::Count, 1), (PARTS[2], Mark::Count, 0)];
        assert_eq!(run(UNAVAILABLE, Fill::default(), &children), Figure::value(78));
        let mut printed = children.to_vec();
        printed.push((UNAVAILABLE, Mark::Count, 80));
        assert_eq!(run(UNAVAILABLE, Fill::default(), &printed), Figure::value(80), "as printed, even when it is wrong");
        printed[3].1 = Mark::Blank;
        assert_eq!(run(UNAVAILABLE, Fill::default(), &printed), Figure::value(78), "a blank total is not printed");
    }

    #[test]
    fn one_child_missing_makes_the_group_missing() {
        for (mark, state) in [
            (Mark::Blank, State::Blank),
            (Mark::NotApplicable, State::NotApplicable),
            (Mark::Unreadable, State::Unreadable),
        ] {
            let children = [(PARTS[0], Mark::Count, 77), (PARTS[1], mark, 0), (PARTS[2], Mark::Count, 0)];
            assert_eq!(run(UNAVAILABLE, Fill::default(), &children), Figure::none(state));
        }
        let blank = [(PARTS[0], Mark::Count, 77), (PARTS[1], Mark::Blank, 0), (PARTS[2], Mark::Count, 0)];
        assert_eq!(run(UNAVAILABLE, Fill { blanks: true, proved: false }, &blank), Figure::value(77));
        let proved = [(PARTS[0], Mark::Count, 77), (PARTS[1], Mark::ProvedBlank, 0), (PARTS[2], Mark::Count, 0)];
        assert_eq!(run(UNAVAILABLE, Fill::default(), &proved), Figure { proved: true, ..Figure::value(77) });
    }

    #[test]
    fn other_handling_is_one_row_in_one_form_and_three_in_the_other() {
        assert_eq!(run("outcome.other", Fill::default(), &[("outcome.other", Mark::Count, 5)]), Figure::value(5));
        let parts = [
            ("outcome.other.no_correction", Mark::Count, 1),
            ("outcome.other.fee_unpaid", Mark::Count, 2),
            ("outcome.other.residual", Mark::Count, 4),
        ];
        assert_eq!(run("outcome.other", Fill::default(), &parts), Figure::value(7));
        assert_eq!(
            run("outcome.other", Fill::default(), &[("outcome.other", Mark::Blank, 0)]),
            Figure::none(State::Blank)
        );
        let parts = [("outcome.other", Mark::Count, 5)];
        let residual = run("outcome.other.residual", Fill::default(), &parts);
        assert_eq!(residual, Figure::none(State::NotInTemplate), "2019 and 2020 are missing, not 0");
    }

    #[test]
    fn headings_stand_for_their_totals_and_never_for_unlike_rows() {
        assert_eq!(run("review", Fill::default(), &[("review.total", Mark::Count, 12)]), Figure::value(12));
        let routes = [("litigation.direct.total", Mark::Count, 7), ("litigation.after_review.total", Mark::Count, 5)];
        assert_eq!(run("litigation", Fill::default(), &routes), Figure::value(12));
        assert_eq!(run("proactive", Fill::default(), &[]), Figure::none(State::NotInTemplate));
        assert_eq!(run("requests", Fill::default(), &[]), Figure::none(State::NotInTemplate));
    }

    #[test]
    fn a_lone_blank_stays_blank_even_when_proved() {
        let cells = [("requests.new", Mark::ProvedBlank, 0)];
        let figure = run("requests.new", Fill::default(), &cells);
        assert_eq!((figure.state, figure.proved), (State::Blank, true));
        assert!(run("requests.new", Fill { proved: true, ..Fill::default() }, &cells).is_value());
    }
}
