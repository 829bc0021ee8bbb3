"""Both command lines in processes of their own: exit codes, messages, the JSON contract."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.names import Capability, Match, Origin, Status
from crawler.sources import Folders
from tests.conftest import Site

ROOT = Path(__file__).parent.parent


def run(
    package: str, *arguments: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", package, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ask(built: Folders, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return run("explorer", "check", *arguments, "--database", str(built.database), stdin=stdin)


def answer(built: Folders, *arguments: str) -> dict:
    done = ask(built, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def status(object_: dict, capability: str) -> str:
    return next(one["status"] for one in object_["answers"] if one["capability"] == capability)


def test_the_answer_has_the_shape_of_the_contract(built: Folders):
    one = answer(built, "sh41a")
    assert list(one) == ["query", "match", "device", "candidates", "answers", "data"]
    assert one["query"] == "sh41a"
    assert one["match"] in list(Match)
    assert set(one["device"]) == {"device_id", "maker", "name", "model_numbers", "form_factor", "os"}
    assert (one["device"]["name"], one["device"]["model_numbers"]) == ("AQUOS sense4", ["SH-41A", "SH-M15"])
    assert set(one["candidates"][0]) == {"device_id", "maker", "name", "score"}
    assert [each["capability"] for each in one["answers"]] == list(Capability)
    for each in one["answers"]:
        assert set(each) == {"capability", "status", "reasons", "next_steps", "evidence"}
        assert each["status"] in list(Status)
        assert each["reasons"]
        assert each["next_steps"]
        assert all(set(reason) == {"code", "text"} for reason in each["reasons"])
        for proof in each["evidence"]:
            assert {"source_id", "url", "printed", "fetched_at", "origin"} <= set(proof)
            assert proof["origin"] in list(Origin)
    assert set(one["data"]) == {"schema_version", "built_at", "origin"}


def test_names_and_numbers_are_found_whatever_their_width_and_case(built: Folders):
    ids = {
        answer(built, text)["device"]["device_id"]
        for text in ("SH-41A", "ｓｈ－４１ａ", "AQUOS　sense4", "シャープ AQUOS sense4")
    }
    assert ids == {"SH-41A"}


def test_the_os_that_a_person_states_refines_the_answer(built: Folders):
    wanted = ("iPhone 12", "--for", "card_reading")
    assert status(answer(built, *wanted), "card_reading") == "conditional"
    assert status(answer(built, *wanted, "--os", "iOS 17.4.1"), "card_reading") == "supported"
    assert status(answer(built, *wanted, "--os", "16.3"), "card_reading") == "conditional"
    assert status(answer(built, *wanted, "--os", "Android 14"), "card_reading") == "conditional"
    assert status(answer(built, *wanted, "--os", "なにか"), "card_reading") == "conditional"


def test_bundled_answers_say_so_and_point_to_the_official_page(built: Folders):
    one = answer(built, "Pixel 10", "--for", "android_certificate")
    assert one["data"]["origin"] == "bundled"
    proof, *rules = one["answers"][0]["evidence"]
    assert proof["url"] == "https://faq.myna.go.jp/faq/show/7261"
    assert proof["fact"]["confidence"] == "high"
    assert {one["origin"] for one in (proof, *rules)} == {"bundled"}
    text = ask(built, "Pixel 10").stdout
    assert "公式ページの写しではありません" in text
    assert f"情報の出どころ: {proof['fact']['url']} (" in text


def test_the_same_evidence_is_printed_once(built: Folders):
    text = ask(built, "Windows 11", "--browser", "Chrome", "--reader", "RC-S380").stdout
    quotes = [line for line in text.splitlines() if line.startswith("  この答えのもと")]
    assert len(quotes) == len(set(quotes)) > 1


def test_what_is_not_known_is_unknown_and_never_supported(built: Folders):
    for text in ("SH-99Z", "Xperia 99", "冷蔵庫", "'; DROP TABLE device; --", "💥"):
        one = answer(built, text)
        assert one["match"] == "none"
        assert one["device"] is None
        assert {each["status"] for each in one["answers"]} == {"unknown"}


def test_a_file_is_answered_line_by_line_in_order_empty_lines_included(built: Folders, tmp_path: Path):
    lines = ["SH-41A", "", "Pixel 10", "refrigerator"]
    for content in ("\n".join(lines), "\r\n".join(lines) + "\r\n", "\ufeff" + "\n".join(lines) + "\n"):
        path = tmp_path / "list.txt"
        path.write_bytes(content.encode())
        done = ask(built, "--file", str(path), "--json")
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert [one["query"] for one in answers] == lines
        assert [one["match"] for one in answers] == ["exact", "none", "exact", "none"]
    assert len(ask(built, "--file", "-", "--json", stdin="SH-41A\n\n").stdout.splitlines()) == 2
    assert ask(built, "--file", "-", "--json").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing to check"),
        (("",), "the text is empty"),
        (("  ",), "the text is empty"),
        (("SH-41A", "--for", "flying"), "unknown capability 'flying'; choose from: card_reading"),
        (("--file", "no-such-file"), "no-such-file: cannot be read"),
        (("--file", "."), "cannot be read"),
        (("SH-41A", "--file", "-"), "give one of them"),
        (("SH-41A", "--lang", "fr"), "invalid choice"),
    ],
)
def test_bad_usage_gets_exit_2_and_says_what_to_do(built: Folders, arguments, words):
    done = ask(built, "--lang", "en", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_messages_are_japanese_unless_english_is_asked_for(built: Folders):
    done = ask(built, " ")
    assert (done.returncode, done.stderr) == (
        2,
        "エラー: 文字が空です。機種名か型番を入れてください（例: SH-41A）\n",
    )


def test_a_long_text_is_cut_in_what_people_read_only(built: Folders):
    text = "x" * 5000
    assert "x" * 200 + "…" in ask(built, text).stdout
    assert "x" * 201 not in ask(built, text).stdout
    assert answer(built, text)["query"] == text
    assert answer(built, f"SH-41A{' ' * 10_000}以外")["match"] == Match.NONE


def test_a_port_or_host_that_cannot_be_used_is_said_before_the_address(built: Folders):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for arguments, words in (
            (("--port", port), "PORT=8651 make run"),
            (("--host", "203.0.113.7"), "HOST=127.0.0.1 make run"),
            (("--host", "no such host"), "HOST=127.0.0.1 make run"),
        ):
            done = run("explorer", "serve", "--database", str(built.database), *arguments)
            assert (done.returncode, done.stdout) == (2, "")
            assert words in done.stderr
            assert "Traceback" not in done.stderr


def test_a_file_that_is_not_text_is_refused(built: Folders, tmp_path: Path):
    path = tmp_path / "binary"
    path.write_bytes(b"\xff\xfe\x00\x81")
    done = ask(built, "--file", str(path), "--lang", "en")
    assert (done.returncode, "not UTF-8" in done.stderr) == (2, True)


def test_a_table_without_a_place_for_its_answers_is_not_read_as_names(built: Folders, tmp_path: Path):
    path = tmp_path / "list.CSV"
    path.write_text("model\nSH-41A\n")
    done = ask(built, "--file", str(path))
    assert (done.returncode, done.stdout, "--out" in done.stderr) == (2, "", True)


@pytest.mark.parametrize("content", [None, b"", b"this is no database", b"DUCK" * 1000])
def test_without_a_readable_database_the_exit_code_is_3(tmp_path: Path, content):
    path = tmp_path / "devices.duckdb"
    if content is not None:
        path.write_bytes(content)
    done = run("explorer", "check", "SH-41A", "--database", str(path))
    assert done.returncode == 3
    assert "make build" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_database_is_told_apart(tmp_path: Path):
    import duckdb

    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    done = run("explorer", "check", "SH-41A", "--database", str(path))
    assert (done.returncode, "another version or another program" in done.stderr) == (3, True)


def test_crawl_build_and_status_over_a_local_server(site: Site, tmp_path: Path):
    site.page(
        "mynaapp-requirements",
        "<main><h2>マイナアプリ</h2><p>iOS 16.4以上</p><p>Android 11以降でNFC</p><p>画面ロック</p></main>"
        "</html>",
    )
    bases = " ".join(f"{host}={url}" for host, url in site.base_urls.items())
    environment = {"MYNA_STATE": str(tmp_path), "MYNA_BASE_URLS": bases}
    done = run("crawler", "crawl", "--source", "mynaapp-requirements", "--budget", "30", **environment)
    said = (
        "asking for the pages, at most 30 s in all",
        "mynaapp-requirements: new, 3 rows",
    )
    assert (done.returncode, done.stdout.splitlines()) == (0, [*said]), done.stderr
    assert run("crawler", "build", **environment).returncode == 0
    status = run("crawler", "status", **environment).stdout
    assert "mynaapp-requirements   live" in status
    assert "faq-7261               bundled" in status
    assert "mynaapp-requirements new" in status


def test_what_could_not_be_reached_is_said_plainly(tmp_path: Path, site: Site):
    bases = " ".join(f"{host}=http://127.0.0.1:9" for host in site.base_urls)
    done = run("crawler", "crawl", "--budget", "20", MYNA_STATE=str(tmp_path), MYNA_BASE_URLS=bases)
    assert done.returncode == 3
    for source_id in ("faq-2587", "faq-7261", "mynaapp-requirements", "play-catalogue"):
        assert f"{source_id}: could not be fetched" in done.stdout
    assert "bundled pages, go on answering" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fly",), "invalid choice"),
        ((), "required"),
        (("crawl", "--source", "nope"), "no source 'nope' can be crawled; choose from: faq-2587"),
        (("crawl", "--base-url", "nonsense"), "expected HOST=URL"),
        (("crawl", "--budget", "-1"), "expected seconds from 1 to 86400, found '-1'"),
        (("crawl", "--budget", "nan"), "expected seconds"),
        (("crawl", "--base-url", "faq.myna.go.jp=http://[::bad"), "expected HOST=URL"),
        (("crawl", "--base-url", "faq.myna.go.jp=http://127.0.0.1:99999"), "expected HOST=URL"),
        (("status",), "run `make build`"),
    ],
)
def test_bad_usage_of_the_crawler_gets_exit_2(tmp_path: Path, arguments, words):
    done = run("crawler", *arguments, MYNA_STATE=str(tmp_path))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refresh_that_reaches_nothing_still_builds(tmp_path: Path, site: Site):
    bases = " ".join(f"{host}=http://127.0.0.1:9" for host in site.base_urls)
    done = run("crawler", "refresh", "--budget", "20", MYNA_STATE=str(tmp_path), MYNA_BASE_URLS=bases)
    assert done.returncode == 3
    assert (tmp_path / "devices.duckdb").exists()


@pytest.mark.parametrize("text", ["$(shell echo broken)", "$HOME `id` $$", 'it\'s "so"', "--help", "SH-41A"])
def test_make_check_asks_for_the_text_as_typed(text):
    asked = subprocess.run(
        [
            "make",
            "--no-print-directory",
            "-o",
            "setup",
            "-o",
            "data/devices.duckdb",
            "check",
            f"Q={text}",
            "PY=echo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert asked.stdout == f"-m explorer check -- {text}\n"
