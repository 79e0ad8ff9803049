//! The identities and checks (勾稽关系), from `data/rules.json`.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::Severity;

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RuleScope {
    /// One cell.
    Cell,
    /// Some cells of one report.
    Cells,
    /// Every row of table 3.
    CellRow,
    /// Every applicant column of table 3.
    CellColumn,
    /// One report as a whole.
    Report,
    /// One body, two years.
    Years,
    /// A government and the bodies below it.
    Levels,
    /// The prose against the tables.
    Narrative,
}

/// One rule as the file gives it.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    /// Id such as `T3-BAL`.
    pub id: String,
    /// What it looks at.
    pub scope: RuleScope,
    /// Short English title.
    pub title: String,
    /// The formula in words and ids.
    pub formula: String,
    /// How much a failure matters.
    pub severity: Severity,
    /// The sentence of the form or article that it rests on.
    pub source: String,
    /// A worked example.
    pub example: String,
    /// When it does not apply.
    pub exempt: Option<String>,
    /// What must be so for it to run, for rules that do not always.
    pub valid_when: Option<String>,
    /// What keeps it from running.
    pub invalid_when: Option<String>,
    /// The word that `check` calls it by, together with its kind: `identities`, `carry_over` …
    pub group: String,
    /// The same in a form the evaluator reads.
    pub machine: serde_json::Value,
}

/// Every rule, in file order.
///
/// # Panics
/// When the embedded file is not what this version expects, which a test rules out.
#[must_use]
pub fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        #[derive(Deserialize)]
        struct File {
            rules: Vec<Rule>,
        }
        let file: File = serde_json::from_str(include_str!("data/rules.json")).expect("the embedded rules are valid");
        file.rules
    })
}

/// The rule with this id, in any case.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

/// The rules that `check WORD` runs, in file order: a group, one rule by its id, or `all`.
#[must_use]
pub fn rules_of(word: &str) -> Vec<&'static Rule> {
    rules().iter().filter(|rule| word == "all" || rule.group == word || rule.id.eq_ignore_ascii_case(word)).collect()
}

/// The groups of rules, in file order, each once.
#[must_use]
pub fn rule_groups() -> Vec<&'static str> {
    let mut groups: Vec<&str> = Vec::new();
    for rule in rules() {
        if !groups.contains(&rule.group.as_str()) {
            groups.push(&rule.group);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    #[test]
    fn thirty_five_rules_with_unique_ids() {
        let mut ids: Vec<_> = super::rules().iter().map(|rule| rule.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 35);
    }

    #[test]
    fn the_words_of_check_name_rules() {
        let ids = |word: &str| super::rules_of(word).iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>();
        assert_eq!(ids("all").len(), 35);
        assert_eq!(ids("carry_over"), ["XY-CARRY", "XY-CARRY-COL"]);
        assert_eq!(ids("stock"), ["XY-STOCK", "XY-ITEMS"]);
        assert_eq!(ids("t3-bal"), ["T3-BAL"]);
        assert_eq!(ids("deadlines"), ["D-DEPT", "D-GOV"]);
        assert!(ids("nothing").is_empty());
        for word in ["identities", "carry_over", "stock", "narrative", "levels", "deadlines", "clone"] {
            assert!(super::rule_groups().contains(&word), "{word}");
        }
    }
}
