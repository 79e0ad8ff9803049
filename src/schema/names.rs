//! How people call the categories and the derived indicators: ids, short names, labels, numbers in the form.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use super::{Catalogue, Category, Kind, Virtual, catalogue, marks::marks};
use crate::model::{Applicant, CategoryCode, Table, Template};

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A row of the form, or a heading.
    Category(CategoryCode),
    /// A sum of rows that the form does not print, by its index in [`Catalogue::virtuals`].
    Virtual(usize),
    /// A derived indicator, by its index in [`Names::indicators`].
    Indicator(usize),
}

/// Everything that can be measured, with its names (DOMAIN sections 3 and 6).
#[derive(Clone, Debug)]
pub struct Named {
    /// The id: `outcome.unavailable.not_held`.
    pub id: String,
    /// What it is.
    pub meaning: Meaning,
    /// The number in the form: `三.四.1`.
    pub number: Option<String>,
    /// The word printed in English: the last segment where that is unique, else the id.
    pub en: String,
    /// The word printed in Chinese: 不掌握.
    pub zh: String,
    /// What a bare heading stands for: `review` for `review.total`.
    pub stands_for: Option<String>,
    /// What `share of` divides by.
    pub base: Option<Operand>,
}

/// A category, virtual or indicator in a formula, with the column it is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operand {
    /// The id.
    pub id: String,
    /// A fixed column of table 3; nothing means the column the question is about.
    pub applicant: Option<Applicant>,
}

/// A derived indicator with its formula (DOMAIN section 6).
#[derive(Clone, Debug)]
pub struct Indicator {
    /// The id: `rate.disclosure`.
    pub id: String,
    /// Version of the definition, named in answers.
    pub version: u16,
    /// English name.
    pub label_en: String,
    /// Chinese name.
    pub label_zh: String,
    /// Above the line, with signs.
    pub numerator: Vec<(i64, Operand)>,
    /// Below the line; empty for counts.
    pub denominator: Vec<(i64, Operand)>,
    /// Per how many residents, by a population table from outside.
    pub per_residents: Option<u32>,
}

/// Every name of everything that can be measured.
#[derive(Debug)]
pub struct Names {
    all: Vec<Named>,
    by_id: HashMap<String, usize>,
    by_word: HashMap<String, Vec<usize>>,
    phrases: Vec<String>,
    /// The derived indicators, in file order.
    pub indicators: Vec<Indicator>,
}

impl Names {
    /// Everything with a name: categories in form order, sums, indicators.
    #[must_use]
    pub fn all(&self) -> &[Named] {
        &self.all
    }

    /// The one with this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Named> {
        self.by_id.get(id).and_then(|&at| self.all.get(at))
    }

    /// Everything a word may mean: an id, its unique or shared tail, a short name, a label of either form, a number.
    pub fn find(&self, word: &str) -> impl Iterator<Item = &Named> {
        self.by_word.get(word).into_iter().flatten().filter_map(|&at| self.all.get(at))
    }

    /// The English names of several words: `disclosure rate`.
    #[must_use]
    pub fn phrases(&self) -> &[String] {
        &self.phrases
    }

    /// Every word with how many things it may mean, in no order that matters.
    pub fn words(&self) -> impl Iterator<Item = (&str, usize)> {
        self.by_word.iter().map(|(word, named)| (word.as_str(), named.len()))
    }
}

/// The names of the embedded catalogue.
///
/// # Panics
/// When an embedded file is not what this version expects, which a test rules out.
#[must_use]
pub fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        build(catalogue(), include_str!("data/names.tsv"), include_str!("data/measures.tsv"))
            .expect("the embedded names are valid")
    })
}

