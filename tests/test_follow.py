"""Following a depot: what is new and whole is taken over, whatever else it offers is not."""

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.depot.place import LATEST, open_depot
from crawler.depot.pointer import BadPointer, read_pointer
from crawler.names import Status
from crawler.publish import publish_to
from crawler.record_tables import SCHEMA_VERSION
from crawler.sources import Folders
from explorer.__main__ import main
from explorer.check import check
from explorer.queries import load_dataset
from explorer.web import follow
from explorer.web.cached import INCOMING, Cached
from explorer.web.follow import SCHEMA_MAJOR, Follower, NoData
from tests.browser import explorer
from tests.conftest import Site
from tests.depots import new_bucket, s3_server, small_build, spoil_pointer, whole_build
from tests.ports import free_port
from tests.test_serving import get

OLD, NEW = "2026-11-01T18:17:00+00:00", "2026-11-02T18:17:00.123456+00:00"
MOST = 100 << 20


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[Folders]:
    """An older and a newer build, quick to read; read-only."""
    home = tmp_path_factory.mktemp("builds")
    return [small_build(home / name, day) for name, day in (("old", OLD), ("new", NEW))]


@pytest.fixture(scope="module")
def whole_builds(built: Folders, tmp_path_factory: pytest.TempPathFactory) -> list[Folders]:
    """The same with all the devices."""
    home = tmp_path_factory.mktemp("whole")
    return [whole_build(built, home / name, day) for name, day in (("old", OLD), ("new", NEW))]


