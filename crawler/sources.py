"""The registry `data/sources.toml` as typed records, and the folders of the project.

Facts about a source live in the TOML file; code that fetches or reads it lives elsewhere.
"""

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.names import Capability

DATA = Path(__file__).parent.parent / "data"


class BadInput(Exception):
    """Something a person can put right: what was found, what was expected, what to do."""


@dataclass(frozen=True)
class Folders:
    """Where a run reads and writes. `data` ships with the project; `state` holds what is built.

    The environment variable MYNA_STATE points `state` elsewhere, for tests and experiments.
    """

    data: Path = DATA
    state: Path = field(default_factory=lambda: Path(os.environ.get("MYNA_STATE") or DATA))

    def __post_init__(self) -> None:
        if "?" in str(self.state):
            raise BadInput(f"{self.state}: DuckDB cannot write below a name with a ?; choose another folder")

    @property
    def archive(self) -> Path:
        return self.state / "archive"

    @property
    def database(self) -> Path:
        return self.state / "devices.duckdb"

    @property
    def exports(self) -> Path:
        return self.state / "exports"

    @property
    def bundled(self) -> Path:
        return self.data / "bundled"

    @property
    def lookups(self) -> Path:
        return self.data / "lookups"


# What a guard may ask for, and of what kind each value is.
ASSERTIONS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "min": {"rows": int, "kept_share": (int, float), "makers": list},
    "max": {"removed_share": (int, float), "unmatched_share": (int, float)},
}


@dataclass(frozen=True, eq=False)
class Source:
    """One official source; the fields are explained at the top of `data/sources.toml`."""

    source_id: str
    url: str
    title: str
    publisher: str
    capabilities: tuple[Capability, ...]
    form: str
    speaks_by: str
    stale_after_days: int
    is_crawled: bool
    bundled: str | None = None
    found_on: str | None = None
    link: str | None = None
    is_link_needed: bool = True
    assertions: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def min_rows(self) -> int:
        return int(self.assertions.get("min", {}).get("rows", 1))


def load_sources(data: Path = DATA) -> dict[str, Source]:
    """Return the sources by id, in the order of the file. Raises `BadInput` naming file and field."""
    path = data / "sources.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); restore it from git") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: not valid TOML ({error}); mend that line") from error
    return {source_id: _source(path, source_id, table) for source_id, table in tables.items()}


def _source(path: Path, source_id: str, table: dict[str, Any]) -> Source:
    try:
        table = table | {"capabilities": tuple(Capability(word) for word in table["capabilities"])}
        source = Source(source_id=source_id, **table)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path}: [{source_id}] {error}; see the list of fields at its top") from error
    if source.form not in ("html", "csv", "pdf") or source.speaks_by not in ("model", "rule", "none"):
        raise BadInput(
            f"{path}: [{source_id}] form {source.form!r} or speaks_by {source.speaks_by!r} unknown"
        )
    _check_assertions(path, source)
    return source


def _check_assertions(path: Path, source: Source) -> None:
    """A misspelt guard would guard nothing: raise `BadInput` for it, and for a value of another kind."""
    for side, wanted in source.assertions.items():
        known = ASSERTIONS.get(side, {})
        for name, value in wanted.items():
            if name not in known or isinstance(value, bool) or not isinstance(value, known[name]):
                names = "; ".join(f"{one}: {', '.join(kinds)}" for one, kinds in ASSERTIONS.items())
                raise BadInput(
                    f"{path}: [{source.source_id}] assertions.{side}.{name} = {value!r}: expected {names}, "
                    "shares as numbers, makers as a list"
                )
