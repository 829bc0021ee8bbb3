"""Errors of the API as problem details (RFC 9457): what was found, what was expected, what to do."""

import json
import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

log = logging.getLogger("explorer")
MEDIA_TYPE = "application/problem+json"
SHOWN_INPUT = 80
NOT_HERE = "no such address; /api/v1/openapi.json describes those there are"


class Problem(Exception):
    """Ends a request with this status and detail."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """Return the answer for an error; `type` is left at about:blank, the title being the status."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    kept = {"cache-control": "no-store"} | (headers or {})
    return Response(json.dumps(body, ensure_ascii=False), status, kept, MEDIA_TYPE)


def add_handlers(api: FastAPI) -> None:
    @api.exception_handler(Problem)
    async def on_problem(_: Request, error: Problem) -> Response:
        return problem(error.status, error.detail)

    @api.exception_handler(HTTPException)
    async def on_http(_: Request, error: HTTPException) -> Response:
        detail = NOT_HERE if error.status_code == HTTPStatus.NOT_FOUND else str(error.detail)
        return problem(error.status_code, detail, dict(error.headers or {}))

    @api.exception_handler(RequestValidationError)
    async def on_invalid(_: Request, error: RequestValidationError) -> Response:
        return problem(400, "; ".join(_say(one) for one in error.errors()))

    @api.exception_handler(Exception)
    async def on_mistake(request: Request, error: Exception) -> Response:
        log.error("%s: a mistake of the program", request.url.path, exc_info=error)
        return problem(500, "a mistake of the program; please report it")


def _say(error: dict[str, Any]) -> str:
    place = [str(one) for one in error["loc"] if isinstance(one, str)]
    name = place[-1] if place else "request"
    if name == "q" and error["type"] in ("missing", "string_pattern_mismatch"):
        found = "none" if error["type"] == "missing" else "only blanks"
        return f"q: expected a device name or model number such as SH-41A, found {found}"
    words = str(error["ctx"]["error"]) if error["type"] == "value_error" else str(error["msg"])
    found = "" if error["type"] == "missing" else f", found {str(error.get('input'))[:SHOWN_INPUT]!r}"
    return f"{name}: {words[:1].lower()}{words[1:]}{found}"
