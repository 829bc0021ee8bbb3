"""Printed model-number cells taken apart: `SC-51C（docomo）／SCG13（au）` and the like."""

import re
import unicodedata
from dataclasses import dataclass, field

from crawler.names import match_key

SEPARATORS = re.compile(r"[\s/,、，・;()\[\]{}<>【】「」:|]+")
# Letters and at least one digit, as in SH-41A, A003SH, 801SO, CPH2199, P780, SM-S901Q.
MODEL_NUMBER = re.compile(r"(?=[0-9A-Za-z-]*[A-Za-z])(?=[0-9A-Za-z-]*\d)[0-9A-Za-z][0-9A-Za-z-]{2,19}")


@dataclass
class Cell:
    """What a cell names: (number, carrier id or '') pairs, carriers without a number, the rest."""

    numbers: list[tuple[str, str]] = field(default_factory=list)
    carriers: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """Return printed text with ordinary width, hyphens and spaces, case kept: `ＳＨ－４１Ａ` -> `SH-41A`."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("(?<=[0-9A-Za-z])[\u2010-\u2015\u2212ー\u00ad\ufe58\ufe63](?=[0-9A-Za-z])", "-", text)
    return " ".join(text.split())


def read_cell(text: str, carrier_words: dict[str, str]) -> Cell:
    """Take a printed cell apart. A carrier belongs to the number it stands beside.

    `ドコモ SO-52A、au SOG02` puts it before, `SO-52A（docomo）` behind: what opens the cell tells.
    """
    cell = Cell()
    words = [word for word in SEPARATORS.split(_join_carrier_words(plain(text), carrier_words)) if word]
    is_prefix = bool(words) and match_key(words[0]) in carrier_words
    carrier = ""
    for word in words:
        known = carrier_words.get(match_key(word))
        if known is not None:
            carrier = known
            cell.carriers.append(known)
            if not is_prefix and cell.numbers:
                number, beside = cell.numbers[-1]
                cell.numbers[-1] = (number, beside or known)
        elif MODEL_NUMBER.fullmatch(word):
            cell.numbers.append((word, carrier if is_prefix else ""))
        elif match_key(word):
            cell.rest.append(word)
    return cell


def _join_carrier_words(text: str, carrier_words: dict[str, str]) -> str:
    """Close up carrier names of two words (`UQ mobile`, `Y! mobile`), so that they stay one."""
    words = text.split(" ")
    joined: list[str] = []
    for word in words:
        pair = f"{joined[-1]}{word}" if joined else ""
        if pair and match_key(pair) in carrier_words and match_key(word) not in carrier_words:
            joined[-1] = pair
        else:
            joined.append(word)
    return " ".join(joined)
