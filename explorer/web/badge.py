"""The answer for a device as a small picture (SVG) for other sites: the status in words, beside a colour.

The picture has no style sheet, script or link, so it stays the same wherever it is shown.
"""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from unicodedata import east_asian_width

from starlette.responses import Response

from crawler.names import Capability, Origin
from explorer.check import check_device
from explorer.days import say_day
from explorer.markup import SYMBOLS
from explorer.queries import Dataset
from explorer.web.problems import problem
from explorer.wording import LANGUAGES, say

MEDIA_TYPE = "image/svg+xml"
CARD_STYLE = Path(__file__).parent.parent / "card.css"
FONT = "Noto Sans JP,Noto Sans CJK JP,Hiragino Sans,Meiryo,sans-serif"
# In pixels; a narrow letter is about this share of the width of a Japanese one.
SIZE, LINE, EDGE, INSET = 16, 28, 8, 8
NARROW = 0.58
# As wide as a phone of 360 pixels has room for.
MOST_PIXELS = 328


def badge_answer(data: Dataset, name: str, asked: Mapping[str, str]) -> Response:
    """Return the picture `name` (`SH-41A.svg`), or the problem with it; `asked`: for, lang."""
    goal, language = asked.get("for", Capability.CARD_READING.value), asked.get("lang", LANGUAGES[0])
    for given, known, value in (("for", tuple(Capability), goal), ("lang", LANGUAGES, language)):
        if value not in known:
            return problem(400, f"{given}: expected one of {', '.join(known)}, found {value[:80]!r}")
    device_id = name.removesuffix(".svg")
    if device_id == name or device_id not in data.devices:
        detail = f"no badge {name[:200]!r}; expected DEVICE_ID.svg, and /api/v1/check?q= gives the id"
        return problem(404, detail)
    return Response(draw_badge(data, device_id, Capability(goal), language), media_type=MEDIA_TYPE)


def draw_badge(data: Dataset, device_id: str, capability: Capability, language: str) -> bytes:
    """Return the SVG of a device for one use, while no OS is given. Raises KeyError without such a device."""
    device, one = check_device(data, device_id, capability, language)
    is_bundled = any(proof["origin"] == Origin.BUNDLED for proof in one["evidence"])
    name, word = f"{device['maker']} {device['name']}", say(language, "status", one["status"])
    title = say(language, "ui_badge", "title", device=name, use=say(language, "capability", capability))
    lines = [
        _shortened(name, MOST_PIXELS - EDGE - 2 * INSET),
        f"{say(language, 'capability_short', capability)}:",
        f"{SYMBOLS[one['status']]} {word}",
        *([say(language, "ui_badge", "bundled")] if is_bundled else []),
    ]
    return _picture(
        lines,
        _colours()[one["status"]],
        f"{title}: {word}" + (f" ({say(language, 'ui_check', 'bundled')})" if is_bundled else ""),
        _about(data, language),
        language,
    )


def _about(data: Dataset, language: str) -> str:
    ui = {"data_day": {"day": say_day(language, data.data_at)}, "not_official": {}}
    said = [say(language, "ui", code, **values) for code, values in ui.items()]
    return " ".join([say(language, "ui_badge", "without_os"), *said])


def _picture(lines: list[str], colours: tuple[str, str], title: str, about: str, language: str) -> bytes:
    tone, pale = colours
    width = EDGE + 2 * INSET + max(map(_pixels, lines))
    height = INSET + LINE * len(lines)
    texts = [_text(text, number, tone if number == 2 else "#1A1A1C") for number, text in enumerate(lines)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" xml:lang="{language}" font-family="{FONT}" '
        f'font-size="{SIZE}">'
        f"<title>{escape(_clean(title))}</title><desc>{escape(_clean(about))}</desc>"
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" fill="#FFF" stroke="#767676"/>'
        f'<rect x="{EDGE}" y="{LINE * 2 + 2}" width="{width - EDGE - 1}" height="{LINE}" fill="{pale}"/>'
        f'<rect width="{EDGE}" height="{height}" fill="{tone}"/>{"".join(texts)}</svg>'
    ).encode()


def _text(text: str, number: int, colour: str) -> str:
    weight = ' font-weight="700"' if number in (0, 2) else ""
    # The width is said, not left to the fonts of the reader: so the text ends where the picture does.
    return (
        f'<text x="{EDGE + INSET}" y="{LINE * number + 22}" fill="{colour}"{weight} '
        f'textLength="{_pixels(text)}" lengthAdjust="spacing">{escape(_clean(text))}</text>'
    )


def _shortened(text: str, most: int) -> str:
    if _pixels(text) <= most:
        return text
    while _pixels(text + "…") > most:
        text = text[:-1]
    return text.rstrip() + "…"


def _pixels(text: str) -> int:
    wide = sum(east_asian_width(letter) in "WFA" for letter in _clean(text))
    return round(SIZE * (wide + NARROW * (len(_clean(text)) - wide)))


def _clean(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return "".join(letter for letter in text if letter.isprintable())


@cache
def _colours() -> dict[str, tuple[str, str]]:
    """Return status -> (colour of the word, colour behind it): those of the card."""
    found: dict[str, tuple[str, str]] = {}
    style = CARD_STYLE.read_text(encoding="utf-8")
    for names, tone, pale in re.findall(r"(.*) \{ --tone: (#\w+); --pale: (#\w+); \}", style):
        stated = re.findall(r"\.word\.(\w+)", names) or SYMBOLS
        found |= dict.fromkeys(stated, (tone, pale))
    return found
