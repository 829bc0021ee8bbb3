"""Reads a typed text as a chain of known words: `エクスペリア5マーク2` -> xperia 5 ii. Pure.

The text is cut in every way into words of the lexicon, numbers and unknown pieces; the cheapest
few cuts are kept and rendered as a name is printed, so that they meet the keys of the devices.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crawler.names import fold, match_key
from explorer.lexicon import Lexicon, Word, is_correctable

MAX_TEXT = 80
KEPT = 6
# Numbers in a name have at most so many digits.
MOST_JOINED = 4
ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
RAW_LATIN, RAW_OTHER = 2.0, 3.0
PER_LETTER = 0.4
DIGITS = re.compile(r"\d+")
LETTERS = re.compile(r"[a-z]+")


class Token(NamedTuple):
    """A piece of the text: its word, kind (of the lexicon, or `digits`, `raw`).

    `is_glued` tells that an ASCII letter or digit stands directly before it.
    """

    text: str
    kind: str
    is_glued: bool = False


@dataclass(frozen=True)
class Reading:
    """One way to read a text.

    `name` is the name without maker, carrier and generic words, as a key; `full` with the maker.
    `tokens` are what `name` was made of; `errors` counts corrected words.
    """

    name: str
    full: str
    tokens: tuple[Token, ...]
    makers: tuple[str, ...]
    carriers: tuple[str, ...]
    errors: int


class _Path(NamedTuple):
    cost: float
    tokens: tuple[Token, ...]
    errors: int


def prepare(text: str) -> str:
    """Return the folded text with everything that only separates turned into spaces."""
    folded = fold(text).replace("+", " plus ")
    folded = re.sub(r"(?<![ァ-ヺー])ー", " ", folded)
    return " ".join("".join(char if char.isalnum() or char == "ー" else " " for char in folded).split())


def _if_short(text: str) -> str:
    prepared = prepare(text) if len(text) <= MAX_TEXT * 4 else ""
    return prepared if len(prepared) <= MAX_TEXT else ""


def readings(text: str, lexicon: Lexicon, may_correct: bool = False) -> list[Reading]:
    """Return the cheapest readings of a text, best first; with at most one corrected word.

    A longer text has none: read in part, `… iPhone 15 … じゃない方` would be an iPhone 15.
    """
    prepared = _if_short(text)
    ahead: list[list[_Path]] = [[] for _ in range(len(prepared) + 1)]
    ahead[0] = [_Path(0.0, (), 0)]
    for at in range(len(prepared)):
        paths = ahead[at] = _cheapest(ahead[at])
        if not paths:
            continue
        if prepared[at] == " ":
            ahead[at + 1] += paths
            continue
        is_glued = (
            at > 0 and prepared[at - 1].isascii() and prepared[at - 1].isalnum() and prepared[at].isascii()
        )
        for end, word in _edges(prepared, at, lexicon, may_correct):
            is_error = word.kind.endswith("?")
            token = Token(word.text, word.kind.removesuffix("?"), is_glued)
            ahead[end] += [
                _Path(path.cost + word.cost, (*path.tokens, token), path.errors + is_error)
                for path in paths
                if not (is_error and path.errors)
            ]
    found: dict[tuple[str, str, tuple[str, ...]], Reading] = {}
    for path in _cheapest(ahead[-1]):
        for one in _render(path):
            found.setdefault((one.name, one.full, one.carriers), one)
    return list(found.values())


def _cheapest(paths: list[_Path]) -> list[_Path]:
    if len(paths) < 2:
        return paths
    best: dict[tuple[Token, ...], _Path] = {}
    for path in sorted(paths, key=lambda path: path.cost):
        best.setdefault(path.tokens, path)
        if len(best) == KEPT:
            break
    return list(best.values())


def _edges(text: str, at: int, lexicon: Lexicon, may_correct: bool) -> Iterator[tuple[int, Word]]:
    """Yield (end, word) for every piece that may start here."""
    if digits := DIGITS.match(text, at):
        yield digits.end(), Word(digits[0], "digits", 1.0)
        return
    stop = text.find(" ", at)
    stop = len(text) if stop < 0 else stop
    # A word may run over a space (`pro max`, `アクオス センス` never do, `uq mobile` does).
    for end in range(at + 1, min(at + lexicon.longest, stop) + 1):
        piece = text[at:end]
        for word in lexicon.words.get(piece, ()):
            yield end, word
        if may_correct and is_correctable(piece) and piece.isalpha() and piece not in lexicon.words:
            for word in lexicon.near(piece):
                yield end, word._replace(kind=f"{word.kind}?")
        elif not may_correct and piece not in lexicon.beginnings:
            break
    if stop < len(text):
        yield from _over_space(text, at, stop, lexicon)
    if letters := LETTERS.match(text, at):
        run = letters[0]
        yield letters.end(), Word(run, "raw", RAW_LATIN + PER_LETTER * len(run))
        if len(run) > 1:
            yield at + 1, Word(run[0], "letter", 1.3)
    else:
        yield at + 1, Word(text[at], "raw", RAW_OTHER)


def _over_space(text: str, at: int, stop: int, lexicon: Lexicon) -> Iterator[tuple[int, Word]]:
    """Yield words of two parts that were typed apart."""
    after = text.find(" ", stop + 1)
    after = len(text) if after < 0 else after
    for end in range(stop + 2, after + 1):
        for word in lexicon.words.get(text[at:stop] + text[stop + 1 : end], ()):
            yield end, word


def _render(path: _Path) -> Iterator[Reading]:
    """Yield the reading of a path; number words also unjoined (`テン ツー` is 10 and 2)."""
    for joined in dict.fromkeys((_with_numbers(path.tokens), path.tokens)):
        tokens = _with_generations(_with_marks(joined))
        named = tuple(token for token in tokens if token.kind not in ("maker", "carrier", "generic"))
        full = [token.text for token in tokens if token.kind not in ("carrier", "generic")]
        yield Reading(
            name=match_key("".join(token.text for token in named)),
            full=match_key("".join(full)),
            tokens=named,
            makers=tuple(token.text for token in tokens if token.kind == "maker"),
            carriers=tuple(token.text for token in tokens if token.kind == "carrier"),
            errors=path.errors,
        )


def _with_numbers(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Join number words: twenty + two, ニ + ジュウ + ゴ. Eleven to nineteen are words of their own."""
    joined: list[Token] = []
    for token in tokens:
        if token.kind == "number" and joined and joined[-1].kind == "number":
            before, now = int(joined[-1].text), int(token.text)
            if before in range(20, 100, 10) and 1 <= now <= 9:
                joined[-1] = Token(str(before + now), "number", joined[-1].is_glued)
                continue
            if 2 <= before <= 9 and 10 <= now <= 19:
                joined[-1] = Token(str(before * 10 + now - 10), "number", joined[-1].is_glued)
                continue
        joined.append(token)
    return tuple(joined)


