"""From a typed text to a device, by the folded key. Pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

from crawler.names import KeyKind, Match, match_key


class KeyHit(NamedTuple):
    """A stored key: the device, what the key was made of, and the model number if it was one."""

    device_id: str
    kind: str
    model_number: str | None


@dataclass(frozen=True)
class Found:
    """What a text meant: one device (exact, close), several candidates (ambiguous) or none.

    `model_number` is set when the text was a model number: verdicts can differ between those.
    `candidates` are (device id, score from 0 to 1), best first.
    """

    match: Match
    device_id: str | None = None
    model_number: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Index:
    """Keys of all devices. Devices sold in Japan rank before the world catalogue."""

    keys: Mapping[str, list[KeyHit]]
    japan: Set[str]


def find(index: Index, text: str) -> Found:
    """Return the device whose name or model number is `text`, whatever its width, case or hyphens.

    A model number beats a name; a device sold in Japan beats one that is not.
    """
    hits = index.keys.get(match_key(text), [])
    hits = [hit for hit in hits if hit.device_id in index.japan] or hits
    hits = [hit for hit in hits if hit.kind == KeyKind.MODEL] or hits
    device_ids = list(dict.fromkeys(hit.device_id for hit in hits))
    if not device_ids:
        return Found(Match.NONE)
    candidates = tuple((device_id, 1.0) for device_id in device_ids)
    if len(device_ids) > 1:
        return Found(Match.AMBIGUOUS, candidates=candidates)
    return Found(Match.EXACT, device_ids[0], hits[0].model_number, candidates)
