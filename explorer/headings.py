"""The words by which lists of devices call their columns. Pure."""

import re

# Headings as Japanese and English lists have them, folded: the surest first.
DEVICE_WORDS = (
    *("型番", "機種名", "機種", "端末名", "端末", "デバイス名", "デバイス", "モデル名", "モデル"),
    *("品名", "製品名", "商品名", "型式", "ユーザーエージェント", "model", "modelnumber", "modelname"),
    *("device", "devicename", "devicemodel", "useragent", "ua", "product", "phone"),
)
OS_WORDS = (
    *("os", "osバージョン", "osのバージョン", "osversion", "androidバージョン", "iosバージョン"),
    *("バージョン", "version"),
)
WIDE = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}


def folded_heading(cell: str) -> str:
    """Return a heading as it is compared: without blanks, signs, case and width."""
    return re.sub(r"[\s_\-・()（）]+", "", cell).casefold().translate(WIDE)
