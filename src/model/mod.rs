//! What a report is: bodies, years, slots, readings, findings. No files, no storage, no text layout.

mod body;
mod finding;
mod quantity;
mod reading;
mod report;
mod slot;
mod year;

pub use body::{Body, BodyId, BodyKind};
pub use finding::{CellRef, Decision, Finding, Severity, Status};
pub use quantity::{Amount, Quantity};
pub use reading::{Reading, State};
pub use report::{Cell, Claim, Fact, Origin, Report, ReportKey, Scope, Table, Template, Templates};
pub use slot::{Applicant, CategoryCode, Slot};
pub use year::Year;

pub use crate::text::Place;
