"""`python -m crawler doctor`: ask each source once and show how its page is read.

For the day when a layout changes: nothing is archived or published. On request the pages and the
rows read from them are written into the folder of the tests, which then hold the parser to them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from crawler.archive import Archive
from crawler.clock import JAPAN
from crawler.crawl import crawl_live
from crawler.items import Listing
from crawler.judging import judge
from crawler.lookups import Lookups, load_lookups
from crawler.refresh import Asking
from crawler.report import code_of
from crawler.settle import count_sections
from crawler.snapshot import to_line
from crawler.sources import Folders, Source
from crawler.spiders.base import Fetch

SAVED = Path(__file__).parent.parent / "tests" / "pages" / "live"
ONCE = {"RETRY_TIMES": 0}
# More than this is no page to keep among the tests.
SAVED_BYTES = 2 * 1024 * 1024
SHOWN = 8
REFUSED = "REFUSED"


def examine(
    folders: Folders,
    asking: Asking,
    tell: Callable[[str], None],
    is_saving: bool = False,
    saved: Path = SAVED,
) -> int:
    """Tell how the page of each source is read; return the exit code, as a refresh gives it.

    Raises `BadInput` for a source that cannot be asked.
    """
    sources, lookups = asking.chosen(folders), load_lookups(folders.lookups)
    archive = Archive(folders.archive)
    fetches = crawl_live(sources, asking.way(folders), asking.budget_seconds, {**ONCE, **asking.settings})
    is_refused = False
    for source in sources:
        fetch = fetches[source.source_id]
        tell(source.source_id)
        tell(f"  {'asked':11} {asking.way(folders).live(fetch.url or source.found_on or source.url)}")
        for word, text in _findings(archive, source, fetch, lookups):
            is_refused = is_refused or word == REFUSED
            tell(f"  {word:11} {text}".rstrip())
        if is_saving and fetch.page:
            tell(f"  {'saved':11} {save_page(source, fetch, saved)}")
    results = [
        "unreachable" if fetch.is_unreachable else "failed" if fetch.failure else "new"
        for fetch in fetches.values()
    ]
    return code_of([*results, *(["failed"] if is_refused else [])])


def _findings(archive: Archive, source: Source, fetch: Fetch, lookups: Lookups) -> Iterator[tuple[str, str]]:
    if fetch.answer:
        yield "answered", f"{fetch.answer}, {fetch.seconds:.1f} s"
    if fetch.failure is not None:
        yield "FAILED", fetch.failure
        return
    yield "selector", "a PDF" if fetch.page.startswith(b"%PDF") else fetch.selector or "whole page"
    counts = ", ".join(f"{name} {count}" for name, count in count_sections(fetch.rows).items())
    yield "rows", f"{len(fetch.rows)}" + (f": {counts}" if counts else "")
    makers = Counter(row.maker or "no maker" for row in fetch.rows if isinstance(row, Listing))
    if makers:
        yield "makers", ", ".join(f"{maker} {count}" for maker, count in makers.most_common())
    yield "printed on", str(fetch.printed_on or "no date found")
    seen = [one for one in archive.observations() if one.source_id == source.source_id]
    finding = judge(archive, lookups, source, fetch, seen)
    yield "unmatched", f"{finding.unmatched_rows} rows"
    yield from _some("", [f"{issue['kind']} {issue['found']!r}: {issue['tip']}" for issue in finding.issues])
    yield "leftovers", f"{len(fetch.leftovers)} printed lines gave no row"
    yield from _some("", fetch.leftovers)
    refusals, warnings = finding.judgement.refusals, finding.judgement.warnings
    yield from ((REFUSED, reason) for reason in refusals)
    yield "guards", "; ".join(warnings) or ("no warning" if refusals else "all pass")


def _some(word: str, texts: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((word, text[:160]) for text in texts[:SHOWN])
    if len(texts) > SHOWN:
        yield word, f"and {len(texts) - SHOWN} more"


def save_page(source: Source, fetch: Fetch, folder: Path) -> str:
    """Write the page, and its rows if it could be read, below `folder`; return what was written."""
    if len(fetch.page) > SAVED_BYTES:
        return f"nothing: {len(fetch.page):,} bytes are too many for a page among the tests"
    folder.mkdir(parents=True, exist_ok=True)
    day = (fetch.fetched_at or datetime.now(JAPAN)).astimezone(JAPAN)
    kind = "pdf" if fetch.page.startswith(b"%PDF") else "csv" if source.form == "csv" else "html"
    path = folder / f"{source.source_id}_{day:%Y%m%d}.{kind}"
    path.write_bytes(fetch.page)
    rows = path.with_suffix(".jsonl")
    rows.unlink(missing_ok=True)
    if fetch.page_before:
        before = path.with_suffix(".before.html")
        before.write_bytes(fetch.page_before)
        return f"{path} and {before.name}, without rows: the list counts within its page only"
    if fetch.failure is not None:
        return f"{path}, without rows: it could not be read"
    rows.write_text("".join(f"{to_line(row)}\n" for row in fetch.rows), encoding="utf-8")
    return f"{path} and {rows.name}: look at the rows, the tests hold the parser to them from now on"
