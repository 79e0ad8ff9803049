//! The rules over figures worked out by hand.

mod complete;
mod fixture;
mod golden;
mod page;
mod rules;
mod screen;
mod seeded;
mod speed;
