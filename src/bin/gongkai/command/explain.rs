//! `gongkai explain CODE`, `explain WORD`, `explain QUERY`: the page of a message, what a word means, how a query is
//! understood.

use gongkai::{
    Database, ErrorKind,
    messages::{self, Lang},
    query::{Reach, Session as Words, Step, Way},
    render::{self, teach},
    text::Source,
};

use crate::{
    args::ExplainArgs,
    exit::{Done, Exit, Fail},
    pager,
    session::Session,
    store,
};

/// Shows the page of a code, what a word means, or how a query is understood.
pub fn run(args: &ExplainArgs, session: &Session) -> Done {
    let words = args.words.join(" ");
    let json = args.ask.output.json || args.ask.output.format.as_deref() == Some("json");
    let known = || page(&words, session.lang).or_else(|| teach::page(&words, session.lang));
    let text = match known().filter(|_| !json) {
        Some(page) => page,
        None if json || words.split_whitespace().nth(1).is_some() => query(&words, json, args, session)?,
        // Chinese needs no spaces: what is one word may be a question all the same.
        None => query(&words, json, args, session).map_err(|_| Fail::usage("explain.unknown").with("word", &words))?,
    };
    pager::show(&(text + "\n"), session)?;
    Ok(Exit::Ok)
}

/// The canonical text of a query in both languages, and its plan.
fn query(text: &str, json: bool, args: &ExplainArgs, session: &Session) -> Done<String> {
    let database = match store::to_ask(&args.ask.from, session) {
        Err(Fail::Library(error, _)) if error.kind() == ErrorKind::NotAStore && !session.store_named => {
            Database::in_memory()
        }
        opened => opened?,
    };
    let steps = database
        .understand(&Source::new("query", text), &mut Words::default())
        .map_err(|error| Fail::Library(error, Some(Box::new(Source::new("query", text)))))?;
    let questions = steps.iter().filter_map(|step| match step {
        Step::Query(question) => Some(question),
        Step::Assert(assertion) => Some(&assertion.question),
        _ => None,
    });
    let mut blocks = Vec::new();
    for question in questions {
        blocks.push(if json {
            let reach = database.reach(question)?;
            let object = serde_json::json!({"query": question.text, "plan": question.plan, "reads": reach});
            serde_json::to_string_pretty(&object).map_err(std::io::Error::from)?
        } else {
            let mut block = vec![question.text.en.clone(), question.text.zh.clone()];
            block.extend(reads(&database.reach(question)?, session));
            // The plan itself is for those who write the program.
            block.extend((session.verbosity > 0).then(|| format!("\n{:#?}", question.plan)));
            block.join("\n")
        });
    }
    Ok(blocks.join("\n\n"))
}

/// What is computed, how, and how much is read for it.
fn reads(reach: &Reach, session: &Session) -> Vec<String> {
    let mut lines: Vec<String> =
        reach.measures.iter().map(|measure| render::answer::definition(measure, session.lang)).collect();
    lines.push(session.say(&format!("reach.{}", reach.way.id()), &[]));
    if reach.way == Way::Presence {
        return lines;
    }
    let (bodies, expected, reports) = (reach.bodies.to_string(), reach.expected.to_string(), reach.reports.to_string());
    let args = [("bodies", bodies.as_str()), ("expected", &expected), ("reports", &reports)];
    lines.push(session.say("reach.who", &args));
    if reach.columns > 0 {
        let (columns, keys, bytes) = (reach.columns.to_string(), reach.keys.to_string(), reach.bytes.to_string());
        lines.push(session.say("reach.size", &[("columns", &columns), ("keys", &keys), ("bytes", &bytes)]));
    }
    lines
}

/// The page of a code such as `GK0102`: what is wrong, why, and what to do.
pub fn page(code: &str, lang: Lang) -> Option<String> {
    let code = code.trim().to_uppercase();
    let known =
        code.strip_prefix("GK").is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()));
    if !known {
        return None;
    }
    let part = |key: String| messages::has(lang, &key).then(|| messages::text(lang, &key, []));
    let head = part(format!("{code}.title")).or_else(|| part(code.clone()))?;
    let rest = [format!("{code}.page"), format!("{code}.help")].into_iter().find_map(part);
    Some([Some(format!("{code}: {head}")), rest].into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}
