//! Cubes in and out.

use gongkai::{
    ErrorKind,
    model::{Applicant, Body, CategoryCode, Origin, Reading, Scope, Slot, Template, Templates, Year},
    store::{Imported, Names, Settings, Store, View, export_long, export_wide},
};

use super::{NOW, body, numbered, settings, slot, year};

/// Names of the tests: `300[natural]`, `209`; 209 is money, and only the form from 2021 on prints 301.
fn slot_of(name: &str) -> Option<Slot> {
    let (category, applicant) = match name.split_once('[') {
        Some((category, rest)) => (category, Some(Applicant::from_id(rest.strip_suffix(']')?)?)),
        None => (name, None),
    };
    Some(Slot { category: CategoryCode(category.parse().ok()?), applicant })
}

fn name(slot: Slot) -> String {
    let applicant = slot.applicant.map(|applicant| format!("[{}]", applicant.id())).unwrap_or_default();
    format!("{}{applicant}", slot.category.0)
}

fn form(_: &Body, of: Year) -> (Scope, Templates) {
    let form = Some(if of.number() < 2021 { Template::Form2019 } else { Template::Form2021 });
    (Scope::Aggregate, Templates { t2: form, t3: form, t4: form })
}

pub fn import(store: &Store, text: &str) -> gongkai::Result<Imported> {
    let names = Names {
        slot: &slot_of,
        money: &|slot| slot.category.0 == 209,
        body: &|path| path.parse().map(|_: gongkai::model::BodyId| body(path)).map_err(|why: String| why.into()),
        form: &form,
        printed: &|slot, templates| slot.category.0 != 301 || templates.t3 == Some(Template::Form2021),
    };
    let origin = Origin { file: "cube.csv".to_owned(), sha256: "c".repeat(64), reader: "1".to_owned() };
    store.import(text.as_bytes(), &names, &origin, NOW)
}

fn wide(view: &View) -> String {
    let mut out = Vec::new();
    export_wide(view, &mut out, &name).unwrap();
    String::from_utf8(out).unwrap()
}

const CUBE: &str = "\
body,year,209,300[natural],300[total],301[total]
140109,2024,803.5,96,100,
140109/财政局,2020,,NA,7,
140109/财政局,2024,0,?,0,3
000000/海关总署,2024,1,-4,99999999999,0
140109,2023,1,x,1,1
140109,1999,1,1,1,1
99,2024,1,1,1,1
140109,2024,1
";

#[test]
fn a_wide_cube_is_read_with_states_and_its_bad_rows_are_refused_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    let done = import(&store, CUBE).unwrap();
    assert_eq!((done.added, done.replaced, done.unchanged, done.refusals), (4, 0, 0, 4));
    assert_eq!(done.refused.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 7, 8, 9]);
    let check = |view: &View| {
        assert_eq!(view.len(), 4);
        let at = |path: &str, of, name: &str| {
            view.reading(view.find(&path.parse().unwrap()).unwrap(), year(of), slot_of(name).unwrap())
        };
        assert_eq!(at("140109", 2024, "300[natural]"), Some(Reading::count(96)));
        assert_eq!(at("140109", 2024, "209").unwrap().value().unwrap().to_string(), "803.5");
        assert_eq!(at("140109", 2024, "301[total]"), Some(Reading::Blank { proved_zero: false }));
        assert_eq!(at("140109/财政局", 2020, "301[total]"), None, "the form of 2019 has no such cell");
        assert_eq!(at("140109/财政局", 2020, "300[natural]"), Some(Reading::NotApplicable));
        assert_eq!(at("140109/财政局", 2024, "300[natural]"), Some(Reading::Unreadable));
        assert_eq!(at("000000/海关总署", 2024, "300[natural]"), Some(Reading::count(-4)));
        assert_eq!(at("000000/海关总署", 2024, "300[total]"), Some(Reading::count(99_999_999_999)));
        let whole = view.report(view.find(&"140109".parse().unwrap()).unwrap(), year(2024)).unwrap();
        let cell = whole.cell(slot(300, Some(Applicant::Natural))).unwrap();
        assert_eq!((whole.origin.file.as_str(), cell.place.line, cell.raw.as_str()), ("cube.csv", 2, "96"));
        view.health().unwrap();
    };
    check(&store.view().unwrap());
    store.close().unwrap();
    check(&Store::open_read_only(&path).unwrap().view().unwrap());
    std::fs::remove_file(path.join("snapshot")).unwrap();
    check(&Store::open_read_only(&path).unwrap().view().unwrap());
    assert!(Store::verify(&path, &settings().holder).unwrap().is_sound());
}

