"""Makers as printed: which one a text names, and a title that stands where a maker may and is none.

What belongs here: the words of `makers.csv` as a page prints them. What does not: makers of the database.
"""

import re
from functools import cache, lru_cache

from crawler.lookups import read_table, split_list
from crawler.names import match_key
from crawler.parser.unknown import is_harmless
from crawler.parser.words import WORDS_FILE, flat, has_word, is_carrier, is_maker, pattern, words

COLUMNS = ("maker_id", "name_ja", "name_en", "aliases")
HIRAGANA = re.compile("[ぁ-ん]")
NAME_SIGNS = re.compile("[A-Za-zァ-ヴ]|(?:会社|電機|電子|電器|電気|工業|製作所|通信|技術|科技)$")

MAKER_TAIL = re.compile(r"[製社の・\s]|スマートフォン|機種|端末")


@cache
def _ids() -> dict[str, str]:
    """Return the id of each printed form of a maker, of those that only the parser knows the form itself."""
    rows = read_table(WORDS_FILE.with_name("makers.csv"), COLUMNS)
    known = {
        flat(word): row["maker_id"] for row in rows for name in COLUMNS for word in split_list(row[name])
    }
    by_key = {match_key(word): found for word, found in known.items()}
    others = {flat(word): by_key.get(match_key(word), match_key(word)) for word in words("maker")}
    return {word.lower(): found for word, found in (others | known).items()}


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_ids(), key=lambda word: (-len(word), word))
    forms = (re.escape(word) for word in longest)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(forms)})(?![a-z0-9])")


def makers_in(text: str) -> set[str]:
    """Return the ids of the makers that a text names."""
    return {_ids()[found.group()] for found in _pattern().finditer(flat(text).lower())}


def is_known(text: str) -> bool:
    """Tell whether the whole text is a maker that the parser or `makers.csv` knows."""
    return is_maker(text) or flat(text).strip().lower() in _ids()


def known_maker(core: str) -> str:
    """Return the maker as printed when the heading is one, with 製 or スマートフォン behind it at most."""
    if is_maker(core):
        return core
    match = pattern("maker").match(flat(core))
    if match and not MAKER_TAIL.sub("", core[match.end() :]):
        return core[: match.end()]
    return ""


@lru_cache(maxsize=10_000)
def is_odd_title(title: str, name: str, maker: str = "") -> bool:
    """Tell a title that says something of a device instead of naming its maker: `圏外` over `Pixel 9`.

    A device whose maker is known by its brand has that maker; over any other, a title that looks like
    a name may be a maker that nobody listed.
    """
    if is_known(title) or is_carrier(title) or has_word(title, "brand") or has_word(title, "topic"):
        return False
    if is_harmless(title):
        return False
    if pattern("brand").match(flat(name)) or makers_in(maker) or makers_in(name):
        return True
    return bool(HIRAGANA.search(title)) or not NAME_SIGNS.search(flat(title))
