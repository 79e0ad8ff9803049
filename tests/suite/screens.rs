//! Whole screens of the prompt, as `tests/golden/screen/NAME.COLUMNS.txt` has them. `UPDATE_GOLDEN=1` writes them anew:
//! read the difference.

#![cfg(unix)]

use std::{fs, path::PathBuf};

use super::terminal::{CTRL_C, CTRL_R, Terminal};

/// Plays the same scene at 40 and at 100 columns and compares the last screen of each.
fn at_both_widths(name: &str, scene: impl Fn(&mut Terminal) -> String) {
    for columns in [40, 100] {
        let mut terminal = Terminal::open(columns);
        let screen = scene(&mut terminal) + "\n";
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/screen/{name}.{columns}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, screen).unwrap();
            continue;
        }
        let wanted = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        assert!(screen == wanted, "{}\nwanted:\n{wanted}\nfound:\n{screen}", file.display());
    }
}

#[test]
fn a_chinese_question_and_its_table() {
    at_both_widths("question", |terminal| {
        terminal.enter(".lang zh");
        terminal.enter("平潭综合实验区2021至2024年不掌握占比、新收按年份")
    });
}

#[test]
fn what_may_come_next() {
    at_both_widths("completion", |terminal| {
        terminal.send("check T3-\t");
        terminal.wait(|screen| screen.contains("T3-BAL") && screen.ends_with("memory> check T3-BAL"));
        terminal.send(CTRL_C);
        terminal.wait(|screen| screen.ends_with("memory>"));
        terminal.send("new in 平潭\t");
        terminal.wait(|screen| screen.matches("memory> new in 平潭").count() > 1)
    });
}

#[test]
fn a_hint_behind_what_is_typed() {
    at_both_widths("hint", |terminal| {
        terminal.enter("new in 万柏林区 2024");
        terminal.send("new in 万");
        terminal.wait(|screen| screen.ends_with("memory> new in 万柏林区 2024"))
    });
}

#[test]
fn a_mistake_behind_chinese_is_under_its_word() {
    at_both_widths("mistake", |terminal| {
        terminal.enter("万柏林区2024年不掌屋占比按年份");
        terminal.enter(".lang zh");
        terminal.enter("share of not_held by year in 鼓楼区 2024")
    });
}

#[test]
fn history_is_searched() {
    at_both_widths("search", |terminal| {
        terminal.enter("new in 万柏林区 2024");
        terminal.enter("not_held in 万柏林区 2024");
        terminal.send(CTRL_R);
        terminal.wait(|screen| screen.contains("reverse-i-search"));
        terminal.send("new");
        terminal.wait(|screen| screen.contains("`new': new in") && screen.ends_with("2024"))
    });
}

#[test]
fn several_statements_are_pasted() {
    at_both_widths("paste", |terminal| {
        terminal.send("\x1b[200~new in 万柏林区 2024\nnot_held in 万柏林区 2024;\ngranted in 万柏林区 2024\x1b[201~");
        terminal.wait(|screen| screen.contains("granted in 万柏林区 2024"));
        terminal.enter("")
    });
}

#[test]
fn control_c_drops_a_line_that_wraps() {
    at_both_widths("interrupt", |terminal| {
        terminal.send("share of not_held by year in 平潭综合实验区 2021..2024 |");
        terminal.wait(|screen| screen.ends_with('|'));
        terminal.send(CTRL_C);
        terminal.wait(|screen| screen.ends_with("memory>"));
        terminal.enter("not_held in 万柏林区 2024")
    });
}
