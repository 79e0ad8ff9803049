//! Any text as a query or script: cut, parsed, resolved, completed, coloured, and what parses printed and read back.
#![no_main]

use std::sync::LazyLock;

use gongkai::{
    query::{Lexicon, Session, Tongue, complete, highlight, parse, print_script, understand},
    store::View,
    text::Source,
};
use libfuzzer_sys::fuzz_target;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&View::default()));

fuzz_target!(|text: &str| {
    let view = View::default();
    let source = Source::new("fuzz", text);
    for mistake in understand(&source, &LEXICON, &view, &mut Session::default()).err().unwrap_or_default() {
        assert!(text.is_char_boundary(mistake.span.start) && text.is_char_boundary(mistake.span.end));
    }
    let parsed = parse(&source, &LEXICON);
    if parsed.diagnostics.is_empty() {
        for tongue in [Tongue::En, Tongue::Zh] {
            let printed = print_script(&parsed.script, tongue, &LEXICON);
            let again = parse(&Source::new("printed", printed.as_str()), &LEXICON);
            assert_eq!(again.diagnostics, [], "{printed}");
            assert_eq!(print_script(&again.script, tongue, &LEXICON), printed);
        }
    }
    let _ = complete(text, text.len(), &LEXICON, &view);
    let _ = highlight(text, &LEXICON);
});
