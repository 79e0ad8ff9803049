//! However a load is cut into puts, seals and openings, every way of reading gives what a plain map gives.

use std::collections::BTreeMap;

use gongkai::{
    model::{Amount, Applicant, Quantity, Reading, Report, ReportKey, Slot},
    store::{Block, Settings, Store, Totals, View},
};
use proptest::prelude::*;

use super::{NOW, report, settings, slot, year};

const PATHS: [&str; 9] =
    ["000000/海关总署", "110000", "110101", "140000", "140100", "140109", "140109/财政局", "140110", "320800"];

fn reading() -> impl Strategy<Value = Reading> {
    prop_oneof![
        6 => (0i64..4).prop_map(Reading::count),
        4 => (0i64..100_000).prop_map(Reading::count),
        1 => any::<i64>().prop_map(Reading::count),
        1 => (-9i64..9_999_999_999).prop_map(|units| Reading::Value(Quantity::Money(Amount(units)))),
        1 => any::<bool>().prop_map(|proved_zero| Reading::Blank { proved_zero }),
        1 => Just(Reading::NotApplicable),
        1 => Just(Reading::Unreadable),
    ]
}

fn slots() -> Vec<Slot> {
    vec![slot(201, None), slot(300, Some(Applicant::Natural)), slot(300, Some(Applicant::Total)), slot(401, None)]
}

fn reports() -> impl Strategy<Value = Report> {
    let cells = proptest::collection::vec(proptest::option::weighted(0.8, reading()), 4);
    (0..PATHS.len(), 2019u16..2025, cells, 0u32..1000).prop_map(|(at, of, cells, sha)| {
        let cells: Vec<_> = slots().into_iter().zip(cells).filter_map(|(slot, cell)| Some((slot, cell?))).collect();
        report(PATHS[at], of, &cells, &sha.to_string())
    })
}

#[derive(Clone, Debug)]
enum Step {
    Put(Vec<Report>),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let put = proptest::collection::vec(reports(), 1..6).prop_map(|mut reports| {
        reports.sort_by_key(Report::key);
        reports.dedup_by_key(|report| report.key());
        Step::Put(reports)
    });
    proptest::collection::vec(prop_oneof![5 => put, 1 => Just(Step::Reopen)], 1..12)
}

/// What the view must say, read from the reports themselves.
fn agree(view: &View, model: &BTreeMap<ReportKey, Report>, when: &str) {
    assert_eq!(view.len(), model.len(), "{when}");
    let mut bodies: Vec<_> = model.keys().map(|key| key.body.clone()).collect();
    bodies.dedup();
    assert_eq!(view.bodies().iter().map(|body| body.id.clone()).collect::<Vec<_>>(), bodies, "{when}");
    for (at, id) in bodies.iter().enumerate() {
        assert_eq!(view.find(id), Some(at), "{when}");
    }
    for prefix in ["", "14", "1401", "140109", "99", "00"] {
        let range = view.range(prefix);
        let inside: Vec<usize> =
            bodies.iter().enumerate().filter(|(_, id)| id.as_str().starts_with(prefix)).map(|(at, _)| at).collect();
        assert_eq!(range.collect::<Vec<_>>(), inside, "{when} {prefix}");
    }
    for of in 2018..2026 {
        let of = year(of);
        let at = |body: usize| model.get(&ReportKey { body: bodies[body].clone(), year: of });
        for body in 0..bodies.len() {
            assert_eq!(view.report(body, of).as_ref(), at(body), "{when}");
            assert_eq!(view.meta(body, of).map(|meta| meta.scope), at(body).map(|report| report.scope), "{when}");
        }
        for range in [0..bodies.len(), 1..bodies.len(), 0..bodies.len() / 2] {
            let present: Vec<usize> = range.clone().filter(|&body| at(body).is_some()).collect();
            assert_eq!(view.present(of, range.clone()).collect::<Vec<_>>(), present, "{when}");
            for slot in slots() {
                let cell = |body: usize| at(body).and_then(|report| report.cell(slot)).map(|cell| cell.reading);
                let told: Vec<_> = range.clone().filter_map(|body| Some((body, cell(body)?))).collect();
                assert_eq!(view.scan(slot, of, range.clone()).collect::<Vec<_>>(), told, "{when}");
                let mut block = Block::default();
                let mut next = range.start;
                while next < range.end {
                    let from = next;
                    next = view.load(slot, of, from..range.end, &mut block);
                    for body in from..next {
                        assert_eq!(block.reading(body), cell(body), "{when}");
                    }
                }
                for body in range.clone() {
                    assert_eq!(view.reading(body, of, slot), cell(body), "{when}");
                }
                let sum: i128 = told.iter().filter_map(|(_, cell)| Some(i128::from(cell.value()?.units()))).sum();
                let totals: Totals = view.totals(slot, of, range.clone());
                assert_eq!((totals.sum, totals.reports), (sum, present.len() as u64), "{when}");
                assert_eq!(totals.not_in_template(), (present.len() - told.len()) as u64, "{when}");
            }
        }
    }
    view.health().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_way_of_reading_gives_what_was_put(steps in steps(), seal_after in 1usize..9) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let settings = Settings { seal_after, ..settings() };
        let mut store = Store::create(&path, &settings, NOW).unwrap();
        let mut model = BTreeMap::new();
        for step in steps {
            match step {
                Step::Put(reports) => {
                    store.put_all(&reports, NOW).unwrap();
                    for report in reports {
                        let same = |old: &Report| Report { origin: report.origin.clone(), ..old.clone() } == report
                            && old.origin.sha256 == report.origin.sha256;
                        if !model.get(&report.key()).is_some_and(same) {
                            model.insert(report.key(), report);
                        }
                    }
                }
                Step::Reopen => {
                    store.close().unwrap();
                    store = Store::open(&path, &settings, NOW).unwrap();
                    prop_assert!(store.notes().is_empty(), "{:?}", store.notes());
                }
            }
        }
        agree(&store.view().unwrap(), &model, "writer");
        agree(&Store::open_read_only(&path).unwrap().view().unwrap(), &model, "reader beside it");
        store.close().unwrap();
        agree(&Store::open_read_only(&path).unwrap().view().unwrap(), &model, "closed");
        // A store that nothing was ever put into has no snapshot.
        let _ = std::fs::remove_file(path.join("snapshot"));
        agree(&Store::open_read_only(&path).unwrap().view().unwrap(), &model, "without snapshot");
        agree(&Store::open(&path, &settings, NOW).unwrap().view().unwrap(), &model, "from the keyed layer");
        std::fs::remove_dir_all(path.join("sled")).unwrap();
        agree(&Store::open(&path, &settings, NOW).unwrap().view().unwrap(), &model, "made anew");
        agree(&View::of(7, model.values().cloned()), &model, "in memory");
    }
}
