//! The six parts of a report: where each begins, and how much it says.

use std::ops::Range;

use super::words::{Kind, Stretch, lists};

/// A part found in the running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// 1 to 6.
    pub(super) number: u8,
    /// Where its heading begins.
    pub(super) start: usize,
    /// Where its text begins.
    pub(super) body: usize,
    /// Where it ends.
    pub(super) end: usize,
}

/// How far after the numeral the word of a heading may stand, in bytes: 16 characters.
const REACH: usize = 48;

/// The parts of a report in order, and where the first table begins.
pub(super) fn parts(whole: Stretch) -> (Vec<Part>, usize) {
    let text = whole.text();
    let table = whole.first(Kind::Table).map_or(text.len(), |(start, ..)| start);
    let numerals: Vec<Numeral> = whole
        .every(Kind::Numeral)
        .filter_map(|(start, end, name)| {
            let title = text.get(end..)?.strip_prefix(['、', '.', ','])?;
            Some(Numeral { name, start, title: text.len() - title.len() })
        })
        .collect();
    let mut parts: Vec<Part> = Vec::new();
    for (number, name) in (1..).zip(["1", "2", "3", "4", "5", "6"]) {
        let after = parts.last().map_or(0, |part| part.body);
        // Part two is the last heading before the table: prose may number its own paragraphs.
        let found = match number {
            1 => heading(whole, &numerals, name, after..table, false),
            2 => heading(whole, &numerals, name, after..table, true),
            _ => heading(whole, &numerals, name, after..text.len(), false),
        };
        if let Some((start, body)) = found {
            if let Some(last) = parts.last_mut() {
                last.end = start;
            }
            parts.push(Part { number, start, body, end: text.len() });
        }
    }
    (parts, table)
}

/// How many characters a part has below its heading; none for "nothing to report".
pub(super) fn length(text: &str, part: Part) -> usize {
    let body = text.get(part.body..part.end).unwrap_or_default();
    let body = body.trim_matches(|character: char| !character.is_alphanumeric());
    if lists().empty.contains(&body) { 0 } else { body.chars().count() }
}

/// A numeral with the mark that makes it the number of a heading or paragraph.
struct Numeral {
    /// Name of its list.
    name: &'static str,
    start: usize,
    /// Where the text behind the mark begins.
    title: usize,
}

/// A heading: numeral, mark, and one of the words of that part close after; where it begins and its text begins.
fn heading(
    whole: Stretch,
    numerals: &[Numeral],
    name: &'static str,
    range: Range<usize>,
    last: bool,
) -> Option<(usize, usize)> {
    let whole = whole.before(range.end);
    let mut found = numerals.iter().filter(|one| one.name == name && one.start >= range.start).filter_map(|one| {
        let title = whole.from(one.title);
        let reach = title.text().char_indices().map(|(at, _)| at).take_while(|at| *at <= REACH).last().unwrap_or(0);
        let near = title.before(reach);
        let word = near.first_end(Kind::Heading, name)?;
        // A heading ends in "…situation"; without that word its text begins after the heading word.
        let end = near.first_end(Kind::Heading, "end");
        Some((one.start, one.title + end.unwrap_or(word).max(word)))
    });
    if last { found.next_back() } else { found.next() }
}

#[cfg(test)]
mod tests {
    use super::{super::words::Text, *};

    #[test]
    fn six_parts_in_one_line() {
        let text = "本报告共分6个部分:总体情况、主动公开政府信息情况。一、总体情况一是…。二、主动公开政府信息情况第二十条第(一)项\
                    规章000三、收到和处理政府信息公开申请情况三、本年度办理结果四、结转下年度继续办理0000000四、政府信息公开行政复议、\
                    行政诉讼情况五、存在的主要问题及改进情况无。六、其他需要报告的事项没有收取信息处理费";
        let (parts, table) = parts(Text::of(text).whole());
        assert_eq!(parts.iter().map(|part| part.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        assert!(text.get(table..).unwrap().starts_with("第二十条第(一)项"));
        let lengths: Vec<usize> = parts.iter().map(|&part| length(text, part)).collect();
        assert_eq!((lengths[0], lengths[4]), (2, 0));
        assert!(lengths[5] > 0);
    }

    #[test]
    fn a_page_without_parts_has_none() {
        assert_eq!(parts(Text::of("关于报送年度报告的通知").whole()).0, []);
    }
}
