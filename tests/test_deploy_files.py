"""docs/deploy: image, services and refresh loop, as far as their files show without containers."""

import json
import os
import re
import signal
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.__main__ import COMMANDS
from crawler.usage import parser as crawler_parser
from explorer.__main__ import _parser as explorer_parser

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "docs/deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, one in SERVICES.items() if one["image"] == "mynaportal-devices"]
EXPLORERS = ["explorer-1", "explorer-2"]
PARSERS = {"crawler": lambda: crawler_parser(COMMANDS), "explorer": explorer_parser}


def steps(text: str, word: str) -> list[str]:
    return re.findall(rf"^{word} +(.*)$", text, re.MULTILINE)


def last_stage() -> str:
    return DOCKERFILE[DOCKERFILE.rindex("\nFROM") :]


def tracked() -> list[str]:
    """Return the files in git; none where the tests run without it."""
    result = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return result.stdout.splitlines()


def sent_to_build(path: str) -> bool:
    """Tell whether the ignore file lets a path of the repository through."""
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    kept = [line[1:] for line in lines if line.startswith("!")]
    return any(path == one or path.startswith(f"{one}/") for one in kept)


def test_the_image_runs_as_nobody_of_power_and_says_how_it_is():
    assert steps(last_stage(), "USER")[-1] == "10001:10001"
    assert "/readyz" in steps(last_stage(), "HEALTHCHECK")[0]
    assert not re.search(r"\b(pip|apt-get|apk|curl|wget|gcc|make)\b", last_stage())
    assert re.search(r"pip .*--constraint constraints\.txt", DOCKERFILE)
    assert "[dev" not in DOCKERFILE


def test_every_image_has_its_version():
    images = steps(DOCKERFILE, "FROM") + [one["image"] for name, one in SERVICES.items() if name not in OURS]
    assert len(images) >= 5
    assert [one for one in images if not re.search(r":[\w.-]*\d{2}", one) or ":latest" in one] == []


def test_what_is_copied_is_there_and_in_git_and_sent():
    for step in steps(DOCKERFILE, "COPY"):
        if step.startswith("--from"):
            continue
        for source in step.split()[:-1]:
            assert (ROOT / source).exists(), source
            below = [one for one in tracked() if one == source or one.startswith(f"{source}/")]
            assert below or not tracked()
            assert all(map(sent_to_build, below)), source
    assert not sent_to_build("data/archive/runs.jsonl")
    assert not sent_to_build("data/devices.duckdb")
    assert not sent_to_build(".git/config")


def test_what_the_program_reads_beside_its_code_is_in_the_image():
    copied = [source for step in steps(DOCKERFILE, "COPY") for source in step.split()[:-1]]
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {one.partition(".")[0] for one in packages} | {"data", ".streamlit"}
    needed = [one for one in tracked() if one.partition("/")[0] in folders]
    assert [one for one in needed if not any(one.startswith(source) for source in copied)] == []


def commands() -> dict[str, list[str]]:
    """Return the Python commands of image, services and refresh loop, by where they stand."""
    found = {"Dockerfile": json.loads(steps(last_stage(), "CMD")[-1])}
    found |= {name: list(map(str, SERVICES[name]["command"])) for name in EXPLORERS}
    script = (DEPLOY / "refresh.sh").read_text(encoding="utf-8")
    for number, line in enumerate(re.findall(r"run (python .*?) \|\|", script)):
        arguments = SERVICES["refresh"]["command"][1:]
        found[f"refresh.sh {number}"] = line.replace('"$1"', str(arguments[0])).split()
    return found


@pytest.mark.parametrize("place", commands())
def test_the_commands_are_commands_of_ours(place: str):
    python, dash_m, package, *rest = commands()[place]
    assert (python, dash_m) == ("python", "-m")
    assert PARSERS[package]().parse_args(rest).run


def test_explorers_read_where_the_refresh_publishes():
    places = {name: SERVICES[name]["command"] for name in EXPLORERS}
    data = {command[command.index("--data") + 1] for command in places.values()}
    assert data == {SERVICES["refresh"]["command"][1]}
    for name in (*EXPLORERS, "refresh"):
        assert SERVICES[name]["environment"]["AWS_ENDPOINT_URL"] == f"http://{address_of('store')}:9000"
    assert SERVICES["explorer-1"]["environment"]["AWS_ACCESS_KEY_ID"].startswith("${STORE_READER:?")
    assert SERVICES["refresh"]["environment"]["AWS_ACCESS_KEY_ID"].startswith("${STORE_WRITER:?")


