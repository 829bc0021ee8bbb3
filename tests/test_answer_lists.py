"""What a page says around a list, over a part of it or before one device, and in harmless words."""

import pytest

from crawler.answer import Answer
from crawler.lookups import read_table, split_list
from crawler.names import Section
from crawler.parser.makers import COLUMNS, is_known
from crawler.parser.words import WORDS_FILE
from tests.test_answer import answer_of
from tests.test_answer_status import found

HEAD = "<h3>対応機種一覧</h3>"
TABLE = "<table><tr><th>機種名</th><th>型番</th></tr><tr><td>Pixel 9</td><td>GUR25</td></tr></table>"
LIST = "<ul><li>Pixel 9（GUR25）</li></ul>"
BLOCKS = (TABLE, LIST)
TWO_MAKERS = (
    "<table><tr><th>メーカー</th><th>機種名</th><th>型番</th></tr><tr><td>グーグル</td><td>Pixel 9</td>"
    "<td>GUR25</td></tr><tr><td>シャープ</td><td>AQUOS R9</td><td>SH-51E</td></tr></table>"
)
PLAIN = {(Section.LISTED, False)}
BELOW = (
    "上記の機種は2026年12月から利用できるようになります。",
    "※まだ対応していません。",
    "以上は対応予定の機種です。",
    "※Google製の機種は現在ご利用いただけません。",
    "（以上、2026年冬に対応）",
    "※2026年12月より対応",
    "※2026年12月から利用できるようになります。",
    "※現在ご利用いただけません。",
    "なお、サービス開始は来春です。",
    "※メーカーによるソフトウェア更新後に対応となります。",
    "ただしAndroid 10以下は除く。",
)
ABOVE = (
    "※現在、システム障害のため全機種で読み取りを停止しています。",
    "ただし、Google製を除く。",
    "これらの機種はまだ使えません。",
    "※この一覧は2027年4月1日から適用されます。",
)
ANYWHERE = (
    "ここまでの機種は準備中です。",
    "一覧の機種は動作を確認できていません。",
    "※本一覧は2027年4月から有効です。",
    "※ドコモ版は非対応です。",
    "※ドコモ版はご利用いただけない場合があります。",
)
ORDINARY = (
    "スマートフォンの設定でNFCをオンにしてください。",
    "機種によって読み取り位置が異なります。",
    "掲載のない機種でも利用できる場合があります。",
    "マイナンバーカードの読み取りができない場合は、カードを当て直してください。",
    "すべての機種で動作を保証するものではありません。",
    "ご不明な点は、お問い合わせください。",
    "15歳未満の方は申請できません。",
    "NFCの設定がオフの場合は読み取れません。",
    "カードを端末の近くにかざしてください。",
    "最新の対応機種一覧はこちらをご覧ください。",
    "以下の機種で動作を確認しています。",
    "対応機種は随時追加します。",
    "パソコンではご利用いただけません。",
    "iPhoneは対応していません。",
    "暗証番号を3回間違えるとロックされ、使えません。",
    "上記以外の機種は対応していません。",
    "スマホ用電子証明書は、Android端末にのみ搭載できます。",
    "当サイトはメーカーへの確認に基づき掲載しています。",
)
ODD = (
    *("取り消し", "取消し", "To be confirmed", "In progress"),
    *("Coming", "Withdrawn", "Rejected", "EOL"),
    *(
        "End of life",
        "Obsolete",
        "これからのスマートフォン",
        "いつかのスマートフォン",
        "ブラックリスト",
        "グレーリスト",
    ),
    *(
        "要問合せ",
        "メーカーへ要確認",
        "要アップデート",
        "注意が必要な機種",
        "範囲外",
        "想定外",
        "規格外",
        "圏外",
    ),
    *("ダメ", "発売を前にした製品たち", "撤退"),
    *("Sunset", "Shelved", "販売中止"),
)
HARMLESS = (
    *(
        "発売中の機種",
        "販売中の端末",
        "発売中のスマートフォン",
        "現在発売中の機種",
        "2025年夏モデル",
        "2024年夏モデル",
    ),
    *("2023年春夏モデル", "2022年冬〜2023年春モデル"),
    *("2024年モデル", "2024年発売機種", "令和6年発売機種"),
    *(
        "NFC Type-B対応機種",
        "FeliCa対応機種",
        "5G対応機種",
        "eSIM対応機種",
        "Wi-Fiモデル",
        "おサイフケータイ対応機種",
    ),
    *("マイナアプリ対応機種", "サポート対象機種", "動作保証機種"),
    *("最新機種", "主要機種", "一般向け機種"),
    *(
        "楽天モバイル取扱機種",
        "折りたたみスマートフォン",
        "対応機種（あ行）",
        "新たに対応した機種",
        "発売済み機種",
    ),
    *("あ行", "A～Z"),
    *("アルト", "三星電子", "海外メーカー製端末"),
)


def asking(answer: Answer) -> dict[str, bool]:
    """Return for each model number whether its row asks or is no listed one."""
    return {row.model: bool(row.note) or row.section is not Section.LISTED for row in answer.rows}


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("sentence", [*BELOW, *ANYWHERE])
def test_a_sentence_below_a_list_reaches_its_rows(sentence: str, block: str) -> None:
    assert asking(answer_of(f"{HEAD}{block}<p>{sentence}</p>")) == {"GUR25": True}


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("sentence", [*ABOVE, *ANYWHERE])
def test_a_sentence_above_a_list_reaches_its_rows(sentence: str, block: str) -> None:
    assert asking(answer_of(f"{HEAD}<p>{sentence}</p>{block}")) == {"GUR25": True}


