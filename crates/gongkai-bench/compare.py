"""Loads the same synthetic country into gongkai and its peers, asks the same questions, prints one table.

    python3 crates/gongkai-bench/compare.py 100000 [FOLDER]
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SIZE = sys.argv[1] if len(sys.argv) > 1 else "100000"
WORK = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="gongkai-bench-")
CSV, STORE = os.path.join(WORK, f"{SIZE}.csv"), os.path.join(WORK, f"{SIZE}.db")

subprocess.run(["cargo", "build", "--release", "-q", "-p", "gongkai-bench"], cwd=ROOT, check=True)
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
BENCH = os.path.join(TARGET, "release", "gongkai-bench")

NUM, DEN, NEW = "outcome.unavailable.not_held[total]", "outcome.total[total]", "requests.new[total]"
IN, OUT = "requests.carried_in[total]", "requests.carried_out[total]"


def run(*words):
    return subprocess.run([BENCH, *words], check=True, capture_output=True, text=True).stdout


def best(ask, seconds=0.6):
    answer, least, end = None, 1e9, time.perf_counter() + seconds
    while answer is None or time.perf_counter() < end:
        start = time.perf_counter()
        answer = ask()
        least = min(least, time.perf_counter() - start)
    return least * 1e3, answer


def q(name):
    return '"' + name.replace('"', '""') + '"'


def questions(columns):
    """SQL over the wide table, and how its rows become the digest that gongkai prints."""
    every = "+".join(f"coalesce(sum({q(c)}),0)" for c in columns)
    province = "substr(body,1,2)"
    share = lambda rows: "".join(f"{row[-2]}/{row[-1]};" for row in rows)
    return {
        "Q1": (f"select {q(NEW)} from cube where body='140109' and year=2024", lambda r: "".join(f"{x[-1]};" for x in r)),
        "Q2": (f"select {q(NUM)},{q(DEN)} from cube where body='140109' order by year", share),
        "Q3": (f"select sum({q(NUM)}),sum({q(DEN)}) from cube where {q(NUM)} is not null and {q(DEN)} is not null group by year order by year", share),
        "Q4": (f"select {province},year,sum({q(NUM)}),sum({q(DEN)}) from cube where {q(NUM)} is not null and {q(DEN)} is not null group by 1,2 order by 1,2", share),
        "Q5": (f"select {q(NUM)},{q(DEN)} from cube where year=2024 and {q(DEN)}>=30 order by 1.0*{q(NUM)}/{q(DEN)} desc, body limit 20", share),
        "Q6": (f"select {province},year,sum({q(NEW)}) from cube group by 1,2 order by 1,2", lambda r: "".join(f"{x[-1]};" for x in r)),
        "Q7": (f"select count(*) from cube where {q(NEW)}+{q(IN)}<>{q(DEN)}+{q(OUT)}", lambda r: str(r[0][0])),
        "Q8": (f"select {every} from cube group by year order by year", lambda r: "".join(f"{x[0]};" for x in r)),
    }


def main():
    if not os.path.exists(CSV):
        run("generate", SIZE, CSV)
    shutil.rmtree(STORE, ignore_errors=True)
    load = json.loads(run("load", CSV, STORE))
    asked = [json.loads(line) for line in run("ask", STORE).splitlines()]
    ours = {row["question"]: row for row in asked if "question" in row}
    with open(CSV) as file:
        columns = file.readline().strip().split(",")[2:]
    table, loads, differ = {"gongkai": {k: v["ms"] for k, v in ours.items()}}, {"gongkai": load["seconds"]}, []

    def peer(name, execute, loaded):
        loads[name], table[name] = loaded, {}
        for key, (sql, digest) in questions(columns).items():
            table[name][key], rows = best(lambda: execute(sql))
            if digest and digest(rows) != ours[key]["answer"]:
                differ.append(f"{name} {key}: {digest(rows)[:80]} and {ours[key]['answer'][:80]}")

    try:
        import duckdb

        db = duckdb.connect(os.path.join(WORK, f"{SIZE}.duckdb"))
        db.execute("drop table if exists cube")
        db.execute("set threads to 2")
        start = time.perf_counter()
        db.execute(f"create table cube as select * from read_csv('{CSV}', header=true, types={{'body':'VARCHAR'}})")
        db.execute("checkpoint")
        peer("DuckDB", lambda sql: db.execute(sql).fetchall(), time.perf_counter() - start)
    except ImportError:
        pass
    if int(SIZE) <= 200_000:
        import csv as reader

        path = os.path.join(WORK, f"{SIZE}.sqlite")
        if os.path.exists(path):
            os.remove(path)
        lite = sqlite3.connect(path)
        start = time.perf_counter()
        lite.execute("create table cube(body text, year int, " + ",".join(q(c) + " int" for c in columns) + ", primary key(body,year)) without rowid")
        with open(CSV, encoding="utf-8") as file:
            rows = reader.reader(file)
            next(rows)
            values = ([row[0], int(row[1])] + [int(v) if v else None for v in row[2:]] for row in rows)
            lite.executemany("insert into cube values(" + ",".join("?" * (len(columns) + 2)) + ")", values)
        lite.commit()
        peer("SQLite", lambda sql: lite.execute(sql).fetchall(), time.perf_counter() - start)

    print(f"\n{load['reports']} reports, {os.path.getsize(CSV) / 1e6:.0f} MB of CSV; warm, in process, milliseconds\n")
    names = list(table)
    print("| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for key in ours:
        print(f"| {key} | " + " | ".join(f"{table[name][key]:.3f}" if key in table[name] else "" for name in names) + " |")
    print("| load, s | " + " | ".join(f"{loads[name]:.2f}" for name in names) + " |")
    per = {part: load[part] / max(load["reports"], 1) for part in ("archive", "keyed", "snapshot")}
    print("\nbytes a report: " + ", ".join(f"{part} {size:.1f}" for part, size in per.items()))
    print(f"open read-only: {asked[0]['open_ms']:.2f} ms")
    for key in ours:
        start = time.perf_counter()
        run("one", STORE, key)
        print(f"whole process {key}: {(time.perf_counter() - start) * 1e3:.1f} ms")
    if differ:
        sys.exit("answers differ:\n" + "\n".join(differ))
    print("answers agree")


main()
