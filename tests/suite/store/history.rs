//! Revisions, the past, corrections, verdicts, batches taken back.

use gongkai::{
    ErrorKind,
    model::{Applicant, Claim, Reading, ReportKey},
    store::{Correction, Put, Store, Verdict},
};

use super::{NOW, compare, expected, numbered, settings, slot, year};

#[test]
fn every_revision_is_kept_and_every_moment_can_be_seen_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    let first = numbered(7);
    let mut second = first.clone();
    second.origin.sha256 = "f".repeat(64);
    second.cells[3].reading = Reading::count(12_345);
    second.cells[3].raw = "12345".to_owned();
    store.put(&first, NOW).unwrap();
    store.put(&numbered(8), NOW + 1_000).unwrap();
    store.close().unwrap();
    let store = Store::open(&path, &settings(), NOW).unwrap();
    assert_eq!(store.put(&second, NOW + 2_000).unwrap(), Put::Replaced);
    let slot = first.cells[5].slot;
    let by = Correction { by: "审核员".to_owned(), reason: "印刷错误".to_owned() };
    assert_eq!(store.correct(&first.key(), &[(slot, Reading::count(5))], &by, NOW + 3_000).unwrap(), Put::Replaced);

    let revisions = store.revisions(&first.key()).unwrap();
    let told: Vec<_> = revisions.iter().map(|one| (one.sequence, one.time, one.correction.clone())).collect();
    assert_eq!(told, [(4, NOW + 3_000, Some(by)), (3, NOW + 2_000, None), (1, NOW, None)]);
    assert_eq!(revisions[2].report, Some(first.clone()));
    assert_eq!(revisions[1].report, Some(second.clone()));
    let corrected = revisions[0].report.clone().unwrap();
    let cell = corrected.cell(slot).unwrap();
    assert_eq!((cell.reading, &cell.raw), (Reading::count(5), &second.cell(slot).unwrap().raw));

    compare(&store.as_of(NOW + 1_500).unwrap(), &expected([7, 8])).unwrap();
    compare(&store.as_of(NOW + 500).unwrap(), &expected([7])).unwrap();
    assert!(store.as_of(NOW - 1).unwrap().is_empty());
    let absent = store.correct(&numbered(9).key(), &[], &Correction { by: String::new(), reason: String::new() }, NOW);
    assert_eq!(absent.unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn a_batch_is_taken_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    let (first, fresh) = (numbered(7), numbered(8));
    store.put(&first, NOW).unwrap();
    let mut second = first.clone();
    second.origin.sha256 = "e".repeat(64);
    store.put_all(&[second, fresh.clone()], NOW).unwrap();
    let batch = store.revisions(&fresh.key()).unwrap()[0].batch;
    assert_eq!(batch, 2);
    store.close().unwrap();

    let store = Store::open(&path, &settings(), NOW).unwrap();
    assert_eq!(store.undo(&[batch], NOW).unwrap(), 2);
    let there = |store: &Store| compare(&store.view().unwrap(), &expected([7]));
    there(&store).unwrap();
    assert_eq!(store.view().unwrap().find(&fresh.body.id), None);
    // The newest first: taken back one and brought one back; one added and one replaced; one added.
    let told: Vec<_> = store
        .batches()
        .unwrap()
        .into_iter()
        .map(|batch| (batch.number, batch.added, batch.replaced, batch.removed))
        .collect();
    assert_eq!(told, [(4, 0, 1, 1), (2, 1, 1, 0), (1, 1, 0, 0)]);
    store.close().unwrap();
    there(&Store::open_read_only(&path).unwrap()).unwrap();
    let store = Store::open(&path, &settings(), NOW).unwrap();
    there(&store).unwrap();
    let revisions = store.revisions(&fresh.key()).unwrap();
    assert_eq!(revisions.iter().map(|one| one.report.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(store.undo(&[batch], NOW).unwrap(), 0, "taken back already");
    // What came and went again is as it was; what was replaced and brought back is brought back once more.
    assert_eq!(store.undo(&[batch, 4], NOW).unwrap(), 1);
    assert_eq!(store.undo(&[99], NOW).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(store.put(&fresh, NOW).unwrap(), Put::Added);
    compare(&store.view().unwrap(), &expected([7, 8])).unwrap();
}

#[test]
fn batches_taken_back_together_go_to_what_was_before_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("db"), &settings(), NOW).unwrap();
    let other = |report: &gongkai::model::Report, digit: &str| {
        let mut other = report.clone();
        other.origin.sha256 = digit.repeat(64);
        other
    };
    let (first, second) = (numbered(7), numbered(8));
    store.put_all(&[first.clone(), second.clone()], NOW).unwrap();
    store.put(&other(&first, "b"), NOW).unwrap();
    store.put(&other(&first, "c"), NOW).unwrap();
    store.put(&other(&second, "d"), NOW).unwrap();
    // Records 1 and 2, then 3, 4 and 5.
    let numbers: Vec<u64> = store.batches().unwrap().iter().map(|batch| batch.number).collect();
    assert_eq!(numbers, [5, 4, 3, 1]);
    assert_eq!(store.undo(&[4, 99], NOW).unwrap_err().kind(), ErrorKind::Usage);
    // Between 3 and 4 nothing else happened to the first, so it goes back to its first text: record 6.
    assert_eq!(store.undo(&[4, 3], NOW).unwrap(), 1);
    let text = |report: &gongkai::model::Report| {
        let view = store.view().unwrap();
        view.find(&report.body.id).and_then(|body| view.report(body, report.year)).map(|report| report.origin.sha256)
    };
    assert_eq!(text(&first), Some(first.origin.sha256.clone()));
    // Both were changed by batches that are not named: 1 takes nothing from them.
    assert_eq!(store.undo(&[1], NOW).unwrap(), 0);
    // The second alone goes: record 7. And comes back.
    assert_eq!(store.undo(&[1, 5], NOW).unwrap(), 1);
    assert_eq!(text(&second), None);
    assert_eq!(store.undo(&[7], NOW).unwrap(), 1);
    assert_eq!(text(&second), Some("d".repeat(64)));
    assert_eq!(text(&first), Some(first.origin.sha256.clone()));
    // What came back is new again, and goes again.
    let last = store.batches().unwrap().remove(0);
    assert_eq!((last.number, last.added, last.replaced, last.removed), (8, 1, 0, 0));
    assert_eq!(store.undo(&[8], NOW).unwrap(), 1);
    assert_eq!(text(&second), None);
}

#[test]
fn verdicts_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let store = Store::create(&path, &settings(), NOW).unwrap();
    store.put(&numbered(1), NOW).unwrap();
    let verdict = |rule: &str| Verdict {
        key: ReportKey { body: "140109".parse().unwrap(), year: year(2024) },
        rule: rule.to_owned(),
        judged: "d41d8c".to_owned(),
        verdict: "explained".to_owned(),
        by: "审核员".to_owned(),
        note: "转来申请".to_owned(),
        time: NOW,
    };
    store.decide(&verdict("T3-BAL"), NOW).unwrap();
    store.close().unwrap();
    let store = Store::open(&path, &settings(), NOW).unwrap();
    store.decide(&verdict("T4-SUM"), NOW).unwrap();
    let both = [verdict("T3-BAL"), verdict("T4-SUM")];
    assert_eq!(store.view().unwrap().verdicts(), both);
    assert_eq!(Store::open_read_only(&path).unwrap().view().unwrap().verdicts(), both);
    store.close().unwrap();
    std::fs::remove_file(path.join("snapshot")).unwrap();
    assert_eq!(Store::open(&path, &settings(), NOW).unwrap().view().unwrap().verdicts(), both);
    let slot = slot(300, Some(Applicant::Natural));
    assert_eq!(Store::open(&path, &settings(), NOW).unwrap().view().unwrap().reading(0, year(2024), slot), None);
}

