"""An address that this explorer does not have: says so, and leads to the first page."""

from functools import partial

import streamlit as st

from explorer import frame
from explorer.markup import element
from explorer.wording import lang_of, say

language = frame.current_language()
ui = partial(say, language, "ui")
frame.html(element("h1", ui("page_unknown")) + element("p", ui("page_unknown_step")))
st.page_link(
    "views/check_device.py",
    label=ui("page_unknown_start"),
    query_params=lang_of(language),
    width="stretch",
)
