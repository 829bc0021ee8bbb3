"""Keys of a name as it is said and typed: `エクスペリア5マーク2`, `xperia5mark2`. Pure.

Only the plain forms are stored, so that any SQL client finds them; the explorer reads freer ones.
"""

import re
from collections.abc import Iterator, Mapping

from crawler.names import fold, match_key

PIECES = re.compile(r"[a-z]+|\d+|[^a-z\d\s]+")
ROMANS = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


def spoken_keys(name: str, readings: Mapping[str, str]) -> Iterator[str]:
    """Yield further keys of a device name.

    `readings` maps a word to its first katakana reading. A roman numeral at the end counts as
    マーク and the number (`Xperia 5 II`), also written `mark` or `mk`.
    """
    pieces = PIECES.findall(fold(name).replace("+", " plus "))
    mark = ROMANS.get(pieces[-1]) if len(pieces) > 1 else None
    body = pieces[:-1] if mark else pieces
    said = [readings.get(piece, piece) for piece in body]
    if mark:
        for word in ("mark", "mk"):
            yield match_key("".join(body) + word + mark)
        yield match_key("".join(body) + readings.get("mk", "マーク") + mark)
        yield match_key("".join(said) + pieces[-1])
        said += [readings.get("mk", "マーク"), mark]
    if said != pieces:
        yield match_key("".join(said))
