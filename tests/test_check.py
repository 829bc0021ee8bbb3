"""調べる, この端末を調べる, パソコン: their logic, without a browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from crawler.names import Platform
from explorer.agent import read_agent
from explorer.own_device import read_browser
from explorer.queries import Dataset
from explorer.share import LONGEST, code_svg, full_address, share_box
from explorer.tips import reading_tips
from explorer.typeahead import SHOWN, suggest
from explorer.wording import LANGUAGES, load_texts, say
from tests import browser_agents as agents
from tests.app import shown

HOSTILE = '<b>x</b> [a](javascript:1) $x$ <img src=x onerror="alert(1)">'
LONGEST_SENTENCE = 60
# Tables of the texts that the check page shows.
CHECK_TABLES = (
    "status", "capability", "form_factor", "interface", "reason", "step", "gloss", "ui", "ui_check",
    "ui_find", "ui_suggest", "ui_os_find", "ui_share", "ui_tips", "ui_pc_link", "ui_pc", "ui_this",
)  # fmt: skip


def card(app: AppTest) -> str:
    return next((block.value for block in app.html if 'class="card' in block.value), "")


def suggestions(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("suggestion-")]


# While typing


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sense4", "AQUOS sense4"),
        ("センス4", "AQUOS sense4"),
        ("あくおす", "AQUOS"),
        ("アクオ", "AQUOS"),
        ("ｓｈ－４１", "AQUOS sense4"),
        ("SH-M15", "AQUOS sense4"),
        ("galxy s2", "Galaxy S2"),
        ("ぴくせる", "Pixel"),
        ("iphone 1", "iPhone 1"),
        ("らくらく", "らくらく"),
    ],
)
def test_an_unfinished_text_offers_devices(data: Dataset, typed: str, name: str):
    found = suggest(data, typed)
    assert found
    assert name in found[0].label
    assert len(found) <= SHOWN


@pytest.mark.parametrize("typed", ["", " ", "x", "たぶんないもの", "!!!", "\x00", "' OR 1", "%" * 5_000])
def test_a_text_near_to_nothing_offers_nothing_and_does_not_fail(data: Dataset, typed: str):
    assert suggest(data, typed) == []


def test_each_offered_text_finds_its_own_device(data: Dataset):
    from explorer.lookup import find

    for typed in ("sense", "iphone", "xperia", "pixel", "galaxy", "oppo"):
        for one in suggest(data, typed):
            assert find(data.index, one.text).device_id == one.device_id


def test_no_answer_stands_under_a_text_that_was_not_asked(open_page):
    app = open_page(q="iPhone 15")
    assert card(app)
    app.text_input(key="q").set_value("sense").run()
    assert not card(app)
    assert any("AQUOS sense" in label for label in suggestions(app))
    assert app.query_params["q"] == "iPhone 15"
    app.text_input(key="q").set_value("iPhone 15").run()
    assert card(app)
    assert suggestions(app) == []


def test_a_pressed_suggestion_is_checked(open_page):
    app = open_page()
    app.text_input(key="q").set_value("アクオスセンス4").run()
    app.button(key="suggestion-SH-41A").click().run()
    assert app.query_params["q"] == app.text_input(key="q").value == "AQUOS sense4"
    assert "<h2>シャープ AQUOS sense4</h2>" in card(app)


def test_free_text_is_always_possible(open_page):
    app = open_page()
    app.text_input(key="q").set_value("まだないスマホ")
    app.button(key="ask").click().run()
    assert "card unknown" in shown(app)
    assert app.query_params["q"] == "まだないスマホ"


def test_emptying_the_box_takes_the_question_out_of_the_url(open_page):
    app = open_page(q="iPhone 15")
    app.text_input(key="q").set_value("")
    app.button(key="ask").click().run()
    assert "q" not in app.query_params
    assert not card(app)


def test_names_sent_while_typing_are_few(open_page):
    app = open_page()
    assert suggestions(app) == []
    app.text_input(key="q").set_value("iphone").run()
    assert len(suggestions(app)) == SHOWN


# After the answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_near_names_are_not_offered_as_the_device_that_was_named(open_page, language: str):
    chosen = f"<h2>{say(language, 'ui_check', 'candidates')}</h2>"
    near = f"<h2>{say(language, 'ui_near', 'heading')}</h2>"
    warning = say(language, "ui_near", "not_here")
    page = shown(open_page(q="iPhone 18", lang=language))
    assert [part in page for part in (near, warning, chosen)] == [True, True, False]
    page = shown(open_page(q="iPhone SE", lang=language))
    assert [part in page for part in (near, warning, chosen)] == [False, False, True]


def test_only_phones_that_may_read_the_card_get_reading_tips(open_page):
    heading = say("ja", "ui_tips", "heading")
    assert heading in shown(open_page(q="SH-41A"))
    assert heading in shown(open_page(q="iPhone 15"))
    assert heading not in shown(open_page(q="iPhone 6"))
    assert heading not in shown(open_page(q="SH-41A", for_="android_certificate"))
    assert heading not in shown(open_page(q="Windows 11"))


def test_each_tip_names_source_date_and_confidence():
    for language in LANGUAGES:
        tips = {code: tip for code, tip in load_texts(language).items() if code.startswith("tip_")}
        page = reading_tips(None, language)
        assert page.count("<li>") == len(tips) > 5
        for tip in tips.values():
            assert tip["source_url"].startswith("https://")
            assert re.fullmatch(r"\d{4}-\d{2}", tip["as_of"])
            assert tip["confidence"] in ("high", "medium", "low")
        same = load_texts("ja")
        for code, tip in tips.items():
            assert {**tip, "text": ""} == {**same[code], "text": ""}
    assert "iPhone" not in reading_tips(Platform.ANDROID, "ja")
    assert "おサイフケータイ" not in reading_tips(Platform.IOS, "ja")


def test_the_shared_address_opens_the_same_answer():
    values = {"q": "アクオス <4>&?", "for": "card_reading", "os": ""}
    address = full_address("https://example.org/x/?q=old", "", values, "en")
    assert address.startswith("https://example.org/x/?")
    assert parse_qs(urlsplit(address).query) == {
        "q": ["アクオス <4>&?"],
        "for": ["card_reading"],
        "lang": ["en"],
    }
    assert full_address("https://example.org/x/pc", "pc", {}, "ja") == "https://example.org/x/pc"
    for odd in ("", "javascript:alert(1)//", "file:///etc", "https:///x"):
        assert full_address(odd, "pc", {"os": "Mac"}, "ja") == "./pc?os=Mac"


def test_the_code_has_words_beside_it_and_a_long_address_none():
    box = share_box("https://example.org/?q=SH-41A", "ja")
    assert 'src="data:image/svg+xml' in box
    assert say("ja", "ui_share", "code_text") in box
    assert code_svg("https://example.org/?q=" + "a" * LONGEST) == ""
    assert "<b>" not in share_box("https://example.org/?q=<b>", "ja")


def test_an_answer_can_be_copied_printed_and_names_its_day(open_page):
    page = shown(open_page(q="SH-41A"))
    assert "data-copy=" in page
    assert "data-print=" in page
    assert 'class="on-paper"><p>印刷した日: ' in page


# What the browser says


@pytest.mark.parametrize(
    ("agent", "hints", "expected"),
    [
        (agents.ANDROID_CHROME, agents.HINTS_SH41A, ("SH-41A", "Android 12", "Chrome")),
        (agents.ANDROID_CHROME, None, ("", "", "Chrome")),
        (agents.ANDROID_FIREFOX, None, ("", "Android 14", "Firefox")),
        (agents.IPHONE_SAFARI, None, ("", "iOS 17.5.1", "Safari")),
        (agents.IPHONE_26, None, ("", "iOS 26.1", "Safari")),
        (agents.WINDOWS_EDGE, agents.HINTS_WINDOWS_11, ("Windows 11", "Windows 11", "Edge")),
        (
            agents.WINDOWS_CHROME,
            {"platform": "Windows", "platformVersion": "10.0.0"},
            ("Windows 10", "Windows 10", "Chrome"),
        ),
        (
            agents.WINDOWS_CHROME,
            {"platform": "Windows", "platformVersion": "0.3.0"},
            ("Windows", "", "Chrome"),
        ),
        (agents.WINDOWS_CHROME, None, ("Windows", "", "Chrome")),
        (agents.MAC_SAFARI, None, ("Mac", "", "Safari")),
        (
            agents.WINDOWS_CHROME,
            {"platform": "macOS", "platformVersion": "15.5.0"},
            ("Mac", "macOS 15.5", "Chrome"),
        ),
    ],
)  # fmt: skip
def test_the_browser_is_taken_at_its_word_and_no_further(agent, hints, expected):
    device = read_browser({"agent": agent, "hints": hints, "touch_points": 0})
    assert (device.text, device.os_text, device.browser) == expected


def test_an_ipad_that_calls_itself_a_mac_is_an_ipad():
    device = read_browser({"agent": agents.MAC_SAFARI, "hints": None, "touch_points": 5})
    assert (device.text, device.os_text, device.is_pc) == ("iPad", "iPadOS 18.5", False)


def test_a_shortened_user_agent_states_no_version():
    agent = read_agent(agents.ANDROID_CHROME)
    assert agent is not None
    assert (agent.text, agent.os) == ("", None)


def test_the_inside_of_another_app_is_recognised():
    assert read_browser({"agent": agents.IPHONE_LINE}).is_in_app
    assert not read_browser({"agent": agents.IPHONE_SAFARI}).is_in_app


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"agent": None, "hints": [], "touch_points": "x"},
        {"agent": HOSTILE * 100, "hints": {"platform": 3, "model": {}}},
        {"agent": "", "hints": {"platform": "Windows", "platformVersion": "9" * 500}},
        {"agent": "", "hints": {"platform": "Android", "platformVersion": "999", "model": HOSTILE * 9}},
        {"agent": "Mozilla/5.0 (", "hints": {"platform": "Android", "fullVersionList": [None, {"brand": 1}]}},
    ],
)
def test_an_odd_browser_is_no_error(said):
    device = read_browser(said)
    assert len(device.text) <= 100
    assert "999" not in device.os_text


def test_this_device_says_that_nothing_is_stored(open_page):
    assert "保存しません" in shown(open_page("this_device"))


# パソコン


def test_a_pc_link_opens_its_answer(open_page):
    app = open_page("pc", os="Windows 11", browser="Edge", reader="RC-S380")
    assert app.radio(key="pc-os").value == "Windows 11"
    assert app.radio(key="pc-way").value == "reader"
    assert "card conditional" in card(app)
    assert "PaSoRi RC-S380" in card(app)


def test_choices_stand_in_the_url_and_answer_at_the_press_of_the_button(open_page):
    app = open_page("pc")
    assert not card(app)
    app.button(key="ask-pc").click().run()
    assert say("ja", "ui_pc", "choose_os") in shown(app)
    app.radio(key="pc-os").set_value("Mac").run()
    app.radio(key="pc-way").set_value("phone").run()
    app.text_input(key="pc-phone").set_value("iPhone 15").run()
    app.button(key="ask-pc").click().run()
    assert app.query_params == {"os": "Mac", "way": "phone", "phone": "iPhone 15"}
    assert "スマホ iPhone 15" in card(app)
    app.radio(key="pc-way").set_value("").run()
    assert app.query_params == {"os": "Mac"}


def test_another_pc_and_another_browser_can_be_typed(open_page):
    app = open_page("pc", os="Surface", browser="Brave")
    assert app.radio(key="pc-os").value == "other"
    assert app.text_input(key="pc-os-text").value == "Surface"
    assert "Brave" in card(app)
    assert "card supported" not in shown(app)


def test_near_phones_are_offered_for_a_pc(open_page):
    app = open_page("pc", os="Mac", phone="sense4")
    assert any("AQUOS sense4" in label for label in suggestions(app))
    app.button(key="suggestion-SH-41A").click().run()
    assert app.query_params["phone"] == "AQUOS sense4"


@pytest.mark.parametrize("text", [HOSTILE, "\x00", "x" * 5_000, "あ" * 300])
def test_odd_links_are_plain_text(open_page, text):
    for app in (
        open_page("pc", os=text, browser=text, reader=text, way=text),
        open_page(q=text, os=text, for_=text),
    ):
        page = shown(app)
        assert "<b>x" not in page
        assert "<img src=x" not in page


def test_old_pc_links_keep_working(open_page):
    app = open_page(q="Windows 11", for_="pc_login", browser="Edge")
    assert "card conditional" in card(app)
    assert "Edge は、" in card(app)


# Words


def sentences(text: str) -> list[str]:
    return [one for one in re.split(r"[。\n]|<[^>]+>", text) if one]


def test_no_japanese_sentence_of_the_check_page_is_long(open_page):
    texts = load_texts("ja")
    tips = [code for code in texts if code.startswith("tip_")]
    for table in (*CHECK_TABLES, *tips):
        for code, text in texts[table].items():
            if code == "source_url":
                continue
            for sentence in sentences(text):
                assert len(sentence) <= LONGEST_SENTENCE, (table, code, sentence)
    for query in (
        {},
        {"q": "SH-41A"},
        {"q": "iPhone 6"},
        {"q": "Windows 11"},
        {"q": "らくらくホン"},
        {"q": "sense"},
    ):
        for block in open_page(**query).html:
            if "<style>" in block.value or "<script>" in block.value:
                continue
            body = re.sub(r"<blockquote.*?</blockquote>|<code>.*?</code>", "", block.value, flags=re.S)
            for sentence in sentences(body):
                is_address = "http" in sentence or "./?" in sentence
                assert is_address or len(sentence) <= LONGEST_SENTENCE, sentence


def test_these_pages_have_the_same_texts_in_both_languages():
    japanese, english = load_texts("ja"), load_texts("en")
    for table in CHECK_TABLES:
        assert japanese[table].keys() == english[table].keys()
