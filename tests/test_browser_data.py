"""データ in a real browser: the SQL box, the result, the refusals."""

import pytest

from tests.browser import PHONE, SIZES, serious, settled


def ask(page, sql: str):
    page.locator(".st-key-sql textarea").fill(sql)
    page.locator(".st-key-run_sql button").click()
    page.wait_for_selector("[data-result]", timeout=20_000)
    return settled(page)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_an_example_runs_without_a_barrier(open_tab, size, lang):
    page = open_tab(f"/data?ready=by_maker&lang={lang}", size)
    page.locator(".st-key-run_sql button").click()
    page.wait_for_selector("[data-result]", timeout=20_000)
    settled(page)
    assert "シャープ" in page.locator(".scroll").inner_text()
    page.locator("details.words summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert serious(page) == []


def test_a_typed_query_is_answered_as_text(open_tab):
    page = ask(open_tab("/data"), "SELECT '<b>x</b>' AS bold, 42 AS answer")
    assert "<b>x</b>" in page.locator(".scroll").inner_text()
    assert "42" in page.locator(".scroll").inner_text()


@pytest.mark.parametrize(
    "sql", ["COPY meta TO '/tmp/x'", "FROM read_csv('/etc/passwd')", "SELECT 1; SELECT 2"]
)
def test_a_way_out_is_refused_in_words(open_tab, sql):
    page = ask(open_tab("/data", PHONE), sql)
    assert page.locator("[role=alert] .error").count() == 1
    assert page.locator(".scroll").count() == 0
    assert serious(page) == []


def test_the_result_is_saved(open_tab):
    page = ask(open_tab("/data"), "SELECT '=1+1' AS formula, -1 AS number")
    with page.expect_download() as caught:
        page.locator(".st-key-sql_csv button").click()
    saved = caught.value.path().read_bytes().decode("utf-8-sig")
    assert saved.splitlines() == ["formula,number", "'=1+1,-1"]
