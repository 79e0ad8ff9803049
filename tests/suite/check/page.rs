//! `docs/CHECKS.md` is written from the rules and their sentences, so that it cannot say anything else.
//!
//! `UPDATE_GOLDEN=1` writes it; CI refuses that and compares.

use std::{fmt::Write as _, fs, path::Path};

use gongkai::{
    messages::{self, Lang},
    schema::{Rule, RuleScope, rule_groups, rules, rules_of},
};

#[test]
fn the_page_of_checks_is_up_to_date() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    assert!(!(update && std::env::var_os("CI").is_some()), "UPDATE_GOLDEN is for people, not for CI");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CHECKS.md");
    let page = page();
    if update {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "docs/CHECKS.md is not what the rules say: run UPDATE_GOLDEN=1 cargo nextest run check::page"
    );
}

#[test]
fn every_rule_has_its_sentences_in_both_languages() {
    for rule in rules() {
        for lang in [Lang::En, Lang::Zh] {
            for key in [format!("rule.{}.title", rule.id), format!("rule.{}.limits", rule.id)] {
                assert!(messages::has(lang, &key), "{key} in {lang:?}");
            }
            let told = if rule.id == "N-SCOPE" { "excused" } else { "fail" };
            let key = format!("finding.{}.{told}", rule.id);
            assert!(messages::has(lang, &key), "{key} in {lang:?}");
        }
    }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    writeln!(page, "\n| `check` | rules |\n|--|--|").unwrap();
    for group in rule_groups() {
        let ids: Vec<&str> = rules_of(group).iter().map(|rule| rule.id.as_str()).collect();
        writeln!(page, "| `{group}` | {} |", ids.join(", ")).unwrap();
    }
    writeln!(page, "| `all` | all {} of them; a single rule goes by its id |", rules().len()).unwrap();
    for group in rule_groups() {
        writeln!(page, "\n## {group}").unwrap();
        for rule in rules_of(group) {
            page.push_str(&section(rule));
        }
    }
    page.push_str(FOOT);
    page
}

fn section(rule: &Rule) -> String {
    let text = |lang, what: &str| messages::text(lang, &format!("rule.{}.{what}", rule.id), []);
    let mut section = String::new();
    writeln!(section, "\n### {} · {} · {}\n", rule.id, text(Lang::En, "title"), text(Lang::Zh, "title")).unwrap();
    let severity = format!("{:?}", rule.severity).to_lowercase();
    writeln!(
        section,
        "- {}; a failure is {} {severity}",
        applies(rule),
        if severity == "warning" { "a" } else { "an" }
    )
    .unwrap();
    writeln!(section, "- formula: `{}`", rule.formula.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap();
    writeln!(section, "- source: {}", rule.source).unwrap();
    writeln!(section, "- example: {}", rule.example).unwrap();
    if let Some(exempt) = &rule.exempt {
        writeln!(section, "- excused: {exempt}").unwrap();
    }
    for (when, words) in [(&rule.valid_when, "runs when"), (&rule.invalid_when, "does not run when")] {
        if let Some(when) = when {
            writeln!(section, "- {words}: {when}").unwrap();
        }
    }
    writeln!(section, "- cannot tell: {}", text(Lang::En, "limits")).unwrap();
    writeln!(section, "- 局限：{}", text(Lang::Zh, "limits")).unwrap();
    section
}

fn applies(rule: &Rule) -> &'static str {
    match rule.scope {
        RuleScope::Cell => "each cell",
        RuleScope::Cells => "some cells of one report",
        RuleScope::CellRow => "each row of table 3",
        RuleScope::CellColumn => "each applicant column of table 3",
        RuleScope::Report => "a report as a whole",
        RuleScope::Years => "one body, two years",
        RuleScope::Levels => "a government and the bodies below it, one year",
        RuleScope::Narrative => "the prose against the tables",
    }
}

const HEAD: &str = "# Checks

This page is written by a test from `src/schema/data/rules.json` and the sentences in `src/messages/`.

Nothing here changes a figure or keeps a report from being stored: what was published is the fact, and a
finding is a remark on it. Arithmetic is exact, on whole numbers and decimals; there is no tolerance for
counts.

| status | means |
|--|--|
| `pass` | holds on the figures as printed |
| `fail` | does not hold, and every figure it needs is there |
| `pass_if_blank_is_zero` | cells are blank or marked n/a, and it holds if these are 0 |
| `unassessable` | a figure it needs is missing or unreadable |
| `not_applicable` | does not speak of this report: another form, no year before, an excuse |

