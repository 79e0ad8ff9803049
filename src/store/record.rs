//! What is written for ever: one struct per version of each record, apart from the model's own types.
//!
//! A new version gets a new struct and a conversion; these stay as they are.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    block::Mark,
    codec::{self, FRAME},
};
use crate::{
    error::{Error, ErrorKind, Result},
    model::{
        Applicant, Body, BodyKind, CategoryCode, Cell, Claim, Finding, Origin, Place as TextPlace, Report, Scope,
        Severity, Slot, Status, Template, Templates, Year,
    },
};

/// A report as version 1 of the archive keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportV1 {
    /// Body.
    pub body: BodyV1,
    /// Year.
    pub year: u16,
    /// Scope and forms in one code, see [`form_code`].
    pub form: u8,
    /// Cells in slot order.
    pub cells: Vec<CellV1>,
    /// Figures of the prose.
    pub claims: Vec<ClaimV1>,
    /// What was noticed.
    pub findings: Vec<FindingV1>,
    /// Publication date.
    pub published: Option<String>,
    /// Origin.
    pub origin: OriginV1,
}

/// A body, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyV1 {
    /// Path.
    pub path: String,
    /// Name.
    pub name: String,
    /// Code of the kind, from 1.
    pub kind: u8,
}

/// Where a report came from, version 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginV1 {
    /// File as named.
    pub file: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Version of the reader.
    pub reader: String,
}

/// A cell, version 1. `raw` is kept where it is not the number as it is printed plainly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellV1 {
    category: u16,
    applicant: u8,
    mark: u8,
    units: i64,
    raw: Option<String>,
    line: u32,
    column: u32,
    row: u32,
}

/// A figure of the prose, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimV1 {
    about: String,
    says: String,
    sentence: String,
    line: u32,
    column: u32,
}

/// A finding, version 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingV1 {
    rule: String,
    severity: u8,
    status: u8,
    applicant: u8,
    printed: Option<String>,
    computed: Option<String>,
    cells: Vec<(u16, u8)>,
    text: Option<String>,
    place: Option<(u32, u32)>,
}

const KINDS: [BodyKind; 9] = [
    BodyKind::Government,
    BodyKind::Office,
    BodyKind::Department,
    BodyKind::Subdistrict,
    BodyKind::Town,
    BodyKind::Zone,
    BodyKind::Vertical,
    BodyKind::Ministry,
    BodyKind::Organisation,
];
const SCOPES: [Scope; 3] = [Scope::Aggregate, Scope::Own, Scope::Unknown];
const TEMPLATES: [Option<Template>; 3] = [None, Some(Template::Form2019), Some(Template::Form2021)];
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];
const STATUSES: [Status; 5] =
    [Status::Pass, Status::Fail, Status::PassIfBlankIsZero, Status::Unassessable, Status::NotApplicable];

