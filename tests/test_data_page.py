"""データ: the page around the SQL box."""

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crawler.sources import Folders
from explorer import data_show
from explorer.sandbox import run_sql
from explorer.schema import read_schema, ready_queries
from explorer.wording import LANGUAGES, load_texts, say
from tests.app import Open, shown


@pytest.fixture
def open_data(open_page: Open) -> Open:
    return partial(open_page, "data_page")


def ask(app: AppTest, sql: str) -> str:
    app.text_area(key="sql").set_value(sql)
    app.button(key="run_sql").click().run()
    assert not app.exception
    return shown(app)


@pytest.mark.parametrize("name", list(ready_queries()))
def test_every_ready_query_runs(built: Folders, name: str):
    found = run_sql(built.database, ready_queries()[name])
    assert found.columns
    assert found.rows or name in ("changes", "issues")


def test_every_ready_query_and_table_has_words_in_both_languages(built: Folders):
    for language in LANGUAGES:
        assert set(load_texts(language)["data_ready"]) == set(ready_queries())
        tables = {table.name for table in read_schema(built.database)}
        assert set(load_texts(language)["data_table"]) == tables


def test_an_example_is_chosen_by_link_and_runs_when_asked(open_data: Open):
    app = open_data(ready="by_maker")
    assert app.text_area(key="sql").value == ready_queries()["by_maker"]
    assert 'data-result="1"' not in shown(app)
    assert "シャープ" in ask(app, ready_queries()["by_maker"])


def test_choosing_an_example_fills_the_box(open_data: Open):
    app = open_data()
    app.selectbox(key="ready-ja").set_value("planned").run()
    assert app.text_area(key="sql").value == ready_queries()["planned"]
    assert app.query_params["ready"] == "planned"


def test_an_odd_link_opens_the_plain_page(open_data: Open):
    app = open_data(ready="<b>", lang="xx", sql="DROP TABLE meta")
    assert app.text_area(key="sql").value == ready_queries()["one_device"]


@pytest.mark.parametrize(
    ("sql", "code"),
    [("SELECT 1; SELECT 2", "several"), ("DROP TABLE meta", "not_select"), ("SELEC", "error")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_told_in_the_language_of_the_page(open_data: Open, sql: str, code: str, language: str):
    page = ask(open_data(lang=language), sql)
    assert say(language, "data_refused", code) in page
    assert 'role="alert"' in page


def test_what_people_ask_and_get_stays_text(open_data: Open):
    app = open_data()
    page = ask(app, "SELECT '<b>x</b>' AS \"<i>y</i>\"")
    assert "<b>x" not in page
    assert "<i>y" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>z" not in ask(app, "SELECT '<b>z</b>' FROM (")


def test_a_result_survives_the_other_language_and_not_another_example(open_data: Open):
    app = open_data()
    ask(app, "SELECT 'it-stays'")
    app.button(key="language").click().run()
    assert "it-stays" in shown(app)
    app.selectbox(key="ready-en").set_value("lists").run()
    assert "it-stays" not in shown(app)


def test_the_csv_disarms_texts_and_leaves_figures(built: Folders):
    found = run_sql(built.database, "SELECT -1 AS n, '=1+1' AS t, '＝1' AS w, NULL AS nothing")
    assert data_show.csv_cells(found) == [["-1", "'=1+1", "'＝1", ""]]


def test_every_table_and_column_is_shown_with_its_comment(open_data: Open, built: Folders):
    page = shown(open_data())
    for table in read_schema(built.database):
        assert f"<code>{table.name}</code>" in page
        assert all(f"<code>{column.name}</code>" in page and column.comment for column in table.columns)
    assert "Lowest OS version asked for" in page


def test_the_python_example_does_what_it_says(built: Folders, tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/devices.duckdb").write_bytes(built.database.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", data_show.OPEN_PYTHON],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Pixel 10" in done.stdout


def test_the_files_of_the_build_can_be_saved(open_data: Open, built: Folders, tmp_path: Path):
    app = open_data()
    keys = [one.key for one in app.get("download_button")]
    assert keys == [f"file-{name}" for name in load_texts("ja")["data_file"]]
    alone = tmp_path / "devices.duckdb"
    alone.write_bytes(built.database.read_bytes())
    assert say("ja", "data", "no_files") in shown(open_data(alone))


def test_the_promise_names_the_version(open_data: Open, data):
    assert data.meta["schema_version"] in shown(open_data(lang="en"))
