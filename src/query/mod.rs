//! The query language: `segment → parse → resolve → execute`. It reads a [`crate::store::View`] and nothing else.

mod answer;
pub mod ast;
mod builder;
mod complete;
mod execute;
mod fraction;
mod interrupt;
mod lexicon;
mod missing;
pub mod parse;
pub mod plan;
mod prepared;
pub mod print;
pub mod resolve;
mod rows;
pub mod segment;
mod session;
mod suggest;
mod words;

pub use answer::{
    Answer, Bilingual, CellName, Coverage, Definition, Detail, Field, Note, Number, PlaceName, Source, SourceFile,
    Sources, Title,
};
pub use ast::{Column, Comparator, Condition, Date, Dim, Literal, Operand, ParamKind, Statistic, Thing, Tier};
pub use builder::Query;
pub use complete::{Candidate, Completion, MOST_CANDIDATES, Paint, complete, highlight, unfinished};
pub use execute::{
    Context, History, Only, Population, Reach, Revised, Take, Way, execute, execute_in_pieces, judged, reach,
};
pub use interrupt::{InterruptHandle, Watch};
pub use lexicon::{Class, Columns, Keyword, Lexicon, WordKind, columns, columns_of, keyword_of, keywords};
pub use missing::Missing;
pub use parse::{Parsed, parse, writes};
pub use plan::Plan;
pub use prepared::{Parameter, Prepared, Value};
pub use print::{Tongue, print, print_script, print_statement};
pub use resolve::{Definitions, Params, Resolved, resolve};
pub use rows::Row;
pub use session::{Assertion, Claimed, Corrected, Judged, Question, Session, Step, understand};

/// The twelve questions of the language, in both languages.
#[cfg(test)]
pub(crate) const TWELVE: [(&str, &str); 12] = [
    ("share of not_held by year in 万柏林区 2020..2024", "万柏林区2020至2024年不掌握占比按年份"),
    (
        "share of not_held by county in 太原市 2024 where new >= 30 | top 10",
        "太原市2024年不掌握占比按区县 条件 新收>=30 | 前10",
    ),
    ("missing reports in 山西省 2024 by level", "山西省2024年缺失报告按层级"),
    ("check identities in 太原市/** 2024 | failed", "核对勾稽在太原市/**2024 | 仅失败"),
    (
        "share of outcome.* by category in 万柏林区 vs 杏花岭区 2024",
        "办理结果各项占比按类别在万柏林区对比杏花岭区 2024",
    ),
    (
        "change of new by city, year in 山西省 2021..2024 | flag ratio > 5 or ratio < 0.2",
        "新收同比按地市、年份在山西省2021至2024 | 标记 倍数>5 或 倍数<0.2",
    ),
    (
        "share of refused.* out_of refused by category, year 2021..2024",
        "全国2021至2024年不予公开各项占比 除以 不予公开 按类别、年份",
    ),
    (
        "quartiles of share of review.corrected by year in 山西省/* 2021..2024 where review.closed >= 5",
        "四分位复议纠正占比按年份在山西省/*2021至2024 条件 复议审结>=5",
    ),
    ("check carry_over in 山西省/** 2021..2024 | failed", "核对结转衔接在山西省/**2021至2024 | 仅失败"),
    ("share of not_held by applicant in 太原市 2024", "太原市2024年不掌握占比按申请人"),
    ("why not_held in 万柏林区 2024", "溯源不掌握在万柏林区2024"),
    ("revisions in 太原市 2024", "修订在太原市2024"),
];

#[cfg(test)]
mod session_tests;
