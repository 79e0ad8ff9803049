//! Which year the title and the period name.

use super::{
    Found,
    words::{Kind, Stretch, lists},
};

/// Years that the title and the sentence on the period name, each wording once, before the first table.
pub(super) fn years(text: Stretch, table: usize) -> Vec<Found> {
    let before = text.before(table);
    let head = before.text();
    let mut found = Vec::new();
    for at in lists().year.find_iter(head.as_bytes()) {
        let Some(year) = head.get(at.saturating_sub(4)..at).filter(|year| is_year(year)) else { continue };
        for (name, wordings) in &lists().years {
            let Some(clause) = wordings.iter().find_map(|wording| {
                let (before, behind) = wording;
                let alike = head.get(..at - 4)?.ends_with(before) && head.get(at..)?.starts_with(behind);
                alike.then(|| at - 4 - before.len()..at + behind.len())
            }) else {
                continue;
            };
            // A title goes on to the word "annual report" before its line or sentence ends.
            let rest = head.get(clause.end..).unwrap_or_default();
            let line = rest.split(['。', ',', '\n', ';', ':']).next().unwrap_or_default();
            let near = line.char_indices().nth(12).map_or(line.len(), |(at, _)| at);
            if *name == "title" && !before.cut(clause.end, clause.end + near).has(Kind::Year, "title_end") {
                continue;
            }
            let about = format!("year.{name}");
            if !found.iter().any(|other: &Found| other.about == about && other.says == year) {
                found.push(Found { about, says: year.to_owned(), at: at - 4, clause });
            }
        }
    }
    // A page lists other reports beside its own: only the first title is this report's.
    let mut titles = 0;
    found.retain(|found| {
        titles += usize::from(found.about == "year.title");
        found.about != "year.title" || titles == 1
    });
    found
}

/// Four digits of this century that no further digit precedes are checked by the caller's pattern.
fn is_year(text: &str) -> bool {
    text.len() == 4 && text.starts_with("20") && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{super::words::Text, *};

    #[test]
    fn titles_and_periods() {
        let text = "某区2024年政府信息公开工作年度报告。所列数据的统计期限自2023年1月1日至2023年12月31日。根据2021年政府信息公开要点。";
        let found: Vec<_> =
            years(Text::of(text).whole(), text.len()).into_iter().map(|found| (found.about, found.says)).collect();
        assert_eq!(found, [("year.title".into(), "2024".into()), ("year.period".into(), "2023".into())]);
    }

    #[test]
    fn a_damaged_period_names_no_year() {
        let text = "统计期限自20201月1日起至2020年12月31日止";
        assert_eq!(years(Text::of(text).whole(), text.len()), []);
    }
}
