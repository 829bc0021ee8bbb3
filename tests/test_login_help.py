"""ログインできないとき: its screens, the facts, the calculator, the error codes, the hosts."""

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from crawler.lookups import load_lookups
from crawler.sources import DATA, Folders
from explorer.database import NoDatabase
from explorer.help_flow import START, find_codes, load_codes, load_screens, step_back
from explorer.help_html import fact_item, fact_list, host_table
from explorer.login_facts import Fact, Look, read_facts, read_looks
from explorer.wording import LANGUAGES, load_texts, say
from tests.app import APP, Open, shown

HOSTILE = '<b>x</b> [a](javascript:1) <img src=x onerror="alert(1)">'
FIRST_DATE = "1950年3月5日"


@pytest.fixture
def open_help(open_page: Open) -> Open:
    return partial(open_page, "login_help")


@pytest.fixture
def changed(built: Folders, tmp_path: Path) -> Callable[..., Path]:
    """Give a copy of the database in which some SQL was run."""

    def changed(*statements: str) -> Path:
        path = tmp_path / "changed.duckdb"
        shutil.copy(built.database, path)
        with duckdb.connect(str(path)) as con:
            for sql in statements:
                con.execute(sql)
        return path

    return changed


@pytest.fixture
def facts(built: Folders) -> dict[str, Fact]:
    return read_facts(built.database)


# --- the facts


def used_facts() -> set[str]:
    ids = {one for screen in load_screens().values() for one in screen.facts}
    return ids | {code.fact for code in load_codes()}


def test_every_fact_that_a_screen_uses_exists(facts):
    assert used_facts() - set(facts) == set()


def test_every_fact_is_shown_somewhere(facts):
    assert set(facts) - used_facts() == set()


def test_every_fact_has_source_date_and_confidence():
    rows = load_lookups(DATA / "lookups").login_facts
    assert len(rows) >= 87
    for row in rows:
        assert row["source_url"] == "public repository" or row["source_url"].startswith(
            ("http://", "https://")
        )
        assert re.fullmatch(r"unknown|20\d\d-(0[1-9]|1[0-2])", row["as_of"]), row
        assert row["confidence"] in ("high", "medium", "low")
        assert row["via"] in ("page", "record", "copy")
        assert row["fact_ja"].endswith("。")
        assert row["fact_en"].endswith((".", ")"))


def test_the_table_holds_the_file_as_it_is(facts):
    rows = load_lookups(DATA / "lookups").login_facts
    assert list(facts) == [row["fact_id"] for row in rows]
    for row, fact in zip(rows, facts.values(), strict=True):
        assert (fact.ja, fact.en, fact.url) == (row["fact_ja"], row["fact_en"], row["source_url"])


def test_a_fact_that_is_not_certain_says_so():
    sure = Fact("a", "あ。", "A.", "https://example.org/x", "2022-04", "high", "page")
    assert "2022年4月の情報" in fact_list([sure], "ja")
    assert 'href="https://example.org/x"' in fact_list([sure], "ja")
    assert "確かではありません" not in fact_list([sure], "ja")
    for confidence in ("medium", "low"):
        text = fact_list(
            [Fact("a", "あ。", "A.", "https://example.org", "unknown", confidence, "record")], "ja"
        )
        assert "確かではありません" in text
        assert "いつの情報かわかりません（ほかの資料の記録による）" in text


def test_a_copy_elsewhere_and_a_source_without_address_get_no_link():
    for url, via in (("https://copy.example/x", "copy"), ("public repository", "page")):
        text = fact_list([Fact("a", "あ。", "A.", url, "2022-04", "high", via)], "ja")
        assert "<a " not in text
        assert "リンクなし" in text


def test_what_stands_in_a_fact_stays_text():
    text = fact_list([Fact("a", HOSTILE, HOSTILE, f"https://x/{HOSTILE}", HOSTILE, "low", "page")], "ja")
    assert "<b>" not in text
    assert "<img" not in text


# --- the way through the screens


