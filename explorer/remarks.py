"""What people write around a device name and that is no part of it. Pure; takes folded text.

`息子のiPhone 13 128GB 黒でログインできない` -> `iphone 13`. Only what stands at either end goes, and only
endings listed here: `に買い替える前の機種`, `に似た機種` and `じゃない方` name another device. So no word
goes in here that could deny, compare, or speak of a time before or after (前, 後, ない方, より, から機種変).
The lists are of 2026-11.
"""

import re
from collections.abc import Iterable

from crawler.names import NO_NAME_HAS, RARE, fold


def _folded(words: str) -> list[str]:
    return [fold(word) for word in words.split()]


def _any(words: str) -> str:
    return "|".join(map(re.escape, _folded(words)))


PEOPLE = "息子 娘 妻 夫 主人 母 父 親 祖母 祖父 私 わたし 僕 自分 家族 うち"
STATE = "中古 新品 新しい 古い あたらしい"
HEAD = re.compile(rf"^(?:(?:{_any(PEOPLE)}|{_any(STATE)})ノ?)\s*")
SIZES = r"(?:16|32|64|128|256|512)\s?(?:gb|ギガ)|[12]\s?tb"
STORAGE = re.compile(rf"[\s(]*(?<!\d)(?:{SIZES})[\s)]*")
COLOURS = """
    黒 白 赤 青 緑 金 銀 紫 ブラック ホワイト レッド ブルー グリーン ゴールド シルバー ピンク
    ミッドナイト スターライト black white blue
"""
COLOUR = re.compile(rf"[\s(、・]*(?:{_any(COLOURS)})色?[\s)]*$")

# What the person does with the device, and what becomes of it.
THINGS = """
    マイナポータル マイナポータルアプリ マイナアプリ マイナンバーカード マイナンバー マイナカード
    マイナ保険証 カード アプリ 電子証明書 スマホ用電子証明書 ログイン 読み取り 読取り 読取 読み込み 認識
    反応 対応 対象 対応機種 対象機種 利用 使用 登録 認証 設定 エラー
"""
OUTCOMES = """
    できない できません できますか できます できる できるか できず 出来ない 出来ません 出来ますか 出来る
    しない しません しますか します する して している しています していますか しているか していない
    していません してる してます してますか してるか してない してません 不可 可能 可能ですか 可能か
    になる になります になって が出る が出ます が出て
"""
CAN = """
    使える 使えない 使えません 使えますか 使えます 使えるか つかえる つかえない つかえません
    つかえますか 読める 読めない 読めません 読めますか 読み取れる 読み取れない 読み取れません
    読み取れますか 読みとれない 読み取らない 動く 動かない 動きません 動きますか 開けない 開けません
    入れない 入れません 大丈夫 ダメ だめ
"""
OWN = """
    使う 使います 使って 使っている 使っています 使ってる 使ってます 使用中 利用中 使いたい 持っている
    持っています 持ってる 持ってます 買った 買いました 買いたい 購入した 購入しました
"""
BECAME = """
    機種変した 機種変しました 機種変して 機種変したい 機種変更した 機種変更しました 機種変更して
    機種変更したい 機種変 機種変更 変えた 変えました 変えて 変えたい 替えた 替えました 替えて 替えたい
    買い替えた 買い替えました 買い替えて 買い替えたい 乗り換えた 乗り換えました 乗り換えて した しました
    したい
"""
ALONE = """
    です ですか ですが ですけど ですよね ですので だけど なんですが なんですけど なんだけど なのですが
    なのですけど なんです なので なのに でしょうか のですが のですか のでしょうか んですが んですか
    んですけど のか けど けれど ので のに か が なぜ なぜですか のはなぜ のはなぜですか どうして
    どうすればいい どうすればいいですか どうしたらいい どうしたらいいですか 教えて 教えてください
    教えて下さい 困っている 困っています 困ってます お願いします うまく 全然 急に 途中で 何度も 毎回
    ユーザー 中古 中古品 の中古 新品 未使用 未使用品 の新品
"""
# Each group with the particles that leave its meaning alone.
GROUPS = (
    (THINGS, ["", *_folded("で では でも だと って は が も の に と を から だけど ですが")]),
    (OUTCOMES, ["", *_folded("が は も を")]),
    (CAN, ["", *_folded("で では でも だと って は が も")]),
    (OWN, ["", *_folded("を も は")]),
    (BECAME, _folded("に")),
    (ALONE, [""]),
)
ENDINGS = frozenset(
    particle + word for words, particles in GROUPS for particle in particles for word in _folded(words)
)
LONGEST = max(map(len, ENDINGS))
# Left over behind a name; behind kana it may be the end of a name (ドコモ, レノ).
PARTICLE = re.compile(rf"(?<=[a-z0-9)])\s*(?:{_any('で では でも だと って は が も を の')})$")
SIGNS = " 。、!?…・「」『』()"
# After an OS version much more turns the meaning round: `Android 12にできない`, `が使えない`, `?`.
AFTER_OS = re.compile(
    rf"[{re.escape(SIGNS.replace('?', ''))}]*(?:$|(?:{_any('です なんです なのです')})(?!カ)|{_any('だけど')}"
    rf"|(?:{_any('で では だと')})(?:{_any(THINGS)}|{_any('使 つか 読 動')})"
    rf"|{_any('を使って を持って 使って 持って 使用中 利用中')})"
)


def folded(text: str) -> str:
    """Return the text folded; signs that no name has stay such, as in `match_key`."""
    return fold(text if text.isascii() else RARE.sub(NO_NAME_HAS, text))


def without_remarks(text: str) -> str:
    """Return the folded text without remarks at its ends, and without the size of its storage."""
    return without_details(without_tail(text)[0])


def without_details(text: str) -> str:
    """Return the folded text without whose it is, its storage and its colour."""
    for pattern in (HEAD, STORAGE, COLOUR):
        text = pattern.sub(" ", text).strip()
    return text


def without_tail(text: str) -> tuple[str, str]:
    """Return the folded text without the listed endings, and what was taken off."""
    body = text.rstrip(SIGNS)
    while (ending := _ending(body, range(min(LONGEST, len(body)), 0, -1))) is not None:
        body = body[:-ending].rstrip(SIGNS)
    if len(body) < len(text.rstrip(SIGNS)):
        body = PARTICLE.sub("", body)
    return body, text[len(body) :]


def _ending(text: str, lengths: Iterable[int]) -> int | None:
    return next((length for length in lengths if text[-length:] in ENDINGS), None)


def is_harmless_after_os(tail: str) -> bool:
    """Tell whether what was taken off leaves an OS version before it as it is."""
    return AFTER_OS.match(tail) is not None


def up_to_the_name(text: str) -> str:
    """Return the folded text up to its last Latin letter or digit: good for candidates, not for answers."""
    met = re.match(r".*[a-z0-9]", text)
    return met[0] if met else ""
