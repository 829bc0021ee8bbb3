"""Headings and statuses in words that nobody listed: what is not clearly neutral is not LISTED.

What belongs here: telling an unknown status (`来月対応`, `NFC非搭載機種`, `テスト中`) from a plain name.
"""

import re

from crawler.names import Section
from crawler.parser.words import (
    EDGES,
    drop_updates,
    flat,
    has_word,
    is_maker,
    is_when,
    pattern,
    when_of,
    without,
)

NOUN = r"(?:機種|端末|製品|モデル|スマートフォン|スマホ|タブレット|デバイス|もの|devices?|models?)"
# `4月に追加した`, `2025年3月より対応済み`: what a date says when it is over.
PAST = re.compile(
    r"(?:以降|より|から|に|で)?\s*(?:新たに|順次)?\s*(?:追加|対応|更新|掲載|公開|確認)を?\s*(?:いた)?"
    r"(?:した|しました|され(?:た|ました)|し(?:て|ており)[いま]|済)"
)
SALE = re.compile(
    r"(?:以降|より|から|に|で|の)?\s*(?:発売|販売)(?:され(?:た|ている)|した|して(?:いる)?|開始|済み?)?(?!前|予定|未|を)"
)
# `販売中の端末` is for sale; `販売中止` is not.
ON_SALE = re.compile(r"(?:発売|販売)中(?![止断])")
SPAN = r"(?:20[0-9]{2}\s*[年/]?度?|(?:令和|平成)(?:元|[0-9]{1,2})年度?)\s*[春夏秋冬]{0,2}"
# `2025年夏モデル`, `令和6年発売機種`: the year of a model. The parser knows no today.
MODEL_YEAR = re.compile(
    rf"(?:{SPAN}\s*[~〜～\-・]?\s*){{1,2}}(?=モデル|発売(?:モデル|{NOUN}))", re.IGNORECASE
)
OS_FLOOR = re.compile(r"(?:Android|iOS|iPadOS|OS)\s*[0-9.]+\s*(?:以上|以降)", re.IGNORECASE)
STARTS = re.compile(r"以降|頃|ごろ|より|から|上旬|中旬|下旬|初旬|末")
STARTING = re.compile(r"対応|開始|提供|リリース|追加|可能")
SOLD = re.compile(r"発売|販売|製造|出荷")
# `2027年3月に対応いたします`, `2027年春に対応する`: not yet.
DUE = re.compile(
    r"\s*(?:に|には|の|で|中に|内に)?\s*(?:新たに|順次)?\s*(?:ご)?(?:対応|利用|使用|提供|リリース|追加)"
    r"(?!.*(?:ました|した|済))"
)
LISTED_SIGN = "\0"
# A clause before the noun says something of the devices: `検証を続けている機種`.
CLAUSE = re.compile(rf"(?<!{LISTED_SIGN})[るたいなぬん]{NOUN}(?:の?(?:一覧|リスト))?$", re.IGNORECASE)
MIDWAY = re.compile(rf"[前中](?=$|の|[)\]】]|{NOUN})")
BELOW = re.compile(r"[0-9]\s*(?:以下|以前|未満)")
KANA_OR_KANJI = re.compile(r"[ぁ-ヿ一-鿿]")


def doubtful_section(text: str) -> Section | None:
    """Return PLANNED or EXCLUDED for a heading of unknown status words, None for a neutral or plain one."""
    bare = without_neutral(text)
    if has_word(bare, "doubt_planned") or (when_of(bare) and not is_when(text)):
        return Section.PLANNED
    if has_word(bare, "doubt_excluded") or _is_clause(bare):
        return Section.EXCLUDED
    left = without(bare, "topic", "brand", "carrier", "maker").strip(EDGES + "のにでをはがと" + LISTED_SIGN)
    is_status = flat(text).strip(EDGES).endswith("対応") and KANA_OR_KANJI.search(left)
    return Section.EXCLUDED if is_status else None


def maker_before_doubt(text: str) -> str:
    """Return the known maker with which a doubtful heading begins, `シャープ（テスト中）`, else ''."""
    head = re.split(r"[\s(（\[［【:：/／]", text, maxsplit=1)[0].strip(EDGES)
    return head if head != text and is_maker(head) else ""


def is_over(text: str) -> bool:
    """Tell `2025年3月より対応済み`: a date from which on something already holds."""
    normal = flat(text)
    when = when_of(normal)
    return bool(when) and bool(PAST.match(normal.partition(when)[2]))


def starts_later(text: str) -> bool:
    """Tell `2025年2月以降対応`: a date from which on devices are supported; not one of their sale."""
    when = when_of(text)
    if is_over(text):
        return False
    return bool(when and STARTS.search(when) and not SOLD.search(text) and STARTING.search(text))


def is_due(text: str) -> bool:
    """Tell a date directly before the support that it brings: `2027年3月に対応いたします`."""
    normal = flat(text)
    when = when_of(normal)
    return bool(when) and not is_over(text) and bool(DUE.match(normal.partition(when)[2]))


def without_neutral(text: str) -> str:
    """Return flat text without dates of update or sale, listed words and words that say no status."""
    bare = MODEL_YEAR.sub("", ON_SALE.sub("", drop_updates(flat(text))))
    when = when_of(bare)
    if when:
        _, _, tail = bare.partition(when)
        over = PAST.match(tail) or SALE.match(tail)
        bare = bare.replace(when + (over.group() if over else ""), " ", 1) if over else bare
    bare = SALE.sub("", OS_FLOOR.sub("", bare))
    bare = pattern("section_listed").sub(LISTED_SIGN, bare)
    return without(bare, "neutral").strip()


def _is_clause(bare: str) -> bool:
    return any(shape.search(bare.strip(EDGES)) for shape in (CLAUSE, MIDWAY, BELOW))
