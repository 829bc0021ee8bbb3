"""Candidates for a text that names no device: near names, and the devices of a series or maker. Pure."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from crawler.names import match_key

MAX_CANDIDATES = 6
MIN_SCORE = 80.0
BEGINNING = 85.0
LONGEST = 60


class Named(NamedTuple):
    """A device as it is ranked: name, release date or '', maker."""

    name: str
    released: str
    maker_id: str


class Suggester:
    """Near names among the devices sold in Japan.

    `names` maps device id to its name, `keys` maps key to device ids. Both hold
    only devices sold in Japan: the world catalogue would bury them.
    """

    def __init__(self, names: Mapping[str, Named], keys: Mapping[str, Sequence[str]]):
        # Sorted, so that the keys that begin with a text stand side by side.
        self._keys = sorted(keys)
        self._devices = [list(keys[key]) for key in self._keys]
        self._names = names

    def of_series_only(self) -> "Suggester":
        """Return one without near names, for who asks for answers alone: no answer hangs on them."""
        return Suggester(self._names, {})

    def suggest(self, texts: Iterable[str], makers: Collection[str] = ()) -> tuple[tuple[str, float], ...]:
        """Return (device id, score) of names near to any of the texts, of these makers if any, best first."""
        best: dict[str, float] = {}
        for text in dict.fromkeys(text[:LONGEST] for text in texts if len(text) > 2):
            found = process.extract(
                text, self._keys, scorer=fuzz.ratio, score_cutoff=MIN_SCORE, limit=4 * MAX_CANDIDATES
            )
            found += [(self._keys[place], BEGINNING, place) for place in self._beginning(text)]
            for key, score, place in found:
                # A doubled, dropped or swapped letter is likelier than another one.
                slip = 0.02 if OSA.distance(text, key) == 1 and _is_slip(text, key) else 0.0
                for device_id in self._devices[place]:
                    best[device_id] = max(best.get(device_id, 0.0), min(score / 100 + slip, 0.99))
        if makers:
            best = {one: score for one, score in best.items() if self._names[one].maker_id in makers}
        return self._top(best)

    def _beginning(self, text: str) -> Iterable[int]:
        """Yield the places of the keys that begin with a text."""
        for place in range(bisect_left(self._keys, text), len(self._keys)):
            if not self._keys[place].startswith(text):
                break
            yield place

    def of_series(self, series: str, makers: Sequence[str]) -> tuple[tuple[str, float], ...]:
        """Return the newest devices whose name begins with a series word, of these makers if any are given.

        A maker alone (series '') gives its newest devices; neither gives none.
        """
        if not series and not makers:
            return ()
        found = {
            device_id: 0.5
            for device_id, one in self._names.items()
            if (not makers or one.maker_id in makers) and match_key(one.name).startswith(series)
        }
        return self._top(found)

    def _top(self, scores: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        newest = sorted(scores, key=self._released, reverse=True)
        ranked = sorted(newest, key=lambda device_id: -scores[device_id])
        return tuple((device_id, round(scores[device_id], 3)) for device_id in ranked[:MAX_CANDIDATES])

    def _released(self, device_id: str) -> str:
        one = self._names.get(device_id)
        return one.released if one else ""


def _is_slip(text: str, key: str) -> bool:
    return len(text) != len(key) or sorted(text) == sorted(key)
