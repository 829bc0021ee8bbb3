"""What takes a found device back to a mere candidate: the text speaks of something else. Pure."""

import re

from crawler.names import Match, match_key
from explorer.index import Found, Index
from explorer.reading import DIGITS, is_half_typed, joined_numbers

# `SH-41A以外`, `SH-41Aじゃない`: the text names what it does not mean, or a thing for it.
OTHER_THAN = re.compile(
    "以外|じゃな[いか]|ではな[いか]|後継|より前|以前|似[たて]|ケース|カバー|フィルム|充電器"
    # `iPhone 15用` is something for it; `ドコモ用` and `au用` is a device of that carrier.
    r"|(?<=[0-9a-z+)])(?<!au)(?<!uq)(?<!docomo)(?<!softbank)(?<!mobile)\s*用",
    re.IGNORECASE,
)
READER = re.compile("カードリーダ|リーダライタ|card reader", re.IGNORECASE)


def held(index: Index, text: str, found: Found, name: str = "") -> Found:
    """Return what was found, as mere candidates where the text speaks of something else.

    `name` is the part of the text that was searched: the 1.5 of an OS beside it is no 15.
    """
    if found.match is Match.NONE:
        return found
    is_reader_meant = READER.search(text) and found.device_id not in index.readers
    # A number of the world catalogue counts as typed, not as read out: シーS22 is no CS22.
    is_read_out = (
        found.device_id is not None
        and found.device_id not in index.japan
        and match_key(found.model_number or "") not in match_key(text)
    )
    # `MIVE ケースマ` is a phone.
    is_its_name = match_key(text) == match_key(index.names.get(found.device_id or "", ""))
    is_other_meant = OTHER_THAN.search(text) and not is_its_name
    if is_other_meant or is_reader_meant or is_read_out:
        return Found(Match.NONE, candidates=found.candidates)
    return _without_joined_digits(index, name or text, found)


def _without_joined_digits(index: Index, text: str, found: Found) -> Found:
    """Take an answer back that closed up two numbers: `iPhone 1/7`, `iPhone いち7` is no iPhone 17."""
    joined, number = joined_numbers(text), match_key(found.model_number or "")
    is_by_number = bool(number) and number in match_key(text)
    if joined & set(DIGITS.findall(_number_in_pieces(text, found))):
        return Found(Match.NONE, candidates=found.candidates)
    for device_id in [found.device_id] if found.device_id else [one for one, _ in found.candidates]:
        numbers = set(DIGITS.findall(index.names.get(device_id, "")))
        if joined & numbers or (not is_by_number and is_half_typed(text, numbers)):
            return Found(Match.NONE, candidates=found.candidates)
    return found


def _number_in_pieces(text: str, found: Found) -> str:
    """Return the model number when the text has only its beginning in one piece: `SH-4 docomo 1A`."""
    number, key = match_key(found.model_number or ""), match_key(text)
    beginning = re.match(r"[a-z]+\d", number)
    return number if beginning and beginning[0] in key and number not in key else ""
