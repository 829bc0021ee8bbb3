"""History: first seen, last seen, gone, back; ADD, DEL and MOD from live pages only."""

import json
from datetime import date

import pandas as pd

from crawler.history import Seen, changes, trace
from crawler.names import Origin

COLUMNS = ["printed_id", "section", "maker", "name", "model", "carrier", "note"]
PRINTED = pd.DataFrame(
    [
        (0, "listed", "OPPO", "Reno14 5G", "", "", ""),
        (1, "planned", "Google", "Pixel 9", "", "", "2025年2月以降"),
        (2, "listed", "Google", "Pixel 9", "", "", ""),
        (3, "listed", "Google", "Pixel 10", "", "", ""),
    ],
    columns=COLUMNS,
)
LISTING = pd.DataFrame(
    [(0, "reno14"), (1, "pixel9"), (2, "pixel9"), (3, "pixel10")], columns=["printed_id", "device_id"]
)


def night(day: int, *printed_ids: int, origin: Origin = Origin.LIVE) -> Seen:
    return Seen("faq-7261", origin, date(2025, 7, day), printed_ids)


def test_listed_one_day_and_gone_the_next_is_kept_with_its_dates():
    rows = trace([night(10, 0, 3), night(11, 3), night(12, 3)]).set_index("printed_id")
    assert rows.loc[0, "last_seen_on"] == date(2025, 7, 10)
    assert not rows.loc[0, "is_current"]
    assert rows.loc[3, "is_current"]
    assert (rows.loc[3, "first_seen_on"], rows.loc[3, "last_seen_on"]) == (
        date(2025, 7, 10),
        date(2025, 7, 12),
    )


def test_a_row_that_returns_keeps_its_first_day():
    rows = trace([night(1, 0), night(2), night(3, 0)]).set_index("printed_id")
    assert rows.loc[0, "is_current"]
    assert (rows.loc[0, "first_seen_on"], rows.loc[0, "last_seen_on"]) == (date(2025, 7, 1), date(2025, 7, 3))


def test_add_del_mod():
    frame = changes([night(1, 0, 1), night(2, 1, 3), night(3, 2, 3)], PRINTED, LISTING)
    assert list(
        zip(frame["changed_on"].map(lambda day: day.day), frame["delta"], frame["device_id"], strict=True)
    ) == [
        (2, "ADD", "pixel10"),
        (2, "DEL", "reno14"),
        (3, "MOD", "pixel9"),
    ]
    assert json.loads(frame["before"].iloc[2])["section"] == "planned"
    assert json.loads(frame["after"].iloc[2])["section"] == "listed"


def test_the_same_rows_again_change_nothing():
    assert changes([night(1, 0, 3), night(2, 3, 0)], PRINTED, LISTING).empty


def test_from_bundled_to_live_is_no_change_and_leaves_no_bundled_row():
    seen = [night(1, 0, 1, origin=Origin.BUNDLED), night(5, 3)]
    assert changes(seen, PRINTED, LISTING).empty
    assert trace(seen)["printed_id"].tolist() == [3]
