//! `gongkai` (政务公开): a keyed store with a query language for China's annual reports on open
//! government information (政府信息公开工作年度报告).
//!
//! Point it at reports; it reads the three statutory tables, keeps every cell with the place it was
//! printed at, and answers questions about them in English or Chinese.

pub mod check;
mod database;
pub mod diagnostic;
pub mod error;
pub mod ingest;
pub mod messages;
pub mod model;
pub mod query;
pub mod render;
pub mod schema;
pub mod store;
pub mod text;

pub use database::{Access, Asserted, Database, Done, Ground, Ingested, read, read_bytes, read_documents};
/// The programs in the READMEs and in the page on embedding are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../README.zh-CN.md")]
#[doc = include_str!("../docs/EMBEDDING.md")]
pub struct Readme;

pub use diagnostic::Diagnostic;
pub use error::{Error, ErrorKind, Result};
pub use query::{Answer, Dim, Prepared, Query, Row, Value};
pub use store::Put;