def test_every_screen_can_be_reached_and_leads_to_screens_that_exist():
    screens, reached, open_ones = load_screens(), {START}, [START]
    while open_ones:
        screen = screens[open_ones.pop()]
        for to in (*(one.to for one in screen.choices), *(one for one in screen.go if ":" not in one)):
            assert to in screens
            if to not in reached:
                reached.add(to)
                open_ones.append(to)
    assert reached == set(screens)
    assert {screen.back for screen in screens.values()} <= set(screens)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_end_says_what_to_do_next_and_no_text_is_left_over(language):
    texts, screens = load_texts(language), load_screens()
    assert set(texts["help_title"]) == set(screens)
    assert set(texts["help_steps"]) == {one.screen_id for one in screens.values() if not one.choices}
    assert set(texts["help_text"]) <= set(screens)
    labels = {choice.label for one in screens.values() for choice in one.choices}
    assert labels <= set(texts["help_choice"]) | set(texts["help_title"])
    assert set(texts["help_choice"]) <= labels | set(screens)


def test_japanese_sentences_are_short():
    tables = [table for name, table in load_texts("ja").items() if name.startswith("help")]
    sentences = [one for table in tables for text in table.values() for one in re.split(r"[。\n]", text)]
    rows = load_lookups(DATA / "lookups").login_facts
    sentences += [one for row in rows for one in row["fact_ja"].split("。")]
    assert [one for one in sentences if len(one) > 60] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_opens_by_its_link_with_its_facts(open_help: Open, facts, language):
    app = open_help(lang=language)
    for screen in load_screens().values():
        app.query_params["at"] = screen.screen_id
        app.run()
        assert not app.exception, screen.screen_id
        page = shown(app)
        assert escape(load_texts(language)["help_title"][screen.screen_id]) in page
        assert [one for one in screen.facts if fact_item(facts[one], language) not in page] == []
        if language == "en":
            read = re.sub(r"<style>.*?</style>|<[^>]+>", "", page, flags=re.DOTALL)
            assert not re.search(r"[ぁ-ん]{4,}", read), screen.screen_id


def test_an_odd_link_opens_the_first_question(open_help: Open):
    for odd in ("nowhere", "<b>x</b>", "", "start "):
        app = open_help(at=odd)
        assert say("ja", "help", "no_such") in shown(app)
        assert "<b>x" not in shown(app)
        assert load_texts("ja")["help_title"][START] in shown(app)


def test_back_goes_the_way_one_came_and_from_a_link_to_the_question_behind():
    assert step_back((), "store_login") == (("store_login",), "pin_login_locked")
    assert step_back(("start", "walk_site", "walk_private"), "private")[1] == "walk_private"
    assert step_back(("start", "read", "read_iphone"), "read") == (("start", "read"), "start")
    assert step_back((), START) == ((START,), START)


def test_a_path_that_needs_a_device_leads_to_the_check(open_help: Open):
    page = open_help(at="device")
    assert {"page:check", "page:pc", "page:this"} == set(load_screens()["device"].go)
    assert say("ja", "help", "more") in shown(page)


def test_an_older_database_says_what_to_do(open_help: Open, changed):
    app = open_help(path=changed("DROP TABLE login_fact"))
    assert "make build" in shown(app)
    with pytest.raises(NoDatabase):
        read_facts(Path("nowhere.duckdb"))


# --- error codes


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("EDZ207", {"code_edz207"}),
        ("ｅｄｚ２０７", {"code_edz207"}),
        ("エラー EI123-2008 が出ました", {"code_ei123_2008"}),
        ("EI1232303", {"code_ei123_2303"}),
        ("MPA-IS-I05", {"code_ei123_2008", "code_ei123_2303"}),
        ("115", {"code_115"}),
        ("00210026", {"code_e0008"}),
        ("root化のおそれがあります", {"code_root"}),
        ("NFCタグを読み取れません", {"code_nfc_tag"}),
        ("HJS0407E", {"code_hjs0407e"}),
        ("002", {"code_001"}),
    ],
)
def test_a_code_is_found_however_it_is_written(text: str, facts: set[str]):
    assert {code.fact for code in find_codes(text)[0]} == facts


@pytest.mark.parametrize("text", ["1150", "5", "EDZ208", "0115", "たすけて", "", "I05", "６２", "E00081"])
def test_another_code_is_never_taken_for_a_known_one(text: str):
    assert find_codes(text)[0] == []


