#!/usr/bin/env python3
"""Ten tasks beside DuckDB and SQLite: what is typed, how many steps, what comes back, what an error says.

    python3 crates/gongkai-bench/tasks.py [target/release/gongkai] > tasks.md

needs the commands `duckdb` (from PyPI: duckdb-cli) and `sqlite3`. The reports are those of examples/data. The others
cannot read a report, so they get what gongkai exports: the long CSV, and for the tenth task the SQLite file.
Keystrokes are the characters typed at the program's own prompt; the shell, quotes and the program's name count nowhere.
"""

import os, shutil, subprocess, sys, tempfile

BODY, ZONE = "140109", "350128/平潭综合实验区"
PICK = "from cells where applicant='total' and category='{}'"

# Task, then what is typed in each: a list of steps, or the reason why it cannot be done.
TASKS = [
    ("load the reports", [".shell gongkai ingest examples/data"],
     ["create table cells as from 'long.csv';"],
     [".import --csv long.csv cells"]),
    ("one figure", ["new in 万柏林区 2024"],
     [f"select value from cells where body='{BODY}' and year=2024 and category='requests.new' and applicant='total';"],
     [f"select value from cells where body='{BODY}' and year=2024 and category='requests.new' and applicant='total';"]),
    ("a share over the years", ["share of not_held by year in 平潭综合实验区"],
     [f"select a.year, a.value::int / b.value::int from cells a join cells b using (body, year, applicant) where body='{ZONE}' and applicant='total' and a.category='outcome.unavailable.not_held' and b.category='outcome.total' order by 1;"],
     [f"select a.year, a.value * 1.0 / b.value from cells a join cells b using (body, year, applicant) where body='{ZONE}' and applicant='total' and a.category='outcome.unavailable.not_held' and b.category='outcome.total' order by 1;"]),
    ("a ranking with a condition", ["share of not_held by body 2024 where outcome.total >= 50 | top 3"],
     ["select a.body, a.value::int / b.value::int s from cells a join cells b using (body, year, applicant) where year=2024 and applicant='total' and a.category='outcome.unavailable.not_held' and b.category='outcome.total' and b.value::int >= 50 order by s desc limit 3;"],
     ["select a.body, a.value * 1.0 / b.value s from cells a join cells b using (body, year, applicant) where year=2024 and applicant='total' and a.category='outcome.unavailable.not_held' and b.category='outcome.total' and b.value + 0 >= 50 order by s desc limit 3;"]),
    ("reports that are missing", ["missing 2021..2024"],
     ["select b, y from (select distinct body b from cells), range(2021, 2025) t(y) where not exists (from cells where body = b and year = y);"],
     ["select b, y from (select distinct body b from cells), (values (2021), (2022), (2023), (2024)) t(y) where not exists (select 1 from cells where body = b and year = y);".replace("t(y)", "t").replace("b, y", "b, t.column1").replace("= y", "= t.column1")]),
    ("an identity: new + carried in = handled + carried over", ["check T3-BAL 2024 | failed"],
     ["select body, applicant from cells where year=2024 group by all having sum(case category when 'requests.new' then value::int when 'requests.carried_in' then value::int when 'outcome.total' then -value::int when 'requests.carried_out' then -value::int end) <> 0;"],
     ["select body, applicant from cells where year=2024 group by body, applicant having sum(case category when 'requests.new' then value when 'requests.carried_in' then value when 'outcome.total' then -value when 'requests.carried_out' then -value end) <> 0;"]),
    ("a wrong word", ["nwe in 万柏林区 2024"],
     [f"select value from cells where body='{BODY}' and year=2024 and category='requests.nwe' and applicant='total';"],
     [f"select value from cells where body='{BODY}' and year=2024 and category='requests.nwe' and applicant='total';"]),
    ("a wrong year", ["new in 万柏林区 2014"],
     [f"select value from cells where body='{BODY}' and year=2014 and category='requests.new' and applicant='total';"],
     [f"select value from cells where body='{BODY}' and year=2014 and category='requests.new' and applicant='total';"]),
    ("export to Excel", ["new by body 2024 | export new.xlsx"],
     ["install excel;", "load excel;", "copy (select body, value from cells where year=2024 and category='requests.new' and applicant='total') to 'new.xlsx' (format xlsx);"],
     [".mode csv", ".once new.csv", "select body, value from cells where year=2024 and category='requests.new' and applicant='total';"]),
    ("cite the source", ["why not_held in 万柏林区 2024"],
     "the CSV has no source",
     [f"select raw, line, col, file, sha256 from cells join reports using (body, year) where body='{BODY}' and year=2024 and category='outcome.unavailable.not_held' and applicant='total';"]),
]


def run(command, text, folder):
    done = subprocess.run(command, input=text, cwd=folder, text=True, capture_output=True, timeout=120)
    return (done.stdout + done.stderr).strip()


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/gongkai")
    root = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.join(root, "examples/data"), os.path.join(folder, "examples/data"))
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(program, os.path.join(folder, "bin/gongkai"))
        os.environ["PATH"] = os.path.join(folder, "bin") + ":" + os.environ["PATH"]
        table = ["| task | gongkai | DuckDB | SQLite |", "|---|---|---|---|"]
        detail = []
        for number, (task, *ways) in enumerate(TASKS, 1):
            cells = []
            detail.append(f"\n## {number}. {task}\n")
            for name, steps in zip(("gongkai", "duckdb", "sqlite3"), ways):
                if isinstance(steps, str):
                    cells.append(f"no: {steps}")
                    continue
                typed = [step.removeprefix(".shell ") for step in steps]
                cells.append(f"{sum(map(len, typed))} in {len(steps)}")
                if steps[0].startswith(".shell"):
                    said = run(typed[0].split(), "", folder)
                    run(["gongkai", "export", "-o", "long.csv"], "", folder)
                    run(["gongkai", "export", "-o", "all.sqlite"], "", folder)
                elif name == "gongkai":
                    said = run(["gongkai", "query", "-q", steps[0]], "", folder)
                else:
                    file = "all.sqlite" if task == "cite the source" else f"{name}.db"
                    said = run([name, file], "\n".join(steps), folder)
                detail.append(f"**{name}** `{' ⏎ '.join(typed)}`\n\n```text\n{said or '(nothing)'}\n```\n")
            table.append(f"| {task} | " + " | ".join(cells) + " |")
        print("\n".join(table + detail))


main()
