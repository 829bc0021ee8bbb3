"""まとめて調べる: any file that Excel writes in, an answer for every row out, nothing lost."""

import csv
import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from streamlit.testing.v1 import AppTest

from crawler.names import Capability
from crawler.sources import Folders
from explorer import bulk, bulk_input, bulk_show, sheets
from explorer.browse import write_csv
from explorer.bulk import Layout
from explorer.queries import Dataset
from explorer.sheets import MAX_BYTES, MAX_ROWS, BadFile, Sheet, read_file, read_text
from explorer.wording import LANGUAGES, load_texts, say
from explorer.xlsx import write_xlsx
from tests.test_explorer_pages import APP, HOSTILE, shown

Open = Callable[..., AppTest]
ROWS = [
    ["番号", "機種名", "OS"],
    ["1", "AQUOS sense4", "12"],
    ["2", "アクオスセンス4", ""],
    ["3", "ｶﾅ～", "①"],
]
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
AGENT = (
    "Mozilla/5.0 (Linux; Android 13; SH-41A) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)


def joined(separator: str = ",") -> str:
    return "".join(separator.join(row) + "\r\n" for row in ROWS)


def workbook(*sheets_: tuple[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets_:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def bad(content: bytes) -> str:
    with pytest.raises(BadFile) as caught:
        read_file(content)
    for language in LANGUAGES:
        assert "?" not in say(language, "bulk_bad", caught.value.code, **caught.value.values)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16", "utf-16-be-bom", "euc_jp"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_what_japanese_excel_writes_is_read(encoding: str, separator: str):
    text = joined(separator)
    content = (
        b"\xfe\xff" + text.encode("utf-16-be") if "bom" in encoding else text.encode(encoding, "replace")
    )
    expected = ROWS if encoding != "euc_jp" else ROWS[:3]
    assert read_file(content).rows[: len(expected)] == expected


def test_a_workbook_is_read_as_it_reads_in_excel():
    from datetime import datetime

    rows = [["番号", "機種名", "日"], [1.0, "SH-41A", datetime(2026, 11, 1)], [True, None, 2.5]]
    expected = [["番号", "機種名", "日"], ["1", "SH-41A", "2026-11-01"], ["TRUE", "", "2.5"]]
    content = workbook(("空", []), ("一覧", rows), ("別", [["x"]]))
    found = read_file(content)
    assert (found.rows, found.name, found.others) == (expected, "一覧", ("空", "一覧", "別"))
    assert read_file(content, "別").rows == [["x"]]
    assert read_file(content, "無い").name == "一覧"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_plain_lines_keep_their_order_and_the_empty_ones_between(end: str):
    text = end.join(["SH-41A", "", "iPhone 15, 黒", "Pixel 10", "", ""])
    assert read_text(text).rows == [["SH-41A"], [""], ["iPhone 15, 黒"], ["Pixel 10"]]


def test_user_agents_are_not_cut_at_their_own_commas_and_semicolons():
    assert read_text(f"{AGENT}\n{AGENT}\n").rows == [[AGENT], [AGENT]]
    assert read_text(f'1,"{AGENT}"\n2,"{AGENT}"\n').rows == [["1", AGENT], ["2", AGENT]]


def test_quoted_cells_may_hold_separators_lines_and_quotation_marks():
    text = '機種名,備考\n"SH-41A","a, ""b""\nc"\n"Pixel 10",x\n'
    assert read_text(text).rows == [["機種名", "備考"], ["SH-41A", 'a, "b"\nc'], ["Pixel 10", "x"]]


def test_a_mark_left_open_swallows_no_row():
    found = read_text('機種名,備考\n"SH-41A,x\nPixel 10,y\niPhone 15,z\n')
    assert len(found.rows) == 4


def test_a_mark_that_swallows_rows_is_told():
    found = read_text('name,os\n"iPhone 12,17\nPixel 6,12\niPad 10",3\nA,1\n')
    assert (len(found.rows), found.broken) == (3, (1,))


def test_a_file_may_name_its_separator_in_a_line_that_counts(data: Dataset):
    sheet = read_text("sep=;\n機種名;a,b\nSH-41A;c,d\n")
    assert sheet.rows == [["機種名", "a,b"], ["SH-41A", "c,d"]]
    (row,) = bulk.check_rows(data, sheet, Layout(True, 0), Capability.CARD_READING, "ja")
    assert row.number == 3


def test_japanese_of_e_mails_is_read_or_refused():
    assert read_file("機種名,x\nSH-41A,y\n".encode("iso2022_jp")).rows == [["機種名", "x"], ["SH-41A", "y"]]
    assert bad(b"\x1b$B\x7e\x7e\x1b(B\nSH-41A\n") == "encoding"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\n" * 4_900_000 + b"x", "rows"),
        (b" \n" * 2_490_000 + b"x", "rows"),
        (b"," * 4_900_000, "empty"),
        (b"," * 4_900_000 + b"x", "columns"),
    ],
    ids=["lines", "blanks", "commas", "cells"],
)
def test_floods_of_separators_are_refused_soon(content: bytes, code: str):
    started = time.process_time()
    assert bad(content) == code
    assert time.process_time() - started < 6


def test_empty_rows_at_the_end_are_no_rows():
    assert read_text("SH-41A,x \n" + ",,\n" * 100_000).rows == [["SH-41A", "x "]]


def test_a_row_with_too_many_cells_loses_none_and_is_told():
    found = read_text("機種名,備考\nSH-41A,x,y,z\nPixel 10,x\n")
    assert found.rows[1] == ["SH-41A", "x", "y", "z"]
    assert [len(row) for row in found.rows] == [4, 4, 4]
    assert found.uneven == (1,)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\r\n ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("\ufeff".encode("utf-16-le"), "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        (b"%PDF-1.7\n1 0 obj", "binary"),
        (b"SH-41A\x00\nPixel 10\n", "binary"),
        (b"SH-41A\x01\nPixel 10\n", "binary"),
        (bytes(range(1, 256)) * 20, "binary"),
        (b"SH-41A\n\xff\xff\xff\n" * 20, "encoding"),
        (b"\xff\xfea", "encoding"),
        (sheets.OLE + b"\x00" * 600, "old_excel"),
        (sheets.OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (zipped(readme_xml=b"x"), "zip"),
        (zipped(xl__workbook_xml=b"no xml"), "broken_xlsx"),
        (workbook(("a", [["SH-41A"]]))[:-200], "broken_xlsx"),
        (workbook(("a", [])), "empty"),
        (sheets.ZIP + b"x" * 50, "broken_xlsx"),
        (b"SH-41A\n" * (MAX_ROWS + 2), "rows"),
        (b",".join([b"x"] * 101), "columns"),
        (b"x" * (MAX_BYTES + 1), "too_big"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_cannot_be_read_whole_is_refused_in_words(content: bytes, code: str):
    assert bad(content) == code


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked():
    started = time.process_time()
    bomb = zipped(xl__workbook_xml=b"<x/>", xl__a_xml=b"0" * 70_000_000)
    assert len(bomb) < 100_000
    building = time.process_time()
    assert bad(bomb) == "too_much"
    assert time.process_time() - building < (building - started) + 0.5


def test_a_workbook_that_lies_about_its_size_is_refused():
    good = bytearray(workbook(("a", [["機種名"], ["SH-41A"]])))
    with zipfile.ZipFile(io.BytesIO(bytes(good))) as archive:
        true_size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = good.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    assert int.from_bytes(good[at : at + 4], "little") == true_size
    good[at : at + 4] = (10).to_bytes(4, "little")
    assert bad(bytes(good)) == "broken_xlsx"


def test_entities_of_a_workbook_are_not_unfolded():
    content = workbook(("a", [["機種名"], ["SH-41A"]]))
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, evil + old.read(name) if is_sheet else old.read(name))
    assert bad(out.getvalue()) == "broken_xlsx"


def test_a_far_away_cell_is_a_limit_and_no_flood():
    book = Workbook()
    book.active["A1"], book.active["A1000000"] = "SH-41A", "Pixel 10"
    out = io.BytesIO()
    book.save(out)
    assert bad(out.getvalue()) == "rows"


def test_the_limit_of_rows_is_that_of_the_page():
    assert len(read_file(b"SH-41A\n" * MAX_ROWS).rows) == MAX_ROWS
    assert len(read_file("機種名\n".encode() + b"SH-41A\n" * MAX_ROWS).rows) == MAX_ROWS + 1


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        (ROWS, Layout(True, 1, 2)),
        ([["番号", "型　番", "機種名"], ["1", "SH-41A", "x"], ["2", "SO-52A", "Pixel 10"]], Layout(True, 1)),
        ([["User Agent", "OS Version"], [AGENT, "13"]], Layout(True, 0, 1)),
        ([["1", "SH-41A"], ["2", "Pixel 10"]], Layout(False, 1)),
        ([["資産", "品"], ["1", "SH-41A"], ["2", "Pixel 10"]], Layout(True, 1)),
        ([["なぞの機種"], ["SH-41A"]], Layout(False, 0)),
        ([["機種名"]], Layout(True, 0)),
        ([["x", "y"]], Layout(False, 0)),
    ],
)
def test_the_columns_are_guessed(data: Dataset, rows: list[list[str]], layout: Layout):
    assert bulk.guess_layout(data, Sheet(rows)) == layout


def answers(data: Dataset, texts: list[str], capability: str = "card_reading", language: str = "ja"):
    sheet = Sheet([[text] for text in texts])
    return sheet, bulk.check_rows(data, sheet, Layout(False, 0), Capability(capability), language)


def test_every_row_gets_an_answer_in_its_place(data: Dataset):
    texts = ["SH-41A", "", "iPhone", "なぞのスマホX", "x" * 1001, AGENT, "SH-41A"]
    _, rows = answers(data, texts)
    assert [row.verdict.status for row in rows] == [
        *("conditional", "empty", "ambiguous", "unknown", "too_long", "conditional", "conditional")
    ]
    assert [row.number for row in rows] == list(range(1, 8))
    assert [row.number for row in bulk.to_look_at(rows)] == [3, 4, 5, 2]
    assert bulk.count_statuses(rows)["conditional"] == 3


@pytest.mark.parametrize("capability", list(Capability))
def test_the_answer_is_that_of_the_check(data: Dataset, capability: Capability):
    from explorer.check import check
    from explorer.pc import check_pc

    texts = ["SH-41A", "Pixel 10", "iPhone 15", "Windows 11", "RC-S380"]
    _, rows = answers(data, texts, capability)
    for row in rows:
        one = check(data, row.text, "", (capability,))
        if capability is Capability.PC_LOGIN:
            one = check_pc(data, row.text)
        assert row.verdict.status == one["answers"][0]["status"]


def test_an_answer_keeps_source_date_confidence_and_origin(data: Dataset):
    _, (row,) = answers(data, ["Pixel 10"], "android_certificate")
    cells = dict(zip(bulk.ADDED, row.verdict.cells, strict=True))
    assert "7261" in cells["source"]
    assert cells["source_url"].startswith("https://faq.myna.go.jp/")
    assert all(cells[name] for name in bulk.ADDED)
    assert cells["origin"] == say("ja", "ui_origin", "bundled")


def test_saved_tables_keep_columns_and_rows_and_run_no_formula(data: Dataset):
    rows = [["機種名", "備考", "備考"], *([f"{sign}1+1", f"{sign}x", "SH-41A"] for sign in FORMULA_SIGNS)]
    rows += [["SH-41A", "#N/A", "007"], ["", "\x0b", "残る"]]
    sheet, layout = Sheet(rows), Layout(True, 0)
    found = bulk.check_rows(data, sheet, layout, Capability.CARD_READING, "ja")
    header, table = bulk.result_table(sheet, layout, found, "ja")
    saved = [list(row) for row in table]
    assert header[:3] == rows[0]
    assert [row[:3] for row in saved] == rows[1:]
    content = write_csv(header, saved)
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA_SIGNS)]
    book = load_workbook(io.BytesIO(write_xlsx(header, saved)))
    types = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert types == {"s"}
    assert book.active["A2"].value == "=1+1"
    assert book.active["A2"].quotePrefix
    assert book.active["C12"].value == "SH-41A"
    assert book.active.max_row == len(rows)