def test_the_beginning_of_a_code_is_told_apart_from_the_code():
    named, begun = find_codes("EI123")
    assert named == []
    assert {code.fact for code in begun} == {"code_ei123_2008", "code_ei123_2303"}


def test_searching_a_code_shows_what_is_known_and_unknown_codes_lead_to_the_telephone(open_help: Open):
    app = open_help(at="code")
    app.text_input(key="help_code_text").set_value("EDZ207")
    app.button(key="help_code_ask").click().run()
    assert say("ja", "help_code", "found") in shown(app)
    app.text_input(key="help_code_text").set_value(HOSTILE)
    app.button(key="help_code_ask").click().run()
    assert say("ja", "help_code", "none") in shown(app)
    assert "<img" not in shown(app)
    assert app.query_params == {"at": "code"}


# --- the official hosts


def look(host: str, result: str | None, at: str = "2026-11-24T18:30", good: str | None = None) -> Look:
    moment = datetime.fromisoformat
    return Look(host, result, moment(at) if result else None, moment(good) if good else None)


def test_before_the_first_look_nothing_is_claimed(built: Folders):
    assert say("ja", "help_host", "never") in host_table(read_looks(built.database), "ja")


def test_looks_are_told_by_host_in_plain_words_and_japanese_time():
    page = host_table(
        [
            look("faq.example", "new", good="2026-11-24T18:30"),
            look("faq.example", "failed"),
            look("pdf.example", "unreachable", good="2026-11-20T18:30"),
        ],
        "ja",
    )
    assert "一部のページ: 開けました" in page
    assert "一部のページ: 返事はありましたが" in page
    assert "つながりませんでした" in page
    assert "2026年11月25日 3時30分" in page
    assert "最後に開けた日: 2026年11月21日" in page
    assert say("ja", "help_host", "note") in page


def test_the_newest_look_at_official_pages_is_the_one_shown(open_help: Open, changed):
    rows = [
        ("run1", "faq-2587", "2026-11-23 18:00:00", "unchanged"),
        ("run2", "faq-2587", "2026-11-24 18:00:00", "unreachable"),
        ("run2", "faq-7261", "2026-11-24 18:00:00", "unreachable"),
        ("run2", "play-catalogue", "2026-11-24 18:00:00", "unreachable"),
    ]
    path = changed(
        *(
            f"INSERT INTO run VALUES ('{run}', '{source}', '{at}', '{at}', '{result}', NULL, 0, 1)"
            for run, source, at, result in rows
        )
    )
    page = shown(open_help(path=path, at="site"))
    assert "<strong>faq.myna.go.jp</strong><p>つながりませんでした" in page
    assert "storage.googleapis.com" not in page
    assert "2026年11月25日 3時0分" in page


# --- the calculator


def calculate(app: AppTest, **days: str) -> str:
    for name, text in days.items():
        app.text_input(key=f"help_day_{name}").set_value(text)
    app.button(key="help_days_ask").click().run()
    assert not app.exception
    return shown(app)


def test_the_calculator_answers_with_a_date_and_in_words(open_help: Open):
    page = calculate(open_help(at="expiry_calculate"), birth=FIRST_DATE, printed="令和8年3月5日")
    assert 'class="card not_supported"' in page
    assert "2021年3月5日まで" in page
    assert "前に切れました" in page
    assert say("ja", "help_expiry", "next_card_ended") in page
    assert say("ja", "help_doubt", "from_printed") in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_do_next_stands_once_and_fits_the_answer(open_help: Open, language: str):
    app = open_help(at="expiry_calculate", lang=language)
    steps = escape(say(language, "help", "steps"))
    assert shown(app).count(steps) == 1
    page = calculate(app, birth="1950-03-05", printed="2999")
    assert page.count(steps) == 1
    page = calculate(app, birth="1950-03-05", printed="2026-03-05")
    assert f"<h3>{steps}</h3>" in page
    assert page.count(steps) == 1


def test_the_day_of_renewal_is_asked_in_sight(open_help: Open):
    app = open_help(at="expiry_calculate")
    hidden = [box.key for fold in app.expander for box in fold.text_input]
    assert sorted(hidden) == [f"help_day_{name}" for name in ("applied", "issued", "received", "stay_end")]
    assert "help_day_renewed" in [box.key for box in app.text_input]


