"""Documentation is tested: README, schema comments, data dictionary and vocabulary agree with the code."""

import importlib.util
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import duckdb
import pytest
from packaging.requirements import Requirement

from crawler.dictionary import data_dictionary
from crawler.names import (
    Capability,
    Condition,
    Delta,
    FormFactor,
    KeyKind,
    Origin,
    Platform,
    Reason,
    Section,
    Status,
)
from crawler.sources import load_sources
from explorer.wording import LANGUAGES, load_texts

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATE = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
SCHEMA = (ROOT / "data/schema.sql").read_text(encoding="utf-8")
STORED = [status for status in Status if status not in (Status.AMBIGUOUS, Status.UNKNOWN)]


def check_words(table: str, column: str) -> set[str]:
    """Return the words of the CHECK of a column."""
    body = re.search(rf"CREATE TABLE {table} \((.*?)\n\);", SCHEMA, re.DOTALL)[1]
    return set(re.findall(r"'([^']+)'", re.search(rf"CHECK \({column} IN \((.*?)\)\)", body, re.DOTALL)[1]))


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("support", "status", STORED),
        ("support", "capability", Capability),
        ("support", "reason", Reason),
        ("support", "origin", Origin),
        ("snapshot", "origin", Origin),
        ("listing", "section", Section),
        ("listing", "origin", Origin),
        ("requirement", "capability", Capability),
        ("requirement", "platform", Platform),
        ("device", "form_factor", FormFactor),
        ("device", "os", Platform),
        ("match_key", "kind", KeyKind),
        ("change", "delta", Delta),
    ],
)
def test_the_words_of_the_schema_are_those_of_the_code(table, column, words):
    assert check_words(table, column) == set(words)


def test_every_table_and_column_has_a_comment():
    with duckdb.connect() as con:
        con.execute(SCHEMA)
        bare = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
        ).fetchall()
        bare += con.execute("SELECT table_name, '' FROM duckdb_tables() WHERE comment IS NULL").fetchall()
        bare += con.execute(
            "SELECT view_name, '' FROM duckdb_views() WHERE comment IS NULL AND NOT internal"
        ).fetchall()
    assert bare == []


def test_the_data_dictionary_is_the_one_of_the_schema():
    path = ROOT / "docs/data-dictionary.md"
    assert path.read_text(encoding="utf-8") == data_dictionary(), (
        "run `python -m crawler dictionary > docs/data-dictionary.md`"
    )


@pytest.mark.parametrize("word", [*Status, *Capability, *Origin])
def test_the_readme_explains_every_word_of_an_answer(word):
    assert f"`{word}`" in README


def test_the_readme_names_every_make_target():
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert len(targets) > 10
    assert [target for target in targets if f"`make {target}" not in README] == []


def test_every_command_and_source_is_named():
    for package, page in (("crawler", OPERATE), ("explorer", README)):
        command = [sys.executable, "-m", package, "--help"]
        text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        verbs = re.search(r"\{([a-z,]+)\}", text)[1].split(",")
        assert len(verbs) > 1
        assert [verb for verb in verbs if f"python -m {package} {verb}" not in page] == []
    assert [source_id for source_id in load_sources() if source_id not in README] == []


def anchors(page: Path) -> set[str]:
    """Return what `#` may name in a page: its headings, as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_every_link_of_the_pages_leads_somewhere():
    pages = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
    found = [
        (page, link)
        for page in pages
        for link in re.findall(r'\]\(([^)\s]+)\)|src="(docs/[^"]+)"', page.read_text(encoding="utf-8"))
    ]
    links = [(page, one or two) for page, (one, two) in found if not one.startswith("http")]
    assert len(links) > 20
    missing = []
    for page, link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            missing.append((page.name, link))
    assert missing == []


def test_both_languages_have_the_same_texts():
    tables = [
        {(table, code) for table, codes in load_texts(one).items() for code in codes} for one in LANGUAGES
    ]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text(language):
    texts = load_texts(language)
    assert set(Status) == set(texts["status"])
    assert set(Capability) == set(texts["capability"])
    assert set(FormFactor) == set(texts["form_factor"])
    assert set(Origin) == set(texts["origin"])
    assert set(Reason) <= set(texts["reason"])
    assert {f"check_{one}" for one in Condition} <= set(texts["reason"])
    assert {f"do_{one}" for one in Condition} <= set(texts["step"])


def test_every_package_at_work_is_pinned():
    """constraints.txt names the version of whatever the project and its development extra bring in."""
    pinned = dict(line.split("==") for line in CONSTRAINTS.splitlines() if line and line[0] != "#")
    pinned = {canonical(name): version for name, version in pinned.items()}
    wanted, seen = ["mynaportal-devices[dev]"], set()
    wanted += ["pyspark"] if importlib.util.find_spec("pyspark") else []
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonical(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        for extra in requirement.extras or [""]:
            for line in metadata.requires(name) or []:
                inner = Requirement(line)
                if inner.marker is None or inner.marker.evaluate({"extra": extra}):
                    wanted.append(line.split(";")[0])
    names = {name for name, _ in seen} - {"mynaportal-devices"}
    assert len(names) > 40
    assert [name for name in sorted(names) if pinned.get(name) != metadata.version(name)] == []


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


SECRET = re.compile(
    r"AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY|xox[abp]-[0-9A-Za-z-]{10,}"
    r"|(?i:password|secret|api_?key|token)\s*[=:]\s*[\"'][A-Za-z0-9+/_-]{16,}[\"']"
)


def test_no_file_holds_a_secret():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    files = [ROOT / name for name in listed.splitlines()] or [*ROOT.glob("*/*.py"), *ROOT.glob("*/*.toml")]
    assert len(files) > 50
    texts = {file.name: file.read_text(encoding="utf-8", errors="ignore") for file in files if file.is_file()}
    assert [name for name, text in texts.items() if SECRET.search(text)] == []


def test_every_test_that_the_security_page_names_is_there():
    named = re.findall(r"`(test_[a-z_]+\.py)(?:::(test_[a-z_0-9]+))?`", (ROOT / "SECURITY.md").read_text())
    assert len(named) > 15
    missing = [
        (file, test)
        for file, test in named
        if not (ROOT / "tests" / file).exists()
        or (test and f"def {test}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8"))
    ]
    assert missing == []
