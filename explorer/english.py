"""English for words that this project itself puts into names: `第3世代`, `Windows パソコン`. Pure."""

import re

ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def shown_name(name: str, language: str) -> str:
    """Return the name of a device as pages in `language` show it; names that makers coined stay."""
    if language == "ja" or name.isascii():
        return name
    name = re.sub(r"第(\d+)世代|初代", lambda found: f"{_ordinal(int(found[1] or 1))} generation", name)
    name = re.sub(r"(?<=\d)インチ", "-inch", name.replace("Windows パソコン", "Windows PC"))
    return re.sub(r"\s*（([ -~]+)）", r" (\1)", name)


def _ordinal(number: int) -> str:
    return ORDINALS.get(number, f"{number}th")
