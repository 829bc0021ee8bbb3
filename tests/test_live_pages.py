"""Pages that `python -m crawler doctor --save` wrote: the parser is held to the rows read from them."""

import json
from pathlib import Path

from crawler.crawl import crawl_files
from crawler.doctor import SAVED, examine
from crawler.refresh import Asking
from crawler.snapshot import ROW_TYPES, to_line
from crawler.sources import Folders, load_sources
from tests.conftest import FAST, Site
from tests.pdfs import reader_list
from tests.test_crawl import guarded
from tests.test_pdf_sources import INDEX, PDF, READERS, answer, editions

SOURCES = load_sources()


def differences(rows: Path) -> tuple[list[str], list[str]]:
    """Return what a saved page gives now, and the rows saved beside it."""
    (page,) = [path for path in rows.parent.glob(f"{rows.stem}.*") if path != rows]
    source = SOURCES[rows.stem.split("_")[0]]
    fetch = crawl_files({source: page})[source.source_id]
    assert fetch.failure is None
    return [to_line(row) for row in fetch.rows], rows.read_text(encoding="utf-8").splitlines()


def save(site: Site, folders: Folders, saved: Path, *source_ids: str) -> list[str]:
    told: list[str] = []
    asking = Asking(site.base_urls, 20, source_ids, settings=FAST)
    examine(folders, asking, told.append, is_saving=True, saved=saved)
    return told


def test_each_saved_page_is_read_as_it_was_and_so_are_pages_saved_now(
    site: Site, folders: Folders, tmp_path: Path
):
    site.page("faq-7261", guarded(160))
    site.page_at(INDEX, editions("pdf/num_rwlist12.pdf"))
    site.page_at("/prepare/pdf/num_rwlist12.pdf", reader_list(READERS), **PDF)
    told = save(site, folders, tmp_path, "faq-7261", "jpki-readers")
    assert sum(line.startswith("  saved") for line in told) == 2
    kinds = sorted((path.name.split("_")[0], path.suffix) for path in tmp_path.iterdir())
    assert kinds == [
        ("faq-7261", ".html"),
        ("faq-7261", ".jsonl"),
        ("jpki-readers", ".jsonl"),
        ("jpki-readers", ".pdf"),
    ]
    # As long as no live page is kept among the tests, those saved here hold the check itself up.
    for rows in sorted([*SAVED.glob("*.jsonl"), *tmp_path.glob("*.jsonl")]):
        now, saved = differences(rows)
        assert now == saved, rows.name
        assert json.loads(saved[0])["row"] in ROW_TYPES, rows.name


def test_a_saved_page_that_is_read_otherwise_is_told(site: Site, folders: Folders, tmp_path: Path):
    site.page("faq-7261", guarded(160))
    save(site, folders, tmp_path, "faq-7261")
    (rows,) = tmp_path.glob("*.jsonl")
    rows.write_text(rows.read_text("utf-8").replace("listed", "planned", 1), encoding="utf-8")
    now, saved = differences(rows)
    assert now != saved


def test_a_page_that_cannot_be_read_is_saved_without_rows(site: Site, folders: Folders, tmp_path: Path):
    site.page("faq-2587", answer("<p>お知らせ</p>"))
    told = save(site, folders, tmp_path, "faq-2587")
    assert "without rows: it could not be read" in told[-1]
    assert [path.suffix for path in tmp_path.iterdir()] == [".html"]
