"""A night from the first request to the publish: one at a time, nothing done twice, everything recorded."""

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import termios
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from crawler.archive import Archive
from crawler.items import Requirement
from crawler.lock import REFRESH, one_at_a_time
from crawler.material import fingerprint, known_observations
from crawler.names import Section
from crawler.record_tables import BUILT_BYTES
from crawler.refresh import Asking, build, crawl, publish, refresh
from crawler.report import exit_code
from crawler.sources import BadInput, Folders, load_sources
from crawler.status import describe
from crawler.warehouse import ORDER
from tests.conftest import FAST, Site
from tests.test_build import START, all_rows, ask, listed, night
from tests.test_crawl import guarded

ROOT = Path(__file__).parent.parent


def asking(site: Site, *only: str) -> Asking:
    return Asking(site.base_urls, 20, only or ["faq-7261"], settings=FAST)


def run_of(folders: Folders) -> dict:
    return Archive(folders.archive).runs()[-1]


def test_a_second_refresh_is_refused_while_one_is_at_work(site: Site, folders: Folders):
    with (
        one_at_a_time(folders.state, 0, REFRESH),
        pytest.raises(BadInput, match=rf"another run \(process {os.getpid()}\) is at work"),
    ):
        refresh(folders, asking(site))
    assert site.requests == []
    site.page("faq-7261", guarded(160))
    assert refresh(folders, asking(site))["published"] == "rebuilt"


def test_a_build_need_not_wait_for_a_refresh_that_is_asking(folders: Folders):
    with one_at_a_time(folders.state, 0, REFRESH):
        build(folders)
    assert folders.database.exists()


def test_the_lock_of_a_dead_process_blocks_nobody(site: Site, folders: Folders):
    folders.state.mkdir(parents=True)
    for name in (".lock", ".refresh.lock"):
        (folders.state / name).write_text("4194304")
    site.page("faq-7261", guarded(160))
    assert refresh(folders, asking(site))["sources"]["faq-7261"]["result"] == "new"


def test_a_run_records_what_it_found_and_how_long_it_took(site: Site, folders: Folders):
    page = guarded(160).replace("【ソニー】", "【謎の会社】", 1)
    site.page("faq-7261", page.replace("</body>", "").replace("シャープ", "シャープ・ソニー"))
    site.page("faq-7261", guarded(160))
    run = refresh(folders, asking(site))
    recorded = run_of(folders)
    assert run == recorded | {"published": "rebuilt"}
    result = recorded["sources"]["faq-7261"]
    assert result["sections"] == {"listed": 161}
    assert result["unmatched_rows"] == 0
    assert result["seconds"] >= 0
    assert recorded["seconds"] >= result["seconds"]
    assert recorded["code_version"]
    assert ask(folders, "SELECT result, row_count, seconds FROM run") == [("new", 161, result["seconds"])]


def test_many_values_that_no_lookup_knows_give_a_warning(site: Site, folders: Folders):
    strange = "".join(
        f"<h3>【謎の会社{n}】</h3><ul><li>Enigma {n}（XX-{n}Y）</li></ul>" for n in range(100, 140)
    )
    site.page("faq-7261", guarded(160).replace("</div></body>", f"{strange}</div></body>"))
    result = crawl(folders, asking(site))["sources"]["faq-7261"]
    assert (result["result"], result["unmatched_rows"]) == ("new", 40)
    assert result["warnings"][0].startswith("20% of the rows have a value that no lookup knows, at most 10%")
    assert "doctor --source faq-7261" in result["warnings"][0]


def eventful(folders: Folders) -> None:
    """Nights with additions, a removal, a return, a planned and an excluded phone, and rules."""
    one, two, three = (
        listed("Xperia 10 II", "SO-41A"),
        listed("Pixel 9", "", maker="Google"),
        listed("Xperia 5"),
    )
    planned = listed("Xperia 1 VI", note="2026年12月以降")
    planned = type(planned)(Section.PLANNED, planned.maker, planned.name, note=planned.note)
    barred = type(planned)(Section.EXCLUDED, "シャープ", "AQUOS sense4", "SH-41A")
    for number, rows in enumerate(
        [(one, two), (one, two, planned), (one, planned, barred), (one, three, barred), (one, two, barred)]
    ):
        night(folders, number, "faq-7261", *rows)
        night(folders, number, "faq-2587", *reversed(rows))
    rule = Requirement("マイナアプリ", "Android 11以降で、NFCを搭載した端末")
    night(folders, 5, "mynaapp-requirements", Requirement("マイナアプリ", "iOS 16.4以上"), rule)


