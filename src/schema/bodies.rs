//! From the name of a reporting body to its path (DOMAIN section 8): `太原市万柏林区财政局` is
//! `140109/财政局`, `万柏林区人民政府` is `140109`.
//!
//! A body is placed by the division its name begins with. A name without one is never placed by a
//! guess: it comes back unplaced, and whoever asks must know more.

use super::{
    body_words::{BodyWords, body_words},
    find::Lookup,
    known::Known,
    places::{Division, Places, places},
};
use crate::{
    model::{Body, BodyId, BodyKind, Year},
    text,
};

/// What a name of a body turned out to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedBody {
    /// One body.
    One(Body),
    /// Several, because several divisions bear the name; in code order.
    Several(Vec<Body>),
    /// A body whose division the name does not tell (双溪乡), under [`BodyId::UNPLACED`].
    Unplaced(Body),
    /// Not the name of a body, or one that only says 本县, 我局.
    Nothing,
}

/// The body that a code, a body path, a path of names or a name means.
///
/// `known` are bodies that the user has named: their paths and names win.
/// Division names are taken as used for `year`, and the code is the one valid at its end.
#[must_use]
pub fn body(text: &str, year: Option<Year>, known: &Known) -> NamedBody {
    let folded = text::fold(text.trim());
    let name: String = folded.text().chars().filter(|character| !character.is_whitespace()).collect();
    match known.find(&name).as_slice() {
        [] => Reader { places: places(), words: body_words(), lookup: Lookup { year, short: false } }.read(&name),
        [body] => NamedBody::One((*body).clone()),
        several => NamedBody::Several(several.iter().map(|&body| body.clone()).collect()),
    }
}

/// The body of that name below a division, such as 双溪乡 where the division is known otherwise.
#[must_use]
pub fn body_below(division: &Division, name: &str) -> Option<Body> {
    let reader = Reader { places: places(), words: body_words(), lookup: Lookup::default() };
    reader.parts(name).and_then(|parts| parts.under(division))
}

/// The path of a body in names: 江苏省/南京市/鼓楼区/财政局. It can be given back to [`body`].
#[must_use]
pub fn body_path(id: &BodyId) -> String {
    let place = places().path(id.division());
    let mut path: Vec<&str> = place.as_deref().into_iter().collect();
    path.extend(id.segments());
    if path.is_empty() { id.to_string() } else { path.join("/") }
}

/// The body of a path of which nothing else is known: named by its division and last segment.
#[must_use]
pub fn body_of(id: &BodyId) -> Body {
    let division = places().by_code(id.division()).map_or(id.division(), |row| row.name);
    let kind = kind_of(id);
    let name = match (id.segments().last(), kind) {
        (None, _) => division.to_owned(),
        (Some(own), BodyKind::Town | BodyKind::Subdistrict | BodyKind::Zone | BodyKind::Ministry) => own.to_owned(),
        (Some(own), _) => format!("{division}{own}"),
    };
    Body { id: id.clone(), name, kind }
}

/// The kind that a path tells: of a government none, else by its last segment.
pub(super) fn kind_of(id: &BodyId) -> BodyKind {
    let reader = Reader { places: places(), words: body_words(), lookup: Lookup::default() };
    let segments: Vec<&str> = id.segments().collect();
    reader.segments(&segments).map_or(BodyKind::Organisation, |parts| parts.kind)
}

/// What follows the division in a name.
#[derive(Debug)]
struct Parts {
    kind: BodyKind,
    /// Segments of the path.
    path: Vec<String>,
    /// The words that follow the division's name.
    spoken: String,
}

impl Parts {
    fn new(kind: BodyKind, path: &[&str], spoken: &str) -> Self {
        Self { kind, path: path.iter().map(|&segment| segment.to_owned()).collect(), spoken: spoken.to_owned() }
    }

    fn under(&self, division: &Division) -> Option<Body> {
        let mut id = BodyId::government(division.code).ok()?;
        for segment in &self.path {
            id = id.below(segment).ok()?;
        }
        // A zone often bears the division's name already: 宿迁经济技术开发区.
        let stem: String = division.name.chars().take(2).collect();
        let name = match self.kind {
            BodyKind::Zone if self.spoken.starts_with(&stem) => self.spoken.clone(),
            _ => format!("{}{}", division.name, self.spoken),
        };
        Some(Body { id, name, kind: self.kind })
    }

