"""The part of the answers that Python gives, in processes of its own: each holds the dataset once.

Two at most: each takes as much memory as a server, and all together are to stay within a gigabyte.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

from crawler.names import Capability
from explorer.index import Found
from explorer.large.columns import Answer, answer_for
from explorer.large.parent import end_with_parent
from explorer.large.plain import PlainKey, plain_keys
from explorer.lookup import find
from explorer.queries import Dataset, load_dataset

MOST_PROCESSES = 2
CHUNK = 200


@contextmanager
def processes() -> Iterator[Executor]:
    """Give processes that start when they get work. New ones, not copies: DuckDB has threads here."""
    count = min(MOST_PROCESSES, os.cpu_count() or 1)
    with ProcessPoolExecutor(count, get_context("spawn"), end_with_parent) as pool:
        yield pool


@cache
def dataset_of(database: Path) -> Dataset:
    """Return the dataset of a file that nobody replaces, without what only candidates need."""
    data = load_dataset(database)
    return replace(data, index=replace(data.index, suggester=data.index.suggester.of_series_only()))


def read_plain_keys(database: Path, keys: Sequence[str] | None = None) -> list[PlainKey]:
    """Return those of the keys, or of all, that decide alone."""
    return list(plain_keys(dataset_of(database).index, keys))


def warm_up(pool: Executor, database: Path) -> None:
    """Let each process read the dataset while there is nothing else to do yet."""
    for _ in range(MOST_PROCESSES):
        pool.submit(read_plain_keys, database, ())


def submit_plain_keys(pool: Executor, database: Path, keys: Sequence[str]) -> "list[Future[list[PlainKey]]]":
    """Ask each process for a part of the keys."""
    return [
        pool.submit(read_plain_keys, database, keys[part::MOST_PROCESSES]) for part in range(MOST_PROCESSES)
    ]


def recognise(
    pool: Executor | None,
    database: Path,
    questions: Sequence[tuple[str, str]],
    capabilities: Sequence[Capability],
) -> Iterator[Answer]:
    """Yield the answers for (text, OS) pairs in their order; without a pool in this process.

    A pool goes to work at once, before the first answer is asked for.
    """
    ask = partial(_answer, database, capabilities)
    return map(ask, questions) if pool is None else pool.map(ask, questions, chunksize=CHUNK)


def _answer(database: Path, capabilities: Sequence[Capability], question: tuple[str, str]) -> Answer:
    text, os_text = question
    return answer_for(dataset_of(database), _found(database, text), os_text, capabilities)


@lru_cache(CHUNK)
def _found(database: Path, text: str) -> Found:
    """Return what a text names; questions come in the order of their texts, each OS behind the other."""
    return find(dataset_of(database).index, text)
