//! What a reader of an answer should know: breaks of the forms and of the law, what was left out, what was assumed.

use super::{
    super::{Note, plan::TermKind},
    gather::Gathered,
    grade::Grade,
    setup::Setup,
    tally::mark,
    whose::{Years, bit},
};
use crate::model::{Table, Year};

/// Breaks in the world (DOMAIN section 5): code, the table it touches, the first year after it, and
/// whether that year alone is already mixed.
const BREAKS: [(&str, Table, u16, bool); 3] = [
    // The revised Regulations began on 15 May 2019.
    ("legal_2019", Table::T3, 2019, true),
    // Processing fees from 2021 keep large requesters away.
    ("legal_fees_2021", Table::T3, 2021, false),
    // From 2024 refusals go to reconsideration before court.
    ("legal_review_2024", Table::T4, 2024, false),
];

/// The notes of an answer, each once, in a fixed order.
pub(crate) fn notes(setup: &Setup, gathered: &Gathered) -> Vec<Note> {
    let mut notes = Vec::new();
    let options = setup.plan.options;
    if options.blank_as_zero {
        notes.push(note("blank_as_zero", &[]));
    }
    if options.complete {
        notes.push(note("complete", &[("count", &setup.ground.selection.incomplete.to_string())]));
    }
    if options.comparable {
        notes.push(note("comparable", &[("count", &setup.ground.selection.broken.to_string())]));
    }
    if setup.ground.selection.own_left_out > 0 {
        notes.push(note("own_left_out", &[("count", &setup.ground.selection.own_left_out.to_string())]));
    }
    if setup.ground.selection.cover_differs {
        notes.push(note("cover_differs", &[]));
    }
    for (body, year) in &setup.ground.selection.not_valid {
        notes.push(note("not_valid", &[("body", body), ("year", &year.to_string())]));
    }
    forms(setup, gathered, &mut notes);
    notes.extend(breaks(setup, gathered));
    for (bit, code) in
        [(mark::TERRITORY, "territory_changed"), (mark::OWN, "own_figures"), (mark::NO_POPULATION, "no_population")]
    {
        if gathered.told.marks.iter().any(|marks| marks & bit != 0) {
            notes.push(note(code, &[]));
        }
    }
    notes
}

/// Measures that do not join the two forms, or join them nearly.
fn forms(setup: &Setup, gathered: &Gathered, notes: &mut Vec<Note>) {
    for (number, term) in setup.terms.all.iter().enumerate().take(setup.terms.shown) {
        let years = gathered.told.not_in_template.get(number).copied().unwrap_or_default();
        for (at, member) in term.members.iter().enumerate() {
            let id = member.measure.id.as_str();
            let args = |more: &[(&str, &str)]| {
                let mut args = vec![("measure", id)];
                args.extend_from_slice(more);
                note_args(&args)
            };
            match setup.grade(number, at) {
                Grade::Broken if years != 0 => {
                    let years = list(setup, years);
                    notes.push(Note { code: "template_none".to_owned(), args: args(&[("years", &years)]) });
                }
                Grade::Near if forms_met(gathered, number) => {
                    notes.push(Note { code: "template_near".to_owned(), args: args(&[]) });
                }
                _ => {}
            }
        }
    }
}

fn forms_met(gathered: &Gathered, term: usize) -> bool {
    let both = mark::FORM_2019 | mark::FORM_2021;
    gathered.told.marks.get(term).is_some_and(|marks| marks & both == both)
}

fn breaks(setup: &Setup, gathered: &Gathered) -> Vec<Note> {
    let shown = || setup.terms.all.iter().zip(&setup.ready).take(setup.terms.shown);
    let years: Vec<Year> = setup
        .plan
        .years
        .iter()
        .enumerate()
        .filter(|&(at, _)| gathered.told.used & bit(at) != 0)
        .map(|(_, &year)| year)
        .collect();
    let changes = shown().any(|(term, _)| term.kind == TermKind::Change);
    let last = years.iter().max().map(|year| year.number());
    let first = years.iter().min().map(|year| year.number() - u16::from(changes));
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    BREAKS
        .into_iter()
        .filter(|(_, table, ..)| shown().any(|(_, ready)| ready.tables.contains(table)))
        .filter(|&(.., year, mixed)| (first < year && year <= last) || (mixed && first <= year && year <= last))
        .map(|(code, ..)| note(code, &[]))
        .collect()
}

fn list(setup: &Setup, years: Years) -> String {
    let named = setup.plan.years.iter().enumerate().filter(|&(at, _)| years & bit(at) != 0);
    named.map(|(_, year)| year.to_string()).collect::<Vec<_>>().join(", ")
}

pub(crate) fn note(code: &str, args: &[(&str, &str)]) -> Note {
    Note { code: code.to_owned(), args: note_args(args) }
}

fn note_args(args: &[(&str, &str)]) -> Vec<(String, String)> {
    args.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}
