"""One bad night: what was there before, a refresh, and all that must hold after.

`Night.survives` is the whole promise; the test files say only how the night was bad.
"""

import hashlib
import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import urlsplit

import duckdb

from crawler.__main__ import main
from crawler.archive import Archive
from crawler.sources import DATA, load_sources
from explorer.check import check
from explorer.queries import load_dataset
from tests.fault_pages import FEW, NEW, PHONES, answer, listing

if TYPE_CHECKING:
    from tests.conftest import Site

ROOT = Path(__file__).parent.parent
FAQ_HOST = "faq.myna.go.jp"
VICTIM, NEIGHBOUR, OTHER_HOST = "faq-7261", "faq-2587", "mynaapp-requirements"
# The victim comes last: what it uses up is missing to nobody.
ASKED = (NEIGHBOUR, OTHER_HOST, VICTIM)
PATHS = {source_id: urlsplit(load_sources()[source_id].url).path for source_id in ASKED}
TABLES = ("device", "listing", "support", "change")
# When a row was seen last moves on with each night; everything else must be the same.
DUMP = "SELECT COLUMNS(lambda c: c NOT IN ('last_seen_on', 'last_fetched_at')) FROM {} ORDER BY ALL"
PRINTED = (
    "SELECT source_id, section, maker, name, model, note FROM built.listing WHERE is_current ORDER BY ALL"
)
FILES = ("devices.csv", "changes.csv")
GOOD = ("new", "unchanged")
# Seconds for a night that no limit is meant to end, also on a machine with other work.
AMPLE = 60
REQUIREMENTS = DATA / "bundled" / "mynaapp-requirements.html"
PAGE, SECOND = answer(listing(PHONES)), answer(listing([*PHONES, NEW]))

Published = dict[str, Any]


def published(state: Path) -> Published:
    """Return what a reader of the database and of the exports gets to see."""
    found: Published = {name: (state / "exports" / name).read_bytes() for name in FILES}
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{state / 'devices.duckdb'}' AS built (READ_ONLY)")
        for name in TABLES:
            found[name] = con.execute(DUMP.format(f"built.{name}")).fetchall()
        parquet = f"read_parquet('{state / 'exports' / 'compat.parquet'}')"
        found["compat"] = con.execute(DUMP.format(parquet)).fetchall()
        found["printed"] = con.execute(PRINTED).fetchall()
    return found


def archived(state: Path) -> dict[str, bytes]:
    """Return every file of the archive by its path."""
    home = state / "archive"
    return {str(file.relative_to(home)): file.read_bytes() for file in home.rglob("*") if file.is_file()}


def asked(state: Path, text: str = "SH-41A") -> dict[str, Any]:
    """Return what the explorer answers from the data in this state."""
    found = check(load_dataset(state / "devices.duckdb"), text)
    return {key: found[key] for key in ("match", "device")} | {
        one["capability"]: one["status"] for one in found["answers"]
    }


def serve_good(site: "Site", page: str = PAGE) -> None:
    """Let the site answer all sources well, `page` for the victim."""
    site.replies.clear()
    site.page(VICTIM, page)
    site.page(NEIGHBOUR, answer(listing(FEW)))
    site.page(OTHER_HOST, REQUIREMENTS.read_bytes())


def arguments(base_urls: Mapping[str, str], budget: float, sources: Iterable[str] = ASKED) -> list[str]:
    given = ["refresh", "--budget", str(budget)]
    for source_id in sources:
        given += ["--source", source_id]
    for host, url in base_urls.items():
        given += ["--base-url", f"{host}={url}"]
    return given


def refresh_here(state: Path, base_urls: Mapping[str, str]) -> int:
    """Run a refresh in this process: quicker, for nights on which nothing goes wrong."""
    with patch.dict(os.environ, {"MYNA_STATE": str(state)}):
        return main(arguments(base_urls, AMPLE))


