"""docs/examples.md: what it shows is run, as far as the tools are here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from crawler.sources import Folders
from tests.markdown import DOCS, blocks
from tests.needs import need

ROOT = DOCS.parent
CLI = shutil.which(
    "duckdb", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
)


@pytest.fixture(scope="module")
def folder(built: Folders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which data/ is that of a build."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "data").symlink_to(built.state)
    return folder


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_example_runs_and_keeps_the_words_apart(folder: Path):
    [code] = blocks("examples.md", "python")
    out = run([sys.executable, "-X", "utf8", "-c", code], folder)
    assert re.search(r"card_reading\s+conditional", out)
    assert {"not_listed", "not_supported", "bundled"} <= set(re.findall(r"\w+", out))


def test_the_terminal_example_runs_in_the_terminal_of_duckdb(folder: Path):
    need(CLI, "duckdb command", "pip install -c constraints.txt duckdb-cli", "MYNA_CLI")
    [code] = blocks("examples.md", "sh")
    out = run(["bash", "-euc", f'duckdb() {{ "{CLI}" "$@"; }}\n{code}'], folder)
    assert re.search(r"android_certificate\W+not_listed\W+bundled", out)
    assert re.search(r"conditional\W+bundled\W+\d+", out)
    assert "device_id,name,released" in out.splitlines()


def test_every_query_of_the_page_runs_in_the_terminal_of_duckdb(folder: Path):
    need(CLI, "duckdb command", "pip install -c constraints.txt duckdb-cli", "MYNA_CLI")
    queries = blocks("queries.md", "sql")
    assert len(queries) == 20
    # An older DuckDB than the one that Python has here: the page promises both.
    out = run([str(CLI), "-readonly", "-bail", "-csv", "data/devices.duckdb", "\n".join(queries)], folder)
    assert "line,typed,name,status,note,origin" in out.splitlines()


def test_what_is_counted_by_the_examples_are_phones_and_tablets(built: Folders):
    texts = [(DOCS / name).read_text(encoding="utf-8") for name in ("examples.md", "wasm/index.html")]
    counted = r"AS devices\s+FROM \S+\s+(WHERE .*?)\s+GROUP BY"
    wheres = [where for text in texts for where in re.findall(counted, text, re.DOTALL)]
    assert len(wheres) == "".join(texts).count("AS devices") == 4
    with duckdb.connect(str(built.database), read_only=True) as con:
        for where in wheres:
            found = con.execute(f"SELECT DISTINCT form_factor FROM compat {where} ORDER BY ALL").fetchall()
            assert found == [("phone",), ("tablet",)], where


def test_the_pages_for_analysts_name_files_that_are_there():
    texts = [
        (DOCS / page).read_text(encoding="utf-8")
        for page in ("examples.md", "queries.md", "schema-changelog.md")
    ]
    named = re.findall(r"`((?:docs|tests|data/lookups|crawler)/[\w./-]+)`", "".join(texts))
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists() and "vendor" not in name] == []


def test_what_no_test_runs_is_called_so():
    assert len(blocks("examples.md", "r")) == 1
    assert "**No test runs this**" in (DOCS / "examples.md").read_text(encoding="utf-8")
