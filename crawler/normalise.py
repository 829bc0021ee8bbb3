"""Printed rows in, tables out: makers, devices, model numbers, keys, requirements, issues.

Pure: frames in, frames out. Dates, verdicts and changes are added by the next stages.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crawler.catalogue import add_base_catalogue, add_world_catalogue
from crawler.devices import Device, DeviceBook, device_id_of, guess_kind
from crawler.items import Requirement
from crawler.keys import match_key_frame
from crawler.lookups import Lookups
from crawler.names import Section, match_key, slug
from crawler.numbers import plain, read_cell
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
CARD_READER_SOURCES = ("jpki-readers",)


@dataclass
class Tables:
    """The tables of `data/schema.sql` as frames with its column names, in order of writing."""

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    def __setitem__(self, name: str, rows: pd.DataFrame) -> None:
        self.frames[name] = rows


class Normaliser:
    """One run of the stage. `issues` collects every printed value that no lookup understood."""

    def __init__(self, lookups: Lookups):
        self.lookups = lookups
        self.book = DeviceBook()
        self.makers = {row["maker_id"]: (row["name_ja"], row["name_en"]) for row in lookups.makers}
        self.issues: list[dict[str, Any]] = []

    def issue(self, source_id: str | None, kind: str, found: str, tip: str) -> None:
        issue = {"source_id": source_id, "kind": kind, "found": found, "tip": tip}
        if issue not in self.issues:
            self.issues.append(issue)

    def maker_of(self, printed: Any) -> str:
        """Return the maker id of a printed row; a maker that no lookup knows gets an id of its own."""
        word = plain(printed.maker)
        if not word:
            return self.maker_in_name(plain(printed.name))
        maker_id = self.lookups.maker_of(word)
        if maker_id is None:
            maker_id = slug(word) or "unknown"
            self.makers.setdefault(maker_id, (word, word))
            self.issue(
                printed.source_id,
                "maker",
                word,
                f"maker {word!r} has no lookup; add it to data/lookups/makers.csv",
            )
        return maker_id

    def maker_in_name(self, name: str) -> str:
        """Return the maker whose word opens the name, '' when none does."""
        words = name.split(" ")
        return self.lookups.maker_words.get(match_key(words[0]), "") if len(words) > 1 else ""

    def resolve(self, printed: Any) -> list[tuple[Device, list[str] | None]]:
        """Return the devices that a printed row speaks of, each with the model numbers meant.

        None instead of numbers: the row names the device as a whole. Devices that no table knows
        yet are entered.
        """
        family = self.lookups.family_words.get(match_key(printed.name))
        if family is not None:
            return [(device, None) for device in self.book if device.os == family]
        maker_id, name = self.maker_of(printed), plain(printed.name)
        pairs, carriers = self.read_numbers(printed, maker_id)
        if not pairs and (namesakes := self.namesakes(printed, maker_id, name)):
            return [(device, None) for device in namesakes]
        by_device: dict[str, list[str]] = defaultdict(list)
        strangers: list[tuple[str, str]] = []
        for number, carrier in pairs:
            known = self.book.by_number(number, maker_id)
            if known is None:
                strangers.append((number, carrier))
            else:
                self.book.add_number(known, number, carrier)
                by_device[known.device_id].append(number)
        if strangers or not by_device:
            device = self.named(printed, maker_id, name, strangers)
            for number, carrier in strangers:
                self.book.add_number(device, number, carrier)
            by_device[device.device_id] += [number for number, _ in strangers]
            if not pairs and carriers:
                sold = [number for number, carrier in device.models if carrier in carriers]
                return [(device, sold)]
        for device_id in by_device:
            self.book.devices[device_id].is_sold_in_japan = True
        meant = [(self.book.devices[device_id], numbers or None) for device_id, numbers in by_device.items()]
        if printed.section != Section.LISTED:
            # A row that bars one device by number and another by name bars both.
            named = self.book.all_named(name) if self.is_contradicted(meant[0][0], printed) else []
            meant += [(device, None) for device in named if device.device_id not in by_device]
        return meant

    def namesakes(self, printed: Any, maker_id: str, name: str) -> list[Device]:
        """Return whom a row without a known maker means by its name alone.

        Such a row must not miss its device: one that bars (planned, excluded) speaks of every
        device of that name, one that lists only where the name leaves no choice.
        """
        if maker_id in self.lookups.maker_words.values():
            return []
        found = self.book.all_named(name)
        return found if printed.section != Section.LISTED or len(found) == 1 else []

    def is_contradicted(self, device: Device, printed: Any) -> bool:
        """Tell whether the printed name is that of another device than its model number."""
        named = self.book.all_named(plain(printed.name))
        return bool(named) and device not in named

    def read_numbers(self, printed: Any, maker_id: str) -> tuple[list[tuple[str, str]], list[str]]:
        """Return the (number, carrier) pairs and the carriers of the row; the rest becomes issues."""
        whole = plain(printed.model)
        if whole and self.book.by_number(whole, maker_id) is not None:
            return [(whole, "")], []
        words = self.lookups.carrier_words
        models, sellers = read_cell(printed.model, words), read_cell(printed.carrier, words)
        for kind, rest, file in (("model", models.rest, "phones"), ("carrier", sellers.rest, "carriers")):
            for word in rest + ([number for number, _ in sellers.numbers] if kind == "carrier" else []):
                tip = f"{kind} {word!r} is not understood; see data/lookups/{file}.csv"
                self.issue(printed.source_id, kind, word, tip)
        carriers = list(dict.fromkeys(models.carriers + sellers.carriers))
        only = carriers[0] if len(carriers) == 1 else ""
        return [(number, carrier or only) for number, carrier in models.numbers], carriers

    def named(self, printed: Any, maker_id: str, name: str, numbers: list[tuple[str, str]]) -> Device:
        """Return the device of this maker and name, entered now if it is new."""
        device = self.book.by_name(name, maker_id) if name else None
        if device is not None and device.is_sold_in_japan:
            return device
        name = name or numbers[0][0]
        kind, os = guess_kind(maker_id, name, printed.source_id in CARD_READER_SOURCES)
        if not maker_id:
            maker_id = "unknown"
            self.makers.setdefault("unknown", ("不明", "unknown"))
            tip = f"no maker printed for {name!r}, none in its name; see data/lookups/makers.csv"
            self.issue(printed.source_id, "maker", "", tip)
        device_id = device_id_of(maker_id, name, [number for number, _ in numbers])
        return self.book.add(Device(device_id, maker_id, name, kind, os))


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
    listing = [row for item in printed.itertuples(index=False) for row in _listing_rows(run, item)]
    add_world_catalogue(run.book, run.makers, catalogue, lookups)
    tables = Tables()
    tables["maker"] = _makers(run)
    tables["device"] = _devices(run.book)
    tables["device_model"] = _device_models(run.book)
    tables["match_key"] = match_key_frame(run.book, lookups)
    tables["listing"] = pd.DataFrame(
        listing, columns=["printed_id", "device_id", "model_numbers", "is_note_asking"]
    )
    tables["requirement"] = _requirements(run, requirements)
    tables["issue"] = pd.DataFrame(run.issues, columns=["source_id", "kind", "found", "tip"])
    return tables


def _listing_rows(run: Normaliser, printed: Any) -> list[dict[str, Any]]:
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


def _requirements(run: Normaliser, requirements: pd.DataFrame) -> pd.DataFrame:
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
