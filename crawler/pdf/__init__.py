"""A PDF list as HTML that `crawler.answer` reads, so that a PDF has all the safety of a page.

    glyphs  characters to lines, lines to text     rules  borders and strokes     ruled  tables of a page
    pages   a page as blocks in order     marks  what was laid over a page later
    covers  areas and pictures over letters
    seams   tables over page breaks     flow  all pages as HTML

PDFs come from the network: `python -m crawler.pdf` reads one in a process of its own, with limits.
"""

import json
import subprocess
import sys
from pathlib import Path

from crawler.items import SourceChanged

SECONDS = 30
MEGABYTES = 1500
FOUND_LIMIT = 80


def read_pdf(body: bytes, where: str) -> str:
    """Return a PDF as an HTML fragment: `p` for lines, `table` with `tr` and `td` for ruled tables.

    `where` names the source in the error. Raises `SourceChanged` for what is no PDF, is locked, is a
    picture, has no table, has too many pages, or takes too long or too much memory.
    """
    command = [sys.executable, "-m", "crawler.pdf", str(SECONDS), str(MEGABYTES)]
    root = Path(__file__).parents[2]
    try:
        done = subprocess.run(
            command, cwd=root, input=body, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceChanged(where, f"a PDF read within {SECONDS} seconds", "one that takes longer") from error
    if done.returncode < 0:
        limits = f"a PDF read within {SECONDS} seconds and {MEGABYTES} MB"
        raise SourceChanged(where, limits, f"an end by signal {-done.returncode}")
    try:
        said = json.loads(done.stdout)
    except ValueError as error:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["nothing"]
        raise SourceChanged(where, "a readable PDF", lines[-1][:FOUND_LIMIT]) from error
    if "html" not in said:
        raise SourceChanged(where, str(said["expected"]), str(said["found"])[:FOUND_LIMIT])
    return str(said["html"])
