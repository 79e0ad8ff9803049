//! Drawn lines to the nets they form: each net is a table.

use super::source::Stroke;
use crate::ingest::format::limits;

/// Lines closer than this touch, or are the same line drawn twice.
pub(super) const NEAR: f32 = 3.0;

/// A horizontal or vertical line: where it lies, and from where to where it runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) upright: bool,
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

impl Rule {
    fn new(stroke: &Stroke) -> Option<Self> {
        let (dx, dy) = ((stroke.to.0 - stroke.from.0).abs(), (stroke.to.1 - stroke.from.1).abs());
        let upright = dx < 1.0 && dy >= NEAR;
        if !upright && (dy >= 1.0 || dx < NEAR) {
            return None;
        }
        let (at, a, b) = if upright {
            (stroke.from.0, stroke.from.1, stroke.to.1)
        } else {
            (stroke.from.1, stroke.from.0, stroke.to.0)
        };
        let sound = at.is_finite() && a.is_finite() && b.is_finite();
        sound.then(|| Self { upright, at, from: a.min(b), to: a.max(b) })
    }

    /// Whether two lines meet: they cross, or one goes on where the other ends.
    fn meets(&self, other: &Self) -> bool {
        if self.upright == other.upright {
            return (self.at - other.at).abs() < NEAR && self.from < other.to + NEAR && other.from < self.to + NEAR;
        }
        let within = |line: &Self, at: f32| at > line.from - NEAR && at < line.to + NEAR;
        within(self, other.at) && within(other, self.at)
    }

    /// Whether the line passes `position` at `at`, for at least part of the way.
    pub(super) fn passes(&self, at: f32, position: f32) -> bool {
        (self.at - at).abs() < NEAR && self.from - NEAR / 2.0 < position && position < self.to + NEAR / 2.0
    }
}

/// Groups of lines that hang together and enclose something.
pub(super) fn nets(strokes: &[Stroke]) -> Vec<Vec<Rule>> {
    let rules: Vec<Rule> = strokes.iter().filter_map(Rule::new).collect();
    // Drawings, not tables: their text is read as lines.
    if rules.len() > limits::STROKES {
        return Vec::new();
    }
    let mut group: Vec<usize> = (0..rules.len()).collect();
    for (first, rule) in rules.iter().enumerate() {
        for (second, other) in rules.iter().enumerate().skip(first + 1) {
            if rule.meets(other) {
                let (a, b) = (root(&group, first), root(&group, second));
                if let Some(parent) = group.get_mut(a.max(b)) {
                    *parent = a.min(b);
                }
            }
        }
    }
    let mut nets: Vec<(usize, Vec<Rule>)> = Vec::new();
    for (index, rule) in rules.into_iter().enumerate() {
        let root = root(&group, index);
        match nets.iter_mut().find(|(known, _)| *known == root) {
            Some((_, net)) => net.push(rule),
            None => nets.push((root, vec![rule])),
        }
    }
    let encloses = |net: &[Rule]| {
        net.iter().filter(|rule| rule.upright).count() >= 2 && net.iter().filter(|rule| !rule.upright).count() >= 2
    };
    nets.into_iter().map(|(_, net)| net).filter(|net| encloses(net)).collect()
}

fn root(group: &[usize], mut index: usize) -> usize {
    while let Some(&parent) = group.get(index) {
        if parent == index {
            break;
        }
        index = parent;
    }
    index
}

/// The distinct positions of the lines of one direction, in rising order.
pub(super) fn positions(net: &[Rule], upright: bool) -> Vec<f32> {
    let mut all: Vec<f32> = net.iter().filter(|rule| rule.upright == upright).map(|rule| rule.at).collect();
    all.sort_by(f32::total_cmp);
    let mut distinct: Vec<f32> = Vec::new();
    for at in all {
        if distinct.last().is_none_or(|last| at - last >= NEAR) {
            distinct.push(at);
        }
    }
    distinct
}