def test_a_list_without_headings_gets_some(data: Dataset):
    sheet, found = answers(data, ["SH-41A"], language="en")
    header, table = bulk.result_table(sheet, Layout(False, 0), found, "en")
    assert header[0] == "Column 1"
    assert next(table)[0] == "SH-41A"


def test_equal_texts_are_looked_up_once_and_progress_is_told(data: Dataset, monkeypatch: pytest.MonkeyPatch):
    asked, told = [], []
    original = bulk.check
    monkeypatch.setattr(
        bulk, "check", lambda data, text, *rest: asked.append(text) or original(data, text, *rest)
    )
    sheet = Sheet([["SH-41A"]] * 250)
    bulk.check_rows(
        data, sheet, Layout(False, 0), Capability.CARD_READING, "ja", lambda *now: told.append(now)
    )
    assert asked == ["SH-41A"]
    assert told == [(0, 250), (100, 250), (200, 250), (250, 250)]


def test_ten_thousand_rows_take_less_than_twenty_seconds(data: Dataset):
    devices = list(data.devices.values())
    texts = [f"{devices[n % len(devices)].name} {'abcdefghij'[n % 10]}{n}" for n in range(5000)]
    texts += [AGENT.replace("130.0", f"{n}.0") for n in range(5000)]
    started = time.process_time()
    _, rows = answers(data, texts)
    assert len(rows) == 10_000
    assert time.process_time() - started < 20


