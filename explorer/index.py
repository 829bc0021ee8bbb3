"""The index of all devices: their keys and what ranks them. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.names import FormFactor, KeyKind, Match, match_key
from explorer.lexicon import Lexicon
from explorer.os_part import OsFinder
from explorer.os_text import OsStated, OsWords
from explorer.reading import readings
from explorer.suggest import Named, Suggester
from explorer.verdict import Device

GENERATION = re.compile("(.+)第[0-9]+世代")


class KeyHit(NamedTuple):
    """A stored key: the device, what the key was made of, and the model number if it was one."""

    device_id: str
    kind: str
    model_number: str | None


@dataclass(frozen=True)
class Found:
    """What a text meant: one device (exact, close), several candidates (ambiguous) or none.

    `model_number` is set when the text named one: verdicts can differ between those.
    `candidates` are (device id, score from 0 to 1), best first. `os` is what a user agent states,
    or what stands beside the name: then `os_text` has it as typed, also where it cannot be read.
    """

    match: Match
    device_id: str | None = None
    model_number: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    os: OsStated | None = None
    os_text: str = ""


@dataclass(frozen=True)
class Index:
    """Keys of all devices. Devices sold in Japan rank before the world catalogue.

    `makers` gives the maker id of a device, `numbers` its (model number, carrier) pairs,
    `computers` the device of an operating system that PCs run, `generations` the devices, newest
    first, of a name that only comes with a generation (`iphonese`), `series_makers` who sells a series.
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
    os_finder: OsFinder = field(default_factory=lambda: OsFinder({}))
    names: Mapping[str, str] = field(default_factory=dict)
    readers: Set[str] = frozenset()
    generations: Mapping[str, Sequence[str]] = field(default_factory=dict)
    series_makers: Mapping[str, Set[str]] = field(default_factory=dict)


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
    return Index(
        keys=keys,
        japan=japan.keys(),
        makers={device.device_id: device.maker_id for device in devices},
        numbers=numbers,
        lexicon=lexicon,
        suggester=_suggester(japan, keys),
        without_series=_without_series(japan, lexicon),
        computers=_computers(japan.values()),
        os_words=os_words,
        os_finder=OsFinder(os_words, lexicon.generic),
        names={device.device_id: device.name for device in devices},
        generations=_generations(japan),
        series_makers=_series_makers(japan, lexicon),
        readers={one.device_id for one in japan.values() if one.form_factor == FormFactor.CARD_READER},
    )


def _suggester(japan: Mapping[str, Device], keys: Mapping[str, list[KeyHit]]) -> Suggester:
    names = {one.device_id: Named(one.name, one.released or "", one.maker_id) for one in japan.values()}
    near = {key: [hit.device_id for hit in hits if hit.device_id in japan] for key, hits in keys.items()}
    return Suggester(names, {key: ids for key, ids in near.items() if ids})


def _computers(devices: Iterable[Device]) -> dict[str, str]:
    return {one.os: one.device_id for one in devices if one.form_factor == FormFactor.COMPUTER and one.os}


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


def _generations(japan: Mapping[str, Device]) -> dict[str, list[str]]:
    """Return the devices of each name that goes on with a generation and with nothing else: iPhone SE."""
    names = {device_id: match_key(one.name) for device_id, one in japan.items()}
    found: dict[str, list[str]] = defaultdict(list)
    for device_id in sorted(names, key=lambda one: japan[one].released or "", reverse=True):
        if met := GENERATION.fullmatch(names[device_id]):
            found[met[1]].append(device_id)
    continued = {base: sum(name.startswith(base) for name in names.values()) for base in found}
    return {base: ids for base, ids in found.items() if len(ids) > 1 and continued[base] == len(ids)}


def _series_makers(japan: Mapping[str, Device], lexicon: Lexicon) -> dict[str, set[str]]:
    """Return the makers that sell devices of a series: the brand word in front of their names."""
    found: dict[str, set[str]] = defaultdict(set)
    for device in japan.values():
        for reading in readings(device.name, lexicon)[:1]:
            if reading.tokens and reading.tokens[0].kind == "series":
                found[reading.tokens[0].text].add(device.maker_id)
    return found
