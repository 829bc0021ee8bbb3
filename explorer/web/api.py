"""The JSON API, version 1: the same answers as the explorer and the command line."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query
from pydantic import BeforeValidator
from starlette.responses import Response

from crawler.names import Capability, Status
from explorer.browse import ORDERS, PAGE_ROWS, Filters, count_rows, read_makers, read_page
from explorer.changes import PAGE_CHANGES, ChangeFilters, count_changes, read_changes
from explorer.check import check
from explorer.device_record import DeviceRecord, read_device
from explorer.health import read_health
from explorer.pc import check_pc
from explorer.store import Store
from explorer.web import contract
from explorer.web.current import Current
from explorer.web.problems import MEDIA_TYPE, Problem, add_handlers

MAX_TEXT = 500
MAX_PAGE = 100_000
BUILD = ("schema_version", "built_at", "origin")
DESCRIPTION = """
Which phones, PCs and card readers work with マイナポータル, from the official lists. Read-only, no key.
An answer never says `supported` by likeness; `not_listed` is not `not_supported`; `origin: bundled` marks
what this project wrote from public facts until the official page was fetched. Every answer depends on
its address and the data alone: keep the ETag and ask again with If-None-Match.
"""


def _day(text: Any) -> Any:
    """Return the day as the command line reads it; by itself pydantic takes digits for seconds since 1970."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else text
    except ValueError:
        raise ValueError("expected a date such as 2026-11-01") from None


Day = Annotated[date | None, BeforeValidator(_day)]
Text = Annotated[str, Query(max_length=MAX_TEXT)]
Many = Annotated[list[Annotated[str, Query(max_length=MAX_TEXT)]], Query(max_length=50)]
Page = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Language = Annotated[Literal["ja", "en"], Query(description="language of the sentences")]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}},
    }
    for status, words in (
        (400, "The question cannot be read; the detail says what was expected."),
        (404, "There is no such thing."),
        (414, "The address is too long."),
        (429, "Asked too often; Retry-After says how long to wait."),
    )
}


def create_api(current: Current) -> FastAPI:
    """Return the application below /api/v1; it answers from `current`."""
    api = FastAPI(
        title="マイナポータル device compatibility",
        version="1.0.0",
        description=DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        root_path_in_servers=False,
        servers=[{"url": "/api/v1"}],
        redirect_slashes=False,
    )
    add_handlers(api)
    _add_check(api, current)
    _add_devices(api, current)
    _add_records(api, current)
    _describe_problems(api)
    return api


def _add_check(api: FastAPI, current: Current) -> None:
    @api.get("/check", responses=_answers(contract.Check), summary="Ask for a device by any name")
    async def check_device(
        q: Annotated[str, Query(pattern=r"\S", max_length=MAX_TEXT, description="name or model number")],
        os: Text = "",
        use: Annotated[Capability | None, Query(alias="for", description="one use; else all")] = None,
        lang: Language = "ja",
        # Of a PC, for pc_login alone.
        browser: Text = "",
        reader: Text = "",
        phone: Text = "",
    ) -> Response:
        if (browser or reader or phone) and use in (None, Capability.PC_LOGIN):
            return _json(check_pc(current.data, q, browser, reader, phone, lang, os))
        return _json(check(current.data, q, os, (use,) if use else tuple(Capability), lang))


