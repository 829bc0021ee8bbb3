"""更新履歴: the changes by night with their evidence, and the health of the sources."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from crawler.refresh import build
from crawler.sources import Folders
from explorer import changes, health
from explorer.changes import ChangeFilters
from explorer.health import Run, read_health, reason_code
from explorer.printed import printed_rows
from explorer.queries import load_dataset
from explorer.web.lite import light_page
from explorer.wording import load_texts, say
from tests.app import Open, shown
from tests.nights import HOSTILE, bad_night, make_nights
from tests.test_build import listed, night


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_nights(Folders(state=tmp_path_factory.mktemp("nights"))).database


@pytest.fixture
def open_changes(open_page: Open, nights: Path) -> Open:
    return lambda path=nights, **query: open_page("changes", path, **query)


def test_nights_stand_under_their_day_in_japan_the_newest_first(open_changes: Open):
    text = shown(open_changes())
    days = [text.index(f"<h3>2026年10月{day}日</h3>") for day in (5, 4, 3)]
    assert days == sorted(days)
    assert "3件のうち、1〜3件目" in text


def test_a_phone_listed_one_day_and_gone_the_next_is_told_both_times(open_changes: Open):
    text = shown(open_changes(changed="Reno14"))
    assert text.index("削除") < text.index("追加")
    assert text.count("OPPO Reno14 5G CPH2737</a>") == 2
    assert 'href="./browse?device=CPH2737"' in text
    assert "変更</span>" not in text


def test_a_change_shows_in_words_what_stood_there_before_and_after(open_changes: Open):
    text = shown(open_changes(kind="MOD"))
    before, after = text.index("前に書かれていたこと"), text.index("今書かれていること")
    assert before < text.index("<strong>対応予定</strong>") < after < text.index("<strong>対応機種</strong>")
    assert before < text.index("2026年11月以降") < after < text.index("システムアップデートが必要")
    assert 'href="https://faq.myna.go.jp/faq/show/7261"' in text
    assert "{&quot;" not in text


def test_filters_stand_in_the_url(open_changes: Open):
    app = open_changes(by="oppo", kind="ADD")
    assert app.multiselect(key="by-ja").value == ["oppo"]
    assert "1件のうち" in shown(app)
    app.multiselect(key="kind-ja").set_value(["DEL"]).run()
    assert app.query_params["kind"] == "DEL"
    assert "2026年10月4日" in shown(app)
    app.text_input(key="changed").set_value("たぶんない").run()
    assert say("ja", "changes", "no_match") in shown(app)
    app.button(key="clear").click().run()
    assert "3件のうち" in shown(app)


@pytest.mark.parametrize(
    "filters",
    [ChangeFilters(), ChangeFilters(deltas=("ADD",)), ChangeFilters(makers=("oppo",), text="reno")],
)
def test_each_count_is_what_choosing_it_leaves(nights: Path, filters: ChangeFilters):
    fields = {"source": "sources", "delta": "deltas", "maker": "makers"}
    for facet, counts in changes.count_change_facets(nights, filters).items():
        for value, count in counts.items():
            alone = ChangeFilters(**(vars(filters) | {fields[facet]: (value,)}))
            assert changes.count_changes(nights, alone) == count


@pytest.mark.parametrize(
    ("text", "count"), [("ｒｅｎｏ１４", 2), ("CPH 2737", 2), ("pixel9", 1), ("section", 0), ("!!!", 0)]
)
def test_text_finds_printed_names_and_numbers_only(nights: Path, text: str, count: int):
    assert changes.count_changes(nights, ChangeFilters(text=text)) == count


def test_many_changes_come_page_by_page(open_changes: Open, folders: Folders):
    makers = [listed(f"機種 {number}", f"ZZ-{number:03}") for number in range(60)]
    night(folders, 0, "faq-7261", listed("Xperia 1 V", "SO-51D"))
    night(folders, 1, "faq-7261", listed("Xperia 1 V", "SO-51D"), *makers)
    build(folders)
    app = open_changes(folders.database)
    assert "60件のうち、1〜50件目" in shown(app)
    assert shown(app).count('<span class="delta') == changes.PAGE_CHANGES
    assert "51〜60件目" in shown(open_changes(folders.database, night="2"))
    assert "件目" in shown(open_changes(folders.database, night="99999"))


def test_without_changes_the_page_says_why(open_changes: Open, built: Folders, folders: Folders):
    assert say("ja", "changes", "none_live") in shown(open_changes(built.database))
    night(folders, 0, "faq-7261", listed("Xperia 1 V", "SO-51D"))
    build(folders)
    text = shown(open_changes(folders.database))
    assert say("ja", "changes", "none_one") in text
    assert say("ja", "changes", "bundled_why") in text
    night(folders, 1, "faq-7261", listed("Xperia 1 V", "SO-51D"))
    build(folders)
    assert say("ja", "changes", "none_changed") in shown(open_changes(folders.database))


def test_english_says_all_of_it_in_english(open_changes: Open):
    text = shown(open_changes(lang="en"))
    assert "removed" in text
    assert "What stood there before" in text
    for code in ("heading", "about", "before"):
        assert load_texts("ja")["changes"][code] not in text


def test_scraped_text_stays_text(open_changes: Open, folders: Folders):
    night(folders, 0, "faq-7261", listed("Xperia 1 V", "SO-51D"))
    night(folders, 1, "faq-7261", listed(HOSTILE, "ZZ-99", maker=HOSTILE, note=HOSTILE))
    bad_night(folders, 2, "failed", HOSTILE)
    build(folders)
    text = shown(open_changes(folders.database, changed=HOSTILE[:20]))
    text += shown(open_changes(folders.database))
    assert "&lt;b&gt;x" in text
    assert "<b>x" not in text
    assert "<img" not in text


def test_what_is_no_printed_row_is_kept_as_it_is():
    assert printed_rows("not json") == [{"name": "not json"}]
    assert printed_rows('["a"]\n{"name": "x", "note": ""}') == [{"name": '["a"]'}, {"name": "x"}]
    assert printed_rows(None) == []


def test_every_source_says_how_it_is(open_changes: Open):
    text = shown(open_changes())
    assert text.count('<p class="state ') == 6
    assert say("ja", "health", "reason_few_rows") in text
    assert "直近の読み取り（6回）" in text
    assert "faq-7261: expected at least 150 rows, found 3" in text
    assert say("ja", "health", "state_bundled") in text
    assert say("ja", "health", "state_none") in text


def test_a_source_is_overdue_after_the_days_of_the_registry(nights: Path):
    source = next(one for one in read_health(nights) if one.source_id == "faq-7261")
    assert source.age_days(date(2026, 10, 5)) == 0
    assert not source.is_overdue(date(2026, 10, 12))
    assert source.is_overdue(date(2026, 10, 13))
    assert [run.result for run in source.runs[:3]] == ["failed", "unreachable", "new"]


def test_nights_without_a_page_do_not_make_the_data_younger(nights: Path):
    data = load_dataset(nights)
    assert data.data_at == "2026-10-04T17:00:00Z" < data.meta["built_at"]
    assert say("ja", "ui", "data_day", day="2026年10月5日") in light_page(data, {}).decode()


def test_a_bundled_page_has_no_age(nights: Path):
    source = next(one for one in read_health(nights) if one.source_id == "jpki-readers")
    assert source.age_days(date(2030, 1, 1)) is None
    assert not source.is_overdue(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("result", "reason", "code"),
    [
        ("new", None, "new"),
        ("unchanged", None, "unchanged"),
        ("failed", "https://x/: expected status 200, found 404", "gone"),
        ("failed", "https://x/: expected status 200, found 503", "busy"),
        ("failed", "https://x/: expected status 200, found 403", "refused"),
        ("unreachable", "https://x/: Forbidden by robots.txt", "robots"),
        ("unreachable", "https://x/: Forbidden by robots.txt; before that: robots.txt answered 503", "busy"),
        (
            "unreachable",
            "https://x/: robots.txt: CannotResolveHostError: Cannot connect to host x:443",
            "no_network",
        ),
        ("unreachable", "https://x/: robots.txt: took longer than 30 seconds", "no_time"),
        ("unreachable", "https://x/: the time for this run was used up before", "no_time"),
        ("unreachable", "https://x/: DNS lookup failed", "no_network"),
        ("failed", "faq-7261: expected rows of ソニー, found none", "maker_missing"),
        ("failed", "faq-7261: expected at least 50% of the devices listed before, found 3%", "many_gone"),
        ("failed", "faq-7261: expected an update date from 2026-10-01 on, found 2026-09-01", "odd_date"),
        ("failed", "faq-7261: expected a page of x, found a redirect to y", "moved"),
        ("failed", "faq-7261: expected device rows in .a, found b", "other_layout"),
        ("failed", "something never seen", "failed"),
        ("unreachable", None, "unreachable"),
    ],
)
def test_a_failure_is_told_in_plain_words(result: str, reason: str | None, code: str):
    assert reason_code(Run(datetime(2026, 10, 1), result, reason, 0)) == code


def test_every_reason_has_a_sentence_in_both_languages():
    codes = {code for code, _ in health.REASONS} | {"new", "unchanged", "failed", "unreachable"}
    for language in ("ja", "en"):
        said = {code for code in load_texts(language)["health"] if code.startswith("reason_")}
        assert said == {f"reason_{code}" for code in codes}


def test_a_new_build_shows_in_an_open_page(open_changes: Open, built: Folders, nights: Path, tmp_path: Path):
    path, beside = tmp_path / "live.duckdb", tmp_path / "beside"
    shutil.copy(built.database, path)
    app = open_changes(path)
    assert say("ja", "changes", "none") in shown(app)
    shutil.copy(nights, beside)
    beside.replace(path)
    app.run()
    assert not app.exception
    assert "3件のうち" in shown(app)
