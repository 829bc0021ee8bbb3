"""一覧: facets, sort, the page of a device, charts, files; and the copy of the build that they ask."""

import shutil
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb
import pytest

from crawler.names import Capability
from crawler.refresh import build
from crawler.sources import Folders
from explorer import browse, charts, figures, table
from explorer.browse import Filters
from explorer.browse_words import device_address
from explorer.database import NoDatabase
from explorer.device_record import read_device
from explorer.store import open_store
from explorer.wording import say
from tests.app import Open, shown
from tests.nights import HOSTILE, make_nights
from tests.test_build import listed, night


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_nights(Folders(state=tmp_path_factory.mktemp("nights"))).database


@pytest.fixture
def open_list(open_page: Open) -> Open:
    return partial(open_page, "browse_list")


def rows_of(path: Path, **filters: object) -> list[browse.Row]:
    return list(browse.iterate_rows(path, Filters("card_reading", **filters)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "filters",
    [
        Filters("card_reading"),
        Filters("pc_login", makers=("sharp", "sony"), statuses=("conditional",)),
        Filters("android_certificate", carriers=("docomo",), years=("2020", "unknown"), text="a"),
        Filters("card_reading", text="!!!"),
    ],
)
def test_each_count_is_what_choosing_it_leaves_under_the_other_filters(built: Folders, filters: Filters):
    counts = browse.count_facets(built.database, filters)
    fields = {"maker": "makers", "carrier": "carriers", "status": "statuses", "year": "years"}
    for facet, field in fields.items():
        for value, count in counts[facet].items():
            alone = Filters(**(vars(filters) | {field: (value,)}))
            assert browse.count_rows(built.database, alone) == count
    for value, count in counts["capability"].items():
        assert browse.count_rows(built.database, Filters(**(vars(filters) | {"capability": value}))) == count


def test_the_list_holds_every_row_of_the_flat_view(built: Folders):
    with duckdb.connect(str(built.database), read_only=True) as con:
        wanted = con.execute(
            "SELECT device_id, model_number, status FROM compat WHERE capability = 'card_reading'"
        ).fetchall()
    found = [(row.device_id, row.model_number, row.status) for row in rows_of(built.database)]
    assert Counter(found) == Counter(wanted)


def test_pages_cut_the_list_without_loss_in_every_order(built: Folders):
    for sort in browse.ORDERS:
        filters = Filters("card_reading", sort=sort)
        pages = -(-browse.count_rows(built.database, filters) // browse.PAGE_ROWS)
        paged = [row for page in range(pages) for row in browse.read_page(built.database, filters, page + 1)]
        assert paged == rows_of(built.database, sort=sort)


def test_the_orders_are_what_they_say(built: Folders):
    newest = [row.released for row in rows_of(built.database) if row.released]
    assert newest == sorted(newest, reverse=True)
    names = [row.name for row in rows_of(built.database, sort="name")]
    assert names == sorted(names)
    makers = [row.maker for row in rows_of(built.database, sort="maker")]
    assert makers == sorted(makers)
    assert rows_of(built.database, sort="status")[0].status == "supported"


def test_filters_and_order_stand_in_the_url_and_lead_back_from_a_device(open_list: Open):
    app = open_list(maker="sharp", year="2020", sort="name")
    assert app.multiselect(key="year-ja").value == ["2020"]
    assert app.selectbox(key="sort-ja").value == "name"
    assert "./browse?device=SH-41A&amp;maker=sharp&amp;year=2020&amp;sort=name" in shown(app)
    device = open_list(device="SH-41A", maker="sharp", year="2020", sort="name")
    assert 'href="./browse?maker=sharp&amp;year=2020&amp;sort=name"' in shown(device)


def test_the_counts_stand_beside_the_choices_and_keep_what_is_chosen(open_list: Open, built: Folders):
    app = open_list()
    count = browse.count_facets(built.database, Filters("card_reading"))["maker"]["sharp"]
    assert f"シャープ（{count}件）" in app.multiselect(key="maker-ja").options
    app.multiselect(key="maker-ja").select("sharp").run()
    app.multiselect(key="carrier-ja").select("au").run()
    app.multiselect(key="maker-ja").select("sony").run()
    assert app.query_params["maker"] == ["sharp", "sony"]
    assert app.query_params["carrier"] == "au"
    assert "しぼりこみ中" in app.markdown[0].value
    app.button(key="clear").click().run()
    assert "maker" not in app.query_params
    assert "carrier" not in app.query_params


@pytest.mark.parametrize(
    "query",
    [
        {"maker": "nobody", "sort": "<b>", "year": "20200", "status": "unknown", "page": "999999"},
        {"page": "-3", "find": "' OR 1=1 --", "world": "yes", "for_": ""},
        {"find": "x" * 5000, "charts": "2", "carrier": ["au", "au", "zz"]},
        {"device": "' OR 1=1 --"},
        {"device": "\x00🙂" * 300},
    ],
)
def test_odd_addresses_open_a_page(open_list: Open, query: dict[str, str]):
    assert "<h1>" in shown(open_list(**query))


def test_a_device_page_tells_all_that_is_known(open_list: Open):
    text = shown(open_list(device="SH-41A"))
    for words in ("シャープ AQUOS sense4", "SH-41A", "SH-M15", "ドコモ", "2020年11月", "アクオスセンス4"):
        assert words in text
    for capability in Capability:
        assert f"for={capability.value}" in text
    assert text.count(say("ja", "device_page", "why")) == len(Capability)


def test_a_device_is_found_by_any_of_its_model_numbers(built: Folders):
    for text in ("SH-41A", "SH-M15"):
        record = read_device(built.database, text)
        assert record is not None
        assert record.device.device_id == "SH-41A"


def test_an_unknown_device_is_told_kindly_and_stays_text(open_list: Open):
    text = shown(open_list(device=HOSTILE))
    assert say("ja", "device_page", "unknown") in text
    assert "<b>x" not in text
    assert "<img" not in text


def test_what_is_typed_as_a_filter_stays_text(open_list: Open):
    app = open_list(find=HOSTILE)
    assert r"\<img src\=x" in app.markdown[0].value
    assert "<img" not in shown(app)


def test_bundled_rows_of_a_device_name_their_public_source(open_list: Open):
    text = shown(open_list(device="google-pixel-10"))
    assert say("ja", "device_page", "bundled") in text
    assert "https://www.itmedia.co.jp/mobile/amp/2510/29/news076.html" in text
    assert "どのくらい確かか: ほぼ確かです" in text
    assert "今の一覧にあります" not in text


def test_a_device_that_was_listed_and_is_gone_keeps_its_history(open_list: Open, nights: Path):
    text = shown(open_list(nights, device="CPH2737"))
    assert say("ja", "device_page", "seen_gone", days="2026年10月3日") in text
    assert text.index("削除") < text.index("追加")
    assert "一覧から外れました" in text


def test_a_verdict_for_some_numbers_only_names_them(open_list: Open, folders: Folders):
    night(folders, 0, "faq-7261", listed("Galaxy S22", "SC-51C", maker="サムスン電子"))
    build(folders)
    text = shown(open_list(folders.database, device="SC-51C", for_="android_certificate"))
    assert "型番: SCG13" in text
    assert "q=SCG13&amp;for=android_certificate" in text


def test_scraped_text_stays_text_on_the_page_of_a_device(open_list: Open, folders: Folders):
    night(folders, 0, "faq-7261", listed(HOSTILE, "ZZ-99", note=HOSTILE, maker=HOSTILE))
    build(folders)
    text = shown(open_list(folders.database, device="ZZ-99"))
    assert "&lt;b&gt;x" in text
    assert "<b>x" not in text
    assert "<img" not in text


def test_charts_are_drawn_on_request_only(open_list: Open):
    assert 'class="chart"' not in shown(open_list())
    app = open_list(charts="1")
    assert shown(app).count('class="chart"') == 2
    assert say("ja", "browse_chart", "size_none") in shown(app)


def test_the_makers_of_the_chart_add_up_to_the_devices_sold_in_japan(built: Folders):
    lines = figures.count_by_maker(built.database, "card_reading")
    assert len(lines) == figures.SHOWN_MAKERS + 1
    total = sum(one.supported + one.conditional + one.other for one in lines)
    with duckdb.connect(str(built.database), read_only=True) as con:
        sql = """
            SELECT count(DISTINCT device_id) FROM support JOIN device USING (device_id)
            WHERE capability = 'card_reading' AND reason <> 'wrong_platform' AND is_sold_in_japan
        """
        assert con.execute(sql).fetchall() == [(total,)]


def test_a_device_counts_as_supported_only_when_all_its_numbers_are(folders: Folders):
    night(folders, 0, "faq-7261", listed("Galaxy S22", "SC-51C", maker="サムスン電子"))
    build(folders)
    by_id = {one.maker_id: one for one in figures.count_by_maker(folders.database, "android_certificate")}
    assert by_id["samsung"].supported == 0
    assert by_id["samsung"].conditional == 1


def test_an_unknown_last_os_is_shown_as_unknown(built: Folders):
    lines = figures.count_by_os(built.database, "card_reading")
    assert [one.year for one in lines if one.year.isdigit()] == sorted(
        (one.year for one in lines if one.year.isdigit()), reverse=True
    )
    with duckdb.connect(str(built.database), read_only=True) as con:
        sql = """
            SELECT count(*) FROM support JOIN device USING (device_id) WHERE capability = 'card_reading'
                AND model_number = '' AND is_sold_in_japan AND min_os IS NOT NULL AND last_os IS NULL
        """
        ((unknown,),) = con.execute(sql).fetchall()
    assert sum(one.unknown for one in lines) >= unknown > 0
    text = charts.os_chart(lines, figures.read_floors(built.database, "card_reading"), "ja")
    assert "Android 11 以上" in text


def test_the_length_of_a_list_is_shown_by_night(nights: Path):
    (sizes,) = figures.read_list_sizes(nights).values()
    assert [(str(one.day), one.row_count) for one in sizes] == [
        ("2026-10-02", 3),
        ("2026-10-03", 4),
        ("2026-10-04", 3),
        ("2026-10-05", 3),
    ]


def test_parquet_holds_all_filtered_rows_and_leaves_no_file(built: Folders, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    filters = Filters("android_certificate", statuses=("planned", "conditional"))
    content = browse.write_parquet(built.database, filters)
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "saved.parquet"
    file.write_bytes(content)
    with duckdb.connect() as con:
        rows = con.execute(f"SELECT count(*), count(source_url) FROM '{file}'").fetchall()
    count = browse.count_rows(built.database, filters)
    assert rows == [(count, count)]


def test_csv_names_device_and_source_in_every_row(built: Folders):
    rows = browse.iterate_rows(built.database, Filters("android_certificate", statuses=("planned",)))
    lines = list(table.csv_rows(rows, "ja"))
    assert lines
    assert all("https://faq.myna.go.jp/faq/show/7261" in line for line in lines)


@pytest.fixture
def live(built: Folders, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "it's live.duckdb"
    shutil.copy(built.database, path)
    return path


def test_a_new_build_shows_in_an_open_list_on_the_next_click(open_list: Open, live: Path, nights: Path):
    app = open_list(live, for_="android_certificate", status="delisted")
    assert say("ja", "ui_browse", "none") in shown(app)
    beside = live.with_name("beside")
    shutil.copy(nights, beside)
    beside.replace(live)
    app.run()
    assert not app.exception
    assert "CPH2737" in shown(app)


def test_the_file_is_not_held_open(live: Path):
    open_store(live)
    handles = [one.readlink() for one in Path("/proc/self/fd").iterdir() if one.exists()]
    assert live not in handles


def test_one_build_is_copied_once(live: Path):
    assert open_store(live) is open_store(live)


def test_a_copy_that_duckdb_gave_up_is_made_anew(live: Path):
    store = open_store(live)
    store._con.close()
    assert open_store(live).rows("SELECT count(*) > 0 FROM item") == [(True,)]


def test_a_database_of_another_kind_is_no_database(tmp_path: Path):
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(NoDatabase, match="make build"):
        open_store(path)


def test_device_addresses_carry_what_needs_quoting():
    assert (
        device_address("a b&c", "en", {"maker": ["x", "y"]})
        == "./browse?device=a+b%26c&maker=x&maker=y&lang=en"
    )
