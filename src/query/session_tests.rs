//! From text to plan: the twelve questions, names, defaults, complaints.

use super::{
    ast::StatementKind,
    plan::{Formula, Place, TermKind, Verb},
    print::Tongue,
    *,
};
use crate::{
    model::{Body, BodyId, BodyKind, Origin, Report, Scope, Templates, Year},
    store::View,
    text::Source,
};

fn report(code: &str, name: &str, year: u16) -> Report {
    let id: BodyId = code.parse().unwrap();
    let kind = if id.is_government() { BodyKind::Government } else { BodyKind::Department };
    Report {
        body: Body { id, name: name.to_owned(), kind },
        year: Year::new(year).unwrap(),
        scope: Scope::Aggregate,
        templates: Templates::default(),
        cells: Vec::new(),
        claims: Vec::new(),
        findings: Vec::new(),
        published: None,
        origin: Origin { file: String::new(), sha256: String::new(), reader: String::new() },
    }
}

fn view() -> View {
    View::of(
        1,
        [
            report("140000", "山西省", 2022),
            report("140109", "万柏林区", 2021),
            report("140109", "万柏林区", 2022),
            report("140109", "万柏林区", 2024),
            report("140109/财政局", "万柏林区财政局", 2024),
            report("140109/街道/千峰街道", "千峰街道", 2024),
            report("140107/财政局", "杏花岭区财政局", 2024),
        ],
    )
}

fn questions(text: &str) -> Result<Vec<Question>, Vec<String>> {
    let view = view();
    let lexicon = Lexicon::of(&view);
    let source = Source::new("query", text);
    let steps = understand(&source, &lexicon, &view, &mut Session::default());
    match steps {
        Ok(steps) => Ok(steps
            .into_iter()
            .filter_map(|step| match step {
                Step::Query(question) => Some(question),
                _ => None,
            })
            .collect()),
        Err(mistakes) => Err(mistakes
            .iter()
            .map(|found| {
                let words = if found.suggestions.is_empty() {
                    String::new()
                } else {
                    format!(" → {}", found.suggestions.join("、"))
                };
                format!("{} {}{words}", found.code, source.slice(found.span))
            })
            .collect()),
    }
}