    fn unplaced(&self) -> Option<Body> {
        let id = BodyId::government(BodyId::UNPLACED).ok()?.below(&self.spoken).ok()?;
        Some(Body { id, name: self.spoken.clone(), kind: self.kind })
    }
}

struct Reader {
    places: &'static Places,
    words: &'static BodyWords,
    lookup: Lookup,
}

impl Reader {
    fn read(&self, name: &str) -> NamedBody {
        let first = name.split('/').next().unwrap_or_default();
        if name.contains('/') || first.trim_start_matches('@').bytes().all(|byte| byte.is_ascii_digit()) {
            return self.path(name);
        }
        self.name(name)
    }

    /// `140109/财政局`, `太原市/万柏林区/财政局`, `140109/街道/千峰街道`.
    fn path(&self, path: &str) -> NamedBody {
        let segments: Vec<&str> = path.split('/').collect();
        let divisions = (1..=segments.len()).rev().find_map(|taken| {
            let found = self.places.find_folded(&segments.get(..taken)?.join("/"), self.lookup);
            (!found.is_empty()).then_some((taken, found))
        });
        let Some((taken, divisions)) = divisions else {
            // Ministries, bodies of a store that this version knows no division of, and nonsense.
            return match path.parse::<BodyId>() {
                Ok(id) if !id.is_government() => {
                    let name = id.segments().last().unwrap_or_default().to_owned();
                    let kind = self.parts(&name).map_or(BodyKind::Organisation, |parts| parts.kind);
                    let kind =
                        if self.words.of("ministry").any(|known| known == name) { BodyKind::Ministry } else { kind };
                    if id.is_placed() {
                        NamedBody::One(Body { id, name, kind })
                    } else {
                        NamedBody::Unplaced(Body { id, name, kind })
                    }
                }
                _ => NamedBody::Nothing,
            };
        };
        let Some(parts) = self.segments(segments.get(taken..).unwrap_or_default()) else { return NamedBody::Nothing };
        several(divisions.into_iter().filter_map(|division| parts.under(division)))
    }

    /// Segments after the division: a single one is read like a name, several are kept as they are.
    fn segments(&self, segments: &[&str]) -> Option<Parts> {
        match segments {
            [] => Some(Parts::new(BodyKind::Government, &[], "")),
            [one] => self.parts(one).or_else(|| Some(Parts::new(BodyKind::Organisation, &[one], one))),
            [group, one] if [self.words.word("subdistrict_path"), self.words.word("town_path")].contains(group) => {
                let kind = if *group == self.words.word("town_path") { BodyKind::Town } else { BodyKind::Subdistrict };
                Some(Parts::new(kind, &[group, one], one))
            }
            [.., last] if segments.iter().all(|segment| !segment.is_empty()) => {
                let kind = self.parts(last).map_or(BodyKind::Organisation, |parts| parts.kind);
                Some(Parts::new(kind, segments, &segments.concat()))
            }
            _ => None,
        }
    }

    fn name(&self, name: &str) -> NamedBody {
        if let Some(body) = self.of_the_centre(name) {
            return NamedBody::One(body);
        }
        if let Some((_, rest)) = self.words.after_beginning("system", name) {
            match self.placed(rest, "") {
                NamedBody::Nothing => {}
                found => return found,
            }
        }
        if let Some((system, rest)) = self.words.after_beginning("system_kept", name) {
            match self.placed(rest, system) {
                NamedBody::Nothing => {}
                found => return found,
            }
        }
        match self.placed(name, "") {
            NamedBody::Nothing => {}
            found => return found,
        }
        if self.words.of("relative").any(|word| name.strip_prefix(word).is_some_and(|rest| self.generic(rest))) {
            return NamedBody::Nothing;
        }
        self.parts(name)
            .filter(|parts| !matches!(parts.kind, BodyKind::Government | BodyKind::Office))
            .and_then(|parts| parts.unplaced())
            .map_or(NamedBody::Nothing, NamedBody::Unplaced)
    }

