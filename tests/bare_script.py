"""What live sessions are compared with: a script that only searches a table and shows the rows."""

import os

import duckdb
import pandas as pd
import streamlit as st


# As fast as such a script can be: the table is shared, where st.cache_data would copy it for each run.
@st.cache_resource
def devices() -> pd.DataFrame:
    with duckdb.connect(os.environ["MYNA_DATABASE"], read_only=True) as con:
        return con.execute("SELECT * FROM compat WHERE capability = 'card_reading'").df()


table = devices()
text = st.text_input("text", key="q", bind="query-params") or ""
fits = table["name"].str.contains(text, case=False, regex=False)
fits |= table["model_number"].fillna("").str.contains(text, case=False, regex=False)
st.dataframe(table[fits])