fn one(text: &str) -> Question {
    let mut found = questions(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

fn mistakes(text: &str) -> Vec<String> {
    questions(text).expect_err(text)
}

#[test]
fn the_seed_question_reads_as_the_language_says() {
    let question = one("万柏林区2024年不掌握占比按年份");
    assert_eq!(question.text.en, "share of not_held out_of outcome.total by year in 山西省/太原市/万柏林区 2024");
    assert_eq!(question.text.zh, "不掌握占比 除以 办理总计 按 年份 在 山西省/太原市/万柏林区 2024");
    assert_eq!(question.plan.whose.places, [Place::Body("140109".parse().unwrap())]);
    let Verb::Ask(ask) = &question.plan.verb else { panic!("asks") };
    assert_eq!((ask.terms[0].kind, ask.terms[0].members.len()), (TermKind::Share, 1));
    assert_eq!(ask.terms[0].members[0].measure.id, "outcome.unavailable.not_held");
    assert_eq!(ask.terms[0].members[0].base.as_ref().unwrap().id, "outcome.total");
}

#[test]
fn the_twelve_questions_are_one_plan_in_two_languages() {
    for (english, chinese) in TWELVE {
        let (en, zh) = (one(english), one(chinese));
        assert_eq!(en.plan, zh.plan, "{english}");
        assert_eq!(en.text, zh.text, "{english}");
        // The canonical text means the same, and is its own canonical text.
        for text in [&en.text.en, &en.text.zh] {
            let again = one(text);
            assert_eq!(again.plan, en.plan, "{text}");
            assert_eq!(again.text, en.text, "{text}");
        }
    }
}

#[test]
fn years_default_to_the_first_to_the_last_report_of_those_asked_about() {
    let years = |text: &str| one(text).plan.years.iter().map(|year| year.number()).collect::<Vec<_>>();
    // A gap shows: 2023 has no report of the district.
    assert_eq!(years("not_held in 万柏林区"), [2021, 2022, 2023, 2024]);
    assert!(one("not_held in 万柏林区").text.en.ends_with("2021..2024"));
    assert_eq!(years("not_held in 山西省"), [2022]);
    assert_eq!(years("not_held in 万柏林区/财政局"), [2024]);
    assert_eq!(years("not_held in 太原市/**"), [2021, 2022, 2023, 2024]);
    assert_eq!(years("not_held in 杏花岭区/*"), [2024]);
    // No report of it at all: the years of the store.
    assert_eq!(years("not_held in 北京市"), [2021, 2022, 2023, 2024]);
    assert_eq!(years("not_held"), [2021, 2022, 2023, 2024]);
    assert_eq!(one("not_held 2024, 2022..2023").plan.years.len(), 3);
    assert_eq!(one("显示 规则").text.en, "show rules");
}

#[test]
fn counties_below_a_city_are_implied() {
    let level = |text: &str| one(text).plan.whose.level.map(plan_level);
    assert_eq!(level("new by county in 太原市 2024"), Some("county"));
    assert_eq!(level("new by city in 山西省 2024"), Some("city"));
    assert_eq!(level("new by county in 万柏林区 2024"), None);
    assert_eq!(level("new by county in 太原市/* 2024"), None);
    assert_eq!(level("new in 太原市 at department 2024"), Some("department"));
    assert_eq!(level("太原市 层级为 部门 新收 2024"), Some("department"));
}

fn plan_level(level: plan::Level) -> &'static str {
    match level {
        plan::Level::City => "city",
        plan::Level::County => "county",
        plan::Level::Department => "department",
        _ => "other",
    }
}

#[test]
fn bodies_by_every_way_to_name_them() {
    for text in
        ["万柏林区/财政局", "万柏林区财政局", "@140109/财政局", "太原市/万柏林区/财政局", "山西省太原市万柏林区/财政局"]
    {
        let question = one(&format!("new in {text} 2024"));
        assert_eq!(question.plan.whose.places, [Place::Body("140109/财政局".parse().unwrap())], "{text}");
        assert!(question.text.en.contains("in 山西省/太原市/万柏林区/财政局"), "{}", question.text.en);
        assert_eq!(one(&question.text.zh).plan, question.plan);
    }
    for text in ["千峰街道", "万柏林区/千峰街道", "万柏林区/街道/千峰街道", "万柏林区千峰街道"]
    {
        let question = one(&format!("new in {text} 2024"));
        assert_eq!(question.plan.whose.places, [Place::Body("140109/街道/千峰街道".parse().unwrap())], "{text}");
        assert_eq!(one(&question.text.en).plan, question.plan);
    }
}

#[test]
fn renamed_places_are_found_by_their_old_names() {
    let places = |text: &str| one(text).plan.whose.places;
    assert_eq!(places("new in 太谷县 2024"), places("new in 太谷区 2024"));
}

#[test]
fn groups_and_their_members() {
    let members = |text: &str| {
        let Verb::Ask(ask) = one(text).plan.verb else { panic!("asks") };
        ask.terms[0].members.iter().map(|member| member.measure.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        members("outcome.* 2024"),
        [
            "outcome.granted",
            "outcome.partial",
            "outcome.refused",
            "outcome.unavailable",
            "outcome.not_processed",
            "outcome.other"
        ]
    );
    assert_eq!(members("复议各项 2024"), ["review.upheld", "review.corrected", "review.other", "review.pending"]);
    assert_eq!(members("review 2024"), ["review.total"]);
    assert_eq!(members("licences 2024"), ["proactive.licences.decisions"]);
    assert_eq!(members("办理结果 2024"), ["outcome.total"]);
    assert_eq!(members("new[natural] 2024"), ["requests.new[natural]"]);
    assert_eq!(members("收费 2024"), ["proactive.fees.amount"]);
}

#[test]
fn indicators_are_formulas() {
    let Verb::Ask(ask) = one("败诉率 2024").plan.verb else { panic!("asks") };
    let measure = &ask.terms[0].members[0].measure;
    assert_eq!((measure.id.as_str(), measure.version), ("rate.litigation_lost", Some(1)));
    let Formula::Ratio(above, below) = &measure.formula else { panic!("a ratio") };
    assert_eq!(above.0.len(), 2);
    assert_eq!(below.0.iter().map(|part| part.factor).collect::<Vec<_>>(), [1, 1, -1, -1]);
}

#[test]
fn lets_and_params() {
    let found = questions(
        "let answered = outcome.total - not_processed\nlet 答复率 = answered / outcome.total\nparam city = \"太原市\"\n\
         param y: year = 2024\nanswered in $city/* $y\n万柏林区2024年答复率按年份\nshare of not_held out_of answered 2024",
    )
    .unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].plan.whose.places, [Place::Children("140100".parse().unwrap())]);
    let Verb::Ask(ask) = &found[1].plan.verb else { panic!("asks") };
    let Formula::Ratio(above, _) = &ask.terms[0].members[0].measure.formula else { panic!("a ratio") };
    assert_eq!(above.0.iter().map(|part| part.factor).collect::<Vec<_>>(), [1, -1]);
}

