"""Which keys that only devices abroad have decide alone. Pure.

`find` reads such a text as a chain of words before it takes the key. The key decides alone where no
reading of any plain text that has it can meet a device sold here, a series, a generation or a PC:

- No word in it stands for another one (`light` for lite), or for a PC or its operating system.
- Words that a reading leaves out (`lg`, `au`, `y` for Y!mobile) may be in it, if all that can be left is
  safe: no key of a device here, also with `5g` behind, no series, no generation, and neither a model number
  of a device here in it nor such a key around the model number of another device.

A model number of four signs then stands for its devices. A name has to have a word that can name one: three
letters side by side in the text, and in the key no word that is left out or only narrows a name down (`pro`).
Spelled by single letters, a run of three costs a reading more than the run as one unknown word, so the
best reading has that word.
"""

import re
from collections.abc import Iterable, Iterator

from crawler.names import KeyKind, match_key
from explorer.hits import MIN_NUMBER_KEY, in_japan
from explorer.index import Index
from explorer.lexicon import Word

KEPT = ("series", "suffix", "letter")
LEFT_OUT = ("maker", "carrier", "generic")
# More is too much to look at: such a key is left to `check`.
MOST_RESTS = 64


class Abroad:
    """Tells of the keys of an index whether they decide alone."""

    def __init__(self, index: Index):
        self._keys = index.keys
        words = _words(index)
        self._left_out = _left_out(words)
        self._leaving = any_of(self._left_out)
        computers = set(index.computers.values())
        pcs = {key for key, hits in index.keys.items() if any(hit.device_id in computers for hit in hits)}
        turned = {surface for surface, word in words if not _stays(surface, word)}
        self._turning = any_of(filter(str.isascii, turned | pcs | set(index.os_words)))
        self._narrowing = any_of(surface for surface, word in words if word.kind == "suffix")
        here = {key for key, hits in index.keys.items() if in_japan(index, hits)}
        series = {surface for surface, word in words if word.kind == "series"}
        self._named = here | {key.removesuffix("5g") for key in here} | series | {*index.generations, ""}
        self._here = here
        self._numbers_here = any_of(key for key in here if self._is_number(key))
        self._begins = {key[:end] for key in here for end in range(len(key) + 1)}
        self._ends = {key[start:] for key in here for start in range(len(key) + 1)}

    def decides(self, key: str) -> bool:
        """Tell whether a key decides alone; for some texts only, where it `needs_word`."""
        if key in self._named or self._turning.search(key):
            return False
        leaves = self._leaving.search(key) is not None
        if self.needs_word(key):
            return not leaves and not self._narrowing.search(key)
        return not leaves or all(map(self._is_safe, self._rests(key)))

    def needs_word(self, key: str) -> bool:
        """Tell whether a key is no model number: a text must have a word besides."""
        return not self._is_number(key)

    def _is_number(self, key: str) -> bool:
        return len(key) >= MIN_NUMBER_KEY and any(hit.kind == KeyKind.MODEL for hit in self._keys[key])

    def _rests(self, key: str) -> Iterator[str]:
        """Yield all that can be left of a key; an empty text, which is not safe, where that is too much."""
        seen, waiting = {key}, [key]
        while waiting:
            for rest in self._shorter(waiting.pop()):
                if rest not in seen:
                    seen.add(rest)
                    waiting.append(rest)
                    yield rest if len(seen) <= MOST_RESTS else ""

    def _shorter(self, text: str) -> Iterator[str]:
        """Yield the text with each word once left out, or a maker by its id."""
        for word, others in self._left_out.items():
            at = text.find(word)
            while at >= 0:
                yield from (text[:at] + other + text[at + len(word) :] for other in others)
                at = text.find(word, at + 1)

    def _is_safe(self, text: str) -> bool:
        if text in self._named or self._numbers_here.search(text):
            return False
        return not any(before + after in self._here for before, after in self._around(text))

    def _around(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield beginning and end of a text between which a number may stand, if keys here have both."""
        for end in range(len(text)):
            if text[:end] not in self._begins:
                return
            for start in range(len(text), end + MIN_NUMBER_KEY - 1, -1):
                if text[start:] not in self._ends:
                    break
                yield text[:end], text[start:]


def _words(index: Index) -> list[tuple[str, Word]]:
    """Return the words that can be read in ASCII; a piece that begins with a digit is read as a number."""
    surfaces = [one for one in index.lexicon.words if one.isascii() and not one[0].isdigit()]
    return [(surface, word) for surface in surfaces for word in index.lexicon.words[surface]]


def _stays(surface: str, word: Word) -> bool:
    return word.kind in LEFT_OUT or (word.text == surface and word.kind in KEPT)


def _left_out(words: Iterable[tuple[str, Word]]) -> dict[str, set[str]]:
    """Return the words that are left out, each with what may stand in its place: nothing, a maker's id."""
    found: dict[str, set[str]] = {}
    for surface, word in words:
        if word.kind in LEFT_OUT:
            by_id = {match_key(word.text)} if word.kind == "maker" else set()
            found.setdefault(surface, {""}).update(by_id)
    return found


def any_of(words: Iterable[str]) -> "re.Pattern[str]":
    """Return a pattern of words, by their first letters: there are hundreds of them."""
    rests: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        rests.setdefault(re.escape(word[0]), []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items()) or "(?!)")
