//! Questions made up at random: what is printed is read back, and nothing that can be typed panics.

use gongkai::{
    query::{
        Lexicon, Session, Tongue,
        ast::{
            Clauses, Column, Comparator, Comparison, Condition, Date, Dim, Figure, Literal, Measure, Name, Operand,
            Place, PlaceHead, PlaceList, Query, Reach, Spanned, Stage, StatementKind, Statistic, Term, TermKind, Thing,
            Tier, Verb, YearRange, YearWord,
        },
        complete, parse, print, print_script, understand,
    },
    schema::names,
    store::View,
    text::{Source, Span},
};
use proptest::prelude::*;

fn word(text: &str) -> Name {
    Spanned::new(text.to_owned(), Span::default())
}

fn here<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}

fn measure() -> impl Strategy<Value = Measure> {
    let mut known: Vec<String> = names().all().iter().map(|named| named.en.clone()).collect();
    known.extend(["$n".to_owned(), "$项".to_owned()]);
    (proptest::sample::select(known), any::<bool>(), proptest::option::weighted(0.1, Just("natural"))).prop_map(
        |(name, members, applicant)| Measure {
            name: word(&name),
            members,
            applicant: applicant.map(word),
            span: Span::default(),
        },
    )
}

/// Beside another measure a bare parameter is a year, so no text says that it is one.
fn readable(mut terms: Vec<Term>) -> Vec<Term> {
    let several = terms.len() > 1;
    for term in terms.iter_mut().filter(|term| several && term.statistic.is_none()) {
        if let TermKind::Plain(measure) = &mut term.kind
            && measure.name.value.starts_with('$')
        {
            measure.name = word("new");
        }
    }
    terms
}

fn term() -> impl Strategy<Value = Term> {
    let statistic = proptest::sample::select(vec![
        Statistic::Mean,
        Statistic::Median,
        Statistic::Min,
        Statistic::Max,
        Statistic::P10,
        Statistic::P90,
        Statistic::Quartiles,
        Statistic::Count,
    ]);
    let kind = prop_oneof![
        (measure(), proptest::option::of(measure())).prop_map(|(of, out_of)| TermKind::Share { of, out_of }),
        measure().prop_map(TermKind::Change),
        measure().prop_map(TermKind::Plain),
    ];
    (proptest::option::of(statistic), kind).prop_map(|(statistic, kind)| Term {
        statistic: statistic.map(here),
        kind,
        span: Span::default(),
    })
}

fn dim() -> impl Strategy<Value = Dim> {
    proptest::sample::select(vec![
        Dim::Year,
        Dim::Province,
        Dim::City,
        Dim::County,
        Dim::Body,
        Dim::Level,
        Dim::Category,
        Dim::Applicant,
        Dim::Template,
        Dim::Rule,
    ])
}

fn place() -> impl Strategy<Value = Place> {
    let reach = proptest::sample::select(vec![Reach::Itself, Reach::Children, Reach::Below]);
    let head = prop_oneof![
        Just((PlaceHead::Name(word("太原市")), vec!["万柏林区"])),
        Just((PlaceHead::Name(word("山西省")), vec![])),
        Just((PlaceHead::Code(word("140109")), vec!["财政局"])),
        Just((PlaceHead::Param(word("city")), vec![])),
        Just((PlaceHead::All(Span::default()), vec![])),
    ];
    (head, reach).prop_map(|((head, path), reach)| Place {
        head,
        path: path.into_iter().map(word).collect(),
        reach,
        span: Span::default(),
    })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        (-99_999_i128..99_999, 0_u32..4, any::<bool>())
            .prop_map(|(mantissa, scale, percent)| Literal::Number(here(Figure { mantissa, scale, percent }))),
        Just(Literal::Param(word("least"))),
    ]
}

fn operand() -> impl Strategy<Value = Operand> {
    let column = proptest::sample::select(vec![
        Column::Value,
        Column::Numerator,
        Column::Denominator,
        Column::Ratio,
        Column::Reports,
        Column::Coverage,
        Column::Dim(Dim::County),
    ]);
    prop_oneof![term().prop_map(Operand::Term), column.prop_map(|column| Operand::Column(here(column)))]
}

