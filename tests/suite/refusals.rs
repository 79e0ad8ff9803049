//! What is refused is refused in a person's words: whatever is typed, no rule of the grammar shows in a message.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use gongkai::{
    Diagnostic,
    diagnostic::Level,
    messages::{Lang, has, text},
    query::{Lexicon, Session, keywords, understand},
    store::View,
    text::{Source, fold},
};
use proptest::{prelude::*, sample::Index};

/// The names of the grammar's rules that are no words of the language.
fn rules() -> BTreeSet<&'static str> {
    let words: BTreeSet<&str> =
        keywords().iter().flat_map(|keyword| [vec![keyword.word], keyword.en.clone()].concat()).collect();
    let named = include_str!("../../grammar/gongkai.pest").lines().filter_map(|line| line.split_once(" = "));
    let names = named.map(|(name, _)| name.trim()).filter(|name| name.contains('_'));
    names.filter(|name| !words.contains(name)).collect()
}

/// All that a person is shown of a complaint.
fn shown(complaint: &Diagnostic, lang: Lang) -> String {
    let args = || complaint.args.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let parts = ["title", "label", "help"].map(|part| format!("{}.{part}", complaint.code));
    let said = parts.iter().filter(|key| has(lang, key)).map(|key| text(lang, key, args()));
    let fix = complaint.fix.iter().map(|fix| fix.replacement.clone());
    said.chain(complaint.suggestions.iter().cloned()).chain(fix).collect::<Vec<_>>().join("\n")
}

/// Reads a text and looks at every complaint about it.
fn look(typed: &str) -> Result<(), TestCaseError> {
    let view = View::default();
    let start = Instant::now();
    let found = understand(&Source::new("query", typed), &Lexicon::of(&view), &view, &mut Session::default());
    // A bound no machine is too slow for: what it must catch is a text whose reading never seems to end.
    prop_assert!(start.elapsed() < Duration::from_secs(20), "{:?} for {typed}", start.elapsed());
    for complaint in found.err().unwrap_or_default() {
        prop_assert!(typed.get(complaint.span.start..complaint.span.end).is_some(), "{complaint:?} of {typed}");
        prop_assert!(complaint.suggestions.len() <= 3, "{complaint:?}");
        let title = format!("{}.title", complaint.code);
        prop_assert!(complaint.level == Level::Warning || has(Lang::En, &title), "{title}");
        for lang in [Lang::En, Lang::Zh] {
            let shown = shown(&complaint, lang);
            let leaked = rules().into_iter().find(|name| shown.contains(name) && !typed.contains(name));
            prop_assert_eq!(leaked, None, "{} of {}", shown, typed);
            prop_assert!(
                !shown.contains('{') || fold(typed).text().contains('{'),
                "a place is not filled: {} of {}",
                shown,
                typed
            );
        }
    }
    Ok(())
}

/// Questions and statements of the page of the language.
fn examples() -> Vec<&'static str> {
    let page = include_str!("../../docs/LANGUAGE.md");
    let blocks = page.split("```gongkai").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// A statement with words taken out, doubled, put elsewhere or replaced by characters.
fn broken() -> impl Strategy<Value = String> {
    let change = (0_u8..5, any::<Index>(), any::<Index>(), proptest::char::any());
    (proptest::sample::select(examples()), proptest::collection::vec(change, 1..5)).prop_map(|(statement, changes)| {
        let mut letters: Vec<char> = statement.chars().collect();
        for (kind, one, other, character) in changes {
            if letters.is_empty() {
                break;
            }
            let (at, to) = (one.index(letters.len()), other.index(letters.len()));
            let (from, until) = (at.min(to), (at.max(to) + 1).min(at.min(to) + 8));
            match kind {
                0 => drop(letters.drain(from..until)),
                1 => letters.swap(at, to),
                2 => letters.insert(at, character),
                3 => {
                    let copied: Vec<char> = letters[from..until].to_vec();
                    letters.splice(to..to, copied);
                }
                _ => letters[at] = ['|', ',', '(', ')', '/', '"', '按', '在', '.', '0'][to % 10],
            }
        }
        letters.into_iter().collect()
    })
}

fn cases() -> u32 {
    std::env::var("GONGKAI_TEXTS").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_rule_of_the_grammar_shows_for_garbage(typed in r#"([a-z_]{1,9}|\PC{1,4}|[按在对比占比同比条件前后至截止核对显示]{1,4}|[0-9.%-]{1,6}|[ |,;:()\[\]/*<>=$@#"'+]|\n){0,24}"#) {
        look(&typed)?;
    }

    #[test]
    fn no_rule_of_the_grammar_shows_for_broken_statements(typed in broken()) {
        look(&typed)?;
    }
}

/// What is long or deep is refused, whatever it repeats.
#[test]
fn what_repeats_is_refused_in_time() {
    for piece in [
        "(",
        "[",
        "-",
        "/",
        "*/",
        ",",
        "|",
        "\"",
        "“",
        "按",
        "不掌握",
        "占比",
        "万柏林区",
        "太原市/",
        "1..",
        "by ",
        "new ",
        "where (",
        "not_held where new > 1 and ",
        "| top 1 ",
        "let x = -",
        ";",
        "\n",
        "#",
    ] {
        for times in [300, 20_000] {
            look(&piece.repeat(times)).unwrap_or_else(|error| panic!("{piece} {times}: {error}"));
        }
    }
}
