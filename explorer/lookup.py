"""From a typed text to a device. Pure.

In this order: a user agent; the folded key as it stands; the text read as a chain of known words
(kana, carrier and maker words, name beside number); the same with one typing error in a word;
a name without its series word. Numbers and suffixes are identity: they are never corrected, a
text that differs there gets candidates at the most.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.names import FormFactor, KeyKind, Match, match_key
from explorer.agent import read_agent
from explorer.lexicon import Lexicon
from explorer.os_text import OsStated, OsWords, parse_os
from explorer.reading import ROMAN, Reading, Token, readings
from explorer.remarks import without_remarks
from explorer.suggest import Suggester
from explorer.verdict import Device

MIN_NUMBER_KEY = 4
# So many pieces has no model number more: `2201117TY` has two, `XQ-AS52 A` five.
LONGEST_NUMBER = 6
# A longer text is a sentence: looking for typing errors in it costs time and finds nothing.
LONGEST_CORRECTED = 32
MOST_TEXTS = 3
# Nobody writes a device in more; a longer text is something else.
LONGEST_NAME = 200
NUMBERS = ("number", "digits")
# Words that only narrow a name down: on their own, or in a model number, they name nothing.
NARROWING = {"suffix", "number", "digits", "mark", "roman", "generation", "ordinal", "letter"}
NO_NUMBER = {"series", "suffix", "mark", "roman", "generation"}
# Kind of hits that contradict each other: neither rank nor place may decide between them.
DISPUTED = "disputed"
DIGITS_APART = re.compile(r"(\d+)(?:[^\w]|[_のノ])+(?=(\d+))")
NO_COMPUTER = re.compile(r"phone|mobile|duo|ガラケー|スマホ|携帯", re.IGNORECASE)


class KeyHit(NamedTuple):
    """A stored key: the device, what the key was made of, and the model number if it was one."""

    device_id: str
    kind: str
    model_number: str | None


@dataclass(frozen=True)
class Found:
    """What a text meant: one device (exact, close), several candidates (ambiguous) or none.

    `model_number` is set when the text named one: verdicts can differ between those.
    `candidates` are (device id, score from 0 to 1), best first. `os` is what a user agent states.
    """

    match: Match
    device_id: str | None = None
    model_number: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    os: OsStated | None = None


@dataclass(frozen=True)
class Index:
    """Keys of all devices. Devices sold in Japan rank before the world catalogue.

    `makers` gives the maker id of a device, `numbers` its (model number, carrier) pairs,
    `computers` the device of an operating system that PCs run.
    """

    keys: Mapping[str, list[KeyHit]]
    japan: Set[str]
    makers: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=lambda: Lexicon(()))
    suggester: Suggester = field(default_factory=lambda: Suggester({}, {}))
    without_series: Mapping[str, list[KeyHit]] = field(default_factory=dict)
    computers: Mapping[str, str] = field(default_factory=dict)
    os_words: OsWords = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


NONE = Found(Match.NONE)


def build_index(
    keys: Mapping[str, list[KeyHit]],
    devices: Iterable[Device],
    numbers: Mapping[str, Sequence[tuple[str, str]]],
    reading_rows: Iterable[tuple[str, str, str]],
    os_words: OsWords,
) -> Index:
    """Return the index over all devices; `reading_rows` are the rows of the table `reading`."""
    devices = list(devices)
    japan = {device.device_id: device for device in devices if device.is_sold_in_japan}
    lexicon = Lexicon(reading_rows)
    names = {one.device_id: (one.name, one.released or "") for one in japan.values()}
    near = {key: [hit.device_id for hit in hits if hit.device_id in japan] for key, hits in keys.items()}
    suggester = Suggester(names, {key: ids for key, ids in near.items() if ids})
    makers = {device.device_id: device.maker_id for device in devices}
    computers = {
        one.os: one.device_id for one in japan.values() if one.form_factor == FormFactor.COMPUTER and one.os
    }
    return Index(
        keys=keys,
        japan=japan.keys(),
        makers=makers,
        numbers=numbers,
        lexicon=lexicon,
        suggester=suggester,
        without_series=_without_series(japan, lexicon),
        computers=computers,
        os_words=os_words,
        names={device.device_id: device.name for device in devices},
    )


def _without_series(japan: Mapping[str, Device], lexicon: Lexicon) -> dict[str, list[KeyHit]]:
    """Return the keys of names without the series word in front: `sense4` of AQUOS sense4."""
    found: dict[str, list[KeyHit]] = {}
    for device in japan.values():
        for reading in readings(device.name, lexicon)[:1]:
            tokens = reading.tokens
            if len(tokens) > 1 and tokens[0].kind == "series":
                key = match_key("".join(token.text for token in tokens[1:]))
                found.setdefault(key, []).append(KeyHit(device.device_id, KeyKind.ALIAS.value, None))
    return found


def find(index: Index, text: str) -> Found:
    """Return the device that `text` names; see the order at the top of this module."""
    text = text.strip()
    agent = read_agent(text)
    if agent is not None:
        found = _find_name(index, agent.text) if agent.text else NONE
        return Found(found.match, found.device_id, found.model_number, found.candidates, agent.os)
    return _find_name(index, text) if len(text) <= LONGEST_NAME else NONE


def _find_name(index: Index, text: str) -> Found:
    """Return what the text names, else what it names without the remarks around it."""
    found = _without_joined_digits(index, text, _search(index, text))
    if found.match is Match.NONE and (bare := without_remarks(text)) and bare != text:
        again = _without_joined_digits(index, bare, _search(index, bare))
        return again if again.match is not Match.NONE or not found.candidates else found
    return found


def _without_joined_digits(index: Index, text: str, found: Found) -> Found:
    """Take an answer back that closed up two numbers: `iPhone 1/7` is no iPhone 17."""
    joined = {first + second for first, second in DIGITS_APART.findall(unicodedata.normalize("NFKC", text))}
    if not joined or found.match is Match.NONE:
        return found
    for device_id in [found.device_id] if found.device_id else [one for one, _ in found.candidates]:
        if joined & set(re.findall(r"\d+", index.names.get(device_id, ""))):
            return Found(Match.NONE, candidates=found.candidates)
    return found


def _search(index: Index, text: str) -> Found:
    key = match_key(text)
    if not key:
        return NONE
    hits = index.keys.get(key, [])
    if _in_japan(index, hits):
        return _decide(index, hits, Match.EXACT)
    plain = readings(text, index.lexicon)
    read = [(one, _hits_of(index, one)) for one in plain]
    for reading, met in read:
        if _in_japan(index, met):
            return _decide(index, met, Match.EXACT, reading.carriers)
    if computer := _computer(index, text, plain):
        return computer
    if plain and _is_series_alone(plain[0]):
        return _of_series(index, plain[0])
    for met in (hits, *(met for _, met in read)):
        if met and (
            _is_name(plain) or any(hit.kind == KeyKind.MODEL and len(key) >= MIN_NUMBER_KEY for hit in met)
        ):
            return _decide(index, [*_with_5g(index, plain), *met], Match.EXACT)
    return _nearly(index, text, key, plain)


def _nearly(index: Index, text: str, key: str, plain: Sequence[Reading]) -> Found:
    """Return what a text means that is nearly right: one typing error in a word, a series left out."""
    corrected: list[Reading] = []
    has_raw = plain and any(token.kind == "raw" for token in plain[0].tokens)
    if has_raw and len(key) <= LONGEST_CORRECTED:
        corrected = [one for one in readings(text, index.lexicon, may_correct=True) if one.errors]
        corrected = [one for one in corrected if all(token.kind != "raw" for token in one.tokens)]
    for reading in corrected:
        if not _is_series_alone(reading) and (hits := _hits_of(index, reading)):
            return _decide(index, hits, Match.CLOSE, reading.carriers)
    for reading in [*plain, *corrected]:
        if hits := _loosely(index, reading):
            return _decide(index, hits, Match.CLOSE, reading.carriers)
    return Found(
        Match.NONE, candidates=index.suggester.suggest([key, *(one.name for one in plain[:MOST_TEXTS])])
    )


def _in_japan(index: Index, hits: Iterable[KeyHit]) -> bool:
    return any(hit.device_id in index.japan for hit in hits)


def _is_name(plain: Sequence[Reading]) -> bool:
    """Tell whether a text has a word that can name a device: `5`, `Pro` or `mini` only narrow one down."""
    return not plain or any(
        token.kind not in NARROWING and len(token.text) > 1 for reading in plain for token in reading.tokens
    )


def _with_5g(index: Index, plain: Sequence[Reading]) -> list[KeyHit]:
    """Return the Japanese phones that a name sold abroad may mean: people leave `5G` out.

    Both stay candidates then: the phone abroad is not the phone here.
    """
    names = [reading.name for reading in plain[:1]] + [reading.full for reading in plain[:1]]
    hits = [hit for name in names for hit in index.keys.get(f"{name}5g", ())]
    return [hit._replace(kind=DISPUTED) for hit in hits if hit.device_id in index.japan]


def _computer(index: Index, text: str, plain: Sequence[Reading]) -> Found | None:
    """Return the PC that an OS (`Windows 10`) or a product name (`MacBook Air M2`) means."""
    if NO_COMPUTER.search(text):
        return None
    stated = parse_os(text, index.os_words)
    if stated and stated.platform and stated.platform in index.computers:
        return Found(Match.EXACT, index.computers[stated.platform], os=stated)
    series = [token.text for token in plain[0].tokens if token.kind == "series"] if plain else []
    for word in series[:1]:
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


def _hits_of(index: Index, reading: Reading) -> list[KeyHit]:
    """Return the stored keys that a reading meets, those of another maker than it says left out."""
    names = dict.fromkeys(name for name in (reading.name, reading.full) if name)
    hits = [hit for name in names for hit in _of_maker(index, index.keys.get(name, ()), reading)]
    return hits or _name_and_number(index, reading)


def _of_maker(index: Index, hits: Iterable[KeyHit], reading: Reading) -> list[KeyHit]:
    return [hit for hit in hits if not reading.makers or index.makers.get(hit.device_id) in reading.makers]


def _name_and_number(index: Index, reading: Reading) -> list[KeyHit]:
    """Return the hit of `AQUOS sense4 SH-41A`; a name that contradicts the number gives both.

    The number must stand apart from other letters and digits: SC-51CX is not SC-51C.
    """
    tokens = reading.tokens
    for start in range(len(tokens)):
        for end in range(min(len(tokens), start + LONGEST_NUMBER), start, -1):
            if tokens[start].is_glued or (end < len(tokens) and tokens[end].is_glued):
                continue
            if any(token.kind in NO_NUMBER or not token.text.isascii() for token in tokens[start:end]):
                continue
            number = match_key("".join(token.text for token in tokens[start:end]))
            if len(number) < MIN_NUMBER_KEY or number.isdigit() or number.isalpha():
                continue
            hits = [hit for hit in index.keys.get(number, ()) if hit.kind == KeyKind.MODEL]
            if hits:
                return _beside(index, reading, hits, (*tokens[:start], *tokens[end:]))
    return []


def _beside(index: Index, reading: Reading, hits: list[KeyHit], others: Sequence[Token]) -> list[KeyHit]:
    """Return the hits of a number, together with those of another device that stands beside it."""
    rest = match_key("".join(token.text for token in others))
    named = index.keys.get(rest, [])
    if not rest or {hit.device_id for hit in hits} & {hit.device_id for hit in named}:
        return _of_maker(index, hits, reading)
    if named:
        return [hit._replace(kind=DISPUTED) for hit in (*hits, *named)]
    is_remark = all(token.kind == "raw" and not token.text.isascii() for token in others)
    return _of_maker(index, hits, reading) if is_remark else []


def _loosely(index: Index, reading: Reading) -> list[KeyHit]:
    """Return hits of a name without its series word (`sense4`), or with a number for II or 第6世代."""
    tokens = reading.tokens
    if len(tokens) > 1 and tokens[-1].kind in NUMBERS and len(tokens[-1].text) < 3:
        number = int(tokens[-1].text)
        body = "".join(token.text for token in tokens[:-1])
        # A numeral after a numeral would make a third one: `10 V 2` is no 10 VII.
        romans = [] if tokens[-2].text in ROMAN else ROMAN[number : number + 1]
        endings = [f"第{number}世代", *romans] if number > 1 else []
        hits = [hit for ending in endings for hit in index.keys.get(match_key(body + ending), ())]
        if hits:
            return _of_maker(index, hits, reading)
    if any(token.kind == "series" for token in tokens) and len(tokens) > 1:
        return _of_maker(index, index.without_series.get(reading.name, ()), reading)
    return []


def _decide(index: Index, hits: Sequence[KeyHit], match: Match, carriers: Sequence[str] = ()) -> Found:
    """Choose among hits: Japan before the world, a model number before a name; several stay several."""
    if not any(hit.kind == DISPUTED for hit in hits):
        hits = [hit for hit in hits if hit.device_id in index.japan] or list(hits)
        hits = [hit for hit in hits if hit.kind == KeyKind.MODEL] or hits
    device_ids = list(dict.fromkeys(hit.device_id for hit in hits))
    candidates = tuple((device_id, 1.0 if match is Match.EXACT else 0.9) for device_id in device_ids)
    if len(device_ids) > 1:
        return Found(Match.AMBIGUOUS, candidates=candidates)
    number = hits[0].model_number or _number_of(index, device_ids[0], carriers)
    return Found(match, device_ids[0], number, candidates)


def _number_of(index: Index, device_id: str, carriers: Sequence[str]) -> str | None:
    """Return the model number that a carrier sells, when it sells just one."""
    sold = {number for number, carrier in index.numbers.get(device_id, ()) if carrier in carriers}
    return sold.pop() if len(sold) == 1 else None
