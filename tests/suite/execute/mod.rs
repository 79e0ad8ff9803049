//! What answers mean, row by row of the language's section on meaning, over figures added up by hand.

mod acceptance;
mod fixture;
mod meaning;
mod places;
mod registers;
mod rows;
mod verbs;
