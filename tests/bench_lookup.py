"""Times of the lookup on one database, beside two baselines; a part of `make bench`.

python -m tests.bench_lookup DATABASE
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from explorer.check import check
from explorer.lookup import find
from explorer.queries import load_dataset
from tests.accuracy import read_queries, substring, wratio

BAD = ["", "a" * 10_000, "ア" * 10_000, "9" * 10_000, "\x00\x01", "💥" * 100, "<script>" * 500, "\u202e" * 99]


def times(run: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """Return the sorted milliseconds of each call."""
    taken = []
    for text in texts:
        started = time.perf_counter()
        run(text)
        taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def show(what: str, taken: list[float], target: str) -> None:
    p99 = taken[int(len(taken) * 0.99) - 1]
    print(f"  {what:44} median {statistics.median(taken):7.3f} ms  p99 {p99:7.3f} ms   target {target}")


def main() -> None:
    started = time.perf_counter()
    data = load_dataset(Path(sys.argv[1]))
    ready = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {len(data.devices):,} devices: ready in {ready:.2f} s, {memory:.0f} MB   target 1.5 s, 250 MB")
    queries = list(read_queries())
    texts = {
        family: [one.text for one in queries if one.family == family]
        for family in {q.family for q in queries}
    }
    find(data.index, "Pixel")
    show(
        "exact, lookup and verdict",
        times(lambda text: check(data, text), texts["model_printed"] * 20),
        "0.15 median",
    )
    show(
        "close match (typing errors)", times(lambda text: find(data.index, text), texts["typo"] * 5), "4 p99"
    )
    show("no such device", times(lambda text: find(data.index, text), texts["none"] * 5), "-")
    show("bad input", times(lambda text: check(data, text), BAD * 20), "10 at most")
    everything = [
        (name, one.device_id) for one in data.devices.values() for name in (one.name, *one.model_numbers)
    ]
    show("baseline: substring over all", times(substring(everything), texts["typo"][:60]), "-")
    show("baseline: WRatio over all", times(wratio(everything), texts["typo"][:20]), "-")


if __name__ == "__main__":
    main()
