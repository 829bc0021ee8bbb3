"""On another site, in a real browser: the light page in a frame, the badge, and what must not be framed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer.wording import LANGUAGES
from tests.browser import DESK, PHONE, SIZES, serious
from tests.conftest import Site

DOCS = (Path(__file__).parent.parent / "docs/embed.md").read_text(encoding="utf-8")
LINES = re.findall(r"```html\n(.*?)\n```", DOCS, re.DOTALL)
CHECKER = "https://checker.example"
FRAME = "src => document.body.append(Object.assign(document.createElement('iframe'), {src}))"


@pytest.fixture
def town(site: Site, browser: Any, explorer_url: str) -> Iterator[Callable[..., Any]]:
    """Open a page of a site of another origin, with this HTML in it."""
    pages = []

    def open_page(html: str, size: dict[str, int] = PHONE) -> Any:
        body = f'<!doctype html><html lang="ja"><title>町のページ</title><h1>町のページ</h1>{html}'
        site.page_at("/", body.replace(CHECKER, explorer_url))
        page = browser.new_page(viewport=size, locale="ja-JP")
        pages.append(page)
        page.goto(site.url.replace("127.0.0.1", "localhost"))
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.mark.parametrize("size", SIZES)
def test_the_line_of_the_docs_asks_and_answers_within_another_site(town, explorer_url: str, size):
    page = town(LINES[0], size)
    frame = page.frame_locator("iframe[title='マイナポータル対応機種チェック']")
    frame.locator("#q").fill("アクオスセンス4")
    frame.locator("button").click()
    assert "AQUOS sense4" in frame.locator("[data-result]").inner_text()
    assert frame.locator("body").evaluate("body => body.scrollWidth <= innerWidth")
    frame.locator("ul.others a").first.click()
    frame.locator("#for").filter(has=frame.locator("option[value=android_certificate]:checked")).wait_for()
    frame.locator("header a").click()
    frame.locator("html[lang=en] [data-result]").wait_for()
    assert page.title() == "町のページ"
    frame.locator("footer a").click()
    page.wait_for_url(f"{explorer_url}/**")


def test_a_frame_with_a_sandbox_works_as_the_docs_say(town):
    allowed = re.search(r"`sandbox` needs `([a-z -]+)`", DOCS)[1]
    page = town(LINES[0].replace("<iframe ", f'<iframe sandbox="{allowed}" '))
    frame = page.frame_locator("iframe")
    frame.locator("#q").fill("SH-41A")
    frame.locator("button").click()
    frame.locator("[data-result]").wait_for()


def test_only_the_light_page_may_be_framed(town, explorer_url: str):
    refused: list[str] = []
    page = town("")
    page.on("console", lambda message: refused.append(message.text))
    for path in ("/", "/pc", "/help", "/api/v1/check?q=SH-41A"):
        refused.clear()
        with page.expect_event("console", lambda message: "frame-ancestors" in message.text):
            page.evaluate(FRAME, explorer_url + path)
        assert any("frame-ancestors" in text for text in refused), path


def test_the_badge_of_the_docs_is_shown_on_another_site_and_leads_to_the_answer(town):
    page = town(LINES[1])
    picture = page.locator("img")
    page.wait_for_function("() => document.images[0].complete")
    assert picture.evaluate("image => image.naturalWidth") > 100
    picture.click()
    page.locator("[data-result]").wait_for()


def test_the_letters_of_a_badge_are_about_as_wide_as_was_reckoned(town, explorer_url: str):
    page = town("")
    for language in LANGUAGES:
        page.goto(f"{explorer_url}/badge/SH-41A.svg?lang={language}")
        shares = page.evaluate(
            "() => [...document.querySelectorAll('text')].map(text => {"
            " const said = +text.getAttribute('textLength'); text.removeAttribute('textLength');"
            " return text.getComputedTextLength() / said; })"
        )
        assert len(shares) == 4
        assert [share for share in shares if not 0.8 < share < 1.15] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_light_page_and_its_answer_are_accessible(open_url, explorer_url: str, language: str):
    for query in ("", "q=SH-41A&"):
        page = open_url(f"{explorer_url}/lite?{query}lang={language}", PHONE, bypass_csp=True)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            assert serious(page) == [], (query, size)
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (query, size)
