"""The explorer: `python -m explorer serve` runs this script for every visit and every click."""

import streamlit as st

from explorer import frame
from explorer.queries import NoDatabase, load_dataset
from explorer.url_state import seed_choice
from explorer.wording import LANGUAGES, say


def main() -> None:
    seed_choice("lang", LANGUAGES, LANGUAGES[0])
    language = frame.current_language()
    st.set_page_config(page_title=say(language, "ui", "title"), page_icon=frame.ICON)
    st.html(frame.STYLE)
    pages = [
        st.Page("views/check_device.py", title=say(language, "ui", "page_check"), default=True),
        st.Page("views/browse_list.py", title=say(language, "ui", "page_browse"), url_path="browse"),
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
