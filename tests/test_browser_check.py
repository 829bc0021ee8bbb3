"""調べる and パソコン in a real browser, on a phone and on a desk."""

import pytest

from explorer.wording import say
from tests.browser import DESK, PHONE, SIZES, serious, settled


def checked(page, text):
    """Type a text and press Enter; return the card."""
    page.locator(".st-key-q input").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-result]")
    return page.locator("[data-result]")


@pytest.mark.parametrize("size", SIZES)
def test_a_link_opens_its_answer(open_tab, size):
    page = open_tab("/?q=SH-41A", size)
    assert "AQUOS sense4" in page.locator("[data-result]").inner_text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", ["AQUOS sense4", "アクオスセンス4", "ｓｈ－４１ａ"])
def test_name_kana_and_number_are_answered(open_tab, size, text):
    page = open_tab("/", size)
    checked(page, text)
    page.wait_for_selector("[data-result] h2:has-text('AQUOS sense4')")
    page.wait_for_function("() => location.search.startsWith('?q=')")


def test_devices_are_offered_while_typing(open_tab):
    page = open_tab("/")
    page.locator(".st-key-q input").press_sequentially("センス4")
    offered = page.locator(".st-key-suggestions button")
    offered.first.wait_for()
    assert "AQUOS sense4" in offered.first.inner_text()
    assert page.locator("[data-result]").count() == 0
    offered.first.click()
    page.wait_for_selector("[data-result] h2:has-text('AQUOS sense4')")


def test_an_unclear_text_becomes_buttons(open_tab):
    page = open_tab("/?q=Xperia")
    page.locator("[class*='st-key-candidate-'] button").first.click()
    page.wait_for_selector("[data-result] h2:has-text('Xperia')")


def test_an_unknown_device_leads_to_the_steps(open_tab):
    page = open_tab("/")
    assert "機種がわかりません" in checked(page, "まだないもの").inner_text()
    page.wait_for_selector("h2:has-text('機種名や型番の調べ方')")


@pytest.mark.parametrize("size", SIZES)
def test_the_keyboard_alone_is_enough(open_tab, size):
    page = open_tab("/", size)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('.st-key-q input')"):
            break
    page.keyboard.type("SH-41A")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-result] h2:has-text('AQUOS sense4')")
    page.wait_for_function("() => document.activeElement.matches('[data-result]')")


def test_a_suggestion_can_be_taken_by_keyboard(open_tab):
    page = open_tab("/")
    page.locator(".st-key-q input").focus()
    page.keyboard.type("アクオスセンス4")
    page.locator(".st-key-suggestions button").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-result] h2:has-text('AQUOS sense4')")


def test_the_language_switch_keeps_the_answer(open_tab):
    page = open_tab("/?q=SH-41A")
    page.locator(".st-key-language button").click()
    page.wait_for_selector("[data-result] h3:has-text('Why')")
    assert "q=SH-41A" in page.url
    assert "lang=en" in page.url


def test_the_address_is_copied_and_opens_the_same_answer(open_tab):
    page = open_tab("/?q=SH-41A&os=Android+12", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-copy]").click()
    page.wait_for_selector(".share .said:has-text('コピーしました')")
    address = page.evaluate("() => navigator.clipboard.readText()")
    card = page.locator(".verdict").inner_text()
    page.goto(address)
    settled(page)
    assert page.locator(".verdict").inner_text() == card
    assert "お使いのOS: Android 12" in page.locator("[data-result]").inner_text()


def test_a_code_to_scan_is_drawn(open_tab):
    page = open_tab("/?q=SH-41A")
    page.locator(".share summary").click()
    code = page.locator("img.code")
    assert code.get_attribute("alt")
    assert page.evaluate("() => document.querySelector('img.code').naturalWidth") > 100


def test_on_paper_stands_the_card_alone_in_black(open_tab):
    page = open_tab("/?q=SH-41A", DESK)
    page.evaluate("() => { window.print = () => { window.isPrinted = true; }; }")
    page.locator("[data-print]").click()
    assert page.evaluate("() => window.isPrinted")
    page.emulate_media(media="print")
    assert page.locator("[data-result]").is_visible()
    assert "印刷した日" in page.locator(".on-paper").inner_text()
    assert "q=SH-41A" in page.locator(".on-paper").inner_text()
    for hidden in (".st-key-menu", ".st-key-q", ".share", ".tips", "footer.data"):
        assert not page.locator(hidden).is_visible()
    verdict = "getComputedStyle(document.querySelector('.verdict'))"
    assert page.evaluate(f"() => [{verdict}.color, {verdict}.backgroundColor]") == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]


@pytest.mark.parametrize("size", SIZES)
def test_a_pc_is_answered_by_choices(open_tab, size):
    page = open_tab("/pc", size)
    page.locator("label:has-text('Windows 11')").click()
    page.locator("label:has-text('Edge')").click()
    page.locator("label:has-text('ICカードリーダー')").first.click()
    box = page.locator(".st-key-pc-reader input")
    box.fill("RC-S380")
    box.press("Enter")
    page.locator(".st-key-ask-pc button").click()
    page.wait_for_selector("[data-result]:has-text('PaSoRi RC-S380')")
    page.wait_for_function("() => location.search.includes('reader=RC-S380')")
    page.reload()
    settled(page)
    assert "PaSoRi RC-S380" in page.locator("[data-result]").inner_text()


PATHS = ["/", "/?q=SH-41A", "/?q=Xperia", "/?q=Windows+11", "/browse", "/pc", "/pc?os=Mac&phone=sense4"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_serious_barrier(open_tab, size, language):
    found = {}
    for path in PATHS:
        mark = "&" if "?" in path else "?"
        found[path] = serious(open_tab(f"{path}{mark}lang={language}", size))
    assert found == {path: [] for path in PATHS}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_small_phone(open_tab, path):
    page = open_tab(path, PHONE)
    assert page.evaluate("() => document.querySelector('.stMain').scrollWidth") <= PHONE["width"]


def test_who_types_on_is_not_taken_away_by_the_answer(open_tab):
    page = open_tab("/")
    page.goto(page.url + "?q=SO-52A")
    page.wait_for_selector("[data-result]")
    box = page.locator(".st-key-q input")
    box.fill("SH-41A")
    page.wait_for_selector(".st-key-suggestions button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-result] h2:has-text('AQUOS sense4')")


@pytest.mark.parametrize("path", ["/", "/help", "/browse", "/pc"])
def test_the_page_says_its_language_to_a_screen_reader(open_tab, path):
    page = open_tab(path)
    page.wait_for_function("() => document.documentElement.lang === 'ja'")
    page.get_by_role("button", name="English").click()
    page.wait_for_function("() => document.documentElement.lang === 'en'")


@pytest.mark.parametrize("path", ["/nosuch", "/check_device", "/%E3%81%82%20%3Cb%3E", "/%E3%80%80"])
def test_an_unknown_address_says_so_and_leads_to_the_first_page(open_tab, path):
    page = open_tab(path)
    if path != "/%E3%80%80":  # blanks alone are the first page itself
        page.get_by_role("heading", name=say("ja", "ui", "page_unknown")).wait_for()
        page.get_by_role("link", name=say("ja", "ui", "page_unknown_start")).click()
    page.get_by_role("heading", name=say("ja", "ui_check", "heading")).wait_for()


def test_an_unknown_address_is_told_in_english_too_without_a_barrier(open_tab):
    page = open_tab("/nosuch?lang=en")
    page.get_by_role("heading", name=say("en", "ui", "page_unknown")).wait_for()
    assert page.get_by_role("dialog").count() == 0
    assert serious(page) == []
