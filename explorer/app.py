"""The explorer: `python -m explorer serve` runs this script for every visit and every click."""

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
    st.html(frame.STYLE)
    pages = [
        st.Page(
            f"views/{view}.py",
            title=say(language, "ui", f"page_{name}"),
            default=not address,
            url_path=address,
        )
        for view, name, address in PAGES
    ]
    page = st.navigation(pages, position="hidden")
    frame.draw_top(pages)
    try:
        data = load_dataset(frame.database_path())
        page.run()
        frame.draw_data_line(data)
    except NoDatabase as error:
        frame.draw_no_database(error)


main()
