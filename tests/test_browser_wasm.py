"""docs/wasm in a real browser: the published Parquet file, checked, searched and queried in the page."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest

from crawler.names import match_key
from crawler.sources import Folders
from tests.browser import DESK, PHONE, serious
from tests.test_sql import TEXTS
from tests.wasm import PAGE, VENDOR, WORDS, need_vendor, serving_folder, words_js

HOSTILE = "<img src=x onerror=document.title='hit'>"
ANSWERED = "#problem:not([hidden]), [data-step=ready]:not([hidden])"


@pytest.fixture(scope="module")
def place(built: Folders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page beside an exports folder, and below `store/` a published version with a hostile name in it."""
    place = tmp_path_factory.mktemp("published")
    for file in PAGE.iterdir():
        if file.name != "node_modules":
            (place / file.name).symlink_to(file)
    for name in ("index.json", "compat.parquet"):
        (place / name).write_bytes((built.exports / name).read_bytes())
    for name in ("store", "spoiled"):
        publish(built, place / name)
    spoiled = place / "spoiled/versions/7/compat.parquet"
    spoiled.write_bytes(spoiled.read_bytes()[:-1] + b"\0")
    return place


def publish(built: Folders, folder: Path) -> None:
    """Write `versions/7/compat.parquet` and the pointer to it, as a published place has them."""
    file = folder / "versions/7/compat.parquet"
    file.parent.mkdir(parents=True)
    sql = (
        f"SELECT * REPLACE (if(device_id = 'SO-52A', $1, name) AS name) FROM '{built.exports}/compat.parquet'"
    )
    with duckdb.connect() as con:
        con.execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)", [HOSTILE])
    content = file.read_bytes()
    about = {
        "path": "versions/7/compat.parquet",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (folder / "latest.json").write_text(json.dumps({"version": "7", "files": {"compat.parquet": about}}))


@pytest.fixture(scope="module")
def url(place: Path) -> Iterator[str]:
    need_vendor()
    with serving_folder(place) as url:
        yield url


@pytest.fixture(scope="module")
def open_data(browser: Any, url: str) -> Iterator[Any]:
    """Open the page in a tab; `.asked` of what is returned are the hosts that it asked."""
    contexts = []

    def open_data(query: str = "", size: dict[str, int] = PHONE, **options: Any) -> Any:
        contexts.append(browser.new_context(viewport=size, locale="ja-JP", **options))
        page = contexts[-1].new_page()
        page.asked = set()
        page.on("request", lambda request: page.asked.add(urlsplit(request.url).netloc))
        page.goto(f"{url}/index.html{query}")
        page.wait_for_selector(ANSWERED, timeout=60_000)
        return page

    yield open_data
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def exported(open_data: Any) -> Any:
    """The page on the exports beside it; axe-core is put into it, which its policy would not let in."""
    return open_data("?q=ｓｈ－４１ａ", bypass_csp=True)


def run(page: Any, sql: str) -> None:
    page.fill("#sql", sql)
    page.click("#query button")
    page.wait_for_selector("#query button:enabled")


def test_a_device_is_found_and_asked_by_sql_without_any_other_host(exported: Any, url: str):
    page = exported
    card = page.locator("article[data-device='SH-41A']")
    card.wait_for()
    assert "AQUOS sense4" in card.locator("h3").inner_text()
    assert "一覧にありません not_listed" in card.inner_text()
    assert "公式ページの写しではありません" in card.inner_text()
    assert "使えます supported" not in card.inner_text()
    assert set(page.locator("#sources li").evaluate_all("all => all.map(one => one.dataset.origin)")) == {
        "bundled"
    }
    assert "ページの日付 2025-10-01、作成" in page.locator("#sources").inner_text()
    page.click("#query button")
    page.wait_for_selector("#result table")
    assert "android_certificate\tnot_listed\tbundled" in page.locator("#result").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == []
    assert page.asked == {urlsplit(url).netloc}


def test_the_table_is_the_exported_one_cell_by_cell(exported: Any, built: Folders):
    page = exported
    sums = (
        "count(*) AS n, md5(string_agg(c::VARCHAR, '|' ORDER BY device_id, capability, model_number)) AS sum"
    )
    run(page, f"SELECT {sums} FROM compat c")
    with duckdb.connect() as con:
        found = con.execute(f"SELECT {sums} FROM '{built.exports}/compat.parquet' c").fetchall()
        expected = [str(cell) for cell in found[0]]
    assert page.locator("#result td").all_inner_texts() == expected
    run(page, "FROM read_csv('https://example.com/x.csv')")
    assert "disabled by configuration" in page.locator("#sql-problem").inner_text()
    run(page, "SELECT '<b>x</b>' AS bold, NULL AS nothing")
    assert page.locator("#result td").all_inner_texts() == ["<b>x</b>", "NULL"]


def test_a_device_that_is_not_found_gets_no_verdict(exported: Any):
    exported.fill("#q", "-")
    exported.press("#q", "Enter")
    exported.get_by_text("2文字以上入力してください").wait_for()
    exported.fill("#q", "そんな機種はない")
    exported.press("#q", "Enter")
    exported.get_by_text("使えないという意味ではありません").wait_for()
    assert exported.locator("article").count() == 0


def test_a_published_version_is_read_through_its_pointer_and_names_stay_text(open_data: Any):
    page = open_data("?data=store&q=SO-52A&lang=en", DESK)
    card = page.locator("article[data-device='SO-52A']")
    card.wait_for()
    assert HOSTILE in card.locator("h3").inner_text()
    assert page.locator("article img").count() == 0
    assert page.title() != "hit"
    assert "It works if conditions are met conditional" in card.inner_text()
    assert page.locator("#place").inner_text().endswith("/store/versions/7/compat.parquet 7")
    assert "機種を探す" not in page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("folder", "problem"), [("spoiled", "bad_checksum"), ("nowhere", "no_data"), ("elsewhere", "no_data")]
)
def test_data_that_are_missing_changed_or_of_another_host_are_not_used(
    open_data: Any, place: Path, folder: str, problem: str
):
    with serving_folder(place / "store") as elsewhere:
        page = open_data(f"?q=SO-52A&data={elsewhere if folder == 'elsewhere' else folder}")
        assert page.locator(f"[data-problem={problem}]").is_visible()
        assert page.locator("article").count() == 0
        assert page.locator("button:enabled").count() == 0


