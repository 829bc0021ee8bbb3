"""The pages of the explorer, run without a browser."""

import shutil
from pathlib import Path

import duckdb
import pytest

from crawler.sources import Folders
from explorer import browse, table
from explorer.english import shown_name
from explorer.markup import link, plain_label
from explorer.to_check import to_check
from explorer.wording import load_texts, say
from tests.app import APP as APP  # tests/test_bulk.py takes it from here
from tests.app import Open, shown

HOSTILE = '<b>x</b> [a](javascript:1) $x$ <img src=x onerror="alert(1)">'


@pytest.fixture
def database(built: Folders) -> Path:
    return built.database


@pytest.fixture
def twins(database: Path, tmp_path: Path) -> Path:
    """A database in which `sense` means two devices, one of them with a hostile name."""
    path = tmp_path / "twins.duckdb"
    shutil.copy(database, path)
    with duckdb.connect(str(path)) as con:
        con.execute(
            "INSERT INTO device SELECT * REPLACE ('evil' AS device_id) FROM device WHERE device_id = 'SH-41A'"
        )
        con.execute("UPDATE device SET name = $name WHERE device_id = 'evil'", {"name": HOSTILE})
        con.execute(
            "INSERT INTO support SELECT * REPLACE ('evil' AS device_id) FROM support "
            "WHERE device_id = 'SH-41A' AND model_number = ''"
        )
        con.execute(
            "INSERT INTO match_key VALUES ('sense', 'SH-41A', 'alias', NULL), "
            "('sense', 'evil', 'alias', NULL), ('evil1', 'evil', 'model', 'EVIL-1')"
        )
        con.execute("INSERT INTO device_model VALUES ('evil', 'EVIL-1', 'au')")
    return path


def test_home_asks_and_says_how_to_find_the_model_number(open_page: Open):
    app = open_page()
    assert app.radio(key="for").value == "card_reading"
    assert "機種名や型番の調べ方" in shown(app)
    assert 'class="card' not in shown(app)


def test_a_link_opens_its_answer(open_page: Open):
    app = open_page(q="Pixel 10", for_="android_certificate")
    assert app.text_input(key="q").value == "Pixel 10"
    assert app.radio(key="for").value == "android_certificate"
    assert "card conditional" in shown(app)
    assert "Pixel 10 シリーズ（4機種）" in shown(app)
    assert 'href="https://faq.myna.go.jp/faq/show/7261"' in shown(app)
    assert "card supported" in shown(open_page(q="iPhone 17", for_="iphone_mynumber"))


def test_a_bundled_answer_says_so_and_names_its_public_source(open_page: Open):
    text = shown(open_page(q="Pixel 10", for_="android_certificate"))
    assert say("ja", "ui_check", "bundled") in text
    assert say("ja", "ui_check", "official") in text
    assert "https://www.itmedia.co.jp/mobile/amp/2510/29/news076.html" in text
    assert "どのくらい確かか: ほぼ確かです" in text
    assert "ページの更新日" not in text
    assert say("ja", "ui_check", "quote_bundled") in text


def test_the_button_answers_what_was_typed(open_page: Open):
    app = open_page()
    app.text_input(key="q").set_value("SH-41A")
    app.text_input(key="os").set_value("Android 12")
    next(button for button in app.button if button.label == "調べる").click().run()
    assert "AQUOS sense4" in shown(app)
    assert "お使いの Android 12 は、条件" in shown(app)


def test_choosing_another_use_changes_answer_and_url(open_page: Open):
    app = open_page(q="iPhone 15")
    app.radio(key="for").set_value("android_certificate").run()
    assert app.query_params["for"] == "android_certificate"
    assert "card supported" not in shown(app)


def test_the_other_uses_are_listed_with_links(open_page: Open):
    text = shown(open_page(q="iPhone 15", os="18"))
    assert "./?q=iPhone+15&amp;for=iphone_mynumber&amp;os=18" in text
    assert 'href="./?q=iPhone+15&amp;for=card_reading' not in text


def test_several_devices_become_buttons_that_fill_the_box(open_page: Open, twins: Path):
    app = open_page(path=twins, q="sense")
    assert "card ambiguous" in shown(app)
    app.button(key="candidate-SH-41A").click().run()
    assert app.text_input(key="q").value == "AQUOS sense4"
    assert "<h2>シャープ AQUOS sense4</h2>" in shown(app)


def test_an_unknown_device_leads_to_the_steps(open_page: Open):
    text = shown(open_page(q="たぶんないスマホ"))
    assert "card unknown" in text
    assert say("ja", "ui_find", "iphone_steps").splitlines()[1] in text


def test_english_has_no_japanese_labels(open_page: Open):
    app = open_page(lang="en", q="Pixel 10")
    assert app.radio(key="for").label == "1. What do you want to do?"
    assert "Google Pixel 10" in shown(app)
    assert "<h3>Why</h3>" in shown(app)


