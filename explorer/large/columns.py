"""The columns of an answer in a large file, and which columns of the file hold the question. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from crawler.names import Capability, Match, Status
from explorer.check import judge
from explorer.headings import DEVICE_WORDS, OS_WORDS, folded_heading
from explorer.index import Found
from explorer.lookup import find
from explorer.queries import Dataset

SUFFIXES = (".parquet", ".csv")
PREFIX = "myna_"
# What the verdict for each capability is made of: the columns are `card_reading`, `card_reading_reason`, ...
PARTS = ("", "_reason", "_origin")

Answer = tuple[str | None, ...]


class BadTable(Exception):
    """The file cannot be used: a code of the texts (`large_bad`) and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values


class Question(NamedTuple):
    """The columns that hold the text and, where there is one, the OS version."""

    text: str
    os: str | None


def answer_names(capabilities: Sequence[Capability]) -> list[str]:
    """Return the names of the values of an answer, in the order of `answer_of`."""
    return ["match", "device_id", "model_number", *(f"{one}{part}" for one in capabilities for part in PARTS)]


def column_order(names: Sequence[str]) -> list[str]:
    """Return the columns as they are written: maker and name stand behind the device."""
    return [*names[:2], "maker", "name", *names[2:]]


def answer_of(data: Dataset, text: str, os_text: str, capabilities: Sequence[Capability]) -> Answer:
    """Return what `check` says: match, device id, the model number named, status, reason, origin of each."""
    return answer_for(data, find(data.index, text), os_text, capabilities)


def answer_for(data: Dataset, found: Found, os_text: str, capabilities: Sequence[Capability]) -> Answer:
    """Return the answer, as `answer_of` does, for what a text was found to name."""
    _, device, _, refined = judge(data, found, os_text, capabilities)
    if device is None:
        return open_answer(found.match.value, len(capabilities))
    verdicts = [value for one in refined for value in (one.status.value, one.reasons[0], one.row.origin)]
    return (found.match.value, device.device_id, found.model_number, *verdicts)


def open_answer(match: str, count: int) -> Answer:
    """Return the answer where no single device was recognised."""
    status = Status.AMBIGUOUS.value if match == Match.AMBIGUOUS else Status.UNKNOWN.value
    return (match, None, None, *(status, status, None) * count)


def find_columns(columns: Sequence[str], text: str | None, os: str | None) -> Question:
    """Return the columns of the question: those that are named, else found by their headings.

    Raises `BadTable` when there is no such column.
    """
    found = _named(columns, text) if text else _by_words(columns, DEVICE_WORDS)
    if found is None:
        raise BadTable("no_column", columns=", ".join(columns))
    return Question(found, _named(columns, os) if os else _by_words(columns, OS_WORDS))


def _named(columns: Sequence[str], name: str) -> str:
    if name not in columns:
        raise BadTable("no_such_column", column=name, columns=", ".join(columns))
    return name


def _by_words(columns: Sequence[str], words: Sequence[str]) -> str | None:
    """Return the column whose heading comes first among the words, None when none has such a heading."""
    by_heading = {folded_heading(column): column for column in reversed(columns)}
    return next((by_heading[word] for word in words if word in by_heading), None)


def shown_names(columns: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the names of the answer's columns, with a prefix where the file has one of them itself."""
    taken, prefix = {column.lower() for column in columns}, ""
    while any(f"{prefix}{name}" in taken for name in names):
        prefix += PREFIX
    return [f"{prefix}{name}" for name in names]
