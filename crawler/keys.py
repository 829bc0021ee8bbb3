"""The keys by which a device is found: every written form of its numbers and names, folded."""

import re
from collections import defaultdict

import pandas as pd

from crawler.devices import Device, DeviceBook
from crawler.lookups import Lookups, split_list
from crawler.names import KeyKind, match_key
from crawler.spoken import spoken_keys

# `reno7a` of `OPPO Reno7 A` is a name of its own; `a545g` of `OPPO A54 5G` could be a Galaxy.
STANDS_ALONE = re.compile(r"[a-z]{4,}.*\d")


def match_key_frame(book: DeviceBook, lookups: Lookups) -> pd.DataFrame:
    """Return the frame `match_key`: key, device_id, kind, model_number."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for row in lookups.makers:
        spellings[row["maker_id"]] = [row["name_ja"], row["name_en"], *split_list(row["aliases"])]
    said = {
        row["word"]: split_list(row["readings"])[0]
        for row in reversed(lookups.readings)
        if row["kind"] in ("series", "suffix", "mark", "maker") and row["readings"]
    }
    keys: dict[tuple[str, str, str], str | None] = {}
    for device in book:
        if device.is_sold_in_japan:
            for name in (device.name, *device.aliases):
                for key in spoken_keys(name, said):
                    keys.setdefault((key, device.device_id, KeyKind.SPOKEN.value), None)
        for key, kind, number in _keys_of(device, spellings.get(device.maker_id, [device.maker_id])):
            if key:
                keys.setdefault((key, device.device_id, kind), number)
    rows = [(*key, number) for key, number in keys.items()]
    return pd.DataFrame(rows, columns=["key", "device_id", "kind", "model_number"])


def _keys_of(device: Device, makers: list[str]) -> list[tuple[str, str, str | None]]:
    """Return (key, kind, model number) for every written form; the world catalogue gets few."""
    keys: list[tuple[str, str, str | None]] = []
    keys += [(match_key(number), KeyKind.MODEL.value, number) for number in device.numbers]
    name = match_key(device.name)
    keys.append((name, KeyKind.NAME.value, None))
    keys += [(match_key(alias), KeyKind.ALIAS.value, None) for alias in device.aliases]
    words = [match_key(word) for word in (makers if device.is_sold_in_japan else makers[:2])]
    for word in words:
        keys.append((word + name, KeyKind.MAKER_NAME.value, None))
        if name.startswith(word) and STANDS_ALONE.match(name.removeprefix(word)):
            keys.append((name.removeprefix(word), KeyKind.ALIAS.value, None))
    return keys
