"""One question answered: text in, the object of the JSON contract out. Pure over a `Dataset`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from crawler.names import Capability, Condition, FormFactor, Match, Origin, Reason, Status
from explorer.days import say_month
from explorer.english import shown_name
from explorer.evidence import plain_note, prove, rows_of, rules_of
from explorer.index import Found
from explorer.lookup import find
from explorer.os_text import OsGiven, either_os, parse_os
from explorer.queries import Dataset
from explorer.verdict import Device, Evidence, Refined, Support, refine, row_for
from explorer.wording import say

MAX_CANDIDATES = 6
WORDED_BY_ORIGIN = (Reason.EXCLUDED, Reason.PLANNED, Reason.LISTED, Reason.RULE)


class Judged(NamedTuple):
    """What a text named, the OS of the question, and the verdict for each capability in their order.

    Without a device there is no verdict: the text is ambiguous or not recognised.
    """

    found: Found
    device: Device | None
    given: OsGiven
    refined: tuple[Refined, ...]


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
    judged = judge(data, find(data.index, text), os_text, capabilities)
    if judged.device is None:
        answers = [_open_answer(judged.found, text, capability, language) for capability in capabilities]
    else:
        answers = [_answer(data, judged.device, judged, refined, language) for refined in judged.refined]
    return _contract(data, text, judged.found, judged.device, answers, language)


def check_device(
    data: Dataset, device_id: str, capability: Capability, language: str = "ja"
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a device and its answer for one use with no OS given, as `device` and `answers` hold them.

    Raises KeyError when there is no device of this id.
    """
    device = data.devices[device_id]
    judged = judge(data, Found(Match.EXACT, device_id), "", (capability,))
    return _device(device, language), _answer(data, device, judged, judged.refined[0], language)


def judge(data: Dataset, found: Found, os_text: str, capabilities: Sequence[Capability]) -> Judged:
    """Return the answer without its words: what `check` says of what `find` found, in codes."""
    device = data.devices[found.device_id] if found.device_id else None
    if device is None:
        return Judged(found, None, OsGiven(), ())
    given, year = _os_given(data, device, found, os_text.strip()), int(data.meta["built_at"][:4])
    rows = [row_for(data.support[device.device_id], one, found.model_number) for one in capabilities]
    os_said = (given.stated, bool(given.text), year, given.is_disputed)
    return Judged(found, device, given, tuple(refine(device, row, *os_said) for row in rows))


def _os_given(data: Dataset, device: Device, found: Found, os_text: str) -> OsGiven:
    """Return the OS of the question: what the person gives before what a user agent states."""
    typed = OsGiven(parse_os(os_text, data.index.os_words) if os_text else None, os_text)
    if found.os_text:
        given = either_os(typed, OsGiven(found.os, found.os_text))
    elif not os_text and found.os:
        given = OsGiven(found.os, found.os.text)
    else:
        given = typed
    if device.os and re.fullmatch(r"[0-9.]+", given.text):
        return replace(given, text=f"{device.os} {given.text}")
    return given


def _contract(
    data: Dataset,
    text: str,
    found: Found,
    device: Device | None,
    answers: list[dict[str, Any]],
    language: str,
) -> dict[str, Any]:
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
        "name": shown_name(device.name, language),
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
    steps = ["type_something"]
    if is_ambiguous:
        steps = ["choose"]
    elif text.strip():
        steps = ["search_again", "name_device_too", "not_for_feature_phones"]
    return {
        "capability": capability.value,
        "status": code.value,
        "reasons": [{"code": code.value, "text": say(language, "reason", code)}],
        "next_steps": [say(language, "step", step) for step in steps],
        "evidence": [],
    }


def _answer(data: Dataset, device: Device, judged: Judged, refined: Refined, language: str) -> dict[str, Any]:
    found, row, capability = judged.found, refined.row, Capability(refined.capability)
    rows = rows_of(data, device, found.model_number, row)
    models = _good_models(data, device, capability, rows)
    values = _values(device, row, rows, language) | {
        "printed": "／".join(_notes(data, device, found, row, language)),
        "models": "、".join(models),
        "os_text": judged.given.text,
    }
    return {
        "capability": capability.value,
        "status": refined.status.value,
        "reasons": [
            {"code": one, "text": say(language, "reason", _variant(one, row.origin, models), **values)}
            for one in refined.reasons
        ],
        "next_steps": [say(language, "step", step, **values) for step in refined.next_steps],
        "evidence": prove(data, device, rows, refined, language),
    }


def _values(device: Device, row: Support, rows: Sequence[Evidence], language: str) -> dict[str, Any]:
    """Return what device and rule put into the texts."""
    return {
        "os": device.os or "OS",
        "last_os": device.last_os,
        "min_os": row.min_os,
        "min_model": row.min_model,
        "last_seen_on": row.last_seen_on,
        "as_of": say_month(language, next((one.fact_as_of for one in rows if one.fact_as_of), None)),
        "thing": say(language, "form_factor", device.form_factor),
    }


def _notes(data: Dataset, device: Device, found: Found, row: Support, language: str) -> list[str]:
    """Return the printed notes and the lines of the rules that could not be read, each once."""
    if row.capability == Capability.PC_LOGIN and device.form_factor != FormFactor.CARD_READER:
        row = row_for(data.support[device.device_id], Capability.CARD_READING, found.model_number)
    rows = rows_of(data, device, found.model_number, row)
    notes = [plain_note(one.note or one.expanded_from or "", one.origin, language) for one in rows]
    notes += [line.printed for line in rules_of(data, device, row.capability) if not line.is_understood]
    return [note for note in dict.fromkeys(notes) if note]


def _good_models(
    data: Dataset, device: Device, capability: Capability, rows: Sequence[Evidence]
) -> list[str]:
    """Return the printed model numbers that the list does not shut out."""
    numbers = dict.fromkeys(number for one in rows for number in one.model_numbers or ())
    support = data.support[device.device_id]
    good = (Status.SUPPORTED, Status.CONDITIONAL)
    return [number for number in numbers if row_for(support, capability, number).status in good]


def _variant(code: str, origin: str | None, models: Sequence[str]) -> str:
    """Return the text code: what a bundled page says is never worded as the official list itself."""
    if code == f"check_{Condition.MODEL_NUMBER}" and not models:
        return f"{code}_unnamed"
    return f"{code}_bundled" if origin == Origin.BUNDLED and code in WORDED_BY_ORIGIN else code
