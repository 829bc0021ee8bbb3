"""Texts of a plain form: their folded key alone decides what they name, so a join can answer them. Pure.

A text is plain when it has nothing but ASCII letters, digits, blanks, hyphens, underscores and round
brackets, and no two numbers with nothing but such signs between them. Then its numbers are those of its
key, in their order, and `find` can look at nothing that the key does not say:

- A key of a device sold in Japan is decided before anything else is read. What may take that answer
  back are numbers closed up (none here) and words in Japanese (none here) or `card reader`.
- A key that only devices abroad have is decided after the text was read as a chain of words. Where no
  word of the lexicon in it stands for another one, or for none, every reading gives the key back; where
  there is no word of an operating system or PC besides, nothing comes before the key either. Only model
  numbers are taken: of a name the words count.

All other keys, and all other texts, are for `check`. Whatever the lookup learns has its place here too:
`tests/test_large.py` compares both over every key.
"""

import re
from collections.abc import Iterator
from itertools import islice

from crawler.names import KeyKind, Match
from explorer.hits import MIN_NUMBER_KEY, in_japan
from explorer.index import Found, Index
from explorer.lookup import by_key

LONGEST_PLAIN = 60
# Python, DuckDB (RE2) and Spark (Java) read these patterns alike: found anywhere, the text is not plain.
NOT_PLAIN = r"[^A-Za-z0-9 _()-]|[0-9][ _()-]+[0-9]"
NO_KEY = r"[^A-Za-z0-9]"
# Case says nothing in printable ASCII, but in a user agent, which has a slash: found anywhere, case stays.
KEEPS_CASE = r"[^ -.0-~]"
READER = "cardreader"


def is_plain(text: str) -> bool:
    return len(text) <= LONGEST_PLAIN and re.search(NOT_PLAIN, text) is None


def plain_keys(index: Index, part: int = 0, parts: int = 1) -> Iterator[tuple[str, Found]]:
    """Yield the keys that decide alone for every plain text that has them, and what such a text means.

    Of so many parts of all keys only one is looked at.
    """
    turning = _turning(index)
    for key, hits in islice(index.keys.items(), part, None, parts):
        if not key.isascii() or READER in key:
            continue
        if in_japan(index, hits):
            yield key, by_key(index, key, hits)
        elif _decides_alone(index, key) and not turning.search(key):
            found = by_key(index, key, hits)
            if found.match is not Match.NONE:
                yield key, found


def _decides_alone(index: Index, key: str) -> bool:
    """Tell whether a key abroad is a model number, and no phone here, series or generation is meant."""
    if len(key) < MIN_NUMBER_KEY or all(hit.kind != KeyKind.MODEL for hit in index.keys[key]):
        return False
    is_series = any(word.kind == "series" for word in index.lexicon.words.get(key, ()))
    is_here_with_5g = in_japan(index, index.keys.get(f"{key}5g", ()))
    return not (is_series or is_here_with_5g or key in index.generations)


def _turning(index: Index) -> "re.Pattern[str]":
    """Return a pattern of the words that a reading takes out or replaces, or that mean a PC or its OS.

    A piece that begins with a digit is read as a number, whatever stands in the lexicon.
    """
    words = {
        surface
        for surface, words in index.lexicon.words.items()
        if surface.isascii() and not surface[0].isdigit()
        if any(word.text != surface or word.kind not in ("series", "suffix", "letter") for word in words)
    }
    computers = set(index.computers.values())
    words |= {key for key, hits in index.keys.items() if any(hit.device_id in computers for hit in hits)}
    words |= set(index.os_words)
    rests: dict[str, list[str]] = {}
    for word in sorted(filter(str.isascii, words)):
        rests.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items()) or "(?!)")
