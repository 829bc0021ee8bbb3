"""Command line: `python -m crawler crawl | build | refresh | publish | doctor | status | …`.

Exit codes: 0 good, 1 a page or a guard refused, 2 bad usage, input or surroundings (disk full, another
refresh at work), 3 nothing could be reached.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from crawler.changelog import describe_changes
from crawler.dictionary import data_dictionary
from crawler.directions import directions
from crawler.doctor import examine
from crawler.publish import publish_to
from crawler.refresh import Asking, build, crawl, refresh
from crawler.report import EXIT_GOOD, EXIT_USAGE, as_json, exit_code, progress, result_lines
from crawler.sources import BadInput, Folders, load_sources
from crawler.status import describe
from crawler.usage import base_urls, parser

log = logging.getLogger("crawler")
Ask = Callable[..., dict[str, Any]]


def main(argv: list[str] | None = None) -> int:
    options = parser(COMMANDS).parse_args(argv)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    log.setLevel(logging.INFO)
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    try:
        return int(options.run(options, Folders()))
    except BadInput as error:
        return _stop(options, str(error))
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_GOOD
    except OSError as error:
        return _stop(
            options, f"{error.filename or 'a file'}: {error.strerror}; what was published before stays"
        )
    except Exception as error:
        log.exception("this is a mistake of the program, please report it")
        return _stop(options, f"{type(error).__name__}: {error}; what was published before stays")


def _stop(options: argparse.Namespace, reason: str) -> int:
    print(f"error: {reason}", file=sys.stderr)
    if getattr(options, "json", False):
        print(as_json({"error": reason, "exit_code": EXIT_USAGE}))
    return EXIT_USAGE


def _crawl(options: argparse.Namespace, folders: Folders) -> int:
    return _run(options, folders, crawl)


def _refresh(options: argparse.Namespace, folders: Folders) -> int:
    return _run(options, folders, refresh)


def _run(options: argparse.Namespace, folders: Folders, ask: Ask) -> int:
    elsewhere = _base_urls(options, folders)
    if elsewhere and not os.environ.get("MYNA_STATE"):
        raise BadInput(
            "--base-url: pages of another server would enter the archive as official ones; "
            "set MYNA_STATE to a folder for the trial"
        )
    asking = Asking(elsewhere, options.budget, options.source, options.accept)
    count = len(asking.chosen(folders))
    for host, url in elsewhere.items():
        log.warning("%s is asked in the place of %s", url, host)
    if not options.json:
        print(f"asking for the pages, at most {options.budget:.0f} s in all", flush=True)
    with progress(count) as on_done:
        run = ask(folders, asking, on_done)
    code = exit_code(run)
    if options.json:
        print(as_json(run | {"exit_code": code}))
        return code
    for line in result_lines(run, folders.archive):
        print(line, flush=True)
    if "published" in run:
        print(f"{run['published']} {folders.database}")
    elif "error" in run:
        print(f"error: {run['error']}", file=sys.stderr)
    return code


def _build(options: argparse.Namespace, folders: Folders) -> int:
    build(folders)
    print(f"built {folders.database}")
    return EXIT_GOOD


def _doctor(options: argparse.Namespace, folders: Folders) -> int:
    elsewhere = _base_urls(options, folders)
    if elsewhere and options.save:
        raise BadInput("--save: only official pages are kept among the tests; leave --base-url out")
    asking = Asking(elsewhere, options.budget, options.source)
    return examine(folders, asking, print, options.save)


def _status(options: argparse.Namespace, folders: Folders) -> int:
    for line in describe(folders):
        print(line)
    return 0


def _changes(options: argparse.Namespace, folders: Folders) -> int:
    for line in describe_changes(folders, options.since):
        print(line)
    return 0


def _dictionary(options: argparse.Namespace, folders: Folders) -> int:
    print(data_dictionary(), end="")
    return 0


def _publish(options: argparse.Namespace, folders: Folders) -> int:
    done = publish_to(folders, options.destination, options.keep, options.force)
    if options.json:
        print(as_json(done | {"exit_code": EXIT_GOOD}))
        return EXIT_GOOD
    print(f"{done['published']} {done['version']} at {done['destination']}")
    for verb in ("uploaded", "removed"):
        if done[verb]:
            print(f"{verb}: {', '.join(done[verb])}")
    for warning in done["warnings"]:
        log.warning("%s", warning)
    return EXIT_GOOD


def _base_urls(options: argparse.Namespace, folders: Folders) -> dict[str, str]:
    pairs = options.base_url or os.environ.get("MYNA_BASE_URLS", "").split()
    return base_urls(pairs, directions(load_sources(folders.data), {}).hosts)


COMMANDS = {
    "crawl": _crawl,
    "refresh": _refresh,
    "doctor": _doctor,
    "build": _build,
    "status": _status,
    "dictionary": _dictionary,
    "changes": _changes,
    "publish": _publish,
}

if __name__ == "__main__":
    sys.exit(main())
