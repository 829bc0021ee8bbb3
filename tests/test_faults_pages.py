"""Bad nights on the page itself: other encodings, columns, rows and hostile names."""

import csv
import io

import duckdb
import pytest

from explorer.check import check
from explorer.queries import load_dataset
from tests.fault_night import PAGE, VICTIM, Night, refresh_here
from tests.fault_pages import HEADER, HOSTILE, NEW, PHONES, Phone, answer, listing

UNCHANGED = "faq-7261: unchanged, 330 rows"
FAILED = "faq-7261: FAILED"
SHIFT_JIS = answer(listing(PHONES), "Shift_JIS").encode("cp932")
PLANNED = answer("<h2>対応予定の機種</h2>" + listing(PHONES).replace("h3>", "h4>"))


def some(count: int) -> str:
    """Return a page that lists only so many of the phones, of both makers."""
    return answer(listing([*PHONES[:5], *PHONES[-(count - 5) :]]))


def column(title: str, value: str) -> str:
    return answer(listing(PHONES, (*HEADER, title), (value,)))


# What is printed otherwise, but says the same: (id, page, Content-Type).
SAME = [
    ("the page comes in Shift_JIS and says so", SHIFT_JIS, "text/html; charset=Shift_JIS"),
    (
        "a column has a known other name",
        PAGE.replace("機種名", "端末名").replace("型番", "型式"),
        "text/html",
    ),
    ("a harmless column came", column("発売日", "2024年"), "text/html"),
    ("a column of no known name came", column("本体の色", "黒"), "text/html"),
    ("rows stand there twice", answer(listing([*PHONES, *PHONES[:40]])), "text/html"),
]
# What cannot be read or is not believed: (id, page, Content-Type, words in the message).
REFUSED = [
    ("the answer block is gone", PAGE.replace("faq_answer_contents", "x").replace("faq_qstCont_ttl", "y"),
     "text/html", ("expected an answer block", "found 対応機種は？")),
    ("the columns have names that nobody knows", PAGE.replace("機種名", "ほげ").replace("型番", "ふが"),
     "text/html", ("expected a table with a known header", "found the header ほげ")),
    ("UTF-8 that says Shift_JIS", PAGE.encode(), "text/html; charset=Shift_JIS", ("expected", "found")),
    ("Shift_JIS that says UTF-8", SHIFT_JIS, "text/html; charset=utf-8", ("expected", "found")),
    ("the model numbers are gone", answer(listing(PHONES, HEADER[:1])), "text/html",
     ("expected at least 50% of the devices listed before, found 0%", "--accept faq-7261")),
    ("more than half of the rows are gone", some(155), "text/html",
     ("expected at least 50% of the devices listed before, found 47%", "--accept faq-7261")),
    ("a maker is gone", answer(listing(PHONES[21:])), "text/html",
     ("expected rows of シャープ, found none",)),
    ("all rows moved to 対応予定", PLANNED, "text/html",
     ("expected at least 50% of the devices listed before, found 0%",)),
]  # fmt: skip


@pytest.mark.parametrize(("page", "kind"), [pytest.param(*case[1:], id=case[0]) for case in SAME])
def test_the_same_rows_are_read_when(night: Night, page, kind):
    night.site.page(VICTIM, page, content_type=kind)
    night.survives(0, "faq-7261: ", lost=(), is_taken=True, meanwhile=lambda: says_the_same(night))


def says_the_same(night: Night) -> None:
    """No device gained or lost a verdict; what else the row prints may have become a note."""
    with duckdb.connect(str(night.state / "devices.duckdb"), read_only=True) as con:
        sql = "SELECT maker, name, model FROM listing WHERE is_current AND source_id = ? ORDER BY ALL"
        rows = con.execute(sql, [VICTIM]).fetchall()
        assert [row[1:] for row in rows] == [row[1:] for row in sorted(PHONES)]
        support = con.execute("SELECT DISTINCT device_id, status FROM support ORDER BY ALL").fetchall()
    with duckdb.connect(str(night.good.state / "devices.duckdb"), read_only=True) as con:
        assert (
            con.execute("SELECT DISTINCT device_id, status FROM support ORDER BY ALL").fetchall() == support
        )


@pytest.mark.parametrize(("page", "kind", "words"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_the_page_is_refused_when(night: Night, page, kind, words):
    night.site.page(VICTIM, page, content_type=kind)
    night.survives(1, FAILED, *words)


def test_a_list_that_lost_less_than_half_is_taken_with_a_warning(night: Night):
    night.site.page(VICTIM, some(200))
    words = "39% of the rows last seen are gone or changed, at most 10% expected"
    night.survives(0, "faq-7261: new, 200 rows", "faq-7261: WARNING:", words, lost=(), is_taken=True)


def test_a_refused_page_passes_once_a_person_accepts_it(night: Night, capsys: pytest.CaptureFixture[str]):
    night.site.page(VICTIM, some(155))
    assert refresh_here(night.state, night.base_urls) == 1
    (difference,) = (night.state / "archive").rglob("*.diff")
    assert str(difference) in capsys.readouterr().out
    lines = difference.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# faq-7261: expected at least 50%")
    assert len([line for line in lines if line.startswith("- ")]) == 330 - 155
    words = "accepted by hand: faq-7261: expected at least 50%"
    text = night.survives(
        0, "faq-7261: new, 155 rows", words, lost=(), is_taken=True, more=["--accept", VICTIM], heal=PAGE
    )
    assert "FAILED" not in text


def test_accepting_lets_no_other_page_pass(night: Night):
    night.site.page(VICTIM, some(155))
    assert refresh_here(night.state, night.base_urls) == 1
    night.site.page(VICTIM, some(156))
    night.survives(1, FAILED, "expected at least 50%", more=["--accept", VICTIM])


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_is_text_and_nothing_else(night: Night, hostile: str):
    phone: Phone = (NEW[0], hostile, NEW[2])
    night.site.page(VICTIM, answer(listing([*PHONES, phone])))
    night.survives(
        0, "faq-7261: new, 331 rows", lost=(), is_taken=True, meanwhile=lambda: is_text(night, hostile)
    )


def is_text(night: Night, hostile: str) -> None:
    """The name stands in the database as printed, in the exports without a formula."""
    with duckdb.connect(str(night.state / "devices.duckdb"), read_only=True) as con:
        sql = "SELECT name FROM listing WHERE is_current AND list_contains(model_numbers, ?)"
        ((name,),) = con.execute(sql, [NEW[2]]).fetchall()
    plain = [
        hostile,
        hostile.replace("\0", ""),
        hostile.replace("\0", "\ufffd"),
        hostile.replace("\u202e", ""),
    ]
    assert name in plain
    for file in ("devices.csv", "changes.csv"):
        text = (night.state / "exports" / file).read_text(encoding="utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert [cell[:40] for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")] == []
        assert any(NEW[2] in cell for cell in cells)
    found = check(load_dataset(night.state / "devices.duckdb"), NEW[2])
    assert found["match"] != "unknown"
