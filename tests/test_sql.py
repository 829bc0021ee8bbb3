"""The macros in the file give any client the answers of the explorer."""

import json

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.names import Capability, match_key
from crawler.sources import Folders
from explorer.check import check
from explorer.queries import Dataset

# What people type, more often than chance would; beside it any text at all.
ALPHABETS = [
    st.characters(min_codepoint=0x20, max_codepoint=0x24F),
    st.characters(min_codepoint=0x3041, max_codepoint=0x30FF),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF9F),
    st.characters(min_codepoint=0x2010, max_codepoint=0x2015),
    st.characters(min_codepoint=0x2160, max_codepoint=0x217F),
    st.sampled_from("　™®©−ー－ｰﾞﾟ゛゜・･（）①②⑩ªſΣς⼤ﬁ\u0301\u0307\u3099\u309a"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
]
texts = st.text(st.one_of(ALPHABETS), max_size=30)


@pytest.fixture(scope="module")
def con(built: Folders) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(built.database), read_only=True)
    yield con
    con.close()


@settings(max_examples=400, deadline=None)
@given(st.lists(texts, min_size=1, max_size=20))
def test_the_sql_key_is_the_python_key(con: duckdb.DuckDBPyConnection, texts: list[str]):
    rows = con.execute("SELECT t, match_key(t) FROM (SELECT unnest(?::VARCHAR[]) AS t)", [texts]).fetchall()
    assert rows == [(text, match_key(text)) for text in texts]


def test_every_single_character_has_the_same_key_in_sql(con: duckdb.DuckDBPyConnection):
    chars = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code <= 0xDFFF]
    rows = con.execute("SELECT t, match_key(t) FROM (SELECT unnest(?::VARCHAR[]) AS t)", [chars]).fetchall()
    assert [(char, key, match_key(char)) for char, key in rows if key != match_key(char)] == []


def test_every_stored_name_has_the_same_key_in_sql(con: duckdb.DuckDBPyConnection):
    names = [
        name
        for (name,) in con.execute(
            "SELECT name FROM device UNION SELECT model_number FROM device_model"
        ).fetchall()
    ]
    rows = con.execute("SELECT t, match_key(t) FROM (SELECT unnest(?) AS t)", [names]).fetchall()
    assert len(rows) > 500
    assert rows == [(name, match_key(name)) for name in names]


TEXTS = [
    "SH-41A",
    "ｓｈ－４１ａ",
    "AQUOS sense4",
    "アクオスセンス4",
    "エクスペリア5マーク2",
    "Pixel 4a",
    "pixel4a(5g)",
    "iPhone 15",
    "Galaxy S22",
    "SC-51C",
    "シャープ AQUOS wish",
    "OPPO Reno A",
    "Galaxy",
    "SH-99Z",
    "iPhone 1.3",
    "iPhone １・3",
    "Galaxy S2 1",
    "Galaxy A2/35G",
    "Galaxy A5-2 5G",
    "Galaxy A52 5G",
    "GalaxyA525G",
    "SO-5 2A",
    "SH-M1 2",
    "Galaxy A5.3 5G",
    "iPad Pro 1/2.9インチ（第5世代）",
    "iPhone ¼",
    "Redmi1.25G",
    "MIVE ケースマ",
    f"iPhone{'-' * 200}15",
    f"{' ' * 200}SH-41A",
    "",
    "'; DROP TABLE device; --",
]


@pytest.mark.parametrize("text", TEXTS)
def test_check_device_answers_as_the_explorer_does(con: duckdb.DuckDBPyConnection, data: Dataset, text: str):
    rows = con.execute("SELECT capability, status, device_id FROM check_device(?)", [text]).fetchall()
    answer = check(data, text)
    statuses = {one["capability"]: one["status"] for one in answer["answers"]}
    if text == "Galaxy":
        # A series alone: the explorer shows candidates, SQL has none to show.
        assert set(statuses.values()) == {"ambiguous"}
        statuses = dict.fromkeys(statuses, "unknown")
    assert {capability: status for capability, status, _ in rows} == statuses
    assert len(rows) == len(Capability)
    if answer["device"]:
        assert {device_id for _, _, device_id in rows} == {answer["device"]["device_id"]}


def test_search_device_names_the_device(con: duckdb.DuckDBPyConnection):
    sql = "SELECT device_id, maker, name, model_number FROM search_device('so52a')"
    assert con.execute(sql).fetchall() == [("SO-52A", "ソニー", "Xperia 5 II", "SO-52A")]


def test_sql_is_never_better_than_the_explorer(con: duckdb.DuckDBPyConnection, data: Dataset):
    keys = con.execute("SELECT DISTINCT key FROM match_key USING SAMPLE 60 ROWS (reservoir, 7)").fetchall()
    good, compared = {"supported", "conditional", "planned"}, 0
    for (key,) in keys:
        rows = con.execute("SELECT capability, status FROM check_device(?)", [key]).fetchall()
        answer = check(data, key)
        ours = {one["capability"]: one["status"] for one in answer["answers"]}
        # Where the explorer leaves a key open (`ipadpro129`: 12.9 or 129), SQL may say what its device needs.
        told = good if answer["device"] else {"supported"}
        better = [row for row in rows if row[1] in told and row[1] != ours[row[0]]]
        assert better == [], json.dumps(key, ensure_ascii=False)
        compared += sum(status in told for _, status in rows)
    assert compared > 60
