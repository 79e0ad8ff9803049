//! January in a city's office for open government information: the reports of its districts and their departments
//! come in as files of every kind, some are missing, some do not add up, some are mended, and a list goes upstairs.

use std::{fs, path::Path, process::Command};

use crate::render::{
    Dice, Layout,
    figures::Figures,
    form::{self, Piece},
};

const DISTRICTS: [&str; 9] =
    ["小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "古交市"];
const DEPARTMENTS: [&str; 6] = ["财政局", "教育局", "民政局", "司法局", "水务局", "审计局"];
const YEARS: [u16; 2] = [2023, 2024];

/// Reports that nobody sent, all of 2024.
const ABSENT: [(&str, &str); 3] = [("迎泽区", "民政局"), ("清徐县", "水务局"), ("古交市", "")];
/// Reports of 2024 whose total of reconsiderations is one too many.
const WRONG: [(&str, &str); 2] = [("晋源区", ""), ("小店区", "司法局")];

/// The office: a folder with a store, and the command in it.
struct Office(tempfile::TempDir);

impl Office {
    /// What the command prints, and the code it ends with; errors beside it.
    fn run(&self, words: &[&str]) -> (String, Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(["--db", "city.db", "--lang", "zh"]).args(words).current_dir(self.0.path());
        let output = command.env("GONGKAI_AUTHOR", "li").env_remove("GONGKAI_REGISTER").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), output.status.code(), text(output.stderr))
    }

    /// Rows of CSV without the heading, of a command that ends with this code.
    fn rows(&self, words: &[&str], code: i32) -> Vec<String> {
        let (out, ended, said) = self.run(words);
        assert_eq!(ended, Some(code), "{words:?}: {said}");
        out.lines().skip(1).map(str::to_owned).collect()
    }
}

/// The report of a district, or of one of its departments.
fn report(district: &str, department: &str, year: u16, dice: &mut Dice) -> (Figures, Vec<Piece>) {
    let mut figures = Figures::random(dice);
    while figures.old {
        figures = Figures::random(dice);
    }
    // Issued, repealed, in force: what is issued cannot be more than the other two.
    figures.documents = [[1, 1, 9], [3, 2, 40]];
    (figures.body, figures.year) = (format!("太原市{district}"), year);
    if year == 2024 && WRONG.contains(&(district, department)) {
        figures.cases[0][4] += 1;
    }
    let mut pieces = form::pieces(&figures);
    if !department.is_empty() {
        pieces[0] = Piece::Line(format!("太原市{district}{department}{year}年政府信息公开工作年度报告"));
    }
    (figures, pieces)
}

/// Writes the reports, each in the next layout, and gives the printed total of 晋源区 2024 that is wrong.
fn write_reports(folder: &Path) -> u64 {
    let (mut dice, mut number, mut printed) = (Dice::new(2025), 0, 0);
    let layouts = Layout::all();
    for (year, district) in YEARS.iter().flat_map(|year| DISTRICTS.map(|district| (*year, district))) {
        for department in [""].into_iter().chain(DEPARTMENTS) {
            let (figures, pieces) = report(district, department, year, &mut dice);
            if (district, department, year) == ("晋源区", "", 2024) {
                printed = figures.cases[0][4];
            }
            if year == 2024 && ABSENT.contains(&(district, department)) {
                continue;
            }
            let bytes = layouts[number % layouts.len()].write(&pieces, &mut dice);
            fs::write(folder.join(format!("{number:03}.dat")), bytes).unwrap();
            number += 1;
        }
    }
    printed
}

#[test]
fn a_city_gathers_its_reports() {
    let office = Office(tempfile::tempdir().unwrap());
    let inbox = office.0.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    let printed = write_reports(&inbox);
    let mut register = "path,name\n".to_owned();
    for (district, department) in DISTRICTS.iter().flat_map(|district| DEPARTMENTS.map(|name| (district, name))) {
        register.push_str(&format!("太原市/{district}/{department},{district}{department}\n"));
    }
    fs::write(office.0.path().join("who.csv"), register).unwrap();

    // 9 districts and 54 departments over two years, without three: 123.
    let (_, code, said) = office.run(&["ingest", "inbox", "-q", "--format", "csv"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(office.rows(&["query", "show bodies", "-q"], 0).len(), 63);

    // The city's own report and that of 娄烦县 were never expected to come with these; the register adds nobody new.
    let missing = office.rows(&["--register", "who.csv", "missing", "reports", "in", "太原市", "2024", "-q"], 0);
    let named = |(district, department): (&str, &str)| {
        if department.is_empty() { district.to_owned() } else { format!("{district}/{department}") }
    };
    let mut expected: Vec<String> = ABSENT.iter().map(|&one| format!("山西省/太原市/{}", named(one))).collect();
    expected.extend(["山西省/太原市".to_owned(), "山西省/太原市/娄烦县".to_owned()]);
    expected.sort();
    let mut found: Vec<String> = missing.iter().map(|row| row.split(',').next().unwrap().to_owned()).collect();
    found.sort();
    assert_eq!(found, expected);

    // What does not add up, and nothing else.
    let check = ["check", "identities", "in", "太原市/**", "2023..2024", "-q", "| failed"];
    let failing = |code| {
        let rows = office.rows(&check, code);
        let told = |row: &String| {
            let fields: Vec<&str> = row.split(',').collect();
            format!("{} {} {} {}", fields[1], fields[2], fields[3], fields[9])
        };
        rows.iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(failing(1), ["140105/司法局 2024 T4-REV ", "140110 2024 T4-REV "]);

    // One is explained by telephone, the other corrected by letter.
    let verdict = r#"verdict T4-REV in 小店区/司法局 2024 as explained "撤回一件""#;
    assert_eq!(office.run(&["query", verdict]).1, Some(0));
    let correct = format!(r#"correct review.total in 晋源区 2024 to {} because "更正函""#, printed - 1);
    assert_eq!(office.run(&["query", &correct]).1, Some(0));
    assert_eq!(failing(1), ["140105/司法局 2024 T4-REV explained"]);

    // The folder is read once more, as it is: what people decided and corrected stays.
    let (_, code, said) = office.run(&["ingest", "inbox", "--format", "csv"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(failing(1), ["140105/司法局 2024 T4-REV explained"], "{said}");
    assert_eq!(office.rows(&["query", "revisions in 晋源区 2024", "-q"], 0).len(), 1);

    // A list for those upstairs, whole or not at all.
    for file in ["failed.xlsx", "failed.csv"] {
        let words = ["check", "identities", "in", "太原市/**", "2024", "-q", "| failed", "-o", file];
        assert_eq!(office.run(&words).1, Some(1));
        assert!(office.0.path().join(file).is_file());
    }
}
