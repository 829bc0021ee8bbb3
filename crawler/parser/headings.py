"""Which lines are headings, and what each one opens. In doubt a section is not LISTED."""

import re

from crawler.names import Section, match_key
from crawler.parser.doubt import doubtful_section, is_due, maker_before_doubt, starts_later
from crawler.parser.footnotes import take_marks
from crawler.parser.makers import known_maker
from crawler.parser.markup import HEADINGS
from crawler.parser.outline import DT_LEVEL, LIST_LEVEL, PROSE_LEVEL, TABLE_LEVEL, Head, Outline
from crawler.parser.pieces import Line
from crawler.parser.prose import announced_section, announces, is_calm, is_prose
from crawler.parser.statuses import front_word
from crawler.parser.tokens import has_model
from crawler.parser.unknown import asking_heading, is_asking
from crawler.parser.words import (
    EDGES,
    closed_section,
    flat,
    has_word,
    is_carrier,
    is_later,
    is_maker,
    is_mixed,
    is_when,
    keys,
    pattern,
    section_of,
    section_span,
    update_dates,
    when_of,
    without,
    without_edition,
    words,
)

GLYPHS = "■□◆◇▼▽★☆▶▷◎§"
BULLETS = re.compile(r"^(?:[・•●○◦‣▪▸►➢✓✔＊*]|[-–—－]\s|[(（]?[0-9０-９]{1,3}[.．)）](?=\s|\D)|[①-⑳])\s*")
ENCLOSED = re.compile(r"([【＜<〈《≪\[［「『〔])([^】＞>〉》≫\]］」』〕]{1,60})[】＞>〉》≫\]］」』〕]\s*(.*)")
RELATED = re.compile(r"^.{0,12}(?:ランキング|関連(?:する)?(?:FAQ|質問))")
LEAD = re.compile(r"^(?:現在|現時点|その他|以下|下記|次)")
PARTICLES = "のにでをはがとなるもすいごし"
BARE_STYLES = ("text", "li", "td", "th", "dd", "span")
LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
TITLE_LIMIT, SHORT_SENTENCE, SHORT_STOPPED = 40, 20, 12
MAX_DEPTH = 40


def read_heading(line: Line, outline: Outline, has_list: bool) -> tuple[Head | None, str]:
    """Return (the heading that a line is, the rest of the line that is not heading).

    `has_list`: whether a list or table follows directly, which makes a short bare line a heading.
    """
    text, marks, inline = take_marks(line.text)
    text = without_edition(text) or text
    head, rest = _read_text(text, line, outline, has_list)
    if head is None:
        return None, line.text
    head.line, head.is_link, head.marks = line.text, line.is_link, marks
    head.notes += [inline] if inline else []
    return head, rest


def _read_text(text: str, line: Line, outline: Outline, has_list: bool) -> tuple[Head | None, str]:
    if is_prose(text) and line.style not in HEADINGS:
        return _read_prose(text, line, outline, has_list), ""
    word = front_word(BULLETS.sub("", text).lstrip(GLYPHS)) if line.style not in HEADINGS else ""
    if word and not has_word(word, "topic"):
        # `【取り消し】Pixel 9` says it of that device, `【検討機種】` of those behind it, too.
        return None, ""
    core, style, rest = _unwrap(text, line)
    is_marked = style not in BARE_STYLES
    section = section_of(core)
    if not core or (
        has_model(core) and (section is None or not is_marked or is_device_like(left_over(core)))
    ):
        return None, ""
    level = _level(line, style, outline)
    is_title = has_list and not is_marked and len(core) <= TITLE_LIMIT and not BULLETS.match(text)
    head = (
        _section_heading(core, rest, level, is_marked)
        or (_doubtful_heading(core, rest, level) if is_marked or is_title else None)
        or (asking_heading(core, level) if is_marked or is_title else None)
        or _plain_heading(core, level, style, is_marked, outline)
    )
    if head is None and is_title:
        head = _title(core, level, style, outline)
    if head is None:
        return None, ""
    outline.kinds.setdefault(style, head.kind)
    is_used = head.section is not None and not has_model(rest) and section_of(rest) is not None
    return head, "" if is_used else rest


def _unwrap(text: str, line: Line) -> tuple[str, str, str]:
    """Return (heading text without its sign, style, text behind a closed bracket)."""
    bare = BULLETS.sub("", text).strip()
    style = line.style
    if bare[:1] and bare[0] in GLYPHS:
        style = bare[0] if style not in HEADINGS else style
        bare = bare.lstrip(GLYPHS + " \u3000")
    match = ENCLOSED.fullmatch(bare)
    if match:
        return match[2].strip(), match[1] if style not in HEADINGS else style, match[3].strip()
    return bare.rstrip(":： \u3000"), style, ""


def _level(line: Line, style: str, outline: Outline) -> float:
    if line.style == "span":
        return TABLE_LEVEL
    if line.style == "li-head":
        return LIST_LEVEL + min(line.depth, MAX_DEPTH)
    if line.style == "dt":
        return DT_LEVEL
    return LEVELS.get(style) or outline.level_of(style)


