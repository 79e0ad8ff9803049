//! Finds the labels of the form in the stream, wherever cells, lines and punctuation cut them.

mod find;
mod misprint;

use std::{collections::HashMap, sync::OnceLock};

use self::find::Finder;
use super::flow::{Flow, Gap, Glyph};
use crate::{
    model::{Applicant, CategoryCode, Table},
    schema::{Kind, ValueType, catalogue},
    text::Tree,
};

pub(crate) use misprint::misprint;

/// What a label is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Heading of a part of the report, 1 to 6.
    Part(u8),
    /// Words that only a table's head has.
    Tell(Table),
    /// The head over all columns of table 3 that are not natural persons.
    Others,
    /// The corner of table 2 (信息内容).
    Stub,
    /// A row of table 2: the group above its cells.
    Row2(CategoryCode),
    /// A row of table 3 that holds cells.
    Row3(CategoryCode),
    /// A heading over rows of table 3.
    Group3,
    /// A column of table 2, by the last word of the category's id.
    Head2(&'static str),
    /// A column of table 3.
    Applicant(Applicant),
    /// A block of table 4, by the category that heads it.
    Block(CategoryCode),
    /// A heading over blocks of table 4.
    Group4,
    /// A column of table 4, by the last word of the category's id.
    Result(&'static str),
}

/// A wording and what it may be for.
#[derive(Debug)]
struct Pattern {
    glyphs: Vec<char>,
    /// See [`letters`].
    letters: u64,
    marks: Vec<(Mark, Option<char>)>,
}

/// A label found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    /// First glyph, numbering included.
    pub start: usize,
    /// One past the last glyph.
    pub end: usize,
    /// The number before it: `3`, `七`.
    pub ordinal: Option<char>,
    /// Only the first part of the label stands here; the rest is elsewhere.
    pub cut: bool,
    pattern: &'static Pattern,
}

impl Hit {
    /// Everything the wording may be for, with the number that the form prints before it.
    pub fn marks(&self) -> &'static [(Mark, Option<char>)] {
        &self.pattern.marks
    }

    /// Whether it may be for this.
    pub fn is(&self, mark: Mark) -> bool {
        self.marks().iter().any(|&(other, _)| other == mark)
    }

    /// The part of the report it heads.
    pub fn part(&self) -> Option<u8> {
        self.marks().iter().find_map(|&(mark, _)| if let Mark::Part(part) = mark { Some(part) } else { None })
    }

    /// The row of table 3. A wording of two characters (其他, 总计) is one only with its number.
    pub fn row3(&self) -> Option<CategoryCode> {
        self.marks().iter().find_map(|&(mark, ordinal)| match mark {
            Mark::Row3(code) if self.length() > 2 || (ordinal.is_some() && ordinal == self.ordinal) => Some(code),
            _ => None,
        })
    }

    /// The row of table 3, numbered or not.
    pub fn row3_bare(&self) -> Option<CategoryCode> {
        self.marks().iter().find_map(|&(mark, _)| if let Mark::Row3(code) = mark { Some(code) } else { None })
    }

    /// The row of table 2.
    pub fn row2(&self) -> Option<CategoryCode> {
        self.marks().iter().find_map(|&(mark, _)| if let Mark::Row2(code) = mark { Some(code) } else { None })
    }

    /// The column of table 2.
    pub fn head2(&self) -> Option<&'static str> {
        self.marks().iter().find_map(|&(mark, _)| if let Mark::Head2(id) = mark { Some(id) } else { None })
    }

    /// The column of table 3.
    pub fn applicant(&self) -> Option<Applicant> {
        self.marks().iter().find_map(|&(mark, _)| if let Mark::Applicant(one) = mark { Some(one) } else { None })
    }

    /// The block of table 4.
    pub fn block(&self) -> Option<CategoryCode> {
        self.marks().iter().find_map(|&(mark, _)| if let Mark::Block(code) = mark { Some(code) } else { None })
    }

    /// The column of table 4.
    pub fn result(&self) -> Option<&'static str> {
        self.marks().iter().find_map(|&(mark, _)| if let Mark::Result(id) = mark { Some(id) } else { None })
    }

    /// Whether these letters stand in the part of the label that was cut off.
    pub fn continues(&self, letters: &str) -> bool {
        self.cut && self.pattern.glyphs.iter().collect::<String>().contains(letters)
    }

    fn length(&self) -> usize {
        self.pattern.glyphs.len()
    }
}

#[derive(Debug)]
struct Patterns {
    list: Vec<Pattern>,
    tree: Tree,
    /// Which of them are rows or columns of table 2, and which rows of table 3.
    rows: [Vec<usize>; 2],
}

