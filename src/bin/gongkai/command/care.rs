//! `gongkai snapshot`, `verify`, `stats`, `compact`, `backup`, `restore`: care of the store.

use std::path::Path;

use gongkai::store::{Damage, Part, Store};
use serde_json::json;

use crate::{
    args::{BackupArgs, OutputArgs, VerifyArgs},
    draw,
    exit::{Done, Exit, Fail},
    output::{Format, Output},
    session::Session,
    store,
};

/// Publishes what is there for readers.
pub fn snapshot(session: &Session) -> Done {
    let database = store::to_care_for(session)?;
    if let Some(store) = database.store() {
        store.publish()?;
    }
    database.close()?;
    Ok(said(session, "care.published", &[]))
}

/// Writes the keyed layer anew.
pub fn compact(session: &Session) -> Done {
    let before = Store::stats(&session.store)?;
    let database = store::to_care_for(session)?;
    if let Some(store) = database.store() {
        store.compact()?;
    }
    database.close()?;
    let after = Store::stats(&session.store)?;
    let (before, after) = (size(before.keyed), size(after.keyed));
    Ok(said(session, "care.compacted", &[("before", &before), ("after", &after)]))
}

/// Counts reports and bytes.
pub fn stats(args: &OutputArgs, session: &Session) -> Done {
    let stats = Store::stats(&session.store)?;
    let rows = [
        ("reports", stats.reports, false),
        ("bodies", stats.bodies, false),
        ("records", stats.records, false),
        ("archive", stats.archive, true),
        ("keyed", stats.keyed, true),
        ("snapshot", stats.snapshot, true),
        ("rest", stats.rest, true),
    ];
    let mut output = Output::open(args, session, Format::Csv)?;
    match output.format {
        Format::Json | Format::Jsonl => {
            let mut object: serde_json::Map<String, serde_json::Value> =
                rows.iter().map(|(name, value, _)| ((*name).to_owned(), json!(value))).collect();
            let each = rows.iter().filter(|(.., bytes)| *bytes && stats.reports > 0);
            let each = each.map(|(name, value, _)| ((*name).to_owned(), json!(per_report(*value, stats.reports))));
            object.insert("per_report".to_owned(), serde_json::Value::Object(each.collect()));
            output.json(&object)?;
        }
        Format::Table => {
            for (name, value, bytes) in rows {
                let value = match bytes {
                    true if stats.reports > 0 => {
                        let each = per_report(value, stats.reports).to_string();
                        session.say("care.stats.each", &[("size", &size(value)), ("each", &each)])
                    }
                    true => size(value),
                    false => value.to_string(),
                };
                output.text(&(session.say(&format!("care.stats.{name}"), &[("value", &value)]) + "\n"))?;
            }
        }
        Format::Csv => {
            let head = ["name", "value", "per_report"].map(str::to_owned).to_vec();
            let rows = rows.iter().map(|&(name, value, bytes)| {
                let each = Some(stats.reports).filter(|&reports| bytes && reports > 0);
                let each = each.map(|reports| per_report(value, reports).to_string()).unwrap_or_default();
                vec![name.to_owned(), value.to_string(), each]
            });
            output.csv(&std::iter::once(head).chain(rows).collect::<Vec<_>>())?;
        }
        Format::Md | Format::Html | Format::Svg | Format::Xlsx | Format::Sqlite => {
            return Err(Fail::usage("read.format"));
        }
    }
    output.close()?;
    Ok(Exit::Ok)
}

/// Reads every byte and names what is damaged (exit 3); `--repair` mends what can be mended.
pub fn verify(args: &VerifyArgs, session: &Session) -> Done {
    if args.repair {
        let lost = Store::repair(&session.store, &store::settings(session), args.accept_loss, store::milliseconds())?;
        for damage in &lost {
            tell(damage, session);
        }
        let count = lost.iter().map(|damage| damage.lost.len()).sum::<usize>().to_string();
        return Ok(said(session, "care.repaired", &[("lost", &count)]));
    }
    let found = Store::verify(&session.store, &store::holder())?;
    for damage in &found.damage {
        tell(damage, session);
    }
    let (records, reports) = (found.records.to_string(), found.reports.to_string());
    let words = [("records", records.as_str()), ("reports", reports.as_str())];
    if found.is_sound() {
        return Ok(said(session, "care.sound", &words));
    }
    draw::line(&session.say("care.unsound", &words));
    draw::hint(session, &session.say("care.unsound.help", &[]));
    Ok(Exit::Store)
}

/// Writes everything into one file with its hash.
pub fn backup(args: &BackupArgs, session: &Session) -> Done {
    let hash = Store::backup(&session.store, &args.file)?;
    Ok(said(session, "care.backup", &[("file", &shown(&args.file)), ("sha256", &hash)]))
}

/// Makes a store from a backup, where there is none.
pub fn restore(args: &BackupArgs, session: &Session) -> Done {
    let made = Store::restore(&args.file, &session.store, &store::settings(session), store::milliseconds())?;
    made.close()?;
    let reports = Store::stats(&session.store)?.reports.to_string();
    Ok(said(session, "care.restored", &[("path", &shown(&session.store)), ("reports", &reports)]))
}

/// Names one damage, and the reports it takes along.
fn tell(damage: &Damage, session: &Session) {
    let part = match damage.part {
        Part::Manifest => "manifest",
        Part::Archive => "archive",
        Part::Keyed => "keyed",
        Part::Snapshot => "snapshot",
    };
    let part = session.say(&format!("care.part.{part}"), &[]);
    draw::line(&format!("{part}: {}", damage.what));
    for key in &damage.lost {
        let (body, year) = (key.body.to_string(), key.year.to_string());
        draw::line(&session.say("care.lost", &[("body", &body), ("year", &year)]));
    }
}

fn said(session: &Session, key: &str, words: &[(&str, &str)]) -> Exit {
    draw::note(session, &session.say(key, words));
    Exit::Ok
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Bytes of each of some reports, rounded down.
fn per_report(bytes: u64, reports: u64) -> u64 {
    bytes / reports.max(1)
}

/// Bytes as a person reads them, with one decimal.
fn size(bytes: u64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut tenths = bytes.saturating_mul(10);
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < units.len() {
        tenths /= 1_024;
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or("B");
    if unit == 0 { format!("{bytes} {name}") } else { format!("{}.{} {name}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_have_one_decimal() {
        assert_eq!(super::size(1_023), "1023 B");
        assert_eq!(super::size(1_536), "1.5 KiB");
        assert_eq!(super::size(5 * 1_024 * 1_024), "5.0 MiB");
    }
}
