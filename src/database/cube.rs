//! Cubes as CSV, with the names of the catalogue: `requests.new[natural]` … `review.total`.

use std::{
    collections::HashMap,
    io::{Read, Write},
};

use super::Database;
use crate::{
    error::{Error, ErrorKind, Result},
    messages::Said,
    model::{Body, BodyId, Origin, Scope, Slot, Template, Templates, Year},
    schema::{self, NamedBody, ValueType, catalogue, places},
    store::{self, Imported, Names},
};

impl Database {
    /// Reads a ready cube, long (`body,year,category,applicant,value`) or wide (`body,year` and a column per slot),
    /// and stores it. `known` names bodies beside the divisions, from a register.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when the head names no known columns, [`ErrorKind::Io`]. A bad row is not an error: it is
    /// refused with its line.
    pub fn import(&self, from: impl Read + Send, origin: &Origin, known: &[Body]) -> Result<Imported> {
        let store = self.store().ok_or_else(|| Error::new(ErrorKind::Usage, "database.import_memory"))?;
        let slots: HashMap<String, Slot> = named_slots().into_iter().map(|(slot, name)| (name, slot)).collect();
        let known: HashMap<&str, &Body> = known.iter().map(|body| (body.id.as_str(), body)).collect();
        let names = Names {
            slot: &|name| slots.get(name).copied(),
            money: &is_money,
            body: &|path| known.get(path).map_or_else(|| body(path), |body| Ok((*body).clone())),
            form: &form,
            printed: &printed,
        };
        store.import(from, &names, origin, (self.clock)())
    }

    /// Writes every cell as `body,year,category,applicant,value`.
    ///
    /// # Errors
    /// When the store cannot be read or `to` cannot be written.
    pub fn export_long(&self, to: impl Write) -> Result<()> {
        store::export_long(&self.view()?, to, &parts)
    }

    /// Writes one row per report with a column per slot.
    ///
    /// # Errors
    /// As [`Database::export_long`].
    pub fn export_wide(&self, to: impl Write) -> Result<()> {
        store::export_wide(&self.view()?, to, &name)
    }
}

/// Every slot that either form prints, with the name of its column, in order.
fn named_slots() -> Vec<(Slot, String)> {
    let forms = [Template::Form2019, Template::Form2021];
    let printed = catalogue().all().iter().filter(|category| forms.iter().any(|&form| category.printed_in(form)));
    printed.flat_map(schema::Category::slots).map(|slot| (slot, name(slot))).collect()
}

/// The ids of a slot's category and applicant; an empty one where a table has no applicants.
pub(super) fn parts(slot: Slot) -> (String, String) {
    let applicant = slot.applicant.map_or_else(String::new, |applicant| applicant.id().to_owned());
    (category(slot).to_owned(), applicant)
}

fn name(slot: Slot) -> String {
    match slot.applicant {
        Some(applicant) => format!("{}[{}]", category(slot), applicant.id()),
        None => category(slot).to_owned(),
    }
}

fn category(slot: Slot) -> &'static str {
    catalogue().get(slot.category).map_or("?", |category| category.id.as_str())
}

fn is_money(slot: Slot) -> bool {
    catalogue().get(slot.category).is_some_and(|category| category.value_type == ValueType::Amount)
}

/// The body of a path (`140109`, `140109/财政局`) or of names (`太原市/万柏林区`).
fn body(path: &str) -> std::result::Result<Body, Said> {
    if let Ok(id) = path.parse::<BodyId>() {
        if places().by_code(id.division()).is_none() && id.division() != "000000" {
            return Err(Said::new("import.no_division").with("path", path).with("code", id.division()));
        }
        return Ok(schema::body_of(&id));
    }
    match schema::body(path, None, &schema::Known::default()) {
        NamedBody::One(body) => Ok(body),
        NamedBody::Several(several) => {
            let paths: Vec<String> = several.iter().map(|body| schema::body_path(&body.id)).collect();
            Err(Said::new("import.several").with("path", path).with("paths", paths.join(", ")))
        }
        _ => Err(Said::new("import.no_body").with("path", path)),
    }
}

/// What a report is taken to be of which only figures are known: the form of its year, and a government's the whole area.
fn form(body: &Body, year: Year) -> (Scope, Templates) {
    let form = Some(if year.number() < 2021 { Template::Form2019 } else { Template::Form2021 });
    let scope = if body.id.is_government() { Scope::Aggregate } else { Scope::Own };
    (scope, Templates { t2: form, t3: form, t4: form })
}

fn printed(slot: Slot, templates: Templates) -> bool {
    let Some(category) = catalogue().get(slot.category) else { return false };
    category.table.and_then(|table| templates.of(table)).is_some_and(|form| category.printed_in(form))
}
