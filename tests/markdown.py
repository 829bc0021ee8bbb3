"""The code blocks of a Markdown page, so that a test runs what the page shows."""

import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a language, in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [code.strip() for name, code in FENCE.findall(text) if name == language]


def sections(page: str) -> dict[str, str]:
    """Return heading -> text of the parts under `##`."""
    parts = (DOCS / page).read_text(encoding="utf-8").split("\n## ")[1:]
    return {heading.strip(): body for heading, _, body in (part.partition("\n") for part in parts)}