def again(folders: Folders, number: int, *source_ids: str) -> None:
    """Record a night in which these sources printed what they printed last."""
    archive, when = Archive(folders.archive), START + timedelta(days=number)
    results = {
        seen.source_id: {
            "result": "unchanged",
            "row_count": seen.row_count,
            "rows_hash": seen.rows_hash,
            "url": seen.url,
            "fetched_at": when.isoformat(),
            "printed_on": "2026-10-20",
            "seconds": 0.3,
        }
        for seen in archive.observations()
        if seen.source_id in source_ids
    }
    failed = {"play-catalogue": {"result": "failed", "reason": "no", "row_count": 0, "seconds": 0.1}}
    moments = {"started_at": when.isoformat(), "finished_at": (when + timedelta(minutes=1)).isoformat()}
    archive.record({"run_id": f"again-{number}", **moments, "sources": results | failed})


LISTS = ("faq-2587", "faq-7261", "mynaapp-requirements")


@pytest.mark.parametrize(
    ("sources", "is_restamped"), [(LISTS, True), ((), True), (LISTS[:2], True), (LISTS[:1], True)]
)
def test_after_a_night_without_news_moved_times_equal_a_replay(
    folders: Folders, sources: tuple[str, ...], is_restamped: bool
):
    eventful(folders)
    build(folders)
    before = all_rows(folders)
    again(folders, 8, *sources)
    again(folders, 9, *sources)
    assert publish(folders) is not is_restamped
    moved = all_rows(folders)
    exported = {path.name: path.read_bytes() for path in folders.exports.iterdir()}
    build(folders)
    replayed = all_rows(folders)
    for rows in (moved, replayed):
        rows["meta"] = [row for row in rows["meta"] if row[0] != BUILT_BYTES]
    for table in ORDER:
        assert sorted(moved[table], key=repr) == sorted(replayed[table], key=repr), table
    assert before["run"] != moved["run"]
    assert exported["devices.csv"] == (folders.exports / "devices.csv").read_bytes()


def test_lists_of_one_capability_seen_on_different_days_are_left_to_the_replay(folders: Folders):
    night(folders, 1, "faq-2587", listed("Xperia 10 II", "SO-41A"))
    night(folders, 3, "jpki-nfc", listed("Xperia 10 II", "SO-41A"))
    build(folders)
    again(folders, 8, "faq-2587")
    assert publish(folders)


def test_other_rows_other_lookups_or_a_lost_file_need_a_replay(folders: Folders, tmp_path: Path):
    eventful(folders)
    assert publish(folders)
    assert not publish(folders)
    night(folders, 7, "faq-7261", listed("Xperia 10 II", "SO-41A"))
    assert publish(folders)
    assert not publish(folders)
    folders.database.write_bytes(b"spoiled")
    assert publish(folders)
    folders.database.unlink()
    assert publish(folders)


def test_the_fingerprint_knows_code_lookups_and_rows_but_not_when_they_were_seen_last(folders: Folders):
    eventful(folders)
    sources = load_sources()

    def now() -> str:
        return fingerprint(folders, known_observations(Archive(folders.archive), sources))

    first = now()
    again(folders, 8, *LISTS)
    assert now() == first
    night(folders, 9, "faq-7261", listed("Xperia 10 II", "SO-41A"))
    second = now()
    again(folders, 10, *LISTS)
    assert len({first, second, now()}) == 2


def test_a_clock_that_ran_ahead_or_back_never_makes_an_old_page_answer(site: Site, folders: Folders):
    future = (datetime.now(UTC) - START).days + 30
    site.page("faq-7261", guarded(160))
    night(folders, future, "faq-7261", *(listed(f"Xperia T{n}", f"SO-{n}T") for n in range(100, 190)))
    run = refresh(folders, asking(site))
    assert run["sources"]["faq-7261"]["result"] == "new"
    assert "the clock says" in run["warnings"][0]
    current = ask(folders, "SELECT count(*) FROM listing WHERE is_current AND source_id = 'faq-7261'")
    assert current == [(161,)]
    for column in ("first_seen_on", "last_seen_on"):
        assert ask(folders, f"SELECT count(*) FROM listing WHERE {column} IS NULL") == [(0,)]


