"""From a typed text to a device. Pure.

In this order: a user agent; the folded key as it stands; the same beside an OS (`iPhone 15 iOS 12`);
the text read as a chain of known words (kana, carrier and maker words, name beside number); the same
with one typing error in a word; a name without its series word. Numbers and suffixes are identity:
they are never corrected, a text that differs there gets candidates at the most.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.names import KeyKind, Match, match_key
from explorer.agent import read_agent
from explorer.asked import TOO_LONG
from explorer.doubts import held
from explorer.hits import MIN_NUMBER_KEY, decide, hits_of, in_japan, loosely, with_5g
from explorer.index import NONE, Found, Index, KeyHit
from explorer.os_text import parse_os
from explorer.reading import Reading, readings
from explorer.remarks import (
    folded,
    is_harmless_after_os,
    up_to_the_name,
    without_details,
    without_remarks,
    without_tail,
)

# A longer text is a sentence: looking for typing errors in it costs time and finds nothing.
LONGEST_CORRECTED = 32
MOST_TEXTS = 3
# Words that only narrow a name down: on their own they name nothing.
NARROWING = {"suffix", "number", "digits", "mark", "roman", "generation", "ordinal", "letter"}
NO_COMPUTER = re.compile(r"phone|mobile|duo|ガラケー|スマホ|携帯", re.IGNORECASE)


def find(index: Index, text: str) -> Found:
    """Return the device that `text` names; see the order at the top of this module."""
    text = text.strip()
    agent = read_agent(text)
    if agent is not None:
        found = _find_name(index, agent.text) if agent.text else NONE
        return replace(found, os=agent.os)
    return _find_name(index, text) if len(text) < TOO_LONG else NONE


def _find_name(index: Index, text: str) -> Found:
    """Return what the text names as it stands, with its OS taken off, or without the remarks around it."""
    hits = index.keys.get(match_key(text), [])
    if in_japan(index, hits):
        return by_key(index, text, hits)
    plain = folded(text)
    if index.os_finder.is_in(plain) and (with_os := _beside_os(index, text, plain)):
        return with_os
    found = held(index, text, _search(index, text))
    if found.match is Match.NONE:
        found = _without_remarks(index, text, plain, found)
    return _with_system(index, plain, found)


def by_key(index: Index, text: str, hits: Sequence[KeyHit]) -> Found:
    """Return what the devices that have the key of a text make of it."""
    return held(index, text, decide(index, hits, Match.EXACT))


def _beside_os(index: Index, text: str, plain: str) -> Found | None:
    """Return the device that is named beside an OS, with that OS."""
    body, tail = without_tail(plain)
    if not is_harmless_after_os(tail):
        body = plain
    for part in index.os_finder.parts(without_details(body)):
        names = [part.name, without_remarks(part.name)] if part.is_in_front else [part.name]
        for name in filter(index.os_finder.is_plain, names):
            found = held(index, text, _search(index, name), name)
            if found.match is not Match.NONE:
                other = index.os_finder.alone(name, index.names.get(found.device_id or "", ""))
                if other and not (part.stated and part.stated.platform == other.platform):
                    return replace(found, os=other, os_text=other.text)
                return replace(found, os=part.stated, os_text=part.os_text)
    return None


def _with_system(index: Index, plain: str, found: Found) -> Found:
    """Return what was found with the system that the text names: `AndroidのiPhone 15` is a doubt."""
    if found.device_id is None or found.os:
        return found
    stated = index.os_finder.alone(plain, index.names.get(found.device_id, ""))
    return replace(found, os=stated, os_text=stated.text) if stated else found


def _without_remarks(index: Index, text: str, plain: str, found: Found) -> Found:
    """Return what is named without the listed remarks; behind an unknown one a device is a candidate."""
    bare = without_remarks(plain)
    if bare and bare != plain:
        again = held(index, text, _search(index, bare))
        if again.match is not Match.NONE or not found.candidates:
            found = again
    if found.match is Match.NONE and not found.candidates:
        for part in [bare, *index.os_finder.around(plain)]:
            near = up_to_the_name(part)
            if near not in ("", bare) and (candidates := _search(index, near).candidates):
                return Found(Match.NONE, candidates=candidates)
    return found


def _search(index: Index, text: str) -> Found:
    key = match_key(text)
    if not key:
        return NONE
    hits = index.keys.get(key, [])
    if in_japan(index, hits):
        return decide(index, hits, Match.EXACT)
    plain = readings(text, index.lexicon)
    read = [(one, hits_of(index, one)) for one in plain]
    for reading, met in read:
        if in_japan(index, met):
            return decide(index, met, Match.EXACT, reading.carriers)
    if computer := _computer(index, text, plain):
        return computer
    if plain and _is_series_alone(plain[0]):
        return _of_series(index, plain[0])
    if found := _of_generations(index, plain):
        return found
    for met in (hits, *(met for _, met in read)):
        if met and (
            _is_name(plain) or any(hit.kind == KeyKind.MODEL and len(key) >= MIN_NUMBER_KEY for hit in met)
        ):
            return decide(index, [*with_5g(index, plain), *met], Match.EXACT)
    return _nearly(index, text, key, plain)


def _nearly(index: Index, text: str, key: str, plain: Sequence[Reading]) -> Found:
    """Return what a text means that is nearly right: one typing error in a word, a series left out."""
    corrected: list[Reading] = []
    has_raw = plain and any(token.kind == "raw" for token in plain[0].tokens)
    if has_raw and len(key) <= LONGEST_CORRECTED:
        corrected = [one for one in readings(text, index.lexicon, may_correct=True) if one.errors]
        corrected = [one for one in corrected if all(token.kind != "raw" for token in one.tokens)]
    for reading in corrected:
        if not _is_series_alone(reading) and (hits := hits_of(index, reading)):
            return decide(index, hits, Match.CLOSE, reading.carriers)
    for reading in [*plain, *corrected]:
        if hits := loosely(index, reading):
            return decide(index, hits, Match.CLOSE, reading.carriers)
    texts = [key, *(one.name for one in plain[:MOST_TEXTS])]
    return Found(Match.NONE, candidates=index.suggester.suggest(texts, _makers_of(index, plain)))


def _makers_of(index: Index, plain: Sequence[Reading]) -> set[str]:
    """Return the makers that a text names, itself or by a brand: others have nothing that it may mean."""
    # Behind a stray letter it is part of another word: `oPhone 8`, `CHP2353`.
    if not plain or (plain[0].tokens and plain[0].tokens[0].kind in ("raw", "letter")):
        return set()
    if plain[0].makers:
        return set(plain[0].makers)
    brands = [token.text for token in plain[0].tokens if token.kind == "series"]
    return set(next((index.series_makers[brand] for brand in brands if brand in index.series_makers), ()))


def _is_name(plain: Sequence[Reading]) -> bool:
    """Tell whether a text has a word that can name a device: `5`, `Pro` or `mini` only narrow one down."""
    return not plain or any(
        token.kind not in NARROWING and len(token.text) > 1 for reading in plain for token in reading.tokens
    )


def _computer(index: Index, text: str, plain: Sequence[Reading]) -> Found | None:
    """Return the PC that an OS (`Windows 10`) or a product name (`MacBook Air M2`) means."""
    if NO_COMPUTER.search(text):
        return None
    stated = parse_os(text, index.os_words)
    if stated and stated.platform and stated.platform in index.computers:
        return Found(Match.EXACT, index.computers[stated.platform], os=stated)
    tokens = plain[0].tokens if plain else ()
    if any(token.kind == "raw" and (token.is_glued or not token.text.isascii()) for token in tokens[1:]):
        return None
    for word in [token.text for token in tokens if token.kind == "series"][:1]:
        for hit in index.keys.get(word, ()):
            if hit.device_id in index.computers.values():
                return Found(Match.EXACT, hit.device_id)
    return None


def _is_series_alone(reading: Reading) -> bool:
    """Tell whether only a maker or series was named: that lists candidates and answers nothing."""
    if not reading.tokens:
        return bool(reading.makers or reading.carriers)
    return len(reading.tokens) == 1 and reading.tokens[0].kind == "series"


def _of_series(index: Index, reading: Reading) -> Found:
    candidates = index.suggester.of_series(reading.name, reading.makers)
    return Found(Match.AMBIGUOUS if candidates else Match.NONE, candidates=candidates)


def _of_generations(index: Index, plain: Sequence[Reading]) -> Found | None:
    """Return the generations of a name that comes with one only: `iPhone SE`."""
    for reading in plain:
        ids = index.generations.get(reading.name, ())
        ids = [one for one in ids if not reading.makers or index.makers.get(one) in reading.makers]
        if ids:
            return Found(Match.AMBIGUOUS, candidates=tuple((one, 1.0) for one in ids))
    return None
