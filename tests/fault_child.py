"""Runs `python -m crawler …` with one thing going wrong: `python -m tests.fault_child FAULT ARGS…`.

FAULT is JSON: {"at": "module:name.name", "with": "text in the arguments", "call": 1, "when": "before",
"do": "kill"}. What it does: kill (SIGKILL to itself), limit (no file may grow beyond `bytes`, as on a
full disk). Without "at" it is done at once; {"do": "bind"} lets file permissions bind root, too.
"""

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def main(fault: dict[str, Any], arguments: list[str]) -> int:
    if fault.get("apart") is False:
        _export_here()
    if "at" in fault:
        _patch(fault)
    else:
        _do(fault, arguments)
    from crawler.__main__ import main as crawler_main

    return crawler_main(arguments)


def _do(fault: dict[str, Any], arguments: list[str]) -> None:
    if fault["do"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault["do"] == "limit":
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault["bytes"], hard))
    elif fault["do"] == "bind":
        _bind()
        os.execv(sys.executable, [sys.executable, "-m", "crawler", *arguments])


def _bind() -> None:
    """Give up what lets root write where the permissions forbid it; holds after the next exec."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "this machine does not let root give up its powers")


def _patch(fault: dict[str, Any]) -> None:
    """Do the fault before or after the n-th call of the function that `at` names."""
    module, _, path = fault["at"].partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    real: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def spoiled(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        is_meant = fault.get("with", "") in str(args)
        calls += is_meant
        is_now = is_meant and calls == fault.get("call", 1)
        if is_now and fault.get("when", "before") == "before":
            _do(fault, [])
        result = real(*args, **kwargs)
        if is_now and fault.get("when") == "after":
            _do(fault, [])
        return result

    setattr(owner, name, spoiled)


def _export_here() -> None:
    """Write the exports in this process, so that the fault meets them too."""
    import crawler.refresh
    from crawler.exports import write_exports

    crawler.refresh.export_apart = write_exports  # type: ignore[assignment]


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
