"""How fast the check page is, seen from a browser and from the server. Run by hand; no test.

`python -m tests.bench_pages [DATABASE]` prints seconds in the browser (local, a session of its own each
time) and the milliseconds that the server's script takes for a further question.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from crawler.refresh import build
from crawler.sources import Folders
from explorer.typeahead import suggest
from tests.browser import PHONE, chromium, explorer, settled

APP = Path(__file__).parent.parent / "explorer" / "app.py"
TEXTS = (
    "SH-41A",
    "アクオスセンス4",
    "iPhone 15",
    "Pixel 7a",
    "まだないスマホ",
    "Xperia",
    "galxy s22",
    "SO-52A",
)
ROUNDS = 5


def measure_deep_link(browser, url: str) -> list[float]:
    """Return seconds from opening a link to its answer on the screen, each in a fresh session."""
    times = []
    for text in TEXTS[:ROUNDS]:
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()
        started = time.perf_counter()
        page.goto(f"{url}/?q={text}")
        page.wait_for_selector(".verdict")
        times.append(time.perf_counter() - started)
        context.close()
    return times


def measure_further_search(browser, url: str) -> list[float]:
    """Return seconds from Enter in the search box to the new answer on the screen."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{url}/?q=SO-52A")
    settled(page)
    times = []
    for text in TEXTS:
        page.locator(".st-key-q input").fill(text)
        started = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "(text) => new URLSearchParams(location.search).get('q') === text"
            " && document.querySelector('.verdict')",
            arg=text,
        )
        times.append(time.perf_counter() - started)
    context.close()
    return times


def measure_script(database: Path, monkey: Callable[[str, str], None]) -> list[float]:
    """Return seconds that the whole script takes for a further question, at the server."""
    monkey("MYNA_DATABASE", str(database))
    app = AppTest.from_file(APP, default_timeout=60)
    app.run()
    times = []
    for text in [*TEXTS, *(f"{text} 5G" for text in TEXTS)]:
        app.text_input(key="q").set_value(text)
        app.button(key="ask").click()
        started = time.perf_counter()
        app.run()
        times.append(time.perf_counter() - started)
        assert not app.exception
    return times


def measure_suggestions(database: Path) -> list[float]:
    """Return seconds that it takes to look for devices while somebody types."""
    from explorer.queries import load_dataset

    data = load_dataset(database)
    times = []
    for text in TEXTS:
        for end in range(2, len(text) + 1):
            started = time.perf_counter()
            suggest(data, text[:end])
            times.append(time.perf_counter() - started)
    return times


def report(name: str, times: list[float], limit: float) -> None:
    middle, worst = statistics.median(times) * 1000, max(times) * 1000
    print(f"{name}: median {middle:.0f} ms, worst {worst:.0f} ms (limit {limit * 1000:.0f} ms)")


def main() -> None:
    import os

    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            database = Path(sys.argv[1])
        else:
            folders = Folders(state=Path(folder))
            build(folders)
            database = folders.database
        report("script of a check rerun", measure_script(database, os.environ.__setitem__), 0.04)
        report("suggestions", measure_suggestions(database), 0.04)
        with explorer(database) as url, chromium() as browser:
            report("first answer on a deep link", measure_deep_link(browser, url), 2.5)
            report("further search", measure_further_search(browser, url), 0.7)


if __name__ == "__main__":
    main()