def run_process(folders: Folders, site: Site, *arguments: str) -> subprocess.CompletedProcess:
    bases = " ".join(f"{host}={url}" for host, url in site.base_urls.items())
    return subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        cwd=ROOT,
        env=os.environ | {"MYNA_STATE": str(folders.state), "MYNA_BASE_URLS": bases},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_report_in_json_is_all_that_stdout_holds(site: Site, folders: Folders):
    site.page("faq-7261", guarded(160))
    done = run_process(folders, site, "refresh", "--json", "--source", "faq-7261", "--source", "faq-2587")
    report = json.loads(done.stdout)
    assert (done.returncode, report["exit_code"]) == (1, 1)
    assert {name: one["result"] for name, one in report["sources"].items()} == {
        "faq-7261": "new",
        "faq-2587": "failed",
    }
    assert report["published"] == "rebuilt"
    log = done.stderr.splitlines()
    assert any("INFO crawler: faq-7261: 161 rows, answered in" in line for line in log)
    assert any("INFO crawler: faq-2587: no list after" in line and "found 404" in line for line in log)


def test_bad_usage_is_json_too_where_json_was_asked_for(site: Site, folders: Folders):
    done = run_process(folders, site, "refresh", "--json", "--source", "nope")
    assert done.returncode == 2
    assert json.loads(done.stdout) == {
        "error": done.stderr.strip().removeprefix("error: "),
        "exit_code": 2,
    }


def test_doctor_shows_how_each_page_is_read_and_stores_nothing(site: Site, folders: Folders):
    strange = guarded(160, "2026-11-02").replace("【ソニー】", "【エニグマ電機】")
    site.page("faq-7261", strange.replace("Xperia", "Enigma").replace("SO-", "ZZ-"))
    done = run_process(folders, site, "doctor", "--source", "faq-7261", "--source", "faq-2587")
    assert done.returncode == 1
    for words in (
        "selector    div#faq_answer_contents",
        "rows        161: listed 161",
        "makers      エニグマ電機 160, シャープ 1",
        "printed on  2026-11-02",
        "unmatched   160 rows",
        "maker 'エニグマ電機' has no lookup",
        "REFUSED     faq-7261: expected rows of ソニー, found none",
        "FAILED      ",
    ):
        assert words in done.stdout
    assert not folders.archive.exists()
    assert not folders.database.exists()
    asked = [path for path, _ in site.requests if path.startswith("/faq")]
    assert sorted(asked) == ["/faq/show/2587", "/faq/show/7261"]


def test_a_terminal_gets_a_bar_and_no_log_lines(site: Site, folders: Folders):
    site.page("faq-7261", guarded(160))
    bases = " ".join(f"{host}={url}" for host, url in site.base_urls.items())
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "crawl", "--source", "faq-7261"],
        cwd=ROOT,
        env=os.environ | {"MYNA_STATE": str(folders.state), "MYNA_BASE_URLS": bases},
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=60,
        check=False,
    )
    is_shown, _, _ = select.select([ours], [], [], 1)
    shown = os.read(ours, 65536).decode() if is_shown else ""
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0
    assert "1/1" in shown
    assert "faq-7261" in shown
    assert "INFO" not in shown


@pytest.mark.parametrize("table", ["match_key", "support", "device", "reading", "requirement"])
def test_a_file_that_rotted_on_disk_is_built_anew(folders: Folders, table: str):
    eventful(folders)
    build(folders)
    good = all_rows(folders)
    with duckdb.connect(str(folders.database), read_only=True) as con:
        blocks = con.execute(
            "SELECT DISTINCT block_id FROM pragma_storage_info(?) WHERE persistent", [table]
        ).fetchall()
        size = con.execute("SELECT block_size FROM pragma_database_size()").fetchall()[0][0]
    raw = bytearray(folders.database.read_bytes())
    start = 3 * 4096 + blocks[0][0] * size
    raw[start + 64 : start + 74] = bytes(byte ^ 255 for byte in raw[start + 64 : start + 74])
    folders.database.write_bytes(raw)
    again(folders, 8)
    assert publish(folders)
    assert all_rows(folders)[table] == good[table]


