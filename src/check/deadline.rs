//! D-DEPT, D-GOV: was it published in time? Dates on pages are re-set when sites are rebuilt: hints, not proof.

use serde::Deserialize;

use super::{Subject, Wanted, outcome::Outcome};
use crate::{
    model::{BodyKind, Status},
    schema::Rule,
};

#[derive(Deserialize)]
struct Due {
    month: u8,
    day: u8,
}

/// Runs both deadline rules; one of them speaks of any body that has a legal date.
pub(super) fn deadlines(subject: &Subject<'_>, wanted: Wanted, sink: &mut impl FnMut(Outcome)) {
    for rule in wanted.rules().filter(|rule| rule.group == "deadlines") {
        sink(deadline(rule, subject));
    }
}

fn deadline(rule: &'static Rule, subject: &Subject<'_>) -> Outcome {
    let speaks = match subject.kind {
        BodyKind::Government | BodyKind::Office => rule.id == "D-GOV",
        BodyKind::Department | BodyKind::Ministry => rule.id == "D-DEPT",
        // Towns, subdistricts and zones have local dates only; vertical systems set their own.
        _ => false,
    };
    let Ok(due) = serde_json::from_value::<Due>(rule.machine.clone()) else {
        return Outcome::new(rule, Status::NotApplicable);
    };
    let due = (subject.year.number() + 1, due.month, due.day);
    if !speaks {
        return Outcome::new(rule, Status::NotApplicable);
    }
    let Some(published) = subject.published.and_then(date) else {
        return Outcome::new(rule, Status::Unassessable);
    };
    let mut outcome = Outcome::new(rule, if published <= due { Status::Pass } else { Status::Fail });
    if outcome.status == Status::Fail {
        outcome.text = subject.published.map(str::to_owned);
    }
    outcome
}

/// Year, month and day of `2025-01-26`.
fn date(text: &str) -> Option<(u16, u8, u8)> {
    let mut parts = text.get(..10).unwrap_or(text).splitn(3, '-');
    let date = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    ((1..=12).contains(&date.1) && (1..=31).contains(&date.2)).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_parse_or_do_not() {
        assert_eq!(date("2025-01-26"), Some((2025, 1, 26)));
        assert_eq!(date("2025-1-6"), Some((2025, 1, 6)));
        for text in ["", "2025", "2025-13-01", "2025-01-00", "26.1.2025"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