/// The position of a value in its table of codes, from 0.
fn code<T: PartialEq>(table: &[T], value: &T) -> u8 {
    table.iter().position(|one| one == value).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn named<T: Copy>(table: &[T], code: u8, what: &'static str) -> Result<T> {
    table.get(usize::from(code)).copied().ok_or_else(|| no_code(code, what))
}

fn no_code(code: impl fmt::Display, what: &'static str) -> Error {
    Error::new(ErrorKind::Damaged, "store.no_code").with("code", code).with("what", what)
}

/// Scope and forms of a report in one byte from 1 to 81, as presence columns keep it; 0 means no report.
#[must_use]
pub fn form_code(scope: Scope, templates: Templates) -> u8 {
    let of = |template| code(&TEMPLATES, &template);
    1 + code(&SCOPES, &scope) + 3 * (of(templates.t2) + 3 * of(templates.t3) + 9 * of(templates.t4))
}

/// The scope and forms behind a code of [`form_code`].
#[must_use]
pub fn form_of(code: u8) -> Option<(Scope, Templates)> {
    let code = usize::from(code).checked_sub(1)?;
    let template = |divisor: usize| TEMPLATES.get((code / divisor) % 3).copied();
    let t4 = TEMPLATES.get(code / 27).copied()?;
    Some((*SCOPES.get(code % 3)?, Templates { t2: template(3)?, t3: template(9)?, t4 }))
}

impl From<&Body> for BodyV1 {
    fn from(body: &Body) -> Self {
        Self { path: body.id.as_str().to_owned(), name: body.name.clone(), kind: kind_code(body.kind) }
    }
}

impl TryFrom<BodyV1> for Body {
    type Error = Error;

    fn try_from(body: BodyV1) -> Result<Self> {
        self::body(&body.path, &body.name, body.kind)
    }
}

/// The body of a path, a name and a code of a kind.
///
/// # Errors
/// `Damaged` when they are none.
pub fn body(path: &str, name: &str, code: u8) -> Result<Body> {
    let id = path.parse().map_err(|_| Error::new(ErrorKind::Damaged, "store.no_path").with("path", path))?;
    Ok(Body { id, name: name.to_owned(), kind: kind(code)? })
}

/// The code of a kind of body.
#[must_use]
pub fn kind_code(kind: BodyKind) -> u8 {
    1 + code(&KINDS, &kind)
}

/// The kind of body behind a code.
///
/// # Errors
/// `Damaged` for a code of no kind.
pub fn kind(code: u8) -> Result<BodyKind> {
    named(&KINDS, code.wrapping_sub(1), "kind of body")
}

/// The code of an applicant in records and keys; 0 for none.
#[must_use]
pub fn applicant_code(applicant: Option<Applicant>) -> u8 {
    applicant.map_or(0, Applicant::code)
}

/// The slot with these codes.
///
/// # Errors
/// `Damaged` for a code of no applicant.
pub fn slot(category: u16, applicant: u8) -> Result<Slot> {
    let applicant = match applicant {
        0 => None,
        code => Some(Applicant::from_code(code).ok_or_else(|| no_code(code, "applicant"))?),
    };
    Ok(Slot { category: CategoryCode(category), applicant })
}

impl From<&Cell> for CellV1 {
    fn from(cell: &Cell) -> Self {
        let (mark, units) = Mark::of(cell.reading);
        Self {
            category: cell.slot.category.0,
            applicant: applicant_code(cell.slot.applicant),
            mark: mark as u8,
            units,
            raw: (cell.raw != plain(cell)).then(|| cell.raw.clone()),
            line: cell.place.line,
            column: cell.place.column,
            row: cell.row,
        }
    }
}

/// The text a cell has when it is printed in the plainest way.
fn plain(cell: &Cell) -> String {
    cell.reading.value().map(|quantity| quantity.to_string()).unwrap_or_default()
}

impl TryFrom<CellV1> for Cell {
    type Error = Error;

    fn try_from(cell: CellV1) -> Result<Self> {
        let reading = Mark::from_code(cell.mark)
            .and_then(|mark| mark.reading(cell.units))
            .ok_or_else(|| no_code(cell.mark, "reading"))?;
        let place = TextPlace { line: cell.line, column: cell.column };
        let slot = slot(cell.category, cell.applicant)?;
        let mut out = Self { slot, reading, raw: String::new(), place, row: cell.row };
        out.raw = cell.raw.unwrap_or_else(|| plain(&out));
        Ok(out)
    }
}

impl From<&Claim> for ClaimV1 {
    fn from(claim: &Claim) -> Self {
        Self {
            about: claim.about.clone(),
            says: claim.says.clone(),
            sentence: claim.sentence.clone(),
            line: claim.place.line,
            column: claim.place.column,
        }
    }
}

impl From<ClaimV1> for Claim {
    fn from(claim: ClaimV1) -> Self {
        let place = TextPlace { line: claim.line, column: claim.column };
        Self { about: claim.about, says: claim.says, sentence: claim.sentence, place }
    }
}

impl From<&Finding> for FindingV1 {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            severity: code(&SEVERITIES, &finding.severity),
            status: code(&STATUSES, &finding.status),
            applicant: applicant_code(finding.applicant),
            printed: finding.printed.clone(),
            computed: finding.computed.clone(),
            cells: finding.cells.iter().map(|slot| (slot.category.0, applicant_code(slot.applicant))).collect(),
            text: finding.text.clone(),
            place: finding.place.map(|place| (place.line, place.column)),
        }
    }
}

