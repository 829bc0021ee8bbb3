"""Publishing a build: whole or not at all, safe to run twice, together, and to be killed anywhere."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from crawler.__main__ import main
from crawler.depot.place import LATEST
from crawler.depot.pointer import Pointer
from crawler.finished import finished_build
from crawler.publish import publish_to
from crawler.sources import BadInput, Folders
from tests.depots import failing_at, latest, moment, new_bucket, opened, s3_server, small_build, spoil_pointer

ROOT = Path(__file__).parent.parent
NAMES = {
    "devices.duckdb",
    "devices.csv",
    "changes.csv",
    "compat.parquet",
    "keys.parquet",
    "index.json",
    "datapackage.json",
    "changes.atom",
}
DAYS = [f"2026-11-{day:02}T18:17:00.123456+00:00" for day in range(1, 6)]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[Folders]:
    """Builds of neighbouring nights, the oldest first; read-only."""
    home = tmp_path_factory.mktemp("builds")
    return [small_build(home / day[:10], day) for day in DAYS]


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with s3_server() as environment:
        yield environment


@pytest.fixture(params=["folder", "bucket"])
def depot(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty depot of each kind."""
    if request.param == "folder":
        return str(tmp_path / "depot")
    request.getfixturevalue("server")
    return new_bucket()


def test_a_publish_has_all_files_and_its_pointer_their_checksums(builds: list[Folders], depot: str):
    done = publish_to(builds[0], depot)
    pointer = latest(depot)
    assert pointer
    assert set(pointer.files) == NAMES
    assert (done["published"], set(done["uploaded"])) == ("new", NAMES)
    assert pointer.version == done["version"]
    assert pointer.version.startswith("20261101T181700Z-")
    assert (pointer.built_at, pointer.previous) == (moment(DAYS[0]), None)


def test_publishing_twice_uploads_nothing_and_moves_nothing(builds: list[Folders], depot: str):
    publish_to(builds[0], depot)
    publish_to(builds[1], depot)
    before = latest(depot)
    done = publish_to(builds[1], depot)
    assert (done["published"], done["uploaded"], latest(depot)) == ("unchanged", [], before)
    assert before.previous


def test_a_damaged_or_missing_file_of_a_version_is_repaired(builds: list[Folders], tmp_path: Path):
    depot = tmp_path / "depot"
    version = depot / "versions" / publish_to(builds[0], str(depot))["version"]
    database = version / "devices.duckdb"
    database.write_bytes(database.read_bytes()[:-100] + b"x" * 100)
    (version / "devices.csv").unlink()
    done = publish_to(builds[0], str(depot))
    assert (done["published"], done["uploaded"]) == ("repaired", ["devices.csv", "devices.duckdb"])
    assert latest(str(depot))


@pytest.mark.parametrize(
    ("depot", "is_done_first"),
    [("folder", False), ("folder", True), ("bucket", True)],
    indirect=["depot"],
    ids=["folder-before", "folder-after", "bucket"],
)
def test_a_failure_at_any_operation_leaves_the_version_before(
    builds: list[Folders], depot: str, is_done_first: bool, monkeypatch: pytest.MonkeyPatch
):
    publish_to(builds[0], depot)
    old = latest(depot)
    with finished_build(builds[1]) as whole:
        # All files go the same way; over the network one of them is enough.
        names = ["index.json"] if depot.startswith("s3") else [*whole.pointer.files]
        files = {name: whole.pointer.files[name] for name in names}
        build = replace(whole, pointer=replace(whole.pointer, files=files))
        monkeypatch.setattr("crawler.publish.finished_build", lambda _: nullcontext(build))
        for number in range(1, 100):
            is_told = True
            with failing_at(number, is_done_first) as made, contextlib.suppress(BadInput):
                publish_to(builds[1], depot)
                # What fails in the pruning, which comes last, is no failure of the publish.
                is_told = False
            found = latest(depot)
            assert found == old or found.version == build.pointer.version
            # Told as a failure, the pointer may have moved only as the very last thing.
            assert found == old or is_done_first or not is_told
            if made[0].count < number:
                break
            begin_anew(depot, old, build.pointer.version)
    assert number > 5 + 3 * len(files)
    assert latest(depot).version == build.pointer.version


