"""Answers every row of a large file: each different question once, by a join where its key decides alone.

    rows -> different (text, OS) -> plain: joined by key in DuckDB | all else: `check` in Python -> rows

What does not fit into memory lies in a folder beside the file that is written.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from crawler.names import Capability
from explorer.database import stamp_of
from explorer.large import files, join
from explorer.large.columns import Answer, BadTable, answer_names, column_order, find_columns, shown_names
from explorer.large.recognise import processes, recognise, submit_plain_keys, warm_up
from explorer.large.verdicts import device_words, named_by, plain_verdicts

# So few rows are answered sooner than other processes are up.
FEW = 2000


class Task(NamedTuple):
    """What to answer: the files, the columns of the question if named, what to say and in which words."""

    source: Path
    target: Path
    database: Path
    text_column: str | None = None
    os_column: str | None = None
    capabilities: Sequence[Capability] = tuple(Capability)
    language: str = "ja"


class Done(NamedTuple):
    """How many rows were answered, how many different questions they held, how many of those by the join."""

    rows: int
    questions: int
    joined: int


class Book:
    """The different answers, each with its number: there are far fewer than rows."""

    def __init__(self) -> None:
        self._numbers: dict[Answer, int] = {}

    def number_of(self, answer: Answer) -> int:
        return self._numbers.setdefault(answer, len(self._numbers))

    def table(self, names: Sequence[str], words: dict[str, tuple[str, str]]) -> pa.Table:
        """Return the answers as a table, a row each by number, with maker and name of their device."""
        columns = dict(zip(names, zip(*self._numbers, strict=True), strict=False)) if self._numbers else {}
        found = {name: pa.array(columns.get(name, ()), pa.string()) for name in names}
        said = [words.get(one or "", (None, None)) for one in columns.get("device_id", ())]
        found["maker"] = pa.array([maker for maker, _ in said], pa.string())
        found["name"] = pa.array([name for _, name in said], pa.string())
        return pa.table(found).select(column_order(names))


def answer_file(task: Task) -> Done:
    """Write the rows of the source, each with its answer. Raises `BadTable` and `NoDatabase`."""
    files.check_places(task.source, task.target)
    stamp_of(task.database)
    try:
        with files.workspace(task.target) as folder:
            written, done = _answer_in(folder, task)
            files.publish(written, task.target)
    except (duckdb.Error, pa.ArrowException, OSError, BrokenProcessPool) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise BadTable("failed", name=task.target, reason=reason) from error
    return done


def _answer_in(folder: Path, task: Task) -> tuple[Path, Done]:
    database, names = files.copy_of(task.database, folder), answer_names(task.capabilities)
    with join.connected(folder, database) as con:
        source = files.as_parquet(con, task.source, folder)
        columns = join.columns_of(con, source)
        question = find_columns(columns, task.text_column, task.os_column)
        rows, book = join.rows_of(source, question), Book()
        is_large = files.count_rows(source) > FEW
        with processes() if is_large else nullcontext() as pool:
            joined = _answer_all(con, task._replace(database=database), rows, book, pool)
        shown = shown_names(columns, column_order(names))
        table = book.table(names, device_words(con, task.language)).rename_columns(shown)
        written = folder / f"answers{task.target.suffix.lower()}"
        count = files.write_table(source, join.ids_by_row(con, rows), table, written)
        return written, Done(count, join.count_of(con, "question"), joined)


def _answer_all(
    con: duckdb.DuckDBPyConnection, task: Task, rows: str, book: Book, pool: Executor | None
) -> int:
    """Answer every question; return how many the join answered."""

    asked: deque[tuple[join.Piece, Iterator[Answer]]] = deque()

    def send(piece: join.Piece) -> None:
        questions = [one[1:] for one in piece]
        asked.append((piece, recognise(pool, task.database, questions, task.capabilities)))

    def take() -> None:
        piece, answers = asked.popleft()
        join.remember(con, (one[0] for one in piece), map(book.number_of, answers))

    if pool:
        warm_up(pool, task.database)
    join.collect(con, rows)
    parts = submit_plain_keys(pool, task.database, join.known_keys(con)) if pool else []
    others, plain = (join.rest_in_pieces(con, is_plain=one) for one in (False, True))
    # One piece is always ahead of the one that is taken, so that the processes have work.
    send(next(others, []))
    keys = [one for part in parts for one in part.result()]
    join.meet(con, keys)
    send(next(plain, []))
    verdicts = plain_verdicts(con, keys, task.capabilities)
    join.answer_met(con, [book.number_of(verdicts[named_by(one)]) for one in keys])
    for piece in chain(plain, others):
        take()
        send(piece)
    while asked:
        take()
    return join.count_of(con, "met")
