//! Reports and plans by hand: figures are typed in, everything else is 0.

use gongkai::{
    model::{
        Applicant, Body, BodyId, BodyKind, Cell, Origin, Quantity, Reading, Report, Scope, Slot, Table, Template,
        Templates, Year,
    },
    query::{
        Answer, Context, Field, Number, Plan, execute,
        plan::{
            Ask, Comparison, Condition, Dimension, Formula, Level, Literal, Measure, Member, Operand, Options, Part,
            Place, Statistic, Sum, Term, TermKind, Verb, Whose,
        },
    },
    schema::catalogue,
    store::View,
    text::Place as At,
};

/// A year.
pub fn year(number: u16) -> Year {
    Year::new(number).unwrap()
}

/// A report in the making: every cell of its forms is 0 until told otherwise.
#[derive(Clone)]
pub struct Made(Report);

/// A government's aggregate report in the form of 2021.
pub fn report(body: &str, number: u16) -> Made {
    made(body, number, Template::Form2021)
}

/// The same in the form of 2019.
pub fn report_2019(body: &str, number: u16) -> Made {
    made(body, number, Template::Form2019)
}

fn made(body: &str, number: u16, form: Template) -> Made {
    let id: BodyId = body.parse().unwrap();
    let (kind, scope) = if id.is_government() {
        (BodyKind::Government, Scope::Aggregate)
    } else if body.contains("镇") {
        (BodyKind::Town, Scope::Own)
    } else {
        (BodyKind::Department, Scope::Own)
    };
    let mut cells = Vec::new();
    for table in [Table::T2, Table::T3, Table::T4] {
        for category in catalogue().printed(table, form) {
            let money = category.unit.as_deref() == Some("万元");
            for slot in category.slots() {
                let zero = if money { Quantity::Money("0".parse().unwrap()) } else { Quantity::Count(0) };
                cells.push(Cell {
                    slot,
                    reading: Reading::Value(zero),
                    raw: "0".into(),
                    place: At { line: 7, column: 3 },
                    row: 1,
                });
            }
        }
    }
    cells.sort_by_key(|cell| cell.slot);
    let name = id.segments().last().unwrap_or(body).to_owned();
    Made(Report {
        body: Body { id, name, kind },
        year: year(number),
        scope,
        templates: Templates { t2: Some(form), t3: Some(form), t4: Some(form) },
        cells,
        claims: Vec::new(),
        findings: Vec::new(),
        published: None,
        origin: Origin {
            file: format!("{body}-{number}.txt").replace('/', "_"),
            sha256: "ab".repeat(32),
            reader: "1".into(),
        },
    })
}

impl Made {
    /// The cell of a category: its total column in table 3.
    pub fn set(self, id: &str, count: i64) -> Self {
        self.reading(id, Reading::count(count))
    }

    /// Money in 万元.
    pub fn money(self, id: &str, amount: &str) -> Self {
        self.reading(id, Reading::Value(Quantity::Money(amount.parse().unwrap())))
    }

    /// Any reading in the total column.
    pub fn reading(self, id: &str, reading: Reading) -> Self {
        let category = catalogue().by_id(id).unwrap();
        let applicant = (category.table == Some(Table::T3)).then_some(Applicant::Total);
        self.slot(Slot { category: category.code, applicant }, reading)
    }

    /// One column of table 3.
    pub fn column(self, id: &str, applicant: Applicant, count: i64) -> Self {
        let category = catalogue().by_id(id).unwrap().code;
        self.slot(Slot::of(category, applicant), Reading::count(count))
    }

    /// The seven columns of a row of table 3.
    pub fn row(self, id: &str, counts: [i64; 7]) -> Self {
        Applicant::ALL.into_iter().zip(counts).fold(self, |made, (applicant, count)| made.column(id, applicant, count))
    }

