//! The categories of the three tables, from `data/categories.json`.

use std::{collections::HashMap, sync::OnceLock};

use serde::Deserialize;

use crate::model::{Applicant, CategoryCode, Slot, Table, Template};

/// What a category is in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A cell.
    Leaf,
    /// A heading over children.
    Group,
    /// A printed total.
    Total,
    /// A row in one form, a heading in the other (（六）其他处理).
    Mixed,
}

/// What a cell of the category may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// Nothing: a heading.
    None,
    /// A whole number, not negative.
    Count,
    /// A whole number with a sign.
    SignedCount,
    /// Money.
    Amount,
}

/// How well a category joins the 2019 and the 2021 form (DOMAIN section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Comparability {
    /// Join freely.
    #[serde(rename = "same")]
    Same,
    /// （六）其他处理: comparable as the sum of its parts.
    #[serde(rename = "same (as a sum)")]
    SameAsSum,
    /// Join with a note.
    #[serde(rename = "near")]
    Near,
    /// Only the 2021 form has it.
    #[serde(rename = "2021 only")]
    Only2021,
    /// Only the 2019 form has it.
    #[serde(rename = "2019 only")]
    Only2019,
}

/// Key words by which a label is recognised: all of `all`, one of `any` if given, none of `none`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Match {
    /// Every one must occur.
    pub all: Vec<String>,
    /// One must occur, if any are given.
    pub any: Vec<String>,
    /// None may occur.
    pub none: Vec<String>,
}

/// One category (类别).
#[derive(Clone, Debug)]
pub struct Category {
    /// Stable code, never reused.
    pub code: CategoryCode,
    /// Id, such as `outcome.unavailable.not_held`.
    pub id: String,
    /// The table, or nothing for figures of the prose.
    pub table: Option<Table>,
    /// Code of the group above.
    pub parent: Option<CategoryCode>,
    /// Codes of the categories below, in form order.
    pub children: Vec<CategoryCode>,
    /// Cell, heading or total.
    pub kind: Kind,
    /// What a cell holds.
    pub value_type: ValueType,
    /// 件, 项, 万元 or nothing.
    pub unit: Option<String>,
    /// English label.
    pub label_en: String,
    /// Label printed in the 2019 form.
    pub label_2019: Option<String>,
    /// Label printed in the 2021 form.
    pub label_2021: Option<String>,
    /// Other wordings seen.
    pub variants: Vec<String>,
    /// Key words of the label.
    pub matches: Match,
    /// Articles of the Regulations or notices.
    pub legal: Vec<String>,
    /// Grade of the join between the forms; nothing for headings.
    pub comparability: Option<Comparability>,
}

impl Category {
    /// Whether the form prints a cell of its own for it.
    #[must_use]
    pub fn printed_in(&self, template: Template) -> bool {
        let label = match template {
            Template::Form2019 => &self.label_2019,
            Template::Form2021 => &self.label_2021,
        };
        label.is_some()
            && match self.kind {
                Kind::Leaf | Kind::Total => true,
                Kind::Group => false,
                Kind::Mixed => template == Template::Form2019,
            }
    }

    /// The label of a form, or of the other one where this form has none.
    #[must_use]
    pub fn label(&self, template: Template) -> &str {
        let (first, second) = match template {
            Template::Form2019 => (&self.label_2019, &self.label_2021),
            Template::Form2021 => (&self.label_2021, &self.label_2019),
        };
        first.as_deref().or(second.as_deref()).unwrap_or(&self.id)
    }

    /// The slots of the category: seven in table 3, one elsewhere, none for a bare heading.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let applicants: &[Option<Applicant>] = match (self.value_type, self.table) {
            (ValueType::None, _) => &[],
            (_, Some(Table::T3)) => &WITH_APPLICANT,
            _ => &[None],
        };
        applicants.iter().map(|&applicant| Slot { category: self.code, applicant })
    }
}

const WITH_APPLICANT: [Option<Applicant>; 7] = [
    Some(Applicant::Natural),
    Some(Applicant::Commercial),
    Some(Applicant::Research),
    Some(Applicant::PublicInterest),
    Some(Applicant::LegalServices),
    Some(Applicant::OtherOrg),
    Some(Applicant::Total),
];

