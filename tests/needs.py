"""What a test needs and a plain machine may lack: it is skipped, and says so.

With MYNA_<WHAT>=required, which `.ci/run` sets, it fails instead.
"""

import os

import pytest


def need(found: object, what: str, remedy: str, variable: str) -> None:
    """Skip where nothing was found; `what` and `remedy` are for a reader, `variable` is that of `.ci/run`."""
    if not found:
        message = f"no {what} here: {remedy}"
        if os.environ.get(variable) == "required":
            pytest.fail(message)
        pytest.skip(message)
