"""The files beside the database: whole, counted, safe to open in a spreadsheet."""

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from crawler.changelog import describe_changes
from crawler.exports import PARQUET, write_exports
from crawler.items import Listing
from crawler.names import Section, match_key
from crawler.refresh import build
from crawler.sources import BadInput, Folders
from tests.test_build import listed, night

UNSEEN = " \t\r\x00\x1f\xa0　\u200b\ufeff"


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_a_build_writes_the_exports_and_their_checksums(built: Folders):
    index = json.loads((built.exports / "index.json").read_text(encoding="utf-8"))
    assert sorted(index["files"]) == ["changes.csv", "compat.parquet", "devices.csv", "keys.parquet"]
    for name, about in index["files"].items():
        content = (built.exports / name).read_bytes()
        assert (about["bytes"], about["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert len(read_csv(built.exports / "devices.csv")) == index["counts"]["device"] > 300
    assert not list(built.exports.glob(".*"))


def test_the_parquet_file_holds_the_view_compat(built: Folders):
    with duckdb.connect(str(built.database), read_only=True) as con:
        parquet = f"read_parquet('{built.exports / 'compat.parquet'}')"
        plain = f"SELECT * EXCLUDE (key) FROM {parquet}"
        assert con.execute(f"SELECT count(*) FROM (FROM compat EXCEPT ({plain}))").fetchall() == [(0,)]
        counts = con.execute(f"SELECT (SELECT count(*) FROM compat), (SELECT count(*) FROM {parquet})")
        assert len(set(counts.fetchall()[0])) == 1


def test_the_parquet_files_carry_the_folded_key(built: Folders):
    with duckdb.connect(str(built.database), read_only=True) as con:
        con.execute(f"SET file_search_path = '{built.exports}'")
        rows = con.execute("SELECT key, coalesce(model_number, name) FROM 'compat.parquet'").fetchall()
        assert len(rows) > 1000
        assert [(key, text) for key, text in rows if key != match_key(text)] == []
        kept = "SELECT key, kind, device_id, model_number FROM 'keys.parquet'"
        stored = "SELECT key, kind, device_id, model_number FROM match_key"
        assert con.execute(f"({stored}) EXCEPT ALL ({kept})").fetchall() == []
        assert con.execute(f"({kept}) EXCEPT ALL ({stored})").fetchall() == []


def test_a_list_of_devices_is_joined_by_the_key_with_nothing_but_the_exports(built: Folders):
    sql = """
    SELECT DISTINCT l.text, k.device_id, c.status
    FROM (VALUES ('sh41a'), ('aquossense4'), ('アクオスセンス4')) l(text)
    JOIN 'keys.parquet' k ON k.key = l.text JOIN 'compat.parquet' c USING (device_id)
    WHERE c.capability = 'card_reading'
    """
    with duckdb.connect() as con:
        con.execute(f"SET file_search_path = '{built.exports}'")
        assert {row[1] for row in con.execute(sql).fetchall()} == {"SH-41A"}


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\t", "\r", "＝", " =", "　+", "\x00=", "\u200b-", "\ufeff@", "\xa0\x1f="]
)
def test_no_cell_is_a_formula_to_a_spreadsheet(folders: Folders, sign: str):
    night(folders, 1, "faq-7261", listed("Xperia 1 VI", "SO-51E"))
    night(folders, 2, "faq-7261", Listing(Section.LISTED, f"{sign}maker", f"{sign}cmd|calc", "SO-99Z"))
    build(folders)
    for name in ("devices.csv", "changes.csv"):
        cells = [cell for row in read_csv(folders.exports / name) for cell in row.values()]
        assert not [cell for cell in cells if cell.lstrip(UNSEEN)[:1] in list("=+-@＝")]
    with duckdb.connect(str(folders.database), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM device WHERE name LIKE '%cmd|calc'").fetchall() == [(1,)]


def test_exports_that_cannot_be_written_leave_the_old_ones(
    built: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "exports"
    write_exports(built.database, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setitem(PARQUET, "compat.parquet", "SELECT error('disk full')")
    with pytest.raises(BadInput, match="exports could not be written"):
        write_exports(built.database, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_changes_are_printed_with_what_was_before_and_after(folders: Folders):
    kept = listed("Xperia 1 VI", "SO-51E")
    reno = listed("OPPO Reno14 5G", "CPH2737", maker="OPPO")
    planned = Listing(Section.PLANNED, "ソニー", "Xperia 10 VI", "SO-52E")
    night(folders, 1, "faq-7261", kept, planned)
    night(folders, 2, "faq-7261", kept, planned, reno)
    night(folders, 3, "faq-7261", kept, listed("Xperia 10 VI", "SO-52E"))
    build(folders)
    lines = list(describe_changes(folders))
    assert sorted(line.split()[3] for line in lines) == ["ADD", "DEL", "MOD"]
    assert any(line.endswith("ADD  listed: OPPO OPPO Reno14 5G CPH2737") for line in lines)
    assert any(
        "planned: ソニー Xperia 10 VI SO-52E -> listed: ソニー Xperia 10 VI SO-52E" in line for line in lines
    )
    last = date.fromisoformat(lines[-1].split()[0])
    assert len(list(describe_changes(folders, since=last))) == 2


def test_a_build_whose_exports_fail_says_so_and_keeps_the_database(folders: Folders):
    folders.state.mkdir(parents=True)
    folders.exports.write_text("a file where the folder should be")
    with pytest.raises(BadInput, match="exports"):
        build(folders)
    with duckdb.connect(str(folders.database), read_only=True) as con:
        assert con.execute("SELECT count(*) > 300 FROM device").fetchall() == [(True,)]