/// A measure computed from others, such as `requests.in_hand`.
#[derive(Clone, Debug)]
pub struct Virtual {
    /// Id.
    pub id: String,
    /// English label.
    pub label_en: String,
    /// Added.
    pub plus: Vec<CategoryCode>,
    /// Taken off.
    pub minus: Vec<CategoryCode>,
}

/// `target` equals the sum of `parts` in the forms named.
#[derive(Clone, Debug)]
pub struct Rollup {
    /// The total or heading.
    pub target: CategoryCode,
    /// What adds up to it.
    pub parts: Vec<CategoryCode>,
    /// The forms it holds in.
    pub templates: Vec<Template>,
    /// Whether the official form prints the target.
    pub printed: bool,
}

/// Every category, looked up by code or id.
#[derive(Debug)]
pub struct Catalogue {
    categories: Vec<Category>,
    by_id: HashMap<String, usize>,
    /// Measures computed from others.
    pub virtuals: Vec<Virtual>,
    /// Sums that hold by the structure of the form.
    pub rollups: Vec<Rollup>,
    /// What came in, and what it must equal: what went out and what stays open.
    pub balance: (Vec<CategoryCode>, Vec<CategoryCode>),
    applicants: Vec<(Applicant, String, String)>,
}

impl Catalogue {
    /// The English and the Chinese label of a column of table 3.
    #[must_use]
    pub fn applicant(&self, applicant: Applicant) -> (&str, &str) {
        let found = self.applicants.iter().find(|(known, ..)| *known == applicant);
        found.map_or((applicant.id(), applicant.id()), |(_, en, zh)| (en, zh))
    }

    /// Every category in form order, which is code order within a table.
    #[must_use]
    pub fn all(&self) -> &[Category] {
        &self.categories
    }

    /// The category with this code.
    #[must_use]
    pub fn get(&self, code: CategoryCode) -> Option<&Category> {
        let at = self.categories.binary_search_by_key(&code, |category| category.code).ok()?;
        self.categories.get(at)
    }

    /// The category with this full id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Category> {
        self.by_id.get(id).and_then(|&at| self.categories.get(at))
    }

    /// The categories of one table that hold cells in one form, in form order.
    pub fn printed(&self, table: Table, template: Template) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(move |category| category.table == Some(table) && category.printed_in(template))
    }
}

/// The embedded catalogue.
///
/// # Panics
/// When the embedded file is not what this version expects, which a test rules out.
#[must_use]
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| parse(include_str!("data/categories.json")).expect("the embedded catalogue is valid"))
}

#[derive(Deserialize)]
struct RawCatalogue {
    applicants: Vec<RawApplicant>,
    categories: Vec<RawCategory>,
    #[serde(rename = "virtual")]
    virtuals: Vec<RawVirtual>,
    rollups: Vec<RawRollup>,
    balance: RawBalance,
}

#[derive(Deserialize)]
struct RawBalance {
    lhs: Vec<String>,
    rhs: Vec<String>,
}

#[derive(Deserialize)]
struct RawApplicant {
    code: u8,
    label: String,
    label_en: String,
}

#[derive(Deserialize)]
struct RawCategory {
    id: String,
    table: String,
    parent: Option<String>,
    kind: Kind,
    label_en: String,
    labels: HashMap<String, Option<String>>,
    unit: Option<String>,
    value_type: ValueType,
    variants: Vec<String>,
    #[serde(rename = "match")]
    matches: Match,
    legal: Vec<String>,
    comparability_2019_2021: Option<RawComparability>,
    code: u16,
    children: Vec<String>,
}

#[derive(Deserialize)]
struct RawComparability {
    grade: Comparability,
}

#[derive(Deserialize)]
struct RawVirtual {
    id: String,
    label_en: String,
    sum_of: Vec<String>,
    #[serde(default)]
    minus: Vec<String>,
}

#[derive(Deserialize)]
struct RawRollup {
    target: String,
    equals: Vec<String>,
    templates: Vec<String>,
    printed_target: bool,
}