**Group values.** 不予公开, 无法提供, 不予处理 and, in the 2021 form, 其他处理 have no printed number of their own:
where a report prints one it counts, otherwise the sum of the rows below.

**Cascades.** A printed total that fails its own sum is replaced by that sum before the rules that depend on
it are judged a second time. A rule that holds only then is listed as a pass that says which total was replaced.

**Which cell.** Every cell of table 3 stands in a row sum and in one or two column sums. Where one cell, or
two, explain every failing sum, and no other cell or pair does, the finding names them first and says what
would mend them: one failing row and one failing column with the same difference meet at the wrong cell; two
columns with opposite differences are a value in the wrong column. Where more is wrong, cells whose every sum
fails by the same difference are named. Where several explanations remain, none is named.

**Prose.** A sentence is held against the tables only where it is plain what its number counts; other years,
half years, sums over years, mail and petitions are left alone, and an office's own figure beside the table of
a whole area is a note. What the tables cannot answer is not judged.

**Verdicts.** What a person decides about a finding stays when the rules run again. `accepted`: the finding is
right, and the figures stay as published; `explained`: it is right, and there is a reason; `wrong`: the finding
is wrong. It counts as long as the figures it judged are the same, and falls back to open when they change. It stands
beside what fails; where a rule finds nothing wrong there is nothing to judge. Two statements store what people decide:

```gongkai
verdict T3-BAL in 万柏林区 2024 as explained \"late correction\"
correct not_held in 万柏林区 2024 to 77 because \"misprint, see notice\"
```

A corrected cell is a new revision; what was printed stays beside it (`revisions`). The file it corrects, read again, is no
news, and the correction stands; another file of the same body and year takes its place. `gongkai undo` takes a correction
back; a later verdict takes the place of an earlier one.

**Back to the source.** `why T3-BAL in 万柏林区 2024`, or `.why N` at the prompt for a row of the last answer: the cells a
result rests on, those of the year before and of the bodies below where the rule looks at them, the sentence of the report,
each with file and line, and what would mend it. Where the rule fails, what fails; else all it says.

**As they are found.** Results come in the order of bodies, then years. The command writes them as they are found (csv,
jsonl, and tables once 200 rows have decided the columns), with few of them in memory; `head` or Ctrl-C end the check,
and what was written stands. Counts (`by …`), JSON, workbooks and pages wait for the whole. Embedders have
`Database::query_in_pieces`.

**One line a report.** `check identities by body in 太原市/** 2024` counts results and says what each report as a
whole comes to: contradicts itself, implausible, worth a look, adds up, adds up if blanks are 0, adds up as far as
it is there, cannot be checked. `| failed` ends with exit code 1 where anything fails.

**Who should report.** `--register FILE` (`GONGKAI_REGISTER`, `.register` at the prompt, `Database::set_register`) names
bodies beside the divisions, one a line: `path,name,level,parent`. `missing reports` and `show coverage` expect them,
and a report of zeros is a report. Only with a register is a government held against the sum of its bodies (XL-SUM):
where its register has bodies for it, every one of them has a report, and so has every government directly below.

**Speed.** `gongkai-bench generate 1200000 c.csv`, `load c.csv STORE`, `check STORE`: of 1,176,070 reports, on two cores
with nothing else at work, `check identities | failed` finds its 11,666 failures, all seeded, in 0.8 s; `by rule` counts
53,314,960 results in 0.6 s; carry-over and stock take 0.7 s; 280 MB, most of it names of bodies. The command lists the
failures as CSV in 1.0 s, the first after 0.05 s, in 200 MB. Rules that read text open every report: `check narrative by rule` takes 2.4 s
of processor time for 98,045 imported reports and 0.5 s for 5,000 put one by one (0.11 ms each), in 70 MB.

**Naming the cell.** `GONGKAI_SEEDED=20000` of consistent tables 3 with one or two wrong cells: every case is found,
and in all 18,884 whose errors the figures determine the findings name just the wrong cells.

**Likeness.** `check clone` tells how many figures are those of the year before and how alike the texts of parts one,
five and six are, by a sketch of 64 bytes: give or take 5 per cent, for information.
";

const FOOT: &str = "
## Relations that are not checked

- **Pending cases across years.** Neither form says whether a case pending at year end is counted again when it is decided.
- **Reconsideration against outcomes.** Cases also challenge earlier answers, silence and delay.
- **Rows of table 2 among themselves.** Penalties, coercive measures and licences count different things.
- **New requests = concluded requests.** Wrong without the two rows of carried requests.
- **Departments = general office.** The report of an office covers one body; that of a government covers its area.
";
