"""What lies over or under the letters of a page: areas that hide them, and bars that strike them out.

pdfplumber sorts what is printed by its kind. What hides a letter is told by the order of printing: the
colour of a cell is printed before its text, what blots out a row after it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crawler.pdf.ruled import BAND, Box, PdfTable
from crawler.pdf.rules import STRIKE_BAND, TOUCH, Fill, Point, Rule, path_points

HIDES = 0.5  # the share of a letter's height that has to be covered, or nobody reads it
LOW = 0.75  # times the height of a letter; a lower area is a bar, no background
INSIDE = 0.2  # times the height of a letter, above and below its middle: inside of what covers it
NEAR = 0.2  # of 1; colours no further apart are not told from each other
PALE = 0.7  # the brightness from which a bar under letters marks them, and strikes nothing
WEIGHTS = (0.299, 0.587, 0.114)  # of red, green and blue in brightness
KINDS = ("rect", "curve", "image")
# In any other, an ink of its own say, 1 may be as dark as 0 is in these.
PLAIN_SPACES = {"DeviceGray", "DeviceRGB", "DeviceCMYK", "CalGray", "CalRGB", "ICCBased"}
Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Cover:
    """An area or a picture. `turn` is its place in the order of printing; `outline` only of a curve."""

    box: Box
    turn: int
    color: Color | None
    outline: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A printed letter, with its place in the order of printing."""

    text: str
    box: Box
    turn: int
    color: Color | None
    is_upright: bool

    @property
    def center(self) -> Point:
        x0, top, x1, bottom = self.box
        return (x0 + x1) / 2, (top + bottom) / 2

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


Pair = tuple[Letter, list[Cover]]


