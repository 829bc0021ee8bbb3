"""Normalise, warehouse and the replay law, on the bundled pages and on made-up archives."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from crawler.archive import Archive
from crawler.items import CatalogueRow, Listing, Requirement, Row
from crawler.lock import one_at_a_time
from crawler.material import gather
from crawler.names import Origin, Section
from crawler.refresh import build
from crawler.replay import replay
from crawler.snapshot import Snapshot
from crawler.sources import BadInput, Folders, load_sources
from crawler.warehouse import ORDER, build_warehouse

START = datetime(2026, 10, 1, 17, tzinfo=UTC)
RULES = (
    Requirement("マイナアプリ", "iOS 16.4以上"),
    Requirement("マイナアプリ", "Android 11以降で、NFCを搭載した端末"),
)


def listed(name: str, model: str = "", **more) -> Listing:
    return Listing(Section.LISTED, more.pop("maker", "ソニー"), name, model, **more)


def night(folders: Folders, number: int, source_id: str, *rows: Row, **more) -> None:
    """Archive what a source printed on a night, as a refresh would have."""
    archive, when = Archive(folders.archive), START + timedelta(days=number)
    url = load_sources()[source_id].url
    one = Snapshot(source_id, url, Origin.LIVE, when, rows, **more)
    result = "new" if archive.store(one) else "unchanged"
    archive.record(
        {
            "run_id": f"{number}-{source_id}",
            "started_at": when.isoformat(),
            "finished_at": when.isoformat(),
            "sources": {
                source_id: {
                    "result": result,
                    "row_count": len(rows),
                    "rows_hash": one.rows_hash,
                    "fetched_at": when.isoformat(),
                    "printed_on": None,
                }
            },
        }
    )


def ask(folders: Folders, sql: str, *values: object) -> list[tuple]:
    with duckdb.connect(str(folders.database), read_only=True) as con:
        return con.execute(sql, values).fetchall()


def status_of(folders: Folders, device_id: str, capability: str, model_number: str = "") -> tuple:
    sql = "SELECT status, reason FROM support WHERE (device_id, capability, model_number) = (?, ?, ?)"
    return ask(folders, sql, device_id, capability, model_number)[0]


def all_rows(folders: Folders) -> dict[str, list[tuple]]:
    return {table: ask(folders, f"FROM {table}") for table in ORDER}


def test_a_rebuild_of_the_same_archive_gives_identical_tables(folders: Folders):
    night(folders, 0, "faq-7261", listed("Xperia 5 II", "SO-52A"), listed("Xperia 1 V", "SO-51D"))
    night(folders, 1, "faq-7261", listed("Xperia 5 II", "SO-52A", note="更新が必要"))
    night(folders, 2, "play-catalogue", CatalogueRow("Sony", "Xperia 5 II", "XQ-AS42", "XQ-AS42"))
    build(folders)
    first = all_rows(folders)
    folders.database.unlink()
    build(folders)
    assert all_rows(folders) == first
    assert len(first["support"]) > 1000
    assert len(first["change"]) == 2


def test_the_bundled_build_has_rows_in_every_table_but_history(built: Folders):
    counts = {table: len(rows) for table, rows in all_rows(built).items()}
    assert [table for table, count in counts.items() if count == 0] == ["change", "run"] or counts[
        "issue"
    ] == 0
    assert counts["device"] > 290


def test_every_bundled_row_answers_with_its_public_source(built: Folders):
    rows = ask(
        built,
        """
        SELECT origin, fact_url, fact_confidence FROM listing
        UNION ALL SELECT origin, fact_url, fact_confidence FROM requirement
        """,
    )
    assert rows
    assert all(origin == "bundled" and url and confidence for origin, url, confidence in rows)


def test_bundled_rows_that_are_not_certain_never_say_supported(built: Folders):
    sql = """
        SELECT s.device_id FROM support s JOIN listing l USING (device_id, source_id)
        WHERE s.status = 'supported' AND (l.fact_confidence <> 'high' OR l.expanded_from IS NOT NULL)
    """
    assert ask(built, sql) == []


@pytest.mark.parametrize(
    ("device_id", "capability", "expected"),
    [
        ("google-pixel-10", "android_certificate", ("conditional", "listed")),
        ("google-pixel-6", "android_certificate", ("conditional", "listed")),
        ("google-pixel-9", "android_certificate", ("planned", "planned")),
        ("google-pixel-8", "android_certificate", ("not_listed", "not_listed")),
        ("google-pixel-2", "card_reading", ("conditional", "rule")),
        ("google-pixel-初代", "card_reading", ("not_supported", "os_out_of_reach")),
        ("apple-iphone-15", "card_reading", ("supported", "rule")),
        ("apple-iphone-7", "card_reading", ("not_supported", "os_out_of_reach")),
        ("apple-iphone-x", "iphone_mynumber", ("not_supported", "model_too_old")),
        ("apple-iphone-17", "iphone_mynumber", ("supported", "rule")),
        ("apple-iphone-15", "android_certificate", ("not_supported", "wrong_platform")),
        ("SH-41A", "card_reading", ("conditional", "rule")),
        ("oppo-oppo-reno-a", "card_reading", ("not_supported", "excluded")),
        ("CPH2099", "card_reading", ("not_supported", "excluded")),
        ("RC-S380", "pc_login", ("conditional", "listed")),
    ],
)
def test_known_devices_have_these_ids_and_verdicts(built: Folders, device_id, capability, expected):
    assert status_of(built, device_id, capability) == expected


def test_every_ipad_is_covered_by_the_row_that_names_them_all(built: Folders):
    sql = """
        SELECT DISTINCT s.reason FROM support s JOIN device d USING (device_id)
        WHERE d.os = 'iPadOS' AND s.capability = 'card_reading'
    """
    assert ask(built, sql) == [("excluded",)]


def test_a_live_page_replaces_the_bundled_one_and_is_no_change(folders: Folders):
    night(folders, 0, "faq-7261", listed("Xperia 1 V", "SO-51D"))
    build(folders)
    assert status_of(folders, "SO-51D", "android_certificate", "SO-51D") == ("supported", "listed")
    assert status_of(folders, "google-pixel-10", "android_certificate") == ("not_listed", "not_listed")
    assert ask(folders, "FROM change") == []
    assert ask(folders, "SELECT DISTINCT origin FROM listing WHERE source_id = 'faq-7261'") == [("live",)]


def test_listed_planned_gone_and_back(folders: Folders):
    planned = Listing(Section.PLANNED, "Google", "Pixel 8", note="2026年11月以降")
    night(folders, 0, "faq-7261", planned, listed("Pixel 8a", maker="Google"))
    night(folders, 1, "faq-7261", listed("Pixel 8", maker="Google"))
    build(folders)
    assert status_of(folders, "google-pixel-8", "android_certificate") == ("supported", "listed")
    assert status_of(folders, "google-pixel-8a", "android_certificate") == ("delisted", "delisted")
    assert ask(folders, "SELECT delta, device_id FROM change ORDER BY change_id") == [
        ("MOD", "google-pixel-8"),
        ("DEL", "google-pixel-8a"),
    ]


def test_only_the_printed_model_number_is_supported(folders: Folders):
    night(folders, 0, "mynaapp-requirements", *RULES)
    night(folders, 0, "faq-7261", listed("Galaxy S22", "SC-51C", maker="サムスン電子"))
    build(folders)
    assert status_of(folders, "SC-51C", "android_certificate", "SCG13") == ("not_listed", "not_listed")
    assert status_of(folders, "SC-51C", "android_certificate")[0] == "conditional"
    rows = ask(
        folders,
        """
        SELECT model_number, status FROM compat
        WHERE device_id = 'SC-51C' AND capability = 'android_certificate' ORDER BY 1
        """,
    )
    assert rows == [("SC-51C", "conditional"), ("SCG13", "not_listed")]


def test_one_row_with_numbers_of_two_devices_speaks_of_both(folders: Folders):
    night(folders, 0, "faq-7261", listed("AQUOS sense4", "SH-41A / SH-M15、A003SH", maker="シャープ"))
    build(folders)
    rows = ask(
        folders, "SELECT device_id, model_numbers FROM listing WHERE source_id = 'faq-7261' ORDER BY 1"
    )
    assert rows == [("A003SH", ["A003SH"]), ("SH-41A", ["SH-41A", "SH-M15"])]


def test_two_lists_meet_in_one_device(folders: Folders):
    night(folders, 0, "faq-7261", listed("新機種Z", "ZZ-99A", maker="シャープ"))
    night(folders, 0, "faq-2587", listed("SHINKISHU Z", "ＺＺ－９９Ａ", maker="SHARP"))
    build(folders)
    assert ask(folders, "SELECT DISTINCT device_id FROM listing WHERE name LIKE '%Z' AND is_current") == [
        ("ZZ-99A",)
    ]


def test_the_same_name_abroad_is_another_device(folders: Folders):
    night(
        folders,
        0,
        "play-catalogue",
        CatalogueRow("Oppo", "A73", "OP4F39", "CPH2095"),
        CatalogueRow("Oppo", "A73", "OP4F40", "CPH2099"),
        CatalogueRow("Google", "Pixel 4a", "sunfish", "Pixel 4a"),
        CatalogueRow("Google", "Pixelbook", "eve_cheets", "Google Pixelbook"),
        CatalogueRow("", "", "FJL21", "FJL21"),
    )
    build(folders)
    world = ask(folders, "SELECT device_id, form_factor FROM device WHERE NOT is_sold_in_japan ORDER BY 1")
    assert world == [("google-pixelbook", "computer"), ("oppo-a73", "unknown"), ("unknown-fjl21", "unknown")]
    assert ask(folders, "SELECT model_number FROM device_model WHERE device_id = 'oppo-a73'") == [
        ("CPH2095",)
    ]


def test_what_no_lookup_knows_becomes_an_issue_with_a_tip(folders: Folders):
    row = listed("Phone X", "PX-01 特別版", maker="Samsng", carrier="謎モバイル", note="謎の言葉")
    night(folders, 0, "faq-7261", row, leftovers=("読めない行",))
    build(folders)
    found = dict(ask(folders, "SELECT kind, tip FROM issue WHERE source_id = 'faq-7261'"))
    assert set(found) == {"maker", "model", "carrier", "note", "leftover"}
    assert found["maker"] == "maker 'Samsng' has no lookup; add it to data/lookups/makers.csv"
    assert ask(folders, "SELECT device_id FROM listing WHERE maker = 'Samsng'") == [("PX-01",)]


def test_an_unknown_note_is_never_supported(folders: Folders):
    night(folders, 0, "faq-7261", listed("Xperia 1 VII", note="謎の言葉"))
    build(folders)
    assert status_of(folders, "SO-51F", "android_certificate")[0] == "conditional"


def test_an_older_duckdb_storage_format_is_written(built: Folders):
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{built.database}' AS built (READ_ONLY)")
        (tags,) = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'built'").fetchone()
    assert tags["storage_version"].startswith("v1.2.0")


def test_rows_that_break_the_schema_publish_nothing(built: Folders, folders: Folders):
    build(folders)
    before = folders.database.read_bytes()
    tables = replay(gather(folders))
    tables["support"] = tables["support"].assign(status="conditional", note=None)
    with pytest.raises(BadInput, match="nothing was published"):
        build_warehouse(tables, folders.data / "schema.sql", folders.database)
    assert folders.database.read_bytes() == before
    assert [path.name for path in folders.state.glob("devices*")] == ["devices.duckdb"]


def test_builds_at_the_same_time_take_turns_and_publish_a_whole_file(folders: Folders):
    command = [sys.executable, "-m", "crawler", "build"]
    environment = os.environ | {"MYNA_STATE": str(folders.state)}
    both = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in both:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert ask(folders, "SELECT count(*) > 1000 FROM support") == [(True,)]


def test_a_second_run_is_told_who_holds_the_lock(folders: Folders):
    second = one_at_a_time(folders.state, 0.1)
    with one_at_a_time(folders.state, 0), pytest.raises(BadInput, match=f"process {os.getpid()}"), second:
        pass
    with one_at_a_time(folders.state, 0):
        pass


def test_a_name_that_bars_reaches_its_device_without_a_known_maker(folders: Folders):
    night(folders, 1, "mynaapp-requirements", *RULES)
    for number, maker in enumerate(("", "なにがし電機"), start=2):
        barred = Listing(Section.EXCLUDED, maker, "Xperia 1 VI")
        night(folders, number, "faq-7261", listed("Xperia 1 VI", "SO-51E"), barred)
        build(folders)
        assert status_of(folders, "SO-51E", "android_certificate")[0] == "not_supported"


def test_a_number_under_the_name_of_another_device_is_never_plainly_supported(folders: Folders):
    night(folders, 1, "mynaapp-requirements", *RULES)
    night(folders, 2, "faq-7261", listed("Xperia 10 VI", "SO-51E"))
    build(folders)
    assert status_of(folders, "SO-51E", "android_certificate", "")[0] == "conditional"
    assert ask(folders, "SELECT found FROM issue WHERE kind = 'model'") == [("Xperia 10 VI (SO-51E)",)]


@pytest.mark.parametrize(
    "maker", ["ソニーモバイル株式会社（Sony）", "ソニー株式会社", "【ソニー】", "Sony Corporation"]
)
def test_company_forms_around_a_maker_do_not_make_a_second_device(folders: Folders, maker):
    night(folders, 1, "faq-7261", Listing(Section.EXCLUDED, maker, "Xperia 1 VI"))
    build(folders)
    assert ask(folders, "SELECT count(*) FROM device WHERE name = 'Xperia 1 VI'") == [(1,)]
    assert status_of(folders, "SO-51E", "android_certificate")[0] == "not_supported"


def test_a_missing_lookup_is_named(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(Folders().data, data, ignore=shutil.ignore_patterns("archive", "*.duckdb"))
    (data / "lookups" / "makers.csv").unlink()
    with pytest.raises(BadInput, match=r"makers\.csv: cannot be read"):
        build(replace(Folders(), data=data, state=tmp_path))


def test_a_row_that_bars_by_a_number_and_the_name_of_another_bars_both(folders: Folders):
    night(folders, 1, "mynaapp-requirements", *RULES)
    barred = Listing(Section.EXCLUDED, "ソニー", "Xperia 10 VI", "SO-51E")
    night(folders, 2, "faq-7261", listed("Xperia 10 VI", "SO-52E"), listed("Xperia 1 VI"), barred)
    build(folders)
    assert status_of(folders, "SO-51E", "android_certificate", "SO-51E")[0] == "not_supported"
    assert status_of(folders, "SO-52E", "android_certificate")[0] == "not_supported"


def test_snapshots_whose_runs_are_lost_answer_and_are_reported(folders: Folders):
    night(folders, 1, "mynaapp-requirements", *RULES)
    night(folders, 2, "faq-7261", listed("Xperia 1 VI", "SO-51E"))
    (folders.archive / "runs.jsonl").unlink()
    build(folders)
    assert ask(folders, "SELECT origin FROM snapshot WHERE source_id = 'faq-7261' AND is_current") == [
        ("live",)
    ]
    lost = ask(folders, "SELECT source_id FROM issue WHERE kind = 'archive' ORDER BY source_id")
    assert lost == [("faq-7261",), ("mynaapp-requirements",)]