impl TryFrom<FindingV1> for Finding {
    type Error = Error;

    fn try_from(finding: FindingV1) -> Result<Self> {
        Ok(Self {
            rule: finding.rule,
            severity: named(&SEVERITIES, finding.severity, "severity")?,
            status: named(&STATUSES, finding.status, "status")?,
            applicant: slot(0, finding.applicant)?.applicant,
            printed: finding.printed,
            computed: finding.computed,
            cells: finding.cells.into_iter().map(|(category, by)| slot(category, by)).collect::<Result<_>>()?,
            text: finding.text,
            place: finding.place.map(|(line, column)| TextPlace { line, column }),
        })
    }
}

impl From<&Report> for ReportV1 {
    fn from(report: &Report) -> Self {
        Self {
            body: BodyV1::from(&report.body),
            year: report.year.number(),
            form: form_code(report.scope, report.templates),
            cells: report.cells.iter().map(CellV1::from).collect(),
            claims: report.claims.iter().map(ClaimV1::from).collect(),
            findings: report.findings.iter().map(FindingV1::from).collect(),
            published: report.published.clone(),
            origin: OriginV1::from(&report.origin),
        }
    }
}

impl From<&Origin> for OriginV1 {
    fn from(origin: &Origin) -> Self {
        Self { file: origin.file.clone(), sha256: origin.sha256.clone(), reader: origin.reader.clone() }
    }
}

impl From<OriginV1> for Origin {
    fn from(origin: OriginV1) -> Self {
        Self { file: origin.file, sha256: origin.sha256, reader: origin.reader }
    }
}

impl TryFrom<ReportV1> for Report {
    type Error = Error;

    fn try_from(report: ReportV1) -> Result<Self> {
        let (scope, templates) = form_of(report.form).ok_or_else(|| no_code(report.form, "form"))?;
        Ok(Self {
            body: report.body.try_into()?,
            year: Year::new(report.year)
                .ok_or_else(|| Error::new(ErrorKind::Damaged, "store.no_report_year").with("year", report.year))?,
            scope,
            templates,
            cells: report.cells.into_iter().map(Cell::try_from).collect::<Result<_>>()?,
            claims: report.claims.into_iter().map(Claim::from).collect(),
            findings: report.findings.into_iter().map(Finding::try_from).collect::<Result<_>>()?,
            published: report.published,
            origin: report.origin.into(),
        })
    }
}

impl ReportV1 {
    /// The version this struct is of.
    pub const VERSION: u8 = 1;

    /// What must be equal for a report to be the same again: everything but the name of the file and of the reader, and
    /// the sketch of its wording: of the same file a reader that keeps one makes no other report than one that does not.
    ///
    /// # Errors
    /// `Limit` when the report is larger than a frame may be.
    pub fn essence(&self) -> Result<Vec<u8>> {
        let mut same = self.clone();
        same.origin.file.clear();
        same.origin.reader.clear();
        same.claims.retain(|claim| claim.about != Claim::WORDING);
        codec::encode(Self::VERSION, &same, FRAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_its_own_code() {
        let mut codes = Vec::new();
        for scope in SCOPES {
            for (t2, t3, t4) in
                TEMPLATES.iter().flat_map(|&a| TEMPLATES.iter().flat_map(move |&b| TEMPLATES.map(move |c| (a, b, c))))
            {
                let templates = Templates { t2, t3, t4 };
                let code = form_code(scope, templates);
                assert_eq!(form_of(code), Some((scope, templates)));
                codes.push(code);
            }
        }
        codes.sort_unstable();
        assert_eq!(codes, (1..=81).collect::<Vec<u8>>());
        assert_eq!((form_of(0), form_of(82)), (None, None));
    }
}
