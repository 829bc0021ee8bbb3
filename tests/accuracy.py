"""`make accuracy`: how often the written queries find their device, by family, beside two baselines.

Baselines: a substring search over names and model numbers, and RapidFuzz WRatio over all of
them. The families that hold no device (`none`) count a query as right when nothing is answered.
"""

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from crawler.names import Match
from explorer.lookup import find
from explorer.queries import Dataset, default_database, load_dataset

QUERIES = Path(__file__).parent / "queries"
SIX = 6
Ranked = list[str]


@dataclass(frozen=True)
class Query:
    """A written query and the device meant, '' for none; `numbers` are its model numbers."""

    family: str
    text: str
    maker_id: str
    name: str
    model_number: str


def read_queries() -> Iterator[Query]:
    for path in sorted(QUERIES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield Query(path.stem, row["query"], row["maker_id"], row["name"], row["model_number"])


def meant(data: Dataset, query: Query) -> set[str]:
    """Return the ids of the device that a query means; empty for none."""
    return {
        device.device_id
        for device in data.devices.values()
        if (device.maker_id, device.name) == (query.maker_id, query.name) and device.is_sold_in_japan
    }


def ours(data: Dataset, text: str) -> tuple[bool, Ranked]:
    """Return whether a device was answered, and the devices best first."""
    found = find(data.index, text)
    first = [found.device_id] if found.device_id else []
    ranked = list(dict.fromkeys([*first, *(device_id for device_id, _ in found.candidates)]))
    return found.match in (Match.EXACT, Match.CLOSE), ranked


def names_of(data: Dataset) -> list[tuple[str, str]]:
    return [
        (name, device.device_id)
        for device in data.devices.values()
        if device.is_sold_in_japan
        for name in (device.name, *device.model_numbers)
    ]


def substring(names: list[tuple[str, str]]) -> Callable[[str], Ranked]:
    def search(text: str) -> Ranked:
        low = text.lower()
        found = dict.fromkeys(device_id for name, device_id in names if low and low in name.lower())
        return list(found)[:SIX]

    return search


def wratio(names: list[tuple[str, str]]) -> Callable[[str], Ranked]:
    words = [name for name, _ in names]

    def search(text: str) -> Ranked:
        found = process.extract(text, words, scorer=fuzz.WRatio, limit=SIX, score_cutoff=70)
        return list(dict.fromkeys(names[place][1] for _, _, place in found))

    return search


def main() -> None:
    data = load_dataset(Path(sys.argv[1]) if len(sys.argv) > 1 else default_database())
    names = names_of(data)
    baselines = {"substring": substring(names), "WRatio": wratio(names)}
    total: Counter[str] = Counter()
    hits: dict[tuple[str, str], Counter[str]] = {}
    wrong: list[str] = []
    started = time.perf_counter()
    for query in read_queries():
        total[query.family] += 1
        wanted = meant(data, query)
        is_answered, ranked = ours(data, query.text)
        first = ranked[:1] if wanted or is_answered else []
        score(hits, "ours", query.family, wanted, first, ranked[:SIX] if wanted else first)
        if (wanted and not wanted & set(first)) or (not wanted and is_answered):
            shown = [data.devices[one].name for one in ranked[:3]]
            wrong.append(f"{query.family:14} {query.text!r} meant {query.name!r} got {shown}")
        for label, search in baselines.items():
            found = search(query.text)
            score(hits, label, query.family, wanted, found[:1], found)
    report(total, hits, time.perf_counter() - started)
    if "-v" in sys.argv:
        print("\n".join(wrong))


def score(
    hits: dict[tuple[str, str], Counter[str]],
    label: str,
    family: str,
    wanted: set[str],
    first: Ranked,
    six: Ranked,
) -> None:
    for depth, found in (("first", first), ("six", six)):
        is_right = bool(wanted & set(found)) if wanted else not found
        hits.setdefault((label, depth), Counter())[family] += is_right


def report(total: Counter[str], hits: dict[tuple[str, str], Counter[str]], seconds: float) -> None:
    columns = list(hits)
    print(f"{'family':16} {'queries':>7} " + " ".join(f"{f'{a} {b}':>16}" for a, b in columns))
    for family in [*sorted(total), "all"]:
        count = total.total() if family == "all" else total[family]
        cells = []
        for column in columns:
            good = hits[column].total() if family == "all" else hits[column][family]
            cells.append(f"{100 * good / count:15.1f}%")
        print(f"{family:16} {count:7} " + " ".join(cells))
    print(f"{total.total()} queries, three searches each, in {seconds:.1f} s")


if __name__ == "__main__":
    main()
