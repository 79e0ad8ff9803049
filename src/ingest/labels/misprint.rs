//! A label that is not printed quite as the form has it.

use super::{Hit, Patterns, is_numeral, is_separator, letters, patterns};
use crate::{
    ingest::flow::{Flow, Gap, Glyph},
    model::Table,
};

/// A label with a misprint, where a stretch of text begins: one wrong or missing character in four.
pub(crate) fn misprint(flow: &Flow, from: usize, limit: usize, table: Table) -> Option<Hit> {
    /// A shorter label needs its number as well.
    const LEAST: usize = 5;
    const NUMBERED: usize = 4;
    const LONGEST: usize = 45;
    let mut start = from;
    let mut number = None;
    while start < limit && start < from + 4 && !crate::text::is_han(flow.ch(start)) {
        number = Some(flow.ch(start)).filter(char::is_ascii_digit).or(number);
        start += 1;
    }
    if start + 1 < limit && is_numeral(flow.ch(start)) && is_separator(flow.ch(start + 1)) {
        start += 2;
    }
    let mut end = start;
    let mut text: Vec<char> = Vec::new();
    while end < limit && text.len() < LONGEST && (end == start || flow.gap(end) < Gap::Cell) {
        let ch = flow.ch(end);
        if ch.is_ascii_digit() || ch == Glyph::EMPTY || ch == '(' {
            break;
        }
        if crate::text::is_han(ch) || ch.is_alphabetic() {
            text.push(ch);
        }
        end += 1;
    }
    if text.len() < NUMBERED {
        return None;
    }
    let mut best: Option<(usize, usize)> = None;
    let mut rivals = false;
    let Patterns { list, rows, .. } = patterns();
    let rows = match table {
        Table::T2 => &rows[0],
        Table::T3 => &rows[1],
        Table::T4 => return None,
    };
    let letters = letters(&text);
    for (at, pattern) in rows.iter().filter_map(|&at| Some((at, list.get(at)?))) {
        let length = pattern.glyphs.len();
        let most = length / 4;
        let numbered = number.is_some() && pattern.marks.iter().any(|&(_, ordinal)| ordinal == number);
        let least = if numbered { NUMBERED } else { LEAST };
        if length < least || text.len() < least || length.abs_diff(text.len()) > most {
            continue;
        }
        // Each letter that only one of them has is at least one change.
        let apart = (letters & !pattern.letters).count_ones().max((pattern.letters & !letters).count_ones());
        if usize::try_from(apart).is_ok_and(|apart| apart > most) {
            continue;
        }
        let distance = strsim::generic_levenshtein(&pattern.glyphs, &text);
        if distance > most {
            continue;
        }
        match best {
            Some((known, _)) if known < distance => {}
            Some((known, other)) if known == distance => {
                rivals |= list.get(other).map(|other| &other.marks) != Some(&pattern.marks);
            }
            _ => {
                best = Some((distance, at));
                rivals = false;
            }
        }
    }
    let pattern = list.get(best.filter(|_| !rivals)?.1)?;
    Some(Hit { start: from, end, ordinal: None, cut: false, pattern })
}