def _read_prose(text: str, line: Line, outline: Outline, has_list: bool) -> Head | None:
    """A sentence opens a section when it announces the devices below it, or is as short as a heading.

    An announcement in unknown words asks about the devices below it.
    """
    section, asks = None, ""
    for sentence in filter(announces, text.split("。")):
        section = announced_section(sentence) or section
        asks = asks or ("" if section or is_calm(sentence) else text)
    is_set = line.style not in BARE_STYLES or text[0] in GLYPHS or bool(ENCLOSED.match(text))
    limit = (
        (TITLE_LIMIT if is_set else SHORT_SENTENCE) if "。" not in text else SHORT_STOPPED if is_set else 0
    )
    if section is None and len(text) <= limit and not has_word(text, "brand"):
        section = closed_section(text)
    if section is None and is_due(text) and (has_list or len(text) <= SHORT_SENTENCE):
        section = Section.PLANNED
    if has_model(text) or (section is None and not asks):
        return None
    if section is None:
        return Head(PROSE_LEVEL, "topic", "", notes=[asks])
    level = _level(line, line.style, outline) if is_set else PROSE_LEVEL
    return Head(level, "section", "", section, when_of(text))


def _section_heading(core: str, rest: str, level: float, is_marked: bool) -> Head | None:
    whole = f"{core}（{rest}）" if rest and section_of(rest) and not has_model(rest) else core
    section = section_of(whole)
    if is_when(core):
        later = Section.PLANNED if is_later(core) else None
        return Head(level, "when", core.strip(EDGES), later, core.strip(EDGES))
    if section in (None, Section.LISTED) and starts_later(whole):
        section = Section.PLANNED
    maker = _maker_before(whole)
    is_odd = section is Section.LISTED and is_asking(whole)
    if section is None or (section is Section.LISTED and doubtful_section(whole)) or (is_odd and not maker):
        return None
    left = left_over(whole)
    if not is_marked and (
        left if section is Section.LISTED else is_device_like(left) or has_word(core, "brand")
    ):
        return None
    if maker and not is_marked and not is_maker(maker):
        return None
    if maker:
        notes = [whole] if is_odd else []
        return Head(level, _maker_kind(maker), maker, section, when_of(whole), is_scoped=True, notes=notes)
    text = left if is_maker(left) else ""
    return Head(level, "section", text, section, when_of(whole), is_soft=is_mixed(whole))


def _doubtful_heading(core: str, rest: str, level: float) -> Head | None:
    """Return the heading for status words that are not known; a device with a brand is none."""
    whole = f"{core}（{rest}）" if rest and not has_model(rest) else core
    section = doubtful_section(whole)
    is_other = has_word(core, "brand") and not has_word(core, "topic")
    if section is None or is_other or is_maker(core) or is_carrier(core) or has_word(core, "nav"):
        return None
    maker = maker_before_doubt(whole)
    kind = "maker" if maker else "section"
    return Head(level, kind, maker, section, when_of(whole), is_scoped=bool(maker), is_doubt=True)


def left_over(text: str) -> str:
    """Return what a heading says beside its section words, dates and nouns such as 機種."""
    when = when_of(text)
    text = text.replace(when, "") if when else text
    text = without(text, "section_excluded", "section_planned", "section_listed", "topic")
    text = LEAD.sub("", text.strip(EDGES)).strip(PARTICLES)
    return text.strip(EDGES)


def is_device_like(text: str) -> bool:
    return (
        has_word(text, "brand")
        or has_model(text)
        or bool(re.search("[A-Za-z0-9]", flat(text)) and not is_maker(text))
    )


def _maker_before(text: str) -> str:
    """Return the maker in front of section words, `シャープ（対応予定）`, '' when there is none."""
    start, _ = section_span(text)
    if not start:
        match = pattern("section_listed").search(flat(text))
        start = match.start() if match else 0
    head = text[:start].strip(EDGES).removesuffix("の").removesuffix("製").strip(EDGES)
    is_name = bool(head) and not has_word(head, "topic") and len(head) <= TITLE_LIMIT and not is_prose(head)
    opening = text[: start + 1].rstrip()[len(head) :].strip()
    return head if is_maker(head) or (is_name and opening[:1] in tuple("（([［【:：-－／/")) else ""


def _maker_kind(text: str) -> str:
    return "maker" if is_maker(text) else "title"


def _plain_heading(core: str, level: float, style: str, is_marked: bool, outline: Outline) -> Head | None:
    """Return the heading for a known maker, carrier or topic, or for a short text set as a heading."""
    if match_key(core) in keys("other_maker"):
        return Head(level, "maker", "")
    maker = known_maker(core)
    if maker and not (is_carrier(core) and outline.kinds.get(style) == "carrier"):
        return Head(level, "maker", maker)
    if is_carrier(core):
        return Head(level, "carrier", core)
    if not is_marked and not RELATED.search(core):
        return Head(level, "topic", core) if match_key(core) in keys("topic") else None
    if has_word(core, "nav"):
        return Head(level, "nav", core)
    is_topic = has_word(core, "topic") or match_key(core) in keys("meta") or any(update_dates(core))
    if (is_topic and not has_word(core, "brand")) or len(core) > TITLE_LIMIT or is_prose(core):
        asks = announces(core) and not is_calm(core)
        return Head(level, "topic", core, notes=[core] if asks else [])
    return _title(core, level, style, outline)


def _title(core: str, level: float, style: str, outline: Outline) -> Head | None:
    """Return the heading for unknown words: a device with a brand, a maker where makers have that style."""
    if not core or core in words("blank"):
        return None
    if match_key(core) in keys("brand") or (has_word(core, "brand") and "シリーズ" in core):
        return Head(level, "series", core)
    if has_word(core, "brand"):
        return Head(level, "device", core)
    return Head(level, "maker" if outline.kinds.get(style) == "maker" else "title", core)
