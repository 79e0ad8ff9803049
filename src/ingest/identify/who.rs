//! Who reports: the caller's word, the title, then what the page says of its publisher.
//!
//! A name that tells no division is placed only by a text that names the division too; nothing is guessed.

use std::collections::BTreeMap;

use super::{
    finding,
    patterns::{pattern, words},
    prose::{Prose, first_characters, last_characters},
    refuse,
    title::Title,
};
use crate::{
    ingest::{Options, Refusal},
    model::{Body, BodyId, BodyKind, Finding, Severity, Year},
    schema::{self, Division, DivisionLevel, Known, Lookup, NamedBody, places},
    text::Place,
};

/// The body, and what should be known about how it was found.
pub(super) type Who = (Body, Vec<Finding>);

/// Who reports.
pub(super) fn who(
    prose: &Prose,
    titles: &[Title],
    mentions: &[Title],
    year: Year,
    options: &Options,
) -> Result<Who, Refusal> {
    let search = Search { prose, year, known: &options.bodies };
    if let Some(given) = &options.body {
        return search.given(given);
    }
    if let Some(found) = search.titled(titles, year)? {
        return Ok(found);
    }
    if let Some(found) = search.titled(mentions, year)? {
        return Ok(found);
    }
    search.of_the_page()
}

struct Search<'a> {
    prose: &'a Prose<'a>,
    year: Year,
    known: &'a Known,
}

/// A body that some text beside the title names.
struct Evidence {
    body: Body,
    text: String,
    place: Place,
}

