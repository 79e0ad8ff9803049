//! Values of `$names`: given by the caller, or by the script's own default.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Work};
use crate::{
    diagnostic::{Diagnostic, Fix},
    query::{
        ast::{self, Literal, Name, ParamKind},
        suggest,
    },
};

/// The values that stand for `$names`, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    values: BTreeMap<String, String>,
    /// Names whose `param` statement was complained about: where they are used, nothing more is said.
    wrong: BTreeSet<String>,
}

impl Params {
    /// Gives a parameter a value, as text: a place as it would be written, a year, a number.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Takes up what a `param` statement gave, or remembers that it was wrong.
    pub(crate) fn take<E>(&mut self, name: &str, declared: Result<String, E>) -> Result<(), E> {
        match declared {
            Ok(value) => {
                self.wrong.remove(name);
                self.set(name, value);
                Ok(())
            }
            Err(complaints) => {
                self.wrong.insert(name.to_owned());
                Err(complaints)
            }
        }
    }
}

/// The value of a `param` statement: what was given from outside, else its default.
///
/// # Errors
/// When there is no value, or it is not of the kind that the statement asks for.
pub(crate) fn declared(param: &ast::Param, context: &Context<'_>) -> Result<String, Vec<Diagnostic>> {
    let name = &param.name;
    let given = context.params.get(&name.value).map(str::to_owned);
    let default = param.default.as_ref().map(|literal| match literal {
        Literal::Number(figure) => crate::query::print::figure(&figure.value),
        Literal::Text(text) => text.value.clone(),
        Literal::Param(other) => context.params.get(&other.value).unwrap_or_default().to_owned(),
    });
    // What is wrong with the value is shown where it was written; what comes from outside, at the name.
    let span = match (&given, &param.default) {
        (None, Some(default)) => default.span(),
        _ => name.span,
    };
    let Some(value) = given.or(default) else {
        return Err(vec![Diagnostic::error("GK0213", name.span).with("name", name.value.clone())]);
    };
    let Some(kind) = &param.kind else { return Ok(value) };
    let mut params = context.params.clone();
    params.wrong.remove(&name.value);
    params.set(&name.value, value.clone());
    let mut wrong = fit(kind.value, &Name::new(name.value.clone(), span), &Context { params: &params, ..*context });
    for complaint in &mut wrong {
        // What is put in its place is a default, in quotes; a value from outside is mended outside.
        let default = complaint.fix.take().filter(|_| span != name.span);
        complaint.fix = default.map(|fix| Fix { replacement: format!("\"{}\"", fix.replacement), ..fix });
    }
    if wrong.is_empty() { Ok(value) } else { Err(wrong) }
}

/// What is wrong with the value of a parameter that must be of a kind.
pub(crate) fn fit(kind: ParamKind, name: &Name, context: &Context<'_>) -> Vec<Diagnostic> {
    let mut work = Work::new(context);
    work.fit(kind, name);
    work.errors
}

impl Work<'_> {
    /// Complains where the value of a parameter is not of its kind.
    fn fit(&mut self, kind: ParamKind, name: &Name) {
        let signed = Name::new(format!("${}", name.value), name.span);
        match kind {
            ParamKind::Place => {
                let head = ast::PlaceHead::Param(name.clone());
                self.place(&ast::Place { head, path: Vec::new(), reach: ast::Reach::Itself, span: name.span });
            }
            ParamKind::Year => {
                let first = ast::YearWord::Param(name.clone());
                self.range(&ast::YearRange { first, last: None });
            }
            ParamKind::Number => {
                if let Some(value) = self.param(name)
                    && number(&value).is_none()
                {
                    self.wrong_param(name, &value);
                }
            }
            ParamKind::Category => {
                self.members(&ast::Measure { name: signed, members: false, applicant: None, span: name.span });
            }
            ParamKind::Applicant => {
                self.applicant(&signed);
            }
        }
    }

    /// The value of a parameter, or a complaint that it has none.
    pub(super) fn param(&mut self, name: &Name) -> Option<String> {
        if self.context.params.wrong.contains(&name.value) {
            return None;
        }
        let value = self.context.params.get(&name.value).map(str::to_owned);
        if value.is_none() {
            let near = suggest::closest(&name.value, self.context.params.values.keys().map(String::as_str));
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