@contextmanager
def logged_anew() -> Iterator[None]:
    """Let the command set up its log as in a new process, to the stderr of now."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers = []
    try:
        yield
    finally:
        root.handlers = before
        root.setLevel(level)


@dataclass(frozen=True)
class Good:
    """The state after a good night; what it publishes, and what it would after a second one."""

    state: Path
    now: Published
    later: Published
    answers: dict[str, Any]
    healed: set[tuple[str, str]] = field(default_factory=set)


def make_good(site: "Site", folder: Path) -> Good:
    first, second = folder / "first", folder / "second"
    serve_good(site)
    assert refresh_here(first, site.base_urls) == 0
    shutil.copytree(first, second)
    serve_good(site, SECOND)
    assert refresh_here(second, site.base_urls) == 0
    good = Good(first, published(first), published(second), asked(first))
    assert good.answers["android_certificate"] in ("supported", "conditional")
    assert good.now["printed"] != good.later["printed"]
    return good


@dataclass
class Night:
    """A copy of the good state and the site that a test spoils."""

    good: Good
    site: "Site"
    state: Path
    root: Path = ROOT
    base_urls: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        shutil.copytree(self.good.state, self.state)
        self.base_urls = dict(self.site.base_urls)
        serve_good(self.site)

    @property
    def archive(self) -> Archive:
        return Archive(self.state / "archive")

    def command(self, *more: str, budget: float = AMPLE, fault: Mapping[str, Any] | None = None) -> list[str]:
        start = ["tests.fault_child", json.dumps(fault)] if fault else ["crawler"]
        return [sys.executable, "-m", *start, *arguments(self.base_urls, budget), *more]

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"MYNA_STATE": str(self.state), "PYTHONDONTWRITEBYTECODE": "1"}

    def refresh(self, *more: str, **how: Any) -> "subprocess.CompletedProcess[str]":
        """Run a refresh: in this process, which is quicker, but for a fault that would end or spoil it."""
        if "fault" not in how and self.root == ROOT:
            return self._refresh_here(self.command(*more, **how)[3:])
        return subprocess.run(
            self.command(*more, **how),
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=2 * AMPLE,
            check=False,
        )

    def _refresh_here(self, given: list[str]) -> "subprocess.CompletedProcess[str]":
        out, err = io.StringIO(), io.StringIO()
        with (
            patch.dict(os.environ, self.environment),
            redirect_stdout(out),
            redirect_stderr(err),
            logged_anew(),
        ):
            code = main(given)
        return subprocess.CompletedProcess(given, code, out.getvalue(), err.getvalue())

    def survives(
        self,
        code: int,
        *words: str,
        lost: Iterable[str] = (VICTIM,),
        expected: Published | None = None,
        is_taken: bool = False,
        is_recorded: bool = True,
        heal: str = PAGE,
        meanwhile: Callable[[], None] | None = None,
        more: Iterable[str] = (),
        **how: Any,
    ) -> str:
        """Refresh on a bad night, hold everything that must hold, then let a good night heal it.

        `lost` are the sources that gave nothing; `expected` is what must be published (None: what
        was there before); `is_taken`: the page is good enough to be published, `meanwhile` looks
        at it. Returns what the refresh printed.
        """
        before = archived(self.state)
        done = self.refresh(*more, **how)
        text = done.stdout + done.stderr
        print(text)
        assert done.returncode == code, text
        assert [word for word in words if word not in text] == [], text
        assert "Traceback" not in text
        self.nothing_is_lost(before)
        if not is_taken:
            assert self.differences(self.good.now if expected is None else expected) == []
        assert asked(self.state) == self.good.answers
        if meanwhile:
            meanwhile()
        if is_recorded:
            self._others_were_taken(set(lost))
        self.heals(heal, is_taken)
        return text

    def differences(self, expected: Published) -> list[str]:
        """Return the names of the tables and exports that are not as expected."""
        found = published(self.state)
        return [name for name, content in expected.items() if found[name] != content]

    def nothing_is_lost(self, before: Mapping[str, bytes]) -> None:
        after = archived(self.state)
        for path, content in before.items():
            if path == "runs.jsonl":
                assert after[path].startswith(content), "runs.jsonl lost lines"
            else:
                assert after.get(path) == content, f"{path} was lost or changed"

    def _others_were_taken(self, lost: set[str]) -> None:
        # What follows it may be the record that nothing could be published.
        crawled = [run for run in self.archive.runs() if run["sources"]]
        results = {key: one["result"] for key, one in crawled[-1]["sources"].items()}
        assert {key for key, result in results.items() if result not in GOOD} == lost
        assert results.keys() == set(ASKED)

    def heals(self, page: str = PAGE, is_taken: bool = False) -> None:
        """A good night after it needs no help and leaves no litter.

        The same bytes heal the same way: from a state that this session has seen heal, once is enough.
        """
        known = (page, self._fingerprint())
        if not is_taken and known in self.good.healed:
            return
        expected = self.good.now if page == PAGE else self.good.later
        serve_good(self.site, page)
        assert refresh_here(self.state, self.site.base_urls) == 0
        assert self.differences({"printed": expected["printed"]} if is_taken else expected) == []
        litter = [*self.state.glob("*.partial*"), *self.state.glob("exports/.partial-*")]
        assert litter == []
        self.good.healed.add(known)

    def _fingerprint(self) -> str:
        """Return a hash of all that a later refresh reads: snapshots, results of runs, what is published."""
        files = {path: content for path, content in archived(self.state).items() if "/" in path}
        runs = [
            {key: (one["result"], one.get("rows_hash")) for key, one in run["sources"].items()}
            for run in self.archive.runs()
        ]
        raw = (self.state / "archive" / "runs.jsonl").read_bytes()
        is_whole = len(runs) == len(raw.splitlines())
        found = published(self.state)
        return hashlib.sha256(repr((sorted(files.items()), runs, is_whole, found)).encode()).hexdigest()