    fn slot(mut self, slot: Slot, reading: Reading) -> Self {
        let raw = reading.value().map(|value| value.to_string()).unwrap_or_default();
        match self.0.cells.iter_mut().find(|cell| cell.slot == slot) {
            Some(cell) => (cell.reading, cell.raw) = (reading, raw),
            None => {
                self.0.cells.push(Cell { slot, reading, raw, place: At { line: 9, column: 1 }, row: 2 });
                self.0.cells.sort_by_key(|cell| cell.slot);
            }
        }
        self
    }

    /// Takes a cell out of the form.
    pub fn without(mut self, id: &str) -> Self {
        let code = catalogue().by_id(id).unwrap().code;
        self.0.cells.retain(|cell| cell.slot.category != code);
        self
    }

    /// Leaves no other cell than those of a category.
    pub fn only(mut self, id: &str) -> Self {
        let code = catalogue().by_id(id).unwrap().code;
        self.0.cells.retain(|cell| cell.slot.category == code);
        self
    }

    /// Whose figures it gives.
    pub fn scope(mut self, scope: Scope) -> Self {
        self.0.scope = scope;
        self
    }
}

/// A blank cell.
pub const BLANK: Reading = Reading::Blank { proved_zero: false };
/// A blank cell that a printed total proves to be 0.
pub const PROVED: Reading = Reading::Blank { proved_zero: true };

/// A view of reports, revision 1.
pub fn view(reports: impl IntoIterator<Item = Made>) -> View {
    View::of(1, reports.into_iter().map(|made| made.0))
}

/// A measure of one category or virtual id.
pub fn measure(id: &str) -> Measure {
    Measure { id: id.to_owned(), formula: Formula::Sum(sum(id)), version: None }
}

/// A sum of ids, each with an optional leading `-` and an optional `[column]`.
pub fn sum(ids: &str) -> Sum {
    let mut parts = Vec::new();
    for word in ids.split(' ').filter(|word| *word != "+") {
        let (factor, word) = word.strip_prefix('-').map_or((1, word), |word| (-1, word));
        let (id, applicant) = word
            .split_once('[')
            .map_or((word, None), |(id, column)| (id, Applicant::from_id(column.trim_end_matches(']'))));
        match catalogue().virtuals.iter().find(|sum| sum.id == id) {
            Some(virtual_sum) => {
                let plus = virtual_sum.plus.iter().map(|&category| Part { category, applicant, factor });
                parts.extend(plus);
                parts.extend(virtual_sum.minus.iter().map(|&category| Part { category, applicant, factor: -factor }));
            }
            None => parts.push(Part { category: catalogue().by_id(id).unwrap().code, applicant, factor }),
        }
    }
    Sum(parts)
}

/// A measure that divides one sum by another.
pub fn ratio(id: &str, above: &str, below: &str) -> Measure {
    Measure { id: id.to_owned(), formula: Formula::Ratio(sum(above), sum(below)), version: Some(1) }
}

pub fn plain(id: &str) -> Term {
    term(TermKind::Value, measure(id), None)
}

pub fn share(id: &str, base: &str) -> Term {
    term(TermKind::Share, measure(id), Some(measure(base)))
}

pub fn change(id: &str) -> Term {
    term(TermKind::Change, measure(id), None)
}

pub fn term(kind: TermKind, measure: Measure, base: Option<Measure>) -> Term {
    Term { statistic: None, kind, members: vec![Member { measure, base }] }
}

pub fn of(statistic: Statistic, term: Term) -> Term {
    Term { statistic: Some(statistic), ..term }
}

/// `share of PARENT.* out_of BASE`.
pub fn shares(parent: &str, base: &str) -> Term {
    let parent = catalogue().by_id(parent).unwrap();
    let members = parent.children.iter().filter_map(|&child| {
        let id = &catalogue().get(child).unwrap().id;
        (!id.ends_with(".total")).then(|| Member { measure: measure(id), base: Some(measure(base)) })
    });
    Term { statistic: None, kind: TermKind::Share, members: members.collect() }
}

