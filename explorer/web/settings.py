"""What may be set about a server, from its command line or the environment. See `serve --help`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`max_sessions`: people in the live explorer at once; a session at work takes about a tenth of a
    second of a core for each click, and some megabytes. `rate`: requests a client may make to the
    other addresses, as the library `limits` reads it; a shared office address needs a generous one.
    `max_uploads`: bytes of the files of all sessions together.
    """

    database: Path
    max_sessions: int = 200
    rate: str = "1200/minute"
    check_seconds: float = 2.0
    cache_bytes: int = 16 << 20
    max_target: int = 4096
    max_body: int = 64 << 10
    max_uploads: int = 64 << 20
