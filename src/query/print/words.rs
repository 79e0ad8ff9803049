//! The canonical words of what is a closed list.

use crate::query::ast::{Comparator, Dim, Statistic, Thing, Tier};

pub(super) fn comparator(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Less => "<",
        Comparator::AtMost => "<=",
        Comparator::Greater => ">",
        Comparator::AtLeast => ">=",
        Comparator::Equal => "==",
        Comparator::NotEqual => "!=",
    }
}

pub(super) fn statistic_word(which: Statistic) -> &'static str {
    match which {
        Statistic::Mean => "mean",
        Statistic::Median => "median",
        Statistic::Min => "min",
        Statistic::Max => "max",
        Statistic::P10 => "p10",
        Statistic::P25 => "p25",
        Statistic::P75 => "p75",
        Statistic::P90 => "p90",
        Statistic::Quartiles => "quartiles",
        Statistic::Count => "count",
    }
}

/// The canonical word of a dimension.
pub(crate) fn dim_word(dim: Dim) -> &'static str {
    match dim {
        Dim::Year => "year",
        Dim::Province => "province",
        Dim::City => "city",
        Dim::County => "county",
        Dim::Body => "body",
        Dim::Level => "level",
        Dim::Category => "category",
        Dim::Applicant => "applicant",
        Dim::Template => "template",
        Dim::Rule => "rule",
    }
}

pub(super) fn tier_word(tier: Tier) -> &'static str {
    match tier {
        Tier::Province => "province",
        Tier::City => "city",
        Tier::County => "county",
        Tier::Town => "town",
        Tier::Department => "department",
        Tier::Ministry => "ministry",
        Tier::Zone => "zone",
    }
}

pub(super) fn thing_word(thing: Thing) -> &'static str {
    match thing {
        Thing::Report => "report",
        Thing::Cells => "cells",
        Thing::Bodies => "body",
        Thing::Categories => "category",
        Thing::Years => "year",
        Thing::Rules => "rule",
        Thing::Coverage => "coverage",
        Thing::Places => "places",
    }
}

pub(super) fn thing_english(thing: Thing) -> &'static str {
    match thing {
        Thing::Bodies => "bodies",
        Thing::Categories => "categories",
        Thing::Years => "years",
        Thing::Rules => "rules",
        other => thing_word(other),
    }
}
