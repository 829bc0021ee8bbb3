"""Reads one PDF from stdin under limits and prints one JSON object: `html`, or `expected` and `found`."""

import contextlib
import json
import logging
import resource
import sys
import warnings


def main(seconds: int, megabytes: int) -> None:
    """Set the limits, read, print. Ends with 0 whenever something is printed."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        said = _read(sys.stdin.buffer.read())
    except MemoryError:
        said = None
    # Said outside the handler: there the memory is still held.
    too_much = {"expected": f"a PDF read within {megabytes} MB", "found": "one that takes more memory"}
    sys.stdout.write(json.dumps(said or too_much))


def _read(body: bytes) -> dict[str, str]:
    from crawler.pdf.document import UnreadablePdf, pdf_html

    try:
        return {"html": pdf_html(body)}
    except UnreadablePdf as problem:
        return {"expected": problem.expected, "found": problem.found}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
