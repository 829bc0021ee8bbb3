"""nginx as a plain process, with the very configuration of docs/deploy, for tests and for measuring.

Without nginx these tests are skipped, and say so; with MYNA_NGINX=required they fail instead
(`.ci/run` sets it).
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.needs import need
from tests.ports import free_port, wait_until_open

ROOT = Path(__file__).parent.parent
CONFIGURATION = ROOT / "docs/deploy/nginx.conf"
# Debian keeps it where only root looks.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
START_SECONDS = 10


def need_nginx() -> str:
    """Return the program; skips without it, fails where it must be there."""
    need(NGINX, "nginx", "`apt-get install nginx`, or your system's package of it", "MYNA_NGINX")
    return str(NGINX)


@contextmanager
def balancer(ports: Sequence[int], folder: Path, is_keeping: bool = True) -> Iterator[str]:
    """Run nginx in front of the servers on these ports of this machine; give its address.

    `folder` takes its files. `is_keeping`: answers are kept as the configuration says, else none is.
    """
    port = free_port()
    file = folder / "nginx.conf"
    file.write_text(rendered(ports, port, is_keeping), encoding="utf-8")
    options = "daemon off;" + (" user root;" if os.getuid() == 0 else "")
    command = [str(NGINX), "-p", f"{folder}/", "-c", str(file), "-g", options]
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(command, stderr=errors)
    try:
        wait_until_open(port, process, START_SECONDS, lambda: f"no nginx: {(folder / 'errors').read_text()}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def rendered(ports: Sequence[int], port: int, is_keeping: bool = True) -> str:
    """Return the configuration with other addresses: it listens on `port`, `ports` are the explorers."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    servers = re.compile(r"(?: +server \d.*\n)+")
    listed = "".join(f"server 127.0.0.1:{one} max_fails=2 fail_timeout=5s;\n" for one in ports)
    text = servers.sub(listed, text).replace("listen 8080", f"listen 127.0.0.1:{port}")
    return text if is_keeping else text.replace("proxy_cache answers;", "")