def test_every_reason_for_refusing_has_words():
    assert set(load_texts("ja")["bulk_bad"]) == set(load_texts("en")["bulk_bad"])


def test_a_file_name_is_shown_short():
    assert len(bulk_show.file_name("x" * 10_000 + ".csv")) == bulk_show.LONGEST_NAME
    assert bulk_show.file_name("a\nb.csv") == "a b.csv"


@pytest.fixture
def open_bulk(built: Folders, monkeypatch: pytest.MonkeyPatch) -> Open:
    def open_bulk(**query: str) -> AppTest:
        monkeypatch.setenv("MYNA_DATABASE", str(built.database))
        app = AppTest.from_file(APP, default_timeout=30)
        for name, value in query.items():
            app.query_params[name.rstrip("_")] = value
        app.run()
        app.switch_page("views/bulk.py").run()
        assert not app.exception
        return app

    return open_bulk


def paste(app: AppTest, text: str) -> AppTest:
    app.text_area(key="bulk_text").set_value(text)
    return press(app, "bulk_read")


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_a_pasted_list_is_read_checked_and_summed_up(open_bulk: Open):
    app = paste(open_bulk(), "番号\t機種名\tOS\n1\tSH-41A\t12\n2\tiPhone\t\n3\t\t\n")
    assert "4行、3列の一覧を読みました" in shown(app)
    page = shown(press(app, "bulk_run"))
    assert "3行を調べました" in page
    assert 'href="./?q=iPhone&amp;for=card_reading"' in page
    assert [one.key for one in app.get("download_button")] == ["bulk_csv", "bulk_xlsx"]


