"""What people write around a device name and that is no part of it. Pure.

`息子のiPhone 13 128GB 黒でログインできない` -> `iPhone 13`. Only what stands at either end goes, and
only words listed here: whatever else stands there may be identity.
"""

import re
import unicodedata

PEOPLE = "息子|娘|妻|夫|主人|母|父|親|祖母|祖父|私|わたし|僕|自分|家族|うち"
STATE = "中古|新品|新しい|あたらしい|古い"
HEAD = re.compile(rf"^(?:(?:{PEOPLE}|{STATE})の?|新しい)\s*")
TOPICS = (
    "マイナ|カード|ログイン|対応|使|つか|読|よみ|利用|でき|出来|持|も[っつち]|ユーザー|なん|です|動|反応|"
    "エラー|認識|買|機種|対象|思|変え|替え|未使用|中古|新品"
)
PARTICLES = r"(?:でも|では|には|から|って|で|が|は|を|に|も|の|、|,|\s)*"
# Nothing but kana and kanji up to the end: a digit or Latin letter there could name another device.
TAIL = re.compile(rf"{PARTICLES}(?:{TOPICS})[ぁ-んァ-ヶー一-龠々、。・？?！!\s]*$")
SIZES = r"(?:16|32|64|128|256|512)\s?(?:gb|ギガ)|[12]\s?tb"
STORAGE = re.compile(rf"[\s(]*(?<!\d)(?:{SIZES})[\s)]*", re.IGNORECASE)
SYSTEM = re.compile(r"[\s(、]+(?:iOS|Android|アンドロイド)\s*\d+(?:\.\d+)*[\s)]*$", re.IGNORECASE)
COLOURS = (
    "黒|白|赤|青|緑|金|銀|紫|ブラック|ホワイト|レッド|ブルー|グリーン|ゴールド|シルバー|ピンク|"
    "ミッドナイト|スターライト|black|white|blue"
)
COLOUR = re.compile(rf"[\s(、・]*(?:{COLOURS})色?[\s)]*$", re.IGNORECASE)


def without_remarks(text: str) -> str:
    """Return the text without remarks at its ends, and without the size of its storage."""
    text = unicodedata.normalize("NFKC", text).strip()
    for pattern in (HEAD, TAIL, SYSTEM, STORAGE, COLOUR):
        text = pattern.sub(" ", text).strip()
    return text
