//! Any text as a query or script: cut and parsed, and what parses printed and read back.
#![no_main]

use std::sync::LazyLock;

use gongkai::{
    query::{Lexicon, Tongue, parse, print_script},
    text::Source,
};
use libfuzzer_sys::fuzz_target;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::default);

fuzz_target!(|text: &str| {
    let parsed = parse(&Source::new("fuzz", text), &LEXICON);
    for mistake in &parsed.diagnostics {
        assert!(text.is_char_boundary(mistake.span.start) && text.is_char_boundary(mistake.span.end));
    }
    if parsed.diagnostics.is_empty() {
        for tongue in [Tongue::En, Tongue::Zh] {
            let printed = print_script(&parsed.script, tongue, &LEXICON);
            let again = parse(&Source::new("printed", printed.as_str()), &LEXICON);
            assert_eq!(again.diagnostics, [], "{printed}");
            assert_eq!(print_script(&again.script, tongue, &LEXICON), printed);
        }
    }
});
