"""Sentences that say something of devices printed elsewhere: `上記のうちXperia 1 VIは3月に対応予定です`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from crawler.items import Listing
from crawler.names import Section, fold, match_key
from crawler.parser.doubt import is_due, starts_later
from crawler.parser.footnotes import tidy
from crawler.parser.lines import PARTIAL
from crawler.parser.tokens import has_model, models_in
from crawler.parser.words import closed_section, has_word

ABOVE = re.compile(
    r"上記|これら|以上、|当該|(?<![0-9０-９])以上の(?:機種|端末|製品|モデル)|上の(?:表|機種|一覧)"
    r"|前の?(?:ページ|頁|表)の(?:機種|端末|製品|モデル|表|一覧|リスト)|前掲|前述|前記|左記|左の(?:表|機種|一覧)"
)
PAGE_BEFORE = re.compile(r"前の?(?:ページ|頁)|前掲|前述|前記")
# A mark of print that does not reach the rows: colour, weight, a ruled line.
UNSEEN = re.compile(
    r"網掛|網かけ|あみかけ|(?:グレー|灰色|色|赤|青|黄|緑|橙|ピンク|オレンジ|薄)(?:色|字|文字|い|の)?(?:で|に|が|の|は|部分|セル|行|表示|背景|塗|付|つ|枠|表記)"
    r"|着色|赤字|青字|朱書|太字|太枠|ボールド|下線|アンダーライン|取り?消し?線|斜体|斜字|イタリック|背景|ハイライト|塗りつぶ|白抜き|反転|マーカー"
)
BEYOND = re.compile(r"以外|(?:記載|掲載)の?(?:な|無)|に(?:な|無)い")
SURE_PLAN = re.compile(
    r"対応.{0,8}(?:予定|見込)|(?:予定|今後|順次).{0,6}対応|(?:準備|検証|開発|確認|調整|テスト)中|未定"
)
SHORTEST = 4


def said_section(text: str) -> Section | None:
    """Return PLANNED or EXCLUDED when a sentence says so of the devices that it names."""
    if BEYOND.search(text):
        return None
    return closed_section(text) or (Section.PLANNED if starts_later(text) else None)


def speaks_of_print(text: str) -> bool:
    """Tell `網掛けの機種は対応予定です`: which rows it means can be seen on paper only."""
    is_device = has_model(text) or has_word(text, "brand")
    said = closed_section(text) or starts_later(text) or is_due(text) or has_word(text, "doubt_excluded")
    return bool(UNSEEN.search(text)) and bool(said) and not is_device


def is_partial(text: str) -> bool:
    return bool(PARTIAL.search(text))


def is_of_all(text: str, section: Section) -> bool:
    """Tell a sentence about 上記 that takes the whole block above out of LISTED."""
    is_sure = section is Section.EXCLUDED or bool(SURE_PLAN.search(text)) or starts_later(text)
    return bool(ABOVE.search(text)) and is_sure and not is_partial(text)


def named_rows(text: str, rows: Sequence[Listing]) -> list[int]:
    """Return the places of the rows that a sentence names, by number where it prints one, else by name."""
    said = fold(text)
    numbers = set(map(match_key, models_in(text)))
    printed = {(row.name, row.model) for row in rows}
    named = {device for device in printed if _is_named(*_keys_of(*device), said, numbers)}
    return [place for place, row in enumerate(rows) if (row.name, row.model) in named] if named else []


def _is_named(name: str, own: set[str], said: str, numbers: set[str]) -> bool:
    if own and numbers:
        return bool(own & numbers)
    if len(name) < SHORTEST or name not in said:
        return False
    return bool(re.search(rf"(?<![0-9a-z]){re.escape(name)}(?!\s?[0-9a-z+])", said))


@lru_cache(maxsize=10_000)
def _keys_of(name: str, model: str) -> tuple[str, set[str]]:
    return fold(name), set(map(match_key, models_in(model)))


def closed(row: Listing, section: Section, note: str) -> Listing:
    """Return a row with a sentence as note, taken out of LISTED; a sentence of a part only asks."""
    note = tidy(note)
    if row.section is not Section.LISTED and note in row.note:
        return row
    notes = row.note if note in row.note else "／".join(filter(None, (row.note, note)))
    is_kept = row.section is not Section.LISTED or is_partial(note)
    return replace(row, section=row.section if is_kept else section, note=notes)
