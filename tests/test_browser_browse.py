"""一覧 and 更新履歴 in a real browser: barriers, counts that keep choices, a new build under an open page."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import TimeoutError as TooLate

from crawler.sources import Folders
from tests.browser import CHROMIUM, DESK, SIZES, explorer, need_for_pages, serious, settled
from tests.nights import make_nights

SHOWN = {
    "list": "/browse?find=AQUOS",
    "filtered": "/browse?maker=sharp&status=conditional",
    "charts": "/browse?charts=1&find=nothing",
    "device": "/browse?device=CPH2737",
    "no_device": "/browse?device=nothing",
    "changes": "/changes",
}
MAIN = "document.querySelector('[data-testid=stMain]')"
WIDER = f"() => {MAIN}.scrollWidth - {MAIN}.clientWidth"


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    return make_nights(Folders(state=tmp_path_factory.mktemp("nights")))


@pytest.fixture(scope="module")
def nights_url(nights: Folders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    need_for_pages(CHROMIUM, "Chromium")
    with explorer(nights.database) as url:
        yield url


@pytest.fixture
def open_night(nights_url: str, open_url: Callable[..., Any]) -> Callable[..., Any]:
    # The nights come first: no crawl runs beside an open browser.
    return lambda path, *size, url=nights_url: open_url(url + path, *size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", SHOWN.values(), ids=SHOWN)
def test_no_serious_barrier_and_nothing_wider_than_the_screen(open_night, path, language, size):
    page = open_night(f"{path}{'&' if '?' in path else '?'}lang={language}", size)
    assert serious(page) == []
    assert page.evaluate(WIDER) <= 0


def choose(page: Any, box: str, name: str) -> list[str]:
    """Choose an option of a list and return all it offers; a rerun still under way may close it again."""
    option = page.get_by_role("option", name=name).first
    for _ in range(5):
        settled(page).get_by_role("combobox", name=box).click()
        with contextlib.suppress(TooLate):
            option.wait_for(timeout=3_000)
            offered = page.get_by_role("option").all_inner_texts()
            option.click(timeout=3_000)
            return offered
        page.keyboard.press("Escape")
    raise AssertionError(f"{box} does not offer {name}")


def test_choices_stay_while_their_counts_change(open_night):
    page = open_night("/browse?maker=sharp", DESK)
    page.get_by_text("しぼりこむ", exact=True).click()
    offered = choose(page, "携帯電話会社", "au")
    assert not [one for one in offered if "Select all" in one]
    page.wait_for_function("() => location.search.includes('carrier=au')")
    settled(page)
    page.get_by_text("しぼりこみ中").wait_for()
    chosen = page.get_by_text("しぼりこみ中").inner_text()
    assert "シャープ" in chosen
    assert "au" in chosen
    count = page.locator("caption").inner_text().split("件")[0]
    assert page.locator("[data-testid=stMultiSelect]").first.inner_text().count(f"シャープ（{count}件）") == 1


def test_a_device_leads_to_its_answer_and_back_to_the_filtered_list(open_night):
    page = open_night("/browse?find=AQUOS+sense8")
    page.get_by_role("link", name="AQUOS sense8").first.click()
    page.get_by_role("heading", name="シャープ AQUOS sense8").wait_for()
    settled(page).get_by_role("link", name="一覧に戻る").click()
    page.get_by_text("しぼりこみ中").wait_for()
    assert settled(page).get_by_role("textbox", name="機種名か型番の一部").input_value() == "AQUOS sense8"
    page.get_by_role("link", name="AQUOS sense8").first.click()
    page.get_by_role("link", name="理由と、次にすることを見る").first.click()
    page.locator("[data-result]").get_by_text("AQUOS sense8").first.wait_for()


@pytest.mark.parametrize("kind", ["CSV", "Parquet"])
def test_what_is_filtered_is_saved(open_night, kind):
    page = open_night("/browse?maker=sharp")
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    content = Path(download.value.path()).read_bytes()
    assert content[:4] == (b"PAR1" if kind == "Parquet" else b"\xef\xbb\xbf" + "メ".encode()[:1])


def test_a_new_build_shows_under_an_open_page(open_night, built: Folders, nights: Folders, tmp_path: Path):
    path, beside = tmp_path / "live.duckdb", tmp_path / "beside"
    shutil.copy(built.database, path)
    with explorer(path) as url:
        page = open_night("/changes", url=url)
        page.get_by_text("まだ変化の記録はありません").wait_for()
        shutil.copy(nights.database, beside)
        beside.replace(path)
        page.get_by_role("button", name="English").click()
        page.get_by_text("3 changes").wait_for()
        assert page.locator("[data-testid=stException]").count() == 0
