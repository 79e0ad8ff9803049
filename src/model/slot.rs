//! A place of the form: category, and in table 3 the applicant column.

use serde::{Deserialize, Serialize};

/// The stable 16-bit code of a category, as `schema/data/categories.json` gives it; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CategoryCode(pub u16);

/// A column of table 3 (申请人情况).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicant {
    /// 自然人
    Natural = 1,
    /// 商业企业
    Commercial = 2,
    /// 科研机构
    Research = 3,
    /// 社会公益组织
    PublicInterest = 4,
    /// 法律服务机构
    LegalServices = 5,
    /// 其他 (of the organisations)
    OtherOrg = 6,
    /// 总计, the printed total
    Total = 7,
}

impl Applicant {
    /// The seven columns in printed order.
    pub const ALL: [Self; 7] = [
        Self::Natural,
        Self::Commercial,
        Self::Research,
        Self::PublicInterest,
        Self::LegalServices,
        Self::OtherOrg,
        Self::Total,
    ];
    /// The six columns that add up to the total.
    pub const PARTS: [Self; 6] =
        [Self::Natural, Self::Commercial, Self::Research, Self::PublicInterest, Self::LegalServices, Self::OtherOrg];

    /// The stable 8-bit code; 0 stands for "no applicant" in keys.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The applicant with this code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|applicant| applicant.code() == code)
    }

    /// The id as written in queries and JSON, such as `natural`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Natural => "natural",
            Self::Commercial => "commercial",
            Self::Research => "research",
            Self::PublicInterest => "public_interest",
            Self::LegalServices => "legal_services",
            Self::OtherOrg => "other_org",
            Self::Total => "total",
        }
    }

    /// The applicant with this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|applicant| applicant.id() == id)
    }
}

/// Category × column (栏位): what one cell of the form is for.
///
/// Tables 2 and 4 have no applicant; their columns are categories of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    /// The row of the form, or the row and column of tables 2 and 4.
    pub category: CategoryCode,
    /// The column of table 3; nothing elsewhere.
    pub applicant: Option<Applicant>,
}

impl Slot {
    /// A slot of tables 2 and 4.
    #[must_use]
    pub fn plain(category: CategoryCode) -> Self {
        Self { category, applicant: None }
    }

    /// A slot of table 3.
    #[must_use]
    pub fn of(category: CategoryCode, applicant: Applicant) -> Self {
        Self { category, applicant: Some(applicant) }
    }
}
