"""The explorer: `python -m explorer serve` runs this script for every visit and every click."""

from urllib.parse import unquote, urlsplit

import streamlit as st

from explorer import frame
from explorer.database import NoDatabase
from explorer.queries import load_dataset
from explorer.url_state import seed_choice
from explorer.wording import LANGUAGES, say

# Each page: the script, its name in the texts, its address. The first few are always in sight.
PAGES = (
    ("check_device", "check", ""),
    ("login_help", "help", "help"),
    ("pc", "pc", "pc"),
    ("this_device", "this", "this"),
    ("browse_list", "browse", "browse"),
    ("bulk", "bulk", "bulk"),
    ("changes", "changes", "changes"),
    ("data_page", "data", "data"),
)


def main() -> None:
    seed_choice("lang", LANGUAGES, LANGUAGES[0])
    language = frame.current_language()
    st.set_page_config(page_title=say(language, "ui", "title"), page_icon=frame.ICON)
    for style in frame.STYLES:
        st.html(style)
    pages = [
        st.Page(
            f"views/{view}.py",
            title=say(language, "ui", f"page_{name}"),
            default=not address,
            url_path=address,
        )
        for view, name, address in PAGES
    ]
    page = st.navigation([*pages, *unknown_page(language)], position="hidden")
    frame.draw_top(pages)
    try:
        data = load_dataset(frame.database_path())
        page.run()
        frame.draw_data_line(data)
    except NoDatabase as error:
        frame.draw_no_database(error)


def unknown_page(language: str) -> list[st.Page]:
    """Return a page for an address that no page has.

    Without it Streamlit draws the first page, under a window that says so in English.
    """
    address = unquote(urlsplit(str(st.context.url or "")).path).strip("/").strip()
    if not address or "/" in address or address in {known for _, _, known in PAGES}:
        return []
    title = say(language, "ui", "page_unknown")
    return [st.Page("views/no_such_page.py", title=title, url_path=address, visibility="hidden")]


main()
