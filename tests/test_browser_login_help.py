"""ログインできないとき in a real browser, on a phone and on a desk."""

import contextlib
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import TimeoutError as TooLong

from explorer.help_flow import load_screens
from explorer.wording import LANGUAGES, load_texts, say
from tests.browser import PHONE, SIZES, serious, settled

TITLES, LABELS = (load_texts("ja")[table] for table in ("help_title", "help_choice"))
PATHS = {
    "private mode": ("browser", "private", "private_phone", "safari_phone"),
    "in-app browser": ("browser", "in_app"),
    "device": ("device",),
    "expired": ("expiry", "expiry_ended"),
    "locked PIN at a store": ("pin_which", "pin_login", "pin_login_locked", "store_login"),
    "locked PIN at the counter": ("pin_which", "pin_sign", "counter"),
    "error code": ("code",),
    "site": ("site",),
    "reading": ("read", "read_android"),
    "app": ("app", "app_both"),
    "phone": ("phone", "phone_new"),
    "way out": ("way_out",),
    "telephone": ("helpline",),
    "fraud": ("fraud",),
    "one after the other": (
        *("walk_site", "walk_private", "walk_in_app", "walk_device", "walk_expiry"),
        *("walk_pin", "walk_read", "walk_code", "walk_busy", "way_out"),
    ),
}


def at_of(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("at", ["start"])[0]


def go_to(page: Any, label: str, screen: str) -> None:
    settled(page)
    link = page.locator("[class*='st-key-help_']").get_by_role("link", name=label, exact=True).first
    heading = page.get_by_role("heading", name=TITLES[screen], exact=True)
    link.click()
    # On a machine at its limit a press can fall between two drawings of the page: a person presses again.
    with contextlib.suppress(TooLong):
        heading.wait_for(timeout=15_000)
    if at_of(page.url) != screen:
        link.click()
    heading.wait_for()
    settled(page)
    page.wait_for_url(lambda url: at_of(url) == screen)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PATHS)
def test_each_path_is_walked_by_its_buttons_to_an_end(open_tab, name, size):
    page, here = open_tab("/help", size), load_screens()["start"]
    for screen in PATHS[name]:
        choice = next(one for one in here.choices if one.to == screen)
        go_to(page, LABELS.get(choice.label) or TITLES[choice.label], screen)
        here = load_screens()[screen]
    assert page.get_by_role("heading", name=say("ja", "help", "steps")).first.is_visible()


def test_the_way_back_is_the_way_one_came(open_tab):
    page = open_tab("/help?at=walk_private")
    go_to(page, LABELS["yes_unsure"], "private")
    go_to(page, LABELS["private_pc"], "private_pc")
    go_to(page, say("ja", "help", "back"), "private")
    go_to(page, say("ja", "help", "back"), "walk_private")
    page.go_back()
    page.get_by_role("heading", name=TITLES["private"], exact=True).wait_for()
    assert at_of(page.url) == "private"


@pytest.mark.parametrize("size", SIZES)
def test_a_new_screen_begins_at_its_top(open_tab, size):
    page = open_tab("/help", size)
    go_to(page, LABELS["fraud"], "fraud")
    page.wait_for_function("() => document.activeElement?.matches('h1[data-result]')")
    box = page.locator("h1").bounding_box()
    assert 0 <= box["y"] < size["height"] / 2


def test_the_language_keeps_the_screen(open_tab):
    page = open_tab("/help?at=pin_which")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name=load_texts("en")["help_title"]["pin_which"]).wait_for()
    assert at_of(page.url) == "pin_which"
    page.get_by_role("link", name=load_texts("en")["help_choice"]["pin_other"], exact=True).click()
    page.get_by_role("heading", name=load_texts("en")["help_title"]["pin_other"], exact=True).wait_for()
    assert "lang=en" in page.url


@pytest.mark.parametrize("size", SIZES)
def test_the_calculator_answers_and_nothing_typed_is_in_the_url(open_tab, size):
    page = open_tab("/help?at=expiry_calculate", size)
    page.get_by_label(say("ja", "help_expiry", "birth")).fill("昭和25年3月5日")
    page.get_by_label(say("ja", "help_expiry", "printed")).fill("2026/3/5")
    page.keyboard.press("Enter")
    page.locator("[data-result].card").wait_for()
    assert "2021年3月5日まで" in page.locator(".card").inner_text()
    assert urlsplit(page.url).query == "at=expiry_calculate"
    stored = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert not re.search("昭和25|1950|2026/3", stored)


def test_a_changed_date_takes_the_answer_away_until_it_is_asked_for_again(open_tab):
    page = open_tab("/help?at=expiry_calculate")
    birth, printed = (page.get_by_label(say("ja", "help_expiry", name)) for name in ("birth", "printed"))
    birth.fill("1950/3/5")
    printed.fill("2026/3/5")
    page.keyboard.press("Enter")
    card, changed = page.locator("[data-result].card"), page.get_by_text(say("ja", "help_expiry", "changed"))
    card.wait_for()
    assert not changed.is_visible()
    printed.press_sequentially("0")
    changed.wait_for()
    card.wait_for(state="hidden")
    printed.press("Backspace")
    page.get_by_role("button", name=say("ja", "help_expiry", "submit")).click()
    card.wait_for()
    changed.wait_for(state="hidden")


def test_the_check_is_one_step_away_for_devices(open_tab):
    page = open_tab("/help?at=device")
    ways = page.locator(".st-key-help_go")
    ways.get_by_role("link", name=say("ja", "ui", "page_check"), exact=True).click()
    page.get_by_role("heading", name=say("ja", "ui_check", "heading")).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_no_serious_barrier_and_nothing_wider_than_the_screen(open_tab, size, language):
    page = open_tab(f"/help?lang={language}", size)
    for screen in ("start", "pin_which", "store_login", "site", "code", "expiry_calculate"):
        page.goto(f"{page.url.split('?')[0]}?at={screen}&lang={language}")
        settled(page)
        assert serious(page) == [], screen
        assert page.evaluate("() => document.documentElement.scrollWidth") <= size["width"]


def test_buttons_are_large_enough_for_a_thumb(open_tab):
    page = open_tab("/help", PHONE)
    boxes = [one.bounding_box() for one in page.locator(".st-key-help_choices a").all()]
    assert len(boxes) == len(load_screens()["start"].choices)
    assert min(box["height"] for box in boxes) >= 44
    assert min(box["width"] for box in boxes) >= 300
