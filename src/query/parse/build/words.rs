//! What a rule of the grammar that is one word of a closed list stands for.

use super::super::grammar::Rule;
use crate::query::ast::{Comparator, Dim, Statistic, Thing, Tier};

pub(super) fn statistic_of(rule: Rule) -> Statistic {
    match rule {
        Rule::kw_mean => Statistic::Mean,
        Rule::kw_median => Statistic::Median,
        Rule::kw_min => Statistic::Min,
        Rule::kw_max => Statistic::Max,
        Rule::kw_p10 => Statistic::P10,
        Rule::kw_p25 => Statistic::P25,
        Rule::kw_p75 => Statistic::P75,
        Rule::kw_p90 => Statistic::P90,
        Rule::kw_quartiles => Statistic::Quartiles,
        _ => Statistic::Count,
    }
}

pub(super) fn thing_of(rule: Rule) -> Thing {
    match rule {
        Rule::kw_report => Thing::Report,
        Rule::kw_cells => Thing::Cells,
        Rule::kw_body => Thing::Bodies,
        Rule::kw_category => Thing::Categories,
        Rule::kw_year => Thing::Years,
        Rule::kw_rule => Thing::Rules,
        Rule::kw_coverage => Thing::Coverage,
        _ => Thing::Places,
    }
}

pub(super) fn dim_of(rule: Rule) -> Dim {
    match rule {
        Rule::kw_year => Dim::Year,
        Rule::kw_province => Dim::Province,
        Rule::kw_city => Dim::City,
        Rule::kw_county => Dim::County,
        Rule::kw_body => Dim::Body,
        Rule::kw_level => Dim::Level,
        Rule::kw_category => Dim::Category,
        Rule::kw_applicant => Dim::Applicant,
        Rule::kw_template => Dim::Template,
        _ => Dim::Rule,
    }
}

pub(super) fn tier_of(rule: Rule) -> Tier {
    match rule {
        Rule::kw_province => Tier::Province,
        Rule::kw_city => Tier::City,
        Rule::kw_county => Tier::County,
        Rule::kw_town => Tier::Town,
        Rule::kw_department => Tier::Department,
        Rule::kw_zone => Tier::Zone,
        _ => Tier::Ministry,
    }
}

pub(super) fn comparator_of(rule: Rule) -> Comparator {
    match rule {
        Rule::less => Comparator::Less,
        Rule::at_most => Comparator::AtMost,
        Rule::greater => Comparator::Greater,
        Rule::at_least => Comparator::AtLeast,
        Rule::equal => Comparator::Equal,
        _ => Comparator::NotEqual,
    }
}
