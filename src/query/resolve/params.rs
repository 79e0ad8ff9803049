//! Values of `$names`: given by the caller, or by the script's own default.

use std::collections::BTreeMap;

use super::Work;
use crate::{
    diagnostic::Diagnostic,
    query::{
        ast::{self, Literal, Name, ParamKind},
        suggest,
    },
};

/// The values that stand for `$names`, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// Gives a parameter a value, as text: a place as it would be written, a year, a number.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Takes up a `param` statement: keeps the value given from outside, else takes the default.
    ///
    /// # Errors
    /// When there is no value, or it is not of the kind that the statement asks for.
    pub fn declare(&mut self, param: &ast::Param) -> Result<(), Vec<Diagnostic>> {
        let name = &param.name;
        let default = param.default.as_ref().map(|literal| match literal {
            Literal::Number(figure) => crate::query::print::figure(&figure.value),
            Literal::Text(text) => text.value.clone(),
            Literal::Param(other) => self.get(&other.value).unwrap_or_default().to_owned(),
        });
        let Some(value) = self.get(&name.value).map(str::to_owned).or(default) else {
            return Err(vec![Diagnostic::error("GK0213", name.span).with("name", name.value.clone())]);
        };
        let fits = match param.kind.as_ref().map(|kind| kind.value) {
            None | Some(ParamKind::Place) => true,
            Some(ParamKind::Year) => value.parse::<u16>().is_ok(),
            Some(ParamKind::Number) => number(&value).is_some(),
        };
        if !fits {
            let wrong = Diagnostic::error("GK0214", name.span).with("name", name.value.clone()).with("value", value);
            return Err(vec![wrong]);
        }
        self.set(&name.value, value);
        Ok(())
    }
}

impl Work<'_> {
    /// The value of a parameter, or a complaint that it has none.
    pub(super) fn param(&mut self, name: &Name) -> Option<String> {
        let value = self.context.params.get(&name.value).map(str::to_owned);
        if value.is_none() {
            let near = suggest::closest(&name.value, self.context.params.0.keys().map(String::as_str));
            let near = near.into_iter().map(|name| format!("${name}"));
            self.error(Diagnostic::error("GK0213", name.span).with("name", name.value.clone()).suggest(near));
        }
        value
    }

    pub(super) fn wrong_param(&mut self, name: &Name, value: &str) {
        self.error(Diagnostic::error("GK0214", name.span).with("name", name.value.clone()).with("value", value));
    }
}

/// A plain decimal, `%` allowed, as digits and how many stand after the point.
pub(super) fn number(text: &str) -> Option<ast::Figure> {
    let (digits, percent) = text.trim().strip_suffix('%').map_or((text.trim(), false), |digits| (digits, true));
    let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 18 || part.len() > 12 || !plain(whole) || !plain(part) {
        return None;
    }
    let mantissa: i128 = format!("{whole}{part}").parse().ok()?;
    let scale = u32::try_from(part.len()).ok()?;
    Some(ast::Figure { mantissa: if negative { -mantissa } else { mantissa }, scale, percent })
}
