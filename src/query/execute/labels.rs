//! What measures are called and how they are defined, in both languages, from the catalogue's data.

use super::{
    super::{
        Bilingual, Definition, Field, PlaceName,
        plan::{Member, Place, Plan, Statistic, Sum, Term, TermKind},
    },
    calc::parts,
    setup::Setup,
    whose::named,
};
use crate::{
    model::{Applicant, BodyId, CategoryCode, Table, Template},
    schema::{Category, Meaning, bare_label, catalogue, marks, names},
    store::View,
};

/// A member of a term as a field of the category column.
pub(crate) fn member(setup: &Setup, at: usize) -> Field {
    let members = setup.terms.all.iter().take(setup.terms.shown).map(|term| &term.members);
    let Some(member) = members.max_by_key(|members| members.len()).and_then(|members| members.get(at)) else {
        return Field::None;
    };
    Field::Item { id: member.measure.id.clone(), label: measure(&member.measure.id) }
}

pub(crate) fn applicant_item(applicant: Applicant) -> Field {
    let (en, zh) = catalogue().applicant(applicant);
    Field::Item { id: applicant.id().to_owned(), label: Bilingual { en: en.to_owned(), zh: zh.to_owned() } }
}

pub(crate) fn category_item(code: CategoryCode) -> Field {
    let Some(category) = catalogue().get(code) else { return Field::None };
    Field::Item { id: category.id.clone(), label: category_label(category) }
}

pub(crate) fn category_label(category: &Category) -> Bilingual {
    Bilingual { en: category.label_en.clone(), zh: bare_label(category.label(Template::Form2021)) }
}

/// The label of a measure by its id; the id itself for a measure of one's own.
pub(crate) fn measure(id: &str) -> Bilingual {
    let plain = || Bilingual { en: id.to_owned(), zh: id.to_owned() };
    let Some(named) = names().by_id(id) else { return plain() };
    match named.meaning {
        Meaning::Category(code) => catalogue().get(code).map_or_else(plain, category_label),
        Meaning::Virtual(at) => catalogue()
            .virtuals
            .get(at)
            .map_or_else(plain, |sum| Bilingual { en: sum.label_en.clone(), zh: named.zh.clone() }),
        Meaning::Indicator(at) => names()
            .indicators
            .get(at)
            .map_or_else(plain, |one| Bilingual { en: one.label_en.clone(), zh: one.label_zh.clone() }),
    }
}

/// What a term is called at the head of its column.
pub(crate) fn term(term: &Term) -> Bilingual {
    match term.members.as_slice() {
        [one] => measure(&one.measure.id),
        _ => Bilingual::default(),
    }
}

/// How the value of a term is measured; nothing for numbers without a unit.
pub(crate) fn unit(term: &Term) -> Option<String> {
    let percent = || Some("%".to_owned());
    if term.statistic == Some(Statistic::Count) {
        return None;
    }
    shared(term, |member| match parts(term.kind, member) {
        _ if term.kind == TermKind::Change => percent(),
        (above, None) => sum_unit(above),
        (above, Some(Ok(below))) if sum_unit(above) == sum_unit(below) => percent(),
        (_, Some(_)) => None,
    })
}