/// A label without its number in the form, its bracketed explanation and its quotation marks:
/// `1.本机关不掌握相关政府信息` is 本机关不掌握相关政府信息.
#[must_use]
pub fn bare_label(label: &str) -> String {
    let label = label.trim_start_matches(|c: char| "（(".contains(c));
    let numeral = |c: char| c.is_ascii_digit() || marks().numerals.contains(c) || marks().tens.contains(c);
    let unnumbered = label.trim_start_matches(numeral);
    let label = match unnumbered.strip_prefix(['、', '）', ')', '.', '．']) {
        Some(rest) if unnumbered.len() < label.len() => rest,
        _ => label,
    };
    let label = label.split(['（', '(']).next().unwrap_or(label);
    label.chars().filter(|c| !c.is_whitespace() && !"“”\"‘’'".contains(*c)).collect()
}

struct Row<'a> {
    number: &'a str,
    en: &'a str,
    zh: &'a str,
    stands_for: &'a str,
    base: &'a str,
}

fn build(catalogue: &Catalogue, names: &'static str, measures: &'static str) -> Result<Names, String> {
    let mut rows: HashMap<&str, Row> = HashMap::new();
    for [id, number, en, zh, stands_for, base] in records::<6>(names)? {
        rows.insert(id, Row { number, en, zh, stands_for, base });
    }
    let indicators = records::<7>(measures)?.into_iter().map(indicator).collect::<Result<Vec<_>, _>>()?;

    let ids: Vec<(String, Meaning)> = catalogue
        .all()
        .iter()
        .map(|category| (category.id.clone(), Meaning::Category(category.code)))
        .chain(catalogue.virtuals.iter().enumerate().map(|(at, sum)| (sum.id.clone(), Meaning::Virtual(at))))
        .chain(indicators.iter().enumerate().map(|(at, one)| (one.id.clone(), Meaning::Indicator(at))))
        .collect();
    // An indicator goes by its whole id: `not_held` is the row, `rate.not_held` the rate.
    let rows_of_the_form = ids.iter().filter(|(_, meaning)| !matches!(meaning, Meaning::Indicator(_)));
    let tails = tails(rows_of_the_form.map(|(id, _)| id.as_str()));

    let (all, by_id, by_word, phrases) = (Vec::new(), HashMap::new(), HashMap::new(), Vec::new());
    let mut built = Names { all, by_id, by_word, phrases, indicators };
    for (id, meaning) in &ids {
        let (id, meaning) = (id.as_str(), *meaning);
        let (row, label_zh) = if let Meaning::Indicator(at) = meaning {
            (None, built.indicators.get(at).map_or("", |one| one.label_zh.as_str()).to_owned())
        } else {
            let row = rows.remove(id).ok_or_else(|| format!("{id} has no name"))?;
            let zh = first(row.zh).to_owned();
            (Some(row), zh)
        };
        let last = id.rsplit('.').next().unwrap_or(id);
        let unique = tails.get(last).is_some_and(|named| named.as_slice() == [id]);
        let at = built.all.len();
        built.by_id.insert(id.to_owned(), at);
        built.all.push(Named {
            id: id.to_owned(),
            meaning,
            number: row.as_ref().map(|row| row.number.to_owned()).filter(|number| !number.is_empty()),
            en: if unique { last } else { id }.to_owned(),
            zh: label_zh,
            stands_for: row.as_ref().map(|row| row.stands_for.to_owned()).filter(|id| !id.is_empty()),
            base: match &row {
                Some(row) if !row.base.is_empty() => Some(operand(row.base)?),
                _ => None,
            },
        });
        let mut own: Vec<String> = match (&row, meaning) {
            (Some(row), _) => list(row.en).chain(list(row.zh)).chain([row.number]).map(str::to_owned).collect(),
            (None, Meaning::Indicator(_)) => {
                let line = measures.lines().find(|line| line.split('\t').next() == Some(id)).unwrap_or_default();
                line.split('\t').skip(2).take(2).flat_map(list).map(str::to_owned).collect()
            }
            (None, _) => Vec::new(),
        };
        if let Meaning::Category(code) = meaning {
            own.extend(catalogue.get(code).into_iter().flat_map(|category| labels(catalogue, category)));
        }
        for word in own.into_iter().filter(|word| !word.is_empty()) {
            built.add(word, at);
        }
    }
    if let Some(id) = rows.keys().next() {
        return Err(format!("{id} is named and not in the catalogue"));
    }
    // Tails come last: a short name of one's own wins over a shared tail.
    for (tail, named) in &tails {
        for id in named {
            if let Some(&at) = built.by_id.get(*id) {
                built.add((*tail).to_owned(), at);
            }
        }
    }
    // The full id means itself alone, whatever else ends in it.
    for (at, one) in built.all.iter().enumerate() {
        built.by_word.insert(one.id.clone(), vec![at]);
    }
    for one in &built.all {
        let known = |id: &String| built.by_id.contains_key(id);
        if one.stands_for.iter().any(|id| !known(id)) || one.base.iter().any(|base| !known(&base.id)) {
            return Err(format!("{} refers to something unknown", one.id));
        }
    }
    built.phrases = built.by_word.keys().filter(|word| word.contains(' ')).cloned().collect();
    built.phrases.sort_unstable();
    Ok(built)
}

