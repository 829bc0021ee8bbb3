"""The shapes of the API's answers, for its OpenAPI document; the tests hold real answers to them."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from crawler.names import Capability, Delta, FormFactor, Match, Origin, Section, Status


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Build(Shape):
    """Which data answered."""

    schema_version: str
    built_at: datetime
    origin: Origin


class DeviceShown(Shape):
    device_id: str
    maker: str
    name: str
    model_numbers: list[str]
    form_factor: FormFactor
    os: str | None


class Candidate(Shape):
    device_id: str
    maker: str
    name: str
    score: float


class Reasoned(Shape):
    code: str
    text: str


class Fact(Shape):
    url: str | None
    as_of: str | None
    confidence: str | None


class Proof(Shape):
    """What a source says; `origin` bundled: written for this project, not fetched from the source."""

    source_id: str
    url: str
    printed: str
    printed_on: date | None
    fetched_at: str | None
    origin: Origin
    fact: Fact | None = None


class Answer(Shape):
    capability: Capability
    status: Status
    reasons: list[Reasoned]
    next_steps: list[str]
    evidence: list[Proof]


class Check(Shape):
    """The object of the JSON contract, the same as `python -m explorer check --json` prints."""

    query: str
    match: Match
    device: DeviceShown | None
    candidates: list[Candidate]
    answers: list[Answer]
    data: Build


class DeviceRow(Shape):
    """A model number of a device, or a device without any, and its verdict for one use."""

    device_id: str
    maker: str
    maker_en: str
    name: str
    model_number: str | None
    carriers: list[str]
    os: str | None
    released: str | None
    capability: Capability
    status: Status
    min_os: str | None
    note: str | None
    conditions: list[str]
    remark: str | None
    origin: Origin | None
    source_url: str | None
    printed_on: date | None
    last_fetched_at: datetime | None


class Devices(Shape):
    total: int
    page: int
    pages: int
    devices: list[DeviceRow]
    data: Build


class Number(Shape):
    model_number: str
    carriers: list[str]


class Verdict(Shape):
    capability: Capability
    status: Status
    reason: str
    min_os: str | None
    conditions: list[str]
    note: str | None
    remark: str | None
    origin: Origin | None
    model_numbers: list[str | None]


class Printed(Shape):
    """A row of an official list about the device, and when it was seen there."""

    source_id: str
    title: str
    publisher: str
    url: str
    origin: Origin
    section: Section
    maker: str
    name: str
    model: str
    carrier: str
    note: str
    is_current: bool
    first_seen_on: date
    last_seen_on: date
    last_fetched_at: datetime | None
    fact_url: str | None
    fact_as_of: str | None
    fact_confidence: str | None


class Change(Shape):
    """A change of a list; before and after hold the printed rows as JSON, one a line."""

    changed_on: date
    source_id: str
    title: str
    url: str
    delta: Delta
    device_id: str | None
    before: str | None
    after: str | None


class Device(Shape):
    device_id: str
    maker: str
    maker_en: str
    name: str
    form_factor: FormFactor
    os: str | None
    released: str | None
    first_os: str | None
    last_os: str | None
    is_sold_in_japan: bool
    numbers: list[Number]
    other_names: list[str]
    verdicts: list[Verdict]
    printed: list[Printed]
    changes: list[Change]
    data: Build


class Changes(Shape):
    total: int
    page: int
    pages: int
    changes: list[Change]
    data: Build


class SourceRun(Shape):
    started_at: datetime
    result: str
    reason: str | None
    row_count: int


class Source(Shape):
    source_id: str
    title: str
    publisher: str
    url: str
    stale_after_days: int
    is_crawled: bool
    origin: Origin | None
    row_count: int | None
    printed_on: date | None
    last_fetched_at: datetime | None
    runs: list[SourceRun]


class Sources(Shape):
    sources: list[Source]
    data: Build


class ProblemShape(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
