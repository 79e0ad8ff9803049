//! Scripts: statements read in order, includes followed, everything understood before anything runs.

mod include;
pub mod inline;
mod plan;
mod run;

pub use plan::{Planned, plan};
pub use run::{Manner, Outcome, carry_out, claim, run, stored};
