"""What a verdict is made of: facts of a device, printed rows, rules, and the verdict itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crawler.names import Capability, Condition, Reason, Status


@dataclass(frozen=True)
class Facts:
    """What is known of a device; None: not known."""

    form_factor: str
    os: str | None = None
    released: str | None = None
    first_os: str | None = None
    last_os: str | None = None


@dataclass(frozen=True)
class Printed:
    """A row of a list about the device. `model_numbers` None: the device as a whole."""

    section: str
    source_id: str
    origin: str
    note: str = ""
    is_note_asking: bool = False
    is_current: bool = True
    first_seen_on: date | None = None
    last_seen_on: date | None = None
    model_numbers: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Rule:
    """The official rule for one capability on one platform, all its lines together.

    `is_sufficient` False: it only shuts out, a list decides the rest. `unread` holds the printed
    lines that could not be understood: with any, no device is more than `conditional`.
    """

    source_id: str
    origin: str
    min_os: str | None = None
    min_model: str | None = None
    min_model_released: str | None = None
    needs_nfc: bool = False
    is_sufficient: bool = True
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ground:
    """What the sources say about one capability: rules by platform, the list, the rules page."""

    capability: Capability
    rules: Mapping[str, Rule]
    source_id: str | None = None
    origin: str | None = None
    rules_source_id: str | None = None
    rules_origin: str | None = None


@dataclass(frozen=True)
class Verdict:
    status: Status
    reason: Reason
    conditions: tuple[Condition, ...] = ()
    min_os: str | None = None
    min_model: str | None = None
    printed: str = ""
    models: tuple[str, ...] = ()
    source_id: str | None = None
    origin: str | None = None
    first_seen_on: date | None = None
    last_seen_on: date | None = None
