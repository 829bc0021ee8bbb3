"""docs/queries.md: every query runs as printed, with the columns and facts that the page names."""

import re
from dataclasses import dataclass

import duckdb
import pytest

from crawler.items import Listing
from crawler.names import Section, Status
from crawler.refresh import build
from crawler.sources import Folders
from tests.markdown import FENCE, sections
from tests.test_build import listed, night

JAPANESE = re.compile(r"[\u3041-\u30ff]")
COLUMNS = re.compile(r"^Columns: (.+)$", re.MULTILINE)
FACT = re.compile(r"^Bundled pages: (?:rows, among them `(.+)`|no row)$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A question of the page; `fact` stands in a cell of the answer, None: the answer is empty."""

    sql: str
    columns: list[str]
    fact: str | None
    reading: str


def questions() -> dict[str, Question]:
    found = {}
    for heading, body in sections("queries.md").items():
        [(language, sql)] = FENCE.findall(body)
        columns, fact = COLUMNS.search(body), FACT.search(body)
        assert language == "sql", heading
        assert columns, f"{heading}: a line 'Columns: `a`, `b`' is missing"
        assert fact, (
            f"{heading}: a line 'Bundled pages: rows, among them `x`' or 'Bundled pages: no row' is missing"
        )
        assert JAPANESE.search(body.partition("```")[0]), f"{heading}: the question in Japanese is missing"
        names = re.findall(r"`(\w+)`", columns[1])
        found[heading] = Question(sql, names, fact[1], body[fact.end() :].strip())
    return found


QUESTIONS = questions()


def answer(folders: Folders, question: Question) -> tuple[list[str], list[tuple]]:
    with duckdb.connect(str(folders.database), read_only=True) as con:
        found = con.execute(question.sql)
        return [column[0] for column in found.description], found.fetchall()


@pytest.mark.parametrize("heading", QUESTIONS)
def test_a_query_of_the_page_gives_what_the_page_says(built: Folders, heading: str):
    question = QUESTIONS[heading]
    columns, rows = answer(built, question)
    assert columns == question.columns
    if question.fact is None:
        assert rows == []
    else:
        assert question.fact in {part for row in rows for cell in row for part in texts(cell)}
    assert len(question.reading) > 60


def texts(cell: object) -> list[str]:
    return [str(one) for one in cell] if isinstance(cell, list) else [str(cell)]


def test_the_page_has_20_questions_in_their_order():
    assert [heading.split(".")[0] for heading in QUESTIONS] == [str(number) for number in range(1, 21)]


def test_no_query_takes_not_listed_for_not_supported():
    words = {
        heading: set(re.findall(r"'(\w+)'", one.sql)) & set(Status) for heading, one in QUESTIONS.items()
    }
    both = [heading for heading, used in words.items() if {"not_listed", "not_supported"} <= used]
    # A query may count both, in a column for each.
    assert [
        heading for heading in both if not {"not_listed", "not_supported"} <= set(QUESTIONS[heading].columns)
    ] == []


def test_every_query_of_verdicts_says_where_they_come_from():
    silent = [
        heading
        for heading, one in QUESTIONS.items()
        if "status" in one.columns and "origin" not in one.columns
    ]
    assert silent == []


@pytest.fixture(scope="module")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A list of the official site that changed from one night to the next."""
    folders = Folders(state=tmp_path_factory.mktemp("nights"))
    kept = listed("Xperia 1 VI", "SO-51E")
    night(folders, 1, "faq-7261", kept, listed("Xperia 10 VI", "SO-52E"))
    one = Listing(Section.LISTED, "サムスン電子", "Galaxy S22", "SC-51C")
    night(folders, 2, "faq-7261", kept, one)
    build(folders)
    return folders


@pytest.mark.parametrize(
    ("number", "fact"), [(14, "Xperia 10 VI"), (15, "SC-51C: conditional"), (16, "Xperia 10 VI")]
)
def test_queries_about_history_and_numbers_see_a_list_that_changed(
    two_nights: Folders, number: int, fact: str
):
    heading = next(heading for heading in QUESTIONS if heading.startswith(f"{number}."))
    _, rows = answer(two_nights, QUESTIONS[heading])
    assert fact in {part for row in rows for cell in row for part in texts(cell)}
    assert QUESTIONS[heading].fact is None
