"""A real browser for the tests: Debian's Chromium, driven by Playwright, on the explorer as a process.

Without a browser these tests are skipped, and say so; with MYNA_BROWSER=required they fail instead
(`.ci/run` sets it). `.ci/run` also brings axe-core, the checker of accessibility.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.needs import need
from tests.ports import free_port

ROOT = Path(__file__).parent.parent
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
SIZES = [pytest.param(PHONE, id="360x740"), pytest.param(DESK, id="1280x800")]
# The first is the same engine without windows, and quicker.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(os.environ.get("MYNA_AXE") or ROOT / ".venv/axe/node_modules/axe-core/axe.min.js")
READY_SECONDS = 30.0


def need_for_pages(found: object, what: str) -> None:
    """Skip without what a browser test needs; fail where it must be there."""
    need(found, what, "see .ci/run for how to install it", "MYNA_BROWSER")


@contextlib.contextmanager
def explorer(data: Path | str, *options: str, port: int = 0, **popen: Any) -> Iterator[str]:
    """Run the explorer on a database (a path) or a depot (an address) and give its own address.

    The process ends with the block.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "explorer", "serve", "--port", str(port)]
    command += ["--database" if isinstance(data, Path) else "--data", str(data)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*command, *options], cwd=ROOT, **quiet, **popen)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str, process: "subprocess.Popen[bytes]", seconds: float = READY_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the explorer ended at once"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within {seconds:.0f} s")


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Give a browser of Playwright; skips where there is none."""
    need_for_pages(CHROMIUM, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def settled(page: Any) -> Any:
    """Wait until Streamlit has drawn the page; return it."""
    page.wait_for_selector("footer.data, [role=alert]", timeout=20_000)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stApp]')?.matches('[data-test-script-state=running]')"
        " && !document.querySelector('[data-testid=stSkeleton]')",
        timeout=20_000,
    )
    return page


def serious(page: Any) -> list[str]:
    """Return what axe-core calls serious or critical on a page, as `rule: place`."""
    need_for_pages(AXE.exists(), "axe-core")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
