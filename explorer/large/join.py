"""The questions of a large file in DuckDB: each once, joined to what answers it, and back to the rows.

`question` has the distinct (text, OS), `met` the plain key that answers one, `rest` those that none does,
`known` the answer of each by number. The tables lie in a file of the workspace: what does not fit into
memory stays there.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from explorer.database import quoted, quoted_file, telling
from explorer.large.columns import BadTable, Question
from explorer.large.plain import KEEPS_CASE, LONGEST_PLAIN, NO_KEY, NOT_PLAIN, WORD, PlainKey

LIMITS = {"threads": 2, "memory_limit": "350MB"}
PIECE = 50_000
FETCHED = 100_000
ROW_NUMBER = "file_row_number"

DISTINCT = """
CREATE TABLE question AS
SELECT *, CASE WHEN os = '' THEN {key} END AS key FROM (SELECT DISTINCT text, os FROM ({rows}))
"""
KNOWN = "CREATE TABLE known (question_id BIGINT, answer_id BIGINT)"
MET = "CREATE TABLE met (question_id BIGINT, key_number BIGINT)"
MEET = """
INSERT INTO met SELECT q.rowid, k.key_number FROM question q JOIN plain_key k USING (key)
WHERE NOT k.needs_word OR regexp_matches(q.text, '{word}')
"""
ANSWERED = "INSERT INTO known SELECT question_id, answer_id FROM met JOIN key_answer USING (key_number)"
# The texts that are not plain first: they need not wait for the keys.
REST = """
CREATE TABLE {table} AS
SELECT q.rowid AS question_id, q.text, q.os FROM question q ANTI JOIN met m ON m.question_id = q.rowid
WHERE (key IS NULL) = {is_not_plain} ORDER BY q.text
"""
IDS = """
SELECT k.answer_id FROM ({rows}) r JOIN question q ON q.text = r.text AND q.os = r.os
JOIN known k ON k.question_id = q.rowid ORDER BY r.file_row_number
"""


# (question id, text, OS) of some questions.
Piece = list[tuple[int, str, str]]


@contextmanager
def connected(folder: Path, database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a workspace of DuckDB with the build as `built`. Raises `NoDatabase`."""
    config = {**LIMITS, "temp_directory": str(folder)}
    with duckdb.connect(str(folder / "work.duckdb"), config=config) as con:
        con.execute("SET enable_progress_bar = false")
        attach(con, database)
        yield con


def attach(con: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Make the build known as `built`, to read. Raises `NoDatabase`."""
    with telling(database):
        con.execute(f"ATTACH '{quoted(database)}' AS built (READ_ONLY)")
        con.execute("SELECT 1 FROM built.support JOIN built.meta ON true LIMIT 1").fetchall()


def columns_of(con: duckdb.DuckDBPyConnection, source: Path) -> list[str]:
    """Return the columns of the file. Raises `BadTable` where one has the name of DuckDB's number of rows."""
    columns = list(con.sql(f"FROM {_read(source)} LIMIT 0").columns)
    for column in columns:
        if column.lower() == ROW_NUMBER:
            raise BadTable("row_number", column=column)
    return columns


def rows_of(source: Path, question: Question) -> str:
    """Return the query for text, OS and place of each row; what is not there is an empty text."""
    text = _as_text(question.text)
    folded = f"CASE WHEN regexp_matches({text}, '{KEEPS_CASE}') THEN {text} ELSE lower({text}) END"
    os = _as_text(question.os) if question.os else "''"
    return f"SELECT {folded} AS text, {os} AS os, file_row_number FROM {_read(source, file_row_number=True)}"


def _read(source: Path, file_row_number: bool = False) -> str:
    # A folder such as `model=x` would add a column, or put its own in the place of one of the file.
    options = f"hive_partitioning = false, file_row_number = {file_row_number}"
    return f"read_parquet('{quoted_file(source)}', {options})"


def _as_text(column: str) -> str:
    name = column.replace('"', '""')
    return f"coalesce(CAST(\"{name}\" AS VARCHAR), '')"


def plain_key_sql(text: str) -> str:
    """Return the expression for the folded key of a plain text, NULL for other texts."""
    is_plain = f"length({text}) <= {LONGEST_PLAIN} AND NOT regexp_matches({text}, '{NOT_PLAIN}')"
    return f"CASE WHEN {is_plain} THEN lower(regexp_replace({text}, '{NO_KEY}', '', 'g')) END"


def collect(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Make the tables of the questions, none of them answered."""
    con.execute(DISTINCT.format(rows=rows, key=plain_key_sql("text")))
    con.execute(KNOWN)
    con.execute(MET)


def known_keys(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the keys of plain questions that devices have."""
    sql = "SELECT DISTINCT key FROM question SEMI JOIN built.match_key USING (key)"
    return [key for (key,) in con.execute(sql).fetchall()]


def meet(con: duckdb.DuckDBPyConnection, keys: Sequence[PlainKey]) -> None:
    """Find the plain questions whose key is one of these; `answer_met` answers them."""
    found = {
        "key": pa.array([one.key for one in keys], pa.string()),
        "needs_word": pa.array([one.needs_word for one in keys], pa.bool_()),
        "key_number": pa.array(range(len(keys)), pa.int64()),
    }
    with _registered(con, "plain_key", found):
        con.execute(MEET.format(word=WORD))


def answer_met(con: duckdb.DuckDBPyConnection, answer_ids: Sequence[int]) -> None:
    """Give each question that met a key the answer of that key, in the order of the keys."""
    numbers = range(len(answer_ids))
    found = {"key_number": pa.array(numbers, pa.int64()), "answer_id": pa.array(answer_ids, pa.int64())}
    with _registered(con, "key_answer", found):
        con.execute(ANSWERED)


@contextmanager
def _registered(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, pa.Array]) -> Iterator[None]:
    """Make columns a table of the connection while this is open."""
    con.register(name, pa.table(columns))
    yield
    con.unregister(name)


def rest_in_pieces(con: duckdb.DuckDBPyConnection, is_plain: bool) -> Iterator[Piece]:
    """Yield the questions of one kind that met no key."""
    table = "rest_plain" if is_plain else "rest_other"
    con.execute(REST.format(table=table, is_not_plain=not is_plain))
    for start in range(0, count_of(con, table), PIECE):
        piece = f"SELECT question_id, text, os FROM {table} WHERE rowid >= ? AND rowid < ?"
        yield con.execute(piece, [start, start + PIECE]).fetchall()


def remember(con: duckdb.DuckDBPyConnection, question_ids: Iterable[int], answer_ids: Iterable[int]) -> None:
    found = {"question_id": pa.array(question_ids, pa.int64()), "answer_id": pa.array(answer_ids, pa.int64())}
    with _registered(con, "found", found):
        con.execute("INSERT INTO known FROM found")


def ids_by_row(con: duckdb.DuckDBPyConnection, rows: str) -> Iterator[pa.Array]:
    """Yield the numbers of the answers in the order of the rows, in pieces."""
    for batch in con.sql(IDS.format(rows=rows)).to_arrow_reader(FETCHED):
        yield batch.column(0)


def count_of(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
