//! Any text as a query or script: its names looked up, its end completed, its words coloured.
#![no_main]

use std::sync::LazyLock;

use gongkai::{
    query::{Lexicon, Session, complete, highlight, understand},
    store::View,
    text::Source,
};
use libfuzzer_sys::fuzz_target;

static VIEW: LazyLock<View> = LazyLock::new(View::default);
static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&VIEW));

fuzz_target!(|text: &str| {
    let understood = understand(&Source::new("fuzz", text), &LEXICON, &VIEW, &mut Session::default());
    for mistake in understood.err().unwrap_or_default() {
        assert!(text.is_char_boundary(mistake.span.start) && text.is_char_boundary(mistake.span.end));
    }
    let completion = complete(text, text.len(), &LEXICON, &VIEW);
    assert!(text.is_char_boundary(completion.start));
    for (span, _) in highlight(text, &LEXICON) {
        assert!(text.get(span.start..span.end).is_some());
    }
});
