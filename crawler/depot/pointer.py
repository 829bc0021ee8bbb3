"""`latest.json`: the newest version of a depot, and what its files must be. Nothing in it is trusted."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FORMAT = 1
MOST_BYTES = 1 << 20
VERSION = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}(\.[a-z0-9]{1,20}){1,2}")
SHA256 = re.compile(r"[0-9a-f]{64}")
SCHEMA_VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")
VERSIONS = "versions"


class BadPointer(ValueError):
    """What was found in a pointer, what was expected."""


@dataclass(frozen=True)
class StoredFile:
    """Size and checksum (hexadecimal) that a file must have."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Pointer:
    """A version of a depot: its files by name, and the version that was the newest before it."""

    version: str
    schema_version: str
    built_at: datetime
    files: Mapping[str, StoredFile]
    previous: str | None = None

    def path_of(self, name: str) -> str:
        return f"{VERSIONS}/{self.version}/{name}"

    @property
    def schema_major(self) -> int:
        return int(self.schema_version.split(".")[0])

    def as_json(self) -> bytes:
        about = {
            "format": FORMAT,
            "version": self.version,
            "schema_version": self.schema_version,
            "built_at": self.built_at.isoformat(),
            "previous": self.previous,
            "files": {
                name: {"path": self.path_of(name), "bytes": one.bytes, "sha256": one.sha256}
                for name, one in self.files.items()
            },
        }
        return f"{json.dumps(about, indent=1)}\n".encode()


def version_name(built_at: datetime, files: Mapping[str, StoredFile]) -> str:
    """Return a name that sorts by time and that other content would not have."""
    content = "".join(f"{name} {one.sha256}\n" for name, one in sorted(files.items()))
    return f"{built_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def read_pointer(raw: bytes) -> Pointer:
    """Return what a `latest.json` says. Raises `BadPointer` for anything that this project did not write."""
    try:
        about = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadPointer(f"no JSON ({error})") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise BadPointer(f"expected an object with format {FORMAT}")
    version = _matching(about, "version", VERSION)
    files = about.get("files")
    if not isinstance(files, dict) or not 1 <= len(files) <= 100:
        raise BadPointer(f"files: expected 1 to 100 of them, found {files!r:.80}")
    return Pointer(
        version,
        _matching(about, "schema_version", SCHEMA_VERSION),
        _moment(about.get("built_at")),
        {name: _file(version, name, one) for name, one in files.items()},
        None if about.get("previous") is None else _matching(about, "previous", VERSION),
    )


def _file(version: str, name: str, about: Any) -> StoredFile:
    if not NAME.fullmatch(name) or not isinstance(about, dict):
        raise BadPointer(f"files: {name!r:.80} is no name of a file")
    # The only place where it may be: no path of a pointer leads anywhere else.
    if about.get("path") != f"{VERSIONS}/{version}/{name}":
        raise BadPointer(f"files: {name}: the path {about.get('path')!r:.80} leads out of the version")
    size = about.get("bytes")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= 1 << 50:
        raise BadPointer(f"files: {name}: bytes {size!r:.80} is no size")
    return StoredFile(size, _matching(about, "sha256", SHA256))


def _matching(about: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    value = about.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadPointer(f"{key}: found {value!r:.80}, expected something like {pattern.pattern}")
    return value


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        moment = datetime.min
    if moment.tzinfo is None:
        raise BadPointer(f"built_at: found {text!r:.80}, expected a time with its zone")
    return moment
