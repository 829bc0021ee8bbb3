"""What the commands take from a terminal."""

import argparse
from collections.abc import Callable


def whole_number(what: str, least: int, most: int) -> Callable[[str], int]:
    """Return what argparse makes of a whole number within these limits; other texts are told plainly."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected {what} from {least} to {most}, found {text!r}")
        return int(text)

    return read
