"""The `support` table: facts and printed rows gathered for each device, judged, written as a frame."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from crawler.facts import Facts, Ground, Printed, Rule, Verdict
from crawler.names import Capability, Condition, FormFactor, match_key
from crawler.sources import Source
from crawler.support import judge, judge_device, judge_pc_login

SUPPORT_COLUMNS = [
    "device_id",
    "capability",
    "model_number",
    "status",
    "reason",
    "conditions",
    "min_os",
    "min_model",
    "note",
    "source_id",
    "origin",
    "first_seen_on",
    "last_seen_on",
]
TEXT_COLUMNS = ["min_os", "min_model", "note", "source_id", "origin"]


def support_table(
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, Source],
    origins: Mapping[str, str],
    notes: Mapping[str, str],
) -> pd.DataFrame:
    """Return the frame `support` (columns `SUPPORT_COLUMNS`) for every device and capability.

    `tables` has device, device_model, listing (with its printed columns and dates) and
    requirement; `origins` gives the origin of each source that answers now; `notes` the note of
    each open condition, from `data/lookups/conditions.csv`.
    """
    grounds = _grounds(tables, sources, origins)
    rows = _rows_by_device(tables["listing"], sources)
    named = tables["device"]["device_id"].isin(rows)
    models = tables["device_model"]
    models = models[models["device_id"].isin(rows)]
    numbers = models.groupby("device_id", sort=False)["model_number"].unique().to_dict()
    records = []
    for device in tables["device"][named].itertuples(index=False):
        facts, mine = _facts(device), rows[device.device_id]
        for judged in _judge_all(facts, list(numbers.get(device.device_id, ())), mine, grounds):
            records.append((device.device_id, *_record(facts, *judged, notes)))
    frame = pd.DataFrame(records, columns=SUPPORT_COLUMNS)
    whole = pd.concat([frame, _unnamed(tables["device"][~named], grounds, notes)], ignore_index=True)
    # Columns of little or nothing but None: the database would guess their type from a sample.
    return whole.astype(dict.fromkeys(TEXT_COLUMNS, "str"))


def _unnamed(
    devices: pd.DataFrame, grounds: Mapping[Capability, Ground], notes: Mapping[str, str]
) -> pd.DataFrame:
    """Return the rows of devices that no list names: judged once for all that share their facts."""
    all_facts = [_facts(device) for device in devices.itertuples(index=False)]
    kinds = {facts: number for number, facts in enumerate(dict.fromkeys(all_facts))}
    records = [
        (number, *_record(facts, *judged, notes))
        for facts, number in kinds.items()
        for judged in _judge_all(facts, [], {}, grounds)
    ]
    verdicts = pd.DataFrame(records, columns=["kind", *SUPPORT_COLUMNS[1:]])
    ids = pd.DataFrame({"device_id": devices["device_id"], "kind": [kinds[facts] for facts in all_facts]})
    return ids.merge(verdicts, on="kind")[SUPPORT_COLUMNS]


def _judge_all(
    facts: Facts,
    numbers: Any,
    rows: Mapping[Capability, list[Printed]],
    grounds: Mapping[Capability, Ground],
) -> list[tuple[Capability, str, Verdict]]:
    judged = []
    for capability, ground in grounds.items():
        mine = rows.get(capability, [])
        if capability is not Capability.PC_LOGIN:
            verdicts = judge_device(facts, numbers, mine, ground)
        elif facts.form_factor == FormFactor.CARD_READER:
            no_rules = Ground(capability, {}, ground.source_id, ground.origin)
            verdicts = judge_device(facts, numbers, mine, no_rules)
        else:
            reading = judge(facts, rows.get(Capability.CARD_READING, []), grounds[Capability.CARD_READING])
            verdicts = {"": judge_pc_login(facts, reading, ground)}
        judged += [(capability, number, verdict) for number, verdict in verdicts.items()]
    return judged


def _grounds(
    tables: Mapping[str, pd.DataFrame], sources: Mapping[str, Source], origins: Mapping[str, str]
) -> dict[Capability, Ground]:
    device = tables["device"]
    dated = device[device["released"].notna() & device["is_sold_in_japan"].astype(bool)]
    released = dict(zip(map(match_key, dated["name"]), dated["released"], strict=True))
    grounds = {}
    for capability in Capability:
        lists = [s for s in sources.values() if capability in s.capabilities and s.source_id in origins]
        lists.sort(key=lambda source: source.speaks_by != "model")
        requirement = tables["requirement"]
        page = requirement[requirement["capability"] == capability].head(1).to_dict("records")
        mine = requirement[(requirement["capability"] == capability) & requirement["platform"].notna()]
        rules = {
            str(platform): _merge(lines.to_dict("records"), released)
            for platform, lines in mine.groupby("platform", sort=False)
        }
        first = lists[0].source_id if lists else None
        grounds[capability] = Ground(
            capability,
            rules,
            source_id=first,
            origin=origins.get(first) if first else None,
            rules_source_id=page[0]["source_id"] if page else None,
            rules_origin=page[0]["origin"] if page else None,
        )
    return grounds


def _merge(lines: list[dict[str, Any]], released: Mapping[str, str]) -> Rule:
    """Join the lines for one platform; of two floors the higher one holds."""
    floors = [line["min_os"] for line in lines if isinstance(line["min_os"], str)]
    models = [line["min_model"] for line in lines if isinstance(line["min_model"], str)]
    dates = {model: released.get(match_key(model)) for model in models}
    model = max(models, key=lambda name: dates[name] or "9999", default=None)
    return Rule(
        source_id=lines[0]["source_id"],
        origin=lines[0]["origin"],
        min_os=max(floors, key=lambda floor: [int(part) for part in floor.split(".")], default=None),
        min_model=model,
        min_model_released=dates[model] if model else None,
        needs_nfc=any(line["needs_nfc"] for line in lines),
        is_sufficient=all(line["role"] == "rule" for line in lines),
        unread=tuple(dict.fromkeys(line["printed"] for line in lines if not line["is_understood"])),
    )


def _rows_by_device(
    listing: pd.DataFrame, sources: Mapping[str, Source]
) -> dict[str, dict[Capability, list[Printed]]]:
    rows: dict[str, dict[Capability, list[Printed]]] = defaultdict(lambda: defaultdict(list))
    for row in listing.itertuples(index=False):
        # Not named itself, but as one of a series or range: never more than `conditional`.
        statement = row.expanded_from if isinstance(row.expanded_from, str) else ""
        printed = Printed(
            section=row.section,
            source_id=row.source_id,
            origin=row.origin,
            note=row.note or statement,
            is_note_asking=row.is_note_asking or bool(statement),
            is_current=row.is_current,
            first_seen_on=row.first_seen_on,
            last_seen_on=row.last_seen_on,
            model_numbers=None if row.model_numbers is None else tuple(row.model_numbers),
        )
        for capability in sources[row.source_id].capabilities:
            rows[row.device_id][capability].append(printed)
    return rows


def _facts(device: Any) -> Facts:
    values = (device.os, device.released, device.first_os, device.last_os)
    return Facts(device.form_factor, *(value if isinstance(value, str) else None for value in values))


def _record(
    facts: Facts,
    capability: Capability,
    number: str,
    verdict: Verdict,
    notes: Mapping[str, str],
) -> tuple[Any, ...]:
    return (
        capability.value,
        number,
        verdict.status.value,
        verdict.reason.value,
        [condition.value for condition in verdict.conditions],
        verdict.min_os,
        verdict.min_model,
        _note(facts, verdict, notes),
        verdict.source_id,
        verdict.origin,
        verdict.first_seen_on,
        verdict.last_seen_on,
    )


def _note(facts: Facts, verdict: Verdict, notes: Mapping[str, str]) -> str | None:
    """Return what to do or to check, in Japanese; without open conditions the printed note."""
    values = {
        "platform": facts.os or "OS",
        "min_os": verdict.min_os or "（公式の条件）",
        "min_model": verdict.min_model or "",
        "printed": verdict.printed,
        "models": "、".join(verdict.models) or "（通信事業者による）",
    }
    texts = [notes[condition].format(**values) for condition in verdict.conditions]
    if verdict.printed and Condition.NOTE not in verdict.conditions:
        texts.append(verdict.printed)
    return "。".join(texts) or None
