//! Writes random reports the way offices publish them, so that reading can be compared with what was written.

pub mod excel;
pub mod figures;
pub mod form;
pub mod html;

pub mod mutate;
pub mod pack;
pub mod print;
pub mod text;
pub mod word;

/// Random numbers from a seed: the same on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides.max(1)
    }

    /// True once in `sides` times.
    pub fn once_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = usize::try_from(self.roll(from.len() as u64)).unwrap();
        &from[at]
    }

    /// An index below `length`.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.roll(length as u64)).unwrap()
    }
}

/// Every way a report is written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Text(text::Text),
    Html(html::Style),
    Word,
    Excel,
    Print,
}

impl Layout {
    pub fn all() -> Vec<Self> {
        let texts = text::Text::ALL.into_iter().map(Self::Text);
        let pages = html::Style::ALL.into_iter().map(Self::Html);
        texts.chain(pages).chain([Self::Word, Self::Excel, Self::Print]).collect()
    }

    /// The bytes of the file, in an encoding that the dice choose where there is a choice.
    pub fn write(self, pieces: &[form::Piece], dice: &mut Dice) -> Vec<u8> {
        match self {
            Self::Text(layout) => text::encode(&layout.write(pieces, dice), dice),
            Self::Html(style) => style.write(pieces, dice),
            Self::Word => word::write(pieces),
            Self::Excel => excel::write(pieces),
            Self::Print => print::write(pieces),
        }
    }
}
