"""One question answered: text in, the object of the JSON contract out. Pure over a `Dataset`."""

from collections.abc import Sequence
from typing import Any

from crawler.names import Capability, Match, Origin, Reason, Section, Status
from explorer.lookup import Found, find
from explorer.os_text import OsStated, parse_os
from explorer.queries import Dataset
from explorer.verdict import Device, Evidence, Refined, RuleLine, refine, row_for
from explorer.wording import say

MAX_CANDIDATES = 6
WORDED_BY_ORIGIN = (Reason.EXCLUDED, Reason.PLANNED, Reason.LISTED, Reason.RULE)


def check(
    data: Dataset,
    text: str,
    os_text: str = "",
    capabilities: Sequence[Capability] = tuple(Capability),
    language: str = "ja",
) -> dict[str, Any]:
    """Return the answer for a device name or model number, in the shape of the JSON contract.

    `os_text` is the OS version as the person writes it, '' when not given.
    """
    found = find(data.index, text)
    device = data.devices[found.device_id] if found.device_id else None
    if device is None:
        answers = [_open_answer(found, text, capability, language) for capability in capabilities]
    else:
        os_text = os_text.strip() or (found.os.text if found.os else "")
        stated = found.os if found.os and os_text == found.os.text else parse_os(os_text, data.os_words)
        answers = [
            _answer(data, device, found, capability, stated, os_text, language) for capability in capabilities
        ]
    return {
        "query": text,
        "match": found.match.value,
        "device": _device(device, language) if device else None,
        "candidates": [_candidate(data, *one, language) for one in found.candidates[:MAX_CANDIDATES]],
        "answers": answers,
        "data": {key: data.meta[key] for key in ("schema_version", "built_at", "origin")},
    }


def _device(device: Device, language: str) -> dict[str, Any]:
    return {
        "device_id": device.device_id,
        "maker": device.maker if language == "ja" else device.maker_en,
        "name": device.name,
        "model_numbers": list(device.model_numbers),
        "form_factor": device.form_factor,
        "os": device.os,
    }


def _candidate(data: Dataset, device_id: str, score: float, language: str) -> dict[str, Any]:
    device = _device(data.devices[device_id], language)
    return {key: device[key] for key in ("device_id", "maker", "name")} | {"score": score}


def _open_answer(found: Found, text: str, capability: Capability, language: str) -> dict[str, Any]:
    """Return the answer when no single device was recognised."""
    is_ambiguous = found.match is Match.AMBIGUOUS
    code = Status.AMBIGUOUS if is_ambiguous else Status.UNKNOWN
    steps = ["choose"] if is_ambiguous else ["search_again"] if text.strip() else ["type_something"]
    return {
        "capability": capability.value,
        "status": code.value,
        "reasons": [{"code": code.value, "text": say(language, "reason", code)}],
        "next_steps": [say(language, "step", step) for step in steps],
        "evidence": [],
    }


def _answer(
    data: Dataset,
    device: Device,
    found: Found,
    capability: Capability,
    stated: OsStated | None,
    os_text: str,
    language: str,
) -> dict[str, Any]:
    row = row_for(data.support[device.device_id], capability, found.model_number)
    refined = refine(device, row, stated, is_os_text_given=bool(os_text))
    values = {
        "os": device.os or "OS",
        "last_os": device.last_os,
        "min_os": row.min_os,
        "min_model": row.min_model,
        "last_seen_on": row.last_seen_on,
        "note": row.note,
        "os_text": os_text,
    }
    return {
        "capability": capability.value,
        "status": refined.status.value,
        "reasons": [
            {"code": one, "text": say(language, "reason", _variant(one, row.origin), **values)}
            for one in refined.reasons
        ],
        "next_steps": [say(language, "step", step, **values) for step in refined.next_steps],
        "evidence": _evidence(data, device, found, refined, language),
    }


def _variant(code: str, origin: str | None) -> str:
    """Return the text code: what a bundled page says is never worded as the official list itself."""
    return f"{code}_bundled" if origin == Origin.BUNDLED and code in WORDED_BY_ORIGIN else code


def _rules(data: Dataset, device: Device, capability: str) -> list[RuleLine]:
    return [
        line
        for line in data.rules
        if line.capability == capability and line.role != "info" and line.platform == device.os
    ]


def _evidence(
    data: Dataset, device: Device, found: Found, refined: Refined, language: str
) -> list[dict[str, Any]]:
    """Return the printed rows and rules behind the answer, the deciding list first."""
    rows = [
        row
        for row in data.listings.get(device.device_id, ())
        if refined.capability in data.sources[row.source_id]["capabilities"]
        and _speaks_of(row, found.model_number)
        and (row.is_current or (refined.row.reason == Reason.DELISTED and row.section == Section.LISTED))
    ]
    rules = _rules(data, device, refined.capability)
    if refined.row.reason == Reason.WRONG_PLATFORM:
        rules = [line for line in data.rules if line.capability == refined.capability and line.platform]
    evidence = [_printed_row(row, language) for row in rows] + [
        _printed_rule(line, language) for line in rules
    ]
    decided = {row.source_id for row in rows}
    if refined.row.reason == Reason.NOT_LISTED and refined.row.source_id not in decided:
        evidence.insert(0, _pointer(data, refined, language))
    return evidence


def _speaks_of(row: Evidence, model_number: str | None) -> bool:
    return model_number is None or row.model_numbers is None or model_number in row.model_numbers


def _printed_row(row: Evidence, language: str) -> dict[str, Any]:
    parts = [row.maker, row.name, row.model, row.carrier, row.note]
    section = [] if row.section == Section.LISTED else [f"【{say(language, 'section', row.section)}】"]
    return _proof(row, " ".join(section + [part for part in parts if part]))


def _printed_rule(line: RuleLine, language: str) -> dict[str, Any]:
    heading = line.section.split(" > ")[-1]
    return _proof(line, say(language, "evidence", "rule", section=heading, printed=line.printed))


def _proof(row: Evidence | RuleLine, printed: str) -> dict[str, Any]:
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
