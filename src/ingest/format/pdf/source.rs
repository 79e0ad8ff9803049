//! What is taken from a PDF: where each character stands, and which straight lines are drawn.

use pdf_oxide::{
    document::PdfDocument,
    elements::{PathContent, PathOperation},
    layout::TextChar,
};

use super::nesting;
use crate::ingest::{
    Refusal,
    format::{limits, refuse},
};

/// A character on a page, its box growing right and up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) size: f32,
}

/// A straight line that is drawn, from one point to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stroke {
    pub(super) from: (f32, f32),
    pub(super) to: (f32, f32),
}

/// One page.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) strokes: Vec<Stroke>,
    /// Bottom and top of the page.
    pub(super) extent: (f32, f32),
}

/// Filled boxes thinner than this are lines, as Word draws its borders.
const THIN: f32 = 2.5;

/// The pages of a file.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let document = PdfDocument::from_bytes(bytes.to_vec()).map_err(|_| refuse::damaged("PDF"))?;
    if document.is_encrypted() && !document.authenticate(b"").unwrap_or(false) {
        return Err(refuse::encrypted());
    }
    let pages = document.page_count().map_err(|_| refuse::damaged("PDF"))?;
    if pages > limits::PAGES {
        return Err(refuse::too_many_elements(limits::PAGES));
    }
    let mut sheets = Vec::with_capacity(pages);
    for page in 0..pages {
        if let Ok(content) = document.get_page_content_data(page) {
            nesting::brackets(&content)?;
        }
        // A page that cannot be read must not vanish: its figures would be missing without a word.
        let characters = document.extract_chars(page).map_err(|_| refuse::damaged("PDF"))?;
        let paths = document.extract_paths(page).map_err(|_| refuse::damaged("PDF"))?;
        sheets.push(sheet(&characters, &paths));
    }
    Ok(sheets)
}

fn sheet(characters: &[TextChar], paths: &[PathContent]) -> Sheet {
    let turn = Turn::of(characters);
    let glyphs: Vec<Glyph> = characters.iter().filter(|c| turn.keeps(c)).filter_map(|c| turn.glyph(c)).collect();
    let strokes = paths
        .iter()
        .flat_map(strokes)
        .map(|stroke| Stroke { from: turn.point(stroke.from), to: turn.point(stroke.to) })
        .collect();
    let extent = glyphs.iter().fold((f32::MAX, f32::MIN), |(low, high), g| (low.min(g.y), high.max(g.y + g.size)));
    Sheet { glyphs, strokes, extent }
}

/// How the page must be turned for its text to run left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    None,
    Left,
    Right,
    Over,
}

impl Turn {
    fn of(characters: &[TextChar]) -> Self {
        let mut counts = [(Turn::None, 0usize), (Turn::Right, 0), (Turn::Over, 0), (Turn::Left, 0)];
        for character in characters {
            let turn = Self::of_one(character);
            if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == turn) {
                *count += 1;
            }
        }
        counts.iter().rev().max_by_key(|(_, count)| *count).map_or(Turn::None, |(turn, _)| *turn)
    }

    fn of_one(character: &TextChar) -> Self {
        match character.rotation_degrees.rem_euclid(360.0) {
            degrees if (45.0..135.0).contains(&degrees) => Turn::Right,
            degrees if (135.0..225.0).contains(&degrees) => Turn::Over,
            degrees if (225.0..315.0).contains(&degrees) => Turn::Left,
            _ => Turn::None,
        }
    }

    /// Watermarks run across the page at an angle of their own.
    fn keeps(self, character: &TextChar) -> bool {
        let off = character.rotation_degrees.rem_euclid(90.0);
        Self::of_one(character) == self && !(5.0..85.0).contains(&off)
    }

    fn point(self, (x, y): (f32, f32)) -> (f32, f32) {
        match self {
            Turn::None => (x, y),
            Turn::Right => (y, -x),
            Turn::Over => (-x, -y),
            Turn::Left => (-y, x),
        }
    }

    fn glyph(self, character: &TextChar) -> Option<Glyph> {
        let (x, y) = self.point((character.bbox.x, character.bbox.y));
        let size = character.font_size.abs().max(character.bbox.height.abs()).clamp(1.0, 200.0);
        let width = character.advance_width.abs().max(0.1).min(size * 2.0);
        let sound = x.is_finite() && y.is_finite() && size.is_finite() && width.is_finite();
        sound.then_some(Glyph { c: character.char, x, y, width, size })
    }
}

/// The straight lines of a path: its strokes, and boxes filled so thin that they look like strokes.
fn strokes(path: &PathContent) -> Vec<Stroke> {
    if path.stroke_color.is_some() {
        return path
            .operations
            .iter()
            .scan((0.0, 0.0), |at, operation| Some(segments(at, operation)))
            .flatten()
            .collect();
    }
    let thin = |width: f32, height: f32| width.abs() < THIN || height.abs() < THIN;
    let boxes = path.operations.iter().filter_map(|operation| match *operation {
        PathOperation::Rectangle(x, y, width, height) => Some((x, y, width, height)),
        _ => None,
    });
    let mut found: Vec<Stroke> = boxes.filter(|b| thin(b.2, b.3)).map(|(x, y, w, h)| middle(x, y, w, h)).collect();
    let polygon = !path.operations.iter().any(|operation| matches!(operation, PathOperation::Rectangle(..)));
    if polygon && thin(path.bbox.width, path.bbox.height) {
        found.push(middle(path.bbox.x, path.bbox.y, path.bbox.width, path.bbox.height));
    }
    found
}

/// The middle line of a thin box.
fn middle(x: f32, y: f32, width: f32, height: f32) -> Stroke {
    if width.abs() > height.abs() {
        Stroke { from: (x, y + height / 2.0), to: (x + width, y + height / 2.0) }
    } else {
        Stroke { from: (x + width / 2.0, y), to: (x + width / 2.0, y + height) }
    }
}

fn segments(at: &mut (f32, f32), operation: &PathOperation) -> Vec<Stroke> {
    match *operation {
        PathOperation::MoveTo(x, y) | PathOperation::CurveTo(_, _, _, _, x, y) => {
            *at = (x, y);
            Vec::new()
        }
        PathOperation::LineTo(x, y) => {
            let from = std::mem::replace(at, (x, y));
            vec![Stroke { from, to: (x, y) }]
        }
        PathOperation::Rectangle(x, y, w, h) => {
            let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)];
            corners.windows(2).filter_map(|pair| Some(Stroke { from: *pair.first()?, to: *pair.get(1)? })).collect()
        }
        PathOperation::ClosePath => Vec::new(),
    }
}