/// `left CMP number` with a whole number.
pub fn compare(left: Operand, comparison: Comparison, number: i64) -> Condition {
    Condition::Compare(left, comparison, Literal { digits: number, scale: 0 })
}

/// A plan in the making.
pub struct Asked(pub Plan);

/// A question for one term over years.
pub fn ask(term: Term, years: std::ops::RangeInclusive<u16>) -> Asked {
    Asked(Plan {
        verb: Verb::Ask(Ask { terms: vec![term], applicants: Vec::new(), filter: None }),
        whose: Whose::default(),
        years: years.map(year).collect(),
        by: Vec::new(),
        options: Options::default(),
        as_of: None,
        stages: Vec::new(),
    })
}

impl Asked {
    pub fn by(mut self, dimensions: &[Dimension]) -> Self {
        self.0.by = dimensions.to_vec();
        self
    }

    /// Places: `140109`, `140100/*`, `140000/**`.
    pub fn places(mut self, places: &[&str]) -> Self {
        self.0.whose.places = places
            .iter()
            .map(|place| {
                let id = |text: &str| text.parse().unwrap();
                if let Some(head) = place.strip_suffix("/**") {
                    Place::Below(id(head))
                } else if let Some(head) = place.strip_suffix("/*") {
                    Place::Children(id(head))
                } else {
                    Place::Body(id(place))
                }
            })
            .collect();
        self
    }

    pub fn apart(mut self) -> Self {
        self.0.whose.apart = true;
        self
    }

    pub fn at(mut self, level: Level) -> Self {
        self.0.whose.level = Some(level);
        self
    }

    pub fn applicants(mut self, applicants: &[Applicant]) -> Self {
        self.asked().applicants = applicants.to_vec();
        self
    }

    pub fn and(mut self, term: Term) -> Self {
        self.asked().terms.push(term);
        self
    }

    pub fn filter(mut self, condition: Condition) -> Self {
        self.asked().filter = Some(condition);
        self
    }

    pub fn options(mut self, options: Options) -> Self {
        self.0.options = options;
        self
    }

    pub fn stage(mut self, stage: gongkai::query::plan::Stage) -> Self {
        self.0.stages.push(stage);
        self
    }

    fn asked(&mut self) -> &mut Ask {
        match &mut self.0.verb {
            Verb::Ask(ask) | Verb::Why(ask) => ask,
            _ => panic!("not a question"),
        }
    }

    pub fn of(&self, view: &View) -> Answer {
        execute(&self.0, view, &Context::default()).unwrap()
    }
}

/// One row as text: `2024 0.77=77/100 1/1`, states in place of values, flags last.
pub fn lines(answer: &Answer) -> Vec<String> {
    answer
        .rows
        .iter()
        .map(|row| row.iter().map(field).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "))
        .collect()
}

fn field(field: &Field) -> String {
    match field {
        Field::Text(text) => text.clone(),
        Field::Label(label) => label.en.clone(),
        Field::Year(year) => year.to_string(),
        Field::Place(place) => place.name.clone(),
        Field::Number(number) => number.map_or("-".into(), self::number),
        Field::State(state) => state.id().to_owned(),
        Field::Flags(flags) => flags.join("+"),
        Field::Item { id, .. } => id.clone(),
        Field::Whole(count) => count.to_string(),
        Field::Source(source) => format!("{}:{}:{}", source.file, source.line.unwrap_or(0), source.column.unwrap_or(0)),
        Field::Cells(cells) => cells.iter().map(|cell| cell.category.clone()).collect::<Vec<_>>().join("+"),
        Field::None => "null".to_owned(),
    }
}

pub fn number(number: Number) -> String {
    match number {
        Number::Count(count) => count.to_string(),
        Number::Money(units) => format!("{}万元", gongkai::model::Amount(i64::try_from(units).unwrap())),
        Number::Ratio { numerator, denominator } => format!("{numerator}/{denominator}"),
    }
}

/// The report itself.
pub fn built(made: Made) -> Report {
    made.0
}
