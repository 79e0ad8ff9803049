//! Whole area or one body (汇总 or 本机关).

use super::{patterns::words, prose::Prose, title::Title};
use crate::model::{Body, BodyKind, Scope};

/// A government's report sums its area unless its title says own level; everybody else speaks for itself.
/// A zone sums where its text says so.
pub(super) fn scope(body: &Body, prose: &Prose, titles: &[Title]) -> Scope {
    let says = |name: &str| words(name).any(|word| titles.iter().any(|title| title.text.contains(word)));
    match body.kind {
        BodyKind::Government if says("own_words") => Scope::Own,
        BodyKind::Government => Scope::Aggregate,
        _ if words("aggregate_names").any(|word| body.name.ends_with(word)) => Scope::Aggregate,
        BodyKind::Zone if words("aggregate_words").any(|word| prose.run.contains(word)) => Scope::Aggregate,
        BodyKind::Zone | BodyKind::Organisation => Scope::Unknown,
        _ => Scope::Own,
    }
}