fn condition() -> impl Strategy<Value = Condition> {
    let comparator = proptest::sample::select(vec![
        Comparator::Less,
        Comparator::AtMost,
        Comparator::Greater,
        Comparator::AtLeast,
        Comparator::Equal,
        Comparator::NotEqual,
    ]);
    let one = (operand(), comparator, literal()).prop_map(|(left, comparator, right)| {
        Condition::Compare(Comparison { left, comparator, right, span: Span::default() })
    });
    // `a and (b and c)` is read as written, so the two alternate.
    one.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Condition::And),
            proptest::collection::vec(inner, 2..4).prop_map(Condition::Or),
        ]
    })
}

fn clauses() -> impl Strategy<Value = Clauses> {
    let list = (proptest::collection::vec(place(), 1..4), any::<bool>())
        .prop_map(|(places, versus)| PlaceList { versus: versus && places.len() > 1, places });
    let tier = proptest::sample::select(vec![
        Tier::Province,
        Tier::City,
        Tier::County,
        Tier::Town,
        Tier::Department,
        Tier::Ministry,
        Tier::Zone,
    ]);
    let year = |number: u32| YearWord::Number(here(number));
    let range = (2008_u32..2030, proptest::option::of(2008_u32..2030))
        .prop_map(move |(first, last)| YearRange { first: year(first), last: last.map(year) });
    let applicants = proptest::sample::subsequence(vec!["natural", "research", "total"], 1..3);
    let options = (any::<bool>(), any::<bool>(), any::<bool>());
    (
        proptest::option::of(proptest::collection::vec(dim(), 1..3)),
        proptest::option::of(list),
        proptest::option::of(tier),
        proptest::option::of(proptest::collection::vec(range, 1..3)),
        proptest::option::of(applicants),
        proptest::option::of(condition()),
        any::<bool>(),
        options,
    )
        .prop_map(|(by, places, at, years, applicants, condition, as_of, options)| {
            let set = |on: bool| on.then(Span::default);
            Clauses {
                by: by.map(|dims| here(dims.into_iter().map(here).collect())),
                places: places.map(here),
                at: at.map(here),
                years: years.map(here),
                applicants: applicants.map(|names| here(names.into_iter().map(word).collect())),
                condition: condition.map(here),
                as_of: as_of.then(|| here(Date { year: 2025, month: 3, day: 31 })),
                comparable: set(options.0),
                complete: set(options.1),
                blank_as_zero: set(options.2),
            }
        })
}

