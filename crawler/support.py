"""The verdict for a device and a capability while the OS of the person is not known.

The order is that of the design: exclusion, a rule that cannot be met, 対応予定, the current list,
a former list, a rule that is met, not listed. Rules are floors: a list never lifts a device over
one. What is not known never counts as met, it stays as a condition. Pure: facts in, verdict out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.facts import Facts, Ground, Printed, Rule, Verdict
from crawler.names import Condition, FormFactor, Reason, Section, Status, meets_floor


def judge(facts: Facts, rows: Sequence[Printed], ground: Ground) -> Verdict:
    """Return the verdict for rows that all speak of this device (or this model number)."""
    current = [row for row in rows if row.is_current]
    rule = ground.rules.get(facts.os or "")
    if excluded := [row for row in current if row.section == Section.EXCLUDED]:
        return _by_rows(Status.NOT_SUPPORTED, Reason.EXCLUDED, excluded, rule)
    if out_of_reach := _never_met(facts, ground):
        return out_of_reach
    if planned := [row for row in current if row.section == Section.PLANNED]:
        return _by_rows(Status.PLANNED, Reason.PLANNED, planned, rule)
    if listed := [row for row in current if row.section == Section.LISTED]:
        return _listed(facts, listed, rule, bool(ground.rules))
    if delisted := [row for row in rows if row.section == Section.LISTED]:
        return _by_rows(Status.DELISTED, Reason.DELISTED, delisted, rule)
    if rule and rule.is_sufficient:
        return _by_rule(facts, rule)
    return Verdict(
        Status.NOT_LISTED,
        Reason.NOT_LISTED,
        min_os=rule.min_os if rule else None,
        source_id=ground.source_id,
        origin=ground.origin,
    )


def judge_device(
    facts: Facts, numbers: Sequence[str], rows: Sequence[Printed], ground: Ground
) -> dict[str, Verdict]:
    """Return the verdict of the device under '', and under each model number that differs.

    A list that prints model numbers speaks of those alone; where the numbers of a device fare
    differently, its name alone cannot be answered: `conditional`, check the model number.
    """
    if all(row.model_numbers is None for row in rows):
        return {"": judge(facts, rows, ground)}
    apart = {
        number: judge(facts, [row for row in rows if _speaks_of(row, number)], ground) for number in numbers
    }
    is_carrier_only = any(row.model_numbers == () for row in rows)
    fates = {(verdict.status, verdict.reason, verdict.conditions) for verdict in apart.values()}
    if len(fates) == 1 and not is_carrier_only:
        return {"": judge(facts, rows, ground)}
    return {"": _differing(facts, rows, ground, apart)} | apart


def judge_pc_login(facts: Facts, card_reading: Verdict, ground: Ground) -> Verdict:
    """Return the verdict for logging in on a PC with this device, card readers aside.

    A phone stands in for the reader by reading a 2D code; a tablet or PC shows that code.
    """
    if facts.form_factor == FormFactor.FEATURE_PHONE:
        source_id, origin = ground.rules_source_id, ground.rules_origin
        return Verdict(Status.NOT_SUPPORTED, Reason.WRONG_PLATFORM, source_id=source_id, origin=origin)
    shows_code = facts.form_factor in (FormFactor.COMPUTER, FormFactor.TABLET)
    if card_reading.status is Status.NOT_SUPPORTED and not shows_code:
        return card_reading
    conditions: tuple[Condition, ...]
    if shows_code:
        rule = ground.rules.get(facts.os or "")
        kept = Verdict(Status.CONDITIONAL, Reason.RULE, min_os=rule.min_os if rule else None)
        conditions = (Condition.PAIRING, Condition.OS) if kept.min_os else (Condition.PAIRING,)
    else:
        kept, conditions = card_reading, (Condition.PAIRING, *card_reading.conditions)
    return replace(
        kept,
        status=Status.CONDITIONAL,
        reason=Reason.RULE,
        conditions=conditions,
        source_id=ground.rules_source_id,
        origin=ground.rules_origin,
        first_seen_on=None,
        last_seen_on=None,
    )


def is_not_before(released: str | None, floor: str | None) -> bool | None:
    """Compare release dates as precise as both are known; None when that does not decide."""
    if not released or not floor:
        return None
    shared = min(len(released), len(floor))
    if released[:shared] != floor[:shared]:
        return released > floor
    return True if len(released) >= len(floor) else None


def _speaks_of(row: Printed, number: str) -> bool:
    return row.model_numbers is None or number in row.model_numbers


def _never_met(facts: Facts, ground: Ground) -> Verdict | None:
    rule = ground.rules.get(facts.os or "")
    known = next(iter(ground.rules.values()), None)
    is_other_kind = facts.form_factor in (FormFactor.FEATURE_PHONE, FormFactor.CARD_READER)
    if known and rule is None and ((facts.os is not None) or is_other_kind):
        return Verdict(
            Status.NOT_SUPPORTED, Reason.WRONG_PLATFORM, source_id=known.source_id, origin=known.origin
        )
    if rule is None:
        return None
    for reason, is_met in (
        (Reason.MODEL_TOO_OLD, is_not_before(facts.released, rule.min_model_released)),
        (Reason.OS_OUT_OF_REACH, meets_floor(facts.last_os, rule.min_os)),
    ):
        if is_met is False:
            return Verdict(
                Status.NOT_SUPPORTED,
                reason,
                min_os=rule.min_os,
                min_model=rule.min_model,
                source_id=rule.source_id,
                origin=rule.origin,
            )
    return None


def _listed(facts: Facts, rows: Sequence[Printed], rule: Rule | None, has_rules: bool) -> Verdict:
    conditions = []
    if any(row.is_note_asking for row in rows) or (rule and rule.unread):
        conditions.append(Condition.NOTE)
    if has_rules and (rule is None or _is_os_open(facts, rule)):
        conditions.append(Condition.OS)
    if rule and rule.min_model and not is_not_before(facts.released, rule.min_model_released):
        conditions.append(Condition.MIN_MODEL)
    status = Status.CONDITIONAL if conditions else Status.SUPPORTED
    verdict = _by_rows(status, Reason.LISTED, rows, rule)
    printed = [verdict.printed] if verdict.printed else []
    printed += rule.unread if rule else ()
    return replace(verdict, conditions=tuple(conditions), printed="／".join(printed))


def _is_os_open(facts: Facts, rule: Rule) -> bool:
    """Tell whether the OS is to be checked; a floor that could not be read is in the note instead."""
    if rule.min_os is None and rule.unread:
        return False
    return not meets_floor(facts.first_os, rule.min_os)


def _by_rule(facts: Facts, rule: Rule) -> Verdict:
    conditions = []
    if _is_os_open(facts, rule):
        conditions.append(Condition.OS)
    if rule.min_model and not is_not_before(facts.released, rule.min_model_released):
        conditions.append(Condition.MIN_MODEL)
    if rule.needs_nfc:
        conditions.append(Condition.NFC)
    if rule.unread:
        conditions.append(Condition.NOTE)
    return Verdict(
        Status.CONDITIONAL if conditions else Status.SUPPORTED,
        Reason.RULE,
        tuple(conditions),
        min_os=rule.min_os,
        min_model=rule.min_model,
        printed="／".join(rule.unread),
        source_id=rule.source_id,
        origin=rule.origin,
    )


def _by_rows(status: Status, reason: Reason, rows: Sequence[Printed], rule: Rule | None) -> Verdict:
    first = [row.first_seen_on for row in rows if row.first_seen_on]
    last = [row.last_seen_on for row in rows if row.last_seen_on]
    return Verdict(
        status,
        reason,
        min_os=rule.min_os if rule else None,
        min_model=rule.min_model if rule else None,
        printed="／".join(dict.fromkeys(row.note for row in rows if row.note)),
        source_id=rows[0].source_id,
        origin=rows[0].origin,
        first_seen_on=min(first, default=None),
        last_seen_on=max(last, default=None),
    )


def _differing(
    facts: Facts, rows: Sequence[Printed], ground: Ground, apart: Mapping[str, Verdict]
) -> Verdict:
    good = {
        number: verdict
        for number, verdict in apart.items()
        if verdict.status in (Status.SUPPORTED, Status.CONDITIONAL)
    }
    whole = judge(facts, rows, ground)
    if not good and whole.reason is not Reason.LISTED:
        return whole
    best = next(iter(good.values()), whole)
    more = [condition for verdict in good.values() for condition in verdict.conditions]
    return replace(
        best,
        status=Status.CONDITIONAL,
        conditions=tuple(dict.fromkeys([Condition.MODEL_NUMBER, *more])),
        models=tuple(good),
    )
