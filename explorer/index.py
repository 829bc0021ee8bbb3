"""The index of all devices: their keys and what ranks them. Pure."""

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
    os_finder: OsFinder = field(default_factory=lambda: OsFinder({}))
    names: Mapping[str, str] = field(default_factory=dict)
    readers: Set[str] = frozenset()


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
