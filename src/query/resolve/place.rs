//! Places and bodies: from names, paths and codes to body ids.

use super::{Work, offer};
use crate::{
    diagnostic::Diagnostic,
    model::BodyId,
    query::{
        ast::{self, Name, PlaceHead, Query, Reach, Spanned},
        plan::{self, Level},
        suggest::{self, Known, divisions},
    },
    schema::{Division, DivisionLevel, Lookup, body_path, places},
    text::Span,
};

impl Work<'_> {
    /// The places of a question and whether each has rows of its own; and their canonical form.
    pub(super) fn places(&mut self, query: &Query, canonical: &mut Query) -> (Vec<plan::Place>, bool) {
        let Some(clause) = &query.clauses.places else { return (Vec::new(), false) };
        let mut found: Vec<plan::Place> = Vec::new();
        let mut printed: Vec<ast::Place> = Vec::new();
        let mut everything = false;
        for place in &clause.value.places {
            if let PlaceHead::All(_) = place.head {
                everything = true;
                continue;
            }
            let Some((id, reach)) = self.place(place) else { continue };
            printed.push(canonical_place(&id, reach, place.span));
            let one = match reach {
                Reach::Itself => plan::Place::Body(id),
                Reach::Children => plan::Place::Children(id),
                Reach::Below => plan::Place::Below(id),
            };
            if !found.contains(&one) {
                found.push(one);
            }
        }
        // The whole country beside one of its places is the whole country.
        if everything {
            canonical.clauses.places = None;
            return (Vec::new(), false);
        }
        if let Some(clause) = &mut canonical.clauses.places {
            clause.value.places = printed;
        }
        (found, clause.value.versus)
    }

    /// The one body a place means, and which reports of it.
    pub(super) fn place(&mut self, place: &ast::Place) -> Option<(BodyId, Reach)> {
        match &place.head {
            PlaceHead::All(_) => None,
            PlaceHead::Name(head) => {
                let words: Vec<&Name> = std::iter::once(head).chain(&place.path).collect();
                Some((self.path(&words, place.span)?, place.reach))
            }
            PlaceHead::Code(code) => {
                let head = self.code(code)?;
                let words: Vec<&Name> = place.path.iter().collect();
                Some((self.below(head, &words)?, place.reach))
            }
            PlaceHead::Param(name) => {
                let value = self.param(name)?;
                let (path, reach) = match (value.strip_suffix("/**"), value.strip_suffix("/*")) {
                    (Some(path), _) => (path, Reach::Below),
                    (None, Some(path)) => (path, Reach::Children),
                    (None, None) => (value.as_str(), place.reach),
                };
                let words: Vec<Name> =
                    path.split('/').map(|segment| Spanned::new(segment.trim().to_owned(), name.span)).collect();
                let words: Vec<&Name> = words.iter().chain(&place.path).collect();
                let id = match words.split_first() {
                    Some((first, rest)) if first.value.starts_with('@') => {
                        let digits = Spanned::new(first.value.trim_start_matches('@').to_owned(), first.span);
                        let head = self.code(&digits)?;
                        self.below(head, rest)?
                    }
                    _ => self.path(&words, place.span)?,
                };
                Some((id, reach))
            }
        }
    }

    fn code(&mut self, code: &Name) -> Option<BodyId> {
        let id = BodyId::government(&code.value).ok();
        let known = id.filter(|id| places().by_code(&code.value).is_some() || self.context.view.find(id).is_some());
        if known.is_none() {
            self.error(Diagnostic::error("GK0215", code.span).with("code", code.value.clone()));
        }
        known
    }

    /// A path of names from the top: the longest chain of divisions first, then bodies below the last.
    fn path(&mut self, words: &[&Name], span: Span) -> Option<BodyId> {
        let (first, rest) = words.split_first()?;
        let mut candidates = self.candidates(&first.value);
        let mut used = 1;
        for word in rest {
            let next: Vec<BodyId> = candidates.iter().flat_map(|above| self.named_below(above, &word.value)).collect();
            if next.is_empty() {
                break;
            }
            candidates = next;
            candidates.sort();
            candidates.dedup();
            used += 1;
        }
        let left = words.get(used..).unwrap_or_default();
        if !left.is_empty() {
            // 街道/千峰街道: several words may be one path of a body.
            let joined = left.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join("/");
            let joined: Vec<BodyId> = candidates
                .iter()
                .filter_map(|above| format!("{above}/{joined}").parse().ok())
                .filter(|id| self.context.view.find(id).is_some())
                .collect();
            match (joined.as_slice(), candidates.is_empty()) {
                ([], true) => {}
                ([], false) => {
                    self.not_below(left.first()?, words.get(used - 1)?, &candidates);
                    return None;
                }
                _ => candidates = joined,
            }
        }
        match candidates.as_slice() {
            [id] => Some(id.clone()),
            [] => {
                self.unknown(first);
                None
            }
            several => {
                let named = words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join("/");
                let paths = several.iter().map(body_path);
                self.error(
                    Diagnostic::error("GK0204", span)
                        .with("word", named)
                        .with("count", several.len().to_string())
                        .with("paths", several.iter().map(body_path).collect::<Vec<_>>().join(", "))
                        .suggest(paths),
                );
                None
            }
        }
    }

    /// Bodies below one whose code is known.
    fn below(&mut self, head: BodyId, words: &[&Name]) -> Option<BodyId> {
        let mut id = head;
        for (at, word) in words.iter().enumerate() {
            let mut found = self.named_below(&id, &word.value);
            if found.is_empty() {
                let joined = words.iter().skip(at).map(|word| word.value.as_str()).collect::<Vec<_>>().join("/");
                let joined: Option<BodyId> = format!("{id}/{joined}").parse().ok();
                if let Some(joined) = joined.filter(|joined| self.context.view.find(joined).is_some()) {
                    return Some(joined);
                }
                self.not_below(word, word, std::slice::from_ref(&id));
                return None;
            }
            found.truncate(1);
            id = found.pop()?;
        }
        Some(id)
    }

    /// What a name may mean anywhere: divisions, and bodies of the store.
    fn candidates(&self, name: &str) -> Vec<BodyId> {
        let mut found: Vec<BodyId> = places()
            .find(name, Lookup::default())
            .into_iter()
            .filter_map(|row| BodyId::government(row.code).ok())
            .collect();
        for number in self.context.lexicon.bodies(name) {
            if let Some(body) = self.context.view.body(number) {
                // A government that the divisions know is there already, under the code of its series.
                let known = body.id.is_government() && !found.is_empty();
                if !known {
                    found.push(body.id.clone());
                }
            }
        }
        // The body that bears the whole name wins over those that bear it as a segment of their path.
        let whole: Vec<BodyId> = found
            .iter()
            .filter(|id| {
                id.is_government()
                    || self
                        .context
                        .view
                        .find(id)
                        .and_then(|at| self.context.view.body(at))
                        .is_some_and(|body| body.name == name)
            })
            .cloned()
            .collect();
        let mut found = if whole.is_empty() { found } else { whole };
        found.sort();
        found.dedup();
        found
    }

    /// What a name means below a body: a division of its area, else a body under it.
    fn named_below(&self, above: &BodyId, name: &str) -> Vec<BodyId> {
        if above.is_government() {
            let inside =
                |row: &&Division| places().ancestors(row.code).iter().any(|upper| upper.code == above.division());
            let rows: Vec<BodyId> = places()
                .find(name, Lookup::default())
                .into_iter()
                .filter(inside)
                .filter_map(|row| BodyId::government(row.code).ok())
                .collect();
            if !rows.is_empty() {
                return rows;
            }
        }
        let view = self.context.view;
        if let Ok(id) = above.below(name)
            && view.find(&id).is_some()
        {
            return vec![id];
        }
        // Deeper ones, such as 140109/街道/千峰街道, by their last segment or their whole name.
        let prefix = format!("{above}/");
        self.context
            .lexicon
            .bodies(name)
            .into_iter()
            .filter_map(|number| view.body(number))
            .filter(|body| body.id.as_str().starts_with(&prefix))
            .filter(|body| body.name == name || body.id.segments().last() == Some(name))
            .map(|body| body.id.clone())
            .collect()
    }

    fn unknown(&mut self, name: &Name) {
        let near = self.near(&name.value);
        self.error(offer(Diagnostic::error("GK0202", name.span).with("word", name.value.clone()), near));
    }

    fn not_below(&mut self, name: &Name, above: &Name, candidates: &[BodyId]) {
        let view = self.context.view;
        let mut names: Vec<&str> = Vec::new();
        for id in candidates {
            names.extend(below(id).map(|row| row.name));
            let bodies = view.range(id.division()).filter_map(|number| view.body(number));
            names.extend(bodies.filter_map(|body| body.id.segments().last()));
        }
        let near = if self.is_tired() { Vec::new() } else { suggest::closest(&name.value, names.iter().copied()) };
        let within = candidates.first().map_or_else(|| above.value.clone(), body_path);
        self.error(offer(
            Diagnostic::error("GK0222", name.span).with("word", name.value.clone()).with("place", within),
            near,
        ));
    }

    /// Names of places close to a word: present divisions, then bodies of the store.
    pub(super) fn near(&self, word: &str) -> Vec<String> {
        if self.is_tired() {
            return Vec::new();
        }
        let names = self.context.lexicon.names();
        let bodies = names.iter().map(|name| Known::from(name.as_str()));
        let near = suggest::closest(word, divisions().chain(bodies));
        if near.is_empty() { suggest::divisions_by_sound(word) } else { near }
    }
}

