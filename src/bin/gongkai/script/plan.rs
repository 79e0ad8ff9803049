//! A script made ready: every statement resolved, every complaint found, nothing carried out yet.

use std::{path::Path, rc::Rc};

use gongkai::{
    Database, Diagnostic,
    diagnostic::Level,
    messages::Lang,
    query::{self, Session, Step, ast::StatementKind},
    text::{Source, Span},
};

use super::include::Reach;
use crate::exit::Done;

/// One statement, ready to be carried out.
pub struct Planned {
    /// What to do.
    pub step: Step,
    /// Where it stands.
    pub source: Rc<Source>,
    /// In which part of that.
    pub span: Span,
}

/// A whole script, made ready.
#[derive(Default)]
pub struct Script {
    /// The statements that can be carried out, in order.
    pub steps: Vec<Planned>,
    /// Every complaint, with the text it is about.
    pub complaints: Vec<(Rc<Source>, Diagnostic)>,
}

impl Script {
    /// Whether something is wrong with the script.
    pub fn is_wrong(&self) -> bool {
        self.complaints.iter().any(|(_, complaint)| complaint.level == Level::Error)
    }
}

/// Makes a script ready. `file` is where it lies, which decides what it may include.
pub fn plan(
    source: Source,
    file: Option<&Path>,
    database: &Database,
    session: &mut Session,
    lang: Lang,
) -> Done<Script> {
    let mut script = Script::default();
    let mut reach = Reach::of(file, lang);
    read(&Rc::new(source), database, session, &mut reach, &mut script)?;
    Ok(script)
}

fn read(
    source: &Rc<Source>,
    database: &Database,
    session: &mut Session,
    reach: &mut Reach,
    script: &mut Script,
) -> Done<()> {
    let ground = database.ground()?;
    let parsed = query::parse(source, &ground.lexicon);
    script.complaints.extend(parsed.diagnostics.into_iter().map(|complaint| (Rc::clone(source), complaint)));
    for statement in &parsed.script.statements {
        match &statement.kind {
            StatementKind::Include(name) => match reach.enter(&name.value, name.span) {
                Ok(inner) => {
                    read(&inner, database, session, reach, script)?;
                    reach.leave();
                }
                Err(complaint) => script.complaints.push((Rc::clone(source), *complaint)),
            },
            kind => match session.step(kind, &ground.lexicon, &ground.view) {
                Ok(Step::Set) => {}
                Ok(step) => script.steps.push(Planned { step, source: Rc::clone(source), span: statement.span }),
                Err(complaints) => {
                    script.complaints.extend(complaints.into_iter().map(|complaint| (Rc::clone(source), complaint)));
                }
            },
        }
    }
    Ok(())
}
