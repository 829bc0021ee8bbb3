"""The house rules on imports: who may know whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = [
    *(f"crawler/parser/{path.name}" for path in sorted((ROOT / "crawler/parser").glob("*.py"))),
    "crawler/answer.py",
    "crawler/devices.py",
    "crawler/facts.py",
    "crawler/guards.py",
    "crawler/history.py",
    "crawler/keys.py",
    "crawler/matching.py",
    "crawler/names.py",
    "crawler/normalise.py",
    "crawler/numbers.py",
    *(f"crawler/pdf/{path.name}" for path in sorted((ROOT / "crawler/pdf").glob("[a-z]*.py"))),
    "crawler/pdf_answer.py",
    "crawler/requirements.py",
    "crawler/snapshot.py",
    "crawler/support.py",
    "crawler/support_table.py",
    "crawler/validate.py",
    "crawler/word_tables.py",
    "crawler/depot/atom.py",
    "crawler/depot/pointer.py",
    "explorer/asked.py",
    "explorer/birthdays.py",
    "explorer/doubts.py",
    "explorer/expiry.py",
    "explorer/expiry_check.py",
    "explorer/expiry_words.py",
    "explorer/help_flow.py",
    "explorer/hits.py",
    "explorer/headings.py",
    "explorer/headline.py",
    "explorer/index.py",
    "explorer/japanese_dates.py",
    "explorer/large/abroad.py",
    "explorer/large/columns.py",
    "explorer/large/plain.py",
    "explorer/lookup.py",
    "explorer/remarks.py",
    "explorer/os_text.py",
    "explorer/own_device.py",
    "explorer/share.py",
    "explorer/tips.py",
    "explorer/typeahead.py",
    "explorer/verdict.py",
]
SHELLS = {"scrapy", "duckdb", "streamlit", "time", "subprocess", "os", "socket"}
# The words, and the place where builds are published: what both sides must agree on.
SHARED = {"crawler.names", "crawler.depot.atom", "crawler.depot.place", "crawler.depot.pointer"}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", modules("crawler"), ids=str)
def test_crawler_never_imports_explorer_or_streamlit(path: Path):
    assert not {name for name in imports_of(path) if name.split(".")[0] in ("explorer", "streamlit")}


@pytest.mark.parametrize("path", modules("explorer"), ids=str)
def test_explorer_knows_only_the_shared_words_of_crawler(path: Path):
    assert {name for name in imports_of(path) if name.split(".")[0] == "crawler"} <= SHARED


@pytest.mark.parametrize("path", modules("crawler/depot"), ids=str)
def test_what_both_sides_share_knows_neither(path: Path):
    ours = {name for name in imports_of(path) if name.split(".")[0] in ("crawler", "explorer")}
    assert ours <= {"crawler.depot.place", "crawler.depot.pointer"}


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_know_no_shell_and_no_clock(name: str):
    path = ROOT / name
    assert not {word.split(".")[0] for word in imports_of(path)} & SHELLS
    text = path.read_text(encoding="utf-8")
    assert ".now(" not in text
    assert ".today(" not in text


def test_the_shared_module_needs_nothing_but_the_standard_library():
    assert imports_of(ROOT / "crawler/names.py") == {"enum", "re", "unicodedata"}
