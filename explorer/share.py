"""An answer to hand on: its full address, a code to scan, and buttons to copy and to print. Pure."""

from functools import lru_cache, partial
from html import escape
from urllib.parse import urlencode, urlsplit

import segno

from explorer.markup import element
from explorer.wording import lang_of, say

SCALE = 4
LONGEST = 1200


def full_address(page_url: str, path: str, values: dict[str, str], language: str) -> str:
    """Return the address of an answer; `page_url` is where the browser is now, '' when not known.

    `path` is the page's own (`''` or `pc`). A `page_url` that is not of the web counts as not known:
    the address is then a relative one.
    """
    known = {name: value for name, value in values.items() if value} | lang_of(language)
    query = f"?{urlencode(known)}" if known else ""
    parts = urlsplit(page_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return f"./{path}{query}"
    folder = parts.path.rsplit("/", 1)[0]
    return f"{parts.scheme}://{parts.netloc}{folder}/{path}{query}"


@lru_cache(maxsize=256)
def code_svg(address: str) -> str:
    """Return a QR code as SVG in a data address: Streamlit takes drawings out of HTML, not pictures.

    Returns '' for an address too long for a camera to read off a screen.
    """
    if len(address) > LONGEST:
        return ""
    return segno.make(address, micro=False, error="l", boost_error=False).svg_data_uri(
        scale=SCALE, border=4, light="#fff"
    )


def share_box(address: str, language: str) -> str:
    """Return the part below the card: copy, print, and the code folded away."""
    ui = partial(say, language, "ui_share")
    copy = (
        f'<button type="button" class="plain" data-copy="{escape(address)}" '
        f'data-done="{escape(ui("copied"))}" data-failed="{escape(ui("not_copied"))}">'
        f"{escape(ui('copy'))}</button>"
    )
    print_button = f'<button type="button" class="plain" data-print="1">{escape(ui("print"))}</button>'
    said = '<p class="said" role="status"></p>'
    shown = element("p", ui("address")) + f'<p class="address" data-address="1">{escape(address)}</p>'
    return (
        f'<section class="share">{element("h2", ui("heading"))}'
        f'<div class="actions">{copy}{print_button}</div>{said}{shown}{_code(address, language)}</section>'
    )


def _code(address: str, language: str) -> str:
    ui = partial(say, language, "ui_share")
    drawing = code_svg(address) if address.startswith("http") else ""
    if not drawing:
        return ""
    picture = f'<img class="code" src="{escape(drawing)}" alt="{escape(ui("code_text"))}">'
    return f"<details>{element('summary', ui('code'))}{element('p', ui('code_how'))}{picture}</details>"


def print_lines(address: str, day: str, language: str) -> str:
    """Return what the printed sheet says besides the card; not shown on the screen."""
    ui = partial(say, language, "ui_share")
    lines = (
        ui("printed_on", day=day),
        ui("printed_from", address=address),
        say(language, "ui", "not_official"),
    )
    return f'<div class="on-paper">{"".join(element("p", line) for line in lines)}</div>'