def test_the_result_changes_its_language_with_the_page(open_bulk: Open):
    app = press(paste(open_bulk(for_="pc_login"), "Windows 11\nなぞ\n"), "bulk_run")
    app.button(key="language").click().run()
    assert not app.exception
    page = shown(app)
    assert "Rows checked: 2" in page
    assert say("en", "status", "unknown") in page
    assert app.query_params["for"] == "pc_login"


def test_another_use_asks_to_run_again(open_bulk: Open):
    app = press(paste(open_bulk(), "SH-41A\n"), "bulk_run")
    app.radio(key="bulk_for-ja").set_value("pc_login").run()
    assert "行を調べました" not in shown(app)
    assert "行を調べました" in shown(press(app, "bulk_run"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_lists_are_told_in_the_language_of_the_page(open_bulk: Open, language: str):
    app = open_bulk(lang=language)
    assert say(language, "bulk_bad", "nothing") in shown(press(app, "bulk_read"))
    assert say(language, "bulk_bad", "binary") in shown(paste(app, "SH-41A\x01"))
    assert say(language, "bulk_bad", "header_only") in shown(paste(app, "機種名"))
    assert "SH-41A" in shown(press(paste(app, "SH-41A"), "bulk_run"))


def test_what_people_paste_stays_text(open_bulk: Open):
    app = press(paste(open_bulk(), f"機種名,x\n{HOSTILE},<i>y\n"), "bulk_run")
    assert "<b>x" not in shown(app)
    assert "<img" not in shown(app)
    assert "&lt;b&gt;x&lt;/b&gt;" in shown(app)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", joined().encode("cp932", "replace")),
        ("list.xlsx", workbook(("一覧", ROWS))),
        ("renamed.csv", workbook(("一覧", ROWS))),
        ("<b>" + "x" * 200 + ".csv", joined(";").encode("utf-8-sig")),
    ],
    ids=["csv", "xlsx", "renamed", "long"],
)
def test_an_uploaded_file_is_read(open_bulk: Open, name: str, content: bytes):
    app = open_bulk(way="upload")
    app.get("file_uploader")[0].set_value((name, content, "text/csv")).run()
    assert not app.exception
    assert "4行、3列" in shown(app)
    assert "<b>xx" not in shown(app)
    assert "3行を調べました" in shown(press(app, "bulk_run"))