def read_covers(page: Any, chars: Sequence[dict[str, Any]]) -> list[Pair]:
    """Return each of some letters of a page with what is printed across its middle, in order of printing."""
    turns = _turns(page)
    bands: dict[int, list[Cover]] = {}
    for cover in sorted(_covers(page, turns), key=lambda cover: cover.turn):
        last = int(min(cover.box[3], page.height) // BAND)
        for band in range(int(max(cover.box[1], 0) // BAND), last + 1):
            bands.setdefault(band, []).append(cover)
    if not bands:
        return []
    wanted = set(map(id, chars))
    letters = [
        _letter(char, turn)
        for char, turn in zip(page.chars, turns["char"], strict=True)
        if id(char) in wanted and char["text"].strip()
    ]
    return [(letter, _at(letter, bands)) for letter in letters]


def _turns(page: Any) -> dict[str, list[int]]:
    """Return for each kind of object when each of them was printed, in pdfplumber's order."""
    turns: dict[str, list[int]] = {kind: [] for kind in ("char", *KINDS)}
    for turn, item in enumerate(_printed(page.layout)):
        turns.setdefault(type(item).__name__.removeprefix("LT").lower(), []).append(turn)
    return turns


def _printed(items: Any) -> Iterator[Any]:
    for item in items:
        if hasattr(item, "_objs"):
            yield from _printed(item)
        else:
            yield item


def _covers(page: Any, turns: dict[str, list[int]]) -> Iterator[Cover]:
    for kind in KINDS:
        for thing, turn in zip(page.objects.get(kind, []), turns[kind], strict=True):
            box = _box(thing)
            is_printed = kind == "image" or thing.get("fill")
            if not is_printed or min(box[2] - box[0], box[3] - box[1]) <= 0:
                continue
            outline = tuple(path_points(thing)) if kind == "curve" else ()
            yield Cover(box, turn, _color(thing.get("non_stroking_color")), outline)


def _letter(char: dict[str, Any], turn: int) -> Letter:
    color = _color(char.get("non_stroking_color")) if char.get("ncs") in PLAIN_SPACES else None
    return Letter(char["text"], _box(char), turn, color, bool(char["upright"]))


def _box(thing: dict[str, Any]) -> Box:
    return thing["x0"], thing["top"], thing["x1"], thing["bottom"]


def _color(color: Any) -> Color | None:
    """Return a colour of screens, None where that is not known: a pattern, say."""
    parts = color if isinstance(color, (tuple, list)) else (color,)
    if not all(isinstance(part, (int, float)) and 0 <= part <= 1 for part in parts):
        return None
    if len(parts) == 1:
        return parts[0], parts[0], parts[0]
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 4:
        red, green, blue = ((1 - ink) * (1 - parts[3]) for ink in parts[:3])
        return red, green, blue
    return None


def _at(letter: Letter, bands: dict[int, list[Cover]]) -> list[Cover]:
    x, y = letter.center
    inner = STRIKE_BAND * letter.height
    found = []
    for cover in bands.get(int(y // BAND), []):
        x0, top, x1, bottom = cover.box
        if x0 <= x <= x1 and top < letter.box[3] - inner and bottom > letter.box[1] + inner:
            found.append(cover)
    return found


def hidden_text(pairs: Sequence[Pair]) -> str:
    """Return the letters that nobody sees: blotted out later, or of one colour with what is under them."""
    return "".join(letter.text for letter, covers in pairs if _is_hidden(letter, covers))


def _is_hidden(letter: Letter, covers: Sequence[Cover]) -> bool:
    whole = [cover for cover in covers if _hides(cover, letter)]
    if any(cover.turn > letter.turn for cover in whole):
        return True
    ground = whole[-1].color if whole else None
    if ground is None or letter.color is None:
        return False
    return all(abs(one - two) < NEAR for one, two in zip(ground, letter.color, strict=True))


def _hides(cover: Cover, letter: Letter) -> bool:
    covered = min(cover.box[3], letter.box[3]) - max(cover.box[1], letter.box[1])
    if covered < HIDES * letter.height:
        return False
    x, y = letter.center
    steps = (-INSIDE * letter.height, 0.0, INSIDE * letter.height)
    return not cover.outline or all(_is_inside(x, y + step, cover.outline) for step in steps)


def _is_inside(x: float, y: float, outline: Sequence[Point]) -> bool:
    """Tell whether an odd number of the sides of an outline stands to the left of a point."""
    sides = 0
    for (x0, y0), (x1, y1) in pairwise([*outline, outline[0]]):
        if (y0 > y) != (y1 > y) and x0 + (y - y0) * (x1 - x0) / (y1 - y0) < x:
            sides += 1
    return sides % 2 == 1


def take_bars(fills: Sequence[Fill], pairs: Sequence[Pair]) -> tuple[list[Rule], list[Fill]]:
    """Return the bars that strike letters out, as rules, and the areas that are none of them.

    A rule is thin; a thicker stroke is printed as an area lower than the letters.
    """
    boxes = {cover.box for letter, covers in pairs for cover in covers if _is_bar(cover, letter)}
    rules = [Rule(x0, (top + bottom) / 2, x1, (top + bottom) / 2) for x0, top, x1, bottom in sorted(boxes)]
    return rules, [fill for fill in fills if (fill.x0, fill.top, fill.x1, fill.bottom) not in boxes]


def _is_bar(cover: Cover, letter: Letter) -> bool:
    """Tell a bar through the middle of a letter; a pale or white one where it was printed over the letter."""
    height = cover.box[3] - cover.box[1]
    is_low = height <= LOW * letter.height and not cover.outline and letter.is_upright
    away = abs((cover.box[1] + cover.box[3]) / 2 - letter.center[1])
    if not is_low or away >= (0.5 - STRIKE_BAND) * letter.height:
        return False
    if cover.turn > letter.turn:
        return True
    return cover.color is not None and _brightness(cover.color) < PALE


def _brightness(color: Color) -> float:
    return sum(part * weight for part, weight in zip(color, WEIGHTS, strict=True))


def pictures_over(page: Any, tables: Sequence[PdfTable]) -> list[str]:
    """Return a word for each picture over a table, even in one cell: what it says, ○ or ×, is not read."""
    boxes = [_box(image) for image in page.images]
    return ["a picture" for box in boxes if any(_is_over(box, table.box) for table in tables)]


def _is_over(box: Box, table: Box) -> bool:
    x0, top, x1, bottom = table
    across = min(box[2], x1) - max(box[0], x0)
    down = min(box[3], bottom) - max(box[1], top)
    # A picture that stands at the border of a table may touch it.
    return min(across, down) > min(TOUCH, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2)