def address_of(name: str) -> str:
    return str(SERVICES[name]["networks"]["inside"]["ipv4_address"])


def test_nginx_and_explorers_know_each_other():
    servers = re.findall(r"server (\S+):8501", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    assert sorted(servers) == sorted([address_of(name) for name in EXPLORERS] * 2)
    for name in EXPLORERS:
        command = SERVICES[name]["command"]
        assert command[command.index("--trusted-proxy") + 1] == address_of("nginx")


def test_one_door_and_no_power_behind_it():
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["nginx"]
    for name, one in SERVICES.items():
        assert one["read_only"] is True, name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert not one.get("privileged"), name
        assert not [volume for volume in one.get("volumes", ()) if "docker.sock" in volume], name
    assert [name for name, one in SERVICES.items() if "healthcheck" not in one and name not in OURS] == [
        "bucket"
    ]


def test_the_store_writes_nowhere_but_to_its_volume_and_to_scratch_space():
    store = SERVICES["store"]
    writable = [*store["tmpfs"], *(volume.partition(":")[2] for volume in store["volumes"])]
    places = [one for one in store["command"] if one.startswith("/")]
    assert [one for one in places if not one.startswith(tuple(writable))] == []
    assert "--certs-dir" in store["command"]


def test_no_key_stands_in_the_files():
    named = [
        (key, value)
        for one in SERVICES.values()
        for key, value in one.get("environment", {}).items()
        if re.search("KEY|PASSWORD|USER|SECRET", key)
    ]
    assert len(named) >= 8
    assert [
        key for key, value in named if not re.fullmatch(r"\$\{STORE_[A-Z_]+:\?name it in \.env\}", value)
    ] == []


def test_what_is_mounted_and_depended_on_is_there():
    for name, one in SERVICES.items():
        for volume in one.get("volumes", ()):
            source = volume.split(":")[0]
            known = (DEPLOY / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]
            assert known, (name, volume)
        for other, how in one.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if other == "bucket" else "service_healthy"
            assert how == {"condition": wanted}
            assert other in SERVICES


def loop(tmp_path: Path, codes: dict[str, int], seconds: str) -> tuple["subprocess.Popen[bytes]", Path]:
    """Start refresh.sh with a python that writes down what it is asked, and ends with these codes."""
    log, stub = tmp_path / "log", tmp_path / "python"
    log.touch()
    cases = "".join(f"{verb}) exit {code};; " for verb, code in codes.items())
    stub.write_text(f'#!/bin/sh\necho "$@" >> "{log}"\ncase "$3" in {cases} esac\n')
    stub.chmod(0o755)
    path = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["sh", str(DEPLOY / "refresh.sh"), "s3://devices", seconds]
    return subprocess.Popen(command, env=path, stderr=subprocess.PIPE), log


def lines_of(log: Path, count: int) -> list[str]:
    deadline = time.monotonic() + 10
    while len(lines := log.read_text().splitlines()) < count:
        assert time.monotonic() < deadline, lines
        time.sleep(0.02)
    return lines


@pytest.mark.parametrize("codes", [{}, {"refresh": 1}, {"refresh": 3, "publish": 2}], ids=str)
def test_the_loop_refreshes_and_publishes_again_whatever_happened(tmp_path: Path, codes: dict[str, int]):
    process, log = loop(tmp_path, codes, "0")
    try:
        lines = lines_of(log, 4)
    finally:
        process.terminate()
    assert lines[:4] == ["-m crawler refresh", "-m crawler publish s3://devices"] * 2
    _, errors = process.communicate(timeout=10)
    for verb, code in codes.items():
        assert f"{verb}: exit code {code}" in errors.decode()


def test_the_loop_ends_at_once_when_it_is_told(tmp_path: Path):
    process, log = loop(tmp_path, {}, "86400")
    lines_of(log, 2)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert len(log.read_text().splitlines()) == 2
