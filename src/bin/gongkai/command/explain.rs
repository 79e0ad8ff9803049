//! `gongkai explain CODE`, `explain WORD`, `explain QUERY`: the page of a message, what a word means, how a query is
//! understood.

use gongkai::{
    Database, ErrorKind,
    messages::{self, Lang},
    query::{Session as Words, Step},
    render::teach,
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
        None => return Err(Fail::usage("explain.unknown").with("word", &words)),
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
            let object = serde_json::json!({"query": question.text, "plan": question.plan});
            serde_json::to_string_pretty(&object).map_err(std::io::Error::from)?
        } else {
            format!("{}\n{}\n\n{:#?}", question.text.en, question.text.zh, question.plan)
        });
    }
    Ok(blocks.join("\n"))
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
