"""Bad nights at home: locks, readers, damaged files, a clock that jumped, broken tables of words."""

import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.fault_night import (
    AMPLE,
    ASKED,
    PAGE,
    PATHS,
    ROOT,
    SECOND,
    VICTIM,
    Night,
    asked,
    published,
    refresh_here,
)
from tests.fault_pages import start

READER = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(con.execute("SELECT count(*) FROM listing WHERE is_current AND name LIKE 'Xperia%'").fetchone()[0])
    sys.stdout.flush()
con.close()
"""
UNCHANGED = "faq-7261: unchanged, 330 rows"


def test_a_second_refresh_is_refused_and_names_the_first(night: Night):
    has_asked, go_on = threading.Event(), threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        has_asked.set()
        go_on.wait(30)
        start(handler, len(PAGE.encode()))
        handler.wfile.write(PAGE.encode())

    night.site.replies[PATHS[VICTIM]] = slow
    with subprocess.Popen(
        night.command(),
        cwd=ROOT,
        env=night.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as first:
        try:
            assert has_asked.wait(AMPLE)
            night.site.page(VICTIM, PAGE)
            night.site.requests.clear()
            second = night.refresh()
            asked_twice = list(night.site.requests)
        finally:
            go_on.set()
            text, _ = first.communicate(timeout=2 * AMPLE)
    assert (first.returncode, UNCHANGED in text) == (0, True), text
    assert second.returncode == 2, second.stdout
    assert str(first.pid) in second.stderr
    assert asked_twice == []
    assert night.differences(night.good.now) == []


@pytest.mark.parametrize("name", [".lock", ".refresh.lock"])
def test_the_lock_of_a_dead_process_holds_nobody_up(night: Night, name: str):
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait(AMPLE)
    (night.state / name).write_text(str(dead.pid))
    night.survives(0, UNCHANGED, lost=())


def test_a_reader_keeps_the_old_data_while_new_ones_are_published(night: Night):
    database = night.state / "devices.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin
        assert reader.stdout

        def count() -> int:
            reader.stdin.write("\n")
            reader.stdin.flush()
            return int(reader.stdout.readline())

        try:
            before = count()
            night.site.page(VICTIM, SECOND)
            night.survives(0, "331 rows", lost=(), expected=night.good.later, heal=SECOND)
            assert count() == before
        finally:
            reader.stdin.close()
            reader.wait(AMPLE)
    assert reader.returncode == 0


def garbage(database: Path) -> None:
    database.write_bytes(b"this is no database" * 1000)


def cut(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 2)


def rotten(database: Path) -> None:
    """Half of its blocks are noise; its head, and so perhaps a table or two, can still be read."""
    content = database.read_bytes()
    middle = len(content) // 4
    noise = bytes(byte ^ 0x55 for byte in content[middle : 3 * middle])
    database.write_bytes(content[:middle] + noise + content[3 * middle :])


def empty(database: Path) -> None:
    os.truncate(database, 0)


def folder_gone(database: Path) -> None:
    database.unlink()
    shutil.rmtree(database.parent / "exports")


@pytest.mark.parametrize("spoil", [garbage, cut, rotten, empty, folder_gone])
def test_a_spoiled_database_is_built_anew(night: Night, spoil):
    spoil(night.state / "devices.duckdb")
    night.survives(0, UNCHANGED, lost=())


@pytest.mark.parametrize(
    "tail", [b'{"run_id": "2026', b"\xff\xfe\x00garbage\n", b'{"run_id": 1, "sources": []}\n'],
    ids=["half a line", "bytes that are no text", "a record of another kind"],
)  # fmt: skip
def test_a_spoiled_last_line_of_the_runs_is_passed_over(night: Night, tail: bytes):
    with (night.state / "archive" / "runs.jsonl").open("ab") as out:
        out.write(tail)
    night.survives(0, UNCHANGED, lost=())


def test_lost_runs_are_found_again_from_the_snapshots(night: Night):
    (night.state / "archive" / "runs.jsonl").unlink()
    night.survives(0, UNCHANGED, lost=())


def snapshot_file(night: Night) -> Path:
    (file,) = (night.state / "archive" / VICTIM).glob("*/rows.jsonl.gz")
    os.truncate(file, 100)
    return file


def test_a_damaged_snapshot_heals_when_the_same_page_comes_again(night: Night):
    damaged = snapshot_file(night).read_bytes()
    before = len(night.archive.runs())
    assert refresh_here(night.state, night.site.base_urls) == 0
    assert night.archive.runs()[before]["sources"][VICTIM]["result"] == "unchanged"
    kept = list((night.state / "archive" / VICTIM).glob(".damaged-*/*/rows.jsonl.gz"))
    assert [file.read_bytes() for file in kept] == [damaged]
    assert night.differences(night.good.now) == []


def test_a_damaged_snapshot_without_its_page_leaves_the_published_data(night: Night):
    snapshot_file(night)
    night.site.page(VICTIM, "blocked", status=403)
    words = (f"archive: snapshot {VICTIM}/", "cannot be read", "restore the folder from a backup")
    done = night.refresh()
    assert done.returncode in (1, 2)
    assert [word for word in words if word not in done.stdout + done.stderr] == []
    assert night.differences(night.good.now) == []
    assert asked(night.state) == night.good.answers
    night.site.page(VICTIM, PAGE)
    assert refresh_here(night.state, night.site.base_urls) == 0
    assert night.differences(night.good.now) == []


def test_rows_of_tonight_answer_though_the_clock_ran_ahead_before(night: Night):
    """The last run was recorded 30 days in the future; then the clock was put right."""
    file = night.state / "archive" / "runs.jsonl"
    run = json.loads(file.read_bytes().splitlines()[-1])
    ahead = (datetime.fromisoformat(run["started_at"]) + timedelta(days=30)).isoformat()
    run |= {"started_at": ahead, "finished_at": ahead, "run_id": "29991231T000000.000000Z"}
    for result in run["sources"].values():
        result["fetched_at"] = ahead
    with file.open("ab") as out:
        out.write(json.dumps(run).encode() + b"\n")
    night.site.page(VICTIM, SECOND)
    done = night.refresh()
    assert done.returncode == 0, done.stdout + done.stderr
    assert published(night.state)["printed"] == night.good.later["printed"]
    night.site.page(VICTIM, PAGE)
    assert refresh_here(night.state, night.site.base_urls) == 0
    assert published(night.state)["printed"] == night.good.now["printed"]


def rename(text: str) -> str:
    return text.replace("kind,", "sort,", 1) if text.startswith("kind,") else "x" + text


# (id, file below data/, how it is spoiled, words in the message besides the name of the file)
TABLES = [
    ("makers.csv has another header", "lookups/makers.csv", rename, ("expected the columns maker_id",)),
    ("phones.csv lacks cells in a line", "lookups/phones.csv", lambda text: text + "sharp,x\n",
     ("line ", "cells")),
    ("parser_words.csv has another header", "lookups/parser_words.csv", rename, ("expected the columns",)),
    ("parser_words.csv is empty", "lookups/parser_words.csv", lambda text: "", ("expected the columns",)),
    ("sources.toml is no TOML", "sources.toml", lambda text: text + "\n[faq\n", ("not valid TOML",)),
    ("sources.toml knows no such capability", "sources.toml",
     lambda text: text.replace('"pc_login"', '"fly"'), ("fly",)),
    ("sources.toml asks for rows by a word", "sources.toml",
     lambda text: text.replace("rows = 150", 'rows = "many"'), ("many",)),
    ("sources.toml misspells a guard", "sources.toml",
     lambda text: text.replace("kept_share", "kept_shre"), ("kept_shre",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil", "words"), [pytest.param(*case[1:], id=case[0]) for case in TABLES])
def test_a_broken_table_of_the_project_is_named_and_publishes_nothing(
    night: Night, tmp_path: Path, name: str, spoil, words
):
    root = tmp_path / "project"
    for folder in ("crawler", "data"):
        ignored = shutil.ignore_patterns("__pycache__", "archive", "exports", "*.duckdb")
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    file = root / "data" / name
    file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")
    night.root = root
    night.survives(2, Path(name).name, *words, is_recorded=False)


def test_a_source_that_is_not_known_is_refused_before_anything_is_asked(night: Night):
    night.survives(
        2, "no source 'faq-0' can be crawled", *ASKED, is_recorded=False, more=["--source", "faq-0"]
    )