@pytest.fixture(autouse=True)
def quick_trial(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try a database in this process; the tests of the trial itself are marked by their name."""

    def try_here(path: Path) -> list[str]:
        meta = load_dataset(path).meta
        return [meta["schema_version"], meta["built_at"]]

    if "hostile" not in request.node.name:
        monkeypatch.setattr(follow, "try_database", try_here)


@dataclass
class Place:
    """A depot with an old build, followed; `publish` brings another one."""

    address: str
    cache: Path
    publish: Callable[[Folders], Any]

    def follower(self) -> Follower:
        return Follower(open_depot(self.address), Cached(self.cache), 0.05, MOST)

    def built_at(self) -> str:
        return load_dataset(self.cache / "devices.duckdb").meta["built_at"]


@pytest.fixture(params=["folder"])
def place(request: pytest.FixtureRequest, builds: list[Folders], tmp_path: Path) -> Iterator[Place]:
    folder, cache = tmp_path / "depot", tmp_path / "cache"
    if request.param == "bucket":
        with s3_server():
            address = new_bucket() + "/depot"
            publish_to(builds[0], address)
            yield Place(address, cache, lambda build: publish_to(build, address))
        return
    address = str(folder)
    if request.param == "web":
        site: Site = request.getfixturevalue("site")
        address = f"{site.url}/depot"

    def publish(build: Folders) -> None:
        publish_to(build, str(folder))
        if request.param == "web":
            for file in (one for one in folder.rglob("*") if one.is_file()):
                name = str(file.relative_to(folder))
                mark = {"ETag": f'"{hashlib.sha256(file.read_bytes()).hexdigest()}"'}
                site.page_at(f"/depot/{name}", file.read_bytes(), headers=mark)

    publish(builds[0])
    yield Place(address, cache, publish)


EVERY_KIND = pytest.mark.parametrize("place", ["folder", "bucket", "web"], indirect=True)


@EVERY_KIND
def test_a_new_version_is_taken_over(place: Place, builds: list[Folders]):
    follower = place.follower()
    follower.check()
    assert (follower.error, place.built_at()) == (None, OLD)
    place.publish(builds[1])
    follower.check()
    assert (follower.error, place.built_at()) == (None, NEW)
    assert follower.status()["version"].startswith("20261102T181700Z-")
    assert follower.status()["reached_seconds_ago"] < 60
    assert sorted(path.name for path in place.cache.iterdir()) == [".lock", "devices.duckdb", "followed.json"]


@EVERY_KIND
def test_a_pointer_with_the_same_mark_is_not_read_again(place: Place, monkeypatch: pytest.MonkeyPatch):
    follower = place.follower()
    follower.check()
    monkeypatch.setattr(type(follower.depot), "read", lambda *_: pytest.fail("read though nothing changed"))
    before = follower.reached_at
    follower.check()
    assert follower.error is None
    assert follower.reached_at > before


@EVERY_KIND
def test_a_depot_that_is_gone_changes_nothing_and_is_told(place: Place, builds: list[Folders], caplog):
    follower = place.follower()
    follower.check()
    reached = follower.reached_at
    follower.depot = open_depot(f"{place.address}-gone")
    for _ in range(3):
        follower.check()
    assert (place.built_at(), follower.reached_at) == (OLD, reached)
    assert follower.error == "latest.json: not there"
    assert place.address not in json.dumps(follower.status())
    told = [one for one in caplog.messages if "not there" in one]
    assert len(told) == 1
    assert "goes on answering" in told[0]
    follower.depot = open_depot(place.address)
    place.publish(builds[1])
    follower.check()
    assert (follower.error, place.built_at()) == (None, NEW)


def database_of(place: Place) -> Path:
    pointer = read_pointer((Path(place.address) / LATEST).read_bytes())
    return Path(place.address) / pointer.path_of("devices.duckdb")


@pytest.mark.parametrize("damage", ["other bytes", "shorter", "longer", "missing"])
def test_a_database_that_is_not_the_one_named_is_refused(place: Place, builds: list[Folders], damage: str):
    follower = place.follower()
    follower.check()
    place.publish(builds[1])
    file = database_of(place)
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        bad = {"other bytes": content[:-9] + b"x" * 9, "shorter": content[:-1], "longer": content * 2}
        file.write_bytes(bad[damage])
    follower.check()
    assert "not there" in follower.error or "not the bytes" in follower.error
    assert place.built_at() == OLD
    assert not list(place.cache.glob(f"{INCOMING}*"))
    place.publish(builds[1])  # which repairs it
    for _ in range(3):
        follower.check()
    assert (follower.error, place.built_at()) == (None, NEW)


def test_a_version_that_stays_bad_is_brought_ever_more_rarely(
    place: Place, builds: list[Folders], monkeypatch: pytest.MonkeyPatch
):
    follower = place.follower()
    follower.check()
    place.publish(builds[1])
    database_of(place).write_bytes(b"bad")
    times: list[int] = []
    real = Cached.receive
    number = 0

    def receive(*given: Any) -> Path:
        times.append(number)
        return real(*given)

    monkeypatch.setattr(Cached, "receive", receive)
    while number < 40:
        follower.check()
        assert "not the bytes" in follower.error
        number += 1
    assert times == [0, 2, 5, 10, 19, 36]


def test_a_file_that_is_no_database_of_ours_is_refused_though_hostile(place: Place, builds: list[Folders]):
    """Its checksum is right: only reading it tells, which another process does."""
    follower = place.follower()
    follower.check()
    place.publish(builds[1])
    file = database_of(place)
    content = b"\0" * 8 + b"DUCK" + b"\xff" * 8192
    file.write_bytes(content)
    pointer = json.loads((Path(place.address) / LATEST).read_text())
    mark = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    pointer["files"]["devices.duckdb"] |= mark
    spoil_pointer(Path(place.address), files=pointer["files"])
    follower.check()
    assert "cannot be read" in follower.error
    assert str(place.cache) not in follower.error
    assert place.built_at() == OLD


def test_another_schema_is_refused_before_it_is_brought(place: Place, tmp_path: Path):
    follower = place.follower()
    follower.check()
    major = small_build(tmp_path / "major", NEW, f"{SCHEMA_MAJOR + 1}.0.0")
    place.publish(major)
    database_of(place).unlink()
    follower.check()
    assert f"schema {SCHEMA_MAJOR + 1}.0.0" in follower.error
    assert place.built_at() == OLD


def test_the_schema_that_is_followed_is_the_one_that_is_built():
    assert SCHEMA_VERSION.split(".")[0] == str(SCHEMA_MAJOR)


def test_what_is_too_large_is_not_brought(place: Place, builds: list[Folders]):
    follower = place.follower()
    follower.check()
    follower.most_bytes = 1000
    place.publish(builds[1])
    follower.check()
    assert "at most 1000 are taken (--max-megabytes)" in follower.error
    assert place.built_at() == OLD


def test_a_build_of_another_time_than_the_pointer_says_is_refused(place: Place, builds: list[Folders]):
    follower = place.follower()
    follower.check()
    place.publish(builds[1])
    spoil_pointer(Path(place.address), built_at="2030-01-01T00:00:00+00:00")
    follower.check()
    assert "another build" in follower.error
    assert place.built_at() == OLD


def test_going_back_to_an_older_version_is_followed_and_logged(place: Place, builds: list[Folders], caplog):
    place.publish(builds[1])
    follower = place.follower()
    follower.check()
    assert place.built_at() == NEW
    publish_to(builds[0], place.address, is_forced=True)
    follower.check()
    assert (follower.error, place.built_at()) == (None, OLD)
    assert any("back to the older version" in one for one in caplog.messages)


GOOD = "20261102T181700Z-0123456789ab"
FILE = {"path": f"versions/{GOOD}/devices.duckdb", "bytes": 1, "sha256": "0" * 64}
SPOILED: list[dict[str, Any]] = [
    {"format": 2},
    {"version": "../../etc"},
    {"version": f"{GOOD}/../../x"},
    {"version": f"{GOOD}\n"},
    {"previous": "/etc"},
    {"schema_version": "1"},
    {"schema_version": None},
    {"built_at": "2026-11-02T18:17:00"},
    {"built_at": 5},
    {"files": {}},
    {"files": []},
    {"files": {"../../etc/passwd": FILE}},
    {"files": {"/etc/passwd": FILE}},
    {"files": {"devices.duckdb": FILE | {"path": "../devices.duckdb"}}},
    {"files": {"devices.duckdb": FILE | {"path": "/etc/passwd"}}},
    {"files": {"devices.duckdb": FILE | {"path": f"versions/{GOOD}/../../x"}}},
    {"files": {"devices.duckdb": FILE | {"path": "https://elsewhere/devices.duckdb"}}},
    {"files": {"devices.duckdb": FILE | {"bytes": -1}}},
    {"files": {"devices.duckdb": FILE | {"bytes": 1 << 60}}},
    {"files": {"devices.duckdb": FILE | {"bytes": True}}},
    {"files": {"devices.duckdb": FILE | {"sha256": "0" * 63}}},
    {"files": {"devices.duckdb": None}},
]
ABOUT = {
    "format": 1,
    "version": GOOD,
    "schema_version": "1.2.0",
    "built_at": NEW,
    "previous": None,
    "files": {"devices.duckdb": FILE},
}


@pytest.mark.parametrize("change", SPOILED, ids=str)
def test_a_pointer_that_leads_anywhere_else_is_refused(change: dict[str, Any]):
    assert read_pointer(json.dumps(ABOUT).encode()).version == GOOD
    with pytest.raises(BadPointer):
        read_pointer(json.dumps(ABOUT | change).encode())


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"<html>busy</html>"]
)
def test_a_pointer_that_is_none_is_refused(raw: bytes):
    with pytest.raises(BadPointer):
        read_pointer(raw)


def test_a_pointer_without_end_is_refused(place: Place):
    follower = place.follower()
    follower.check()
    (Path(place.address) / LATEST).write_bytes(b" " * (2 << 20))
    follower.check()
    assert "more than" in follower.error
    assert place.built_at() == OLD


def test_a_server_starts_again_from_its_cache(place: Place):
    place.follower().check()
    shutil.rmtree(place.address)
    again = place.follower()
    again.bring_first()
    assert again.pointer.version.startswith("20261101")
    assert again.status()["reached_at"] is None
    again.check()
    assert again.error == "latest.json: not there"


def test_a_cache_that_was_damaged_is_not_answered_from(place: Place, monkeypatch: pytest.MonkeyPatch):
    place.follower().check()
    copy = place.cache / "devices.duckdb"
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    assert place.follower().pointer is None
    follower = place.follower()
    follower.bring_first()
    follower.stop()
    assert place.built_at() == OLD
    copy.write_bytes(b"bad")
    shutil.rmtree(place.address)
    monkeypatch.setattr(follow, "FIRST_SECONDS", 0.3)
    with pytest.raises(NoData, match=r"latest\.json: not there"):
        place.follower().bring_first()


@pytest.mark.parametrize("content", [None, b"no database"], ids=["gone", "damaged"])
def test_a_copy_that_is_lost_while_it_answers_is_brought_again(place: Place, content: bytes | None):
    follower = place.follower()
    follower.check()
    copy = place.cache / "devices.duckdb"
    copy.unlink()
    if content:
        copy.write_bytes(content)
    follower.check()
    assert (place.built_at(), follower.error) == (OLD, None)
    assert follower.status()["version"] is not None


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_server_killed_at_the_swap_finds_a_whole_copy(
    place: Place, builds: list[Folders], monkeypatch: pytest.MonkeyPatch, moment: str
):
    follower = place.follower()
    follower.check()
    place.publish(builds[1])
    real = Path.replace

    def killed(path: Path, target: Path) -> Path:
        if path.suffix == ".duckdb" and moment == "after":
            real(path, target)
        if path.suffix == ".duckdb":
            raise KeyboardInterrupt
        return real(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            follower.check()
    again = place.follower()
    assert again.pointer.version[:8] == {"before": "20261101", "after": "20261102"}[moment]
    again.check()
    assert place.built_at() == NEW


def test_servers_that_share_a_cache_bring_a_version_once(place: Place, builds: list[Folders]):
    one, other = place.follower(), place.follower()
    one.check()
    other.check()
    place.publish(builds[1])
    with Cached(place.cache).locked():
        other.check()
    assert (other.error, place.built_at()) == (None, OLD)
    left = place.cache / f"{INCOMING}999.duckdb"
    left.write_bytes(b"left by one that was killed")
    one.check()
    assert not left.exists()
    other.check()
    assert other.status()["version"] == one.status()["version"]
    assert other.error is None


def test_a_full_disk_keeps_what_was_there(place: Place, builds: list[Folders], monkeypatch):
    follower = place.follower()
    follower.check()
    place.publish(builds[1])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        follower.check()
    assert follower.error == "the cache: No space left on device"
    assert place.built_at() == OLD
    follower.check()
    follower.check()
    assert place.built_at() == NEW


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "not there"), (500, "status 500"), (403, "status 403"), (0, "cannot be reached")],
)
def test_a_web_server_that_fails_is_told_plainly(site: Site, tmp_path: Path, status: int, words: str):
    site.page_at("/depot/latest.json", b"busy", status=status or 500)
    url = site.url if status else "http://127.0.0.1:9"
    follower = Follower(open_depot(f"{url}/depot"), Cached(tmp_path), 60, MOST)
    follower.check()
    assert words in follower.error
    assert url not in follower.error
    assert follower.pointer is None


BAD_USAGE = {
    "gs://bucket": "unknown scheme",
    "https://user:key@host/depot": "keys go into the environment",
    "https://host/depot?signature=x": "keys go into the environment",
}


@pytest.mark.parametrize(("address", "words"), BAD_USAGE.items())
def test_a_bad_address_is_bad_usage(address: str, words: str, capsys: pytest.CaptureFixture[str]):
    assert main(["serve", "--data", address]) == 2
    assert words in capsys.readouterr().err


def test_a_folder_with_a_build_of_its_own_is_no_cache(place: Place, capsys: pytest.CaptureFixture[str]):
    place.cache.mkdir()
    (place.cache / "devices.duckdb").write_bytes(b"built here")
    assert main(["serve", "--data", place.address, "--cache", str(place.cache)]) == 2
    assert "devices.duckdb in it came from no depot" in capsys.readouterr().err
    assert (place.cache / "devices.duckdb").read_bytes() == b"built here"


def test_without_any_data_the_server_ends_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(follow, "FIRST_SECONDS", 0.3)
    address = str(tmp_path / "empty")
    before = threading.enumerate()
    assert main(["serve", "--data", address]) == 3
    found = capsys.readouterr().err
    assert f"{address}: latest.json: not there" in found
    # Left at work it keeps DuckDB from being freed, and stderr fills with words of leaks.
    assert "follower" not in [thread.name for thread in threading.enumerate() if thread not in before]


def test_database_and_data_exclude_each_other(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--data", "x", "--database", "y"])
    assert ended.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def ready(url: str) -> dict[str, Any]:
    status, body, _ = get(f"{url}/readyz")
    assert status == 200
    return json.loads(body)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def test_a_server_follows_under_load_and_outlives_its_depot(whole_builds: list[Folders], tmp_path: Path):
    depot, temporary = tmp_path / "depot", tmp_path / "temporary"
    temporary.mkdir()
    publish_to(whole_builds[0], str(depot))
    problems: list[Any] = []
    is_over = threading.Event()

    def hammer(url: str) -> None:
        while not is_over.is_set():
            status, body, _ = get(f"{url}/api/v1/check?q=SH-41A")
            if status != 200:
                problems.append((status, body))

    environment = os.environ | {"TMPDIR": str(temporary)}
    options = ("--check-seconds", "0.2", "--rate", "1000000/second")
    with explorer(str(depot), *options, env=environment) as url:
        threads = [threading.Thread(target=hammer, args=(url,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            assert ready(url)["built_at"] == OLD
            publish_to(whole_builds[1], str(depot))
            wait_until(lambda: ready(url)["built_at"] == NEW)
            assert ready(url)["depot"]["version"].startswith("20261102")
            depot.rename(tmp_path / "gone")
            wait_until(lambda: ready(url)["status"] == "stale")
            about = ready(url)["depot"]
            assert (about["error"], about["version"][:8]) == ("latest.json: not there", "20261102")
            assert get(f"{url}/lite?q=SH-41A")[0] == 200
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
    assert problems == []
    # The copy goes with the server.
    assert list(temporary.glob("mynaportal-*")) == []


def test_workers_follow_in_one_cache(whole_builds: list[Folders], tmp_path: Path):
    depot, cache = tmp_path / "depot", tmp_path / "cache"
    publish_to(whole_builds[0], str(depot))
    Follower(open_depot(str(depot)), Cached(cache), 60, MOST).check()
    port = free_port(2)
    options = ("--workers", "2", "--cache", str(cache), "--check-seconds", "0.2")
    with explorer(str(depot), *options, port=port):
        urls = [f"http://127.0.0.1:{port + number}" for number in range(2)]
        for url in urls:
            wait_until(lambda url=url: is_there(url))
        publish_to(whole_builds[1], str(depot))
        for url in urls:
            wait_until(lambda url=url: ready(url)["built_at"] == NEW)
    assert sorted(path.name for path in cache.iterdir()) == [".lock", "devices.duckdb", "followed.json"]


def is_there(url: str) -> bool:
    try:
        return get(f"{url}/readyz")[0] == 200
    except OSError:
        return False


def test_the_answers_are_those_of_the_database_that_was_published(
    place: Place, whole_builds: list[Folders], built: Folders
):
    place.publish(whole_builds[1])
    place.follower().check()
    mine, theirs = (
        check(load_dataset(path), "SH-41A") for path in (place.cache / "devices.duckdb", built.database)
    )
    assert mine["answers"] == theirs["answers"]
    assert mine["answers"][0]["status"] in set(Status)