@pytest.mark.parametrize("sign", ["", "※"])
@pytest.mark.parametrize("sentence", ORDINARY)
def test_an_ordinary_sentence_asks_nothing(sentence: str, sign: str) -> None:
    line = f"<p>{sign}{sentence}</p>"
    assert found(answer_of(f"{HEAD}{TABLE}{line}")) == PLAIN
    assert found(answer_of(f"{HEAD}{line}{TABLE}")) == PLAIN


@pytest.mark.parametrize("sentence", ["Google製の機種は使えません。", "Google製を除く。"])
def test_a_sentence_about_a_maker_reaches_the_rows_of_that_maker(sentence: str) -> None:
    answer = answer_of(f"{HEAD}{TWO_MAKERS}<p>{sentence}</p>")
    assert asking(answer) == {"GUR25": True, "SH-51E": False}


def test_a_sentence_about_a_carrier_reaches_its_rows_and_those_that_print_none() -> None:
    items = "<li>AQUOS R9（SH-51E）（ドコモ）</li><li>Pixel 9（GUR25）（au）</li><li>Pixel 8（GKWS6）</li>"
    answer = answer_of(f"{HEAD}<ul>{items}</ul><p>※ドコモ版は非対応です。</p>")
    assert asking(answer) == {"SH-51E": True, "GUR25": False, "GKWS6": True}


def test_a_sentence_between_blocks_reaches_the_one_above_and_no_plan() -> None:
    other = "<ul><li>AQUOS R9（SH-51E）</li></ul>"
    body = f"<h4>グーグル</h4>{TABLE}<p>※まだ対応していません。</p><h4>シャープ</h4>{other}"
    assert asking(answer_of(HEAD + body)) == {"GUR25": True, "SH-51E": False}
    plan = answer_of(
        f"{HEAD}{TABLE}<h3>対応予定機種</h3>{other}<p>※2027年4月から利用できるようになります。</p>"
    )
    assert asking(plan) == {"GUR25": False, "SH-51E": True}


def test_a_sentence_against_phones_that_reaches_no_row_is_reported() -> None:
    sentence = "機種によりご利用いただけない場合があります。"
    assert answer_of(f"{HEAD}{TABLE}<p>{sentence}</p>").skipped == [sentence]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("title", ODD)
def test_a_title_that_is_no_maker_asks(title: str, block: str) -> None:
    answer = answer_of(f"{HEAD}<h4>{title}</h4>{block}")
    assert asking(answer) == {"GUR25": True}
    assert title not in {row.maker for row in answer.rows}


def test_the_title_of_the_page_is_no_note() -> None:
    assert found(answer_of(f"<h1>スマホ</h1><h2>撤退</h2>{HEAD}{TABLE}")) == PLAIN
    assert asking(answer_of(f"<h2>撤退</h2>{TABLE}")) == {"GUR25": True}


def test_a_title_under_a_maker_asks_and_the_maker_stays() -> None:
    (row,) = answer_of(f"<h3>グーグル</h3><h4>撤退</h4>{TABLE}").rows
    assert (row.maker, row.note) == ("グーグル", "撤退")


@pytest.mark.parametrize(("title", "is_maker"), [("Orbic", True), ("テレビ電機", True), ("論外", False)])
def test_a_title_over_unknown_devices_is_a_maker_if_it_looks_like_one(title: str, is_maker: bool) -> None:
    (row,) = answer_of(f"{HEAD}<h4>{title}</h4><ul><li>Wonder 5（ABC-123）</li></ul>").rows
    assert (row.maker == title, bool(row.note)) == (is_maker, not is_maker)


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("title", HARMLESS)
def test_a_harmless_title_asks_nothing(title: str, block: str) -> None:
    assert found(answer_of(f"{HEAD}<h4>{title}</h4>{block}")) == PLAIN


@pytest.mark.parametrize("title", ["2025年夏モデル対応予定", "2025年夏対応", "2025年夏以降対応のモデル"])
def test_the_year_of_support_is_no_year_of_a_model(title: str) -> None:
    assert found(answer_of(f"{HEAD}<h4>{title}</h4>{LIST}")) <= {
        (Section.PLANNED, True),
        (Section.PLANNED, False),
    }


@pytest.mark.parametrize("shape", ["<ul><li>{}Pixel 9（GUR25）</li></ul>", TABLE.replace("Pixel", "{}Pixel")])
@pytest.mark.parametrize(
    "word", ["【取り消し】", "[WIP] ", "【要問合せ】", "（取消）", "【Leica】", "《保留》"]
)
def test_a_word_in_brackets_before_a_device_asks(word: str, shape: str) -> None:
    (row,) = answer_of(HEAD + shape.format(word)).rows
    assert (row.section, row.maker, row.note) == (Section.LISTED, "", word.strip("【】[]（）《》 "))


def test_a_word_in_brackets_is_said_of_its_own_device() -> None:
    items = "<ul><li>【取り消し】Pixel 9（GUR25）</li><li>Pixel 8（GKWS6）</li></ul>"
    assert asking(answer_of(HEAD + items)) == {"GUR25": True, "GKWS6": False}


@pytest.mark.parametrize("word", ["【シャープ】", "【ドコモ】", "【NEW】", "【新】", "【5G】", "(1) "])
def test_a_maker_a_carrier_or_news_in_brackets_ask_nothing(word: str) -> None:
    assert found(answer_of(f"{HEAD}<ul><li>{word}AQUOS R9（SH-51E）</li></ul>")) == PLAIN


def test_every_maker_of_the_lookup_is_known_as_a_title() -> None:
    rows = read_table(WORDS_FILE.with_name("makers.csv"), COLUMNS)
    printed = {word for row in rows for column in COLUMNS for word in split_list(row[column])}
    assert {word for word in printed if not is_known(word)} == set()
