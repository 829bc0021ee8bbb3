"""Several whole servers on neighbouring ports, for a proxy in front that keeps a person at one of them.

A live session lives in one process, and so do the files it offers or is given: a proxy has to send
all requests of a person to the same one. The kernel, which spreads the connections of a shared port,
cannot.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence

CHECK_SECONDS = 0.5
STOP_SECONDS = 30


def run_workers(arguments: Sequence[str], ports: Sequence[int]) -> int:
    """Run `python -m explorer serve ARGUMENTS --port PORT` for each port until told to stop.

    One that dies is started again; one that cannot start ends them all, with its exit code.
    """
    command = [sys.executable, "-m", "explorer", "serve", *arguments, "--port"]
    is_over = False

    def stop(*_: object) -> None:
        nonlocal is_over
        is_over = True

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    # Only now: whoever stops this one stops them too.
    running = {port: _start(command, port) for port in ports}
    started = dict.fromkeys(ports, time.monotonic())
    code = 0
    while not is_over:
        time.sleep(CHECK_SECONDS)
        for port, process in running.items():
            if is_over or process.poll() is None:
                continue
            if time.monotonic() - started[port] < STOP_SECONDS:
                code, is_over = process.returncode or 1, True
                break
            words = f"the server on port {port} ended with {process.returncode}; starting it again"
            print(words, file=sys.stderr)
            running[port], started[port] = _start(command, port), time.monotonic()
    _stop(list(running.values()))
    return code


def _stop(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    """End them all; who does not end when told to is ended all the same."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start(command: Sequence[str], port: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*command, str(port)])