impl Names {
    fn add(&mut self, word: String, at: usize) {
        let named = self.by_word.entry(word).or_default();
        if !named.contains(&at) {
            named.push(at);
            named.sort_unstable();
        }
    }
}

/// Every dotted tail of the ids, with the ids that end in it.
fn tails<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut tails: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for id in ids {
        let mut rest = id;
        loop {
            tails.entry(rest).or_default().push(id);
            match rest.split_once('.') {
                Some((_, shorter)) => rest = shorter,
                None => break,
            }
        }
    }
    tails
}

/// The labels of both forms. A column of tables 2 and 4 is named with its block: 行政复议结果维持.
fn labels(catalogue: &Catalogue, category: &Category) -> Vec<String> {
    let mut found = Vec::new();
    for template in [Template::Form2019, Template::Form2021] {
        let printed = match template {
            Template::Form2019 => &category.label_2019,
            Template::Form2021 => &category.label_2021,
        };
        let Some(label) = printed else { continue };
        let parent = category.parent.and_then(|code| catalogue.get(code));
        let column = matches!(category.table, Some(Table::T2 | Table::T4)) && category.kind != Kind::Group;
        match parent {
            Some(parent) if column => found.push(bare_label(parent.label(template)) + &bare_label(label)),
            _ => {
                found.push(bare_label(label));
                if !label.contains(['“', '"', '（', '、']) {
                    found.push(label.clone());
                }
            }
        }
    }
    // Headings of whole tables are no names of measures; shared words (其他, 总计) name nothing alone.
    found.retain(|label| label.chars().count() > 2 && !label.ends_with(marks().heading));
    found
}

fn indicator(fields: [&str; 7]) -> Result<Indicator, String> {
    let [id, version, en, zh, numerator, denominator, per] = fields;
    Ok(Indicator {
        id: id.to_owned(),
        version: version.parse().map_err(|_| format!("{id}: version {version}"))?,
        label_en: en.to_owned(),
        label_zh: first(zh).to_owned(),
        numerator: sum(numerator)?,
        denominator: sum(denominator)?,
        per_residents: match per {
            "" => None,
            number => Some(number.parse().map_err(|_| format!("{id}: per {number}"))?),
        },
    })
}

/// `a + b - c[total]`
fn sum(text: &str) -> Result<Vec<(i64, Operand)>, String> {
    let mut parts = Vec::new();
    let mut sign = 1;
    for word in text.split_whitespace() {
        match word {
            "+" => sign = 1,
            "-" => sign = -1,
            word => parts.push((sign, operand(word)?)),
        }
    }
    Ok(parts)
}

fn operand(text: &str) -> Result<Operand, String> {
    match text.split_once('[') {
        None => Ok(Operand { id: text.to_owned(), applicant: None }),
        Some((id, column)) => {
            let column = column.trim_end_matches(']');
            let applicant = Applicant::from_id(column).ok_or_else(|| format!("{text}: unknown applicant"))?;
            Ok(Operand { id: id.to_owned(), applicant: Some(applicant) })
        }
    }
}