def test_the_key_of_the_page_is_the_key_of_the_build(open_data: Any):
    page = open_data("?data=nowhere")
    letters = [chr(code) for code in range(1, 0x10000) if code < 0x3400 or code > 0xD7A3 or code % 97 == 0]
    letters = [one for one in letters if unicodedata.category(one) not in ("Cn", "Cs", "Co")]
    texts = [*TEXTS, *letters, *(f"ア{one}ー1" for one in letters)]
    assert len(texts) > 20_000
    script = "async all => all.split('\\ue000').map((await import('./fold.js')).matchKey).join('\\ue000')"
    keys = page.evaluate(script, "\ue000".join(texts)).split("\ue000")
    assert [(text, key) for text, key in zip(texts, keys, strict=True) if key != match_key(text)] == []


def test_the_words_of_the_page_are_those_of_the_explorer():
    assert WORDS.read_text(encoding="utf-8") == words_js(), "run `python -m tests.wasm`"


def test_the_page_allows_no_script_and_no_host_but_its_own():
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; " in page
    assert "connect-src 'self';" in page
    assert page.count("<script") == 1
    for file in PAGE.glob("*.js"):
        assert "innerHTML" not in file.read_text(encoding="utf-8")


def test_every_library_of_the_page_is_pinned_and_none_is_committed():
    package = json.loads((PAGE / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert len(versions) > 3
    assert all(version.replace(".", "").isdigit() for version in versions)
    assert not (PAGE / "package-lock.json").exists()
    ignored = (PAGE.parent.parent / ".gitignore").read_text()
    assert f"/docs/wasm/{VENDOR.name}/" in ignored
    assert "/docs/wasm/node_modules/" in ignored