def test_a_file_that_grew_from_night_to_night_is_written_anew(folders: Folders, monkeypatch):
    # With the true limit this takes dozens of nights.
    monkeypatch.setattr("crawler.restamp.MAX_GROWTH", 1.25)
    eventful(folders)
    build(folders)
    size = folders.database.stat().st_size
    is_anew, sizes = [], []
    for number in range(8, 80):
        again(folders, number, *LISTS)
        is_anew.append(publish(folders))
        sizes.append(folders.database.stat().st_size)
        if is_anew[-1]:
            break
    assert max(sizes) <= 1.5 * size
    assert is_anew[-1]
    assert not any(is_anew[:2])


@pytest.mark.parametrize("lost", ["archive", "source"])
def test_a_lost_archive_or_source_is_no_mistake_of_the_program(folders: Folders, tmp_path: Path, lost: str):
    eventful(folders)
    build(folders)
    if lost == "archive":
        shutil.rmtree(folders.archive)
    else:
        data = tmp_path / "data"
        shutil.copytree(folders.data, data, ignore=shutil.ignore_patterns("archive", "exports", "*.duckdb"))
        text = (data / "sources.toml").read_text(encoding="utf-8")
        start = text.index("[faq-2587]")
        text = text[:start] + text[text.index("[faq-7261]") :]
        (data / "sources.toml").write_text(text, encoding="utf-8")
        folders = Folders(data=data, state=folders.state)
    assert publish(folders)
    assert ask(folders, "SELECT count(*) FROM device")[0][0] > 0


def test_a_damaged_snapshot_does_not_disarm_the_guards(site: Site, folders: Folders):
    site.page("faq-7261", guarded(400))
    first = crawl(folders, asking(site))["sources"]["faq-7261"]
    site.page("faq-7261", guarded(410))
    second = crawl(folders, asking(site))["sources"]["faq-7261"]
    (folders.archive / "faq-7261" / second["rows_hash"] / "rows.jsonl.gz").write_bytes(b"")
    site.page("faq-7261", guarded(160))
    refused = crawl(folders, asking(site))["sources"]["faq-7261"]
    assert (refused["result"], first["row_count"]) == ("failed", 401)
    site.page("faq-7261", guarded(410))
    healed = crawl(folders, asking(site))["sources"]["faq-7261"]
    assert (healed["result"], healed["rows_hash"]) == ("unchanged", second["rows_hash"])
    assert "the damaged snapshot of these rows was written anew" in healed["warnings"]
    build(folders)


def test_without_any_rows_to_compare_with_a_page_waits_for_a_person(site: Site, folders: Folders):
    site.page("faq-7261", guarded(400))
    first = crawl(folders, asking(site))["sources"]["faq-7261"]
    (folders.archive / "faq-7261" / first["rows_hash"] / "rows.jsonl.gz").write_bytes(b"")
    site.page("faq-7261", guarded(160))
    refused = crawl(folders, asking(site))["sources"]["faq-7261"]
    assert refused["result"] == "failed"
    assert "the rows seen last cannot be read" in refused["reason"]
    accepting = Asking(site.base_urls, 20, ["faq-7261"], ["faq-7261"], FAST)
    assert crawl(folders, accepting)["sources"]["faq-7261"]["result"] == "new"


def test_a_page_without_a_date_does_not_make_the_last_date_forgotten(site: Site, folders: Folders):
    results = []
    for day in ("2026-11-02", "", "2025-01-02"):
        site.page("faq-7261", guarded(160, day))
        results.append(crawl(folders, asking(site))["sources"]["faq-7261"]["result"])
    assert results == ["new", "unchanged", "failed"]


def test_not_even_a_person_lets_a_date_to_come_into_the_archive(site: Site, folders: Folders):
    site.page("faq-7261", guarded(160, "2099-01-01"))
    assert crawl(folders, asking(site))["sources"]["faq-7261"]["result"] == "failed"
    accepting = Asking(site.base_urls, 20, ["faq-7261"], ["faq-7261"], FAST)
    assert crawl(folders, accepting)["sources"]["faq-7261"]["printed_on"] is None
    site.page("faq-7261", guarded(160, "2026-11-02"))
    assert crawl(folders, asking(site))["sources"]["faq-7261"]["result"] == "unchanged"


