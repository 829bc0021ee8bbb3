"""What `serve` takes to follow a depot, and the follower that comes of it."""

import argparse
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from crawler.depot.place import BadDepot, open_depot
from explorer.web.address import BadAddress
from explorer.web.arguments import whole_number
from explorer.web.cached import Cached, NotOurs
from explorer.web.follow import Follower

CHECK_SECONDS = 60.0
MOST_MEGABYTES = 2048


def add_following(command: argparse.ArgumentParser, data: argparse._MutuallyExclusiveGroup) -> None:
    """Add the options; `data` is the group of those that say where the data are."""
    words = "follow a depot of `python -m crawler publish`: a folder, file://, s3:// or https:// address"
    data.add_argument("--data", metavar="URL", help=words)
    words = "folder for the copy of its database, from which a server starts again without the depot"
    command.add_argument("--cache", type=Path, metavar="DIR", help=words)
    command.add_argument(
        "--check-seconds", type=_seconds, default=CHECK_SECONDS, metavar="N", help="between looks at it (60)"
    )
    command.add_argument(
        "--max-megabytes",
        type=whole_number("megabytes", 1, 1 << 20),
        default=MOST_MEGABYTES,
        metavar="N",
        help="largest database (2048)",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0.1 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"expected seconds from 0.1 to 86400, found {text!r}")
    return seconds


@contextmanager
def following(options: argparse.Namespace) -> Iterator[Follower]:
    """Give the follower of `--data` once it has something to answer from.

    Without `--cache` the copy lies in a temporary folder that goes with the block. Raises `BadAddress`
    for a depot or a folder that cannot be used, `NoData` when nothing came.
    """
    passing = None if options.cache else tempfile.TemporaryDirectory(prefix="mynaportal-")
    folder = Path(passing.name if passing else options.cache)
    try:
        try:
            cached = Cached(folder)
            depot = open_depot(options.data)
        except BadDepot as error:
            raise BadAddress(f"--data {error}") from error
        except NotOurs as error:
            raise BadAddress(f"--cache {folder}: {error}") from error
        except OSError as error:
            raise BadAddress(f"--cache {folder}: cannot be written to ({error.strerror})") from error
        signal.signal(signal.SIGTERM, partial(_leave, passing))
        follower = Follower(depot, cached, options.check_seconds, options.max_megabytes << 20)
        try:
            follower.bring_first()
            yield follower
        finally:
            follower.stop()
    finally:
        _clear(passing)


def _clear(passing: "tempfile.TemporaryDirectory[str] | None") -> None:
    if passing:
        shutil.rmtree(passing.name, ignore_errors=True)
        passing.cleanup()


def _leave(passing: "tempfile.TemporaryDirectory[str] | None", *_: object) -> None:
    """End by the signal as any server does, but without leaving a copy behind."""
    _clear(passing)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)