    /// Whether the words after 本, 县, 我 … are no name of their own (县审计局, 我镇).
    fn generic(&self, rest: &str) -> bool {
        rest.is_empty()
            || self.words.of("relative").any(|word| word == rest)
            || matches!(
                self.parts(rest).map(|parts| parts.kind),
                Some(BodyKind::Department | BodyKind::Office | BodyKind::Government | BodyKind::Vertical)
            )
            || self.words.before_ending("department", rest).is_some()
            || ["department", "office", "town", "subdistrict"]
                .iter()
                .any(|role| self.words.of(role).any(|word| word == rest))
    }

    /// A name that begins with a division; `system` is what stood before the division and stays in the path.
    fn placed(&self, name: &str, system: &str) -> NamedBody {
        let mut cuts: Vec<usize> = name.char_indices().map(|(at, _)| at).skip(1).chain([name.len()]).collect();
        cuts.reverse();
        let cut = |at: usize| name.split_at_checked(at);
        // The longest name of a division, with a body after it or nothing.
        for (place, rest) in cuts.iter().filter_map(|&at| cut(at)) {
            let divisions = self.places.find_folded(place, self.lookup);
            if divisions.is_empty() {
                continue;
            }
            if let Some((below, parts)) = self.zone_by_stem(rest, &divisions) {
                return several(below.into_iter().filter_map(|division| parts.under(division)));
            }
            if let Some(parts) = self.parts(rest).map(|parts| with_system(parts, system)) {
                return several(divisions.into_iter().filter_map(|division| parts.under(division)));
            }
        }
        if let Some((divisions, parts)) = self.zone_by_stem(name, &[]) {
            return several(divisions.into_iter().filter_map(|division| parts.under(division)));
        }
        // Without its suffix the division may only stand before a body that everybody has.
        let short = Lookup { short: true, ..self.lookup };
        for (place, rest) in cuts.iter().filter_map(|&at| cut(at)) {
            let known = self.words.of("department_known").any(|word| word == rest);
            let vertical = self.words.of("vertical").any(|word| word == rest);
            if (known || vertical || (self.words.kept("office", rest).is_some()))
                && let divisions = self.places.find_folded(place, short)
                && !divisions.is_empty()
                && let Some(parts) = self.parts(rest).map(|parts| with_system(parts, system))
            {
                return several(divisions.into_iter().filter_map(|division| parts.under(division)));
            }
        }
        NamedBody::Nothing
    }

    /// A zone by the division whose name it bears: 宿迁经济技术开发区 → 宿迁市, below `within` if given.
    fn zone_by_stem(&self, name: &str, within: &[&Division]) -> Option<(Vec<&'static Division>, Parts)> {
        let parts = self.parts(name).filter(|parts| parts.kind == BodyKind::Zone || parts.path.len() == 2)?;
        let zone = parts.path.first()?;
        if !self.words.of("zone").any(|word| zone.ends_with(word)) {
            return None;
        }
        let short = Lookup { short: true, ..self.lookup };
        let stems = zone.char_indices().map(|(at, _)| at).skip(2).collect::<Vec<_>>();
        stems
            .into_iter()
            .rev()
            .find_map(|at| {
                let mut divisions = self.places.find_folded(zone.split_at_checked(at)?.0, short);
                if !within.is_empty() {
                    divisions.retain(|division| {
                        self.places
                            .ancestors(division.code)
                            .iter()
                            .any(|above| within.iter().any(|row| row.code == above.code))
                            || within.iter().any(|row| row.code == division.code)
                    });
                }
                (!divisions.is_empty()).then_some(divisions)
            })
            .map(|divisions| (divisions, parts))
    }

