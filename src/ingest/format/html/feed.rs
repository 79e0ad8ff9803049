//! Drives the parser piece by piece: offsets are exact, and limits stop it before its work grows quadratic.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
    tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink},
};

use memchr::memchr2;

use super::{
    attributes::Attributes,
    tree::{Handle, Sink, Tree},
};
use crate::ingest::{
    Refusal,
    format::{limits, refuse},
};

/// Parses a page into a tree.
pub(super) fn parse(page: &str) -> Result<Tree, Refusal> {
    let (offset, stop) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(None)));
    let sink = Sink::new(Rc::clone(&offset), Rc::clone(&stop));
    let builder = Counted {
        builder: TreeBuilder::new(sink, TreeBuilderOpts { drop_doctype: true, ..TreeBuilderOpts::default() }),
        tokens: Cell::new(0),
    };
    let tokenizer = Tokenizer::new(builder, TokenizerOpts::default());
    let (whole, queue) = (StrTendril::from_slice(page), BufferQueue::default());
    let mut tag: Option<Attributes> = None;
    for (start, piece) in pieces(page) {
        let opens = piece.strip_prefix('<').and_then(|rest| rest.chars().next());
        if tag.is_none() && opens.is_some_and(|c| c.is_ascii_alphabetic() || c == '/') {
            tag = Some(Attributes::new());
        }
        if let Some(attributes) = &mut tag {
            attributes.take(piece);
            if attributes.count > limits::ATTRIBUTES {
                return Err(refuse::too_many_elements(limits::ATTRIBUTES));
            }
        }
        offset.set(start);
        let before = tokenizer.sink.tokens.get();
        feed(&tokenizer, &queue, &whole, start, piece);
        // A token came out: whatever tag was open is closed.
        if tokenizer.sink.tokens.get() != before {
            tag = None;
        }
        if let Some(refusal) = stop.borrow_mut().take() {
            return Err(refusal);
        }
    }
    tokenizer.end();
    let refusal = stop.borrow_mut().take();
    match refusal {
        Some(refusal) => Err(refusal),
        None => Ok(tokenizer.sink.builder.sink.finish()),
    }
}

fn feed(tokenizer: &Tokenizer<Counted>, queue: &BufferQueue, whole: &StrTendril, start: usize, piece: &str) {
    let shared = u32::try_from(start).ok().zip(u32::try_from(piece.len()).ok());
    let tendril = shared.and_then(|(start, length)| whole.try_subtendril(start, length).ok());
    queue.push_back(tendril.unwrap_or_else(|| StrTendril::from_slice(piece)));
    while !matches!(tokenizer.feed(queue), TokenizerResult::Done) {}
}

/// The page cut before each `<` and after each `>`, with offsets.
fn pieces(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = page.get(start..).filter(|rest| !rest.is_empty())?;
        let tag = rest.starts_with('<');
        let bytes = rest.as_bytes();
        let end = memchr2(b'<', b'>', bytes.get(1..)?).map(|end| end + 1);
        let length = end.map_or(rest.len(), |end| end + usize::from(bytes.get(end) == Some(&b'>')));
        // A lone `>` ends a piece at once.
        let length = if !tag && rest.starts_with('>') { 1 } else { length };
        let piece = rest.get(..length)?;
        let at = start;
        start += length;
        Some((at, piece))
    })
}

/// The tree builder, counting the tokens it is given.
struct Counted {
    builder: TreeBuilder<Handle, Sink>,
    tokens: Cell<usize>,
}

impl TokenSink for Counted {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        // A broken tag gives errors before it ends; only what it ends with counts.
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_begin_at_tags_and_texts() {
        let found: Vec<_> = pieces("a<b c='>'>规<<i>>x").collect();
        let expected = [(0, "a"), (1, "<b c='>"), (8, "'>"), (10, "规"), (13, "<"), (14, "<i>"), (17, ">"), (18, "x")];
        assert_eq!(found, expected);
        assert_eq!(pieces("").count(), 0);
    }
}