def test_a_person_who_accepted_one_reason_did_not_accept_another(site: Site, folders: Folders):
    site.page("faq-7261", guarded(400, "2026-11-02"))
    crawl(folders, asking(site))
    accepting = Asking(site.base_urls, 20, ["faq-7261"], ["faq-7261"], FAST)
    site.page("faq-7261", guarded(160, "2026-11-03"))
    crawl(folders, asking(site))
    site.page("faq-7261", guarded(160, "2026-10-01"))
    assert crawl(folders, accepting)["sources"]["faq-7261"]["result"] == "failed"
    assert crawl(folders, accepting)["sources"]["faq-7261"]["result"] == "new"


def test_a_source_that_gave_nothing_for_too_long_fails_the_run(site: Site, folders: Folders):
    days = (datetime.now(UTC) - START).days
    night(folders, days - 20, "faq-7261", *(listed(f"Xperia T{n}", f"SO-{n}T") for n in range(100, 190)))
    gone = Asking({"faq.myna.go.jp": "http://127.0.0.1:9"}, 20, ["faq-7261"], settings=FAST)
    run = crawl(folders, gone)
    assert run["sources"]["faq-7261"]["result"] == "unreachable"
    assert "nothing came for 2" in run["warnings"][0]
    assert exit_code(run) == 1


def test_doctor_ends_with_1_for_a_page_that_a_guard_would_refuse(site: Site, folders: Folders):
    site.page("faq-7261", guarded(20))
    done = run_process(folders, site, "doctor", "--source", "faq-7261")
    assert (done.returncode, "expected at least 150 rows, found 21" in done.stdout) == (1, True)


def test_a_source_that_never_gave_anything_is_overdue_from_the_first_run_that_asked_it(
    site: Site, folders: Folders
):
    gone = Asking({"faq.myna.go.jp": "http://127.0.0.1:9"}, 20, ["faq-7261"], settings=FAST)
    first = crawl(folders, gone)
    assert (first["warnings"], exit_code(first)) == ([], 3)
    record = json.loads(Archive(folders.archive).runs_file.read_text())
    early = (datetime.now(UTC) - timedelta(days=9)).isoformat()
    record |= {"started_at": early, "finished_at": early}
    Archive(folders.archive).runs_file.write_text(json.dumps(record) + "\n")
    later = crawl(folders, gone)
    assert "faq-7261: nothing came for 9 days, 7 allowed" in later["warnings"][0]
    assert exit_code(later) == 1


def test_an_acceptance_that_does_not_apply_says_so(site: Site, folders: Folders):
    accepting = Asking(site.base_urls, 20, ["faq-7261"], ["faq-7261"], FAST)
    for page, words in ((guarded(20), "this is not the page"), ("<html></html>", "no list could be read")):
        site.page("faq-7261", page)
        result = crawl(folders, accepting)["sources"]["faq-7261"]
        assert result["result"] == "failed"
        assert words in result["warnings"][0]
    elsewhere = Asking(site.base_urls, 20, ["faq-2587"], ["faq-7261"], FAST)
    with pytest.raises(BadInput, match="it is not asked; add --source faq-7261"):
        crawl(folders, elsewhere)


def test_an_accepted_page_below_a_floor_says_that_the_floor_stays(site: Site, folders: Folders):
    site.page("faq-7261", guarded(20))
    crawl(folders, asking(site))
    accepting = Asking(site.base_urls, 20, ["faq-7261"], ["faq-7261"], FAST)
    warnings = crawl(folders, accepting)["sources"]["faq-7261"]["warnings"]
    assert warnings[0].startswith("accepted by hand: faq-7261: expected at least 150 rows")
    assert "unless data/sources.toml asks for less" in warnings[1]
    again = crawl(folders, accepting)["sources"]["faq-7261"]
    assert (again["result"], again["warnings"][-1][:24]) == ("unchanged", "--accept was not needed:")
    assert crawl(folders, asking(site))["sources"]["faq-7261"]["result"] == "unchanged"
    site.page("faq-7261", guarded(21))
    assert crawl(folders, asking(site))["sources"]["faq-7261"]["result"] == "failed"