fn stage() -> impl Strategy<Value = Stage> {
    prop_oneof![
        (1_u32..100).prop_map(|count| Stage::Top(here(count))),
        (1_u32..100).prop_map(|count| Stage::Bottom(here(count))),
        (any::<bool>(), operand()).prop_map(|(descending, key)| Stage::Sort { descending, key }),
        condition().prop_map(Stage::Keep),
        condition().prop_map(Stage::Flag),
        Just(Stage::Failed),
        dim().prop_map(|dim| Stage::Pivot(here(dim))),
        Just(Stage::Chart),
        Just(Stage::Contributions),
        Just(Stage::Export(word("结果/top 10.xlsx"))),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let thing = proptest::sample::select(vec![
        Thing::Report,
        Thing::Cells,
        Thing::Bodies,
        Thing::Categories,
        Thing::Years,
        Thing::Rules,
        Thing::Coverage,
        Thing::Places,
    ]);
    let rules = proptest::sample::subsequence(vec!["identities", "carry_over", "all", "T3-BAL", "XY-CARRY-COL"], 1..3);
    let verb = prop_oneof![
        4 => proptest::collection::vec(term(), 1..3).prop_map(|terms| Verb::Ask(readable(terms))),
        1 => rules.prop_map(|names| Verb::Check(names.into_iter().map(word).collect())),
        1 => Just(Verb::Missing(Span::default())),
        1 => term().prop_map(Verb::Why),
        1 => Just(Verb::Revisions(Span::default())),
        1 => thing.prop_map(|thing| Verb::Show(here(thing))),
    ];
    (verb, clauses(), proptest::collection::vec(stage(), 0..3)).prop_map(|(verb, clauses, stages)| Query {
        verb,
        clauses,
        stages: stages.into_iter().map(here).collect(),
        span: Span::default(),
    })
}

/// The tree without its places in the text.
fn bare(query: &Query) -> String {
    let spans = regex::Regex::new(r"Span \{ start: \d+, end: \d+ \}").unwrap();
    spans.replace_all(&format!("{query:?}"), "·").into_owned()
}

fn read(text: &str, lexicon: &Lexicon) -> Query {
    let parsed = parse(&Source::new("query", text), lexicon);
    assert_eq!(parsed.diagnostics, [], "{text}");
    match parsed.script.statements.into_iter().next().map(|statement| statement.kind) {
        Some(StatementKind::Query(query)) => query,
        other => panic!("{text}: {other:?}"),
    }
}

/// How many texts each law is tried on; more by `GONGKAI_TEXTS`.
fn cases() -> u32 {
    std::env::var("GONGKAI_TEXTS").ok().and_then(|count| count.parse().ok()).unwrap_or(1000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// `parse(print(q)) = q`: in English the same tree, in Chinese the same question.
    #[test]
    fn what_is_printed_is_read_back(query in query()) {
        let lexicon = Lexicon::default();
        let english = print(&query, Tongue::En, &lexicon);
        prop_assert_eq!(bare(&read(&english, &lexicon)), bare(&query), "{}", english);
        let chinese = print(&query, Tongue::Zh, &lexicon);
        let back = read(&chinese, &lexicon);
        prop_assert_eq!(print(&back, Tongue::En, &lexicon), english, "{}", chinese);
        prop_assert_eq!(print(&back, Tongue::Zh, &lexicon), chinese);
    }

    /// Nothing that can be typed panics; every complaint points into the text, and what is refused is said.
    #[test]
    fn anything_may_be_typed(text in r#"([a-z_.]{1,8}|[不掌握占比按年份在万柏林区太原市新收前后至图]{1,6}|[0-9]{1,5}|[ |,;()\[\]/*.$@#"'“”＞≥、。%+-]|\n){0,24}"#) {
        let lexicon = Lexicon::default();
        let view = View::default();
        let source = Source::new("query", text.clone());
        for mistake in understand(&source, &lexicon, &view, &mut Session::default()).err().unwrap_or_default() {
            prop_assert!(mistake.span.start <= mistake.span.end && mistake.span.end <= text.len());
            prop_assert!(text.is_char_boundary(mistake.span.start) && text.is_char_boundary(mistake.span.end));
            prop_assert!(mistake.suggestions.len() <= 3);
        }
        // What parses is printed in both languages and read back as the same, whether its names are known or not.
        let parsed = parse(&source, &lexicon);
        if parsed.diagnostics.is_empty() {
            for tongue in [Tongue::En, Tongue::Zh] {
                let printed = print_script(&parsed.script, tongue, &lexicon);
                let again = parse(&Source::new("printed", printed.as_str()), &lexicon);
                prop_assert_eq!(&again.diagnostics, &[], "{}", &printed);
                prop_assert_eq!(print_script(&again.script, tongue, &lexicon), printed);
            }
        }
        let cursor = text.char_indices().map(|(at, _)| at).next_back().unwrap_or(0);
        let _ = complete(&text, cursor, &lexicon, &view);
    }
}

/// A number of four digits is a year even where none can be meant, and is printed so that it stays one.
#[test]
fn a_year_is_printed_with_four_digits() {
    let lexicon = Lexicon::default();
    let parsed = parse(&Source::new("query", "new 0000"), &lexicon);
    let printed = print_script(&parsed.script, Tongue::En, &lexicon);
    assert!(printed.starts_with("new 0000"), "{printed}");
}
