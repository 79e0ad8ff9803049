//! Any bytes as a cube in CSV, long or wide: what is taken from it, written out, gives the same again.
#![no_main]

use std::{collections::HashMap, sync::LazyLock};

use gongkai::{
    messages::Said,
    model::{Scope, Slot, Template, Templates},
    schema::{self, ValueType, catalogue},
    store::{Names, fuzzing},
};
use libfuzzer_sys::fuzz_target;

static SLOTS: LazyLock<HashMap<String, Slot>> = LazyLock::new(|| {
    catalogue().all().iter().flat_map(schema::Category::slots).map(|slot| (joined(&parts(slot)), slot)).collect()
});

fn parts(slot: Slot) -> (String, String) {
    let category = catalogue().get(slot.category).map_or_else(String::new, |category| category.id.clone());
    (category, slot.applicant.map_or_else(String::new, |applicant| applicant.id().to_owned()))
}

fn joined((category, applicant): &(String, String)) -> String {
    if applicant.is_empty() { category.clone() } else { format!("{category}[{applicant}]") }
}

fuzz_target!(|bytes: &[u8]| {
    let form = Some(Template::Form2021);
    let names = Names {
        slot: &|name| SLOTS.get(name).copied(),
        money: &|slot| catalogue().get(slot.category).is_some_and(|category| category.value_type == ValueType::Amount),
        body: &|path| path.parse().map(|id| schema::body_of(&id)).map_err(Said::from),
        form: &|_, _| (Scope::Own, Templates { t2: form, t3: form, t4: form }),
        printed: &|_, _| true,
    };
    fuzzing::cubes(bytes, &names, &parts);
});
