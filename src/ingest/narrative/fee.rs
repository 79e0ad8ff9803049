//! What was charged for processing requests: a sum in yuan, or nothing.

use std::ops::Range;

use super::{
    Found,
    clause::numbers,
    words::{Kind, Stretch},
};

/// Fees that sentences in a range of the text speak of.
pub(super) fn claims(text: Stretch, range: Range<usize>, found: &mut Vec<Found>) {
    let text = text.cut(range.start, range.end);
    if !text.has_any(Kind::Fee) {
        return;
    }
    for (start, sentence) in text.sentences() {
        let start = range.start + start;
        if !sentence.has_any(Kind::Fee) || !sentence.has_any(Kind::FeeCharged) {
            continue;
        }
        let clause = start..start + sentence.text().len();
        let fee = sentence.last(Kind::Fee).map_or(0, |(at, ..)| at);
        let amounts: Vec<_> = numbers(sentence.text())
            .into_iter()
            .filter(|number| number.unit == "yuan" || number.unit == "wan_yuan")
            .collect();
        // The first sum after the word is the whole; what follows names who charged it.
        if let Some(amount) = amounts.iter().find(|number| number.start > first_fee(sentence)) {
            let says = if amount.unit == "yuan" { amount.text.clone() } else { ten_thousand(&amount.text) };
            found.push(Found { about: "processing_fee.collected".into(), says, at: start + amount.start, clause });
            return;
        }
        let none = sentence
            .pieces(|ch| matches!(ch, ',' | ';'))
            .find(|(at, piece)| piece.has(Kind::Zero, "fee") && at + piece.text().len() >= fee.saturating_sub(30));
        if let Some((at, piece)) = none {
            let clause = start + at..start + at + piece.text().len();
            found.push(Found { about: "processing_fee.collected".into(), says: "0".into(), at: start + at, clause });
            return;
        }
    }
}

fn first_fee(sentence: Stretch) -> usize {
    sentence.first(Kind::Fee).map_or(0, |(start, ..)| start)
}

/// Ten thousand times a plain decimal, as text.
fn ten_thousand(number: &str) -> String {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{part:0<4}");
    let (four, rest) = digits.split_at_checked(4).unwrap_or((&digits, ""));
    let joined = format!("{whole}{four}");
    let whole = joined.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::{super::words::Text, *};

    fn fee(text: &str) -> Option<String> {
        let mut found = Vec::new();
        claims(Text::of(text).whole(), 0..text.len(), &mut found);
        found.pop().map(|found| found.says)
    }

    #[test]
    fn sums_and_words_for_none() {
        for (text, says) in [
            ("全年收取政府信息公开信息处理费3940元。", Some("3940")),
            ("2023年对25件政府信息公开申请案件收取了信息处理费2950元。某局6件,收取600元。", Some("2950")),
            ("收取信息处理费共计380元,其中民政局1件,收取380元", Some("380")),
            ("收取信息处理费0.295万元", Some("2950")),
            ("2024年度全区各级行政机关未收取政府信息公开信息处理费。", Some("0")),
            ("2021年,无收取信息处理费情况", Some("0")),
            ("未对公众依申请公开政府信息收取任何费用", Some("0")),
            ("要求各单位依法落实信息处理费有关规定", None),
        ] {
            assert_eq!(fee(text).as_deref(), says, "{text}");
        }
        assert_eq!(ten_thousand("1.23456"), "12345.6");
    }
}
