//! A writing process is killed at random moments of put, seal, publish, compact and open.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use gongkai::store::{Settings, Store};

use super::{Dice, NOW, compare, expected, numbered, rounds, settings};

/// What the killed process runs: puts numbered reports one after another, with seals and compactions between,
/// and says after each one that it was acknowledged.
#[test]
#[ignore = "run by another test in a process of its own"]
fn writing_process() {
    let Some(path) = std::env::var_os("GONGKAI_WRITE") else { return };
    let from: u32 = std::env::var("GONGKAI_FROM").unwrap().parse().unwrap();
    let settings = Settings { seal_after: 12, ..settings() };
    let mut out = std::io::stdout();
    writeln!(out, "\nBEGIN").unwrap();
    let mut store = Store::open(path.as_ref(), &settings, NOW).unwrap();
    for number in from.. {
        store.put(&numbered(number), NOW).unwrap();
        writeln!(out, "\nACK {number}").unwrap();
        out.flush().unwrap();
        match number % 50 {
            20 => store.compact().unwrap(),
            30 | 45 => {
                store.close().unwrap();
                store = Store::open(path.as_ref(), &settings, NOW).unwrap();
            }
            _ => {}
        }
    }
}

/// What the writing process said: that it begins to open (nothing), and which reports are acknowledged.
fn listen(writer: &mut Child) -> mpsc::Receiver<Option<u32>> {
    let output = writer.stdout.take().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let said = if line == "BEGIN" { Some(None) } else { line.strip_prefix("ACK ").map(|n| n.parse().ok()) };
            if said.is_some_and(|said| tell.send(said).is_err()) {
                break;
            }
        }
    });
    told
}

#[test]
fn nothing_acknowledged_is_lost_when_the_writer_is_killed() {
    /// A store begins anew after so many kills, so that comparing all of it stays quick.
    const KILLS: usize = 100;
    let mut folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(20_261_124);
    let mut next = 0;
    let mut written = 0;
    for round in 0..rounds("GONGKAI_KILLS", 25) {
        if round % KILLS == 0 {
            folder = tempfile::tempdir().unwrap();
            written += next;
            next = 0;
            Store::create(&folder.path().join("db"), &settings(), NOW).unwrap().close().unwrap();
        }
        let path = folder.path().join("db");
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::crash::writing_process", "--ignored", "--nocapture"])
            .env("GONGKAI_WRITE", &path)
            .env("GONGKAI_FROM", next.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let told = listen(&mut writer);
        // While it opens, or after some reports: counted, so that a busy machine kills no earlier than an idle one.
        let wanted = if dice.below(4) == 0 { 0 } else { 1 + dice.below(30) };
        let mut acknowledged = None;
        for _ in 0..=wanted {
            let said = told.recv().unwrap_or_else(|_| panic!("round {round}: the writer ended by itself"));
            acknowledged = said.or(acknowledged);
        }
        thread::sleep(Duration::from_micros(dice.below(20_000) as u64));
        writer.kill().unwrap();
        writer.wait().unwrap();
        acknowledged = told.iter().flatten().last().or(acknowledged);
        let least = acknowledged.map_or(next, |last| last + 1);

        // A report written and not yet acknowledged may be there too, but only whole.
        let reader = Store::open_read_only(&path).unwrap_or_else(|error| panic!("round {round}: {error}"));
        let view = reader.view().unwrap();
        let whole = [least, least + 1].into_iter().find(|end| compare(&view, &expected(0..*end)).is_ok());
        assert!(whole.is_some(), "round {round}, {least} acknowledged: {:?}", compare(&view, &expected(0..least)));
        if round % 5 == 0 {
            let store = Store::open(&path, &settings(), NOW).unwrap_or_else(|error| panic!("round {round}: {error}"));
            assert!(store.notes().is_empty(), "round {round}: {:?}", store.notes());
            compare(&store.view().unwrap(), &expected(0..whole.unwrap())).unwrap();
            store.close().unwrap();
            let found = Store::verify(&path, &settings().holder).unwrap();
            assert!(found.is_sound(), "round {round}: {:?}", found.damage);
        }
        next = whole.unwrap();
    }
    println!("{} reports written", written + next);
    assert!(next > 0);
}
