"""What live sessions are compared with: a script that only searches a table and shows the rows."""

import os

import duckdb
import pandas as pd
import streamlit as st


@st.cache_data
def devices() -> pd.DataFrame:
    with duckdb.connect(os.environ["MYNA_DATABASE"], read_only=True) as con:
        return con.execute("SELECT * FROM compat").df()


table = devices()
text = st.text_input("text", key="q", bind="query-params") or ""
fits = table["name"].str.contains(text, case=False, regex=False)
fits |= table["model_number"].fillna("").str.contains(text, case=False, regex=False)
st.dataframe(table[fits])
