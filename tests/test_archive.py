"""The archive: append-only, whole or not there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import Archive, Snapshot
from crawler.items import CatalogueRow, Listing, Requirement
from crawler.names import Origin, Section
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
    archive.record({"run_id": "1", "sources": {}})
    with archive.runs_file.open("ab") as out:
        out.write(b'{"run_id": "2", "sour')
    archive.record({"run_id": "3", "sources": {}})
    assert [run["run_id"] for run in archive.runs()] == ["1", "3"]


def test_a_damaged_snapshot_is_named(tmp_path: Path):
    archive, one = Archive(tmp_path), snapshot(*ROWS)
    archive.store(one)
    (tmp_path / "faq-7261" / one.rows_hash / "rows.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(BadInput, match=f"faq-7261/{one.rows_hash}"):
        archive.load("faq-7261", one.rows_hash)
