"""The evidence behind an answer: printed rows, printed rules, and the list to look at. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from crawler.names import Capability, Condition, Origin, Reason, Section
from explorer.queries import Dataset
from explorer.verdict import Device, Evidence, Refined, RuleLine, Support
from explorer.wording import say


def rules_of(data: Dataset, device: Device, capability: str) -> list[RuleLine]:
    return [
        line
        for line in data.rules
        if line.capability == capability and line.role != "info" and line.platform == device.os
    ]


def rows_of(data: Dataset, device: Device, model_number: str | None, row: Support) -> list[Evidence]:
    """Return the printed rows that speak of the device (or of its model number) for this verdict."""
    is_gone = row.reason == Reason.DELISTED
    wanted = {row.capability}
    if row.capability == Capability.PC_LOGIN and (
        row.reason != Reason.RULE or {Condition.NOTE, Condition.MODEL_NUMBER} & set(row.conditions)
    ):
        # Beside a PC, a phone does what it does when it reads the card itself.
        wanted.add(Capability.CARD_READING.value)
    return [
        one
        for one in data.listings.get(device.device_id, ())
        if wanted & set(data.sources[one.source_id]["capabilities"])
        and (model_number is None or one.model_numbers is None or model_number in one.model_numbers)
        and (one.is_current or (is_gone and one.section == Section.LISTED))
    ]


def prove(
    data: Dataset, device: Device, rows: Sequence[Evidence], refined: Refined, language: str
) -> list[dict[str, Any]]:
    """Return the printed rows and rules behind the answer, in the shape of the JSON contract.

    The list that decided comes first; a list that does not name the device is pointed to.
    """
    rules = rules_of(data, device, refined.capability)
    if refined.capability == Capability.PC_LOGIN and refined.row.reason == Reason.RULE:
        rules = [line for line in data.rules if line.capability == Capability.PC_LOGIN]
    elif refined.capability == Capability.PC_LOGIN:
        rules = [
            *rules_of(data, device, Capability.CARD_READING),
            *(line for line in data.rules if line.capability == Capability.PC_LOGIN),
        ]
    elif refined.row.reason == Reason.WRONG_PLATFORM:
        rules = [line for line in data.rules if line.capability == refined.capability and line.platform]
    evidence = [_printed_row(row, language) for row in rows]
    evidence += [dict(_printed_rule(line, language)) for line in rules]
    # A line that is not understood stands once for each platform that it may mean.
    evidence = [one for number, one in enumerate(evidence) if one not in evidence[:number]]
    decided = {row.source_id for row in rows}
    if refined.row.reason == Reason.NOT_LISTED and refined.row.source_id not in decided:
        evidence.insert(0, _pointer(data, refined, language))
    return evidence


def _printed_row(row: Evidence, language: str) -> dict[str, Any]:
    parts = [row.maker, row.name, row.model, row.carrier, plain_note(row.note, row.origin, language)]
    section = [] if row.section == Section.LISTED else [f"【{say(language, 'section', row.section)}】"]
    return proof(row, " ".join(section + [part for part in parts if part]))


def plain_note(note: str, origin: str | None, language: str) -> str:
    """Return the remark as printed; in a text of this project's own, what was added is said in full."""
    if origin != Origin.BUNDLED:
        return note
    return re.sub(
        r"（([^（）]*(?:\([^()]*\)[^（）]*)*)から補った行）",
        lambda found: say(language, "ui_check", "added_row", text=found[1]),
        note,
    )


@lru_cache(maxsize=1024)
def _printed_rule(line: RuleLine, language: str) -> dict[str, Any]:
    heading = line.section.split(" > ")[-1]
    return proof(line, say(language, "evidence", "rule", section=heading, printed=line.printed))


def proof(row: Evidence | RuleLine, printed: str) -> dict[str, Any]:
    fact = {"url": row.fact_url, "as_of": row.fact_as_of, "confidence": row.fact_confidence}
    return {
        "source_id": row.source_id,
        "url": row.url,
        "printed": printed,
        "printed_on": row.printed_on.isoformat() if row.printed_on else None,
        "fetched_at": row.fetched_at.isoformat() + "Z",
        "origin": row.origin,
        "fact": fact if row.fact_url else None,
    }


def _pointer(data: Dataset, refined: Refined, language: str) -> dict[str, Any]:
    """Return the list that does not name the device, so that the person can look for themselves."""
    source = data.sources[str(refined.row.source_id)]
    return {
        "source_id": source["source_id"],
        "url": source["url"],
        "printed": say(language, "evidence", "no_row"),
        "printed_on": source["printed_on"].isoformat() if source["printed_on"] else None,
        "fetched_at": source["last_fetched_at"].isoformat() + "Z",
        "origin": source["origin"],
        "fact": None,
    }
