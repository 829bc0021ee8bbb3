"""The way through login help, from `login_help.toml`: one question a screen, and the error codes. Pure."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawler.names import match_key

FLOW = Path(__file__).parent / "login_help.toml"
START = "start"
# A part of a code that is shorter than this could be anything.
MIN_PART = 3
TOKEN = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")


@dataclass(frozen=True)
class Choice:
    """A screen to go on to, and the code of its label."""

    to: str
    label: str


@dataclass(frozen=True)
class Screen:
    """One question, or an end. `go` names screens, or pages of the explorer as `page:check`."""

    screen_id: str
    choices: tuple[Choice, ...] = ()
    facts: tuple[str, ...] = ()
    go: tuple[str, ...] = ()
    widget: str = ""
    back: str = START


@dataclass(frozen=True)
class ErrorCode:
    words: tuple[str, ...]
    fact: str
    go: str


@cache
def load_screens() -> dict[str, Screen]:
    """Return the screens by id; each knows the first screen that leads to it."""
    tables: dict[str, dict[str, Any]] = _flow()["screens"]
    behind: dict[str, str] = {}
    for key in ("choices", "go"):
        for screen_id, table in tables.items():
            for to in table.get(key, ()):
                behind.setdefault(_choice(to).to, screen_id)
    return {
        screen_id: Screen(
            screen_id,
            tuple(_choice(one) for one in table.get("choices", ())),
            tuple(table.get("facts", ())),
            tuple(table.get("go", ())),
            table.get("widget", ""),
            behind.get(screen_id, START),
        )
        for screen_id, table in tables.items()
    }


@cache
def load_codes() -> tuple[ErrorCode, ...]:
    return tuple(ErrorCode(tuple(row["words"]), row["fact"], row["go"]) for row in _flow()["codes"])


def find_codes(text: str) -> tuple[list[ErrorCode], list[ErrorCode]]:
    """Return the codes that `text` names, and those of which it names only the beginning.

    A part of a number is never taken for the number: `1150` is not `115`.
    """
    plain = unicodedata.normalize("NFKC", text)
    whole = match_key(plain)
    tokens = {match_key(token) for token in TOKEN.findall(plain)} | {whole}
    parts = {token for token in tokens if len(token) >= MIN_PART}
    named, begun = [], []
    for code in load_codes():
        keys = [match_key(word) for word in code.words]
        if any(key in tokens or (not key.isascii() and key in whole) for key in keys):
            named.append(code)
        elif any(key.startswith(part) for key in keys for part in parts):
            begun.append(code)
    return named, begun


def step_back(trail: Sequence[str], at: str) -> tuple[tuple[str, ...], str]:
    """Return the way that a person came, up to this screen, and the screen before it.

    Who opened a link in the middle goes back to the question that leads there.
    """
    way = (*trail[: trail.index(at)], at) if at in trail else (*trail, at)
    return way, way[-2] if len(way) > 1 else load_screens()[at].back


def _choice(text: str) -> Choice:
    to, _, label = text.partition("|")
    return Choice(to, label or to)


@cache
def _flow() -> dict[str, Any]:
    return tomllib.loads(FLOW.read_text(encoding="utf-8"))
