"""What is offered while somebody types: devices sold in Japan, by any part of a name or number. Pure.

Looked up here, not in the browser: kana, width and typing errors count as they do for the answer.
"""

from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from crawler.names import match_key
from explorer.english import shown_name
from explorer.lexicon import surface_of
from explorer.lookup import find
from explorer.queries import Dataset
from explorer.reading import readings
from explorer.verdict import Device

SHOWN = 5
SHORTEST = 2
MOST_TEXTS = 4
MAX_TEXT = 60
MOST_NUMBERS = 3

folded = lru_cache(maxsize=8192)(match_key)


class Suggestion(NamedTuple):
    """A device to offer: its id, what to show, and the text that finds it and no other."""

    device_id: str
    label: str
    text: str


def suggest(
    data: Dataset, typed: str, language: str = "ja", kinds: Set[str] = frozenset()
) -> list[Suggestion]:
    """Return at most five devices for a text that may not be finished, the likeliest first.

    `kinds` are the form factors to offer, all when empty.
    """
    typed = typed.strip()[:MAX_TEXT]
    if len(match_key(typed)) < SHORTEST:
        return []
    found = find(data.index, typed)
    named = [found.device_id] if found.device_id else []
    near = [one for one, _ in found.candidates]
    ranked = [*named, *_parts(data, typed), *near]
    # What is sold in Japan first: the world has a Galaxy S of its own.
    at_home = [one for one in ranked if one in data.index.japan]
    device_ids = [
        one
        for one in dict.fromkeys([*at_home, *named])
        if not kinds or data.devices[one].form_factor in kinds
    ]
    return [
        Suggestion(one, label_of(data.devices[one], language), text_that_finds(data, one))
        for one in device_ids[:SHOWN]
    ]


def label_of(device: Device, language: str) -> str:
    """Return maker, name and the first model numbers."""
    maker = device.maker if language == "ja" else device.maker_en
    shown = ("、" if language == "ja" else ", ").join(device.model_numbers[:MOST_NUMBERS])
    more = "…" if len(device.model_numbers) > MOST_NUMBERS else ""
    brackets = "（{}）" if language == "ja" else " ({})"
    return f"{maker} {shown_name(device.name, language)}" + (brackets.format(shown + more) if shown else "")


def text_that_finds(data: Dataset, device_id: str) -> str:
    """Return a name or model number that means this device and no other, the plainest first."""
    device = data.devices[device_id]
    full_name = f"{device.maker} {device.name}"
    texts = (device.name, full_name, f"{device.maker_en} {device.name}", *device.model_numbers)
    return next((text for text in texts if find(data.index, text).device_id == device_id), full_name)


def _parts(data: Dataset, typed: str) -> list[str]:
    """Return the devices whose name or number begins with the text, then those that hold it, newest first."""
    keys = list(dict.fromkeys(_keys(data, typed)))[:MOST_TEXTS]
    beginning, holding = [], []
    for device_id in data.index.japan:
        device = data.devices[device_id]
        own = [folded(device.name), *map(folded, device.model_numbers)]
        if any(one.startswith(key) for one in own for key in keys):
            beginning.append(device)
        elif any(key in one for one in own for key in keys):
            holding.append(device)
    return [one.device_id for devices in (beginning, holding) for one in _newest_first(devices)]


def _newest_first(devices: Iterable[Device]) -> list[Device]:
    return sorted(devices, key=lambda device: device.released or "", reverse=True)


def _keys(data: Dataset, typed: str) -> Iterator[str]:
    """Yield the text as a key, as it reads with its kana turned into names, and as it may go on."""
    yield match_key(typed)
    for reading in readings(typed, data.index.lexicon)[:MOST_TEXTS]:
        if len(reading.name) >= SHORTEST:
            yield reading.name
    surface = surface_of(typed)
    if not surface.isascii():
        for word in _words_that_begin(data, surface):
            yield match_key(word)


def _words_that_begin(data: Dataset, surface: str) -> Iterator[str]:
    """Yield the series whose kana begin with a text: `アクオ` may become AQUOS."""
    for known, words in data.index.lexicon.words.items():
        if known.startswith(surface):
            yield from (word.text for word in words if word.kind == "series")
