"""Sentences: what tells one from a name, which one announces devices, which one changes nothing."""

import re

from crawler.names import Section
from crawler.parser.doubt import is_due, starts_later
from crawler.parser.words import (
    closed_section,
    drop_updates,
    flat,
    has_word,
    section_of,
    without,
    without_edition,
)

SENTENCE_END = re.compile(
    r"(?:。|です|ます|ません|ました|ください|下さい|でしょうか|ですか|ますか|[?？])[)）」』]?[。!！?？]?$"
)
STOP_BEHIND_BRACKET = re.compile(r"(?<=[)）])。\s*$")
TAIL_BRACKET = re.compile(r"[(（][^()（）]*[)）]\s*$")
PHONE = r"(?:機種|端末|製品|スマートフォン|スマホ|モデル|タブレット)"
INTRO = re.compile(
    rf"(?:(?<![0-9０-９])以下|下記|次(?:の?ページ|頁)?)(?:の|に|で|は).{{0,14}}?{PHONE}|(?<![0-9０-９])(?:以下|下記|次)は"
)
NOT_INTRO = re.compile(r"以外|(?:に|が|の|も)(?:な|無)い|ていない(?:もの|機種は)|条件|場合|満た")
# `対応していない機種は以下のとおりです`, `対応していない機種の一覧を掲載しています`.
SHOWN = re.compile(
    rf"{PHONE}[^。]{{0,14}}(?:(?<![0-9０-９])(?:以下|下記|次)(?:の(?:とおり|通り|表|一覧|リスト)|を|に)|下表)"
    rf"|{PHONE}(?:の)?(?:一覧|リスト|情報)?(?:を|は)[^。]{{0,8}}(?:掲載|記載|公開|紹介|案内|示し|まとめ)"
)
NOT_SHOWN = re.compile(
    r"以外|(?:に|が|の|も)(?:な|無)い|(?:記載|掲載|公開)(?:され|し)て(?:い)?な|条件|場合|満た"
)
# What a sentence may say that changes nothing of a list: where it stands, how to look at it.
CALM = re.compile(
    r"マイナ(?:ポータル)?アプリ|ホームページ|ウェブサイト|サイト|ページ|ファイル|形式|資料|下記|以下|次|上記|通り|別紙|参照|ご?覧"
    r"|確認|掲載|記載|公開|最新|情報|現在|時点|更新|改訂|日時|別ウィンドウ|新しい|番号|型番|名|順|等|五十音|表示|添付|左記|右記|動作"
    r"|[0-9.,]+\s*(?:KB|MB|kB|バイト|ページ)|[0-9]+(?:年|月|日|時|分)|[0-9]{1,2}:[0-9]{2}|20[0-9]{2}[/.\-][0-9]+[/.\-][0-9]+"
)
# A sentence of the reader of PDFs says nothing of a phone.
ABOUT_READER = re.compile(r"Adobe|Acrobat", re.IGNORECASE)
# `一覧にない機種は対応していません` says that the others are.
OTHERS = re.compile(
    rf"(?:一覧|リスト|表|PDF|上記|記載|掲載)[^。]{{0,4}}(?:以外|(?:記載|掲載)?の?(?:な|無)い|されて(?:い)?ない)の?{PHONE}"
    r"(?:は|につ|では)[^。以]{0,20}(?:ません|対象外(?:です)?)[。\s]*$"
)
PLAIN = re.compile(r"[^一-鿿ァ-ヺ0-9A-Za-zｦ-ﾟ×△☓✕✖✗]")
KANA_NO = re.compile(
    "ない|なかっ|ません|なし|せず|かね|まで|だけ|のみ|まだ|しか|いつか|いずれ|これから|そのうち|ほか"
)


def is_prose(text: str) -> bool:
    """Tell a sentence from a name or heading."""
    text = STOP_BEHIND_BRACKET.sub("", text)
    body = TAIL_BRACKET.sub("", text) or text
    return bool(SENTENCE_END.search(body)) or "。" in body


def announces(sentence: str) -> bool:
    """Tell a sentence that introduces the devices below it."""
    if SHOWN.search(sentence):
        return not NOT_SHOWN.search(sentence)
    return bool(INTRO.search(sentence)) and not NOT_INTRO.search(sentence)


def announced_section(sentence: str) -> Section | None:
    """Return the section that an announcing sentence opens; with a date to come it is PLANNED."""
    section = section_of(sentence)
    if section in (None, Section.LISTED) and (starts_later(sentence) or is_due(sentence)):
        return Section.PLANNED
    return section


def is_calm(sentence: str) -> bool:
    """Tell a sentence that leaves a list as it is: `一覧はこちら（PDF）です`, `更新日：2026年8月25日`.

    Every word of it must be known as harmless, so that unknown words always ask.
    """
    if ABOUT_READER.search(flat(sentence)) and not re.search(PHONE, sentence):
        return True
    section = closed_section(sentence)
    if section is not None:
        return section is Section.EXCLUDED and bool(OTHERS.search(sentence))
    bare = without_edition(drop_updates(flat(sentence)))
    if starts_later(bare) or is_due(bare):
        return False
    bare = without(bare, "section_listed", "neutral", "nav", "meta", "topic")
    bare = CALM.sub("", bare)
    return not PLAIN.sub("", bare) and not KANA_NO.search(bare) and not has_word(bare, "doubt_planned")