def begin_anew(address: str, old: Pointer, version: str) -> None:
    """Put a depot back to where it was before the version."""
    depot = opened(address)
    with contextlib.suppress(FileNotFoundError):
        depot.fs.rm(depot.path(f"versions/{version}"), recursive=True)
    depot.fs.pipe_file(depot.path(LATEST), old.as_json())


FAULTS = [
    *({"at": "crawler.upload:put", "call": call} for call in (1, 9)),
    {"at": "crawler.upload:_settle", "call": 3},
    {"at": "crawler.upload:put", "call": 9, "when": "after"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_killed_publish_is_completed_by_the_next(builds: list[Folders], tmp_path: Path, fault: dict):
    depot = tmp_path / "depot"
    publish_to(builds[0], str(depot))
    old = latest(str(depot))
    command = [sys.executable, "-m", "tests.fault_child", json.dumps(fault | {"do": "kill"})]
    environment = os.environ | {"MYNA_STATE": str(builds[1].state)}
    killed = subprocess.run([*command, "publish", str(depot)], cwd=ROOT, env=environment, timeout=60)
    assert killed.returncode == -9
    is_moved = fault.get("when") == "after"
    assert (latest(str(depot)) == old) is not is_moved
    publish_to(builds[1], str(depot))
    assert latest(str(depot)).built_at == moment(DAYS[1])
    assert not list(depot.rglob("*.partial"))


def test_two_publishers_at_once_leave_the_newer_build(builds: list[Folders], depot: str):
    gate = threading.Barrier(4)
    refused: list[str] = []

    def run(folders: Folders) -> None:
        gate.wait()
        try:
            publish_to(folders, depot)
        except BadInput as error:
            refused.append(str(error))

    threads = [threading.Thread(target=run, args=(builds[number],)) for number in (0, 1, 1, 0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert latest(depot).built_at == moment(DAYS[1])
    assert all("newer than this one" in text for text in refused)


def test_an_older_build_is_refused_unless_forced(builds: list[Folders], depot: str):
    publish_to(builds[1], depot)
    newer = latest(depot)
    with pytest.raises(BadInput, match="newer than this one"):
        publish_to(builds[0], depot)
    assert latest(depot) == newer
    publish_to(builds[0], depot, is_forced=True)
    assert (latest(depot).built_at, latest(depot).previous) == (moment(DAYS[0]), newer.version)


def versions(depot: str) -> list[str]:
    return sorted(path.name[:8] for path in (Path(depot) / "versions").iterdir())


def test_old_versions_go_and_nothing_else_does(builds: list[Folders], tmp_path: Path):
    depot = str(tmp_path / "depot")
    for folders in builds[:4]:
        publish_to(folders, depot)
    other = tmp_path / "depot" / "versions" / "notes"
    other.mkdir()
    (tmp_path / "elsewhere").mkdir()
    link = other.with_name("20250101T000000Z-0123456789ab")
    link.symlink_to(tmp_path / "elsewhere")
    done = publish_to(builds[4], depot, keep=3)
    assert [name[:8] for name in done["removed"]] == ["20261102", "20261101"]
    assert versions(depot) == ["20250101", "20261103", "20261104", "20261105", "notes"]
    publish_to(builds[4], depot, keep=1)
    # The one before the newest stays: somebody may be downloading it.
    assert versions(depot) == ["20250101", "20261104", "20261105", "notes"]
    assert (tmp_path / "elsewhere").exists()


def test_in_a_bucket_old_versions_go_too(builds: list[Folders], server: dict[str, str]):
    depot = new_bucket() + "/a/b"
    for folders in builds[:4]:
        done = publish_to(folders, depot, keep=2)
    assert [name[:8] for name in done["removed"]] == ["20261102"]
    assert latest(depot).previous[:8] == "20261103"


@pytest.mark.parametrize("damage", ["devices.csv", "devices.duckdb", "index.json", "missing"])
def test_a_half_written_build_is_not_published(builds: list[Folders], tmp_path: Path, damage: str):
    state = shutil.copytree(builds[0].state, tmp_path / "state")
    folders = Folders(state=state)
    if damage == "missing":
        (folders.exports / "compat.parquet").unlink()
    elif damage == "devices.duckdb":
        shutil.copy(builds[1].database, folders.database)
    else:
        (folders.exports / damage).write_bytes(b"half")
    with pytest.raises(BadInput, match="make build"):
        publish_to(folders, str(tmp_path / "depot"))
    assert not (tmp_path / "depot").exists()


def test_a_pointer_that_is_none_of_ours_is_replaced_only_by_force(builds: list[Folders], tmp_path: Path):
    publish_to(builds[0], str(tmp_path))
    spoil_pointer(tmp_path, version="../../etc")
    with pytest.raises(BadInput, match="--force"):
        publish_to(builds[1], str(tmp_path))
    publish_to(builds[1], str(tmp_path), is_forced=True)
    assert latest(str(tmp_path)).built_at == moment(DAYS[1])


BAD = {
    "gs://bucket": "unknown scheme 'gs'",
    "https://example.com/depot": "unknown scheme 'https'",
    "simplecache::s3://bucket": "unknown scheme",
    "s3://": "no bucket is named",
    "s3://key:secret@bucket": "keys go into the environment",
    "s3://no-such-bucket/depot": "the bucket is not there",
    "file://host/depot": "expected file:///folder",
    "": "expected a folder",
    "/proc/depot": "no folder that can be written to",
    "/etc/hostname": "no folder that can be written to",
}


@pytest.mark.parametrize(("address", "words"), BAD.items())
def test_a_bad_destination_is_told_plainly(
    builds: list[Folders],
    server: dict[str, str],
    address: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("MYNA_STATE", str(builds[0].state))
    assert main(["publish", address]) == 2
    found = capsys.readouterr().err
    assert words in found
    assert "Traceback" not in found
    assert "secret" not in found


def test_a_store_that_does_not_answer_is_told_plainly(builds: list[Folders], monkeypatch: pytest.MonkeyPatch):
    for name, value in {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "a"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    with pytest.raises(BadInput, match="cannot be reached"):
        publish_to(builds[0], "s3://bucket")


def test_without_s3fs_the_extra_is_named(builds: list[Folders], monkeypatch: pytest.MonkeyPatch):
    def missing(*_: object, **__: object) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "filesystem", missing)
    with pytest.raises(BadInput, match=r"mynaportal-devices\[s3\]"):
        publish_to(builds[0], "s3://bucket")


def test_a_full_disk_leaves_the_version_before(builds: list[Folders], tmp_path: Path):
    depot = str(tmp_path / "depot")
    publish_to(builds[0], depot)
    old = latest(depot)
    fault = json.dumps({"do": "limit", "bytes": 100_000})
    command = [sys.executable, "-m", "tests.fault_child", fault, "publish", depot, "--json"]
    environment = os.environ | {"MYNA_STATE": str(builds[1].state)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "no room left" in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr
    assert latest(depot) == old


def test_the_package_describes_every_file_and_column(builds: list[Folders], tmp_path: Path):
    publish_to(builds[0], str(tmp_path))
    pointer = latest(str(tmp_path))
    package = json.loads((tmp_path / pointer.path_of("datapackage.json")).read_text())
    about = {one["path"]: one for one in package["resources"]}
    assert set(about) == NAMES - {"datapackage.json"}
    for name, one in about.items():
        wanted = pointer.files[name]
        assert (one["bytes"], one["hash"]) == (wanted.bytes, f"sha256:{wanted.sha256}")
    for name in ("devices.csv", "changes.csv"):
        header = (tmp_path / pointer.path_of(name)).read_text("utf-8-sig").splitlines()[0]
        assert [field["name"] for field in about[name]["schema"]["fields"]] == header.split(",")
    fields = [field for one in about.values() for field in one.get("schema", {}).get("fields", ())]
    assert len(fields) > 30
    assert [field["name"] for field in fields if not field["description"]] == []
    assert package["licenses"]
    assert package["sources"]


def test_the_pointer_can_be_read_by_eye_and_names_the_files(builds: list[Folders], tmp_path: Path):
    done = publish_to(builds[0], str(tmp_path))
    about = json.loads((tmp_path / LATEST).read_text())
    assert about["files"]["devices.duckdb"]["path"] == f"versions/{done['version']}/devices.duckdb"
    assert about["built_at"] == DAYS[0]