impl Search<'_> {
    fn body(&self, name: &str) -> NamedBody {
        schema::body(name, Some(self.year), self.known)
    }

    /// What the caller says, placed by the text if the name alone does not tell the division.
    fn given(&self, given: &str) -> Result<Who, Refusal> {
        match self.body(given) {
            NamedBody::One(body) => Ok((body, Vec::new())),
            NamedBody::Several(bodies) => {
                let paths = bodies.iter().map(|body| schema::body_path(&body.id));
                Err(refuse::among(refuse::quoting("GK0431", given, Place::default()), paths))
            }
            NamedBody::Unplaced(body) => Ok(self.place(&body).unwrap_or((body, Vec::new()))),
            NamedBody::Nothing => {
                let refuse = || refuse::quoting("GK0438", given, Place::default());
                // A name has letters; what has none was lost on the way, such as ??? for characters.
                if !given.contains(char::is_alphabetic) {
                    return Err(refuse());
                }
                // Taken at the caller's word: it can be read, and no store takes it.
                let unplaced = BodyId::government(BodyId::UNPLACED).and_then(|id| id.below(given.trim()));
                let id = unplaced.map_err(|_| refuse())?;
                Ok((Body { id, name: given.trim().to_owned(), kind: BodyKind::Organisation }, Vec::new()))
            }
        }
    }

    /// What titles say: those of the report's year, or of no year.
    fn titled(&self, titles: &[Title], year: Year) -> Result<Option<Who>, Refusal> {
        // One of each body, in the order in which the titles stand.
        let mut placed: Vec<(Body, &Title)> = Vec::new();
        let mut others: Vec<(&Title, NamedBody)> = Vec::new();
        // Titles of other years speak of other reports, unless the caller has given a year that none has.
        let any = titles.iter().any(|title| title.years.contains(&year.number()));
        let of_year = |title: &&Title| !any || title.years.is_empty() || title.years.contains(&year.number());
        for title in titles.iter().filter(of_year).filter(|title| !title.body.is_empty()) {
            match self.of_title(title)? {
                NamedBody::One(body) if placed.iter().any(|(other, _)| other.id == body.id) => {}
                NamedBody::One(body) => placed.push((body, title)),
                other => others.push((title, other)),
            }
        }
        if let Some((body, title)) = placed.first() {
            // Sentences name other bodies' reports as well; the first one is the report's own.
            if title.in_sentence {
                let note = finding("R-BODY", Severity::Info, &title.text, title.place);
                return Ok(Some((body.clone(), vec![note])));
            }
            if placed.len() == 1 {
                return Ok(Some((body.clone(), Vec::new())));
            }
            let refusal = refuse::quoting("GK0437", &title.text, title.place);
            return Err(refuse::among(refusal, placed.iter().map(|(body, _)| schema::body_path(&body.id))));
        }
        for (title, named) in others {
            let found = match named {
                NamedBody::Several(bodies) => self.narrow(&bodies, title).map(Some),
                NamedBody::Unplaced(body) => self.placed_or_refused(&body, title).map(Some),
                _ if title.in_sentence => Ok(None),
                _ => unknown(title),
            };
            if let Some(found) = found? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn of_title(&self, title: &Title) -> Result<NamedBody, Refusal> {
        let overwritten = |name: &str| {
            let strange = pattern("overwritten").is_match(name);
            if strange { Err(refuse::quoting("GK0434", &title.text, title.place)) } else { Ok(()) }
        };
        if !title.in_sentence {
            overwritten(&title.body)?;
            // 财政局本级 is the bureau; a government's own level is a body of its own.
            let bare = words("own_words").find_map(|word| title.body.strip_suffix(word));
            return Ok(match (self.body(&title.body), bare) {
                (NamedBody::Nothing, Some(bare)) => self.body(bare),
                (named, _) => named,
            });
        }
        // A sentence: the longest end of it that is a body with its division.
        let clause = last_characters(&title.body, 40);
        if let Some((end, placed)) = self.at_end(clause) {
            // 黄埔区人民政府、广州开发区管委会: one report of two bodies is filed under neither by itself.
            let other = clause.strip_suffix(end).and_then(|before| before.strip_suffix('、'));
            if let (Some((_, NamedBody::One(first))), NamedBody::One(second)) =
                (other.and_then(|other| self.at_end(other)), &placed)
            {
                let both = [first, second.clone()].map(|body| schema::body_path(&body.id));
                return Err(refuse::among(refuse::quoting("GK0437", &title.text, title.place), both));
            }
            return Ok(placed);
        }
        let mut name = clause;
        while let Some(shorter) = words("lead").find_map(|word| name.split_once(word).map(|(_, after)| after)) {
            name = shorter;
        }
        overwritten(name)?;
        Ok(self.body(name))
    }

    /// The longest end of a clause that is a body with its division.
    fn at_end<'c>(&self, clause: &'c str) -> Option<(&'c str, NamedBody)> {
        let ends = clause.char_indices().filter_map(|(at, _)| clause.get(at..));
        let mut named = ends.map(|end| (end, self.body(end)));
        named.find(|(_, named)| matches!(named, NamedBody::One(_) | NamedBody::Several(_)))
    }

    /// Of several divisions with one name, the one whose upper division the text names before it.
    fn narrow(&self, bodies: &[Body], title: &Title) -> Result<Who, Refusal> {
        let named = bodies.iter().filter(|body| {
            let Some(row) = places().by_code(body.id.division()) else { return false };
            places()
                .ancestors(row.code)
                .iter()
                .any(|above| self.prose.run.contains(&format!("{}{}", above.name, row.name)))
        });
        let named: Vec<&Body> = named.collect();
        if let [body] = named.as_slice() {
            return Ok(((*body).clone(), vec![finding("R-BODY", Severity::Info, &title.text, title.place)]));
        }
        let refusal = refuse::quoting("GK0431", &title.text, title.place);
        Err(refuse::among(refusal, bodies.iter().map(|body| schema::body_path(&body.id))))
    }

    fn placed_or_refused(&self, body: &Body, title: &Title) -> Result<Who, Refusal> {
        self.place(body).ok_or_else(|| {
            let mut refusal = refuse::quoting("GK0432", &title.text, title.place);
            refusal.args.insert("name".to_owned(), body.name.clone());
            let known =
                self.known.bodies().iter().filter(|known| known.id.segments().last() == body.id.segments().last());
            refuse::among(refusal, known.map(|known| schema::body_path(&known.id)))
        })
    }

    /// The division of a body whose name does not tell it, if the text does: by the full name, by a
    /// publisher or signature that is the same body, or for towns by a county that publishes.
    fn place(&self, body: &Body) -> Option<Who> {
        let mut found: BTreeMap<BodyId, (Body, String, Place)> = BTreeMap::new();
        for (placed, text, place) in self.full_names(body) {
            found.entry(placed.id.clone()).or_insert((placed, text, place));
        }
        let evidence = self.evidence();
        let same = evidence.iter().filter(|one| {
            one.body.id.segments().eq(body.id.segments()) || one.body.id.segments().last() == body.id.segments().last()
        });
        for one in same {
            found.entry(one.body.id.clone()).or_insert((one.body.clone(), one.text.clone(), one.place));
        }
        if found.is_empty() && matches!(body.kind, BodyKind::Town | BodyKind::Subdistrict) {
            for one in evidence.iter().filter(|one| matches!(one.body.kind, BodyKind::Government | BodyKind::Office)) {
                let division = places().at(one.body.id.division(), self.year).filter(|row| holds_towns(row));
                if let Some(placed) = division.and_then(|division| schema::body_below(division, &body.name)) {
                    found.entry(placed.id.clone()).or_insert((placed, one.text.clone(), one.place));
                }
            }
        }
        let mut found = found.into_values();
        match (found.next(), found.next()) {
            (Some((placed, text, place)), None) => {
                Some((placed, vec![finding("R-BODY", Severity::Info, &text, place)]))
            }
            _ => None,
        }
    }

    /// Places in the text where the name stands behind its division: 盐边县|新九镇.
    fn full_names(&self, body: &Body) -> Vec<(Body, String, Place)> {
        let Some(name) = body.id.segments().last() else { return Vec::new() };
        // 佳荣里街道 is printed 佳荣里街 as well.
        let stem = words("subdistrict_end").find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        let mut found = Vec::new();
        for (at, _) in self.prose.run.match_indices(stem).take(50) {
            let Some(before) = self.prose.run.get(..at) else { continue };
            let before = last_characters(before, 24);
            let division = before.char_indices().find_map(|(cut, _)| {
                let rows = places().find(before.get(cut..)?, Lookup::in_year(self.year));
                (!rows.is_empty()).then_some(rows)
            });
            if let Some([division]) = division.as_deref()
                && let Some(placed) = schema::body_below(division, &body.name)
            {
                let text = format!("{}{stem}", last_characters(before, division.full_name.chars().count()));
                found.push((placed, text, self.prose.place(at).unwrap_or_default()));
            }
        }
        found
    }

    /// Without any title: publisher, contact, signature, or the subject of the first sentences.
    fn of_the_page(&self) -> Result<Who, Refusal> {
        let fitting = |one: &Evidence| self.fits(one.body.kind);
        let mut evidence: Vec<Evidence> = self.evidence().into_iter().filter(fitting).collect();
        if evidence.is_empty() {
            evidence = self.subjects().into_iter().filter(fitting).collect();
        }
        let mut bodies: BTreeMap<BodyId, &Evidence> = BTreeMap::new();
        for one in &evidence {
            bodies.entry(one.body.id.clone()).or_insert(one);
        }
        let mut all = bodies.into_values();
        match (all.next(), all.next()) {
            // An office publishes for its government: which of the two reports is not said.
            (Some(one), None) if !matches!(one.body.kind, BodyKind::Government | BodyKind::Office) => {
                Ok((one.body.clone(), vec![finding("R-BODY", Severity::Warning, &one.text, one.place)]))
            }
            (Some(one), None) => {
                let government = BodyId::government(one.body.id.division()).ok();
                let paths = [Some(one.body.id.clone()), government.filter(|id| *id != one.body.id)];
                let refusal = refuse::quoting("GK0430", &one.text, one.place);
                Err(refuse::among(refusal, paths.iter().flatten().map(schema::body_path)))
            }
            (Some(one), Some(_)) => {
                let mut paths: Vec<String> = evidence.iter().map(|one| schema::body_path(&one.body.id)).collect();
                paths.sort();
                paths.dedup();
                Err(refuse::among(refuse::quoting("GK0430", &one.text, one.place), paths))
            }
            (None, _) => Err(self.nobody()),
        }
    }

    /// Nobody is named with a division: quotes what the text calls its body.
    fn nobody(&self) -> Refusal {
        if let Some((body, place)) = self.unplaced_subject() {
            let mut refusal = refuse::quoting("GK0432", &body.name, place);
            refusal.args.insert("name".to_owned(), body.name.clone());
            return refuse::among(refusal, self.possible(&body));
        }
        let own = words("self").filter_map(|word| word.split('=').next()).find(|word| self.prose.run.contains(word));
        let place = own.and_then(|own| self.prose.run.find(own)).and_then(|at| self.prose.place(at));
        match own {
            Some(own) => refuse::among(refuse::quoting("GK0430", own, place.unwrap_or_default()), []),
            None => refuse::among(refuse::plain("GK0439"), []),
        }
    }

    /// A town or subdistrict that is the subject of a sentence: 2020年,中南街道认真贯彻…
    fn unplaced_subject(&self) -> Option<(Body, Place)> {
        self.clauses().find_map(|(clause, place)| {
            let ends = clause.char_indices().map(|(at, _)| at).skip(3).take(6);
            let named = ends.filter_map(|end| match self.body(clause.get(..end)?) {
                NamedBody::Unplaced(body)
                    if matches!(body.kind, BodyKind::Town | BodyKind::Subdistrict) && !speaks_of_itself(&body.name) =>
                {
                    Some(body)
                }
                _ => None,
            });
            named.last().map(|body| (body, place))
        })
    }

    /// Where a town could lie: counties that the text names with their city.
    fn possible(&self, body: &Body) -> Vec<String> {
        let counties =
            places().all().iter().filter(|row| row.level == DivisionLevel::County && row.valid_at(self.year));
        let named = counties.filter(|row| {
            places()
                .ancestors(row.code)
                .first()
                .is_some_and(|above| self.prose.run.contains(&format!("{}{}", above.name, row.name)))
        });
        named
            .filter_map(|row| schema::body_below(row, &body.name))
            .map(|body| schema::body_path(&body.id))
            .take(5)
            .collect()
    }

    /// Whether a body of this kind would say what the text says of itself (我镇, 我局).
    fn fits(&self, kind: BodyKind) -> bool {
        let own = words("self").filter_map(|word| word.split_once('='));
        let first = own
            .filter_map(|(word, kinds)| self.prose.run.find(word).map(|at| (at, std::cmp::Reverse(word.len()), kinds)))
            .min();
        let name = serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned));
        first.is_none_or(|(_, _, kinds)| name.is_some_and(|name| kinds.split(',').any(|known| known == name)))
    }

    /// Bodies after labels, in the contact sentence, in captions and in the signature.
    fn evidence(&self) -> Vec<Evidence> {
        let mut found = Vec::new();
        let mut take = |name: &str, text: &str, place: Place| {
            if let NamedBody::One(body) = self.body(name) {
                found.push(Evidence { body, text: text.to_owned(), place });
            }
        };
        for line in self.prose.head() {
            for label in words("publisher_labels") {
                let Some((_, after)) = line.text.split_once(label) else { continue };
                let Some(value) = after.trim_start().strip_prefix(':') else { continue };
                let value =
                    value.trim_start().split(|character: char| character.is_whitespace() || character == '|').next();
                take(value.unwrap_or_default(), line.text, line.place);
            }
        }
        for line in &self.prose.lines {
            if let Some(name) = pattern("caption").captures(line.squeezed).and_then(|found| found.name("body")) {
                take(name.as_str(), line.text, line.place);
            }
        }
        for contact in pattern("contact").captures_iter(&self.prose.run).take(3) {
            if let (Some(whole), Some(name)) = (contact.get(0), contact.name("body")) {
                let place = self.prose.place(whole.start()).unwrap_or_default();
                // A bureau's office answers for the bureau; a government's office is a body of its own.
                let office = contact.name("office").map(|office| format!("{}{}", name.as_str(), office.as_str()));
                let office = office.filter(
                    |office| matches!(self.body(office), NamedBody::One(body) if body.kind == BodyKind::Office),
                );
                let name = pattern("contact_trail").replace(office.as_deref().unwrap_or(name.as_str()), "");
                take(&name, whole.as_str(), place);
            }
        }
        for line in self.prose.tail().iter().filter(|line| line.squeezed.chars().count() <= 40) {
            take(line.squeezed, line.text, line.place);
        }
        found
    }

    /// Bodies that are the subject of a sentence at the beginning of part one.
    fn subjects(&self) -> Vec<Evidence> {
        let mut found = Vec::new();
        for (clause, place) in self.clauses().filter(|(clause, _)| places().begins(clause)) {
            let ends = clause.char_indices().map(|(at, _)| at).skip(4).chain([clause.len()]).collect::<Vec<_>>();
            let longest = ends.into_iter().rev().find_map(|end| match self.body(clause.get(..end)?) {
                NamedBody::One(body) if !body.id.is_government() => Some((body, end)),
                _ => None,
            });
            if let Some((body, end)) = longest {
                let text = clause.get(..end).unwrap_or(clause).to_owned();
                found.push(Evidence { body, text, place });
            }
        }
        found
    }

    /// Beginnings of clauses of the first lines.
    fn clauses(&self) -> impl Iterator<Item = (&str, Place)> {
        self.prose.lines.iter().take(40).flat_map(|line| {
            let clauses = line.squeezed.split([',', '。', ';', ':', '】']).take(12);
            clauses.map(|clause| (first_characters(clause, 30), line.place))
        })
    }
}

