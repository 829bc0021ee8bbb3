"""Rows as lists of devices have them, for the bench and the tests of large files; the same for each seed.

Of 1,000 rows, about: 690 name a device sold in Japan, 30 another with an OS version beside, 120 a device of
the world catalogue (all by popularity: few devices are many rows), 100 are texts of tests/queries, 12 name
nothing and come again and again, 3 are numbers that come once, 45 are empty. Names and model numbers are
written as printed, or in lower or upper case, closed up, with blanks for hyphens, with underscores, in full
width, with the maker in front.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.accuracy import read_queries

SEED = 20261126
PIECE = 500_000
NOTHING = ["N/A", "不明", "ガラケー", "-", "test", "未定", "社用携帯", "XXXXXX", "TBD", "貸出中"]
VERSIONS = ["Android 12", "Android 14", "iOS 17.4", "Android 9", "16"]
SHARES = {"here": 690, "here_os": 30, "abroad": 120, "query": 100, "nothing": 12, "once": 3, "empty": 45}
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
PRINTED = """
SELECT t FROM (
    SELECT name AS t FROM device WHERE is_sold_in_japan = {here}
    UNION SELECT model_number FROM device_model JOIN device USING (device_id) WHERE is_sold_in_japan = {here}
    UNION SELECT m.name_en || ' ' || d.name FROM device d JOIN maker m USING (maker_id)
        WHERE is_sold_in_japan = {here} AND md5(d.device_id) < '1'
) ORDER BY md5(t)
"""


def spellings(text: str) -> list[str]:
    """Return a printed text as people type it: first as printed, which is the most frequent."""
    found = [text, text.lower(), text.replace("-", " "), text.replace(" ", ""), text.replace("-", "")]
    found += [text.upper(), text.replace(" ", "_"), text.translate(WIDE)]
    return list(dict.fromkeys(found))


def pools(database: Path) -> dict[str, list[str]]:
    """Return the texts to draw from by kind, the most popular first."""
    with duckdb.connect(str(database), read_only=True) as con:
        here, abroad = (
            [text for (text,) in con.execute(PRINTED.format(here=here)).fetchall()]
            for here in ("true", "false")
        )
    return {
        "here": [spelling for text in here for spelling in spellings(text)],
        # Rarer devices come as they are printed, by a program that lists them.
        "abroad": [spelling for text in abroad or here for spelling in spellings(text)[:2]],
        "query": [query.text for query in read_queries()],
        "here_os": here,
        "nothing": NOTHING,
        "empty": [""],
    }


def draw(pool: int, count: int, random: np.random.Generator) -> np.ndarray:
    """Return places in a pool by popularity: the hundredth comes a hundredth as often as the first."""
    weights = np.cumsum(1 / np.arange(1, pool + 1))
    return np.searchsorted(weights, random.random(count) * weights[-1])


def pieces(database: Path, count: int, seed: int = SEED) -> Iterator[pa.Table]:
    random, drawn_from = np.random.default_rng(seed), pools(database)
    kinds, shares = list(SHARES), np.array(list(SHARES.values())) / sum(SHARES.values())
    for start in range(0, count, PIECE):
        size = min(PIECE, count - start)
        kind = random.choice(len(kinds), size, p=shares)
        texts, os_texts = np.full(size, "", object), np.full(size, None, object)
        for number, name in enumerate(kinds):
            at = np.flatnonzero(kind == number)
            if name == "once":
                texts[at] = [f"35{one:013d}" for one in random.integers(10**12, 10**13, len(at))]
            else:
                texts[at] = np.array(drawn_from[name], object)[draw(len(drawn_from[name]), len(at), random)]
            if name == "here_os":
                os_texts[at] = np.array(VERSIONS, object)[random.integers(0, len(VERSIONS), len(at))]
        yield pa.table(
            {
                "no": pa.array(np.arange(start, start + size)),
                "機種名": pa.array(texts, pa.string()),
                "OS": pa.array(os_texts, pa.string()),
                "user": pa.array([f"u{one:06d}" for one in random.integers(0, 10**6, size)], pa.string()),
            }
        )


def write_rows(database: Path, count: int, path: Path) -> None:
    """Write so many rows as Parquet: no, 機種名, OS, user."""
    writer = None
    for piece in pieces(database, count):
        writer = writer or pq.ParquetWriter(path, piece.schema)
        writer.write_table(piece, row_group_size=100_000)
    if writer:
        writer.close()
