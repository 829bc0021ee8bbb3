"""Texts of a plain form: their folded key alone decides what they name, so a join can answer them. Pure.

A text is plain when it has nothing but ASCII letters, digits, blanks, hyphens, underscores and round
brackets, and no two numbers with nothing but such signs between them. Then its numbers are those of its
key, in their order, and `find` can look at nothing that the key does not say:

- A key of a device sold in Japan is decided before anything else is read. What may take that answer
  back are numbers closed up (none here) and words in Japanese (none here) or `card reader`.
- A key that only devices abroad have is decided after the text was read as a chain of words; see
  `abroad.py` for the keys of which no such reading can be anything else.

All other keys, and all other texts, are for `check`. Whatever the lookup learns has its place here too:
`tests/test_large.py` compares both over every key.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crawler.names import Match
from explorer.hits import in_japan
from explorer.index import NONE, Index
from explorer.large.abroad import Abroad
from explorer.lookup import by_key

LONGEST_PLAIN = 60
# Python, DuckDB (RE2) and Spark (Java) read these patterns alike: found anywhere, the text is not plain.
NOT_PLAIN = r"[^A-Za-z0-9 _()-]|[0-9][ _()-]+[0-9]"
NO_KEY = r"[^A-Za-z0-9]"
WORD = "[A-Za-z]{3}"
# Case says nothing in printable ASCII, but in a user agent, which has a slash: found anywhere, case stays.
KEEPS_CASE = r"[^ -.0-~]"
READER = "cardreader"


def is_plain(text: str) -> bool:
    return len(text) <= LONGEST_PLAIN and re.search(NOT_PLAIN, text) is None


class PlainKey(NamedTuple):
    """A key, what a plain text that has it means, and whether such a text must have a word (`WORD`)."""

    key: str
    needs_word: bool
    match: str
    device_id: str | None
    model_number: str | None


def plain_keys(index: Index, keys: Iterable[str] | None = None) -> Iterator[PlainKey]:
    """Yield the keys that decide alone for every plain text that has them: of these keys, or of all."""
    abroad = Abroad(index)
    for key in index.keys if keys is None else keys:
        hits = index.keys.get(key, [])
        if not hits or not key.isascii() or READER in key:
            continue
        is_here = in_japan(index, hits)
        found = by_key(index, key, hits) if is_here or abroad.decides(key) else NONE
        # Abroad, a text that names nothing so is read on.
        if is_here or found.match is not Match.NONE:
            needs_word = not is_here and abroad.needs_word(key)
            yield PlainKey(key, needs_word, found.match.value, found.device_id, found.model_number)