    /// What a name is after its division has been taken off.
    fn parts(&self, rest: &str) -> Option<Parts> {
        if rest.is_empty() || self.words.of("government").any(|word| word == rest) {
            return Some(Parts::new(BodyKind::Government, &[], ""));
        }
        if let Some(office) = self.words.kept("office", rest) {
            return Some(Parts::new(BodyKind::Office, &[office], office));
        }
        // 城区街道办事处 is not an office of some 城区.
        let bare = ["subdistrict", "town", "committee", "zone"]
            .iter()
            .any(|role| self.words.of(role).any(|word| word == rest));
        if bare || !is_name(rest) {
            return None;
        }
        // 荔湾区人民政府南源街道办事处, 人民政府国有资产监督管理委员会
        // 黄埔区人民政府、广州开发区管委会 are two bodies.
        let two = |word| rest.split_once(word).is_some_and(|(_, after)| after.starts_with('、'));
        if self.words.of("government").any(two) {
            return None;
        }
        let rest = self.words.after_beginning("government", rest).map_or(rest, |(_, after)| after);
        self.town(rest)
            .or_else(|| self.subdistrict(rest))
            .or_else(|| self.zone(rest))
            .or_else(|| self.ending("vertical", BodyKind::Vertical, rest))
            .or_else(|| self.ending("department", BodyKind::Department, rest))
            .or_else(|| {
                let known = self.words.of("department_known").any(|word| word == rest);
                known.then(|| Parts::new(BodyKind::Department, &[rest], rest))
            })
    }

    fn town(&self, rest: &str) -> Option<Parts> {
        let name = self.words.before_ending("government", rest).map_or(rest, |(before, _)| before);
        self.words.before_ending("town", name)?;
        Some(Parts::new(BodyKind::Town, &[self.words.word("town_path"), name], name))
    }

    fn subdistrict(&self, rest: &str) -> Option<Parts> {
        let (stem, _) = self.words.before_ending("subdistrict", rest)?;
        let group = self.words.word("subdistrict_path");
        let name = format!("{stem}{group}");
        Some(Parts::new(BodyKind::Subdistrict, &[group, &name], &name))
    }

    fn zone(&self, rest: &str) -> Option<Parts> {
        let is_zone = |name: &str| self.words.before_ending("zone", name).is_some();
        let name = self.words.before_ending("committee", rest).map_or(rest, |(before, _)| before);
        if is_zone(name) {
            return Some(Parts::new(BodyKind::Zone, &[name], name));
        }
        // A body of the zone: 平潭综合实验区管委会办公室, 宿迁经济技术开发区财政局.
        let cuts: Vec<usize> = rest.char_indices().map(|(at, _)| at).skip(2).collect();
        cuts.into_iter().rev().filter_map(|at| rest.split_at_checked(at)).find_map(|(zone, body)| {
            if !is_zone(zone) {
                return None;
            }
            let committee = self.words.after_beginning("committee", body).filter(|(_, after)| !after.is_empty());
            let known = self.words.of("department_known").any(|word| word == body);
            match committee {
                Some((_, after)) if self.words.of("department").any(|word| word == after) => {
                    Some(Parts::new(BodyKind::Office, &[zone, body], &format!("{zone}{body}")))
                }
                Some((_, after)) if self.words.before_ending("department", after).is_some() => {
                    Some(Parts::new(BodyKind::Department, &[zone, after], &format!("{zone}{after}")))
                }
                None if known => Some(Parts::new(BodyKind::Department, &[zone, body], &format!("{zone}{body}"))),
                _ => None,
            }
        })
    }

    fn ending(&self, role: &str, kind: BodyKind, rest: &str) -> Option<Parts> {
        let whole = self.words.of(role).any(|word| word == rest) && rest.chars().count() >= 2;
        (whole || self.words.before_ending(role, rest).is_some()).then(|| Parts::new(kind, &[rest], rest))
    }

    /// The State Council's departments and 新疆生产建设兵团.
    fn of_the_centre(&self, name: &str) -> Option<Body> {
        // 中国人民银行 is called so; of 中华人民共和国财政部 the beginning may be left out.
        let short = self.words.after_beginning("system", name).map(|(_, rest)| rest).filter(|rest| !rest.is_empty());
        self.named_centre(name).or_else(|| self.named_centre(short?))
    }