#[test]
fn complaints_about_names() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("share of not_hold in 万柏林区", vec!["GK0201 not_hold → not_held"]),
        ("不掌屋占比", vec!["GK0201 不掌屋 → 不掌握"]),
        ("万柏林区2024年不掌屋占比", vec!["GK0201 不掌屋 → 不掌握"]),
        ("share of not_held in 万柏林取", vec!["GK0202 万柏林取 → 万柏林区"]),
        (
            "share of not_held in 鼓楼区 2024",
            vec!["GK0204 鼓楼区 → 江苏省/南京市/鼓楼区、江苏省/徐州市/鼓楼区、福建省/福州市/鼓楼区"],
        ),
        (
            "corrected 2024",
            vec!["GK0203 corrected → review.corrected、litigation.direct.corrected、litigation.after_review.corrected"],
        ),
        ("not_held in 万柏林区 2030", vec!["GK0205 2030 → 2024、2022、2021"]),
        ("not_held in 万柏林区 1999", vec!["GK0216 1999"]),
        ("not_held in 万柏林区 2024..2020", vec!["GK0217 2024..2020 → 2020..2024"]),
        ("share of licences 2024", vec!["GK0207 licences"]),
        ("share of new 2024", vec!["GK0207 new"]),
        ("share of 公开率 2024", vec!["GK0208 公开率"]),
        ("not_held.* 2024", vec!["GK0209 not_held.*"]),
        ("requests 2024", vec!["GK0210 requests → new、carried_in、outcome"]),
        ("new for naturl 2024", vec!["GK0211 naturl → natural"]),
        ("licences[natural] 2024", vec!["GK0212 natural"]),
        ("new in $city 2024", vec!["GK0213 $city"]),
        ("new in @999999 2024", vec!["GK0215 @999999"]),
        ("new by year, year 2024", vec!["GK0218 year"]),
        ("new by rule 2024", vec!["GK0219 rule"]),
        ("missing reports for natural", vec!["GK0220 for natural"]),
        ("new where year > 3", vec!["GK0221 year"]),
        ("new in 万柏林区/才政局 2024", vec!["GK0222 才政局 → 财政局"]),
        ("new 2024 | flag ratio > 5", vec!["GK0223 ratio"]),
        ("new where not_held > \"a\"", vec!["GK0224 \"a\""]),
        ("new 2024 | failed", vec!["GK0225 failed"]),
        ("new by year | pivot county", vec!["GK0226 county"]),
        ("let x = new * not_held", vec!["GK0227 new * not_held"]),
        ("assert new 2024", vec!["GK0228 new 2024"]),
        (
            "share of not_hold by yaer in 万柏林取 2024 | tpo 3",
            vec!["GK0201 not_hold → not_held", "GK0109 yaer → year", "GK0202 万柏林取 → 万柏林区", "GK0108 tpo → top"],
        ),
    ] {
        let found = mistakes(text);
        if found != expected {
            wrong.push(format!("{text}: {found:?}, not {expected:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_script_is_formatted_in_either_language() {
    let english = "gongkai 1  # version\nparam city = \"太原市\"\ninclude \"shared/measures.gk\"\n\n# own\nlet answered = outcome.total - not_processed\n\
        assert coverage of reports in $city/* 2024 >= 95%\nassert share of not_held in 万柏林区 2024 == 77.0% +- 0.1%\n\
        check identities, carry_over in $city/** 2024 | failed | export \"failed.csv\"\n\
        share of not_held by county in $city 2024 where (new >= 30 or new < 5) and answered > 2 | top 10 | export \"top10.xlsx\"\n\
        verdict T3-BAL in 万柏林区 2024 as explained \"late\"\ncorrect not_held in 万柏林区 2024 to 77 because \"typo\"\n";
    let lexicon = Lexicon::default();
    let read = |text: &str| {
        let parsed = parse(&Source::new("script", text), &lexicon);
        assert_eq!(parsed.diagnostics, [], "{text}");
        parsed.script
    };
    let script = read(english);
    assert_eq!(print_script(&script, Tongue::En, &lexicon), english);
    let chinese = print_script(&script, Tongue::Zh, &lexicon);
    let back = read(&chinese);
    assert_eq!(print_script(&back, Tongue::Zh, &lexicon), chinese);
    assert_eq!(print_script(&back, Tongue::En, &lexicon), english);
    assert!(matches!(back.statements[4].kind, StatementKind::Assert(_)));
}

#[test]
fn two_equally_short_cuts_are_shown() {
    let view = View::of(1, [report("140109/申请办", "申请办", 2024), report("140109/办", "办", 2024)]);
    let lexicon = Lexicon::of(&view);
    let text = "2024年新收申请办";
    let found = parse(&Source::new("query", text), &lexicon).diagnostics;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "GK0104");
    assert_eq!((found[0].args["first"].as_str(), found[0].args["second"].as_str()), ("新收申请 办", "新收 申请办"));
    assert_eq!(text.get(found[0].span.start..found[0].span.end), Some("新收申请办"));
    // A blank decides.
    assert_eq!(parse(&Source::new("query", "2024年新收 申请办"), &lexicon).diagnostics, []);
}
