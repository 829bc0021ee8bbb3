"""What a run tells: a bar on a terminal, else a line as each source answers; then the result, or JSON."""

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from crawler.crawl import OnDone
from crawler.spiders.base import Fetch

log = logging.getLogger("crawler")

GOOD = ("new", "unchanged")
EXIT_GOOD, EXIT_REFUSED, EXIT_USAGE, EXIT_UNREACHABLE = range(4)


@contextmanager
def progress(count: int) -> Iterator[OnDone]:
    """Give what to call when a source is done: it moves a bar on a terminal, else writes a log line."""
    if not sys.stderr.isatty():
        yield _log_fetch
        return
    with tqdm(total=count, unit="source", file=sys.stderr, leave=False) as bar:

        def advance(fetch: Fetch) -> None:
            bar.set_postfix_str(fetch.source_id)
            bar.update()

        yield advance


def _log_fetch(fetch: Fetch) -> None:
    if fetch.failure is not None:
        log.info("%s: no list after %.1f s: %s", fetch.source_id, fetch.seconds, fetch.failure)
    elif fetch.is_not_modified:
        log.info("%s: not modified, answered in %.1f s", fetch.source_id, fetch.seconds)
    else:
        log.info("%s: %d rows, answered in %.1f s", fetch.source_id, len(fetch.rows), fetch.seconds)


def exit_code(run: dict[str, Any]) -> int:
    """Return the exit code of a run; a source that is overdue counts as refused."""
    if "error" in run:
        return EXIT_USAGE
    results = run["sources"].values()
    return code_of("failed" if one.get("is_overdue") else one["result"] for one in results)


def code_of(results: Iterable[str]) -> int:
    """Return 0 when all is good, 1 when a page or a guard was refused, 3 when nothing was reached."""
    found = set(results)
    if "failed" in found:
        return EXIT_REFUSED
    return EXIT_GOOD if found & set(GOOD) else EXIT_UNREACHABLE


def result_lines(run: dict[str, Any], archive: Path) -> Iterator[str]:
    """Yield what a person should know of a run, source by source."""
    yield from (f"WARNING: {warning}" for warning in run["warnings"])
    for source_id, result in run["sources"].items():
        yield _line(source_id, result)
        yield from (f"{source_id}: WARNING: {warning}" for warning in result.get("warnings", ()))
        if "difference" in result:
            yield from (f"  {line}" for line in (result["counts"], *result["shown"]))
            file = archive / result["difference"]
            again = f"the same command with --source {source_id} --accept {source_id}"
            yield f"  the whole difference: {file}; if it is right: {again}"
        elif result["result"] == "failed":
            look = f"python -m crawler doctor --source {source_id} --save"
            yield f"  nothing to do for one night; if it stays so, look at the page: {look}"
    results = {result["result"] for result in run["sources"].values()}
    if not results & set(GOOD):
        what = "no page was accepted" if "failed" in results else "no live source gave a page"
        yield f"{what}: the archive, else the bundled pages, go on answering"


def as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=1)


def _line(source_id: str, result: dict[str, Any]) -> str:
    if result["result"] in GOOD:
        return f"{source_id}: {result['result']}, {result['row_count']} rows{_sections(result)}"
    word = "could not be fetched" if result["result"] == "unreachable" else "FAILED"
    return f"{source_id}: {word}: {result['reason'].removeprefix(f'{source_id}: ')}"


def _sections(result: dict[str, Any]) -> str:
    counts = result.get("sections", {})
    return f" ({', '.join(f'{name} {count}' for name, count in counts.items())})" if counts else ""
