//! What the number in a clause counts.

use std::ops::Range;

use super::{
    Found,
    words::{Kind, Stretch, lists},
    zero,
};
use crate::model::Year;

/// A number with the unit right after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// Plain digits, without thousands separators.
    pub(super) text: String,
    /// Name of the unit's list: `count`, `percent`, `yuan` …; empty for none.
    pub(super) unit: &'static str,
    /// Where the digits begin.
    pub(super) start: usize,
    /// Where the unit ends.
    pub(super) end: usize,
}

/// How far a label may stand from its number, in characters.
const REACH: usize = 40;
/// For how many sentences the talk of requests goes on without the word.
const CARRY: u8 = 6;

/// The claims of the prose, in reading order.
pub(super) fn claims(text: Stretch, range: Range<usize>, year: Year, found: &mut Vec<Found>) {
    let year = year.to_string();
    let mut about_requests = 0;
    let mut another_time = false;
    for (start, sentence) in text.cut(range.start, range.end).sentences() {
        let start = range.start + start;
        let named = sentence.has(Kind::Topic, "requests");
        about_requests = if named { CARRY } else { about_requests.saturating_sub(1) };
        let (text, about_requests) = (sentence.text(), about_requests > 0);
        let reader = Sentence { words: sentence, text, start, year: &year, about_requests, another_time };
        reader.claims(found);
        another_time = reader.of_another_time(text.len());
        if !another_time {
            zero::claims(sentence, start, found);
        }
    }
}

/// Every number of a text with its unit.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut from = 0;
    while let Some(rest) = text.get(from..)
        && let Some(before) = rest.bytes().position(|byte| byte.is_ascii_digit())
    {
        let (_, rest) = rest.split_at(before);
        let (digits, behind) = rest.split_at(length(rest.as_bytes()));
        let unit = lists().units.iter().find(|(word, _)| behind.starts_with(word));
        let (length, unit) = unit.map_or((0, ""), |(word, name)| (word.len(), *name));
        let (start, end) = (from + before, from + before + digits.len());
        numbers.push(Number { text: digits.replace(',', ""), unit, start, end: end + length });
        from = end;
    }
    numbers
}

/// How many bytes the number has with which a text begins: digits in threes, or digits and decimals.
fn length(text: &[u8]) -> usize {
    let digits =
        |from: usize| text.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
    let at = |at: usize| text.get(at).copied();
    let whole = digits(0);
    let mut length = whole;
    while whole <= 3 && at(length) == Some(b',') && digits(length + 1) >= 3 {
        length += 4;
    }
    let decimals = if length == whole && at(length) == Some(b'.') { digits(length + 1) } else { 0 };
    if decimals > 0 { length + 1 + decimals } else { length }
}

/// One sentence and what was said before it.
struct Sentence<'a> {
    words: Stretch<'a>,
    text: &'a str,
    start: usize,
    year: &'a str,
    about_requests: bool,
    /// Whether the sentence before ended in another year or half a year.
    another_time: bool,
}

/// The claim before, which percentages and applicants refer to.
#[derive(Clone, Debug)]
struct Last {
    about: String,
    end: usize,
}

