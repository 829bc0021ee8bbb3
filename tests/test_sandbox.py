"""The SQL box: what it runs, and every known way out of it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crawler.sources import Folders
from explorer import sandbox
from explorer.database import NoDatabase
from explorer.sandbox import MAX_CELL, MAX_ROWS, MAX_SQL, Refused, run_sql
from explorer.sandbox_child import LOCKED, open_locked
from explorer.sql_line import Line

# As the connection itself must stop them, should the check of the text ever let one through.
LOCKED_OUT = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('https://example.org/')",
    "ATTACH '/tmp/other.duckdb'",
    "ATTACH ':memory:' AS other",
    "COPY meta TO '/tmp/meta.csv'",
    "COPY meta FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/everything'",
    "IMPORT DATABASE '/tmp/everything'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET memory_limit = '9GB'",
    "RESET memory_limit",
    "PRAGMA enable_profiling",
    "CALL enable_logging()",
    "CREATE SECRET s (TYPE s3)",
    "CREATE TABLE t (i INTEGER)",
    "INSERT INTO meta VALUES ('a', 'b')",
    "UPDATE meta SET value = ''",
    "DELETE FROM meta",
    "DROP TABLE meta",
    "SELECT getenv('HOME')",
]
NOT_SELECT = [
    "PRAGMA database_list",
    "PRAGMA version",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE SELECT 1",
    "SET VARIABLE x = 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE MACRO m() AS 1",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    "USE devices",
    "DETACH devices",
    "PREPARE v AS SELECT 1",
]
TELLS_TOO_MUCH = [
    "SELECT path FROM duckdb_databases()",
    "FROM duckdb_databases",
    "FROM pragma_database_list",
    "FROM main.pragma_database_list",
    "SUMMARIZE pragma_database_list",
    "FROM duckdb_settings()",
    "FROM pg_catalog.pg_settings",
    "FROM system.main.duckdb_databases",
    "SELECT current_setting('allowed_paths')",
    "SELECT x.current_setting()",
    "FROM duckdb_extensions()",
    "FROM duckdb_secrets()",
    "FROM duckdb_logs()",
    "FROM query('FROM duckdb_databases()')",
    "FROM query_table('duckdb_databases')",
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_databases()'))",
    "SELECT (SELECT path FROM duckdb_databases() LIMIT 1)",
    "SELECT * FROM meta WHERE value IN (SELECT path FROM duckdb_databases())",
    "WITH x AS (FROM duckdb_databases()) FROM x",
    "WITH duckdb_databases AS (SELECT 1) FROM duckdb_databases",
    "SELECT * FROM pragma_database_list, (WITH pragma_database_list AS (SELECT 1) SELECT 1)",
    "SELECT list_transform([1], lambda x: current_setting('home_directory'))",
    "SELECT write_log('x')",
    "SELECT pg_sleep(9)",
    "SELECT sleep_ms(9000)",
    "FROM pragma_storage_info('meta')",
    "FROM checkpoint()",
]
RUNS = [
    "SELECT 1",
    "SELECT 1;",
    "SELECT 1; -- a remark; with a semicolon",
    "SELECT 1; /* a remark */",
    "SELECT 1;/* a * b */",
    "SELECT 1;/* a /* nested; */ remark */ -- and; one more",
    "SELECT 1;;",
    "SELECT 'é' /* ü; */ ; -- ö;\n ;",
    "SELECT 1 /* ; -- */",
    "SELECT ';--'",
    "SELECT $$;--$$ -- x;",
    "FROM meta",
    "TABLE meta",
    "VALUES (1), (2)",
    "WITH counted AS (SELECT count(*) AS n FROM device) FROM counted",
    "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t WHERE a < 5) FROM t",
    "DESCRIBE compat",
    "SUMMARIZE meta",
    "SHOW TABLES",
    "FROM check_device('SH-41A')",
    "FROM search_device('アクオスセンス4')",
    "SELECT match_key('ＳＨ－４１Ａ')",
    "FROM information_schema.columns",
    "FROM duckdb_columns()",
    "SELECT * FROM range(3), unnest([1, 2])",
    "SELECT 1 AS a, 2 AS a",
    "SELECT '; DROP TABLE meta' AS text",
]


@pytest.fixture
def path(built: Folders) -> Path:
    return built.database


def refused(path: Path, sql: str, seconds: float = sandbox.SECONDS, asker: str = "") -> Refused:
    with pytest.raises(Refused) as caught:
        run_sql(path, sql, seconds, asker)
    return caught.value


@pytest.mark.parametrize("sql", RUNS)
def test_queries_on_the_tables_run(path: Path, sql: str):
    assert run_sql(path, sql).rows


@pytest.mark.parametrize("sql", [*LOCKED_OUT, *NOT_SELECT, *TELLS_TOO_MUCH])
def test_all_else_is_refused_and_names_no_place(path: Path, sql: str):
    error = refused(path, sql)
    assert error.code in ("not_select", "forbidden")
    assert str(path.parent) not in error.detail


@pytest.mark.parametrize("sql", LOCKED_OUT)
def test_the_connection_alone_keeps_everything_out(path: Path, sql: str):
    import duckdb

    with open_locked(str(path)) as con, pytest.raises(duckdb.Error):
        con.execute(sql)


def test_the_locks_are_the_ones_of_this_duckdb(path: Path):
    with open_locked(str(path)) as con:
        values = dict(con.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert values["lock_configuration"] == "true"
    assert {name: values[name] for name in LOCKED if name not in ("memory_limit", "access_mode")} == {
        name: value for name, value in LOCKED.items() if name not in ("memory_limit", "access_mode")
    }
    assert values["access_mode"].upper() == "READ_ONLY"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("-- only a remark", "empty"),
        ("SELECT 1; SELECT 2", "several"),
        ("SELECT 1; COPY meta TO '/tmp/x'", "several"),
        ("SELECT 1) UNION (SELECT 2", "error"),
        ("SELEC 1", "error"),
        ("SELECT nothing FROM meta", "error"),
        ("SELECT 1 /* open", "error"),
        ("SELECT 1\x00; COPY meta TO '/tmp/x'", "several"),
        ("SELECT '\ud800' FROM", "error"),
        ("SELECT " + "x" * MAX_SQL, "too_long"),
        ("SELECT " + ", ".join("1" for _ in range(200)), "columns"),
        ("FROM nosuch", "forbidden"),
    ],
)
def test_bad_texts_are_told_by_kind(path: Path, sql: str, code: str):
    assert refused(path, sql).code == code


def test_a_mistake_is_told_in_duckdbs_own_words(path: Path):
    assert "nothing" in refused(path, "SELECT nothing FROM meta").detail


def test_rows_and_cells_are_bounded(path: Path):
    many = run_sql(path, "SELECT range AS n FROM range(100000000) ORDER BY n")
    assert (len(many.rows), many.is_cut, many.rows[-1]) == (MAX_ROWS, True, [str(MAX_ROWS - 1)])
    assert not run_sql(path, f"FROM range({MAX_ROWS})").is_cut
    long = run_sql(path, "SELECT repeat('あ', 10000) AS long, NULL AS nothing, -1 AS number")
    assert (long.is_cell_cut, long.is_cut, long.rows) == (True, False, [["あ" * MAX_CELL, None, "-1"]])
    assert long.is_number == [False, False, True]
    wide = run_sql(
        path, "SELECT " + ", ".join(f"repeat('x', 500) AS c{n}" for n in range(90)) + " FROM range(999)"
    )
    assert wide.is_cut


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(1000000000000)",
        "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT count(*) FROM t",
        # DuckDB hears no interrupt in here: the process is ended.
        "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
    ],
)
def test_a_query_without_end_is_ended(path: Path, sql: str):
    started = time.monotonic()
    with pytest.raises(Refused) as caught:
        run_sql(path, sql, seconds=0.5)
    assert caught.value.code == "time"
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    "sql",
    ["SELECT length(repeat('x', 2000000000))", "SELECT " + "(" * 2400 + "1" + ")" * 2400],
)
def test_what_is_too_large_fails_alone(path: Path, sql: str):
    assert refused(path, sql).code in ("memory", "error")
    assert run_sql(path, "SELECT 1").rows == [["1"]]


HEAVY = "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))"


def wait_for(true: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line(1, 1)
    monkeypatch.setattr(sandbox, "_line", line)
    return line


def test_who_waits_in_vain_is_told_kindly(path: Path, line: Line, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sandbox, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(sandbox, "START_SECONDS", 0.0)
    with line.place("", 1):
        assert refused(path, "SELECT 1", 0.05).code == "busy"
    monkeypatch.undo()
    assert run_sql(path, "SELECT 1").rows


def test_who_comes_while_heavy_queries_run_gets_an_answer(path: Path):
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(refused, path, HEAVY, 1.0) for _ in range(2)]
        wait_for(lambda: len(sandbox._line.running) == 2)
        assert run_sql(path, "SELECT 1").rows == [["1"]]
        assert [one.result().code for one in running] == ["time", "time"]


def test_a_line_that_is_full_is_told_at_once(path: Path, line: Line):
    with ThreadPoolExecutor(1) as pool:
        with line.place("", 1):
            waiting = pool.submit(run_sql, path, "SELECT 1")
            wait_for(lambda: line.waiting)
            started = time.monotonic()
            assert refused(path, "SELECT 1").code == "busy"
            assert time.monotonic() - started < 1
        assert waiting.result().rows
    assert not line.running
    assert not line.waiting


def test_the_newer_query_of_a_session_ends_the_older(path: Path, line: Line):
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(refused, path, HEAVY, 30.0, "me")
        wait_for(lambda: line.running)
        second = pool.submit(refused, path, HEAVY, 30.0, "me")
        wait_for(lambda: first.done() and line.running)
        assert run_sql(path, "SELECT 1", asker="me").rows == [["1"]]
        assert (first.result().code, second.result().code) == ("busy", "busy")
    assert time.monotonic() - started < 15
    assert not line._newest


def test_the_newer_query_of_a_session_takes_the_turn_of_the_older(path: Path, line: Line):
    with ThreadPoolExecutor(2) as pool:
        with line.place("", 1):
            older = pool.submit(refused, path, "SELECT 1", 5.0, "me")
            wait_for(lambda: line.waiting)
            newer = pool.submit(run_sql, path, "SELECT 2", 5.0, "me")
            assert older.result().code == "busy"
        assert newer.result().rows == [["2"]]


def test_a_new_build_answers_the_next_query(path: Path, tmp_path: Path):
    live = tmp_path / "live.duckdb"
    live.write_bytes(path.read_bytes())
    assert run_sql(live, "SELECT count(*) FROM meta").rows
    live.unlink()
    with pytest.raises(NoDatabase):
        run_sql(live, "SELECT 1")
    live.write_bytes(path.read_bytes())
    assert run_sql(live, "SELECT count(*) FROM meta").rows
