//! Questions of every kind.

use gongkai::{
    model::{Applicant, Report, Table, Year},
    query::plan::{
        Ask, Comparison, Condition, Dimension, Formula, Level, Literal, Measure, Member, Operand, Options, Part, Place,
        Plan, Stage, Statistic, Sum, Term, TermKind, Verb, Whose,
    },
    schema::catalogue,
};

use super::generate::{GOVERNMENTS, Random};

const MEASURES: [&str; 12] = [
    "requests.new",
    "requests.new",
    "outcome.total",
    "outcome.unavailable.not_held",
    "outcome.unavailable",
    "outcome.other",
    "outcome.other.residual",
    "outcome.refused",
    "review.total",
    "litigation",
    "proactive.regulations.issued",
    "proactive.regulations.in_force",
];

const MONEY: &str = "proactive.fees.amount";

const FAMILIES: [&str; 5] = ["outcome", "outcome.refused", "outcome.unavailable", "outcome.other", "review"];

const STATISTICS: [Statistic; 10] = [
    Statistic::Mean,
    Statistic::Median,
    Statistic::Min,
    Statistic::Max,
    Statistic::Percentile(10),
    Statistic::Percentile(25),
    Statistic::Percentile(75),
    Statistic::Percentile(90),
    Statistic::Quartiles,
    Statistic::Count,
];

const DIMENSIONS: [Dimension; 11] = [
    Dimension::Year,
    Dimension::Year,
    Dimension::Province,
    Dimension::City,
    Dimension::County,
    Dimension::Body,
    Dimension::Body,
    Dimension::Level,
    Dimension::Applicant,
    Dimension::Template,
    Dimension::Category,
];

impl Random {
    /// A question about such a store.
    pub fn plan(&mut self, reports: &[Report]) -> Plan {
        let kind = self.pick(&[TermKind::Value, TermKind::Value, TermKind::Share, TermKind::Share, TermKind::Change]);
        let mut terms = vec![if self.chance(20) { self.family(kind) } else { self.term(kind) }];
        if self.chance(20) {
            let kind = self.pick(&[TermKind::Value, TermKind::Share, TermKind::Change]);
            let mut next = if self.chance(20) { self.family(kind) } else { self.term(kind) };
            if self.chance(40) {
                // The same rows in another light.
                next.members = terms[0].members.iter().map(|member| self.of_kind(kind, member)).collect();
            }
            terms.push(next);
        }
        let mut by: Vec<Dimension> = Vec::new();
        for _ in 0..self.below(4) {
            let dimension = self.pick(&DIMENSIONS);
            if !by.contains(&dimension) {
                by.push(dimension);
            }
        }
        let first = 2018 + u16::try_from(self.below(7)).unwrap();
        let last = first + u16::try_from(self.below(usize::from(2025 - first))).unwrap();
        let mut years: Vec<Year> = (first..=last).filter_map(Year::new).collect();
        if years.len() > 2 && self.chance(20) {
            years.remove(1);
        }
        let applicants = match self.below(8) {
            0 => vec![Applicant::Natural],
            1 => vec![Applicant::Research, Applicant::Commercial],
            2 => vec![Applicant::Natural, Applicant::Total],
            _ => Vec::new(),
        };
        let filter = self.chance(30).then(|| self.condition(&terms, 2));
        let stages = self.stages(&terms, &by);
        Plan {
            verb: Verb::Ask(Ask { terms, applicants, filter }),
            whose: self.whose(reports),
            years,
            by,
            options: Options { comparable: self.chance(10), complete: self.chance(10), blank_as_zero: self.chance(15) },
            as_of: None,
            stages,
        }
    }

