"""The words that device names are made of, with their readings. Pure.

A surface is a folded piece of text (`アクオス`, `aquos`, `マーク`, `フォー`); each stands for one or
more words. A surface with one typing error is found through the texts that remain when one
letter is left out (the idea of SymSpell): an error, seen so, meets the word it came from.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz.distance import OSA

from crawler.names import fold

MIN_LATIN, MIN_KANA = 4, 3
COSTS = {
    "maker": 1.0,
    "carrier": 1.0,
    "series": 1.0,
    "suffix": 1.0,
    "number": 1.1,
    "letter": 1.3,
    "mark": 0.8,
    "generation": 0.8,
    "ordinal": 0.8,
    "generic": 0.6,
}
ERROR_COST = 2.0


class Word(NamedTuple):
    """A word as it counts (`aquos`, `4`, maker id) and what kind of word it is."""

    text: str
    kind: str
    cost: float


class Lexicon:
    """Surfaces to words, exact and with one typing error."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]):
        """Take (reading, word, kind) rows, the table `reading` of the database."""
        self.words: dict[str, tuple[Word, ...]] = {}
        self._nearby: dict[str, set[str]] = defaultdict(set)
        for reading, text, kind in rows:
            surface = surface_of(reading)
            word = Word(text, kind, COSTS[kind])
            if surface and word not in self.words.get(surface, ()):
                self.words[surface] = (*self.words.get(surface, ()), word)
        self.generic = frozenset(
            surface for surface, words in self.words.items() if any(word.kind == "generic" for word in words)
        )
        self.beginnings = frozenset(
            surface[:length] for surface in self.words for length in range(1, len(surface) + 1)
        )
        self.longest = max(map(len, self.words), default=0)
        for surface, words in self.words.items():
            if is_correctable(surface) and any(word.kind in ("series", "suffix", "maker") for word in words):
                for rest in _without_one(surface):
                    self._nearby[rest].add(surface)

    def near(self, text: str) -> list[Word]:
        """Return the words of which `text` is a spelling with exactly one error."""
        surfaces = {surface for rest in _without_one(text) for surface in self._nearby.get(rest, ())}
        return [
            word._replace(cost=word.cost + ERROR_COST)
            for surface in sorted(surfaces)
            if surface[0] == text[0] or surface[1:2] == text[:1] or surface[1:] == text[1:]
            if OSA.distance(surface, text, score_cutoff=1) == 1
            for word in self.words[surface]
        ]


def surface_of(text: str) -> str:
    """Return a reading folded and closed up, as it stands in a typed text without its spaces."""
    return "".join(char for char in fold(text) if char.isalnum() or char == "ー")


def is_correctable(text: str) -> bool:
    """Tell whether a text is long enough that one error still leaves it recognisable."""
    return len(text) >= (MIN_LATIN if text.isascii() else MIN_KANA)


def _without_one(text: str) -> set[str]:
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}
