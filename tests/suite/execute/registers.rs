//! A register of who should report: who is missing from it, and sums that are whole only where nobody is.

use gongkai::{
    query::{
        Context, Plan, execute,
        plan::{Dimension, Stage, Verb},
    },
    schema::Register,
    store::View,
};

use super::fixture::{ask, lines, plain, report, view};

const NEW: &str = "requests.new";

fn register(text: &str) -> Register {
    let (register, bad) = Register::parse(text);
    assert_eq!(bad, []);
    register
}

/// Two departments and a town of 万柏林区, and a department of the city above.
const BODIES: &str = "path,name,level,parent\n\
    140109/财政局,万柏林区财政局,department,\n\
    140109/教育局,万柏林区教育局,department,\n\
    140109/镇/王封乡,王封乡,town,\n\
    140100/财政局,太原市财政局,department,\n";

fn run(verb: Verb, plan: Plan, view: &View, register: &Register) -> Vec<String> {
    let context = Context { register: Some(register), ..Context::default() };
    lines(&execute(&Plan { verb, ..plan }, view, &context).unwrap())
}

#[test]
fn who_is_missing_is_told_by_level_and_by_name() {
    let register = register(BODIES);
    // 教育局 had nothing to do: a report of zeros is a report.
    let view = view([report("140109", 2024), report("140109/教育局", 2024), report("140109/财政局", 2023)]);
    let asked = || ask(plain(NEW), 2024..=2024).places(&["140109"]).0;
    assert_eq!(
        run(Verb::Missing, asked(), &view, &register),
        ["财政局 department 2024", "王封乡 town 2024"],
        "one that reported before, one that never did; not the city's"
    );
    let mut by_level = asked();
    by_level.by = vec![Dimension::Level];
    // Expected, there, missing, coverage.
    assert_eq!(
        run(Verb::Missing, by_level, &view, &register),
        ["county 1 1 0 1/1", "town 1 0 1 0/1", "department 2 1 1 1/2"]
    );
    let everywhere = ask(plain(NEW), 2024..=2024).0;
    let all = run(Verb::Missing, everywhere, &view, &register);
    assert!(all.contains(&"财政局 department 2024".to_owned()) && all.len() >= 3, "{all:?}");
    // The city's children are its own department and its districts, not the departments of these.
    let children = ask(plain(NEW), 2024..=2024).places(&["140100/*"]).0;
    let below = run(Verb::Missing, children, &view, &register);
    assert_eq!(below.iter().filter(|line| line.contains("department")).count(), 1, "{below:?}");
}

#[test]
fn a_government_is_the_sum_of_its_bodies_only_where_all_are_there() {
    let register = register(BODIES);
    let sum = |education: i64, town: Option<i64>| {
        let reports = [
            Some(report("140109", 2024).set(NEW, 100)),
            Some(report("140109/财政局", 2024).set(NEW, 30)),
            Some(report("140109/教育局", 2024).set(NEW, education)),
            town.map(|count| report("140109/镇/王封乡", 2024).set(NEW, count)),
        ];
        let view = view(reports.into_iter().flatten());
        let mut plan = ask(plain(NEW), 2024..=2024).places(&["140109"]).stage(Stage::Failed).0;
        let failed = run(Verb::Check(vec!["XL-SUM".to_owned()]), plan.clone(), &view, &register);
        plan.stages.clear();
        plan.by = vec![Dimension::Rule];
        let counted = run(Verb::Check(vec!["XL-SUM".to_owned()]), plan, &view, &register);
        (failed, counted)
    };
    // 30 + 60 + 10 = 100, and every other figure is 0.
    let (failed, counted) = sum(60, Some(10));
    assert_eq!(failed, Vec::<String>::new());
    assert!(counted[0].starts_with("XL-SUM ") && counted[0].contains(" 0 0 0 "), "{counted:?}");
    // 30 + 60 + 9 = 99.
    let (failed, _) = sum(60, Some(9));
    assert_eq!(failed.len(), 1);
    assert!(failed[0].starts_with("万柏林区 2024 XL-SUM fail 100 99"), "{failed:?}");
    // A town without a report: nothing can be said.
    assert_eq!(sum(60, None), (Vec::new(), vec!["XL-SUM 0 0 0 0 1".to_owned()]));
}