impl Sentence<'_> {
    fn claims(&self, found: &mut Vec<Found>) {
        let numbers = numbers(self.text);
        let mut last: Option<Last> = None;
        let mut from = 0;
        let mut skip_to = 0;
        for number in &numbers {
            if number.start < skip_to {
                continue;
            }
            match number.unit {
                "percent" if last.as_ref().is_some_and(|last| self.is_share(last.end, number.start)) => {
                    self.push(found, "percent".into(), number);
                }
                "count" if number.text.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let about = self.about(from, number, last.as_ref());
                    let parts = self.parts(number);
                    if let Some(about) = about.clone().or_else(|| parts.is_some().then(|| "listed".to_owned())) {
                        self.push(found, about, number);
                    }
                    if let Some((parts, end)) = parts {
                        for part in &parts {
                            self.push(found, "part".into(), part);
                        }
                        skip_to = end;
                    }
                    last = about.map(|about| Last { about, end: number.end }).or(last);
                    from = number.end.max(skip_to);
                }
                _ => {}
            }
        }
    }

    fn push(&self, found: &mut Vec<Found>, about: String, number: &Number) {
        let clause = self.clause(number);
        let clause = self.start + clause.start..self.start + clause.end;
        found.push(Found { about, says: number.text.clone(), at: self.start + number.start, clause });
    }

    /// What a count is about; nothing where that is not plain.
    fn about(&self, from: usize, number: &Number, last: Option<&Last>) -> Option<String> {
        let clause = self.clause(number);
        let clause = self.words.cut(clause.start, clause.end);
        if clause.has_any(Kind::Exclude) || self.of_another_time(number.start) {
            return None;
        }
        let before = self.before(from, number.start);
        let label = before.last(Kind::Label);
        let result = before.last(Kind::Result);
        let requests = clause.has(Kind::Topic, "requests");
        let scoped = |about: String| {
            let part = self.words.before(number.start).has(Kind::Scope, "part");
            Some(if part { format!("{about}@part") } else { about })
        };
        if let Some((_, end, result)) = result
            && label.is_none_or(|(_, label_end, _)| label_end <= end)
        {
            return scoped(format!("{}.{result}", self.legal(number.start)?));
        }
        let applicant = before.last(Kind::Applicant);
        if let Some((_, _, applicant)) = applicant
            && label.is_none()
        {
            let received = last.is_some_and(|last| last.about.starts_with("received"));
            return if received { scoped(format!("received[{applicant}]")) } else { None };
        }
        let (name, between) = if let Some((_, end, name)) = label {
            (name, before.from(end).text())
        } else {
            // "1 of them carried over": the word follows the number, and nothing else stands before it.
            if !is_filler(before.text()) {
                return None;
            }
            let after = self.after(number.end);
            let (start, _, name) = after.first(Kind::Label)?;
            (name, after.before(start).text())
        };
        if between.chars().count() > REACH {
            return None;
        }
        let plain = is_filler(between);
        match name {
            "skip" => None,
            "received" | "requests.new" if requests || (self.about_requests && plain) => scoped(name.to_owned()),
            "outcome.total" | "handled" => match self.both_legal(number.start) {
                Some(about) if !requests => scoped(about),
                None if requests || (self.about_requests && plain) => scoped(name.to_owned()),
                _ => None,
            },
            "review.total" | "litigation.total" => {
                let together = before.has(Kind::Topic, "review") && before.has(Kind::Topic, "litigation");
                scoped(if together { "legal.total".to_owned() } else { name.to_owned() })
            }
            _ if name.starts_with("litigation.") => scoped(name.to_owned()),
            _ if (name.starts_with("outcome.") || name.starts_with("requests.carried"))
                && self.about_requests
                && plain =>
            {
                scoped(name.to_owned())
            }
            _ => None,
        }
    }

    /// What stands between the number before, or the last mark, and this number. A bracket without digits
    /// right before the number is left out.
    fn before(&self, from: usize, at: usize) -> Stretch<'_> {
        let mut end = at;
        if let Some(open) =
            self.text.get(from..at).filter(|before| before.ends_with(')')).and_then(|before| before.rfind('('))
        {
            let inside = self.text.get(from + open..at).unwrap_or_default();
            if !inside.bytes().any(|byte| byte.is_ascii_digit()) {
                end = from + open;
            }
        }
        let before = self.text.get(from..end).unwrap_or_default();
        let start = before.rfind([',', ';', ':', '(', ')']).map_or(0, |mark| mark + 1);
        self.words.cut(from + start, end)
    }

    /// What stands between a number and the next mark or number.
    fn after(&self, from: usize) -> Stretch<'_> {
        let rest = self.text.get(from..).unwrap_or_default();
        let end = rest.find(|character: char| ",;:()、".contains(character) || character.is_ascii_digit());
        self.words.cut(from, from + end.unwrap_or(rest.len()))
    }

    /// The clause a number stands in: from comma to comma, a bracket after it left out.
    fn clause(&self, number: &Number) -> Range<usize> {
        let start =
            self.text.get(..number.start).and_then(|before| before.rfind([',', ';'])).map_or(0, |mark| mark + 1);
        let rest = self.text.get(number.end..).unwrap_or_default();
        start..number.end + rest.find([',', ';', '(']).unwrap_or(rest.len())
    }

    /// The parts that a bracket right after a number lists, and where it ends.
    fn parts(&self, number: &Number) -> Option<(Vec<Number>, usize)> {
        let rest = self.text.get(number.end..)?.strip_prefix('(')?;
        let inside = rest.get(..rest.find(')')?)?;
        let partial = lists().partial.iter().any(|word| inside.starts_with(word));
        let parts: Vec<Number> = numbers(inside)
            .into_iter()
            .filter(|part| part.unit == "count")
            .map(|part| Number { start: part.start + number.end + 1, end: part.end + number.end + 1, ..part })
            .collect();
        (!partial && parts.len() >= 2).then_some((parts, number.end + 2 + inside.len()))
    }

    /// Whether the text between a claim and a percentage makes it the share of that claim.
    fn is_share(&self, from: usize, at: usize) -> bool {
        let between = self.text.get(from..at).unwrap_or_default();
        self.words.cut(from, at).has_any(Kind::Share)
            && between.chars().count() <= REACH / 2
            && !between.bytes().any(|byte| byte.is_ascii_digit() || byte == b';')
    }

    /// The block that results are of: the last of reconsideration and litigation named.
    fn legal(&self, at: usize) -> Option<&'static str> {
        let legal = |name: &str| name.starts_with("review") || name.starts_with("litigation");
        let (_, _, name) = self.words.before(at).last_of(Kind::Label, legal)?;
        // Named together, their results cannot be told apart.
        if self.both_legal(at).is_some() { None } else { name.strip_suffix(".total") }
    }

    /// Reconsideration and litigation named side by side, without a number between.
    fn both_legal(&self, at: usize) -> Option<String> {
        let before = self.words.before(at);
        let last = |topic: &str| before.last_of(Kind::Topic, |name| name == topic).map(|(start, ..)| start);
        let (review, litigation) = (last("review")?, last("litigation")?);
        let between = before.cut(review.min(litigation), review.max(litigation));
        let apart = numbers(between.text()).iter().any(|number| number.unit == "count");
        (!apart).then(|| "legal.total".to_owned())
    }

    /// Whether what stands at `at` is of another time: the last year named is another one, or half a year
    /// is spoken of. A year compared with, or carried over from, does not count.
    fn of_another_time(&self, reach: usize) -> bool {
        let before = self.text.get(..reach).unwrap_or_default();
        let lists = lists();
        let mut another = self.another_time && !self.words.before(reach).has(Kind::Year, "this");
        for at in lists.year.find_iter(before.as_bytes()) {
            let Some(year) = before.get(at.saturating_sub(4)..at).filter(|year| year.starts_with("20")) else {
                continue;
            };
            let head = before.get(..at - 4).unwrap_or_default();
            let compared = lists.compare.iter().any(|word| head.ends_with(word));
            let tail = self.text.get(at..).unwrap_or_default();
            let [carried, carried_out] = &lists.carried;
            let carried = carried.iter().any(|word| tail.starts_with(word));
            let carried_to = carried_out.iter().any(|word| head.ends_with(word));
            if !compared && !carried && !carried_to {
                another = year != self.year;
            }
        }
        another || self.words.before(reach).has(Kind::Exclude, "period")
    }
}

