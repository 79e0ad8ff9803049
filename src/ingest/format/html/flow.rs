//! A tree to a document: lines where text flows, grids where a table is a table.

use super::{
    element::Role,
    table,
    tree::{Id, Kind, Tree},
    words::Words,
};
use crate::ingest::{Block, Document, Format, Line, format::places::Places};

/// Lines, tables and metadata of a page.
pub(super) fn document(tree: &Tree, places: &Places<'_>) -> Document {
    let mut flow = Flow { tree, places, metadata: Vec::new(), blocks: Vec::new(), words: Words::new() };
    flow.children(0, false);
    flow.end_line();
    Document { format: Format::Html, metadata: flow.metadata, blocks: flow.blocks }
}

/// The document as far as it was walked.
pub(super) struct Flow<'tree> {
    tree: &'tree Tree,
    places: &'tree Places<'tree>,
    metadata: Vec<(String, String)>,
    blocks: Vec<Block>,
    words: Words,
}

impl Flow<'_> {
    /// Walks what is inside a node.
    pub(super) fn children(&mut self, id: Id, lines: bool) {
        let tree = self.tree;
        for (child, node) in tree.children(id) {
            match &node.kind {
                Kind::Text(text) => {
                    self.words.push(text, node.offset, lines);
                    if lines && text.contains('\n') {
                        self.end_lines();
                    }
                }
                Kind::Element(role) => self.element(child, role, lines),
            }
        }
    }

    fn element(&mut self, id: Id, role: &Role, lines: bool) {
        match role {
            Role::Inline => self.children(id, lines),
            Role::Break => self.end_line(),
            Role::Block | Role::Section | Role::Row | Role::Cell { .. } => {
                self.end_line();
                self.children(id, lines);
                self.end_line();
            }
            Role::Preformatted => {
                self.end_line();
                self.children(id, true);
                self.end_line();
            }
            Role::Table => {
                self.end_line();
                table::write(self, id);
                self.end_line();
            }
            Role::Title => {
                if let Some((title, _)) = text(self.tree, id) {
                    self.metadata.push(("title".to_owned(), title.replace('\n', " ")));
                }
            }
            Role::Meta(name, content) => self.metadata.push((name.clone(), content.clone())),
            // The title and the metadata stand in the head, which is otherwise not shown.
            Role::Hidden => self.head(id),
        }
    }

    fn head(&mut self, id: Id) {
        let tree = self.tree;
        for (child, node) in tree.children(id) {
            if let Kind::Element(role @ (Role::Title | Role::Meta(..))) = &node.kind {
                self.element(child, role, false);
            }
        }
    }

    /// Ends the current line.
    pub(super) fn end_line(&mut self) {
        if let Some((text, offset)) = self.words.take() {
            // Preformatted text ends several lines at once.
            let place = self.places.at(offset);
            for (line, number) in text.split('\n').zip(place.line..) {
                let place = if number == place.line { place } else { crate::text::Place { line: number, column: 1 } };
                self.blocks.push(Block::Line(Line { text: line.to_owned(), place }));
            }
        }
    }

    fn end_lines(&mut self) {
        self.words.end_line();
    }

    /// Adds a table, or whatever a table turned out to be.
    pub(super) fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// The tree that is walked.
    pub(super) fn tree(&self) -> &Tree {
        self.tree
    }

    /// The place of an offset.
    pub(super) fn place(&self, offset: usize) -> crate::text::Place {
        self.places.at(offset)
    }
}

/// The text inside a node as one string, `\n` between its lines, and where it begins.
pub(super) fn text(tree: &Tree, id: Id) -> Option<(String, usize)> {
    let mut words = Words::new();
    collect(tree, id, false, &mut words);
    words.take()
}

fn collect(tree: &Tree, id: Id, lines: bool, words: &mut Words) {
    for (child, node) in tree.children(id) {
        match &node.kind {
            Kind::Text(text) => words.push(text, node.offset, lines),
            Kind::Element(Role::Inline) => collect(tree, child, lines, words),
            Kind::Element(Role::Break) => words.end_line(),
            Kind::Element(Role::Hidden | Role::Title | Role::Meta(..)) => {}
            Kind::Element(role) => {
                words.end_line();
                collect(tree, child, lines || *role == Role::Preformatted, words);
                words.end_line();
            }
        }
    }
}