    /// A question for the best of single reports, such as columns of numbers can answer.
    pub fn best(&mut self) -> Plan {
        let (terms, hidden) = (vec![self.plain(), self.plain()], self.plain());
        let condition = |random: &mut Self| {
            let operand = if random.chance(50) { Operand::Value(0) } else { Operand::Term(hidden.clone()) };
            let comparison = random.pick(&[Comparison::GreaterOrEqual, Comparison::Less, Comparison::NotEqual]);
            let literal = Literal { digits: i64::try_from(random.below(5)).unwrap() - 1, scale: 0 };
            Condition::Compare(operand, comparison, literal)
        };
        let filter = match self.below(3) {
            0 => None,
            1 => Some(condition(self)),
            _ => Some(Condition::Or(vec![condition(self), condition(self)])),
        };
        let by = match self.below(4) {
            0 => vec![Dimension::Body, Dimension::Year],
            1 => vec![Dimension::Year, Dimension::Body],
            2 => vec![Dimension::Level, Dimension::Body, Dimension::Year],
            _ => vec![Dimension::Body],
        };
        let years = if by.len() > 1 { vec![2023, 2024] } else { vec![2024] };
        let mut stages = Vec::new();
        if self.chance(30) {
            stages.push(Stage::Sort { by: Operand::Value(1), descending: true });
        }
        let count = 1 + self.below(9);
        stages.push(if self.chance(50) { Stage::Top(count) } else { Stage::Bottom(count) });
        Plan {
            verb: Verb::Ask(Ask { terms, applicants: Vec::new(), filter }),
            whose: Whose { places: vec![Place::Below("140109".parse().unwrap())], apart: false, level: None },
            years: years.into_iter().filter_map(Year::new).collect(),
            by,
            options: Options::default(),
            as_of: None,
            stages,
        }
    }

    /// A value or a share of figures that every report gives.
    fn plain(&mut self) -> Term {
        let kind = self.pick(&[TermKind::Value, TermKind::Share]);
        let mut measure = |id: &str| {
            let mut parts = vec![self.part(id, 1)];
            if self.chance(40) {
                let factor = self.pick(&[-1, 2]);
                parts.push(self.part("outcome.unavailable.not_held", factor));
            }
            parts.iter_mut().for_each(|part| part.applicant = None);
            Measure { id: id.to_owned(), formula: Formula::Sum(Sum(parts)), version: None }
        };
        let (measure, base) = (measure("requests.new"), measure("outcome.total"));
        Term {
            statistic: None,
            kind,
            members: vec![Member { measure, base: (kind == TermKind::Share).then_some(base) }],
        }
    }

    fn stages(&mut self, terms: &[Term], by: &[Dimension]) -> Vec<Stage> {
        let mut stages = Vec::new();
        if self.chance(50) {
            return stages;
        }
        for _ in 0..self.below(3) {
            stages.push(match self.below(5) {
                0 => Stage::Top(1 + self.below(6)),
                1 => Stage::Bottom(1 + self.below(6)),
                2 => {
                    let by = match by.first() {
                        Some(&first) if self.chance(40) => Operand::Dimension(first),
                        _ => self.operand(terms),
                    };
                    Stage::Sort { by, descending: self.chance(50) }
                }
                3 => Stage::Keep(self.condition(terms, 1)),
                _ => Stage::Flag(self.condition(terms, 1)),
            });
        }
        match self.below(10) {
            0..3 if !by.is_empty() => stages.push(Stage::Pivot(self.pick(by))),
            3 => {
                stages.push(Stage::Contributions);
                if self.chance(40) {
                    stages.push(if self.chance(50) { Stage::Top(3) } else { Stage::Bottom(3) });
                }
            }
            _ => {}
        }
        stages
    }

    fn sum(&mut self) -> (String, Sum) {
        let id = self.pick(&MEASURES);
        let mut parts = vec![self.part(id, 1)];
        if self.chance(20) {
            let (other, factor) = (self.pick(&MEASURES), self.pick(&[-1, 1, 2]));
            parts.push(self.part(other, factor));
        }
        (id.to_owned(), Sum(parts))
    }

    fn part(&mut self, id: &str, factor: i64) -> Part {
        let known = catalogue().by_id(id).unwrap();
        let applicant = (known.table == Some(Table::T3) && self.chance(10)).then(|| self.pick(&Applicant::ALL));
        Part { category: known.code, applicant, factor }
    }

    fn measure(&mut self) -> Measure {
        let (id, sum) = self.sum();
        if self.chance(5) {
            let money = catalogue().by_id(MONEY).unwrap().code;
            return Measure { id: MONEY.to_owned(), formula: Formula::Sum(Sum::of(money)), version: None };
        }
        Measure { id, formula: Formula::Sum(sum), version: None }
    }

