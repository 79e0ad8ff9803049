//! Statements carried out one after another: answers shown, asserts held, exports written.

use std::path::Path;

use gongkai::{
    Asserted, Database, Diagnostic, Done as Carried, ErrorKind,
    query::{Answer, Number, Question, Step},
    render::number,
    text::{Source, Span},
};

use super::{Planned, plan};
use crate::{
    draw,
    exit::{Done, Exit, Fail},
    interrupt,
    output::{Output, export},
    session::Session,
    show,
};

/// How a script is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Goes on after a failure.
    pub keep_going: bool,
    /// Shows answers; a test only holds asserts.
    pub show: bool,
    /// Says in JSON how long an answer took; the output of a script is the same every time.
    pub timed: bool,
}

/// What became of a script.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// The code the process should end with.
    pub exit: Exit,
    /// Asserts that hold.
    pub held: usize,
    /// Asserts that do not.
    pub broken: usize,
    /// Whether it ended before all was done, so that a file of its answers is not whole.
    pub stopped: bool,
}

/// Runs a script against a database.
pub fn run(
    source: Source,
    file: Option<&Path>,
    database: &Database,
    params: &mut gongkai::query::Session,
    output: &mut Output,
    manner: Manner,
    session: &Session,
) -> Done<Outcome> {
    let script = plan(source, file, database, params, session.lang)?;
    let mut outcome = Outcome::default();
    for (source, complaint) in &script.complaints {
        draw::diagnostics(session, std::slice::from_ref(complaint), source);
    }
    if script.is_wrong() {
        outcome.exit = Exit::Usage;
        if !manner.keep_going {
            outcome.stopped = true;
            return Ok(outcome);
        }
    }
    carry_out(&script.steps, database, output, manner, session, &mut outcome)?;
    Ok(outcome)
}

/// Carries out statements that were made ready.
pub fn carry_out(
    steps: &[Planned],
    database: &Database,
    output: &mut Output,
    manner: Manner,
    session: &Session,
    outcome: &mut Outcome,
) -> Done<()> {
    for planned in steps {
        interrupt::go_on()?;
        if let Step::Query(question) = &planned.step {
            draw::diagnostics(session, &question.warnings, &planned.source);
        }
        let done = match &planned.step {
            Step::Query(question) if manner.show => {
                let shown = asked(question, database, manner.timed, output, session);
                shown.map(|answer| Carried::Answer(Box::new(answer)))
            }
            step => database.carry_out(step).map_err(Fail::from),
        };
        let failed = match done.map_err(|fail| in_script(fail, planned)) {
            Ok(Carried::Answer(answer)) => {
                let failed = answer.failed.is_some_and(|failed| failed > 0);
                failed.then_some(Exit::Failed)
            }
            Ok(Carried::Assert(asserted)) => {
                if asserted.holds {
                    outcome.held += 1;
                    if session.verbosity > 0 {
                        draw::note(session, &session.say("run.holds", &[("text", asserted.answer.query.en.as_str())]));
                    }
                    None
                } else {
                    outcome.broken += 1;
                    draw::diagnostics(session, &[broken(&asserted, planned)], &planned.source);
                    Some(Exit::Failed)
                }
            }
            Ok(Carried::Stored) => {
                stored(&planned.step, session);
                None
            }
            Ok(_) => None,
            // Nobody reads on, or the place for answers is at fault: that ends more than a statement.
            Err(fail) if !matches!(fail, Fail::Library(..)) => return Err(fail),
            Err(fail) => {
                draw::fail(session, &fail);
                Some(fail.exit())
            }
        };
        if let Some(exit) = failed {
            if outcome.exit == Exit::Ok {
                outcome.exit = exit;
            }
            if !manner.keep_going || exit == Exit::Interrupted {
                // A check that finds something is an answer; anything else left answers out.
                outcome.stopped = exit != Exit::Failed;
                break;
            }
        }
    }
    Ok(())
}

/// Says what was stored, and what shows it.
pub fn stored(step: &Step, session: &Session) {
    let said = match step {
        Step::Verdict(judged) => {
            let (report, rule) = (format!("@{} {}", judged.body, judged.year), judged.rule.as_str());
            session.say("run.judged", &[("rule", rule), ("report", &report)])
        }
        Step::Correct(corrected) => {
            session.say("run.corrected", &[("report", &format!("@{} {}", corrected.body, corrected.year))])
        }
        _ => return,
    };
    draw::note(session, &said);
}

/// Asks, and shows the answer or writes it where its `| export FILE` says.
fn asked(
    question: &Question,
    database: &Database,
    timed: bool,
    output: &mut Output,
    session: &Session,
) -> Done<Answer> {
    let Some(file) = export(question) else { return show::asked(question, database, timed, output, session) };
    let mut saved = Output::at(Path::new(file), session)?;
    let answer = show::asked(question, database, timed, &mut saved, session)?;
    saved.close()?;
    draw::note(session, &session.say("repl.saved", &[("file", file)]));
    Ok(answer)
}

/// A failure of a statement, pointing into its script.
fn in_script(fail: Fail, planned: &Planned) -> Fail {
    match fail {
        Fail::Library(error, None) if error.kind() == ErrorKind::Query => {
            let source = Source::new(planned.source.name(), planned.source.text());
            Fail::Library(error, Some(Box::new(source)))
        }
        other => other,
    }
}

/// The complaint about an assert that does not hold: where, and what was found instead.
fn broken(asserted: &Asserted, planned: &Planned) -> Diagnostic {
    claim(asserted, planned.span, matches!(&planned.step, Step::Assert(assertion) if assertion.claim.is_none()))
}

/// The complaint about a claim, or about a check that wants every row to pass.
pub fn claim(asserted: &Asserted, span: Span, check: bool) -> Diagnostic {
    let row = asserted.against.and_then(|at| asserted.answer.rows().nth(at));
    let found = match asserted.found {
        Some(value) => Some(shown(value)),
        None => row.and_then(|row| row.state()).map(|state| state.id().to_owned()),
    };
    let code = if check { "GK0505" } else { "GK0501" };
    Diagnostic::error(code, span)
        .with("found", found.unwrap_or_default())
        .with("row", asserted.against.map(|at| (at + 1).to_string()).unwrap_or_default())
        .with("rows", asserted.answer.rows.len().to_string())
}

/// A value with all that matters to a comparison: a share with its two figures.
fn shown(value: Number) -> String {
    match value {
        Number::Ratio { numerator, denominator } => {
            format!("{} ({numerator}/{denominator})", number::shown(value, Some("%")))
        }
        other => number::shown(other, None),
    }
}