fn parse(text: &str) -> Result<Catalogue, String> {
    let raw: RawCatalogue = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let codes: HashMap<String, CategoryCode> =
        raw.categories.iter().map(|category| (category.id.clone(), CategoryCode(category.code))).collect();
    let code = |id: &String| codes.get(id).copied().ok_or_else(|| format!("unknown category {id}"));
    let all = |ids: &[String]| ids.iter().map(code).collect::<Result<Vec<_>, _>>();

    let mut categories = Vec::with_capacity(raw.categories.len());
    for entry in &raw.categories {
        let label = |form: &str| entry.labels.get(form).cloned().flatten();
        categories.push(Category {
            code: CategoryCode(entry.code),
            id: entry.id.clone(),
            table: table(&entry.table)?,
            parent: entry.parent.as_ref().map(code).transpose()?,
            children: all(&entry.children)?,
            kind: entry.kind,
            value_type: entry.value_type,
            unit: entry.unit.clone(),
            label_en: entry.label_en.clone(),
            label_2019: label("2019"),
            label_2021: label("2021"),
            variants: entry.variants.clone(),
            matches: entry.matches.clone(),
            legal: entry.legal.clone(),
            comparability: entry.comparability_2019_2021.as_ref().map(|raw| raw.grade),
        });
    }
    // A virtual may be built on an earlier one: it is kept as a sum of categories.
    let mut virtuals: Vec<Virtual> = Vec::with_capacity(raw.virtuals.len());
    for entry in &raw.virtuals {
        let mut sum =
            Virtual { id: entry.id.clone(), label_en: entry.label_en.clone(), plus: Vec::new(), minus: Vec::new() };
        let signed = entry.sum_of.iter().map(|id| (id, true)).chain(entry.minus.iter().map(|id| (id, false)));
        for (id, added) in signed {
            let (mut plus, mut minus) = match virtuals.iter().find(|earlier| earlier.id == *id) {
                Some(earlier) => (earlier.plus.clone(), earlier.minus.clone()),
                None => (vec![code(id)?], Vec::new()),
            };
            if !added {
                std::mem::swap(&mut plus, &mut minus);
            }
            sum.plus.append(&mut plus);
            sum.minus.append(&mut minus);
        }
        virtuals.push(sum);
    }
    let rollups = raw
        .rollups
        .iter()
        .map(|entry| {
            Ok(Rollup {
                target: code(&entry.target)?,
                parts: all(&entry.equals)?,
                templates: entry.templates.iter().map(|form| template(form)).collect::<Result<_, String>>()?,
                printed: entry.printed_target,
            })
        })
        .collect::<Result<_, String>>()?;
    let applicants = raw
        .applicants
        .into_iter()
        .filter_map(|entry| Some((Applicant::from_code(entry.code)?, entry.label_en, entry.label)))
        .collect();
    let index = |key: fn(&Category) -> String| {
        categories.iter().enumerate().map(|(at, category)| (key(category), at)).collect::<HashMap<_, _>>()
    };
    Ok(Catalogue {
        by_id: index(|category| category.id.clone()),
        categories,
        virtuals,
        rollups,
        balance: (all(&raw.balance.lhs)?, all(&raw.balance.rhs)?),
        applicants,
    })
}

fn table(name: &str) -> Result<Option<Table>, String> {
    match name {
        "t2" => Ok(Some(Table::T2)),
        "t3" => Ok(Some(Table::T3)),
        "t4" => Ok(Some(Table::T4)),
        "text" => Ok(None),
        other => Err(format!("unknown table {other}")),
    }
}

fn template(name: &str) -> Result<Template, String> {
    match name {
        "2019" => Ok(Template::Form2019),
        "2021" => Ok(Template::Form2021),
        other => Err(format!("unknown form {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_have_their_printed_cells() {
        let count = |table, template| {
            catalogue().printed(table, template).map(|category| category.slots().count()).sum::<usize>()
        };
        assert_eq!(count(Table::T2, Template::Form2019), 22);
        assert_eq!(count(Table::T2, Template::Form2021), 10);
        assert_eq!(count(Table::T3, Template::Form2019), 161);
        assert_eq!(count(Table::T3, Template::Form2021), 175);
        assert_eq!(count(Table::T4, Template::Form2019), 15);
        assert_eq!(count(Table::T4, Template::Form2021), 15);
    }

    #[test]
    fn codes_and_ids_are_unique_and_ordered() {
        let catalogue = catalogue();
        assert_eq!(catalogue.by_id.len(), catalogue.all().len());
        // Categories are searched for by halves.
        assert!(catalogue.all().is_sorted_by(|category, next| category.code < next.code));
        for category in catalogue.all() {
            for &child in &category.children {
                let child = catalogue.get(child).unwrap();
                assert!(child.parent == Some(category.code) || category.kind == Kind::Total, "{}", child.id);
            }
        }
    }
}