def test_a_return_to_an_earlier_edition_is_new(site: Site, folders: Folders):
    results = []
    for count in (160, 170, 160, 160):
        site.page("faq-7261", guarded(count))
        results.append(crawl(folders, asking(site))["sources"]["faq-7261"]["result"])
    assert results == ["new", "new", "new", "unchanged"]


def test_damage_of_an_older_snapshot_is_told_on_a_quiet_night(site: Site, folders: Folders):
    for count in (160, 170):
        site.page("faq-7261", guarded(count))
        run = refresh(folders, asking(site))
    older = next(
        home
        for home in (folders.archive / "faq-7261").iterdir()
        if home.name != run["sources"]["faq-7261"]["rows_hash"]
    )
    before = folders.database.read_bytes()
    (older / "rows.jsonl.gz").write_bytes(b"")
    run = refresh(folders, asking(site))
    words = f"snapshot faq-7261/{older.name} cannot be read"
    assert words in run["error"]
    assert words in "\n".join(line for line in describe(folders) if line.startswith("publishing: failed"))
    assert exit_code(run) == 2
    assert folders.database.read_bytes() == before


def test_status_says_since_when_a_source_fails_and_why(site: Site, folders: Folders):
    site.page("faq-7261", guarded(160))
    refresh(folders, asking(site))
    site.page("faq-7261", guarded(20))
    for _ in range(2):
        crawl(folders, asking(site))
    text = "\n".join(describe(folders))
    assert f"faq-7261: failed since {datetime.now(UTC):%Y-%m-%d} (runs: 2): faq-7261: expected" in text
    assert "difference: refused/faq-7261-" in text
    site.page("faq-7261", guarded(160))
    refresh(folders, asking(site))
    assert "since" not in "\n".join(describe(folders))


@pytest.mark.parametrize(
    ("pair", "state", "words"),
    [
        ("faq.myna.go.jp=http://127.0.0.1:9?x=1", "x", "expected HOST=URL"),
        ("faq.myna.go.jp=http://a..b", "x", "expected HOST=URL"),
        ("faq.example.jp=http://127.0.0.1:9", "x", "no source is at 'faq.example.jp'; known: faq.myna.go.jp"),
        ("faq.myna.go.jp=http://127.0.0.1:9", "", "set MYNA_STATE to a folder for the trial"),
    ],
)
def test_another_server_never_gets_into_the_real_archive(tmp_path: Path, pair: str, state: str, words: str):
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "refresh", "--base-url", pair],
        cwd=ROOT,
        env=os.environ | {"MYNA_STATE": str(tmp_path / state) if state else ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr


def test_a_line_that_is_new_beside_the_same_rows_is_told_and_becomes_an_issue(site: Site, folders: Folders):
    page = guarded(160)
    site.page("faq-7261", page)
    refresh(folders, asking(site))
    site.page("faq-7261", page.replace("</table>", "</table><p>X-99 については別のページをご覧ください</p>"))
    results = [refresh(folders, asking(site)) for _ in range(2)]
    first, second = (run["sources"]["faq-7261"] for run in results)
    assert (first["result"], second["result"]) == ("unchanged", "unchanged")
    assert [warning for warning in first["warnings"] if "1 lines are new beside the same rows" in warning]
    assert not second["warnings"]
    assert [run["published"] for run in results] == ["rebuilt", "restamped"]
    with duckdb.connect(str(folders.database), read_only=True) as con:
        found = con.execute("SELECT found FROM issue WHERE kind = 'leftover'").fetchall()
    assert any("X-99" in text for (text,) in found)


def test_doctor_names_the_server_it_asked_and_keeps_no_page_of_another(site: Site, folders: Folders):
    site.page("faq-7261", guarded(160))
    done = run_process(folders, site, "doctor", "--source", "faq-7261")
    assert f"asked       {site.url}/faq/show/7261" in done.stdout
    done = run_process(folders, site, "doctor", "--source", "faq-7261", "--save")
    assert (done.returncode, "leave --base-url out" in done.stderr) == (2, True)
