//! The prompt, driven through a pseudo-terminal as a person would: what is on the screen is what counts.

#![cfg(unix)]

use std::{
    io::Write,
    num::NonZero,
    process::Command,
    time::{Duration, Instant},
};

use expectrl::session::OsSession;

const UP: &str = "\x1b[A";
const LEFT: &str = "\x1b[D";
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
const CTRL_R: &str = "\x12";

fn size(number: u16) -> NonZero<u16> {
    NonZero::new(number).unwrap()
}

/// A terminal of some columns with the prompt in it.
struct Terminal {
    session: OsSession,
    screen: vt100::Parser,
    _home: tempfile::TempDir,
}

impl Terminal {
    fn open(columns: u16) -> Self {
        Self::with(columns, tempfile::tempdir().unwrap())
    }

    fn with(columns: u16, home: tempfile::TempDir) -> Self {
        Self::surrounded(columns, home, &[])
    }

    /// A terminal with some variables of the environment set.
    fn surrounded(columns: u16, home: tempfile::TempDir, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command
            .args(["repl", "--from", "examples/data"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("HOME", home.path())
            .env_remove("XDG_STATE_HOME")
            .env_remove("NO_COLOR")
            .env("TERM", "xterm-256color")
            .env("LANG", "en_US.UTF-8")
            .env_remove("LC_ALL")
            .env("COLUMNS", columns.to_string())
            .env("LINES", "60")
            .env("PAGER", "cat")
            .env_remove("VISUAL")
            .env_remove("EDITOR")
            .envs(variables.iter().copied());
        let mut session = OsSession::spawn(command).unwrap();
        session.get_process_mut().set_window_size(columns, 60).unwrap();
        let mut terminal = Self { session, screen: vt100::Parser::new(size(60), size(columns), 0), _home: home };
        terminal.wait(|screen| screen.ends_with("memory>"));
        terminal
    }

    fn send(&mut self, text: &str) {
        self.session.write_all(text.as_bytes()).unwrap();
        self.session.flush().unwrap();
    }

    /// Reads until the screen is as wanted; the screen, its lines without trailing blanks.
    fn wait(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = self.session.try_read(&mut bytes) {
                self.screen.process(&bytes[..count]);
            }
            let screen = self.text();
            if wanted(&screen) {
                return screen;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "the screen stayed:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn text(&self) -> String {
        let screen = self.screen.screen();
        let lines: Vec<String> = screen.rows(0, screen.size().1.get()).map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// Types a line and waits for the prompt that follows it.
    fn enter(&mut self, line: &str) -> String {
        let before = self.text().matches("memory>").count();
        self.send(line);
        self.send("\r");
        self.wait(|screen| screen.ends_with("memory>") && screen.matches("memory>").count() > before)
    }
}

#[test]
fn a_word_is_explained() {
    let mut terminal = Terminal::open(100);
    let screen = terminal.enter(".help 不掌握");
    assert!(screen.contains("三.四.1") && screen.contains("1.本机关不掌握相关政府信息"), "{screen}");
    assert!(screen.contains("outcome.total"), "{screen}");
}

#[test]
fn chinese_is_edited_at_the_right_column() {
    for columns in [40, 100] {
        let mut terminal = Terminal::open(columns);
        terminal.send(".help 掌握");
        terminal.wait(|screen| screen.ends_with("掌握"));
        // Back over two characters of two columns each, and a character in between.
        terminal.send(&LEFT.repeat(2));
        terminal.send("不");
        let screen = terminal.wait(|screen| screen.contains("不掌握"));
        assert!(screen.ends_with("memory> .help 不掌握"), "{screen}");
        let (_, column) = terminal.screen.screen().cursor_position();
        assert_eq!(usize::from(column), "memory> .help ".len() + 2);
    }
}

#[test]
fn a_long_line_wraps_between_characters() {
    let mut terminal = Terminal::open(40);
    let question = "share of not_held by year in 平潭综合实验区 2021..2024 # 平潭综合实验区";
    terminal.send(question);
    let screen = terminal.wait(|screen| screen.ends_with('区') && screen.contains('#'));
    let typed: String = screen.lines().skip_while(|line| !line.starts_with("memory>")).collect();
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert!(squeezed(&typed).ends_with(&squeezed(question)), "{screen}");
}

#[test]
fn a_paste_is_one_statement_until_enter() {
    let mut terminal = Terminal::open(100);
    terminal.send("\x1b[200~.help\t不掌握\x1b[201~");
    let screen = terminal.wait(|screen| screen.ends_with("不掌握"));
    // A tab in a paste completes nothing.
    assert!(screen.contains(".help"), "{screen}");
    let screen = terminal.enter("");
    assert!(screen.contains("三.四.1"), "{screen}");
}

#[test]
fn control_c_drops_the_line_and_control_d_leaves() {
    let mut terminal = Terminal::open(100);
    terminal.send("share of 不掌握");
    terminal.wait(|screen| screen.ends_with("不掌握"));
    terminal.send(CTRL_C);
    terminal.wait(|screen| screen.ends_with("memory>"));
    terminal.send(CTRL_D);
    let start = Instant::now();
    while terminal.session.get_process().is_alive().unwrap_or(false) {
        assert!(start.elapsed() < Duration::from_secs(10), "still there after Ctrl-D");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn statements_are_remembered_and_searched() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().to_owned();
    let mut terminal = Terminal::with(100, home);
    terminal.enter(".help 不掌握");
    terminal.enter(".help 新收");
    terminal.send(UP);
    terminal.wait(|screen| screen.ends_with(".help 新收"));
    terminal.send(CTRL_C);
    terminal.wait(|screen| screen.ends_with("memory>"));
    terminal.send(CTRL_R);
    terminal.send("掌握");
    terminal.wait(|screen| screen.contains("reverse-i-search") && screen.ends_with("不掌握"));
    terminal.send("\r");
    // The page of the word that was found stands there a second time.
    terminal.wait(|screen| screen.matches("三.四.1").count() == 2 && screen.ends_with("memory>"));
    let history = std::fs::read_to_string(path.join(".local/state/gongkai/history")).unwrap();
    assert!(history.contains(".help 不掌握") && history.contains(".help 新收"), "{history}");
}

#[test]
fn commands_of_the_prompt_complete() {
    let mut terminal = Terminal::open(100);
    terminal.send(".tim\t");
    terminal.wait(|screen| screen.ends_with("memory> .timer"));
    terminal.send(" \t");
    let screen = terminal.wait(|screen| screen.contains("off"));
    assert!(screen.contains("on"), "{screen}");
}

#[test]
fn a_wrong_command_says_what_was_meant() {
    let mut terminal = Terminal::open(40);
    let screen = terminal.enter(".hist 3");
    assert!(screen.contains(".history"), "{screen}");
}

#[test]
fn a_chinese_question_is_answered_and_leads_to_its_line() {
    for columns in [40, 100] {
        let mut terminal = Terminal::open(columns);
        let screen = terminal.enter("万柏林区2024年不掌握占比按年份");
        assert!(screen.contains("2024  77.0%     77   100      1/1"), "{screen}");
        terminal.enter(".mode csv");
        let screen = terminal.enter(".why 1");
        let joined: String = screen.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(joined.contains("value,77,77,examples/data/太原市万柏林区-2024.txt,"), "{screen}");
    }
}

#[test]
fn a_finding_leads_to_its_cells_and_its_sentence() {
    let mut terminal = Terminal::open(200);
    terminal.enter(".lang zh");
    let screen = terminal.enter("check all in 万柏林区 2024 | failed");
    assert!(screen.contains("溯源 .why 1"), "{screen}");
    // The text says 8 (line 5); the table has 4 and 8 (line 54).
    let screen = terminal.enter(".why 1");
    assert!(screen.contains("太原市万柏林区-2024.txt:54:39"), "{screen}");
    assert!(screen.contains("太原市万柏林区-2024.txt:54:59"), "{screen}");
    assert!(screen.contains("行政诉讼8件  examples/data/太原市万柏林区-2024.txt:5:"), "{screen}");
    // What was asked stays the last answer.
    assert_eq!(terminal.enter(".why 1").matches("2024.txt:54:39").count(), 2);
}

#[test]
fn headings_follow_the_language() {
    let mut terminal = Terminal::open(100);
    terminal.enter(".lang zh");
    let screen = terminal.enter("share of not_held by year in 万柏林区 2024");
    assert!(screen.contains("年份   占比  分子  分母  报告\n2024  77.0%    77   100   1/1"), "{screen}");
    assert!(screen.contains("溯源 .why 1"), "{screen}");
}

#[test]
fn places_complete_from_pinyin_initials_and_measures_by_their_beginning() {
    let mut terminal = Terminal::open(100);
    terminal.send("share of not_h\t");
    terminal.wait(|screen| screen.contains("share of not_held"));
    terminal.send(" in tyswbl\t");
    let screen = terminal.wait(|screen| screen.contains("万柏林区"));
    assert!(screen.ends_with("share of not_held in 万柏林区"), "{screen}");
    terminal.enter(" 2024");
}

#[test]
fn a_statement_goes_on_after_a_bar() {
    let mut terminal = Terminal::open(100);
    terminal.send("share of not_held by year in 平潭综合实验区 2021..2024 |\r");
    terminal.send("top 1");
    let screen = terminal.enter("");
    // 31 of 81 is the largest share of the three years there are.
    assert!(screen.contains("2023  38.3%"), "{screen}");
    assert!(!screen.contains("34.4%"), "{screen}");
}

#[test]
fn known_and_unknown_words_have_their_colours_before_enter() {
    let mut terminal = Terminal::open(100);
    terminal.send("share of not_holt in 万柏林区 ");
    let at = |offset: usize| u16::try_from("memory> ".len() + offset).unwrap();
    let colours = |terminal: &Terminal| {
        let (row, _) = terminal.screen.screen().cursor_position();
        ["", "share of ", "share of not_holt in "]
            .map(|before| terminal.screen.screen().cell(row, at(before.len())).map(vt100::Cell::fgcolor))
    };
    // Blue for a word of the language, red for one that nobody knows, cyan for a place. The last key paints the
    // line anew, and that may come in pieces.
    let wanted = [4, 1, 6].map(|colour| Some(vt100::Color::Idx(colour)));
    let start = Instant::now();
    while colours(&terminal) != wanted && start.elapsed() < Duration::from_secs(20) {
        terminal.wait(|screen| screen.contains("万柏林区"));
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(colours(&terminal), wanted);
}

#[test]
fn a_hint_is_taken_with_the_right_arrow() {
    let mut terminal = Terminal::open(100);
    terminal.enter("new in 万柏林区 2024");
    terminal.send("new in 万");
    terminal.wait(|screen| screen.ends_with("memory> new in 万柏林区 2024"));
    let (row, column) = terminal.screen.screen().cursor_position();
    assert_eq!(usize::from(column), "memory> new in ".len() + 2);
    // Grey, because nobody typed it.
    assert_eq!(terminal.screen.screen().cell(row, column).map(vt100::Cell::fgcolor), Some(vt100::Color::Idx(8)));
    terminal.send("\x1b[C\r");
    terminal.wait(|screen| screen.matches("\n  100      1/1").count() == 2 && screen.ends_with("memory>"));
}

#[test]
fn a_mistake_is_drawn_under_its_word_and_the_prompt_stays() {
    let mut terminal = Terminal::open(100);
    let screen = terminal.enter("万柏林区2024年不掌屋占比");
    let lines: Vec<&str> = screen.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("1 | 万柏林区")).unwrap();
    // 万柏林区2024年 is eight, four and two columns wide; the word is six.
    assert_eq!(lines[at + 1].trim_end().get(..24), Some(format!("  | {}{}", " ".repeat(14), "^".repeat(6)).as_str()));
    assert!(screen.contains("不掌握"), "{screen}");
}

#[test]
fn control_c_stops_a_question_and_the_prompt_stays() {
    let home = tempfile::tempdir().unwrap();
    let slow = home.path().join("slow.gk");
    std::fs::write(&slow, "missing reports in 河北省/** 2019..2024\n".repeat(1_000)).unwrap();
    let mut terminal = Terminal::with(100, home);
    terminal.send(&format!(".read {}\r", slow.display()));
    terminal.wait(|screen| screen.contains("slow.gk"));
    std::thread::sleep(Duration::from_millis(300));
    terminal.send(CTRL_C);
    let screen = terminal.wait(|screen| screen.contains("interrupted") && screen.ends_with("memory>"));
    assert!(!screen.contains("河北省"), "{screen}");
    let screen = terminal.enter("new in 万柏林区 2024");
    assert!(screen.contains("100      1/1"), "{screen}");
}

#[test]
fn files_complete_where_files_stand() {
    let mut terminal = Terminal::open(100);
    for line in [".read exam", ".open exam", "new in 万柏林区 2024 | export exam", "万柏林区2024年新收 | 导出 exam"]
    {
        terminal.send(line);
        terminal.send("\t");
        terminal.wait(|screen| screen.ends_with(&format!("memory> {line}ples/")));
        terminal.send(CTRL_C);
        terminal.wait(|screen| screen.ends_with("memory>"));
    }
}

#[test]
fn an_editor_is_opened_and_what_it_leaves_is_asked() {
    let home = tempfile::tempdir().unwrap();
    let editor = home.path().join("editor");
    std::fs::write(&editor, "#!/bin/sh\nsed -i 's/new/not_held/' \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = editor.display().to_string();
    let mut terminal = Terminal::surrounded(100, home, &[("EDITOR", &path)]);
    terminal.enter("new in 万柏林区 2024");
    let screen = terminal.enter(".edit");
    // What is asked is said, then answered: 77 of the 100 were not held.
    assert!(screen.contains("\nnot_held in 万柏林区 2024\n") && screen.contains("\n   77      1/1"), "{screen}");
    terminal.send(UP);
    terminal.wait(|screen| screen.ends_with("memory> .edit"));
}

#[test]
fn without_an_editor_it_is_said_what_to_set() {
    let mut terminal = Terminal::open(40);
    let screen = terminal.enter(".edit");
    assert!(screen.contains("EDITOR"), "{screen}");
}

#[test]
fn the_time_taken_and_a_picture_are_shown_when_wanted() {
    for columns in [40, 100] {
        let mut terminal = Terminal::open(columns);
        terminal.enter(".timer on");
        let screen = terminal.enter("share of not_held by year in 平潭综合实验区 2021..2024");
        assert!(screen.contains(" ms\n"), "{screen}");
        terminal.enter(".timer off");
        let screen = terminal.enter(".chart");
        let drawn = screen.split(".chart").last().unwrap();
        let lines: Vec<&str> = drawn.lines().filter(|line| line.starts_with("202")).collect();
        // Four years in order; the one without a report has no bar.
        assert_eq!(lines.len(), 4, "{screen}");
        assert!(lines[1].starts_with("2022") && !lines[1].contains('█'), "{screen}");
        assert!(lines[2].contains('█') && lines[2].contains("38.3%"), "{screen}");
        assert!(lines.iter().all(|line| line.chars().count() <= usize::from(columns)), "{screen}");
    }
}

#[test]
fn full_width_signs_are_read_as_their_half_width_ones() {
    let mut terminal = Terminal::open(100);
    let screen = terminal.enter("ｓｈａｒｅ　ｏｆ　不掌握　２０２１．．２０２４　ｉｎ　平潭综合实验区　｜　ｔｏｐ　１");
    // 25 + 31 + 75 of 69 + 81 + 218.
    assert!(screen.contains("35.6%    131   368"), "{screen}");
}

#[test]
fn a_wrong_parameter_may_be_given_again() {
    let mut terminal = Terminal::open(100);
    let screen = terminal.enter("param district: place = \"万柏临区\"");
    assert!(screen.contains("万柏林区?"), "{screen}");
    terminal.enter("param district: place = \"万柏林区\"");
    let screen = terminal.enter("new in $district 2024");
    assert!(screen.contains("  100      1/1"), "{screen}");
}
