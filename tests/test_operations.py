"""The files that run the refresh every night: workflow, its report, systemd units, cron line."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.markdown import blocks
from tests.ports import free_port

ROOT = Path(__file__).parent.parent
WORKFLOW = (ROOT / ".github/workflows/refresh.yml").read_text(encoding="utf-8")
OPERATE = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
FAKE_GH = """#!/usr/bin/env bash
echo "$@" >> "$CALLS"
while [ $# -gt 0 ]; do [ "$1" != --body-file ] || cat "$2" >> "$BODY"; shift; done
"""


def report(tmp_path: Path, code: int, open_issue: str = "") -> tuple[list[str], str]:
    """Run the report script with a `gh` that only writes down how it was called."""
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir(exist_ok=True)
    gh.write_text(
        FAKE_GH + f'grep -q "issue list" <<< "$(tail -1 "$CALLS")" && echo "{open_issue}"\nexit 0\n'
    )
    gh.chmod(0o755)
    calls, body = tmp_path / "calls", tmp_path / "body"
    calls.write_text("")
    body.write_text("")
    (tmp_path / "report.json").write_text(json.dumps({"sources": {"faq-7261": {"result": "failed"}}}))
    environment = {"PATH": f"{gh.parent}:{os.environ['PATH']}", "CALLS": str(calls), "BODY": str(body)}
    command = [
        str(ROOT / ".github/report-refresh.sh"),
        str(code),
        str(tmp_path / "report.json"),
        "https://run",
    ]
    subprocess.run(command, env=environment, check=True, timeout=20)
    return [" ".join(line.split()[:3]) for line in calls.read_text().splitlines()], body.read_text()


def publish_step(tmp_path: Path, region: str) -> str:
    """Run the lines of the step `publish` with a Python that only tells its region; return what it told."""
    lines = re.search(r"- name: publish\n.*?run: \|\n((?: {10}[^\n]*\n)+)", WORKFLOW, re.DOTALL)
    assert lines
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@" "${AWS_DEFAULT_REGION-none}"\n')
    python.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "DEST": "s3://my bucket", "AWS_DEFAULT_REGION": region}
    command = ["bash", "-e", "-c", textwrap.dedent(lines[1])]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, timeout=20, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("region", "told"), [("", "none"), ("eu-west-1", "eu-west-1")])
def test_the_workflow_publishes_with_the_region_that_is_set(tmp_path: Path, region: str, told: str):
    assert publish_step(tmp_path, region) == f"-m crawler publish s3://my bucket {told}"


@pytest.mark.parametrize(
    ("code", "open_issue", "called"),
    [
        (0, "", []),
        (0, "7", ["issue close 7"]),
        (1, "", ["issue create --title"]),
        (3, "7", ["issue comment 7"]),
        (2, "7", ["issue comment 7"]),
    ],
)
def test_one_issue_is_open_while_the_refresh_fails_and_closed_when_it_is_good(
    tmp_path: Path, code: int, open_issue: str, called: list[str]
):
    calls, body = report(tmp_path, code, open_issue)
    assert calls == ["issue list --state", *called]
    assert ("faq-7261" in body, f"Exit code {code}:" in body) == (code != 0, code != 0)


def test_the_workflow_runs_alone_every_night_and_commits_only_when_asked():
    for words in ('cron: "17 18 * * *"', "workflow_dispatch:", "concurrency:\n  group: refresh"):
        assert words in WORKFLOW
    assert WORKFLOW.count("git push") == 1
    commit = WORKFLOW[WORKFLOW.index("- name: commit") :]
    condition = next(line.strip() for line in commit.splitlines() if line.strip().startswith("if:"))
    assert condition == "if: inputs.commit || vars.COMMIT_NIGHTLY == 'true'"
    assert "git push" in commit
    assert re.search(r"commit:\n.*\n\s+type: boolean\n\s+default: false", WORKFLOW)
    # A value that a person types goes through the environment, never into the text of a script.
    runs = re.findall(r"run: (?:\|\n((?:\s{10}.*\n)+)|(.*))", WORKFLOW)
    assert runs
    assert not any("${{" in block or "${{" in line for block, line in runs)


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ROOT / "docs/systemd" / name, encoding="utf-8")
    return parser


def test_the_systemd_units_run_the_refresh_every_night():
    service, timer = unit("mynaportal-devices.service"), unit("mynaportal-devices.timer")
    assert service["Service"]["ExecStart"].endswith(".venv/bin/python -m crawler refresh")
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["OnCalendar"] == "*-*-* 03:17:00 Asia/Tokyo"
    assert timer["Timer"]["Persistent"] == "true"
    if tool := shutil.which("systemd-analyze"):
        asked = subprocess.run(
            [tool, "calendar", timer["Timer"]["OnCalendar"]], capture_output=True, text=True, check=False
        )
        assert asked.returncode == 0, asked.stderr


def test_the_pages_tell_how_to_run_it_every_night():
    for words in ("refresh.yml", "mynaportal-devices.timer", "17 3 * * * "):
        assert words in README
        assert words in OPERATE
    (cron,) = re.findall(r"^ +(17 3 \* \* \* .*)$", OPERATE, re.MULTILINE)
    assert cron.endswith(".venv/bin/python -m crawler refresh >> data/refresh.log 2>&1")


def test_the_night_to_try_runs_as_it_is_written(tmp_path: Path):
    night, bad_night, end = blocks("operate.md", "sh")
    script = f'{night}\n{bad_night}\necho "folders: $site $MYNA_STATE"\n{end}'
    script = re.sub("^python ", f"'{sys.executable}' ", script, flags=re.MULTILINE)
    script = script.replace(":8000", f":{(port := free_port())}").replace(" 8000 ", f" {port} ")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MYNA_")}
    environment |= {"TMPDIR": str(tmp_path), "PYTHONUTF8": "1"}
    command = ["bash", "-u", "-c", script]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, timeout=120, capture_output=True, text=True, check=True
    )
    assert re.findall(r"^faq-7261: (new|FAILED)", done.stdout, re.MULTILINE) == ["new", "FAILED"]
    assert re.findall("^(rebuilt|restamped) ", done.stdout, re.MULTILINE) == ["rebuilt", "restamped"]
    first, second = re.findall(r"^ +.*\[([a-z_]+)\]$", done.stdout, re.MULTILINE)
    assert first == second in ("supported", "conditional")
    assert str(tmp_path) in done.stdout
    assert list(tmp_path.iterdir()) == []