#[test]
fn what_is_exported_comes_back_unchanged_and_changes_replace() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("db"), folder.path().join("other"));
    let store = Store::create(&path, &settings(), NOW).unwrap();
    import(&store, CUBE).unwrap();
    let text = wide(&store.view().unwrap());
    assert_eq!(import(&store, &text).unwrap().unchanged, 4);
    let revision = store.view().unwrap().revision();
    let changed = text.replace(",96,", ",97,");
    let done = import(&store, &changed).unwrap();
    assert_eq!((done.replaced, done.unchanged), (1, 3));
    assert_eq!(store.view().unwrap().revision(), revision + 1);
    assert_eq!(wide(&store.view().unwrap()), changed);
    let view = store.view().unwrap();
    for year in view.years() {
        let bodies: Vec<usize> = (0..view.body_count()).rev().collect();
        let one_by_one: Vec<_> = bodies.iter().map(|&body| view.report(body, year)).collect();
        assert_eq!(view.reports(&bodies, year), one_by_one);
    }
    let key = store.view().unwrap().report(1, year(2024)).unwrap().key();
    let revisions = store.revisions(&key).unwrap();
    let natural =
        |at: usize| revisions[at].report.clone().unwrap().cell(slot(300, Some(Applicant::Natural))).unwrap().reading;
    assert_eq!((revisions.len(), natural(0), natural(1)), (2, Reading::count(97), Reading::count(96)));
    assert_eq!(store.undo(&[revisions[0].batch], NOW).unwrap(), 1);
    assert_eq!(wide(&store.view().unwrap()), text);
    // A whole imported file goes at once.
    let first = store.batches().unwrap().pop().unwrap();
    assert_eq!((first.number, first.added, first.replaced), (1, 4, 0));
    assert_eq!(store.undo(&[first.number], NOW).unwrap(), 3, "one was changed since, and brought back: it stays");
    assert_eq!(store.view().unwrap().len(), 1);
    import(&store, &text).unwrap();
    assert_eq!(wide(&store.view().unwrap()), text);

    let mut long = Vec::new();
    let split = |slot: Slot| (slot.category.0.to_string(), slot.applicant.map_or("", Applicant::id).to_owned());
    export_long(&store.view().unwrap(), &mut long, &split).unwrap();
    let second = Store::create(&other, &settings(), NOW).unwrap();
    let done = import(&second, std::str::from_utf8(&long).unwrap()).unwrap();
    assert_eq!((done.added, done.refusals), (4, 0), "{:?}", done.refused);
    assert_eq!(wide(&second.view().unwrap()), text);
}

#[test]
fn a_cube_lies_over_reports_and_reports_over_a_cube() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &Settings { seal_after: 3, ..settings() }, NOW).unwrap();
    for number in 0..7 {
        store.put(&numbered(number), NOW).unwrap();
    }
    // Many bodies of one province, more than a chunk holds, in no order.
    let mut text = "body,year,300[total]\n".to_owned();
    for at in 0..9_000u32 {
        text.push_str(&format!("12{:04},{},{at}\n", (at * 7_919) % 10_000, 2020 + at % 3));
    }
    let done = import(&store, &text).unwrap();
    assert_eq!((done.added + done.replaced, done.refusals), (9_000, 0));
    for number in 7..14 {
        store.put(&numbered(number), NOW).unwrap();
    }
    let total = |store: &Store| -> i128 {
        let view = store.view().unwrap();
        let slot = slot(300, Some(Applicant::Total));
        view.years().into_iter().map(|of| view.totals(slot, of, view.range("12")).sum).sum()
    };
    let sum: i128 = (0..9_000).sum();
    let reports: i128 = (0..14)
        .map(numbered)
        .filter(|report| report.body.id.as_str().starts_with("12"))
        .filter_map(|report| report.cell(slot(300, Some(Applicant::Total))).and_then(|cell| cell.reading.value()))
        .map(|value| i128::from(value.units()))
        .sum();
    assert_eq!(total(&store), sum + reports);
    store.close().unwrap();
    assert!(Store::verify(&path, &settings().holder).unwrap().is_sound());
    assert_eq!(total(&Store::open_read_only(&path).unwrap()), sum + reports);
}

#[test]
fn groups_that_several_threads_make_are_stored_in_the_order_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("db"), &settings(), NOW).unwrap();
    // A group ends with a province of more than 4,096 rows. The first province comes again at the end.
    const EACH: u32 = 4_200;
    let mut text = "body,year,300[total]\n".to_owned();
    for (group, province) in [11, 12, 13, 14, 15, 11].into_iter().enumerate() {
        (0..EACH).for_each(|at| text.push_str(&format!("{province}{at:04},2024,{}\n", group + 1)));
    }
    let done = import(&store, &text).unwrap();
    assert_eq!((done.added, done.replaced, done.refusals), (5 * u64::from(EACH), EACH.into(), 0));
    let batches = store.batches().unwrap();
    let counts: Vec<_> = batches.iter().rev().map(|batch| (batch.added, batch.replaced)).collect();
    assert_eq!(counts, [[(u64::from(EACH), 0); 5].as_slice(), &[(0, EACH.into())]].concat());
    let view = store.view().unwrap();
    let of = |province: &str| view.totals(slot(300, Some(Applicant::Total)), year(2024), view.range(province)).sum;
    let sums = ["11", "12", "13", "14", "15"].map(|province| of(province) / i128::from(EACH));
    assert_eq!(sums, [6, 2, 3, 4, 5]);
}

#[test]
fn a_file_that_is_no_cube_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("db"), &settings(), NOW).unwrap();
    for text in [
        "",
        "a,b\n1,2\n",
        "body,year\n140109,2024\n",
        "body,year,999999\n",
        "body,year,300[nobody]\n",
        "body,year,300[total],209,300[total]\n140109,2024,1,2,3\n",
    ] {
        assert_eq!(import(&store, text).unwrap_err().kind(), ErrorKind::Usage, "{text}");
    }
    assert_eq!(store.view().unwrap().revision(), 0);
}
