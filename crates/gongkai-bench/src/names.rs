//! What the store must be told to read a cube: the catalogue's names.

use std::collections::HashMap;

use gongkai::{
    model::{Applicant, Body, BodyKind, Scope, Slot, Template, Templates, Year},
    schema::{Category, ValueType, catalogue},
    store::Names,
};

/// The name of a slot in a cube.
pub fn name(slot: Slot) -> String {
    let id = catalogue().get(slot.category).map_or("?", |category| category.id.as_str());
    slot.applicant.map_or_else(|| id.to_owned(), |applicant| format!("{id}[{}]", applicant.id()))
}

/// Every slot that either form prints, in order.
pub fn slots() -> Vec<Slot> {
    let printed = |template| move |category: &&Category| category.printed_in(template);
    let mut slots: Vec<Slot> = [Template::Form2019, Template::Form2021]
        .into_iter()
        .flat_map(|template| catalogue().all().iter().filter(printed(template)).flat_map(Category::slots))
        .collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The form of a year.
pub fn template(year: Year) -> Template {
    if year.number() < 2021 { Template::Form2019 } else { Template::Form2021 }
}

/// Whether a form prints a slot.
pub fn printed(slot: Slot, template: Template) -> bool {
    catalogue().get(slot.category).is_some_and(|category| category.printed_in(template))
}

/// Runs something with the names.
pub fn with<T>(run: impl FnOnce(&Names<'_>) -> T) -> T {
    let by_name: HashMap<String, Slot> = slots().into_iter().map(|slot| (name(slot), slot)).collect();
    run(&Names {
        slot: &|name| by_name.get(name).copied(),
        money: &money,
        body: &|path| {
            let id = path.parse()?;
            let kind = if path.contains('/') { BodyKind::Department } else { BodyKind::Government };
            Ok(Body { id, name: path.to_owned(), kind })
        },
        form: &|_, year| {
            let form = Some(template(year));
            (Scope::Own, Templates { t2: form, t3: form, t4: form })
        },
        printed: &|slot, templates| templates.t3.is_some_and(|template| printed(slot, template)),
    })
}

/// Whether a slot holds money.
pub fn money(slot: Slot) -> bool {
    catalogue().get(slot.category).is_some_and(|category| category.value_type == ValueType::Amount)
}

/// The id of a slot's category.
pub fn category(slot: Slot) -> String {
    catalogue().get(slot.category).map_or_else(String::new, |category| category.id.clone())
}

/// Whether the form of a year prints a cell; the tables without columns have their cell under the total.
pub fn is_printed(category: &str, applicant: &str, year: Year) -> bool {
    let form = template(year);
    let printed = catalogue().by_id(category).filter(|category| category.printed_in(form));
    printed.is_some_and(|category| {
        let mut slots = category.slots();
        slots.any(|slot| slot.applicant.unwrap_or(Applicant::Total).id() == applicant)
    })
}
