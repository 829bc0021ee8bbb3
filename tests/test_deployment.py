"""More than one machine, as plain processes: two explorers, nginx with the file of docs/deploy, a store.

Under load one explorer is killed and the store taken away. Nothing fails at nginx but what was open to
the killed one.
"""

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
import websockets

from crawler.__main__ import main
from crawler.sources import Folders
from tests.balancer import balancer, need_nginx
from tests.browser import wait_for
from tests.depots import new_bucket, s3_server
from tests.live_session import LiveSession
from tests.load import queries_of_tests
from tests.ports import free_port

ROOT = Path(__file__).parent.parent
ASKERS, VISITORS, MANY = 4, 6, 80
# Two at once, on a machine that may have two cores and other work.
START_SECONDS = 90
# Every page that is asked for holds a place for its session for a while.
LIMITS = ("--rate", "1000000/second", "--sessions", "10000")


@dataclass
class Seen:
    """What the people before nginx saw."""

    answered: int = 0
    failed: list[tuple[float, str, str]] = field(default_factory=list)
    live: int = 0
    killed_at: float = 0
    dropped: list[str] = field(default_factory=list)


@contextmanager
def explorers(data: str, count: int) -> Iterator[dict[int, "subprocess.Popen[bytes]"]]:
    """Run explorers that follow a store; give their ports and processes."""
    command = [sys.executable, "-m", "explorer", "serve", "--data", data, "--check-seconds", "0.5", *LIMITS]
    first = free_port(count)
    processes = {
        port: subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
        for port in range(first, first + count)
    }
    try:
        for port, process in processes.items():
            wait_for(f"http://127.0.0.1:{port}/readyz", process, START_SECONDS)
        yield processes
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(30)


def ready(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
        return json.loads(answer.read())


def pages_answered(port: int) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        counters = [line for line in answer.read().decode().splitlines() if 'path="explorer"' in line]
    return sum(float(line.split()[-1]) for line in counters if line.startswith("http_requests_total"))


async def places_at_both(url: str, ports: list[int]) -> list[str]:
    """Return as many places of visitors at the one explorer as at the other.

    nginx spreads the places by the addresses of the explorers, whose ports are others in each run.
    """
    found: dict[bool, list[str]] = {True: [], False: []}
    for number in range(0, 4096, 97):
        before, place = lead(ports), f"{number:03x}"
        request = urllib.request.Request(f"{url}/", headers={"cookie": f"place={place}"})
        urllib.request.urlopen(request, timeout=30).close()
        await until(lambda before=before: lead(ports) != before)
        found[lead(ports) > before].append(place)
        if min(map(len, found.values())) >= VISITORS // 2:
            break
    return [place for places in found.values() for place in places[: VISITORS // 2]]


def lead(ports: list[int]) -> float:
    """Return how many pages more the first explorer has answered: each look counts once at both."""
    return pages_answered(ports[0]) - pages_answered(ports[1])


async def ask(url: str, number: int, seen: Seen, is_over: asyncio.Event) -> None:
    """Ask for ever what nginx does not have, and what it does."""
    queries = queries_of_tests()[number::ASKERS]
    async with httpx2.AsyncClient(base_url=url, timeout=30) as client:
        turn = 0
        while not is_over.is_set():
            query, turn = queries[turn % len(queries)], turn + 1
            path = ("/lite?q=", "/api/v1/check?q=")[turn % 2] + quote(query) + f"&turn={turn}"
            for one in (path, "/api/v1/check?q=SH-41A", "/"):
                try:
                    answer = await client.get(one)
                    good = answer.status_code == 200
                except httpx2.HTTPError as error:
                    seen.failed.append((time.monotonic(), one, repr(error)))
                    continue
                if good:
                    seen.answered += 1
                else:
                    seen.failed.append((time.monotonic(), one, str(answer.status_code)))


async def visit(url: str, place: str, seen: Seen, is_over: asyncio.Event) -> None:
    """Use the live explorer for ever; come back with the same cookie when the connection is lost."""
    while not is_over.is_set():
        try:
            async with LiveSession(url, f"place={place}") as session:
                while not is_over.is_set():
                    assert "verdict" in await session.run("q=SH-41A")
                    seen.live += 1
                    await asyncio.sleep(0.1)
        except (websockets.ConnectionClosed, ConnectionError):
            seen.dropped.append(place)


async def live_through(url: str, ports: list[int], kill: Any, take_store: Any) -> tuple[Seen, int]:
    """Return what was seen, and how many live sessions the killed explorer had."""
    seen, is_over, places = Seen(), asyncio.Event(), await places_at_both(url, ports)
    people = [asyncio.create_task(ask(url, number, seen, is_over)) for number in range(ASKERS)]
    people += [asyncio.create_task(visit(url, place, seen, is_over)) for place in places]
    try:
        await until(
            lambda: sum(ready(port)["sessions"] for port in ports) == VISITORS and seen.live > VISITORS
        )
        had = ready(ports[0])["sessions"]
        seen.killed_at = time.monotonic()
        kill()
        await more(seen)
        await until(lambda: ready(ports[1])["sessions"] == VISITORS)
        take_store()
        await until(lambda: ready(ports[1])["status"] == "stale")
        await more(seen)
    finally:
        is_over.set()
        results = await asyncio.gather(*people, return_exceptions=True)
    assert [result for result in results if result is not None] == []
    return seen, had


async def more(seen: Seen) -> None:
    """Wait until many have been answered, and live sessions too, since now."""
    answered, live = seen.answered + MANY, seen.live + VISITORS
    await until(lambda: seen.answered > answered and seen.live > live)


async def until(is_so: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not await asyncio.to_thread(is_so):
        assert time.monotonic() < deadline, "it did not come to that"
        await asyncio.sleep(0.1)


def test_one_explorer_killed_and_the_store_gone_fail_nobody_else(
    built: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    need_nginx()
    monkeypatch.setenv("MYNA_STATE", str(built.state))
    with ExitStack() as running, ExitStack() as store:
        store.enter_context(s3_server())
        address = new_bucket()
        assert main(["publish", address]) == 0
        processes = running.enter_context(explorers(address, 2))
        ports = list(processes)
        url = running.enter_context(balancer(ports, tmp_path))
        seen, had = asyncio.run(live_through(url, ports, processes[ports[0]].kill, store.close))
        assert "error" in ready(ports[1])["depot"]
    # An answer whose head nginx had passed on cannot be asked for again. Those of the API and of /lite
    # come in one piece, a page of the explorer in two.
    cut = [path for _, path, error in seen.failed if "complete" in error]
    assert set(cut) <= {"/"}
    assert [one for one in seen.failed if one[1] not in cut or one[0] > seen.killed_at + 1] == []
    assert len(cut) <= ASKERS
    assert seen.answered > 2 * MANY
    assert had == VISITORS // 2
    assert len(seen.dropped) == had