def test_a_sheet_of_a_workbook_can_be_chosen(open_bulk: Open):
    app = open_bulk(way="upload")
    content = workbook(("一覧", ROWS), ("別の表", [["型番"], ["SH-41A"]]))
    app.get("file_uploader")[0].set_value(("list.xlsx", content, "x")).run()
    box = next(one for one in app.selectbox if one.label == say("ja", "bulk", "sheet"))
    box.set_value("別の表").run()
    assert not app.exception
    assert "2行、1列" in shown(app)


def test_a_bad_file_is_told_and_another_one_is_read(open_bulk: Open):
    app = open_bulk(way="upload")
    app.get("file_uploader")[0].set_value(("x.csv", b"\x89PNG\r\n", "image/png")).run()
    assert say("ja", "bulk_bad", "binary") in shown(app)
    app.get("file_uploader")[0].set_value(("y.csv", b"SH-41A\n", "text/csv")).run()
    assert say("ja", "bulk_bad", "binary") not in shown(app)


def test_an_odd_link_opens_the_plain_page(open_bulk: Open):
    app = open_bulk(way="<b>", for_="everything", lang="xx")
    assert app.radio(key="bulk_way-ja").value == "paste"


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b"SH-41A\n"], ids=["bad", "good"])
def test_a_file_taken_away_takes_its_list_and_answers_with_it(open_bulk: Open, content: bytes):
    app = open_bulk(way="upload")
    box = app.get("file_uploader")[0]
    box.set_value(("x.csv", content, "text/csv")).run()
    if content.startswith(b"SH"):
        assert "1行を調べました" in shown(press(app, "bulk_run"))
    app.get("file_uploader")[0].set_value(None).run()
    assert not app.exception
    assert say("ja", "bulk_bad", "binary") not in shown(app)
    assert "行を調べました" not in shown(app)
    assert not [one for one in app.button if one.key == "bulk_run"]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b"SH-41A\n"], ids=["bad", "good"])
def test_a_file_stays_when_the_language_changes(open_bulk: Open, content: bytes):
    app = open_bulk(way="upload")
    app.get("file_uploader")[0].set_value(("x.csv", content, "text/csv")).run()
    app.button(key="language").click().run()
    assert not app.exception
    if content.startswith(b"SH"):
        assert "Rows checked: 1" in shown(press(app, "bulk_run"))
    else:
        assert say("en", "bulk_bad", "binary") in shown(app)


def test_a_file_refused_again_and_again_keeps_nothing_of_it(open_bulk: Open):
    app = open_bulk(way="upload")
    app.get("file_uploader")[0].set_value(("x.csv", b"\x89PNG\r\n", "text/csv")).run()
    app.run()
    kept = app.session_state[bulk_input.LIST]
    assert not [one for one in kept.values() if isinstance(one, BaseException)]
    assert say("ja", "bulk_bad", "binary") in shown(app)


def test_the_limit_of_rows_counts_no_heading(data: Dataset, open_bulk: Open):
    sheet = Sheet([["SH-41A"]] * (MAX_ROWS + 1))
    assert len(bulk.body_rows(sheet, has_header=True)) == MAX_ROWS
    with pytest.raises(BadFile) as caught:
        bulk.check_rows(data, sheet, Layout(False, 0), Capability.CARD_READING, "ja")
    assert caught.value.code == "rows"
    app = paste(open_bulk(), "SH-41A\n" * (MAX_ROWS + 1))
    assert say("ja", "bulk_bad", "rows", limit=MAX_ROWS) in shown(app)
    app.checkbox[0].check().run()
    assert say("ja", "bulk_bad", "rows", limit=MAX_ROWS) not in shown(app)


def test_the_day_of_the_fetch_is_that_in_japan(data: Dataset):
    proof = {
        "source_id": "faq-7261",
        "url": "https://x/",
        "origin": "live",
        "fact": None,
        "fetched_at": "2026-11-01T16:30:00Z",
    }
    assert bulk._evidence(data, [proof], "ja")["fetched_on"] == "2026-11-02"


def test_answers_stay_until_the_inputs_change(built: Folders, open_bulk: Open, tmp_path, monkeypatch):
    import duckdb

    live = tmp_path / "devices.duckdb"
    live.write_bytes(built.database.read_bytes())
    app = open_bulk()
    monkeypatch.setenv("MYNA_DATABASE", str(live))
    press(paste(app, "SH-41A\n"), "bulk_run")
    for key, is_kept in (("built_at", True), ("inputs", False)):
        with duckdb.connect(str(live)) as con:
            con.execute("UPDATE meta SET value = '2030-01-01T00:00:00+00:00' WHERE key = ?", [key])
        app.run()
        assert not app.exception
        assert ("1行を調べました" in shown(app)) is is_kept
