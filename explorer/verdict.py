"""The answer for one device: the stored verdict, refined by the OS that the person states. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from crawler.names import Capability, Condition, FormFactor, Reason, Status, meets_floor
from explorer.os_text import YEAR_OF_WRITING, OsStated, is_out

# The statuses that an OS can change.
OPEN = (Status.SUPPORTED, Status.CONDITIONAL)
OTHER_PLATFORM, DISPUTED = "os_of_other_platform", "os_disputed"
# What was stated that cannot be right, and what to do first then.
DOUBTS = {OTHER_PLATFORM: "match_os", DISPUTED: "settle_os"}


class Device(NamedTuple):
    """A device as the pages show it."""

    device_id: str
    maker_id: str
    maker: str
    maker_en: str
    name: str
    form_factor: str
    os: str | None
    released: str | None
    first_os: str | None
    last_os: str | None
    is_sold_in_japan: bool
    model_numbers: Sequence[str]
    interface: str | None = None


class Support(NamedTuple):
    """A row of `support`: the verdict while no OS is given."""

    capability: str
    model_number: str
    status: str
    reason: str
    conditions: Sequence[str]
    min_os: str | None
    min_model: str | None
    note: str | None
    source_id: str | None
    origin: str | None
    first_seen_on: date | None
    last_seen_on: date | None


class Evidence(NamedTuple):
    """A printed row about a device, with what is known of its page."""

    source_id: str
    url: str
    origin: str
    section: str
    maker: str
    name: str
    model: str
    carrier: str
    note: str
    model_numbers: Sequence[str] | None
    is_current: bool
    first_seen_on: date
    last_seen_on: date
    printed_on: date | None
    fetched_at: datetime
    fact_url: str | None
    fact_as_of: str | None
    fact_confidence: str | None
    expanded_from: str | None


class RuleLine(NamedTuple):
    """A line of the requirements page."""

    source_id: str
    url: str
    origin: str
    capability: str
    role: str
    platform: str | None
    min_os: str | None
    is_understood: bool
    section: str
    printed: str
    printed_on: date | None
    fetched_at: datetime
    fact_url: str | None
    fact_as_of: str | None
    fact_confidence: str | None


class PcRule(NamedTuple):
    """A browser or a way to read the card, the platforms it is known for, and the fact behind it."""

    kind: str
    name: str
    words: Sequence[str]
    platforms: Sequence[str]
    fact_url: str
    fact_as_of: str | None
    fact_confidence: str


@dataclass(frozen=True)
class Refined:
    """Status with the codes of the reasons and next steps; texts are looked up by these codes."""

    capability: str
    status: Status
    reasons: tuple[str, ...]
    next_steps: tuple[str, ...]
    row: Support


def row_for(rows: Iterable[Support], capability: str, model_number: str | None) -> Support:
    """Return the row of the model number where the list tells them apart, else of the device."""
    mine = {row.model_number: row for row in rows if row.capability == capability}
    return mine.get(model_number or "", mine[""])


def refine(
    device: Device,
    row: Support,
    stated: OsStated | None,
    is_os_text_given: bool = False,
    year: int = YEAR_OF_WRITING,
    is_os_disputed: bool = False,
) -> Refined:
    """Return the answer for one capability; `year` is that of the data.

    A stated OS can close the condition `os`, or open it again when it is too low. It never lifts
    `not_supported`, `planned`, `delisted` or `not_listed`. An OS of another system than the device
    has, or two that differ, open a doubt: such an answer is never `supported`.
    """
    if stated and not _can_be(device, stated, year):
        stated = None
    if is_os_disputed:
        conditions, extra = _with_os(list(row.conditions), Status(row.status)), [DISPUTED]
    else:
        conditions, extra = _weigh_os(device, row, stated)
        extra = ["os_not_understood", *extra] if is_os_text_given and stated is None else extra
    return _refined(device, row, conditions, extra)


def _can_be(device: Device, stated: OsStated, year: int) -> bool:
    """Tell whether there is such a version; what is said of another system than the device's is kept.

    A bare number says its platform only together with the device: 28 is no version of Android. A
    version that is not out yet is no version either, though it would meet every floor.
    """
    if not stated.version or not device.os or stated.platform not in (None, device.os):
        return True
    return is_out(device.os, stated.version, year)


def _weigh_os(device: Device, row: Support, stated: OsStated | None) -> tuple[list[str], list[str]]:
    """Return the conditions that a stated OS leaves open, and the reasons that it adds."""
    status, conditions = Status(row.status), list(row.conditions)
    if stated and stated.platform and device.os and stated.platform != device.os:
        return _with_os(conditions, status), [OTHER_PLATFORM]
    if not stated or not stated.version:
        return conditions, []
    if row.min_os and status in OPEN:
        is_met = meets_floor(stated.version, row.min_os)
        rest = [one for one in conditions if one != Condition.OS]
        if is_met is True and not _is_out_of_reach(device, row.min_os, stated.version):
            return rest, ["os_is_met"]
        code = {True: "os_beyond_last", False: "os_is_below", None: "os_not_precise"}[is_met]
        return _with_os(rest, status), [code]
    is_unruled = device.form_factor == FormFactor.COMPUTER and not row.min_os
    return conditions, ["os_version_unknown"] if is_unruled and status is Status.CONDITIONAL else []


def _refined(device: Device, row: Support, conditions: list[str], extra: list[str]) -> Refined:
    """Return status, reasons and steps that follow from what is still open."""
    status = Status(row.status)
    if status in OPEN:
        status = Status.CONDITIONAL if conditions else Status.SUPPORTED
    checks = [f"check_{one}" for one in conditions if _is_worth_saying(one, extra)]
    reasons = [str(row.reason), *extra, *checks]
    if row.reason == Reason.RULE:  # what kind of rule it is matters least to the person
        reasons = [*extra, *checks, str(row.reason)]
    steps = _next_steps(device, row, status, conditions, extra)
    for doubt, step in DOUBTS.items():
        if doubt in extra:
            reasons = [doubt, *(one for one in reasons if one != doubt)]
            steps = (step, *steps)
    return Refined(row.capability, status, tuple(reasons), steps, row)


def _is_out_of_reach(device: Device, min_os: str, version: str) -> bool:
    """Tell whether a version is stated that the device cannot get, as far as known, and that decides."""
    if not device.last_os or meets_floor(device.last_os, min_os) is True:
        return False
    last = [int(part) for part in device.last_os.split(".")]
    return [int(part) for part in version.split(".")][: len(last)] > last


def _with_os(conditions: list[str], status: Status) -> list[str]:
    if status not in OPEN or Condition.OS in conditions:
        return conditions
    return [Condition.OS.value, *conditions]


def _is_worth_saying(condition: str, extra: Sequence[str]) -> bool:
    return not (condition == Condition.OS and ("os_is_below" in extra or "os_not_precise" in extra))


def _next_steps(
    device: Device, row: Support, status: Status, conditions: Sequence[str], extra: Sequence[str]
) -> tuple[str, ...]:
    if status is Status.SUPPORTED:
        return ("start", "see_official") if row.origin == "bundled" else ("start",)
    if status is Status.CONDITIONAL:
        steps = [f"do_{one}" for one in conditions]
        if "os_is_below" in extra:
            can_reach = meets_floor(device.last_os, row.min_os)
            better = "update_os" if can_reach else "try_update_os"
            steps = [better if one == "do_os" else one for one in steps]
        return (*dict.fromkeys(steps), "see_official")
    is_reader = device.form_factor == FormFactor.CARD_READER
    if status is Status.NOT_SUPPORTED and row.capability == Capability.PC_LOGIN and not is_reader:
        # Only this device is out: a PC with a card reader goes on working.
        return ("use_reader", "see_official")
    if status is Status.NOT_SUPPORTED and row.reason == Reason.WRONG_PLATFORM:
        return ("use_other_way",)
    return {
        Status.NOT_SUPPORTED: ("use_other_device", "see_official"),
        Status.PLANNED: ("wait_and_see", "use_other_device", "see_official"),
        Status.DELISTED: ("see_official", "use_other_device"),
        Status.NOT_LISTED: ("see_official", "use_other_device"),
    }[status]
