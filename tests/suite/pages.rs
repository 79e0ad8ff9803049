//! Pages as a browser lays them out: nothing runs over the edge, no figure of a picture covers another or leaves it.
//! Where no Chromium is there the test says so and passes.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use gongkai::{
    Database,
    ingest::Options,
    messages::Lang,
    render::{chart, html, page},
};

/// Says what is wrong with the page, a line each, in an element of its own.
const MEASURE: &str = r#"<script>
const wrong = [];
if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} wide on ${innerWidth}`);
for (const picture of document.querySelectorAll("svg")) {
  const frame = picture.getBoundingClientRect();
  const texts = [...picture.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
  for (const [name, box] of texts)
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
      wrong.push(`“${name}” leaves the picture`);
  texts.forEach(([name, one], at) => texts.slice(at + 1).forEach(([other, two]) => {
    // Line boxes have room above and below the letters.
    const inset = box => ({left: box.left, right: box.right, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4});
    const a = inset(one), b = inset(two);
    if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) wrong.push(`“${name}” covers “${other}”`);
  }));
}
for (const cell of document.querySelectorAll("td.n")) {
  const inside = document.createRange();
  inside.selectNodeContents(cell);
  if (new Set([...inside.getClientRects()].map(box => Math.round(box.top))).size > 1) wrong.push(`“${cell.textContent}” is broken`);
}
for (const cell of document.querySelectorAll("td.l"))
  if (cell.getBoundingClientRect().width < 100) wrong.push(`“${cell.textContent}” is squeezed to ${cell.getBoundingClientRect().width}`);
const said = document.createElement("pre");
said.id = "measured";
said.textContent = [`pictures ${document.querySelectorAll("svg").length}`, `tables ${document.querySelectorAll("table").length}`, ...wrong].join("\n");
document.body.append(said);
</script>"#;

/// What [`MEASURE`] said of a page at a width; nothing where there is no browser.
fn measured(page: &str, width: u32) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, page.replace("</body>", &format!("{MEASURE}</body>"))).unwrap();
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        let asked = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    });
    let Some(browser) = browser else {
        eprintln!("skipped: there is no chromium");
        return None;
    };
    let said = std::fs::File::create(folder.path().join("said")).unwrap();
    let mut child = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--window-size={width},1000"))
        .arg(format!("file://{}", file.display()))
        .stdout(said)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
            child.wait().unwrap();
            eprintln!("skipped: chromium does not answer");
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let dom = std::fs::read_to_string(folder.path().join("said")).unwrap();
    let said = dom.split_once("<pre id=\"measured\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let Some((said, _)) = said else {
        eprintln!("skipped: chromium does not run here");
        return None;
    };
    Some(said.lines().map(str::to_owned).collect())
}

fn database() -> Database {
    let database = Database::in_memory();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    for entry in std::fs::read_dir(folder).unwrap() {
        database.ingest(entry.unwrap().path(), &Options::default()).unwrap();
    }
    database
}

#[test]
fn a_report_fits_its_page_at_every_width_in_both_languages() {
    let database = database();
    let view = database.view().unwrap();
    let at = view.find(&"350128/平潭综合实验区".parse().unwrap()).unwrap();
    let report = view.report(at, gongkai::model::Year::new(2024).unwrap()).unwrap();
    let over_years: Vec<_> = ["new", "rate.disclosure", "rate.not_held"]
        .map(|measure| database.query(&format!("{measure} by year in 平潭综合实验区")).unwrap())
        .into();
    for lang in [Lang::En, Lang::Zh] {
        let page = page::page(&report, &over_years, lang);
        for width in [1200, 600, 390] {
            let Some(said) = measured(&page, width) else { return };
            // Three tables of the report and one an indicator.
            assert_eq!(said, ["pictures 3", "tables 6"], "{lang:?} {width}");
        }
    }
}

#[test]
fn pictures_hold_all_their_words() {
    let database = database();
    for query in [
        "share of not_held by year in 平潭综合实验区 | chart",
        "new by body 2021..2024 | chart",
        "share of not_held, share of granted by year in 平潭综合实验区 | chart",
        "new by year, body 2021..2024 | chart",
    ] {
        let answer = database.query(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        for lang in [Lang::En, Lang::Zh] {
            let page = html::page(&answer, Some(&chart::svg(&answer, lang)), lang);
            for width in [1200, 390] {
                let Some(said) = measured(&page, width) else { return };
                assert_eq!(said, ["pictures 1", "tables 1"], "{query} {lang:?} {width}");
            }
        }
    }
}
