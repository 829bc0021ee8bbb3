"""Large files against a database, a part of `make bench`: the join at 10^5, 10^6 and 10^7 rows, and Spark.

    python -m tests.bench_bulk DATABASE [--rows 10000000]

The rows are those of tests/bulk_rows.py. Memory is the largest sum over the process and its children.
"""

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import duckdb

from crawler.names import Capability, match_key
from explorer.check import check
from explorer.index import Found
from explorer.large.columns import Answer
from explorer.large.plain import WORD, is_plain, plain_keys
from explorer.large.recognise import processes
from explorer.lookup import find
from explorer.queries import load_dataset
from tests.bulk_rows import write_rows

ROOT = Path(__file__).parent.parent
SIZES = {100_000: "-", 1_000_000: "10 s, 1000 MB", 10_000_000: "-"}
# Whatever takes longer is stopped, and said to be.
MOST_SECONDS = 900
PAGE = os.sysconf("SC_PAGE_SIZE")
COMPARED = ["match", "device_id", *(f"{one}{part}" for one in Capability for part in ("", "_reason"))]


def measure_tree(*arguments: str) -> tuple[float, float, float]:
    """Run `python ...`; return (seconds, CPU seconds, peak MB), the last two of it and its children.

    Raises when it fails or hangs.
    """
    before = os.times()
    started, peak = time.monotonic(), 0
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, sum(map(resident, tree(process.pid))))
        if time.monotonic() - started > MOST_SECONDS:
            process.terminate()
            process.wait()
            raise TimeoutError(f"stopped after {MOST_SECONDS} s")
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - started, cpu, peak / 1e6


def tree(pid: int) -> list[int]:
    found = [pid]
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [one for child in file.read_text().split() for one in tree(int(child))]
        except OSError:
            continue
    return found


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


def line(what: str, seconds: float, cpu: float, memory: float, target: str) -> None:
    measured = f"{seconds:7.2f} s {cpu:7.2f} s of CPU {memory:7.0f} MB"
    print(f"  {what:50} {measured}   target {target}", flush=True)


def answer_by_check(database: Path, question: tuple[str, str]) -> Answer:
    answer = check(load_dataset(database), *question)
    verdicts = [value for one in answer["answers"] for value in (one["status"], one["reasons"][0]["code"])]
    return (answer["match"], (answer["device"] or {}).get("device_id"), *verdicts)


def different_from_check(pool: Executor, answers: Path, database: Path) -> tuple[int, int]:
    """Return how many questions there are, and how many have another answer than `check` gives."""
    columns = ", ".join(f'"{name}"' for name in COMPARED)
    asked = "coalesce(\"機種名\", ''), coalesce(\"OS\", '')"
    rows = duckdb.sql(f"SELECT DISTINCT {asked}, {columns} FROM '{answers}'").fetchall()
    answered = pool.map(partial(answer_by_check, database), [row[:2] for row in rows], chunksize=200)
    differ = sum(row[2:] != answer for row, answer in zip(rows, answered, strict=True))
    return len(rows), differ


def misplaced(rows: Path, answers: Path) -> int:
    """Return how many rows are not where, or not as, they were in the file asked."""
    same = " AND ".join(
        f'a."{name}" IS NOT DISTINCT FROM r."{name}"' for name in ("no", "機種名", "OS", "user")
    )
    sql = f"SELECT count(*) FROM '{rows}' r POSITIONAL JOIN '{answers}' a WHERE NOT coalesce({same}, false)"
    return int(duckdb.sql(sql).fetchall()[0][0])


def compare_keys(database: Path) -> None:
    """Ask every plain key, name, name with its maker and model number of the database both ways."""
    data = load_dataset(database)
    plain = {one.key: one for one in plain_keys(data.index)}
    texts = {
        text
        for one in data.devices.values()
        for text in (one.name, f"{one.maker_en} {one.name}", *one.model_numbers)
    }
    known = {
        text: plain[match_key(text)]
        for text in {*texts, *plain}
        if is_plain(text) and match_key(text) in plain
    }
    known = {text: one for text, one in known.items() if not one.needs_word or re.search(WORD, text)}
    differ = sum(as_key(find(data.index, text)) != one[2:] for text, one in known.items())
    print(
        f"  {len(texts):,} names and model numbers, {len(known):,} texts by key: differences {differ}",
        flush=True,
    )


def as_key(found: Found) -> tuple[object, ...] | None:
    """Return what a key can say of a text; of an OS it can say nothing."""
    return None if found.os else (found.match, found.device_id, found.model_number)


def bench_join(folder: Path, database: Path, sizes: Sequence[int]) -> None:
    for size in sizes:
        rows, answers = folder / f"rows{size}.parquet", folder / f"answers{size}.parquet"
        write_rows(database, size, rows)
        command = ("-m", "explorer", "check", "--file", str(rows), "--out", str(answers))
        try:
            taken = measure_tree(*command, "--database", str(database))
        except TimeoutError as error:
            print(f"  {size:,} rows: {error}")
            continue
        line(f"check --file --out, {size:,} rows", *taken, SIZES.get(size, "-"))
        print(f"  {size:,} rows: out of place {misplaced(rows, answers)}", flush=True)
        if size <= 1_000_000:
            with processes() as pool:
                asked, differ = different_from_check(pool, answers, database)
            print(f"  {asked:,} different questions, differences from check {differ}", flush=True)


def bench_spark(folder: Path, database: Path, size: int) -> None:
    if not importlib.util.find_spec("pyspark") or not shutil.which("java"):
        print("  no PySpark or Java here (docs/spark.md): that part is passed over")
        return
    rows, answers, theirs = (folder / f"{name}{size}.parquet" for name in ("rows", "answers", "spark"))
    command = ("-m", "tests.local_spark", str(rows), str(theirs), str(database))
    line(f"Spark, local mode with 2 threads, {size:,} rows", *measure_tree(*command), "-")
    columns = f"SELECT * FROM read_parquet('{theirs}/*.parquet')"
    sql = f"SELECT count(*) FROM ((FROM '{answers}') EXCEPT ALL ({columns}))"
    print(f"  {size:,} rows: differences between Spark and the command {duckdb.sql(sql).fetchall()[0][0]}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_bulk")
    parser.add_argument("database", type=Path)
    parser.add_argument("--rows", type=int, default=max(SIZES), help="the largest number of rows")
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.rows] or [options.rows]
    print("large files:", flush=True)
    compare_keys(options.database)
    with tempfile.TemporaryDirectory() as folder:
        bench_join(Path(folder), options.database, sizes)
        bench_spark(Path(folder), options.database, min(sizes[-1], 1_000_000))


if __name__ == "__main__":
    main()
