//! Words for zero: "received no request", "no reconsideration was applied for".

use super::{
    Found,
    words::{Kind, Stretch},
};

/// Claims of zero in one sentence that starts at `start`.
pub(super) fn claims(sentence: Stretch, start: usize, found: &mut Vec<Found>) {
    // Nearly every sentence has none of the words.
    if !sentence.has(Kind::Zero, "legal") && !sentence.has(Kind::Zero, "received") {
        return;
    }
    for (at, clause) in sentence.pieces(|ch| matches!(ch, ',' | ';')) {
        if clause.has(Kind::Zero, "unless") || !super::clause::numbers(clause.text()).is_empty() {
            continue;
        }
        let range = start + at..start + at + clause.text().len();
        let mut push = |about: &str, at: usize| {
            found.push(Found { about: about.into(), says: "0".into(), at: range.start + at, clause: range.clone() });
        };
        let after = |name: &'static str| clause.find(Kind::Zero, name).map(|(start, end)| (start, clause.from(end)));
        if let Some((at, rest)) = after("legal")
            && (rest.has(Kind::Topic, "review") || rest.has(Kind::Topic, "litigation"))
        {
            if rest.has(Kind::Topic, "review") {
                push("review.total", at);
            }
            if rest.has(Kind::Topic, "litigation") {
                push("litigation.total", at);
            }
            continue;
        }
        let one_way = clause.has(Kind::Zero, "channel") && !clause.has(Kind::Zero, "however");
        if let Some((at, rest)) = after("received")
            && rest.has(Kind::Topic, "requests")
            && !clause.has(Kind::Exclude, "other")
            && !one_way
        {
            push("received", at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::Text, *};

    fn zeros(sentence: &str) -> Vec<String> {
        let mut found = Vec::new();
        claims(Text::of(sentence).whole(), 0, &mut found);
        found.into_iter().map(|found| found.about).collect()
    }

    #[test]
    fn words_for_zero() {
        assert_eq!(zeros("2020年,我镇未收到依申请公开请求"), ["received"]);
        assert_eq!(
            zeros("没有因政府信息公开工作而被申请行政复议或被提起行政诉讼的情况"),
            ["review.total", "litigation.total"]
        );
        assert_eq!(zeros("未收到电话来访、网上来信等方式提出的相关信息公开申请"), ["received"]);
        assert_eq!(zeros("未收到书面申请"), [""; 0]);
        assert_eq!(zeros("没有行政诉讼被纠错"), [""; 0]);
        assert_eq!(zeros("未收到关于申请办理的投诉"), [""; 0]);
    }
}
