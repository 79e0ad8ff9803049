//! Random reports, written in every layout and damaged as the world does: reading gives them back or says that it
//! cannot, and never gives a wrong figure without a finding.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use gongkai::{
    ingest::{Options, Outcome, read_bytes},
    model::{Applicant, Reading, Report, Scope, Slot},
    schema::catalogue,
};

use crate::render::{
    Dice, Layout,
    figures::Figures,
    form::{self, Cell, Piece},
    mutate::Damage,
};

/// What is printed, by slot: the figure in units, or `None` for a blank.
type Printed = BTreeMap<Slot, Option<String>>;

fn printed(pieces: &[Piece]) -> Printed {
    let tables = pieces.iter().filter_map(|piece| if let Piece::Table(table) = piece { Some(table) } else { None });
    let cells = tables.flat_map(|table| &table.rows).flatten();
    let mut printed = Printed::new();
    for (slot, figure) in cells.filter_map(|cell| Some((slot(cell)?, figure(&cell.text)))) {
        // Of two figures for one cell neither can be read as the one that is meant.
        let before = printed.get(&slot).is_none_or(|before| *before == figure);
        printed.insert(slot, if before { figure } else { Some("either".to_owned()) });
    }
    printed
}

fn slot(cell: &Cell) -> Option<Slot> {
    let (category, column) = cell.slot?;
    let code = catalogue().by_id(category).unwrap_or_else(|| panic!("no category {category}")).code;
    Some(column.map_or(Slot::plain(code), |column| Slot::of(code, Applicant::ALL[column])))
}

/// The number a person reads: ASCII digits, no sign `+`, no leading zeros, no unit.
fn figure(text: &str) -> Option<String> {
    if text.contains(['O', 'l']) {
        return Some("unclear".to_owned());
    }
    let text: String = text
        .chars()
        .map(|c| match u32::from(c) {
            0xFF10..=0xFF19 => char::from_u32(u32::from(c) - 0xFF10 + u32::from('0')).unwrap(),
            _ => c,
        })
        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
        .collect();
    let number = text.trim_start_matches('0');
    match number {
        "" if text.is_empty() => None,
        "" => Some("0".to_owned()),
        _ if number.starts_with('.') => Some(format!("0{number}")),
        _ => Some(number.to_owned()),
    }
}

/// How a reading went.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    right: usize,
    flagged: usize,
    refused: usize,
}

impl std::ops::AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.flagged += other.flagged;
        self.refused += other.refused;
    }
}

/// Compares a report with what was printed; an error names the first figure that is wrong.
fn compare(report: &Report, printed: &Printed, figures: &Figures) -> Result<Score, String> {
    if report.year.to_string() != figures.year.to_string() {
        return Err(format!("year {} for {}", report.year, figures.year));
    }
    let mut score = Score::default();
    let flagged = |slot: &Slot| report.findings.iter().any(|finding| finding.cells.contains(slot));
    for cell in &report.cells {
        let given = match cell.reading {
            Reading::Value(quantity) => Some(quantity.to_string()),
            Reading::Blank { proved_zero: true } => Some("0".to_owned()),
            _ => None,
        };
        let right = match printed.get(&cell.slot) {
            Some(Some(figure)) => given.as_ref() == Some(figure),
            Some(None) => matches!(cell.reading, Reading::Blank { .. } | Reading::NotApplicable),
            None => given.is_none(),
        };
        // A blank proved to be zero says the same as the zero; an unreadable cell says that it is not read.
        if !right && !flagged(&cell.slot) && cell.reading != Reading::Unreadable {
            let name = catalogue().get(cell.slot.category).map_or("", |category| category.id.as_str());
            let want = printed.get(&cell.slot);
            return Err(format!("{name} {:?}: {:?} for {want:?}", cell.slot.applicant, cell.reading));
        }
        if right {
            score.right += 1;
        } else {
            score.flagged += 1;
        }
    }
    if std::env::var_os("GONGKAI_FLAGGED").is_some() && score.flagged > 0 {
        let rules: Vec<_> =
            report.findings.iter().map(|finding| (finding.rule.as_str(), finding.cells.len())).collect();
        eprintln!("{} flagged: {rules:?}", score.flagged);
    }
    score.flagged += printed.keys().filter(|slot| report.cell(**slot).is_none()).count();
    Ok(score)
}

/// One case: a seed gives the report, its damage and the layout.
fn case(seed: u64, layout: Layout, damage: Option<Damage>) -> Result<Score, String> {
    let mut dice = Dice::new(seed);
    let figures = Figures::random(&mut dice);
    let mut pieces = form::pieces(&figures);
    if let Some(damage) = damage {
        damage.apply(&mut pieces, &mut dice);
    }
    let bytes = layout.write(&pieces, &mut dice);
    if let Some(folder) = std::env::var_os("GONGKAI_RENDERED") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{seed}")), &bytes).unwrap();
    }
    let options = Options { scope: Some(Scope::Aggregate), ..Options::default() };
    let readings = catch_unwind(AssertUnwindSafe(|| read_bytes("report", &bytes, &options)));
    let readings = readings.map_err(|_| "panicked".to_owned())?;
    let [reading] = readings.as_slice() else { return Err(format!("{} readings", readings.len())) };
    match &reading.outcome {
        Outcome::Read(report) => compare(report, &printed(&pieces), &figures),
        Outcome::Refused(refusal) => {
            eprintln!(
                "seed {seed}, {layout:?}, {damage:?}: refused {} {:?} for {}",
                refusal.code, refusal.args, figures.body
            );
            Ok(Score { refused: 1, ..Score::default() })
        }
    }
}

/// How many seeds each layout and damage is tried with.
fn rounds() -> u64 {
    std::env::var("GONGKAI_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(4)
}

/// Runs cases and fails with the seeds that went wrong.
fn run(damages: &[Option<Damage>]) -> BTreeMap<String, Score> {
    let only = std::env::var("GONGKAI_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut seed = 0;
    for damage in damages {
        for layout in Layout::all() {
            for _ in 0..rounds() {
                seed += 1;
                if only.is_some_and(|only| only != seed) {
                    continue;
                }
                match case(seed, layout, *damage) {
                    Ok(score) => *scores.entry(format!("{layout:?}")).or_default() += score,
                    Err(reason) => wrong.push(format!("seed {seed}, {layout:?}, {damage:?}: {reason}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong of {seed}:\n{}", wrong.len(), wrong.join("\n"));
    scores
}

#[test]
fn a_clean_report_comes_back_from_every_layout() {
    for (layout, score) in run(&[None]) {
        eprintln!("{layout}: {score:?}");
        // Runs of large figures can be cut in many ways, which are flagged; so are single rows of small tables and of a
        // page on one line, where nothing proves the columns. All else is read whole.
        let all = score.right + score.flagged;
        let least = match layout.as_str() {
            "Text(Digits)" => 0,
            "Text(MarkdownGroups)" | "Text(OneLine)" => 90,
            _ => 100,
        };
        assert!(score.refused == 0 && score.right * 100 >= all * least, "{layout}: {score:?}");
    }
}

#[test]
fn a_damaged_report_is_never_read_wrong() {
    let damages: Vec<Option<Damage>> = Damage::ALL.into_iter().map(Some).collect();
    for (layout, score) in run(&damages) {
        eprintln!("{layout}: {score:?}");
    }
}