/// One bit for each letter of a word, by its last six bits: what is in no word with these bits is told by them.
fn letters(word: &[char]) -> u64 {
    word.iter().fold(0, |bits, &ch| bits | 1 << (u32::from(ch) % 64))
}

/// Numbers that stand before labels.
pub(crate) fn is_numeral(ch: char) -> bool {
    numerals().contains(ch)
}

fn numerals() -> &'static str {
    static NUMERALS: OnceLock<String> = OnceLock::new();
    NUMERALS.get_or_init(|| words().filter(|(kind, ..)| *kind == "numeral").map(|(_, _, word)| word).collect())
}

/// The rows of `data/labels.tsv`: kind, id, wording.
pub(crate) fn words() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("../data/labels.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('\t');
        Some((fields.next()?, fields.next()?, fields.next()?))
    })
}

fn is_separator(ch: char) -> bool {
    matches!(ch, '.' | '、' | ',' | ')' | '．' | '·' | ':' | ']')
}

/// Splits the numbering off a printed label and drops a closing explanation in brackets.
fn core(label: &str) -> (Option<char>, Vec<char>) {
    let folded = crate::text::fold(label);
    let chars: Vec<char> = folded.text().chars().filter(|ch| !ch.is_whitespace()).collect();
    let mut rest = chars.as_slice();
    let mut ordinal = None;
    if let [first, second, tail @ ..] = rest
        && (first.is_ascii_digit() || is_numeral(*first))
        && is_separator(*second)
    {
        (ordinal, rest) = (Some(*first), tail);
    } else if let ['(', numeral, ')', tail @ ..] = rest {
        (ordinal, rest) = (Some(*numeral), tail);
    }
    let glyphs = rest.iter().copied().take_while(|&ch| ch != '(').filter(|ch| ch.is_alphanumeric()).collect();
    (ordinal, glyphs)
}

fn patterns() -> &'static Patterns {
    static PATTERNS: OnceLock<Patterns> = OnceLock::new();
    PATTERNS.get_or_init(build)
}

fn build() -> Patterns {
    let mut list: Vec<Pattern> = Vec::new();
    let mut by_glyphs: HashMap<Vec<char>, usize> = HashMap::new();
    let mut add = |label: &str, mark: Mark, number: Option<char>| {
        let (ordinal, glyphs) = core(label);
        let ordinal = ordinal.or(number);
        if glyphs.is_empty() {
            return;
        }
        let at = *by_glyphs.entry(glyphs.clone()).or_insert_with(|| {
            list.push(Pattern { letters: letters(&glyphs), glyphs, marks: Vec::new() });
            list.len() - 1
        });
        if let Some(pattern) = list.get_mut(at) {
            match pattern.marks.iter_mut().find(|(other, _)| *other == mark) {
                Some((_, known)) => *known = known.or(ordinal),
                None => pattern.marks.push((mark, ordinal)),
            }
        }
    };
    for category in catalogue().all() {
        let column = category.id.rsplit('.').next().unwrap_or_default();
        let mark = match (category.table, category.value_type, category.kind) {
            (Some(Table::T2), ValueType::None, _) if category.parent.is_some() => Mark::Row2(category.code),
            (Some(Table::T2), ..) if category.parent.is_some() => Mark::Head2(column),
            (Some(Table::T3), _, Kind::Group) if category.parent.is_some() => Mark::Group3,
            (Some(Table::T3), ..) if category.value_type != ValueType::None => Mark::Row3(category.code),
            _ => continue,
        };
        let printed = || category.label_2021.iter().chain(&category.label_2019).chain(&category.variants);
        let number = printed().find_map(|label| core(label).0);
        for label in printed() {
            add(label, mark, number);
        }
    }
    for (kind, id, word) in words() {
        let mark = match kind {
            "part" => id.parse().ok().map(Mark::Part),
            "tell" if id == "t2" => Some(Mark::Tell(Table::T2)),
            "tell" if id == "t2.stub" => Some(Mark::Stub),
            "tell" => Some(Mark::Tell(Table::T3)),
            "others" => Some(Mark::Others),
            "row" => catalogue().by_id(id).map(|category| {
                if category.table == Some(Table::T2) { Mark::Row2(category.code) } else { Mark::Row3(category.code) }
            }),
            "head" => Some(Mark::Head2(id)),
            "applicant" => Applicant::from_id(id).map(Mark::Applicant),
            "group" => Some(Mark::Group4),
            "block" => catalogue().by_id(id).map(|category| Mark::Block(category.code)),
            "result" => Some(Mark::Result(id)),
            _ => None,
        };
        if let Some(mark) = mark {
            add(word, mark, None);
        }
    }
    let tree = Tree::of(list.iter().map(|pattern| pattern.glyphs.iter().copied()));
    let all = |wanted: fn(&Mark) -> bool| {
        let patterns = list.iter().enumerate();
        patterns.filter(|(_, pattern)| pattern.marks.iter().any(|(mark, _)| wanted(mark))).map(|(at, _)| at).collect()
    };
    let rows = [all(|mark| matches!(mark, Mark::Row2(_) | Mark::Head2(_))), all(|mark| matches!(mark, Mark::Row3(_)))];
    Patterns { list, tree, rows }
}