def test_the_language_button_keeps_the_question(open_page: Open):
    app = open_page(q="Pixel 10", for_="pc_login")
    app.button(key="language").click().run()
    assert app.query_params == {"q": "Pixel 10", "for": "pc_login", "lang": "en"}
    assert "Why" in shown(app)


def test_an_odd_link_opens_the_plain_page(open_page: Open):
    app = open_page(for_="everything", lang="xx", os="<b>")
    assert app.radio(key="for").value == "card_reading"
    assert "for" not in app.query_params


def test_a_computer_gets_the_answer_for_pcs_until_another_use_is_chosen(open_page: Open):
    app = open_page(q="Surface")
    assert app.radio(key="for").value == "pc_login"
    assert "card conditional" in shown(app)
    assert "for" not in app.query_params
    app.text_input(key="q").set_value("iPhone 15")
    app.button(key="ask").click().run()
    assert app.radio(key="for").value == "card_reading"
    app.radio(key="for").set_value("android_certificate").run()
    app.radio(key="for").set_value("card_reading").run()
    app.text_input(key="q").set_value("Surface")
    app.button(key="ask").click().run()
    assert app.query_params["for"] == "card_reading"
    assert "card not_supported" in shown(app)


def test_the_parts_of_a_pc_are_asked_for_there_only_and_stand_in_the_url(open_page: Open):
    assert [one.key for one in open_page(q="iPhone 15").text_input] == ["q", "os"]
    app = open_page(q="Windows 11", browser="Chrome", reader="RC-S380")
    assert [one.key for one in app.text_input] == ["q", "os", "browser", "reader", "phone"]
    assert "PaSoRi RC-S380（非接触型" in shown(app)
    assert shown(app).count("マイナアプリの動作環境") == 1
    app.text_input(key="phone").set_value("iPhone 7")
    app.button(key="ask").click().run()
    assert "card not_supported" in shown(app)


def test_an_empty_question_is_said_beside_the_box(open_page: Open):
    app = open_page()
    assert 'role="alert"' not in shown(app)
    app.button(key="ask").click().run()
    assert f'role="alert">{say("ja", "step", "type_something")}' in shown(app)


def test_a_new_answer_comes_into_view_and_the_same_one_does_not(open_page: Open):
    app = open_page(q="iPhone 15")
    assert "scrollIntoView" in shown(app)
    app.button(key="language").click().run()
    assert "scrollIntoView" not in shown(app)
    app.radio(key="for").set_value("pc_login").run()
    assert "if (false) { result.tabIndex" in shown(app)


def test_an_unknown_text_gets_help(open_page: Open):
    for text in ("docomo", "ガラケー", "らくらくホン", "富士通のパソコン"):
        page = shown(open_page(q=text))
        assert say("ja", "step", "name_device_too") in page
        assert say("ja", "step", "not_for_feature_phones") in page


def test_hard_words_are_explained_where_they_stand(open_page: Open):
    assert "電子証明書: " in shown(open_page())
    assert "NFC: " in shown(open_page(q="SH-41A"))
    assert "2次元コード: " not in shown(open_page(q="SH-41A"))


def test_english_coins_its_own_names_and_says_what_is_japanese(open_page: Open):
    page = shown(open_page(q="Windows 11", lang="en"))
    assert "Microsoft Windows PC" in page
    assert say("en", "ui_check", "quote_bundled") in page
    assert shown_name("iPhone SE（第3世代）", "en") == "iPhone SE (3rd generation)"
    assert shown_name("iPad Air 11インチ（M4）", "en") == "iPad Air 11-inch (M4)"
    assert shown_name("Pixel（初代）", "ja") == "Pixel（初代）"


def test_what_is_to_check_is_said_in_the_language_of_the_page(database: Path):
    rows = list(browse.iterate_rows(database, browse.Filters("pc_login", text="iPhone 12")))
    (english,) = {to_check(row, row.os, "en") for row in rows if row.name == "iPhone 12"}
    assert english.isascii()
    noted = browse.iterate_rows(database, browse.Filters("card_reading", statuses=("conditional",)))
    note = next(to_check(row, row.os, "en") for row in noted if "note" in row.conditions)
    assert "(as printed, Japanese): " in note
    assert "?" not in note


def test_the_box_of_uses_changes_with_the_language(open_page: Open):
    app = open_page("browse_list", for_="pc_login")
    app.button(key="language").click().run()
    assert (app.selectbox(key="for-en").value, app.query_params["for"]) == ("pc_login", "pc_login")
    app.selectbox(key="for-en").set_value("card_reading").run()
    assert "for" not in app.query_params


def test_what_people_type_stays_text(open_page: Open):
    text = shown(open_page(q=HOSTILE, os=HOSTILE))
    assert "<b>x" not in text
    assert "<img" not in text
    assert "&lt;b&gt;x&lt;/b&gt; [a](javascript:1) $x$" in text