def test_the_calculator_speaks_english(open_help: Open):
    page = calculate(open_help(at="expiry_calculate", lang="en"), birth="5 March 1950", printed="2026-03-05")
    assert "until 2021-03-05" in page
    assert say("en", "help_expiry", "next_ended") in page


def test_what_is_typed_is_neither_in_the_url_nor_kept(open_help: Open):
    app = open_help(at="expiry_calculate")
    assert say("ja", "help_expiry", "private") in shown(app)
    calculate(app, birth=FIRST_DATE, applied="2016/2/1")
    assert app.query_params == {"at": "expiry_calculate"}
    app.query_params["at"] = "start"
    app.run()
    app.query_params["at"] = "expiry_calculate"
    app.run()
    assert [box.value for box in app.text_input if box.value] == []


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"birth": "1950年2月30日"}, "1950年2月30日という日はありません。"),
        ({"birth": "50/3/5"}, say("ja", "help_problem", "short_year")),
        ({"birth": "きのう"}, "「きのう」は日付として読めません。"),
        ({"birth": HOSTILE}, "は日付として読めません。"),
        ({"birth": "2999-01-01", "printed": "2030-01-01"}, say("ja", "help_problem", "birth_in_future")),
        ({"birth": FIRST_DATE, "applied": "1940-01-01"}, say("ja", "help_problem", "before_birth")),
        ({"birth": FIRST_DATE, "issued": "2015-12-31"}, say("ja", "help_problem", "before_cards")),
        ({"birth": FIRST_DATE}, say("ja", "help_problem", "nothing_known")),
        (
            {"birth": FIRST_DATE, "issued": "2023-04-01", "printed": "2032-03-05"},
            say("ja", "help_problem", "printed_does_not_fit"),
        ),
        ({"printed": "2027-03-05"}, say("ja", "help_problem", "needed")),
        ({}, say("ja", "help_problem", "needed")),
    ],
)
def test_days_that_cannot_be_are_explained(open_help: Open, days: dict[str, str], words: str):
    page = calculate(open_help(at="expiry_calculate"), **days)
    assert words in page
    assert 'class="card' not in page
    assert "<img" not in page


def test_an_answer_repeats_the_days_that_it_was_worked_out_from(open_help: Open):
    page = calculate(open_help(at="expiry_calculate"), birth="S25.3.5", printed="R8.3.5", renewed="R3.1.20")
    used = page.split(say("ja", "help_expiry", "used"))[1]
    assert "<li>生まれた日: 1950年3月5日</li><li>カードの表の有効期限: 2026年3月5日</li>" in used
    assert "電子証明書を最後に更新した日: 2021年1月20日" in used


def test_an_answer_goes_where_a_day_is_changed_to_no_day_and_is_drawn_anew_each_time(open_help: Open):
    app = open_help(at="expiry_calculate")
    first = calculate(app, birth=FIRST_DATE, printed="2026-03-05")
    assert 'data-count="1"' in first
    assert 'data-count="2"' in calculate(app, birth=FIRST_DATE)
    assert 'class="card' not in calculate(app, printed="2026-03")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_dates_and_expiry_has_its_words(language):
    expiry, check, dates = (
        Path(APP.parent / f"{name}.py").read_text(encoding="utf-8")
        for name in ("expiry", "expiry_check", "japanese_dates")
    )
    texts = load_texts(language)
    assert set(re.findall(r'yield "(\w+)"', expiry)) == set(texts["help_doubt"]) - {"heading"}
    problems = set(re.findall(r'^        \(\s*"(\w+)",|return "(\w+)"', check, re.M))
    problems = {one for found in problems for one in found if one}
    problems |= set(re.findall(r'"(unreadable|short_year|year_last|no_such_day|not_in_era)"', dates))
    assert problems | {"needed"} == set(texts["help_problem"])
    states = set(re.findall(r'return "(\w+)"', expiry)) | {"renewable", "valid"}
    for state in states:
        assert {f"state_{state}", f"next_{state}"} <= set(texts["help_expiry"])
