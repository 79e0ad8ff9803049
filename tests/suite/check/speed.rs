//! How long the within-report rules take over many reports. Not run by default:
//! `cargo test --release --test suite check::speed -- --ignored --nocapture`.

use std::time::Instant;

use gongkai::{
    check::{Sheet, Subject, scan},
    model::{Status, Template},
};

use super::fixture;

#[test]
#[ignore = "a measurement: run it with --release"]
fn a_million_reports() {
    let report = fixture::report(
        Template::Form2021,
        "requests.new: 96 4 0 0 0 0 100\nrequests.carried_in: 10 0 0 0 0 0 10\noutcome.granted: 96 4 0 0 0 0 100
        outcome.total: 96 4 0 0 0 0 100\nrequests.carried_out: 10 0 0 0 0 0 10",
    );
    let subject = Subject::of(&report);
    let mut sheet = Sheet::new();
    let (mut outcomes, mut failed) = (0_u64, 0_u64);
    let start = Instant::now();
    let reports = 100_000_u32;
    for _ in 0..reports {
        sheet.fill(report.templates, |slot| report.cell(slot).map(|cell| cell.reading));
        scan(&subject, &sheet, |outcome| {
            outcomes += 1;
            failed += u64::from(outcome.status == Status::Fail);
        });
    }
    let each = start.elapsed() / reports;
    eprintln!(
        "{outcomes} outcomes, {failed} failed, {each:?} a report, {:?} for 1.2 million on one core",
        each * 1_200_000
    );
    assert_eq!(failed, 0);
    assert!(each.as_micros() < 100, "1.2 million reports on two cores in a minute need 100 µs each");
}