def test_scraped_names_stay_text(open_page: Open, twins: Path):
    answer = open_page(path=twins, q="evil1", os=HOSTILE)
    listed = open_page("browse_list", twins, find="evil")
    for app in (answer, listed):
        assert "&lt;b&gt;x&lt;/b&gt;" in shown(app)
        assert "<b>x" not in shown(app)
        assert "<img" not in shown(app)
    label = open_page(path=twins, q="sense").button(key="candidate-evil").label
    assert r"\<b\>x\<\/b\> \[a\]\(javascript" in label


def test_labels_and_links_disarm_markup():
    assert plain_label("a_b*c [d](e) `f` $g$") == r"a\_b\*c \[d\]\(e\) \`f\` \$g\$"
    assert ":smile:" not in plain_label(":smile:")
    assert link("javascript:alert(1)", "<i>") == "&lt;i&gt;"


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 100], ids=["missing", "empty", "damaged"])
@pytest.mark.parametrize("page", ["", "browse_list"])
def test_without_database_the_page_says_what_to_do(
    open_page: Open, tmp_path: Path, content: bytes | None, page: str
):
    path = tmp_path / "none.duckdb"
    if content is not None:
        path.write_bytes(content)
    app = open_page(page, path)
    assert "機種のデータを読めません" in shown(app)
    assert "make build" in shown(app)


def test_a_new_build_shows_without_a_restart(open_page: Open, database: Path, twins: Path, tmp_path: Path):
    path = tmp_path / "live.duckdb"
    shutil.copy(database, path)
    app = open_page(path=path, q="evil1")
    assert "card unknown" in shown(app)
    twins.replace(path)
    app.run()
    assert "card unknown" not in shown(app)


def test_browse_shows_devices_sold_in_japan_page_by_page(open_page: Open, database: Path):
    app = open_page("browse_list")
    count = browse.count_rows(database, browse.Filters("card_reading"))
    assert f"{count}件のうち、1〜50件目" in shown(app)
    assert shown(app).count("<tr>") == browse.PAGE_ROWS + 1
    assert app.get("download_button")[0].label == f"この{count}件をCSVで保存する"


def test_browse_filters_stand_in_the_url(open_page: Open):
    app = open_page("browse_list", maker="sharp", carrier="au", for_="pc_login")
    assert app.multiselect(key="maker-ja").value == ["sharp"]
    assert "SHG15" in shown(app)
    assert ">SH-53F<" not in shown(app)
    app.multiselect(key="status-ja").set_value(["planned"]).run()
    assert app.query_params["status"] == "planned"
    assert say("ja", "ui_browse", "none") in shown(app)


def test_other_filters_begin_at_the_first_page(open_page: Open):
    app = open_page("browse_list", page="2")
    assert "51〜100件目" in shown(app)
    app.text_input(key="find").set_value("AQUOS").run()
    assert "1〜50件目" in shown(app)
    assert "page" not in app.query_params


@pytest.mark.parametrize(
    ("text", "model_numbers"), [("ｓｈ ４１ａ", {"SH-41A"}), ("!!!", set()), ("' OR 1", set())]
)
def test_browse_text_finds_parts_of_names_and_numbers(database: Path, text: str, model_numbers: set[str]):
    rows = browse.read_page(database, browse.Filters("card_reading", text=text), 1)
    assert {row.model_number for row in rows} == model_numbers


def test_the_world_catalogue_is_shown_on_request_only(twins: Path):
    with duckdb.connect(str(twins)) as con:
        con.execute("UPDATE device SET is_sold_in_japan = false WHERE device_id = 'evil'")
    filters = browse.Filters("card_reading", text="evil")
    assert browse.count_rows(twins, filters) == 0
    assert browse.count_rows(twins, browse.Filters("card_reading", text="evil", is_japan_only=False)) == 1


def test_csv_holds_all_filtered_rows_for_excel(database: Path):
    filters = browse.Filters("android_certificate", statuses=("planned", "supported"))
    content = browse.write_csv(
        table.csv_header("ja"), table.csv_rows(browse.iterate_rows(database, filters), "ja")
    )
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("メーカー,機種名,型番")
    assert len(lines) - 2 == browse.count_rows(database, filters)


@pytest.mark.parametrize(
    "unseen", ["", " ", "\t", "\r\n", "\x00", "\x1f", "\xa0", "　", "\u200b", "\ufeff", "\u2060 "]
)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_csv_cells_never_run_as_formulas(sign: str, unseen: str):
    assert browse.safe_cell(f"{unseen}{sign}1+1") == f"'{unseen}{sign}1+1"
    assert browse.safe_cell(f"SH{unseen}{sign}1") == f"SH{unseen}{sign}1"


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx", "\t"])
def test_cells_that_begin_a_new_cell_are_text_too(text: str):
    assert browse.safe_cell(text) == f"'{text}"
    assert browse.safe_cell(f" {text}") == f" {text}"


def test_both_languages_say_the_same_things():
    japanese, english = (
        {(name, code) for name, texts in load_texts(one).items() for code in texts} for one in ("ja", "en")
    )
    assert japanese == english