    /// A measure that divides by itself.
    fn quotient(&mut self) -> Measure {
        let (id, above) = self.sum();
        let formula = match self.below(3) {
            0 => Formula::PerResidents(above, 100_000),
            _ => Formula::Ratio(above, self.sum().1),
        };
        Measure { id: format!("rate.{id}"), formula, version: Some(1) }
    }

    fn term(&mut self, kind: TermKind) -> Term {
        let measure = if kind != TermKind::Share && self.chance(25) { self.quotient() } else { self.measure() };
        let base = (kind == TermKind::Share).then(|| self.measure());
        Term { statistic: self.statistic(), kind, members: vec![Member { measure, base }] }
    }

    /// Every row below a heading, without its total.
    fn family(&mut self, kind: TermKind) -> Term {
        let heading = catalogue().by_id(self.pick(&FAMILIES)).unwrap();
        let base = (kind == TermKind::Share).then(|| self.measure());
        let children = heading.children.iter().map(|&code| catalogue().get(code).unwrap());
        let members = children.filter(|child| !child.id.ends_with(".total")).map(|child| Member {
            measure: Measure { id: child.id.clone(), formula: Formula::Sum(Sum::of(child.code)), version: None },
            base: base.clone(),
        });
        let members = members.collect();
        Term { statistic: self.statistic(), kind, members }
    }

    /// The same measure as a value, a share or a change.
    fn of_kind(&mut self, kind: TermKind, member: &Member) -> Member {
        let sum = matches!(member.measure.formula, Formula::Sum(_));
        let base = (kind == TermKind::Share && sum).then(|| self.measure());
        Member { measure: member.measure.clone(), base }
    }

    fn statistic(&mut self) -> Option<Statistic> {
        self.chance(30).then(|| self.pick(&STATISTICS))
    }

    fn operand(&mut self, terms: &[Term]) -> Operand {
        match self.below(12) {
            0 => Operand::Value(self.below(terms.len())),
            1 => Operand::Ratio,
            2 => Operand::Numerator,
            3 => Operand::Denominator,
            4 => Operand::Used,
            5 => Operand::Coverage,
            6 => Operand::Term(Term { members: terms[0].members[..1].to_vec(), ..terms[0].clone() }),
            _ => {
                let kind = self.pick(&[TermKind::Value, TermKind::Value, TermKind::Share, TermKind::Change]);
                let term = self.term(kind);
                let statistic = term.statistic.filter(|_| self.chance(50));
                Operand::Term(Term { statistic, ..term })
            }
        }
    }

    fn condition(&mut self, terms: &[Term], depth: usize) -> Condition {
        if depth > 0 && self.chance(25) {
            let parts = (0..2).map(|_| self.condition(terms, depth - 1)).collect();
            return if self.chance(50) { Condition::And(parts) } else { Condition::Or(parts) };
        }
        let comparisons = [
            Comparison::GreaterOrEqual,
            Comparison::GreaterOrEqual,
            Comparison::Greater,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Equal,
            Comparison::NotEqual,
        ];
        let comparison = self.pick(&comparisons);
        let digits = i64::try_from(self.below(30)).unwrap() - 2;
        let literal = Literal { digits, scale: self.pick(&[0, 0, 1]) };
        Condition::Compare(self.operand(terms), comparison, literal)
    }

    fn whose(&mut self, reports: &[Report]) -> Whose {
        let government = |random: &mut Self| random.pick(&GOVERNMENTS).0.parse().unwrap();
        let mut places: Vec<Place> = Vec::new();
        for _ in 0..self.below(4) {
            let place = match self.below(5) {
                0 => Place::Children(government(self)),
                1 => Place::Below(government(self)),
                2 if !reports.is_empty() => Place::Body(reports[self.below(reports.len())].body.id.clone()),
                _ => Place::Body(government(self)),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let levels = [Level::Province, Level::City, Level::County, Level::Department, Level::Town];
        // A tier of the whole country has thousands of bodies: now and then is enough.
        let percent = if places.is_empty() { 3 } else { 30 };
        let level = self.chance(percent).then(|| self.pick(&levels));
        let apart = places.len() > 1 && self.chance(40);
        Whose { places, apart, level }
    }
}
