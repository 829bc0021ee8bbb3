"""Sentences that say something of a whole list: `※まだ対応していません。`, `本一覧は案です`.

What belongs here: whether a sentence that names no row speaks of the rows around it, and which of them it
reaches. What does not: sentences that name their devices (`named_rows`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.items import Listing
from crawler.names import Section, match_key
from crawler.parser.afterwards import ABOVE, BEYOND, said_section
from crawler.parser.doubt import is_due
from crawler.parser.makers import makers_in
from crawler.parser.prose import KANA_NO, announces, is_calm
from crawler.parser.tokens import has_model
from crawler.parser.words import closed_section, flat, has_word, pattern, when_of, without

WHOLE = re.compile(
    r"(?:本|この|当)?(?:一覧|リスト)|(?:全|全ての|すべての|いずれの)(?:機種|端末|製品)|いずれも"
)
UP_TO_HERE = re.compile(r"(?:^|[(（、。※\s])(?:以上|ここまで)(?:[、はがの]|$)|ここまで")
# `機種によりご利用いただけない場合があります`, `動作を保証するものではありません`: said of every list.
GENERAL = re.compile(
    r"(?:場合|こと|おそれ|恐れ|可能性)(?:が|も)(?:あり|ござい)ます|保証(?:する|した|いたす)?もの"
)
ASKED = re.compile(
    r"(?:ください|下さい|お願い(?:いた)?します|でしょうか|ですか|ますか)[。!！?？)）\s]*$|[?？]\s*$"
)
STOP_USING = re.compile(r"お?待ち|控え|避け|しないで|やめ")
CONDITION = re.compile(r"(?:場合|とき|時|際)(?:は|に|も|、)|(?:と|ば|ないと)、")
# Matters of a page that are no phone: people, computers, the card and its papers, the desk that helps.
OTHER_MATTER = re.compile(
    r"(?:歳|者|人|方|お客様|皆様)(?:は|が|の|に|で)|パソコン|Windows|Mac|ブラウザ|Chrome|Safari|Edge|Cookie|暗証番号|パスワード"
    r"|ロック|申請|申込|窓口|電話|受付|手数料|料金|通信|有効期限|保険証|免許証|券面|ケース|カバー|金属|ストア|位置|かざ|当て"
    r"|メール|郵送|返信|個人情報|回答",
    re.IGNORECASE,
)
# What only phones of a kind can do is said of no row: `Android端末にのみ搭載できます`.
ON_ANDROID = re.compile(r"Android(?:端末|スマートフォン|スマホ)?(?:に|で)?(?:のみ|だけ)", re.IGNORECASE)
AFTER = re.compile(r"(?:後|のち)に?(?:は|、)?(?:対応|利用|使用|ご利用)")
PHONES = re.compile("機種|端末|製品|モデル|スマートフォン|スマホ|タブレット")


@dataclass(frozen=True)
class Saying:
    """A sentence that no row took.

    `block`: the first row under its heading; `place`: the number of rows before it; `piece`: its own place.
    """

    text: str
    block: int
    place: int
    piece: int


def speaks_of_above(text: str) -> bool:
    """Tell a sentence about the rows above it that is not known as harmless."""
    is_above = ABOVE.search(text) or UP_TO_HERE.search(text)
    return bool(is_above) and not BEYOND.search(text) and not announces(text) and not is_calm(text)


def speaks_of_list(text: str) -> bool:
    """Tell a sentence that says, or may say, something against devices that it does not name by model."""
    if has_model(text) or BEYOND.search(text) or announces(text) or is_calm(text):
        return False
    if ABOVE.search(text) or UP_TO_HERE.search(text):
        return True
    is_some = bool(makers_in(text)) or has_word(text, "carrier") or has_word(text, "brand")
    if (GENERAL.search(text) and not is_some) or (ASKED.search(text) and not STOP_USING.search(text)):
        return False
    if WHOLE.search(text):
        return True
    if CONDITION.search(text) or (OTHER_MATTER.search(flat(text)) and not PHONES.search(text)):
        return False
    return _is_against(text)


def is_left(text: str) -> bool:
    """Tell a sentence against phones in general, which asks about no row and is to be reported."""
    is_of_phones = bool(PHONES.search(text)) and not ASKED.search(text)
    return is_of_phones and closed_section(text) is not None and not announces(text) and not is_calm(text)


def _is_against(text: str) -> bool:
    bare = without(ON_ANDROID.sub("", flat(text)), "neutral")
    is_no = said_section(text) is not None or closed_section(text) is not None or bool(KANA_NO.search(bare))
    is_later = is_due(text) or bool(when_of(text) or AFTER.search(text))
    return is_no or is_later or has_word(bare, "doubt_planned") or has_word(bare, "doubt_excluded")


def speaks_of_whole(text: str) -> bool:
    return bool(WHOLE.search(text) or UP_TO_HERE.search(text))


def reached_rows(saying: Saying, rows: Sequence[Listing]) -> list[int]:
    """Return the places of the listed rows that a sentence may mean.

    Those of its block where more blocks follow; those below it where none stands above; else all.
    Of these, the ones of the brands, makers and carriers that it names, or that print none.
    """
    is_last = saying.place >= len(rows)
    if is_last or speaks_of_whole(saying.text):
        places = range(len(rows))
    elif saying.block < saying.place:
        places = range(saying.block, saying.place)
    else:
        places = range(saying.place, len(rows))
    return [
        place
        for place in places
        if rows[place].section is Section.LISTED and _is_meant(saying.text, rows[place])
    ]


def _is_meant(text: str, row: Listing) -> bool:
    brands = set(map(match_key, pattern("brand").findall(flat(text))))
    if brands:
        return any(brand in match_key(row.name) for brand in brands)
    carriers = set(map(match_key, pattern("carrier").findall(flat(text))))
    printed = set(map(match_key, pattern("carrier").findall(flat(f"{row.carrier} {row.name}"))))
    makers = makers_in(without(text, "carrier"))
    own = makers_in(f"{row.maker} {row.name}")
    return (not carriers or not printed or bool(carriers & printed)) and (
        not makers or not own or bool(makers & own)
    )
