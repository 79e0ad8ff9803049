//! A writing process is killed at random moments of put, seal, publish, compact and open.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
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
    let mut store = Store::open(path.as_ref(), &settings, NOW).unwrap();
    let mut out = std::io::stdout();
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

#[test]
fn nothing_acknowledged_is_lost_when_the_writer_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    Store::create(&path, &settings(), NOW).unwrap().close().unwrap();
    let mut dice = Dice(20_261_124);
    let mut next = 0;
    for round in 0..rounds("GONGKAI_KILLS", 25) {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::crash::writing_process", "--ignored", "--nocapture"])
            .env("GONGKAI_WRITE", &path)
            .env("GONGKAI_FROM", next.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = writer.stdout.take().unwrap();
        let listener = thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.filter_map(|line| line.strip_prefix("ACK ")?.parse::<u32>().ok()).last()
        });
        thread::sleep(Duration::from_millis(5 + dice.below(250) as u64));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let acknowledged = listener.join().unwrap();
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
    assert!(next > 0);
}
