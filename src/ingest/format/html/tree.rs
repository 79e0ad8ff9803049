//! The tree of a page: nodes in one list, linked by numbers, with the offset each begins at.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    rc::Rc,
};

use html5ever::{
    Attribute, ExpandedName, LocalName, QualName, ns,
    tendril::StrTendril,
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
};

use super::element::{Role, role};
use crate::ingest::{
    Refusal,
    format::{limits, refuse},
};

/// Number of a node in its [`Tree`].
pub(super) type Id = usize;

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    /// An element by its role.
    Element(Role),
    /// A piece of text.
    Text(StrTendril),
}

/// A node and its links.
#[derive(Debug)]
pub(super) struct Node {
    /// What it is.
    pub(super) kind: Kind,
    /// Byte offset in the page where it begins.
    pub(super) offset: usize,
    depth: usize,
    parent: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    before: Option<Id>,
    next: Option<Id>,
}

/// The finished tree; node 0 is the page.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// A node.
    pub(super) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// The children of a node, in order.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = (Id, &Node)> {
        let mut next = self.nodes.get(id).and_then(|node| node.first);
        std::iter::from_fn(move || {
            let id = next?;
            let node = self.nodes.get(id)?;
            next = node.next;
            Some((id, node))
        })
    }
}

/// What the parser holds on to: a node's number and its name.
#[derive(Clone)]
pub(super) struct Handle {
    id: Id,
    name: Rc<QualName>,
}

/// Takes the parser's calls and links nodes, within limits.
pub(super) struct Sink {
    nodes: RefCell<Vec<Node>>,
    page: Handle,
    /// Offset of the piece being fed.
    offset: Rc<Cell<usize>>,
    /// Links changed so far: misnested tags make the parser move nodes about.
    moves: Cell<usize>,
    /// Why to stop, once there is a reason.
    stop: Rc<RefCell<Option<Refusal>>>,
}

impl Sink {
    /// An empty page. The feeder keeps `offset` up to date and looks at `stop` between pieces.
    pub(super) fn new(offset: Rc<Cell<usize>>, stop: Rc<RefCell<Option<Refusal>>>) -> Self {
        let name = QualName::new(None, ns!(), LocalName::from(""));
        let sink = Self {
            nodes: RefCell::new(Vec::new()),
            page: Handle { id: 0, name: Rc::new(name) },
            offset,
            moves: Cell::new(0),
            stop,
        };
        sink.add(Kind::Element(Role::Block));
        sink
    }

    fn add(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        if nodes.len() >= limits::NODES {
            self.halt(refuse::too_many_elements(limits::NODES));
        }
        nodes.push(Node {
            kind,
            offset: self.offset.get(),
            depth: 0,
            parent: None,
            first: None,
            last: None,
            before: None,
            next: None,
        });
        nodes.len() - 1
    }

    fn halt(&self, refusal: Refusal) {
        self.stop.borrow_mut().get_or_insert(refusal);
    }

    fn moved(&self, count: usize) {
        self.moves.set(self.moves.get() + count);
        if self.moves.get() > limits::NODES * 4 {
            self.halt(refuse::too_many_elements(limits::NODES));
        }
    }

    fn child(&self, child: NodeOrText<Handle>) -> Id {
        match child {
            NodeOrText::AppendNode(handle) => handle.id,
            NodeOrText::AppendText(text) => self.add(Kind::Text(text)),
        }
    }

    fn has_parent(&self, id: Id) -> bool {
        self.nodes.borrow().get(id).is_some_and(|node| node.parent.is_some())
    }

    /// Makes `child` the child of `parent` before `next`, or its last.
    fn link(&self, parent: Id, child: Id, next: Option<Id>) {
        let mut nodes = self.nodes.borrow_mut();
        let nodes = nodes.as_mut_slice();
        let depth = nodes.get(parent).map_or(0, |node| node.depth + 1);
        if depth > limits::DEPTH {
            self.halt(refuse::too_deep(limits::DEPTH));
        }
        let before = match next {
            Some(next) => nodes.get(next).and_then(|node| node.before),
            None => nodes.get(parent).and_then(|node| node.last),
        };
        if let Some(node) = nodes.get_mut(child) {
            (node.parent, node.before, node.next, node.depth) = (Some(parent), before, next, depth);
        }
        match before.and_then(|before| nodes.get_mut(before)) {
            Some(node) => node.next = Some(child),
            None => set(nodes, parent, |node| node.first = Some(child)),
        }
        match next {
            Some(next) => set(nodes, next, |node| node.before = Some(child)),
            None => set(nodes, parent, |node| node.last = Some(child)),
        }
    }

    fn unlink(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        let nodes = nodes.as_mut_slice();
        let Some((parent, before, next)) = nodes.get_mut(id).and_then(|node| {
            let links = (node.parent.take()?, node.before.take(), node.next.take());
            Some(links)
        }) else {
            return;
        };
        match before {
            Some(before) => set(nodes, before, |node| node.next = next),
            None => set(nodes, parent, |node| node.first = next),
        }
        match next {
            Some(next) => set(nodes, next, |node| node.before = before),
            None => set(nodes, parent, |node| node.last = before),
        }
    }
}

fn set(nodes: &mut [Node], id: Id, change: impl FnOnce(&mut Node)) {
    if let Some(node) = nodes.get_mut(id) {
        change(node);
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        Tree { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.page.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        let id = self.add(Kind::Element(role(&name, &attributes)));
        Handle { id, name: Rc::new(name) }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        Handle { id: self.add(Kind::Element(Role::Hidden)), name: Rc::clone(&self.page.name) }
    }

    fn create_pi(&self, target: StrTendril, _data: StrTendril) -> Handle {
        self.create_comment(target)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let child = self.child(child);
        self.link(parent.id, child, None);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.has_parent(element.id) {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    // A template is hidden, so its contents may as well be its children.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let child = self.child(child);
        self.unlink(child);
        let parent = self.nodes.borrow().get(sibling.id).and_then(|node| node.parent);
        if let Some(parent) = parent {
            self.link(parent, child, Some(sibling.id));
        }
    }

    // Only `html` and `body` are given attributes later, and none of theirs matters here.
    fn add_attrs_if_missing(&self, _target: &Handle, _attributes: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.moved(1);
        self.unlink(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        loop {
            let first = self.nodes.borrow().get(node.id).and_then(|node| node.first);
            let Some(child) = first else { break };
            self.moved(1);
            self.unlink(child);
            self.link(new_parent.id, child, None);
        }
    }
}