/// Every label in the stream, in order, none over another.
pub(crate) fn hits(flow: &Flow) -> Vec<Hit> {
    let mut finder = Finder::new(patterns(), flow);
    let mut hits: Vec<Hit> = Vec::new();
    let mut at = 0;
    while let Some(glyph) = flow.glyph(at) {
        match finder.longest(at, glyph.ch) {
            Some((pattern, end, cut)) => {
                let from = hits.last().map_or(0, |hit| hit.end);
                let (start, ordinal) = lead(flow, at, from, &pattern.marks);
                let quoted = matches!(flow.ch(end), '"' | '\'' | '”' | '’') && flow.gap(end) <= Gap::Space;
                let end = end + usize::from(quoted);
                hits.push(Hit { start, end, ordinal, cut, pattern });
                at = end;
            }
            None => at += 1,
        }
    }
    hits
}

/// Takes the numbering before a label into it: `（三）`, `四、`, `2.`.
///
/// A digit is taken only when it is the number the form prints there: in a run such as
/// `00000004.保护` the digits before it belong to the row above.
fn lead(flow: &Flow, start: usize, from: usize, marks: &[(Mark, Option<char>)]) -> (usize, Option<char>) {
    let back = |steps: usize| start.checked_sub(steps).filter(|&at| at >= from);
    let ch = |steps: usize| back(steps).map_or(Glyph::EMPTY, |at| flow.ch(at));
    let expected = |digit: char| marks.iter().any(|&(_, ordinal)| ordinal == Some(digit));
    let (number, mut taken) = if is_separator(ch(1)) { (ch(2), 2) } else { (ch(1), 1) };
    // Without a separator it must begin its line or cell and share it with the label: a digit alone in a cell is
    // the last value of the row above.
    let own_line = back(taken).is_some_and(|at| flow.gap(at) >= Gap::Cell) && flow.gap(start) < Gap::Cell;
    let counted = if number.is_ascii_digit() {
        expected(number) && (taken == 2 || own_line)
    } else {
        is_numeral(number) && taken == 2
    };
    if !counted {
        return (start, None);
    }
    if ch(taken + 1) == '(' {
        taken += 1;
    }
    (start - taken, Some(number))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            document::{Block, Document, Format, Line},
            flow,
        },
        *,
    };
    use crate::text::Place;

    fn found(text: &str) -> Vec<String> {
        let lines = text.lines().map(|text| Block::Line(Line { text: text.to_owned(), place: Place::default() }));
        let document = Document { format: Format::Text, metadata: Vec::new(), blocks: lines.collect() };
        let flow = flow::flow(&document);
        hits(&flow)
            .iter()
            .map(|hit| {
                let name = hit.row3().or(hit.row2()).and_then(|code| catalogue().get(code)).map(|row| row.id.clone());
                format!("{}={}", flow.plain(hit.start, hit.end), name.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn labels_run_over_lines_and_quotes() {
        assert_eq!(found("3.危及“三安全一\n稳定”0"), ["3.危及\"三安全一稳定\"=outcome.refused.security_stability"]);
        assert_eq!(found("規(guī)章 | 0"), ["规章=proactive.regulations"]);
    }

    #[test]
    fn digits_of_the_row_above_stay_there() {
        assert_eq!(
            found("2.重复申请00000003.要求提供公开出版物"),
            ["2.重复申请=outcome.not_processed.repeat", "3.要求提供公开出版物=outcome.not_processed.publication"]
        );
        assert_eq!(
            found("行政规范性文件 | 5 | 3 |\n其他主动公开文件"),
            ["行政规范性文件=proactive.normative_documents", "其他="]
        );
        assert_eq!(found("3.其他1000001（七）总计"), ["3.其他=outcome.other.residual", "(七)总计=outcome.total"]);
    }

    #[test]
    fn a_label_may_break_off() {
        assert_eq!(
            found("2.没有现成信息需要另行制 26"),
            ["2.没有现成信息需要另行制=outcome.unavailable.needs_creation"]
        );
        assert_eq!(found("其他"), ["其他="]);
    }
}