def _with_marks(tokens: Sequence[Token]) -> list[Token]:
    """Turn `mark 2` into the roman numeral that is printed."""
    turned: list[Token] = []
    for token in tokens:
        is_number = token.kind in ("number", "digits")
        if is_number and turned and turned[-1].kind == "mark" and len(token.text) < 3:
            number = int(token.text)
            if 0 < number < len(ROMAN):
                turned[-1] = Token(ROMAN[number], "roman", turned[-1].is_glued)
                continue
        turned.append(token)
    return turned


def _with_generations(tokens: list[Token]) -> list[Token]:
    """Turn `3rd generation`, `第3世代`, `gen 3` into 第3世代, as it is printed."""
    if not any(token.kind == "generation" for token in tokens):
        return tokens
    at = next(place for place, token in enumerate(tokens) if token.kind == "generation")
    around = [place for place in (at - 1, at - 2, at + 1) if 0 <= place < len(tokens)]
    number = next((place for place in around if tokens[place].kind in ("number", "digits")), None)
    if number is None:
        return tokens
    kept = [
        token for place, token in enumerate(tokens) if place not in (at, number) and token.kind != "ordinal"
    ]
    where = min(number, at) - sum(token.kind == "ordinal" for token in tokens[: min(number, at)])
    return [*kept[:where], Token(f"第{tokens[number].text}世代", "generation"), *kept[where:]]


def joined_numbers(text: str) -> set[str]:
    """Return the numbers that arise where digits typed apart are closed up, whatever stands between them."""
    runs = DIGITS.findall(unicodedata.normalize("NFKC", text))
    lengths = range(2, min(MOST_JOINED, len(runs)) + 1)
    return {"".join(runs[at : at + length]) for length in lengths for at in range(len(runs) - length + 1)}


def is_half_typed(text: str, numbers: Iterable[str]) -> bool:
    """Tell whether of a device's number only the beginning or end is typed in digits: `いち5` for 15."""
    runs = set(DIGITS.findall(unicodedata.normalize("NFKC", text)))
    return any(
        number not in runs and any(number.startswith(run) or number.endswith(run) for run in runs)
        for number in numbers
    )
