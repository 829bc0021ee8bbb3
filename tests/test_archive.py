"""The archive: append-only, whole or not there."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.items import CatalogueRow, Listing, Requirement
from crawler.names import Origin, Section
from crawler.snapshot import Snapshot
from crawler.sources import BadInput

ROWS = (
    Listing(Section.LISTED, "シャープ", "AQUOS sense4", "SH-41A"),
    Listing(Section.PLANNED, "Google", "Pixel 9", note="2025年2月以降"),
)


def snapshot(*rows, page: bytes = b"<html>", leftovers: tuple[str, ...] = ()) -> Snapshot:
    when = datetime(2026, 11, 1, tzinfo=UTC)
    return Snapshot("faq-7261", "https://example.invalid/", Origin.LIVE, when, rows, leftovers, None, page)


def test_what_was_stored_comes_back(tmp_path: Path):
    archive = Archive(tmp_path)
    rows = (*ROWS, Requirement("アプリ", "iOS 16.4以上"), CatalogueRow("Sharp", "AQUOS", "x", "SH-41A"))
    one = snapshot(*rows, leftovers=("読めない行",))
    assert archive.store(one)
    back = archive.load("faq-7261", one.rows_hash)
    assert (back.rows, back.leftovers) == (rows, ("読めない行",))


def test_tokens_banners_and_row_order_give_no_new_snapshot(tmp_path: Path):
    archive = Archive(tmp_path)
    assert archive.store(snapshot(*ROWS))
    assert not archive.store(snapshot(*reversed(ROWS), page=b"<html token=2>", leftovers=("お知らせ",)))
    assert archive.store(snapshot(ROWS[0]))


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space left"):
        Archive(tmp_path).store(snapshot(*ROWS))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_line_cut_short_by_a_crash_costs_only_itself(tmp_path: Path):
    archive = Archive(tmp_path)
    archive.record(run_record("1"))
    with archive.runs_file.open("ab") as out:
        out.write(b'{"run_id": "2", "sour')
    archive.record(run_record("3"))
    assert [run["run_id"] for run in archive.runs()] == ["1", "3"]


def run_record(run_id: str, **sources: dict) -> dict:
    moment = "2026-11-02T00:00:00+00:00"
    return {"run_id": run_id, "started_at": moment, "finished_at": moment, "sources": sources}


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b'{"run_id": "x"}',
        b'{"run_id": "x", "started_at": "soon", "finished_at": "soon", "sources": {}}',
        b'{"run_id": "x", "started_at": "2026-11-02", "finished_at": "2026-11-02", "sources": [1]}',
        b'{"run_id": "x", "started_at": "2026-11-02", "finished_at": "2026-11-02",'
        b' "sources": {"a": {"result": "new", "rows_hash": "1", "fetched_at": "never"}}}',
        b"\xff\x00",
    ],
)
def test_a_line_that_is_no_record_of_a_run_is_passed_over(tmp_path: Path, line: bytes):
    archive = Archive(tmp_path)
    archive.record(run_record("1"))
    with archive.runs_file.open("ab") as out:
        out.write(line + b"\n")
    assert [run["run_id"] for run in archive.runs()] == ["1"]
    assert archive.observations() == []


def test_a_snapshot_that_no_run_names_still_counts(tmp_path: Path):
    archive, one = Archive(tmp_path), snapshot(*ROWS)
    archive.store(one)
    assert [(seen.rows_hash, seen.fetched_at) for seen in archive.observations()] == [
        (one.rows_hash, one.fetched_at)
    ]
    seen = {"result": "new", "rows_hash": one.rows_hash, "fetched_at": "2026-11-02T00:00:00+00:00"}
    archive.record(run_record("1", **{"faq-7261": seen}))
    assert [str(seen.fetched_at.date()) for seen in archive.observations()] == ["2026-11-02"]


def test_a_damaged_snapshot_is_named(tmp_path: Path):
    archive, one = Archive(tmp_path), snapshot(*ROWS)
    archive.store(one)
    (tmp_path / "faq-7261" / one.rows_hash / "rows.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(BadInput, match=f"faq-7261/{one.rows_hash}"):
        archive.load("faq-7261", one.rows_hash)


def first_row_only(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).splitlines()[0])


def one_bit_flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 8]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        ("rows.jsonl.gz", lambda content: b""),
        ("rows.jsonl.gz", first_row_only),
        ("rows.jsonl.gz", one_bit_flipped),
        ("snapshot.json", lambda content: b"{}"),
        ("snapshot.json", lambda content: b"[]"),
        ("snapshot.json", lambda content: content.replace(b"2026-11-01", b"2026-99-99")),
    ],
)
def test_spoiled_rows_are_never_read_and_the_same_page_heals_them(tmp_path: Path, file: str, spoil):
    archive, one = Archive(tmp_path), snapshot(*ROWS)
    archive.store(one)
    path = tmp_path / "faq-7261" / one.rows_hash / file
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(BadInput, match="restore the folder"):
        archive.load("faq-7261", one.rows_hash)
    assert archive.store(one)
    assert archive.load("faq-7261", one.rows_hash).rows == ROWS
    assert len(list(tmp_path.glob("faq-7261/.damaged-*/*"))) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        {"finished_at": "2026-11-01"},
        {"started_at": "2026-11-01T00:00:00"},
        {"finished_at": "9999-12-31T23:59:59-12:00"},
        {"started_at": "0001-01-01T00:00:00+09:00"},
        {"sources": {"faq-7261": {"result": "new", "seconds": "x"}}},
        {"sources": {"faq-7261": {"result": "new", "rows_hash": "x", "fetched_at": "2026-11-20"}}},
        {"sources": {"faq-7261": {"result": "partial"}}},
        {"sources": {"faq-7261": {"result": "new", "rows_hash": ["a"]}}},
        {"sources": {"faq-7261": {"result": "failed", "row_count": float("inf")}}},
        {"sources": {"faq-7261": {"result": "failed", "row_count": True}}},
        {"sources": {"faq-7261": {"result": "failed", "row_count": 10**30}}},
        {"sources": {"faq-7261": {"result": "failed", "warnings": 5}}},
        {"sources": {"faq-7261": {"result": "failed", "warnings": None}}},
        {"sources": {"faq-7261": {"result": "new", "unread": "abc"}}},
        {"sources": {"faq-7261": {"result": "failed", "reason": 5}}},
        {"warnings": "abc"},
        {"error": 5},
    ],
)
def test_a_record_with_an_odd_time_or_number_is_passed_over(tmp_path: Path, spoil: dict):
    archive = Archive(tmp_path)
    archive.record(run_record("1"))
    archive.record(run_record("2") | spoil)
    archive.record(run_record("1"))
    assert [run["run_id"] for run in archive.runs()] == ["1"]


@pytest.mark.parametrize(
    "line", [b"[" * 200_000, b'{"run_id": "\\ud800"}', b"null", b"5", b'{"run_id": NaN}']
)
def test_a_line_that_is_no_record_is_passed_over(tmp_path: Path, line: bytes):
    archive = Archive(tmp_path)
    archive.record(run_record("1"))
    with archive.runs_file.open("ab") as out:
        out.write(line + b"\n")
    archive.record(run_record("2"))
    assert [run["run_id"] for run in archive.runs()] == ["1", "2"]
