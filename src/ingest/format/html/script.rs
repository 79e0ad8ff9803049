//! Pages that a script writes: the markup stands in the strings of the script, with its quotes escaped.

/// A page put together from strings.
pub(super) struct Written {
    /// The markup.
    pub(super) page: String,
    /// Offsets in it beside offsets in the file, rising.
    pub(super) cuts: Vec<(usize, usize)>,
}

/// Whether attributes are written `colspan=\"3\"`: the page is the inside of a string.
pub(super) fn is_escaped(page: &str) -> bool {
    let escaped = page.matches("=\\\"").count();
    escaped > 3 && escaped > page.matches("=\"").count() * 2
}

/// What the strings with markup in them make together; `None` where there is no table in them.
pub(super) fn written(file: &str) -> Option<Written> {
    let mut written = Written { page: String::new(), cuts: Vec::new() };
    let mut characters = file.char_indices().peekable();
    while let Some((_, c)) = characters.next() {
        // An escaped quote opens nothing; without this a line of them would be read over and over.
        if c == '\\' {
            characters.next();
        }
        if !matches!(c, '"' | '\'' | '`') {
            continue;
        }
        let mut string = Written { page: String::new(), cuts: Vec::new() };
        let mut closed = false;
        let mut plain = false;
        let resume = characters.clone();
        while let Some((at, next)) = characters.next() {
            if next == c {
                closed = true;
                break;
            }
            // A string of a script ends on its line; otherwise this was an apostrophe in a text.
            if next == '\n' && c != '`' {
                break;
            }
            if !plain || next == '\\' {
                string.cuts.push((string.page.len(), at));
            }
            plain = next != '\\';
            string.page.push(if plain { next } else { escape(&mut characters) });
        }
        if closed && string.page.contains('<') && string.page.contains('>') {
            let base = written.page.len();
            written.cuts.extend(string.cuts.into_iter().map(|(there, here)| (base + there, here)));
            written.page.push_str(&string.page);
        } else {
            characters = resume;
        }
    }
    let markup = written.page.to_ascii_lowercase();
    (markup.contains("<td") && markup.contains("<tr")).then_some(written)
}

/// The character that an escape stands for, after its backslash.
fn escape(characters: &mut std::iter::Peekable<std::str::CharIndices<'_>>) -> char {
    match characters.next().map(|(_, c)| c) {
        Some('n' | 'r') => '\n',
        Some('t') => ' ',
        Some(kind @ ('u' | 'x')) => {
            let length = if kind == 'u' { 4 } else { 2 };
            let mut code = 0;
            for _ in 0..length {
                let Some(digit) = characters.peek().and_then(|(_, c)| c.to_digit(16)) else { break };
                code = code * 16 + digit;
                characters.next();
            }
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        Some(c) => c,
        None => char::REPLACEMENT_CHARACTER,
    }
}
