"""The badge: every device has one, in words and colours that can be read, and no name becomes markup."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from crawler.names import Capability, Status
from crawler.sources import Folders
from explorer.queries import Dataset
from explorer.server import Server, application
from explorer.web.badge import _colours, _pixels, draw_badge
from explorer.web.settings import Settings
from explorer.wording import LANGUAGES, say

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&\x0b]]>"


@pytest.fixture(scope="module")
def client(built: Folders) -> Iterator[TestClient]:
    server = Server(Settings(built.database, rate="1000000/second"))
    with TestClient(application(server), raise_server_exceptions=False) as one:
        yield one


def texts(svg: bytes) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_every_device_has_a_badge_that_says_what_is_stored(client: TestClient, data: Dataset):
    for number, (device_id, rows) in enumerate(data.support.items()):
        language = LANGUAGES[number % 2]
        answer = client.get(f"/badge/{quote(device_id, safe='')}.svg?lang={language}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml"), device_id
        stored = next(row for row in rows if (row.capability, row.model_number) == ("card_reading", ""))
        word = say(language, "status", stored.status)
        picture = ElementTree.fromstring(answer.content)
        assert texts(answer.content)[2].partition(" ")[2] == word
        assert word in picture.findtext(f"{SVG}title")
        assert picture.get("role") == "img"
    assert len(data.support) > 300


@pytest.mark.parametrize("goal", Capability)
def test_the_badge_says_what_the_light_page_says(client: TestClient, data: Dataset, goal: str):
    for text in ("SH-41A", "iPhone 15", "Windows 11", "RC-S380"):
        whole = client.get("/api/v1/check", params={"q": text}).json()
        status = next(one for one in whole["answers"] if one["capability"] == goal)["status"]
        svg = client.get(f"/badge/{quote(whole['device']['device_id'])}.svg?for={goal}").content
        assert texts(svg)[2].endswith(f" {say('ja', 'status', status)}")
        page = client.get("/lite", params={"q": text, "for": goal}).text
        assert f'class="card {status}"' in page


def test_a_badge_that_rests_on_a_bundled_page_says_so_and_another_does_not(data: Dataset):
    def says_so(given: Dataset) -> list[bool]:
        svg = draw_badge(given, "SH-41A", Capability.CARD_READING, "ja")
        title = ElementTree.fromstring(svg).findtext(f"{SVG}title")
        return [say("ja", "ui_badge", "bundled") in texts(svg), say("ja", "ui_check", "bundled") in title]

    assert says_so(data) == [True, True]
    live = replace(
        data,
        rules=tuple(one._replace(origin="live") for one in data.rules),
        listings={
            name: tuple(one._replace(origin="live") for one in rows) for name, rows in data.listings.items()
        },
    )
    assert says_so(live) == [False, False]


def test_a_hostile_name_is_text_and_nothing_else(data: Dataset):
    device = data.devices["SH-41A"]._replace(name=HOSTILE, maker=HOSTILE)
    svg = draw_badge(replace(data, devices={"SH-41A": device}), "SH-41A", Capability.CARD_READING, "ja")
    tags = {one.tag for one in ElementTree.fromstring(svg).iter()}
    assert tags == {f"{SVG}{name}" for name in ("svg", "title", "desc", "rect", "text")}
    assert b"<script" not in svg


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/badge/no-such.svg", 404, "no badge 'no-such.svg'"),
        ("/badge/SH-41A", 404, "expected DEVICE_ID.svg"),
        ("/badge/", 404, "expected DEVICE_ID.svg"),
        ("/badge/../SH-41A.svg/x", 404, ""),
        ("/badge/a%0d%0aset-cookie:b.svg", 404, "cannot be printed"),
        ("/badge/SH-41A.svg?for=fly", 400, "for: expected one of card_reading"),
        ("/badge/SH-41A.svg?lang=fr", 400, "lang: expected one of ja, en, found 'fr'"),
    ],
)
def test_what_has_no_badge_gets_a_problem(client: TestClient, address: str, status: int, words: str):
    answer = client.get(address)
    assert answer.status_code == status
    if words:
        assert answer.headers["content-type"] == "application/problem+json"
        assert words in answer.json()["detail"]
        assert answer.headers["cache-control"] == "no-store"


def test_a_badge_is_kept_by_its_etag_and_may_stand_on_any_site(client: TestClient):
    first = client.get("/badge/SH-41A.svg")
    assert "max-age=60" in first.headers["cache-control"]
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "default-src 'none'" in first.headers["content-security-policy"]
    again = client.get("/badge/SH-41A.svg", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head("/badge/SH-41A.svg").headers["content-length"] == first.headers["content-length"]
    assert 'path="/badge/{id}"' in client.get("/metrics").text


def test_the_words_stand_out_from_what_is_behind_them():
    assert set(_colours()) >= set(Status)
    for tone, pale in _colours().values():
        assert contrast(tone, pale) >= 4.5


def test_all_text_is_within_the_picture(data: Dataset):
    long = data.devices["SH-41A"]._replace(name="とても長い名前のスマートフォン" * 5)
    for device in (long, data.devices["SH-41A"]):
        given = replace(data, devices={"SH-41A": device})
        picture = ElementTree.fromstring(draw_badge(given, "SH-41A", Capability.CARD_READING, "en"))
        width, height = int(picture.get("width")), int(picture.get("height"))
        assert width <= 328
        for text in picture.iter(f"{SVG}text"):
            assert int(text.get("textLength")) == _pixels(text.text)
            assert int(text.get("x")) + int(text.get("textLength")) < width
            assert int(text.get("y")) < height


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
