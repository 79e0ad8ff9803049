"""Hurts the files of a database in every way and counts what reading everything then gives, engine by engine.

    python3 crates/gongkai-bench/damage.py 1000 [FOLDER]

Every engine holds the same cells and runs on its defaults. Each case copies the database, hurts one file (bits flipped,
4 KiB pages zeroed or swapped, files cut or deleted), reads everything in a process of its own and compares every cell.
Peers that are not installed are left out; SQLite comes with Python. FOLDER is best one in memory.
"""
import csv
import io
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 200
WORK = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="gongkai-damage-")
os.makedirs(WORK, exist_ok=True)
PAGE, PATIENCE, SEED = 4096, 60, 11
OUTCOMES = ["right", "clear error", "wrong number", "silent loss", "crash", "hang"]
KINDS = ["bit", "zeroed", "cut", "swapped", "deleted"]
subprocess.run(["cargo", "build", "--release", "-q", "-p", "gongkai-bench", "--features", "redb"], cwd=ROOT, check=True)
BENCH = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release", "gongkai-bench")


def cells(text):
    """The filled cells of a wide cube: key and number as they are written there."""
    rows = csv.reader(io.StringIO(text))
    head = next(rows)
    return {f"{row[0]}\t{row[1]}\t{name}": cell for row in rows for name, cell in zip(head[2:], row[2:]) if cell}


def pairs(rows):
    return {key: str(value) for key, value in rows}


# What makes a database at a path, and the program that reads it back: one process a case, for it may crash or hang.
SQLITE = "import sqlite3,sys\nfor k, v in sqlite3.connect(sys.argv[1]).execute('select key, value from cell'): print(k, v, sep='\\t')"
DUCKDB = "import duckdb,sys\nfor k, v in duckdb.connect(sys.argv[1]).execute('select key, value from cell').fetchall(): print(k, v, sep='\\t')"


def sqlite_make(path, truth):
    db = sqlite3.connect(path)
    db.execute("create table cell(key text primary key, value integer) without rowid")
    db.executemany("insert into cell values (?, ?)", truth.items())
    db.commit()
    db.close()


def duckdb_make(path, truth):
    import duckdb

    lines = os.path.join(WORK, "pairs.csv")
    with open(lines, "w", encoding="utf-8") as file:
        csv.writer(file).writerows([("key", "value"), *truth.items()])
    db = duckdb.connect(path)
    db.execute("create table cell(key varchar primary key, value bigint)")
    db.execute(f"insert into cell select * from read_csv('{lines}', header=true, types={{'key': 'VARCHAR'}})")
    db.close()


def redb_make(path, truth):
    lines = os.path.join(WORK, "pairs.tsv")
    with open(lines, "w", encoding="utf-8") as file:
        file.writelines(f"{key.replace(chr(9), ' ')}\t{value}\n" for key, value in truth.items())
    subprocess.run([BENCH, "redb-load", lines, path], check=True)


def tabbed(text):
    return pairs(line.rpartition("\t")[::2] for line in text.split("\n") if line)


def redb_read(text):
    return {key.replace(" ", "\t"): value for key, value in tabbed(text).items()}


def gongkai_make(path, _):
    subprocess.run([BENCH, "load", os.path.join(WORK, "cube.csv"), path], check=True, capture_output=True)


ENGINES = {
    "gongkai, as readers open it": (gongkai_make, lambda path: [BENCH, "dump", path], cells),
    "gongkai, as a writer opens it": (gongkai_make, lambda path: [BENCH, "dump", path, "write"], cells),
    f"SQLite {sqlite3.sqlite_version}": (sqlite_make, lambda path: [sys.executable, "-c", SQLITE, path], tabbed),
    "redb": (redb_make, lambda path: [BENCH, "redb-dump", path], redb_read),
}
try:
    import duckdb

    ENGINES[f"DuckDB {duckdb.__version__}"] = (duckdb_make, lambda path: [sys.executable, "-c", DUCKDB, path], tabbed)
except ImportError:
    pass


def files(path):
    if os.path.isfile(path):
        return [path]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)


def hurt(path, kind, dice):
    """Hurts one file, by the size of the files: a byte is as likely to be hit as any other."""
    all_files = [file for file in files(path) if os.path.getsize(file)]
    file = dice.choices(all_files, [os.path.getsize(file) for file in all_files])[0]
    if kind == "deleted":
        return os.remove(dice.choice(files(path)))
    with open(file, "rb") as old:
        data = bytearray(old.read())
    if kind == "bit":
        # A byte that is not zero, each as likely as any other: pages never used would not be read at all.
        at = dice.choice([i for i, byte in enumerate(data) if byte] or [0])
        data[at] ^= 1 << dice.randrange(8)
    elif kind == "cut":
        del data[dice.randrange(len(data)):]
    else:
        pages = range(0, max(len(data) - PAGE, 0) + 1, PAGE)
        a = dice.choice(pages)
        b = dice.choice([page for page in pages if page != a] or [a])
        if kind == "zeroed":
            data[a:a + PAGE] = bytes(len(data[a:a + PAGE]))
        else:
            data[a:a + PAGE], data[b:b + PAGE] = data[b:b + PAGE], data[a:a + PAGE]
    with open(file, "wb") as new:
        new.write(data)


def look(command, understand, truth):
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return "hang"
    if done.returncode < 0 or done.returncode == 101:
        return "crash"
    if done.returncode:
        return "clear error"
    found = understand(done.stdout.decode("utf-8", "replace"))
    if found == truth:
        return "right"
    return "silent loss" if all(truth.get(key) == value for key, value in found.items()) else "wrong number"


def copy(path, to):
    shutil.copytree(path, to) if os.path.isdir(path) else shutil.copy(path, to)


def clear(path):
    for left in [name for name in os.listdir(WORK) if name.startswith(os.path.basename(path))]:
        left = os.path.join(WORK, left)
        shutil.rmtree(left) if os.path.isdir(left) else os.remove(left)


def main():
    cube = os.path.join(WORK, "cube.csv")
    subprocess.run([BENCH, "generate", "300", cube], check=True)
    with open(cube, encoding="utf-8") as file:
        truth = cells(file.read())
    print(f"{len(truth)} cells, {CASES} cases an engine\n")
    print("| engine | damage | " + " | ".join(OUTCOMES) + " |\n|---|---|" + "---|" * len(OUTCOMES))
    for number, (name, (make, command, understand)) in enumerate(ENGINES.items()):
        sound, path = os.path.join(WORK, f"sound{number}"), os.path.join(WORK, "hurt")
        clear(sound)
        make(sound, truth)
        if look(command(sound), understand, truth) != "right":
            sys.exit(f"{name} does not read back what was put into it")
        dice, table = random.Random(SEED), {kind: dict.fromkeys(OUTCOMES, 0) for kind in KINDS}
        for case in range(CASES):
            kind = KINDS[case % len(KINDS)]
            clear(path)
            copy(sound, path)
            hurt(path, kind, dice)
            table[kind][look(command(path), understand, truth)] += 1
        for kind in KINDS:
            print(f"| {name} | {kind} | " + " | ".join(str(table[kind][outcome]) for outcome in OUTCOMES) + " |", flush=True)
        total = {outcome: sum(table[kind][outcome] for kind in KINDS) for outcome in OUTCOMES}
        print(f"| {name} | **all** | " + " | ".join(f"**{total[outcome]}**" for outcome in OUTCOMES) + " |", flush=True)
        clear(path)


main()