fn records<const N: usize>(text: &'static str) -> Result<Vec<[&'static str; N]>, String> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            <[&str; N]>::try_from(fields).map_err(|fields| format!("{} fields in {line}", fields.len()))
        })
        .collect()
}

fn list(field: &str) -> impl Iterator<Item = &str> {
    field.split(',')
}

fn first(field: &str) -> &str {
    field.split(',').next().unwrap_or_default()
}

/// The sum behind a virtual id, for those who print definitions.
#[must_use]
pub fn virtual_of(named: &Named) -> Option<&'static Virtual> {
    match named.meaning {
        Meaning::Virtual(at) => catalogue().virtuals.get(at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(word: &str) -> String {
        let found: Vec<&str> = names().find(word).map(|named| named.id.as_str()).collect();
        assert_eq!(found.len(), 1, "{word}: {found:?}");
        found[0].to_owned()
    }

    #[test]
    fn every_way_to_name_not_held() {
        for word in [
            "outcome.unavailable.not_held",
            "unavailable.not_held",
            "not_held",
            "不掌握",
            "本机关不掌握相关政府信息",
            "1.本机关不掌握相关政府信息",
            "三.四.1",
        ] {
            assert_eq!(one(word), "outcome.unavailable.not_held");
        }
        let named = names().by_id("outcome.unavailable.not_held").unwrap();
        assert_eq!((named.en.as_str(), named.zh.as_str()), ("not_held", "不掌握"));
        assert_eq!(named.base, Some(Operand { id: "outcome.total".to_owned(), applicant: None }));
    }

    #[test]
    fn names_of_the_language() {
        for (word, id) in [
            ("new", "requests.new"),
            ("新收", "requests.new"),
            ("一", "requests.new"),
            ("上年结转", "requests.carried_in"),
            ("结转下年", "requests.carried_out"),
            ("四", "requests.carried_out"),
            ("三.一", "outcome.granted"),
            ("三.七", "outcome.total"),
            ("办理结果", "outcome"),
            ("复议纠正", "review.corrected"),
            ("复议审结", "review.closed"),
            ("行政复议结果纠正", "review.corrected"),
            ("危及三安全一稳定", "outcome.refused.security_stability"),
            ("部分公开", "outcome.partial"),
            ("licences", "proactive.licences"),
            ("公开率", "rate.disclosure"),
            ("败诉率", "rate.litigation_lost"),
            ("诉讼纠错率", "rate.litigation_lost"),
        ] {
            assert_eq!(one(word), id, "{word}");
        }
        assert_eq!(names().find("corrected").count(), 4, "a shared tail names every one");
    }

    #[test]
    fn printed_names_are_unique_and_mean_the_thing() {
        for named in names().all() {
            assert_eq!(one(&named.en), named.id);
            assert_eq!(one(&named.zh), named.id);
        }
    }

    #[test]
    fn labels_lose_their_numbers_only() {
        for (label, bare) in [
            ("（三）不予公开", "不予公开"),
            ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
            ("3.危及“三安全一稳定”", "危及三安全一稳定"),
            ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "部分公开"),
            ("三安全", "三安全"),
        ] {
            assert_eq!(bare_label(label), bare);
        }
    }

    #[test]
    fn indicators_have_their_formulas() {
        let loss = names().indicators.iter().find(|one| one.id == "rate.litigation_lost").unwrap();
        assert_eq!((loss.numerator.len(), loss.denominator.len()), (2, 4));
        assert_eq!(loss.denominator.iter().filter(|(sign, _)| *sign < 0).count(), 2);
        for one in &names().indicators {
            for (_, operand) in one.numerator.iter().chain(&one.denominator) {
                assert!(names().by_id(&operand.id).is_some(), "{}", operand.id);
            }
        }
    }
}
