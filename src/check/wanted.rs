//! Which rules are asked for, as one word: nothing else is run.

use crate::schema::{Rule, rules};

/// A set of rules, by their place in the file.
#[derive(Clone, Copy, Debug)]
pub struct Wanted(u64);

impl Wanted {
    /// Every rule.
    pub const ALL: Self = Self(u64::MAX);

    /// These rules.
    #[must_use]
    pub fn of(wanted: &[&Rule]) -> Self {
        let has = |rule: &Rule| wanted.iter().any(|one| std::ptr::eq(*one, rule) || one.id == rule.id);
        Self(rules().iter().enumerate().filter(|(_, rule)| has(rule)).fold(0, |set, (at, _)| set | bit(at)))
    }

    /// Whether the rule at a place of the file is asked for.
    #[must_use]
    pub fn has(self, number: usize) -> bool {
        self.0 & bit(number) != 0
    }

    /// Whether the rule with an id is.
    #[must_use]
    pub fn has_id(self, id: &str) -> bool {
        rules().iter().position(|rule| rule.id == id).is_some_and(|number| self.has(number))
    }

    /// The rules, in the order of the file.
    pub fn rules(self) -> impl Iterator<Item = &'static Rule> {
        rules().iter().enumerate().filter(move |(number, _)| self.has(*number)).map(|(_, rule)| rule)
    }
}

fn bit(number: usize) -> u64 {
    u32::try_from(number).ok().and_then(|number| 1_u64.checked_shl(number)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::rules_of;

    #[test]
    fn every_rule_has_a_bit_of_its_own() {
        assert!(rules().len() <= 64, "a set of rules is one word");
        for rule in rules() {
            let one: Vec<&str> = Wanted::of(&[rule]).rules().map(|rule| rule.id.as_str()).collect();
            assert_eq!(one, [rule.id.as_str()]);
        }
        assert!(Wanted::of(&rules_of("stock")).has_id("XY-ITEMS"));
        assert!(!Wanted::of(&rules_of("stock")).has_id("XY-CARRY"));
        assert_eq!(Wanted::ALL.rules().count(), rules().len());
    }
}
