"""Printed cells with several model numbers and carriers."""

import pytest

from crawler.lookups import load_lookups
from crawler.numbers import plain, read_cell
from crawler.sources import Folders

WORDS = load_lookups(Folders().lookups).carrier_words


@pytest.mark.parametrize(
    ("cell", "numbers", "carriers"),
    [
        ("SH-41A / SH-M15、A003SH", [("SH-41A", ""), ("SH-M15", ""), ("A003SH", "")], []),
        ("ＳＨ－４１Ａ", [("SH-41A", "")], []),
        ("SC-51C（docomo）／SCG13（au）", [("SC-51C", "docomo"), ("SCG13", "au")], ["docomo", "au"]),
        ("ドコモ SO-52A、au SOG02", [("SO-52A", "docomo"), ("SOG02", "au")], ["docomo", "au"]),
        ("NTTドコモ", [], ["docomo"]),
        ("au / UQ mobile", [], ["au", "uq"]),
        ("Y!mobile", [], ["ymobile"]),
        ("", [], []),
    ],
)
def test_cells_are_taken_apart(cell, numbers, carriers):
    read = read_cell(cell, WORDS)
    assert (read.numbers, read.carriers, read.rest) == (numbers, carriers, [])


def test_what_is_not_understood_is_kept_for_an_issue():
    assert read_cell("SH-41A 限定色", WORDS).rest == ["限定色"]


def test_plain_keeps_case_and_the_long_vowel_of_names():
    assert plain("ＡＱＵＯＳケータイ　ＳＨ－０２Ｌ") == "AQUOSケータイ SH-02L"
    assert plain("SHー41A") == "SH-41A"
