"""Bad nights of the machine: a full disk, folders that forbid writing, `kill -9` at every stage."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.fault_night import SECOND, TABLES, VICTIM, Night, archived, asked, published

KIB = 1024
ROOM = "make room"
EXPORTS = (("devices.csv",), ("changes.csv",), ("compat",))
MAYBE_LATER = "either what was published before or what the new page says, nothing between"


def limit(size: int, at: str = "", when: str = "before", call: int = 1, **more: Any) -> dict[str, Any]:
    """From this point on no file may grow beyond `size` bytes, as on a disk that is full."""
    place = {"at": at, "when": when, "call": call} if at else {}
    return {"do": "limit", "bytes": size} | place | more


def kill(at: str, when: str = "before", call: int = 1, match: str = "", **more: Any) -> dict[str, Any]:
    """The process is killed before or after the n-th call of a function (with `match` in its arguments)."""
    return {"do": "kill", "at": at, "when": when, "call": call, "with": match} | more


# (id, fault, exit code, words in the message, is the run recorded, may the new data be published)
FULL = [
    ("the rows of a snapshot", limit(600), 2, ("File too large", "published"), False, False),
    ("the page of a snapshot", limit(600, "crawler.archive:_write", call=2), 2,
     ("File too large", "published"), False, False),
    ("the record of the run", limit(800, "crawler.archive:Archive.record"), 2,
     ("File too large", "published"), False, False),
    ("the database", limit(200 * KIB), 2, ("the new database was refused", "nothing was published", ROOM),
     True, False),
    ("an export", limit(8 * KIB, "crawler.refresh:export_apart"), 2,
     ("exports", "the database is published", "make room"), True, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "code", "words", "is_recorded", "is_published"),
    [pytest.param(*case[1:], id=case[0]) for case in FULL],
)
def test_a_disk_that_is_full_loses_nothing_while_writing(
    night: Night, fault, code, words, is_recorded, is_published
):
    night.site.page(VICTIM, SECOND)
    expected = {name: night.good.later[name] for name in TABLES}
    if is_published:
        expected |= {name: night.good.now[name] for (name,) in EXPORTS}
    night.survives(
        code,
        *words,
        lost=(),
        fault=fault,
        heal=SECOND,
        is_recorded=is_recorded,
        expected=expected if is_published else None,
    )


def test_a_record_that_was_cut_by_a_full_disk_does_not_melt_into_the_next(night: Night):
    """The disk takes the first half of the line; the next run closes it and stands for itself."""
    size = (night.state / "archive" / "runs.jsonl").stat().st_size
    fault = limit(size + 200, "crawler.archive:Archive.record")
    text = night.survives(2, "File too large", fault=fault, is_recorded=False)
    assert "Traceback" not in text
    lines = (night.state / "archive" / "runs.jsonl").read_bytes().splitlines()
    assert [len(line) for line in lines][1:2] == [200]
    assert [bool(json.loads(line)) for line in (lines[0], lines[2])] == [True, True]
    assert len(night.archive.runs()) == 2


# Which folder or file forbids writing: (id, path below the state, exit code, words).
FORBIDDEN = [
    ("the archive", "archive", 2, ("archive", "Permission denied")),
    ("the folder of one source", f"archive/{VICTIM}", 1, (VICTIM, "Permission denied")),
    ("the record of the runs", "archive/runs.jsonl", 2, ("runs.jsonl", "Permission denied")),
    ("the whole state", ".", 2, ("Permission denied",)),
    ("the exports", "exports", 2, ("exports", "the database is published", "write access")),
]


@pytest.mark.parametrize(
    ("name", "code", "words"), [pytest.param(*case[1:], id=case[0]) for case in FORBIDDEN]
)
def test_a_folder_that_forbids_writing_loses_nothing(night: Night, name: str, code: int, words):
    night.site.page(VICTIM, SECOND)
    path = night.state / name
    mode = path.stat().st_mode
    expected = night.good.now
    if name == "exports":
        expected = {key: night.good.later[key] for key in TABLES}
    if name == "archive":  # a new snapshot would fit below it; a new file beside the runs would not
        for file in path.rglob("*"):
            file.chmod(0o555 if file.is_dir() else 0o444)
    before = archived(night.state)
    path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = night.refresh(fault={"do": "bind"})
    finally:
        path.chmod(mode)
    text = done.stdout + done.stderr
    # 2 where the whole run had to stop, 1 where only this source was lost
    assert done.returncode in {code, 2}, text
    assert [word for word in words if word not in text] == [], text
    assert "Traceback" not in text
    if name == "archive":
        for file in path.rglob("*"):
            file.chmod(0o755 if file.is_dir() else 0o644)
    night.nothing_is_lost(before)
    assert night.differences(expected) == []
    assert asked(night.state) == night.good.answers
    night.heals(SECOND)


@pytest.mark.parametrize("name", ["archive", "exports"])
def test_a_file_in_place_of_a_folder_is_named(night: Night, tmp_path: Path, name: str):
    path, aside = night.state / name, tmp_path / "aside"
    path.rename(aside)
    path.write_text("in the way")
    night.site.page(VICTIM, SECOND)
    done = night.refresh()
    assert (done.returncode, path.name in done.stderr, "Traceback" in done.stderr) == (2, True, False), (
        done.stderr
    )
    assert asked(night.state) == night.good.answers
    path.unlink()
    aside.rename(path)
    night.heals(SECOND)


# (id, where the process dies, what may lie about then: a pattern below the state)
KILLS = [
    ("while it asks", kill("crawler.spiders.base:SourceSpider.read", call=3), ""),
    ("while a snapshot is written", kill("crawler.archive:_write", "after"), "archive/*/.partial-*"),
    ("before a snapshot gets its name", kill("pathlib:Path.rename"), "archive/*/.partial-*/snapshot.json"),
    ("after the snapshot, before the record", kill("crawler.archive:Archive.record"), ""),
    ("after the record, before the build", kill("crawler.archive:Archive.record", "after"), ""),
    ("while the database is written", kill("crawler.warehouse:insert", call=9), "*.partial*"),
    ("before the database gets its name", kill("pathlib:Path.replace", match="devices.duckdb"), "*.partial"),
    ("after the database, before the exports", kill("crawler.refresh:export_apart"), ""),
    (
        "while the exports are written",
        kill("crawler.exports:_index", apart=False),
        "exports/.partial-*/*.csv",
    ),
    (
        "between two exports",
        kill("pathlib:Path.replace", call=3, match="exports", apart=False),
        "exports/.partial-*/*.parquet",
    ),
]


@pytest.mark.parametrize(("fault", "litter"), [pytest.param(*case[1:], id=case[0]) for case in KILLS])
def test_kill_9_loses_nothing_and_the_next_night_heals(night: Night, fault, litter: str):
    night.site.page(VICTIM, SECOND)
    before = archived(night.state)
    done = night.refresh(fault=fault)
    assert done.returncode == -9, done.stdout + done.stderr
    assert not litter or list(night.state.glob(litter)), "it died at another stage"
    night.nothing_is_lost(before)
    found = published(night.state)
    for names in (TABLES, *EXPORTS):
        states = [[one[name] for name in names] for one in (found, night.good.now, night.good.later)]
        assert states[0] in states[1:], MAYBE_LATER
    assert asked(night.state) == night.good.answers
    night.heals(SECOND)


def test_what_a_killed_run_left_half_written_in_the_archive_is_swept_away(night: Night):
    night.site.page(VICTIM, SECOND)
    assert night.refresh(fault=kill("pathlib:Path.rename")).returncode == -9
    night.heals(SECOND)
    assert list((night.state / "archive").glob("*/.partial-*")) == []


def test_litter_of_a_killed_run_in_the_archive_is_no_snapshot(night: Night):
    (home,) = [path for path in (night.state / "archive" / VICTIM).iterdir() if path.is_dir()]
    shutil.copytree(home, home.with_name(".partial-abc"))
    night.survives(0, "faq-7261: unchanged, 330 rows", lost=())
