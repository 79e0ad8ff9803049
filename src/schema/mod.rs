//! The catalogue: what the form asks, how it is called, which identities hold, which places there are.
//!
//! All of it is data in `data/`, embedded at compile time; code speaks ids and codes only.

mod bodies;
mod body_words;
mod catalogue;
mod find;
mod known;
mod lineage;
mod list;
mod marks;
mod names;
mod pinyin;
mod place_words;
mod places;
mod register;
mod rules;

pub use bodies::{NamedBody, body, body_below, body_of, body_path};
pub use catalogue::{Catalogue, Category, Comparability, Kind, Match, Rollup, ValueType, Virtual, catalogue};
pub use find::Lookup;
pub use known::Known;
pub use list::BadRow;
pub(crate) use list::rows as list_rows;
pub use marks::{Marks, marks};
pub use names::{Indicator, Meaning, Named, Names, Operand, bare_label, names, virtual_of};
pub use pinyin::pinyin_begins;
pub use places::{Change, Division, DivisionLevel, Places, places};
pub use register::{Entry as RegisterEntry, Register};
pub use rules::{Rule, RuleScope, rule, rule_groups, rules, rules_of};
