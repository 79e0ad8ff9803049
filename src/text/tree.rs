//! Many words as one tree of characters: a place in a text is looked at once for all of them.

/// The tree: where a character leads that a word begins with, and where the next ones lead.
///
/// An automaton of bytes finds them without going back, and took twice as long: most characters of a text begin none of
/// the words, which one look into a table tells.
#[derive(Debug)]
pub(crate) struct Tree {
    /// One bit by [`root`] of the first character: whether it begins a word. These stay at hand where `roots` do not.
    begins: Vec<u64>,
    /// By the same: the node, 0 for none.
    roots: Vec<u16>,
    nodes: Vec<Node>,
    /// What leads from each node to the next, one node behind the other.
    edges: Vec<(char, u16)>,
    /// The words that end at each node, one node behind the other.
    ends: Vec<usize>,
}

/// What some characters lead to.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// One bit for the characters that lead on, by their last six bits: most that do not are told by it.
    mask: u64,
    edges: (u32, u32),
    ends: (u32, u32),
}

/// A node of a tree that still grows.
#[derive(Default)]
struct Bud {
    next: Vec<(char, usize)>,
    ends: Vec<usize>,
}

const FIRST: char = '\u{4e00}';
const LAST: char = '\u{9fff}';
const ASCII: usize = 128;

/// Words begin with ASCII or with a Han character of the main block; others are not found.
fn root(ch: char) -> Option<usize> {
    let code = usize::try_from(u32::from(ch)).ok()?;
    let first = usize::try_from(u32::from(FIRST)).ok()?;
    match ch {
        FIRST..=LAST => Some(code - first + ASCII),
        _ => Some(code).filter(|&code| code < ASCII),
    }
}

fn bit(ch: char) -> u64 {
    1 << (u32::from(ch) % 64)
}

/// The numbers of a list that hold those that are added to it.
fn place<T>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) -> (u32, u32) {
    let narrow = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let start = narrow(list.len());
    list.extend(more);
    (start, narrow(list.len()))
}

fn part<T>(list: &[T], (start, end): (u32, u32)) -> &[T] {
    let wide = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    list.get(wide(start)..wide(end)).unwrap_or_default()
}

impl Tree {
    /// The tree of some words, which are told by their number.
    pub fn of(words: impl Iterator<Item: Iterator<Item = char>>) -> Self {
        let mut roots = vec![0; root(LAST).unwrap_or_default() + 1];
        let mut buds = vec![Bud::default()];
        for (number, mut word) in words.enumerate() {
            let Some(root) = word.next().and_then(root).and_then(|root| roots.get_mut(root)) else { continue };
            if *root == 0 {
                *root = buds.len();
                buds.push(Bud::default());
            }
            let last = word.fold(*root, |node, ch| grow(&mut buds, node, ch));
            if let Some(bud) = buds.get_mut(last) {
                bud.ends.push(number);
            }
        }
        let narrow = |node: usize| u16::try_from(node).unwrap_or_default();
        let (mut edges, mut ends) = (Vec::new(), Vec::new());
        let nodes = buds.into_iter().map(|bud| Node {
            mask: bud.next.iter().fold(0, |mask, &(ch, _)| mask | bit(ch)),
            edges: place(&mut edges, bud.next.iter().map(|&(ch, node)| (ch, narrow(node)))),
            ends: place(&mut ends, bud.ends),
        });
        let nodes = nodes.collect();
        let bits = |roots: &[usize]| (0..).zip(roots).fold(0, |bits, (at, &node)| bits | u64::from(node != 0) << at);
        let begins = roots.chunks(64).map(bits).collect();
        Self { begins, roots: roots.into_iter().map(narrow).collect(), nodes, edges, ends }
    }

    /// The node of a first character.
    pub fn first(&self, ch: char) -> Option<usize> {
        let root = root(ch)?;
        self.begins.get(root / 64).filter(|&bits| bits >> (root % 64) & 1 == 1)?;
        self.roots.get(root).copied().map(usize::from)
    }

    /// The node behind a node.
    pub fn next(&self, node: usize, ch: char) -> Option<usize> {
        let node = self.nodes.get(node).filter(|node| node.mask & bit(ch) != 0)?;
        part(&self.edges, node.edges).iter().find(|(known, _)| *known == ch).map(|&(_, child)| usize::from(child))
    }

    /// The words that end at a node.
    pub fn ends(&self, node: usize) -> &[usize] {
        self.nodes.get(node).map_or(&[], |node| part(&self.ends, node.ends))
    }

    /// The words that go through a node and not through `without`, a node behind it.
    pub fn through(&self, node: usize, without: Option<usize>) -> Vec<usize> {
        let mut words = Vec::new();
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            words.extend_from_slice(self.ends(at));
            let next = self.nodes.get(at).map_or(&[][..], |node| part(&self.edges, node.edges));
            open.extend(next.iter().map(|&(_, child)| usize::from(child)).filter(|&child| Some(child) != without));
        }
        words
    }
}

/// The node behind a node, a new one where there is none.
fn grow(buds: &mut Vec<Bud>, node: usize, ch: char) -> usize {
    let new = buds.len();
    let next = buds.get_mut(node).map(|bud| &mut bud.next);
    let Some(next) = next else { return 0 };
    if let Some(&(_, known)) = next.iter().find(|(known, _)| *known == ch) {
        return known;
    }
    next.push((ch, new));
    buds.push(Bud::default());
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_by_their_number() {
        let tree = Tree::of(["公开", "公开制度", "公告", "12", "公开"].into_iter().map(str::chars));
        let first = tree.first('公').unwrap();
        let open = tree.next(first, '开').unwrap();
        assert_eq!(tree.ends(open), [0, 4]);
        assert_eq!(tree.next(open, '告'), None);
        assert_eq!((tree.first('开'), tree.first('〇')), (None, None));
        assert!(tree.first('1').is_some());
        let mut through = tree.through(first, Some(open));
        through.sort_unstable();
        assert_eq!(through, [2]);
    }
}