    fn named_centre(&self, name: &str) -> Option<Body> {
        for (own, path) in self.words.pairs("own_path") {
            let Some(rest) = name.strip_prefix(own) else { continue };
            let mut id: BodyId = path.parse().ok()?;
            let rest = self.words.before_ending("government", rest).map_or(rest, |(before, _)| before);
            if !rest.is_empty() {
                id = id.below(rest).ok()?;
            }
            let kind = self.parts(rest).map_or(BodyKind::Organisation, |parts| parts.kind);
            let kind = if rest.is_empty() { BodyKind::Organisation } else { kind };
            return Some(Body { id, name: format!("{own}{rest}"), kind });
        }
        let centre = BodyId::government("000000").ok()?;
        if self.words.of("centre").any(|word| word == name) {
            return Some(Body { id: centre, name: name.to_owned(), kind: BodyKind::Government });
        }
        let whole = |name: &str| self.words.of("ministry").find(|&word| word == name);
        let ministry = whole(name).or_else(|| self.words.kept("ministry_short", name))?;
        Some(Body { id: centre.below(ministry).ok()?, name: ministry.to_owned(), kind: BodyKind::Ministry })
    }
}

fn with_system(mut parts: Parts, system: &str) -> Parts {
    if parts.kind == BodyKind::Vertical
        && let Some(last) = parts.path.last_mut()
    {
        last.insert_str(0, system);
    }
    parts
}

/// Whether the text could be a name: Chinese characters, with dots, commas and brackets at most.
fn is_name(text: &str) -> bool {
    (2..=40).contains(&text.chars().count())
        && text.chars().all(|character| text::is_han(character) || "·、()".contains(character))
}