def _add_devices(api: FastAPI, current: Current) -> None:
    @api.get("/devices", responses=_answers(contract.Devices), summary="Browse the devices, 50 a page")
    def list_devices(
        use: Annotated[Capability, Query(alias="for")] = Capability.CARD_READING,
        maker: Many = [],  # noqa: B006 (FastAPI copies a default)
        carrier: Many = [],  # noqa: B006
        status: Annotated[list[Status], Query(max_length=len(Status))] = [],  # noqa: B006
        year: Many = [],  # noqa: B006
        q: Text = "",
        is_japan_only: bool = True,
        sort: Literal[tuple(ORDERS)] = "newest",  # type: ignore[valid-type]
        page: Page = 1,
    ) -> Response:
        filters = Filters(
            use.value,
            _makers(current, _given(maker)),
            _given(carrier),
            tuple(one.value for one in status),
            _given(year),
            q,
            is_japan_only,
            sort,
        )
        return _page(current, "devices", count_rows, read_page, filters, page, PAGE_ROWS)

    @api.get(
        "/devices/{device_id}", responses=_answers(contract.Device), summary="All that is known of a device"
    )
    def show_device(device_id: str) -> Response:
        store = current.build.store
        record = read_device(store, device_id)
        if record is None:
            raise Problem(404, f"device_id: no device {device_id[:MAX_TEXT]!r}; /devices lists them")
        return _json(_flat(record) | {"data": _of(store)})


def _add_records(api: FastAPI, current: Current) -> None:
    @api.get(
        "/changes", responses=_answers(contract.Changes), summary="What came, went and changed, newest first"
    )
    def list_changes(since: Day = None, page: Page = 1) -> Response:
        filters = ChangeFilters(since=since)
        return _page(current, "changes", count_changes, read_changes, filters, page, PAGE_CHANGES)

    @api.get(
        "/sources", responses=_answers(contract.Sources), summary="The official lists and how fresh they are"
    )
    def list_sources() -> Response:
        store = current.build.store
        shown = [asdict(one) | {"runs": [run._asdict() for run in one.runs]} for one in read_health(store)]
        return _json({"sources": shown, "data": _of(store)})


def _given(texts: Sequence[str]) -> tuple[str, ...]:
    """Return what was chosen: a form sends a choice that was left open too, as an empty text."""
    return tuple(text for text in texts if text.strip())


def _makers(current: Current, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of makers that are given by id or by a name as the rows show it."""
    if not texts:
        return ()
    both = read_makers(current.build.store)
    known = {name.casefold(): maker_id for maker_id, names in both.items() for name in (*names, maker_id)}
    return tuple(known.get(text.strip().casefold(), text) for text in texts)


def _page(
    current: Current,
    name: str,
    count: Callable[..., int],
    read: Callable[..., Sequence[Any]],
    filters: Any,
    page: int,
    size: int,
) -> Response:
    """Return a page of rows under `name`, and how many there are, of one build."""
    store = current.build.store
    total, rows = count(store, filters), read(store, filters, page)
    about = {"total": total, "page": page, "pages": max(1, -(-total // size))}
    return _json(about | {name: [row._asdict() for row in rows], "data": _of(store)})


def _flat(record: DeviceRecord) -> dict[str, Any]:
    """Return a record in the shape of `contract.Device`."""
    device = record.device._asdict()
    lists = ("verdicts", "printed", "changes")
    return {
        **{name: device[name] for name in contract.Device.model_fields if name in device},
        "numbers": [{"model_number": number, "carriers": sold} for number, sold in record.numbers],
        "other_names": record.other_names,
        **{name: [one._asdict() for one in getattr(record, name)] for name in lists},
    }


def _of(store: Store) -> dict[str, str]:
    """Return which build answers."""
    return {key: store.meta[key] for key in BUILD}


def _json(content: Mapping[str, Any]) -> Response:
    text = json.dumps(content, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return Response(text, media_type="application/json")


def _plain(value: Any) -> str:
    """Return a time of the tables, in UTC without a zone, or a day as ISO 8601."""
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else str(value.isoformat())


def _answers(shape: type[contract.Shape]) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": shape, "description": "The answer."}} | PROBLEMS


def _describe_problems(api: FastAPI) -> None:
    """Put our errors into the document in place of FastAPI's own 422."""
    document = api.openapi()
    shape = contract.ProblemShape.model_json_schema()
    schemas = document["components"]["schemas"]
    schemas["ProblemShape"] = shape
    for operations in document["paths"].values():
        operations["get"]["responses"].pop("422", None)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
