"""この端末を調べる in a real browser that plays other ones: user agent, client hints, touch."""

import pytest

from tests import browser_agents as agents
from tests.browser import PHONE, SIZES, serious, settled

# Told enough: the answer is there after one press.
ANSWERED = [
    pytest.param(
        agents.ANDROID_CHROME, agents.HINTS_SH41A, "AQUOS sense4", "Android 12", id="android-chrome"
    ),
    pytest.param(
        agents.WINDOWS_EDGE, agents.HINTS_WINDOWS_11, "Windows パソコン", "Windows+11", id="windows-11"
    ),
    pytest.param(agents.MAC_SAFARI, None, "Mac", "browser=Safari", id="mac-safari"),
]
# Not told the model: asked for, with what is known.
ASKED = [
    pytest.param(agents.IPHONE_SAFARI, "iOS 17.5.1", id="iphone-safari"),
    pytest.param(agents.ANDROID_FIREFOX, "Android 14", id="firefox-android"),
]


@pytest.fixture
def open_as(open_tab):
    def open_as(agent, hints, path="/this", size=PHONE):
        page = open_tab("/", size, user_agent=agent)
        page.context.add_init_script(agents.hints_script(hints))
        page.goto(page.url.rstrip("/") + path)
        return settled(page)

    return open_as


def press(page):
    page.locator("button.ask-browser").click()


@pytest.mark.parametrize(("agent", "hints", "name", "said"), ANSWERED)
def test_one_press_answers_where_the_browser_tells_enough(open_as, agent, hints, name, said):
    page = open_as(agent, hints)
    press(page)
    page.wait_for_selector(".verdict")
    assert name in page.locator("[data-result] h2").first.inner_text()
    page.wait_for_function("() => location.search")
    assert said in page.url or said in page.locator("[data-result]").inner_text()


@pytest.mark.parametrize(("agent", "os_text"), ASKED)
def test_a_hidden_model_is_asked_for_with_the_version_filled_in(open_as, agent, os_text):
    page = open_as(agent, None)
    press(page)
    page.wait_for_selector("[data-result]")
    assert os_text in page.locator("[data-result]").inner_text()
    page.locator(".st-key-link-go-on a").click()
    box = page.locator(".st-key-os input")
    box.wait_for()
    assert box.input_value() == os_text
    assert page.locator(".st-key-q input").input_value() == ""


def test_inside_line_the_page_says_so(open_as):
    page = open_as(agents.IPHONE_LINE, None)
    press(page)
    page.wait_for_selector("[data-result]")
    assert "LINE" in page.locator("[data-result]").inner_text()


def test_the_way_from_the_check_page_answers_too(open_as):
    page = open_as(agents.WINDOWS_EDGE, agents.HINTS_WINDOWS_11, "/?q=SH-41A&os=Android+12")
    page.locator(".st-key-link-this_device a").click()
    press(page)
    page.wait_for_selector("[data-result] h2:has-text('Windows')")
    page.wait_for_function("() => location.search.includes('os=Windows+11')")
    page = open_as(agents.ANDROID_CHROME, agents.HINTS_SH41A, "/?q=iPhone+15&os=iOS+17")
    page.locator(".st-key-link-this_device a").click()
    press(page)
    page.wait_for_selector("[data-result] h2:has-text('AQUOS sense4')")
    assert page.locator(".st-key-os input").input_value() == "Android 12"


def test_a_browser_that_refuses_hints_still_gets_an_answer(open_as):
    page = open_as(agents.ANDROID_CHROME, None)
    page.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'userAgentData', "
        "{get: () => ({getHighEntropyValues: () => Promise.reject(new Error('no'))})})"
    )
    page.reload()
    settled(page)
    press(page)
    page.wait_for_selector("[data-result]")
    assert "機種名を教えてくれませんでした" in page.locator("[data-result]").inner_text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_no_serious_barrier(open_as, size, language):
    page = open_as(agents.IPHONE_SAFARI, None, f"/this{language}", size)
    assert serious(page) == []
    press(page)
    page.wait_for_selector("[data-result]")
    assert serious(page) == []