#[test]
fn a_reader_that_keeps_a_sketch_of_the_wording_makes_no_other_report() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("db"), &settings(), NOW).unwrap();
    let older = numbered(7);
    let claim = |about: &str| Claim {
        about: about.to_owned(),
        says: "00ff".to_owned(),
        sentence: String::new(),
        place: gongkai::text::Place { line: 1, column: 1 },
    };
    let mut newer = older.clone();
    newer.origin.reader = "9.9.9".to_owned();
    newer.claims.push(claim(Claim::WORDING));
    assert_eq!(store.put(&older, NOW).unwrap(), Put::Added);
    assert_eq!(store.put(&newer, NOW + 1_000).unwrap(), Put::Unchanged);
    assert_eq!(store.revisions(&older.key()).unwrap().len(), 1);
    // What a check holds against the tables is another thing.
    newer.claims.push(claim("requests.new"));
    assert_eq!(store.put(&newer, NOW + 2_000).unwrap(), Put::Replaced);
}

#[test]
fn a_correction_stands_when_the_file_it_corrects_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("db"), &settings(), NOW).unwrap();
    let read = numbered(7);
    store.put(&read, NOW).unwrap();
    let (slot, by) = (read.cells[5].slot, Correction { by: "审核员".to_owned(), reason: "印刷错误".to_owned() });
    for (later, value) in [(1, 5), (2, 6)] {
        store.correct(&read.key(), &[(slot, Reading::count(value))], &by, NOW + later).unwrap();
    }
    assert_eq!(store.put(&read, NOW + 10).unwrap(), Put::Unchanged);
    let now = |store: &Store| store.revisions(&read.key()).unwrap()[0].report.clone().unwrap();
    assert_eq!(now(&store).cell(slot).unwrap().reading, Reading::count(6));
    // Another file is news, and so is a person who takes the correction back.
    let Reading::Value(gongkai::model::Quantity::Count(printed)) = read.cells[5].reading else { panic!() };
    let back = store.correct(&read.key(), &[(slot, Reading::count(printed))], &by, NOW + 11);
    assert_eq!((back.unwrap(), now(&store).cell(slot).unwrap().reading), (Put::Replaced, read.cells[5].reading));
    let mut other = read.clone();
    other.origin.sha256 = "a".repeat(64);
    assert_eq!(store.put(&other, NOW + 12).unwrap(), Put::Replaced);
}
