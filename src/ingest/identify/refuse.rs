//! Refusals of this room, each with what it saw. Sentences stand in `messages/`.

use std::collections::BTreeMap;

use crate::{ingest::Refusal, text::Place};

/// Longest quotation in a refusal, in characters.
const QUOTED: usize = 60;

/// A refusal without anything to fill in.
pub(super) fn plain(code: &str) -> Refusal {
    Refusal { code: code.to_owned(), args: BTreeMap::new(), candidates: Vec::new(), place: None }
}

/// A refusal that quotes a text.
pub(super) fn quoting(code: &str, text: &str, place: Place) -> Refusal {
    let quoted: String = text.chars().take(QUOTED).collect();
    let quoted = if quoted.len() < text.len() { format!("{quoted}…") } else { quoted };
    let place = (place != Place::default()).then_some(place);
    Refusal { args: BTreeMap::from([("text".to_owned(), quoted)]), place, ..plain(code) }
}

/// The same with everything that came into question.
pub(super) fn among(mut refusal: Refusal, candidates: impl IntoIterator<Item = String>) -> Refusal {
    refusal.candidates.extend(candidates);
    refusal
}
