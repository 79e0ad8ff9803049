//! `gongkai run FILE.gk`: runs a script; `-` is standard input.

use std::path::Path;

use gongkai::{query, text::Source};

use crate::{
    args::RunArgs,
    draw,
    exit::{Done, Exit, Fail},
    input,
    output::{Format, Output},
    script::{self, Manner},
    session::Session,
    store,
};

/// Runs every script in order, each in a fresh session, and says how its asserts went.
pub fn run(args: &RunArgs, session: &Session) -> Done {
    let scripts = args.files.iter().map(|file| open(file)).collect::<Done<Vec<_>>>()?;
    let database = store::for_texts(&args.ask.from, scripts.iter().map(|(source, _)| source), session)?;
    input::population(args.ask.population.as_deref(), &database, session)?;
    let mut output = Output::open(&args.ask.output, session, Format::Csv)?;
    let (mut exit, mut stopped) = (Exit::Ok, false);
    for (source, path) in scripts {
        let mut params = params(&args.param)?;
        let manner = Manner { keep_going: args.keep_going, show: true, timed: false };
        let outcome = script::run(source, path, &database, &mut params, &mut output, manner, session)?;
        if outcome.held + outcome.broken > 0 {
            let (held, all) = (outcome.held.to_string(), (outcome.held + outcome.broken).to_string());
            draw::note(session, &session.say("run.asserts", &[("held", held.as_str()), ("all", all.as_str())]));
        }
        if exit == Exit::Ok {
            exit = outcome.exit;
        }
        stopped |= outcome.stopped;
        if exit != Exit::Ok && !args.keep_going {
            break;
        }
    }
    if stopped {
        output.leave(session)?;
    } else {
        output.close()?;
    }
    Ok(exit)
}

/// The text of a script, and where it lies.
pub fn open(file: &Path) -> Done<(Source, Option<&Path>)> {
    if file == Path::new("-") {
        return Ok((Source::new("stdin", text(&input::stdin()?, "stdin")?), None));
    }
    let bytes = input::whole(file)?;
    let name = file.display().to_string();
    Ok((Source::new(name.clone(), text(&bytes, &name)?), Some(file)))
}

fn text(bytes: &[u8], name: &str) -> Done<String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).map_err(|_| Fail::usage("run.not_utf8").with("file", name))
}

/// `--param city=大同市` as the session takes it.
pub fn params(given: &[String]) -> Done<query::Session> {
    let mut session = query::Session::default();
    for param in given {
        let (name, value) = param.split_once('=').ok_or_else(|| Fail::usage("run.param").with("word", param))?;
        session.params.set(name.trim().trim_start_matches('$'), value.trim());
    }
    Ok(session)
}
