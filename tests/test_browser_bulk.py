"""まとめて調べる in a real browser: a paste, an upload, what is saved."""

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.browser import DESK, PHONE, SIZES, serious, settled

LIST = "番号,機種名,OS\r\n1,AQUOS sense4,12\r\n2,iPhone,\r\n3,=1+1,\r\n4,,\r\n5,<b>x</b>,\r\n"


def run(page):
    page.locator(".st-key-bulk_run button").click()
    page.wait_for_selector("section[data-result]", timeout=20_000)
    return settled(page)


def upload(page, name: str, content: bytes):
    # After a switch of languages the box of the other one may still be going.
    language = page.evaluate("() => document.documentElement.lang") or "ja"
    page.locator(f".st-key-bulk_file-{language} input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    return page


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_a_paste_gets_its_answers_without_a_barrier(open_tab, size, lang):
    page = open_tab(f"/bulk?lang={lang}", size)
    page.locator(".st-key-bulk_text textarea").fill(LIST)
    page.locator(".st-key-bulk_read button").click()
    run(page)
    assert "AQUOS sense4" in page.locator("table.columns").inner_text()
    assert page.locator(".attention a").first.inner_text() == "iPhone"
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert serious(page) == []


def test_an_upload_of_excel_in_cp932_comes_back_with_its_answers(open_tab):
    page = upload(open_tab("/bulk?way=upload", DESK), "機種.csv", LIST.encode("cp932"))
    page.wait_for_selector(".st-key-bulk_run")
    assert serious(page) == []
    run(page)
    with page.expect_download() as caught:
        page.locator(".st-key-bulk_csv button").click()
    saved = list(csv.reader(io.StringIO(caught.value.path().read_bytes().decode("utf-8-sig"))))
    assert [row[:3] for row in saved[:4]] == [
        ["番号", "機種名", "OS"],
        ["1", "AQUOS sense4", "12"],
        ["2", "iPhone", ""],
        ["3", "'=1+1", ""],
    ]
    assert len(saved) == 6
    with page.expect_download() as caught:
        page.locator(".st-key-bulk_xlsx button").click()
    book = load_workbook(io.BytesIO(caught.value.path().read_bytes()))
    assert (book.active["B4"].value, book.active["B4"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00", "文字の一覧として読めません"),
        ("big.csv", b"SH-41A\n" * 900_000, "ファイルが大きすぎます"),
        ("<img src=x>.csv", b"", "中身がありません"),
    ],
    ids=["binary", "big", "empty"],
)
def test_a_bad_file_is_told_in_words(open_tab, name, content, words):
    page = upload(open_tab("/bulk?way=upload", PHONE), name, content)
    page.wait_for_selector("[role=alert]")
    assert words in page.locator("[role=alert]").first.inner_text()


def test_the_box_for_files_speaks_the_language_of_the_page(open_tab):
    page = open_tab("/bulk?way=upload")
    box = page.locator("[data-testid=stFileUploaderDropzone]")
    box.wait_for()
    assert "20MB" not in box.inner_text()
    words = "e => getComputedStyle(e, '::after').content"
    assert "ファイルを選ぶ" in box.locator("[data-testid=stMarkdownContainer]").evaluate(words)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n", b"SH-41A\n"], ids=["bad", "good"])
def test_a_file_can_be_taken_away_and_stays_when_the_language_changes(open_tab, content):
    page = upload(open_tab("/bulk?way=upload", DESK), "list.csv", content)
    if content.startswith(b"SH"):
        page.wait_for_selector(".st-key-bulk_run")
        run(page)
        page.locator(".st-key-language button").click()
        page.wait_for_function("() => document.body.innerText.includes('Rows checked: 1')")
        page.locator(".st-key-language button").click()
        page.wait_for_function("() => document.body.innerText.includes('1行を調べました')")
        upload(page, "again.csv", content)
        page.wait_for_selector("section[data-result]", state="detached")
        run(page)
    else:
        page.wait_for_selector("[role=alert]")
    page.locator("[data-testid=stFileUploader] [data-testid^=stFileChip] button").first.click()
    page.wait_for_selector("section[data-result], [role=alert], .st-key-bulk_run", state="detached")
    assert page.locator(".st-key-bulk_file-ja").count() == 1
