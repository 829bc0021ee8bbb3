"""The rules drawn on a page: table borders on one hand, strokes through text on the other."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from crawler.pdf.glyphs import Glyph

THIN = 2.5  # points; a filled rectangle no higher than this is a rule
TOUCH = 3.0  # points; what pdfplumber snaps and joins
SLANT = 1.0
STRIKE_BAND = 0.25  # the share of a letter's height, above and below, where a rule strikes nothing
LARGE = 1.8  # times the usual height; what is larger may be a stamp, and rules do not strike it
WHITES = ({1.0}, {0.0})
STEPS = 8  # parts of a bend
BENDS = ("c", "v", "y")  # operators of PDF that draw one
Point = tuple[float, float]
Slant = tuple[float, float, float, float]  # from x, y to x, y


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical rule."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_flat(self) -> bool:
        return self.x1 - self.x0 > self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Fill:
    """A coloured area without a drawn border."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def sides(self) -> list[Rule]:
        return _sides(self.x0, self.top, self.x1, self.bottom)


def read_rules(page: Any) -> tuple[list[Rule], list[Fill]]:
    """Return the rules and the coloured areas of a pdfplumber page; what is white is not printed."""
    rules: list[Rule] = []
    fills: list[Fill] = []
    for line in [*page.lines, *page.curve_edges]:
        rules += _straight(line["x0"], line["top"], line["x1"], line["bottom"], SLANT)
    for rect in page.rects:
        box = rect["x0"], rect["top"], rect["x1"], rect["bottom"]
        if not rect.get("stroke") and _is_white(rect.get("non_stroking_color")):
            continue
        if thin := _straight(*box, THIN):
            rules += thin
        elif rect.get("stroke"):
            rules += _sides(*box)
        else:
            fills.append(Fill(*box))
    return rules, fills


def _straight(x0: float, top: float, x1: float, bottom: float, limit: float) -> list[Rule]:
    """Return a thin area as the rule along its middle; a dot may be a part of either kind of rule."""
    found = []
    if bottom - top <= limit and x1 > x0:
        found.append(Rule(x0, (top + bottom) / 2, x1, (top + bottom) / 2))
    if x1 - x0 <= limit and bottom > top:
        found.append(Rule((x0 + x1) / 2, top, (x0 + x1) / 2, bottom))
    return found


def _sides(x0: float, top: float, x1: float, bottom: float) -> list[Rule]:
    flat = [Rule(x0, y, x1, y) for y in (top, bottom)]
    return flat + [Rule(x, top, x, bottom) for x in (x0, x1)]


def _is_white(color: Any) -> bool:
    parts = color if isinstance(color, (tuple, list)) else (color,)
    values = set(map(float, parts)) if _are_numbers(parts) else set()
    return bool(values) and values == WHITES[len(parts) == 4]


def _are_numbers(color: Sequence[Any]) -> bool:
    return all(isinstance(value, (int, float)) for value in color)


def read_slants(page: Any) -> list[Slant]:
    """Return the lines and curves of a page that are neither flat nor upright: they may cross out a row."""
    slants: list[Slant] = []
    for line in [*page.lines, *filter(_is_inked, page.curves)]:
        if line["x1"] - line["x0"] <= SLANT or line["bottom"] - line["top"] <= SLANT:
            continue
        for (x0, y0), (x1, y1) in pairwise(path_points(line)):
            if x0 != x1 and y0 != y1:
                slants.append((x0, y0, x1, y1))
    return slants


def _is_inked(curve: dict[str, Any]) -> bool:
    color = curve.get("stroking_color") if curve.get("stroke") else curve.get("non_stroking_color")
    return not _is_white(color)


def path_points(line: dict[str, Any]) -> Iterator[Point]:
    """Yield the points of a path, several on the way of each bend."""
    here: Point | None = None
    for operator, *points in line.get("path") or [("l", point) for point in line["pts"]]:
        if operator in BENDS and here is not None:
            first = here if operator == "v" else points[0]
            yield from (_bend(here, first, points[-2], points[-1], step / STEPS) for step in range(1, STEPS))
        if points:
            here = points[-1]
            yield here


def _bend(start: Point, first: Point, second: Point, end: Point, share: float) -> Point:
    """Return the place on a Bézier curve; where `y` gives one control point, `second` is that point."""
    rest = 1 - share
    weights = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
    parts = list(zip(weights, (start, first, second, end), strict=True))
    return sum(weight * x for weight, (x, _) in parts), sum(weight * y for weight, (_, y) in parts)


def _is_crossed(glyph: Glyph, slants: Sequence[Slant]) -> bool:
    x = (glyph.x0 + glyph.x1) / 2
    for x0, y0, x1, y1 in slants:
        y = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        if min(x0, x1) <= x <= max(x0, x1) and glyph.top <= y <= glyph.bottom:
            return True
    return False


def take_strikes(
    rules: Sequence[Rule], slants: Sequence[Slant], glyphs: Sequence[Glyph]
) -> tuple[list[Rule], list[Glyph]]:
    """Return the rules that strike nothing, and the characters with `is_struck` set."""
    flats = sorted((rule for rule in rules if rule.is_flat), key=lambda rule: rule.top)
    heights = [rule.top for rule in flats]
    usual = median(glyph.height for glyph in glyphs) if glyphs else 0
    strikes: set[Rule] = set()
    marked: list[Glyph] = []
    for glyph in glyphs:
        struck: list[Rule] = []
        is_crossed = False
        if not glyph.turn and glyph.text.strip() and glyph.height <= LARGE * usual:
            band = STRIKE_BAND * glyph.height
            first = bisect_left(heights, glyph.top + band)
            last = bisect_left(heights, glyph.bottom - band)
            center = (glyph.x0 + glyph.x1) / 2
            struck = [rule for rule in flats[first:last] if rule.x0 <= center <= rule.x1]
            is_crossed = _is_crossed(glyph, slants)
        strikes.update(struck)
        marked.append(_struck(glyph) if struck or is_crossed else glyph)
    return [rule for rule in rules if rule not in strikes], marked


def _struck(glyph: Glyph) -> Glyph:
    return Glyph(glyph.text, glyph.x0, glyph.top, glyph.x1, glyph.bottom, True, glyph.turn)