/// Whether a text has no words that say something.
fn is_filler(text: &str) -> bool {
    let mut rest = text.trim_matches(|character: char| !character.is_alphanumeric());
    while !rest.is_empty() {
        let Some(word) = lists().fillers.iter().find(|word| rest.starts_with(**word)) else { return false };
        rest = rest.get(word.len()..).unwrap_or_default();
        rest = rest.trim_start_matches(|character: char| !character.is_alphanumeric());
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{super::words::Text, *};

    /// The claims of a text about 2023, as `about=says`.
    fn said(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        claims(Text::of(text).whole(), 0..text.len(), Year::new(2023).unwrap(), &mut found);
        found.into_iter().map(|found| format!("{}={}", found.about, found.says)).collect()
    }

    #[test]
    fn requests_and_outcomes() {
        assert_eq!(
            said("2023年受理政府信息公开申请共110件,同意公开9件,同意不公开2件,同意部分公开11件,结转下年度继续办理10件"),
            ["received=110", "outcome.granted=9", "outcome.refused=2", "outcome.partial=11", "requests.carried_out=10"]
        );
        assert_eq!(
            said("答复申请3,050件(含上年度结转申请34件,另有103件顺延到下年度答复)"),
            ["outcome.total=3050", "requests.carried_in=34", "requests.carried_out=103"]
        );
        assert_eq!(said("共收到70件申请,办结69件,1件结转下年度继续办理").len(), 3);
        assert_eq!(said("新收政府信息公开申请5件"), ["requests.new=5"]);
        assert_eq!(said("办理申请9件,其中:作其他处理(含撤回申请)3件"), ["handled=9", "outcome.other=3"]);
    }

    #[test]
    fn reconsideration_and_litigation() {
        assert_eq!(
            said("行政复议351件,其中结果维持72件,尚未审结37件。行政诉讼46件,其中结果纠正5件"),
            [
                "review.total=351",
                "review.upheld=72",
                "review.pending=37",
                "litigation.total=46",
                "litigation.corrected=5"
            ]
        );
        assert_eq!(
            said("因政府信息公开引起的行政复议案件2件、行政诉讼案件7件"),
            ["review.total=2", "litigation.total=7"]
        );
        assert_eq!(said("做好行政复议、行政诉讼案件的应诉工作,共办理相关案件74件"), ["legal.total=74"]);
        assert_eq!(said("行政复议、行政诉讼共5件,其中维持2件"), ["legal.total=5"]);
    }

    #[test]
    fn parts_applicants_and_shares() {
        assert_eq!(
            said("共收办申请60件(市政府10件、各部门50件),其中自然人申请58件,法人或其他组织申请2件"),
            ["received=60", "part=10", "part=50", "received[natural]=58", "received[organisations]=2"]
        );
        assert_eq!(said("办结申请80件。不予公开8件,占10%"), ["outcome.total=80", "outcome.refused=8", "percent=10"]);
    }

    #[test]
    fn what_is_no_claim() {
        for text in [
            "收到并处理市长信箱、人民网信箱受理派单共计2084件",
            "开展征集调查33期,收到公众意见382条",
            "2022年共收到申请15件",
            "2023年上半年,共受理申请267件。其中同意公开81件",
            "累计受理申请900件",
            "比上年增加申请20件",
            "受理申请20余件",
            "共收到申请12件次",
            "力争办结申请10件",
            "规范性文件予以公开20件",
            "发出催办提示84次",
            "主动公开政府信息18万余条",
        ] {
            assert_eq!(said(text), [""; 0], "{text}");
        }
        assert_eq!(said("2023年收到申请15件,较2022年多3件"), ["received=15"]);
    }

    #[test]
    fn a_part_is_marked() {
        assert_eq!(said("区政府办代表区政府受理政府信息公开申请17件"), ["received@part=17"]);
        assert_eq!(said("已向上级备案的行政复议134件"), ["review.total@part=134"]);
    }
}
