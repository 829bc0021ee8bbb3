"""`make screenshots`: every page at both sizes into docs/screenshots/, from the bundled pages."""

import tempfile
from pathlib import Path

from crawler.refresh import build
from crawler.sources import Folders
from tests.browser import DESK, PHONE, chromium, explorer, settled

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
PAGES = {
    "check": "/",
    "answer": "/?q=SH-41A&os=12",
    "ambiguous": "/?q=Xperia",
    "unknown": "/?q=まだないスマホ",
    "english": "/?q=iPhone%2015&lang=en",
    "this": "/this",
    "pc": "/pc?os=Windows%2011&browser=Chrome&way=reader&reader=RC-S380",
    "help": "/help",
    "help-pin": "/help?at=pin_which",
    "browse": "/browse",
    "device": "/browse?device=SH-41A",
    "bulk": "/bulk",
    "changes": "/changes",
    "data": "/data",
}
SIZES = {"phone": PHONE, "desk": DESK}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state:
        folders = Folders(state=Path(state))
        build(folders)
        with explorer(folders.database) as url, chromium() as browser:
            for size, viewport in SIZES.items():
                for name, path in PAGES.items():
                    context = browser.new_context(viewport=viewport, locale="ja-JP")
                    page = context.new_page()
                    page.goto(url + path)
                    settled(page)
                    file = FOLDER / f"{name}-{size}.png"
                    page.screenshot(path=str(file))
                    context.close()
                    print(file.name, flush=True)


if __name__ == "__main__":
    main()