/// The divisions directly below a government.
fn below(id: &BodyId) -> impl Iterator<Item = &'static Division> {
    let code = id.division().to_owned();
    places().all().iter().filter(move |row| row.parent == Some(&code) && row.last_year.is_none())
}

/// The tier of a government; nothing for what is no division.
pub(super) fn tier(id: &BodyId) -> Option<Level> {
    if !id.is_government() {
        return None;
    }
    places().by_code(id.division()).map(|row| match row.level {
        DivisionLevel::Province => Level::Province,
        DivisionLevel::Prefecture => Level::City,
        DivisionLevel::County => Level::County,
    })
}

/// A place by its path of names, or by its code where the names do not lead back to it.
fn canonical_place(id: &BodyId, reach: Reach, span: Span) -> ast::Place {
    let name = |text: &str| Spanned::new(text.to_owned(), span);
    let path = places().path(id.division());
    let leads_back = |path: &String| {
        let found = places().find(path, Lookup::default());
        matches!(found.as_slice(), [only] if only.code == id.division())
    };
    let (head, mut words) = match path.filter(leads_back) {
        Some(path) => {
            let mut names = path.split('/').map(name);
            let head = names.next().unwrap_or_else(|| name(id.division()));
            (PlaceHead::Name(head), names.collect::<Vec<_>>())
        }
        None => (PlaceHead::Code(name(id.division())), Vec::new()),
    };
    words.extend(id.segments().map(name));
    ast::Place { head, path: words, reach, span }
}
