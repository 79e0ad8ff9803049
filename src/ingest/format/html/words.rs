//! Running text as a browser shows it: blanks collapse, pieces join without a gap, breaks end lines.

/// What stood between the last character and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    /// Blanks.
    Space,
    /// Blanks with a line end of the source among them.
    Wrap,
    /// A line end the page shows.
    Break,
}

/// Text being put together.
pub(super) struct Words {
    text: String,
    offset: Option<usize>,
    gap: Gap,
}

impl Words {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { text: String::new(), offset: None, gap: Gap::None }
    }

    /// Takes a piece of text that stands at `offset`; with `lines`, its line ends count.
    pub(super) fn push(&mut self, piece: &str, offset: usize, lines: bool) {
        for (at, c) in piece.char_indices() {
            let gap = match c {
                '\n' if lines => Gap::Break,
                '\n' => Gap::Wrap,
                ' ' | '\t' | '\r' | '\u{C}' => Gap::Space,
                _ => Gap::None,
            };
            if gap != Gap::None {
                self.gap = self.gap.max(gap);
            } else if c == '\u{A0}' {
                // Not collapsed, but blank: a cell of nothing else is an empty cell.
                self.text.push(' ');
            } else {
                self.close_gap(c);
                self.offset.get_or_insert(offset + at);
                self.text.push(c);
            }
        }
    }

    /// A line ends here.
    pub(super) fn end_line(&mut self) {
        self.gap = Gap::Break;
    }

    fn close_gap(&mut self, next: char) {
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        if gap == Gap::None || self.text.trim().is_empty() {
            return;
        }
        match gap {
            Gap::None => {}
            // Chinese wrapped in the source has no blank at the seam.
            Gap::Wrap if is_wide(next) && self.text.chars().last().is_some_and(is_wide) => {}
            Gap::Space | Gap::Wrap => self.text.push(' '),
            Gap::Break => self.text.push('\n'),
        }
    }

    /// The text without blanks at its ends, and where it begins; starts anew.
    pub(super) fn take(&mut self) -> Option<(String, usize)> {
        let Self { text, offset, .. } = std::mem::replace(self, Self::new());
        if !text.contains('\n') {
            return offset.map(|offset| (text.trim().to_owned(), offset));
        }
        let lines: Vec<&str> = text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
        offset.map(|offset| (lines.join("\n"), offset))
    }
}

fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}')
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn text(pieces: &[&str]) -> Option<String> {
        let mut words = Words::new();
        for piece in pieces {
            if *piece == "<br>" { words.end_line() } else { words.push(piece, 0, false) }
        }
        words.take().map(|(text, _)| text)
    }

    #[test]
    fn joins_as_a_browser_shows() {
        assert_eq!(text(&["20", "23"]).as_deref(), Some("2023"));
        assert_eq!(text(&[" 商业\n  企业 "]).as_deref(), Some("商业企业"));
        assert_eq!(text(&["12\n34"]).as_deref(), Some("12 34"));
        assert_eq!(text(&["商业", "<br>", "企业"]).as_deref(), Some("商业\n企业"));
        assert_eq!(text(&["<br>", "0", "<br>", "\u{A0}", "<br>"]).as_deref(), Some("0"));
        assert_eq!(text(&["\u{A0}\u{A0}", "\n"]), None);
    }
}
