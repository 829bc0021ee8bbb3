"""What the commands take from a terminal."""

import argparse
from collections.abc import Callable
from ipaddress import ip_network


def whole_number(what: str, least: int, most: int) -> Callable[[str], int]:
    """Return what argparse makes of a whole number within these limits; other texts are told plainly."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected {what} from {least} to {most}, found {text!r}")
        return int(text)

    return read


def addresses(text: str) -> str:
    """Return a text that is `*`, empty, or lists addresses and networks: uvicorn passes over all else."""
    for one in () if text in ("*", "") else text.split(","):
        try:
            ip_network(one.strip())
        except ValueError:
            words = f"expected addresses or networks such as 127.0.0.1,10.0.0.0/8, found {one.strip()!r}"
            raise argparse.ArgumentTypeError(words) from None
    return text
