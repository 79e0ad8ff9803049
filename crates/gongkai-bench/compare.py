"""Loads the same synthetic country into gongkai and its peers, asks the same questions, prints one table.

    python3 crates/gongkai-bench/compare.py REPORTS [FOLDER [sqlite]]

Peers that are not installed (`pip install duckdb polars`) are left out; so is DuckDB's command, which `DUCKDB` names
where it is not on the path.
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
os.makedirs(WORK, exist_ok=True)
CSV, STORE = os.path.join(WORK, f"{SIZE}.csv"), os.path.join(WORK, f"{SIZE}.db")

subprocess.run(["cargo", "build", "--release", "-q", "-p", "gongkai-bench"], cwd=ROOT, check=True)
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
BENCH = os.path.join(TARGET, "release", "gongkai-bench")

TIME = shutil.which("time")
NUM, DEN, NEW = "outcome.unavailable.not_held[total]", "outcome.total[total]", "requests.new[total]"
IN, OUT = "requests.carried_in[total]", "requests.carried_out[total]"


def run(*words):
    return subprocess.run([BENCH, *words], check=True, capture_output=True, text=True).stdout


def process(words):
    """What a program prints, the seconds of processor it took, and the most memory it had, in MiB: GNU time tells it,
    since a child of this large process would count as large itself."""
    with tempfile.NamedTemporaryFile("r") as told:
        child = subprocess.Popen([TIME, "-f", "%M", "-o", told.name, *words] if TIME else words, stdout=subprocess.PIPE, text=True)
        out = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        memory = int(told.read().split()[-1]) / 1024 if TIME else 0
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{words[:2]} ended with {child.returncode}")
    return out, usage.ru_utime + usage.ru_stime, memory


def whole(words, times=7):
    """The least milliseconds, the least of processor, and the memory of a program from start to end."""
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        _, processor, memory = process(words)
        runs.append(((time.perf_counter() - start) * 1e3, processor * 1e3, memory))
    return [min(each) for each in zip(*runs)]


def size(path):
    """Bytes of a file with what stands beside it under its name."""
    folder, name = os.path.split(path)
    return sum(os.path.getsize(os.path.join(folder, other)) for other in os.listdir(folder) if other.startswith(name))


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
    gap = f"({q(NEW)}+{q(IN)}-{q(DEN)}-{q(OUT)})"
    share = lambda rows: "".join(f"{row[-2]}/{row[-1]};" for row in rows)
    # SQL promises no order here, and to sort would be more than was asked.
    listed = lambda rows: "".join(f"{x[0]},{x[1]},{x[2]};" for x in sorted(rows))
    return {
        "Q1": (f"select {q(NEW)} from cube where body='140109' and year=2024", lambda r: "".join(f"{x[-1]};" for x in r)),
        "Q2": (f"select {q(NUM)},{q(DEN)} from cube where body='140109' order by year", share),
        "Q3": (f"select sum({q(NUM)}),sum({q(DEN)}) from cube where {q(NUM)} is not null and {q(DEN)} is not null group by year order by year", share),
        "Q4": (f"select {province},year,sum({q(NUM)}),sum({q(DEN)}) from cube where {q(NUM)} is not null and {q(DEN)} is not null group by 1,2 order by 1,2", share),
        "Q5": (f"select body,{q(NUM)},{q(DEN)} from cube where year=2024 and {q(DEN)}>=30 order by 1.0*{q(NUM)}/{q(DEN)} desc, body limit 20", lambda r: "".join(f"{x[0]},{x[1]}/{x[2]};" for x in r)),
        "Q6": (f"select {province},year,sum({q(NEW)}) from cube group by 1,2 order by 1,2", lambda r: "".join(f"{x[-1]};" for x in r)),
        "Q7": (f"select body,year,{gap} from cube where {gap}<>0", listed),
        "Q8": (f"select {every} from cube group by year order by year", lambda r: "".join(f"{x[0]};" for x in r)),
    }


def frames(frame, columns):
    """The same questions in Polars, as rows that the digests of SQL fit."""
    import polars as pl

    col, province = pl.col, pl.col("body").str.slice(0, 2).alias("province")
    both = frame.filter(col(NUM).is_not_null() & col(DEN).is_not_null())
    sums = [col(NUM).sum(), col(DEN).sum()]
    every = pl.sum_horizontal(*(col(c).sum() for c in columns))
    return {
        "Q1": lambda: frame.filter((col("body") == "140109") & (col("year") == 2024)).select(NEW).rows(),
        "Q2": lambda: frame.filter(col("body") == "140109").sort("year").select(NUM, DEN).rows(),
        "Q3": lambda: both.group_by("year").agg(sums).sort("year").rows(),
        "Q4": lambda: both.group_by(province, "year").agg(sums).sort("province", "year").rows(),
        "Q5": lambda: frame.filter((col("year") == 2024) & (col(DEN) >= 30))
        .select("body", NUM, DEN, (col(NUM) / col(DEN)).alias("share"))
        .sort("share", "body", descending=[True, False], nulls_last=True)
        .head(20)
        .select("body", NUM, DEN)
        .rows(),
        "Q6": lambda: frame.group_by(province, "year").agg(col(NEW).sum()).sort("province", "year").rows(),
        "Q7": lambda: frame.select("body", "year", (col(NEW) + col(IN) - col(DEN) - col(OUT)).alias("gap")).filter(col("gap") != 0).rows(),
        "Q8": lambda: frame.group_by("year").agg(every.alias("every")).sort("year").select("every").rows(),
    }


def duckdb_peer(columns):
    import duckdb

    path = os.path.join(WORK, f"{SIZE}.duckdb")
    for old in (path, path + ".wal"):
        if os.path.exists(old):
            os.remove(old)
    db = duckdb.connect(path)
    db.execute("set threads to 2")
    start = time.perf_counter()
    db.execute(f"create table cube as select * from read_csv('{CSV}', header=true, types={{'body':'VARCHAR'}})")
    db.execute("checkpoint")
    taken = time.perf_counter() - start
    return lambda key: db.execute(questions(columns)[key][0]).fetchall(), taken, path


def sqlite_peer(columns):
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
    taken = time.perf_counter() - start
    return lambda key: lite.execute(questions(columns)[key][0]).fetchall(), taken, path


def polars_peer(columns):
    import polars as pl

    path = os.path.join(WORK, f"{SIZE}.parquet")
    start = time.perf_counter()
    pl.scan_csv(CSV, schema_overrides={"body": pl.String} | {c: pl.Int64 for c in columns}).collect().write_parquet(path)
    taken = time.perf_counter() - start
    asked = frames(pl.read_parquet(path), columns)
    return lambda key: asked[key](), taken, path


def main():
    if not os.path.exists(CSV):
        run("generate", SIZE, CSV)
    shutil.rmtree(STORE, ignore_errors=True)
    loaded, loading, memory = process([BENCH, "load", CSV, STORE])
    load = json.loads(loaded)
    asked = [json.loads(line) for line in run("ask", STORE).splitlines()]
    ours = {row["question"]: row for row in asked if "question" in row}
    with open(CSV) as file:
        columns = file.readline().strip().split(",")[2:]
    table, loads, differ = {"gongkai": {k: v["ms"] for k, v in ours.items()}}, {"gongkai": load["seconds"]}, []
    disk = {"gongkai": load["archive"] + load["keyed"] + load["snapshot"]}
    # SQLite answers the wide questions in seconds at the full size: only asked for by name there.
    peers = {"DuckDB": duckdb_peer, "Polars": polars_peer}
    if int(SIZE) <= 200_000 or "sqlite" in sys.argv[3:]:
        peers["SQLite"] = sqlite_peer
    for name, start in peers.items():
        try:
            answer, loads[name], path = start(columns)
        except ImportError:
            continue
        disk[name], table[name] = size(path), {}
        for key, (_, digest) in questions(columns).items():
            table[name][key], rows = best(lambda: answer(key))
            if digest(rows) != ours[key]["answer"]:
                differ.append(f"{name} {key}: {digest(rows)[:80]} and {ours[key]['answer'][:80]}")

    print(f"\n{load['reports']} reports, {os.path.getsize(CSV) / 1e6:.0f} MB of CSV; warm, in process, milliseconds\n")
    names = list(table)
    print("| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for key in ours:
        print(f"| {key} | " + " | ".join(f"{table[name][key]:.3f}" if key in table[name] else "" for name in names) + " |")
    print("| load, s | " + " | ".join(f"{loads[name]:.2f}" for name in names) + " |")
    print("| disk, bytes a report | " + " | ".join(f"{disk[name] / max(load['reports'], 1):.1f}" for name in names) + " |")
    print(f"\nloading: {loading:.1f} s of processor, at most {memory:.0f} MiB")
    per = {part: load[part] / max(load["reports"], 1) for part in ("archive", "keyed", "snapshot")}
    print("\nbytes a report: " + ", ".join(f"{part} {size:.1f}" for part, size in per.items()))
    print(f"open read-only: {asked[0]['open_ms']:.2f} ms")
    command = os.environ.get("DUCKDB") or shutil.which("duckdb")
    file = os.path.join(WORK, f"{SIZE}.command.duckdb")
    if command and not os.path.exists(file):
        process([command, file, f"create table cube as select * from read_csv('{CSV}', header=true, types={{'body':'VARCHAR'}})"])
    print("\nwhole process, least of 7: ms (ms of processor, MiB)\n\n| | gongkai | DuckDB's command |\n|---|---|---|")
    for key in ours:
        cells = ["{:.1f} ({:.0f}, {:.1f})".format(*whole([BENCH, "one", STORE, key]))]
        if command and key in questions(columns):
            asked = [command, "-readonly", "-csv", file, questions(columns)[key][0]]
            cells.append("{:.1f} ({:.0f}, {:.1f})".format(*whole(asked)))
        print(f"| {key} | " + " | ".join(cells) + " |")
    if differ:
        sys.exit("answers differ:\n" + "\n".join(differ))
    print("answers agree")


main()