fn several(bodies: impl Iterator<Item = Body>) -> NamedBody {
    let mut bodies: Vec<Body> = bodies.collect();
    bodies.sort_by(|a, b| a.id.cmp(&b.id));
    bodies.dedup_by(|a, b| a.id == b.id);
    match bodies.len() {
        0 => NamedBody::Nothing,
        1 => bodies.pop().map_or(NamedBody::Nothing, NamedBody::One),
        _ => NamedBody::Several(bodies),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> String {
        match body(name, None, &Known::default()) {
            NamedBody::One(body) => format!("{} {:?} {}", body.id, body.kind, body.name),
            NamedBody::Several(bodies) => bodies.iter().map(|body| body.id.to_string()).collect::<Vec<_>>().join(" "),
            NamedBody::Unplaced(body) => format!("? {} {:?}", body.id, body.kind),
            NamedBody::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn governments_and_their_offices() {
        for name in [
            "万柏林区",
            "太原市万柏林区人民政府",
            "万柏林区政府",
            "山西省太原市万柏林区人民政府",
            "140109",
            "太原市/万柏林区",
            "太原市万柏林区 人民政府",
        ] {
            assert_eq!(path(name), "140109 Government 万柏林区", "{name}");
        }
        assert_eq!(path("淮安市洪泽区人民政府办公室"), "320813/人民政府办公室 Office 洪泽区人民政府办公室");
        assert_eq!(path("万柏林区本级"), "140109/人民政府本级 Office 万柏林区人民政府本级");
        assert_eq!(path("洪泽区政府办"), "320813/人民政府办公室 Office 洪泽区人民政府办公室");
        assert_eq!(path("上海市人民政府办公厅"), "310000/人民政府办公厅 Office 上海市人民政府办公厅");
        assert_eq!(path("武威市人民政府办公室"), "620600/人民政府办公室 Office 武威市人民政府办公室");
    }

    #[test]
    fn departments_and_vertical_systems() {
        for (name, expected) in [
            ("太原市万柏林区财政局", "140109/财政局 Department 万柏林区财政局"),
            ("140109/财政局", "140109/财政局 Department 万柏林区财政局"),
            ("太原市/万柏林区/财政局", "140109/财政局 Department 万柏林区财政局"),
            ("太原财政局", "140100/财政局 Department 太原市财政局"),
            ("文登区住建局", "371003/住建局 Department 文登区住建局"),
            ("上海市科委", "310000/科委 Department 上海市科委"),
            ("东辽县供销社", "220422/供销社 Department 东辽县供销社"),
            ("西安市高陵區文化和旅游體育局", "610117/文化和旅游体育局 Department 高陵区文化和旅游体育局"),
            ("河北省沧州市气象局", "130900/气象局 Vertical 沧州市气象局"),
            ("国家税务总局太原市万柏林区税务局", "140109/税务局 Vertical 万柏林区税务局"),
            ("太原海关", "140100/海关 Vertical 太原市海关"),
            ("国家统计局太原调查队", "140100/国家统计局调查队 Vertical 太原市调查队"),
            (
                "山西省人民政府国有资产监督管理委员会",
                "140000/国有资产监督管理委员会 Department 山西省国有资产监督管理委员会",
            ),
        ] {
            assert_eq!(path(name), expected, "{name}");
        }
    }

    #[test]
    fn towns_and_subdistricts() {
        for (name, expected) in [
            ("广州市荔湾区人民政府南源街道办事处", "440103/街道/南源街道 Subdistrict 荔湾区南源街道"),
            ("广州市白云区棠景街", "440111/街道/棠景街道 Subdistrict 白云区棠景街道"),
            ("140109/街道/千峰街道", "140109/街道/千峰街道 Subdistrict 万柏林区千峰街道"),
            ("盐边县新九镇人民政府", "510422/镇/新九镇 Town 盐边县新九镇"),
            ("万源市玉带乡", "511781/镇/玉带乡 Town 万源市玉带乡"),
            ("洪雅县止戈镇", "511423/镇/止戈镇 Town 洪雅县止戈镇"),
            ("双溪乡", "? 999999/双溪乡 Town"),
            ("下湿壕镇政府", "? 999999/下湿壕镇 Town"),
            ("佳荣里街", "? 999999/佳荣里街道 Subdistrict"),
            // 南京路 is not in 南京, 北京街道 is in Guangzhou.
            ("南京路街道办事处", "? 999999/南京路街道 Subdistrict"),
            ("北京街道", "? 999999/北京街道 Subdistrict"),
            ("城区街道办事处", "? 999999/城区街道 Subdistrict"),
            ("牛街乡人民政府", "? 999999/牛街乡 Town"),
        ] {
            assert_eq!(path(name), expected, "{name}");
        }
    }

    #[test]
    fn zones_the_centre_and_the_corps() {
        for (name, expected) in [
            ("宿迁经济技术开发区", "321300/宿迁经济技术开发区 Zone 宿迁经济技术开发区"),
            ("江苏省宿迁经济技术开发区管理委员会", "321300/宿迁经济技术开发区 Zone 宿迁经济技术开发区"),
            ("平潭综合实验区管理委员会", "350128/平潭综合实验区 Zone 平潭综合实验区"),
            (
                "平潭综合实验区管委会办公室",
                "350128/平潭综合实验区/管委会办公室 Office 平潭县平潭综合实验区管委会办公室",
            ),
            ("武汉市东湖新技术开发区", "420100/东湖新技术开发区 Zone 武汉市东湖新技术开发区"),
            ("财政部", "000000/财政部 Ministry 财政部"),
            ("000000/财政部", "000000/财政部 Ministry 财政部"),
            ("国家发展改革委", "000000/国家发展和改革委员会 Ministry 国家发展和改革委员会"),
            ("中华人民共和国海关总署", "000000/海关总署 Ministry 海关总署"),
            ("新疆生产建设兵团", "650000/新疆生产建设兵团 Organisation 新疆生产建设兵团"),
            ("雄安新区", "? 999999/雄安新区 Zone"),
        ] {
            assert_eq!(path(name), expected, "{name}");
        }
    }

    #[test]
    fn shared_names_and_no_names() {
        assert_eq!(path("鼓楼区财政局"), "320106/财政局 320302/财政局 350102/财政局 410204/财政局");
        assert_eq!(path("南京市鼓楼区财政局"), "320106/财政局 Department 鼓楼区财政局");
        for name in
            ["", "我镇", "县审计局", "本局", "区政府办公室", "2024年", "999", "人民政府", "市政府", "各区人民政府"]
        {
            assert_eq!(path(name), "nothing", "{name}");
        }
        let body: BodyId = "320106/财政局".parse().unwrap();
        assert_eq!(body_path(&body), "江苏省/南京市/鼓楼区/财政局");
    }

    #[test]
    fn known_bodies_win() {
        let known =
            Body { id: "330727/镇/双溪乡".parse().unwrap(), name: "双溪乡".to_owned(), kind: BodyKind::Town };
        assert_eq!(body("双溪乡", None, &Known::from(vec![known.clone()])), NamedBody::One(known));
    }
}
