//! Counts the attributes of a tag while it is fed, because the parser compares each with all before it.

use memchr::memchr;

/// Where in a tag the last character was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// In the tag's own name.
    TagName,
    /// Between attributes.
    Between,
    /// In an attribute's name.
    Name,
    /// After `=`.
    Equals,
    /// In a value without quotes.
    Bare,
    /// In a value with quotes of this kind.
    Quoted(u8),
}

/// A count that goes on over the pieces of a tag.
pub(super) struct Attributes {
    at: At,
    /// Attributes begun so far.
    pub(super) count: usize,
}

impl Attributes {
    /// Before the first piece of a tag.
    pub(super) fn new() -> Self {
        Self { at: At::TagName, count: 0 }
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self, piece: &str) {
        // What counts is ASCII, and no byte of another character looks like it.
        let mut bytes = piece.as_bytes();
        while let [c, rest @ ..] = bytes {
            let c = *c;
            if let At::Quoted(quote) = self.at
                && c != quote
            {
                bytes = memchr(quote, rest).and_then(|end| rest.get(end..)).unwrap_or_default();
                continue;
            }
            bytes = rest;
            let space = c.is_ascii_whitespace();
            self.at = match (self.at, c) {
                (At::Equals, b'"' | b'\'') => At::Quoted(c),
                (At::Equals, _) if space => At::Equals,
                (At::Equals, _) => At::Bare,
                (At::TagName | At::Name, _) if space || c == b'/' => At::Between,
                (At::Bare | At::Between, _) if space => At::Between,
                (At::Quoted(_), _) | (At::Between, b'/') => At::Between,
                // `name = value`: the blank before `=` began no new attribute.
                (At::Name | At::Between, b'=') => At::Equals,
                (At::Between, _) => {
                    self.count += 1;
                    At::Name
                }
                (at, _) => at,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;

    fn count(pieces: &[&str]) -> usize {
        let mut attributes = Attributes::new();
        for piece in pieces {
            attributes.take(piece);
        }
        attributes.count
    }

    #[test]
    fn counts_names_not_words_of_values() {
        assert_eq!(count(&["<td"]), 0);
        assert_eq!(count(&["<td nowrap style=\"a: b; c: d\" rowspan=2 x = 'y z'/"]), 4);
        assert_eq!(count(&["<a title=\"x", ">", " y\" href=z"]), 2);
        assert_eq!(count(&["<a b=\"1\"c=\"2\""]), 2);
    }
}
