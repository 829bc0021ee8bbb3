"""What a single line or note says on its own: a footnote, page furniture, a section of its row."""

import re
from collections.abc import Sequence

from crawler.names import Section, match_key
from crawler.parser.doubt import starts_later
from crawler.parser.footnotes import read_definitions
from crawler.parser.headings import SHORT_SENTENCE, TITLE_LIMIT
from crawler.parser.prose import INTRO, is_prose
from crawler.parser.tokens import has_model
from crawler.parser.words import (
    WHEN,
    closed_section,
    flat,
    has_word,
    is_later,
    is_when,
    keys,
    section_span,
    update_dates,
    words,
)

META = re.compile(r"\s*([^:：]{1,12}?)\s*[.:：]")
NOTE_START = re.compile(
    r"^(?:[のはもがごお、\s]|この|利用|使用|動作|読み?取り?|本|当該|機種|端末|製品|現在|現時点|今回|[0-9年月日]"
    r"|.[」』)）]?(?:印|マーク)(?:[のが]?(?:付い|つい)た|付き)?)*$"
)
PARTIAL = re.compile(r"一部|場合|のみ|版|除|限|海外|モデル|ことが|おそれ|恐れ|可能性|際|とき|時は")
ABOUT_SERVICE = re.compile(r"マイナ|カード|証明書|アプリ|ログイン")
REASON = re.compile(r"(?:ため|ので|により|によって)[、\s]*$")
SURE_PLAN = re.compile(r"対応予定|今後対応|順次対応|準備中|未定|対応待ち")
HAS_LATIN = re.compile("[A-Za-z0-9]")
PHONE_WORD = re.compile("フォン|ホン|スマホ|ケータイ|携帯|タブレット|パッド")
OPEN_END = re.compile(r"[~〜]\s*$")


def row_section(here: Section, own: Section | None, notes: Sequence[str]) -> Section:
    """Return the section of a row: its own words and notes may take it out of LISTED, never into it."""
    stated = _closed(own) or _closed(here)
    if stated is not None:
        return stated
    return next(filter(None, map(note_section, notes)), Section.LISTED)


def note_section(note: str) -> Section | None:
    """Return PLANNED or EXCLUDED when a note says so of the whole row, None when it is only a condition."""
    if flat(note) in words("no"):
        return Section.EXCLUDED
    section = closed_section(note)
    if section is None:
        is_later_note = is_later(note) or (is_when(note) and OPEN_END.search(flat(note)))
        return Section.PLANNED if is_later_note or (len(note) <= TITLE_LIMIT and starts_later(note)) else None
    if section is Section.PLANNED:
        is_plan = bool(SURE_PLAN.search(note)) or len(note) <= SHORT_SENTENCE
        return Section.PLANNED if is_plan else None
    if section is Section.EXCLUDED:
        start, _ = section_span(note)
        is_whole = bool(NOTE_START.match(note[:start]))
        is_said = ABOUT_SERVICE.search(note) or REASON.search(note[:start].removesuffix("ご"))
        is_about = bool(is_said) and not PARTIAL.search(note)
        return Section.EXCLUDED if is_whole or is_about else None
    return None


def is_footnote(text: str) -> bool:
    """Tell the line of a footnote from a device behind a `*` that is a bullet."""
    definitions = read_definitions(text)
    if not definitions:
        return False
    mark, note = definitions[0]
    is_bullet = mark.family in ("*", "") and not mark.number and has_model(note) and not is_prose(note)
    return bool(note) and not is_bullet and not any(update_dates(text))


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a line, the note behind a `※` uncut."""
    body, sign, note = text.partition("※")
    parts = re.split("(?<=。)(?![)）」』])", body)
    parts = [part for part in parts if part.strip()] or [""]
    return [*parts[:-1], parts[-1] + sign + note]


def may_be_name(text: str) -> bool:
    """Tell a possible device name: a letter, a digit or a word for a phone, and no date first."""
    return not WHEN.match(flat(text)) and bool(HAS_LATIN.search(flat(text)) or PHONE_WORD.search(text))


def is_lone_mark(text: str) -> bool:
    """Tell a mark whose footnote stands beside it, in a `dd`."""
    return [note for _, note in read_definitions(text)] == [""]


def is_announcement(text: str) -> bool:
    """Tell a `※` line that is set before the devices of a section: `※以下は対応予定です`."""
    return closed_section(text) is not None and (bool(INTRO.search(text)) or len(text) <= SHORT_SENTENCE)


def is_furniture(text: str) -> bool:
    """Tell labels such as `更新日時 : 2026/08/25`, links such as `PDFはこちら`, header words and rules.

    A line that speaks of 対応予定 or 対象外 is none, whatever else it prints.
    """
    if closed_section(text):
        return False
    label = META.match(flat(text))
    return (
        (label is not None and match_key(label[1]) in keys("meta"))
        or match_key(text) in keys("meta") | keys("column_name") | keys("blank")
        or text in words("blank")
        or any(update_dates(text))
        or has_word(text, "nav")
    )


def _closed(section: Section | None) -> Section | None:
    return None if section is Section.LISTED else section