/// A title that names something which is no body this program knows.
fn unknown(title: &Title) -> Result<Option<Who>, Refusal> {
    let name = words("government_endings").find_map(|ending| title.body.strip_suffix(ending)).unwrap_or(&title.body);
    let looks_like_a_place = name.chars().count() >= 2
        && words("place_endings").any(|ending| name.ends_with(ending))
        && words("self").all(|word| !name.starts_with(word.split('=').next().unwrap_or_default()));
    if !looks_like_a_place {
        return Ok(None);
    }
    let similar = places().all().iter().filter(|row| row.last_year.is_none()).filter_map(|row| {
        let known = row.name;
        let mut differ = known.chars().zip(name.chars()).filter(|(known, printed)| known != printed);
        let (known_character, printed) = differ.next()?;
        let same_length = known.chars().count() == name.chars().count();
        // Characters that look alike share their radical, and those stand together in Unicode.
        let apart = u32::from(known_character).abs_diff(u32::from(printed));
        (same_length && differ.next().is_none()).then_some((apart, row))
    });
    let mut similar: Vec<(u32, &Division)> = similar.collect();
    similar.sort_by_key(|(apart, row)| (*apart, row.code));
    let similar: Vec<String> = similar.into_iter().filter_map(|(_, row)| places().path(row.code)).take(3).collect();
    let mut refusal = refuse::quoting("GK0433", &title.text, title.place);
    refusal.args.insert("name".to_owned(), name.to_owned());
    Err(refuse::among(refusal, similar))
}

/// Whether a text says 我镇, 我局.
fn speaks_of_itself(text: &str) -> bool {
    words("self").filter_map(|word| word.split('=').next()).any(|word| text.contains(word))
}

/// Whether towns and subdistricts lie directly below: counties, and prefectures without counties.
fn holds_towns(division: &Division) -> bool {
    let below = |row: &Division| row.parent == Some(division.code) && row.last_year.is_none();
    division.level == DivisionLevel::County
        || division.level == DivisionLevel::Prefecture && !places().all().iter().any(below)
}
