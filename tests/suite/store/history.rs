//! Revisions, the past, corrections, verdicts, batches taken back.

use gongkai::{
    ErrorKind,
    model::{Applicant, Reading, ReportKey},
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
    assert_eq!(store.undo(batch, NOW).unwrap(), 2);
    let there = |store: &Store| compare(&store.view().unwrap(), &expected([7]));
    there(&store).unwrap();
    assert_eq!(store.view().unwrap().find(&fresh.body.id), None);
    store.close().unwrap();
    there(&Store::open_read_only(&path).unwrap()).unwrap();
    let store = Store::open(&path, &settings(), NOW).unwrap();
    there(&store).unwrap();
    let revisions = store.revisions(&fresh.key()).unwrap();
    assert_eq!(revisions.iter().map(|one| one.report.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(store.undo(batch, NOW).unwrap(), 0, "taken back already");
    assert_eq!(store.undo(99, NOW).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(store.put(&fresh, NOW).unwrap(), Put::Added);
    compare(&store.view().unwrap(), &expected([7, 8])).unwrap();
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
