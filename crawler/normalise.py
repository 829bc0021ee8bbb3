"""Printed rows in, tables out: makers, devices, model numbers, keys, requirements, issues.

Pure: frames in, frames out. Dates, verdicts and changes are added by the next stages.
"""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crawler.catalogue import add_base_catalogue, add_world_catalogue
from crawler.devices import DeviceBook
from crawler.items import Requirement
from crawler.keys import match_key_frame
from crawler.lookups import Lookups
from crawler.matching import Normaliser
from crawler.requirements import Rule, governed, is_known_heading, read_rule

PRINTED_COLUMNS = ["printed_id", "source_id", "section", "maker", "name", "model", "carrier", "note"]
REQUIREMENT_COLUMNS = [
    "source_id",
    "origin",
    "section",
    "printed",
    "fact_url",
    "fact_as_of",
    "fact_confidence",
]
READ_COLUMNS = ["min_os", "min_model", "needs_nfc", "is_understood"]
NO_RULE = Rule()


@dataclass
class Tables:
    """The tables of `data/schema.sql` as frames with its column names, in order of writing."""

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    def __setitem__(self, name: str, rows: pd.DataFrame) -> None:
        self.frames[name] = rows


def normalise(
    printed: pd.DataFrame,
    requirements: pd.DataFrame,
    catalogue: pd.DataFrame,
    lookups: Lookups,
) -> Tables:
    """Return the tables maker, device, device_model, match_key, listing, requirement and issue.

    `printed` has the columns of `PRINTED_COLUMNS`, each distinct printed row once, oldest first:
    a device gets its id from the row that named it first. `requirements` has those of
    `REQUIREMENT_COLUMNS`, `catalogue` brand, name, device, model. `listing` comes back with
    printed_id, device_id, model_numbers and is_note_asking.
    """
    run = Normaliser(lookups)
    add_base_catalogue(run.book, lookups)
    listing = [row for item in printed.itertuples(index=False) for row in listing_rows(run, item)]
    add_world_catalogue(run.book, run.makers, catalogue, lookups)
    tables = Tables()
    tables["maker"] = _makers(run)
    tables["device"] = _devices(run.book)
    tables["device_model"] = _device_models(run.book)
    tables["match_key"] = match_key_frame(run.book, lookups)
    tables["listing"] = pd.DataFrame(
        listing, columns=["printed_id", "device_id", "model_numbers", "is_note_asking"]
    )
    tables["requirement"] = requirement_table(run, requirements)
    tables["issue"] = pd.DataFrame(run.issues, columns=["source_id", "kind", "found", "tip"])
    return tables


def listing_rows(run: Normaliser, printed: Any) -> list[dict[str, Any]]:
    """Return the rows of `listing` that one printed row gives, one for each device it speaks of."""
    asking = run.lookups.is_note_asking(printed.note) if printed.note else False
    if asking is None:
        tip = f"note {printed.note!r} has no lookup and counts as asking; add it to data/lookups/notes.csv"
        run.issue(printed.source_id, "note", printed.note, tip)
    rows = []
    for device, numbers in run.resolve(printed):
        is_contradicted = run.is_contradicted(device, printed)
        if is_contradicted:
            found = f"{printed.name} ({', '.join(numbers or ())})"
            tip = f"name and model number belong to different devices, the number is {device.name!r}; "
            run.issue(printed.source_id, "model", found, tip + "counts as a note that asks")
        rows.append(
            {
                "printed_id": printed.printed_id,
                "device_id": device.device_id,
                "model_numbers": numbers,
                "is_note_asking": asking is not False or is_contradicted,
            }
        )
    return rows


def requirement_table(run: Normaliser, requirements: pd.DataFrame) -> pd.DataFrame:
    """Return the frame `requirement`: each printed line once for each capability that it governs."""
    sections, rows = run.lookups.requirement_sections, []
    for line in requirements.itertuples(index=False):
        rule = read_rule(line.printed)
        if not rule.is_understood:
            tip = (
                f"line {line.printed!r} asks for something that cannot be read: what rests on it is at most "
                "conditional; see crawler/requirements.py"
            )
            run.issue(line.source_id, "requirement", line.printed, tip)
        elif rule != NO_RULE and not is_known_heading(sections, line.section):
            tip = f"no heading of {line.section!r} is in data/lookups/requirement_sections.csv; add it"
            run.issue(line.source_id, "requirement", line.printed, tip)
        read = {name: getattr(rule, name) for name in READ_COLUMNS}
        for capability, role, platform in governed(sections, line.section, rule):
            place = {"capability": capability, "role": role, "platform": platform}
            rows.append(line._asdict() | place | read)
    frame = pd.DataFrame(
        rows, columns=[*REQUIREMENT_COLUMNS, "capability", "role", "platform", *READ_COLUMNS]
    )
    # A column of nothing but None has no type of its own that the database could take.
    return frame.astype({"platform": "str", "min_os": "str", "min_model": "str"})


def _makers(run: Normaliser) -> pd.DataFrame:
    used = {device.maker_id for device in run.book}
    rows = [(maker_id, *run.makers.get(maker_id, (maker_id, maker_id))) for maker_id in sorted(used)]
    return pd.DataFrame(rows, columns=["maker_id", "name_ja", "name_en"])


def _devices(book: DeviceBook) -> pd.DataFrame:
    columns = ["device_id", "maker_id", "name", "form_factor", "os", "released", "first_os", "last_os"]
    columns += ["interface", "is_sold_in_japan"]
    rows = [tuple(getattr(device, column) for column in columns) for device in book]
    return pd.DataFrame(rows, columns=columns)


def _device_models(book: DeviceBook) -> pd.DataFrame:
    rows = [(device.device_id, number, carrier) for device in book for number, carrier in device.models]
    return pd.DataFrame(rows, columns=["device_id", "model_number", "carrier"])


def requirement_frame(rows: list[tuple[str, str, Requirement, dict[str, Any]]]) -> pd.DataFrame:
    """Return requirement lines as a frame with `REQUIREMENT_COLUMNS`."""
    records = [
        {"source_id": source_id, "origin": origin, "section": row.section, "printed": row.text} | fact
        for source_id, origin, row, fact in rows
    ]
    return pd.DataFrame(records, columns=REQUIREMENT_COLUMNS)
