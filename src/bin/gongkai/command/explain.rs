//! `gongkai explain CODE` or `explain WORD`: the page of a message, or what a word means.

use gongkai::{
    messages::{self, Lang},
    render::teach,
};

use crate::{
    args::ExplainArgs,
    exit::{Done, Exit, Fail},
    pager,
    session::Session,
};

/// Shows the page of a code, or what a word means.
pub fn run(args: &ExplainArgs, session: &Session) -> Done {
    let words = args.words.join(" ");
    let page = page(&words, session.lang).or_else(|| teach::page(&words, session.lang));
    let page = page.ok_or_else(|| Fail::usage("explain.unknown").with("word", &words))?;
    pager::show(&(page + "\n"), session)?;
    Ok(Exit::Ok)
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