/// What is true of every member alike: fees and requests in one column have no unit.
fn shared<T: PartialEq>(term: &Term, of: impl Fn(&Member) -> Option<T>) -> Option<T> {
    let mut members = term.members.iter().map(of);
    let first = members.next()??;
    members.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

/// The units of what stands above and below the line.
pub(crate) fn part_units(term: &Term) -> (Option<String>, Option<String>) {
    if term.kind == TermKind::Change {
        let value = unit(&Term { kind: TermKind::Value, ..term.clone() });
        return (value.clone(), value);
    }
    let above = shared(term, |member| sum_unit(parts(term.kind, member).0));
    let below = shared(term, |member| parts(term.kind, member).1.and_then(Result::ok).and_then(sum_unit));
    (above, below)
}

/// The unit all parts of a sum share.
fn sum_unit(sum: &Sum) -> Option<String> {
    let mut units = sum.0.iter().map(|part| unit_of(part.category));
    let first = units.next()??;
    units.all(|unit| unit.as_ref() == Some(&first)).then_some(first)
}

/// The unit of a category; a heading counts what its total or its parts count.
fn unit_of(code: CategoryCode) -> Option<String> {
    let category = catalogue().get(code)?;
    category.unit.clone().or_else(|| category.children.iter().find_map(|&child| unit_of(child)))
}

/// How a term is defined, so that it can be cited.
pub(crate) fn definition(term: &Term) -> Definition {
    let id = |member: &Member| member.measure.id.clone();
    let below = |member: &Member| match (parts(term.kind, member).1, &member.base) {
        (Some(_), Some(base)) => Some(base.id.clone()),
        (Some(Ok(sum)), _) => Some(ids(sum)),
        (Some(Err(per)), _) => Some(format!("population/{per}")),
        _ => None,
    };
    let divided = |member: &Member| parts(term.kind, member).1.is_some();
    let per_residents = |member: &Member| matches!(parts(term.kind, member).1, Some(Err(_)));
    let kind = match term.kind {
        TermKind::Change => "change",
        // Requests per residents are no share of anything.
        _ if !term.members.is_empty() && term.members.iter().all(per_residents) => "rate",
        _ if !term.members.is_empty() && term.members.iter().all(divided) => "share",
        _ => "sum",
    };
    let pooling = match term.statistic {
        None if kind == "sum" && !term.members.iter().any(divided) => "sum".to_owned(),
        None => "pooled".to_owned(),
        Some(statistic) => statistic_id(statistic),
    };
    Definition {
        kind: kind.to_owned(),
        numerator: match term.members.as_slice() {
            [] => String::new(),
            [one] => id(one),
            many => common(many),
        },
        denominator: shared(term, below),
        unit: shared(term, |member| sum_unit(parts(term.kind, member).0)),
        pooling: Some(pooling),
        version: shared(term, |member| member.measure.version),
        text: in_words(term),
    }
}

/// What a term is, in words: a formula, or several members over what they share.
fn in_words(term: &Term) -> Bilingual {
    let over = |above: Bilingual, below: Bilingual| Bilingual {
        en: format!("{} ÷ {}", above.en, below.en),
        zh: format!("{} ÷ {}", above.zh, below.zh),
    };
    let whole = |member: &Member| match parts(term.kind, member) {
        (above, Some(Ok(below))) => over(bracketed(above), bracketed(below)),
        (above, Some(Err(per))) => over(bracketed(above), residents(per)),
        (above, None) => formula(above),
    };
    if let [one] = term.members.as_slice() {
        return whole(one);
    }
    let base = shared(term, |member| member.base.as_ref().and_then(|_| parts(term.kind, member).1?.ok().cloned()));
    // A plain row by its name, a quotient by its formula.
    let each = |member: &Member| match parts(term.kind, member).1 {
        Some(_) if base.is_none() => whole(member),
        _ => measure(&member.measure.id),
    };
    let each: Vec<Bilingual> = term.members.iter().map(each).collect();
    let en = each.iter().map(|one| one.en.as_str()).collect::<Vec<_>>().join(", ");
    let zh = each.iter().map(|one| one.zh.as_str()).collect::<Vec<_>>().join("、");
    let names = Bilingual { en, zh };
    match base {
        Some(base) => over(names, bracketed(&base)),
        None => names,
    }
}

/// So many residents, as what a measure is divided by.
fn residents(per: u32) -> Bilingual {
    let times = |word: &str| format!("{word} \u{d7} {per}");
    Bilingual { en: times("residents"), zh: times(marks().residents) }
}

/// The id of a statistic.
pub(crate) fn statistic_id(statistic: Statistic) -> String {
    match statistic {
        Statistic::Mean => "mean".to_owned(),
        Statistic::Median => "median".to_owned(),
        Statistic::Min => "min".to_owned(),
        Statistic::Max => "max".to_owned(),
        Statistic::Percentile(percent) => format!("p{percent}"),
        Statistic::Quartiles => "quartiles".to_owned(),
        Statistic::Count => "count".to_owned(),
    }
}

/// `outcome.*` for members that share everything before their last segment, else the list.
fn common(members: &[Member]) -> String {
    let heads: Vec<&str> =
        members.iter().filter_map(|member| member.measure.id.rsplit_once('.')).map(|(head, _)| head).collect();
    match heads.split_first() {
        Some((head, rest)) if heads.len() == members.len() && rest.iter().all(|other| other == head) => {
            format!("{head}.*")
        }
        _ => members.iter().map(|member| member.measure.id.as_str()).collect::<Vec<_>>().join(", "),
    }
}

/// A sum by ids: `outcome.granted + outcome.partial`.
pub(crate) fn ids(sum: &Sum) -> String {
    written(sum, &|category, applicant| match applicant {
        Some(applicant) => format!("{}[{}]", category.id, applicant.id()),
        None => category.id.clone(),
    })
}

/// A sum by labels, with numbers of the form in Chinese.
fn formula(sum: &Sum) -> Bilingual {
    let column = |category: &Category, applicant: Option<Applicant>| {
        (category.table == Some(Table::T3))
            .then_some(applicant)
            .flatten()
            .map(|applicant| catalogue().applicant(applicant))
    };
    let en = written(sum, &|category, applicant| {
        let column = column(category, applicant).map(|(en, _)| format!(" [{en}]")).unwrap_or_default();
        format!("{}{column}", category.label_en)
    });
    let zh = written(sum, &|category, applicant| {
        let number = names().by_id(&category.id).and_then(|named| named.number.clone());
        let number = number.map(|number| format!("{number} ")).unwrap_or_default();
        let column = column(category, applicant).map(|(_, zh)| format!("[{zh}]")).unwrap_or_default();
        format!("{number}{}{column}", in_full(category))
    });
    Bilingual { en, zh }
}

/// The same where it is divided or divided by: a sum of several parts in brackets.
fn bracketed(sum: &Sum) -> Bilingual {
    let Bilingual { en, zh } = formula(sum);
    if sum.0.len() > 1 { Bilingual { en: format!("({en})"), zh: format!("({zh})") } } else { Bilingual { en, zh } }
}

/// What a cell is called where the head of its table is not in sight: a column of tables 2 and 4 with its block, which
/// the English label has already.
fn in_full(category: &Category) -> String {
    let label = |category: &Category| bare_label(category.label(Template::Form2021));
    let block = category.parent.filter(|_| category.table != Some(Table::T3)).and_then(|code| catalogue().get(code));
    block.map(label).unwrap_or_default() + &label(category)
}

fn written(sum: &Sum, name: &dyn Fn(&Category, Option<Applicant>) -> String) -> String {
    let mut text = String::new();
    for part in &sum.0 {
        let Some(category) = catalogue().get(part.category) else { continue };
        let sign = match (text.is_empty(), part.factor < 0) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        };
        text.push_str(sign);
        if part.factor.unsigned_abs() != 1 {
            text.push_str(&part.factor.unsigned_abs().to_string());
            text.push_str(" × ");
        }
        text.push_str(&name(category, part.applicant));
    }
    text
}

/// A place of the query's list as a field.
pub(crate) fn listed(plan: &Plan, at: u64, view: &View) -> Field {
    let place = usize::try_from(at).ok().and_then(|at| plan.whose.places.get(at));
    let name = |id: &BodyId| {
        let known = view.find(id).and_then(|body| view.body(body));
        named(id.as_str(), known.map(|body| body.name.as_str()))
    };
    let with = |id: &BodyId, tail: &str| {
        let PlaceName { code, name, path } = name(id);
        PlaceName { code: format!("{code}{tail}"), name: format!("{name}{tail}"), path: format!("{path}{tail}") }
    };
    match place {
        Some(Place::Body(id)) => Field::Place(name(id)),
        Some(Place::Children(id)) => Field::Place(with(id, "/*")),
        Some(Place::Below(id)) => Field::Place(with(id, "/**")),
        None => Field::None,
    }
}
