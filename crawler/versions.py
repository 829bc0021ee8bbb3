"""Which code made a run: the commit, and a hash of all that turns a page into rows."""

import hashlib
import subprocess
from importlib.metadata import version
from pathlib import Path

READING_WORDS = ("parser_words.csv", "makers.csv", "requirement_sections.csv")


def reader_version() -> str:
    """Return a hash of the code and words that turn a page into rows, and of the reader of PDFs."""
    home = Path(__file__).parent
    files = [home / "answer.py", home / "items.py", *home.glob("pdf*.py")]
    files += [file for part in ("parser", "pdf", "spiders") for file in home.glob(f"{part}/*.py")]
    files += (home.parent / "data" / "lookups" / name for name in READING_WORDS)
    digest = hashlib.sha256(version("pdfplumber").encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def code_version() -> str:
    """Return the git commit of this code, `unknown` outside a checkout."""
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return asked.stdout.strip() or "unknown"
