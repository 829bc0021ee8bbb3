"""Workbooks: what Excel writes is read as it reads there; what no Excel writes is refused, and soon."""

import io
import random
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest

from explorer.sheets import MAX_ROWS, BadFile, read_file
from explorer.xlsx import MAX_UNPACKED
from explorer.xlsx_rows import LAST_COLUMN, LAST_ROW, column_number
from explorer.xlsx_xml import MAX_STYLES

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{KINDS}"><workbookPr/><sheets>'
    '<sheet name="一覧" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": "<Relationships>"
    f'<Relationship Id="rId1" Type="{KINDS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{KINDS}/styles" Target="/xl/styles.xml"/>'
    f'<Relationship Id="rId3" Type="{KINDS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/sharedStrings.xml": f"<sst {MAIN}><si><t>機種名</t></si><si><r><t>SH</t></r><r><t>-41A</t></r>"
    "<rPh><t>エスエイチ</t></rPh></si></sst>",
    "xl/styles.xml": f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="200" formatCode="[h]:mm"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="200"/><xf numFmtId="31"/></cellXfs></styleSheet>',
}
# What a file unpacks to, close to the limit.
MUCH = MAX_UNPACKED - 2_000_000
# Of the process: twice what is aimed at, since a busy machine also makes a process slower.
SECONDS = 6


def book(rows: str = '<row r="1"><c r="A1" t="s"><v>1</v></c></row>', after: str = "", **parts: str) -> bytes:
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"
    members = {**PARTS, "xl/worksheets/sheet1.xml": sheet}
    members |= {next(path for path in members if name in path): text for name, text in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in members.items():
            archive.writestr(path, text)
    return out.getvalue()


def cell(reference: str, value: str = "1", kind: str = "n", style: int = 0) -> str:
    return f'<c r="{reference}" t="{kind}" s="{style}"><v>{value}</v></c>'


def much(text: str, size: int = MUCH) -> str:
    return text * (size // len(text))


def refused(content: bytes) -> str:
    """Return the code; it must come soon, in the time of this process."""
    started = time.process_time()
    with pytest.raises(BadFile) as caught:
        read_file(content)
    assert time.process_time() - started < SECONDS
    return caught.value.code


def test_furigana_runs_and_shared_texts_read_as_on_the_screen():
    assert read_file(book()).rows == [["SH-41A"]]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (cell("A1", "1", "b"), "TRUE"),
        (cell("A1", "90123456789012"), "90123456789012"),
        (cell("A1", "9.0123E+10"), "90123000000"),
        (cell("A1", "12.5"), "12.5"),
        (cell("A1", "46327", style=1), "2026-11-01"),
        (cell("A1", "46327.5", style=3), "2026-11-01 12:00:00"),
        (cell("A1", "1.5", style=2), "1 day, 12:00:00"),
        (cell("A1", "99999999999", style=1), "99999999999"),
        (cell("A1", "2026-11-01", "d"), "2026-11-01"),
        (cell("A1", "#N/A", "e"), "#N/A"),
        (cell("A1", "SH-41A", "str"), "SH-41A"),
        (cell("A1", "a_x000D_b_x005F_x0000__x0000_", "str"), "a\rb_x0000__x0000_"),
        ('<c r="A1" t="inlineStr"><is><t>SH</t><rPh><t>エス</t></rPh><t>-41A</t></is></c>', "SH-41A"),
        ("<c><v>7</v></c>", "7"),
    ],
)
def test_values_read_as_in_excel(xml: str, text: str):
    assert read_file(book(f"<row>{xml}</row>")).rows == [[text]]


def test_days_of_old_macs_count_from_1904():
    mac = PARTS["xl/workbook.xml"].replace("<workbookPr/>", '<workbookPr date1904="1"/>')
    assert read_file(book(f"<row>{cell('A1', '1', style=1)}</row>", workbook=mac)).rows == [["1904-01-02"]]


def test_rows_and_cells_that_are_left_out_are_empty():
    rows = f'<row r="2">{cell("B2")}</row><row r="4">{cell("A4")}<c r="C4" s="1"/></row>'
    assert read_file(book(rows)).rows == [["", ""], ["", "1"], ["", ""], ["1", ""]]


def test_formatted_rows_and_columns_without_a_value_are_none():
    rows = f'<row r="1">{cell("A1")}<c r="XFD1" s="1"/></row><row r="{LAST_ROW}" ht="9"/>'
    assert read_file(book(rows)).rows == [["1"]]


def test_a_prefix_on_every_name_changes_nothing():
    rows = '<x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row>'
    sheet = f"<x:worksheet {MAIN.replace('=', ':x=', 1)}><x:sheetData>{rows}</x:sheetData></x:worksheet>"
    assert read_file(book(sheet1=sheet)).rows == [["5"]]


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="2">{cell("A2")}</row><row r="1">{cell("A1")}</row>',
        f'<row r="1">{cell("A1")}</row><row r="1">{cell("A1")}</row>',
        f'<row r="5"/><row r="5">{cell("A5")}</row>',
        f'<row r="{LAST_ROW + 1}">{cell(f"A{LAST_ROW + 1}")}</row>',
        '<row r="0"/>',
        '<row r="-1"/>',
        '<row r="x"/>',
        f'<row r="{"9" * 5000}"/>',
        f'<row r="1">{cell("B1")}{cell("A1")}</row>',
        f'<row r="1">{cell("A1")}{cell("A1")}</row>',
        f'<row r="1">{cell("A2")}</row>',
        f'<row r="1">{cell("XFE1")}</row>',
        f'<row r="1">{cell("AAAA1")}</row>',
        f'<row r="1">{cell("1")}</row>',
        f'<row r="1">{cell("A1", kind="s", value="2")}</row>',
        f'<row r="1">{cell("A1", kind="s", value="-1")}</row>',
        f'<row r="1">{cell("A1", value="SH-41A")}</row>',
        f'<row r="1">{cell("A1", value="nan")}</row>',
        f'<row r="1">{cell("A1")}<row r="2">{cell("A2")}</row></row>',
        '<row r="1"><c r="A1"><v>1</v><c r="B1"><v>2</v></c></c></row>',
        "<c><v>1</v></c>",
        '<row r="1">',
        f'<row r="1">{cell("A1")}</row></sheetData><sheetData><row r="2">{cell("A2")}</row>',
        '<row><c t="inlineStr"><v>1</v><is><t>x</t></is></c></row>',
        '<row><c t="inlineStr"><is><t>x</t></is><is><t>y</t></is></c></row>',
        "<row><c><v>1</v><v>2</v></c></row>",
        '<row><c t="inlineStr"><is><AlternateContent><Choice><t>x</t></Choice><Fallback><t>x</t></Fallback>'
        "</AlternateContent></is></c></row>",
    ],
)
def test_rows_and_cells_out_of_order_or_bounds_are_refused(rows: str):
    assert refused(book(rows)) == "broken_xlsx"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: book(f'<row r="{MAX_ROWS + 2}">{cell(f"A{MAX_ROWS + 2}")}</row>'), "rows"),
        (lambda: book(f'<row r="1">{cell("CW1")}</row>'), "columns"),
        (lambda: book(much('<row r="1"/>', 10_000_000)), "broken_xlsx"),
        (lambda: book(much("<row/>", 8_000_000)), "broken_xlsx"),
        (lambda: book("<row>" + much("<c/>", 4_000_000) + "</row>"), "broken_xlsx"),
        (lambda: book(much("<x/>")), "too_much"),
        (lambda: book(much("<x>")), "too_much"),
        (lambda: book(much("<?x?>")), "too_much"),
        (lambda: book(f"<row><c t='str'><v>{much('x')}</v></c></row>"), "too_much"),
        (lambda: book(f"<row><c t='str'><v>{much('&#x3042;' * 9, 9_000_000)}</v></c></row>" * 9), "too_much"),
        (lambda: book(sharedStrings=f"<sst {MAIN}>{much('<si/>')}</sst>"), "too_much"),
        (
            lambda: book(
                "".join(f'<row r="{n}">{cell(f"A{n}", "0", "s")}</row>' for n in range(1, 20_000)),
                sharedStrings=f"<sst {MAIN}><si><t>{'x' * 1_000_000}</t></si></sst>",
            ),
            "too_much",
        ),
        (
            lambda: book(styles=f"<styleSheet><cellXfs>{'<xf/>' * (MAX_STYLES + 1)}</cellXfs></styleSheet>"),
            "broken_xlsx",
        ),
        (
            lambda: book(workbook=PARTS["xl/workbook.xml"].replace("<sheet ", "<sheet/><sheet ")),
            "broken_xlsx",
        ),
        (lambda: book(workbook=f"<workbook>{'<sheet/>' * 501}</workbook>"), "too_much"),
        (lambda: book(rels="<Relationships/>"), "broken_xlsx"),
        (lambda: book(sheet1='<?xml version="1.0"?><!DOCTYPE x><worksheet/>'), "broken_xlsx"),
        (lambda: book(sheet1="<worksheet/>"), "empty"),
    ],
)
def test_hostile_files_are_refused_soon(content: Callable[[], bytes], code: str):
    assert refused(content()) == code


def test_a_format_that_is_hard_to_read_is_read_in_part():
    code = "[" * 20_000_000
    styles = PARTS["xl/styles.xml"].replace("[h]:mm", code)
    started = time.process_time()
    assert read_file(book(styles=styles)).rows == [["SH-41A"]]
    assert time.process_time() - started < SECONDS


def test_the_largest_list_is_read_whole():
    row = (
        "<row r='{0}'>" + "".join(f"<c r='{chr(65 + n)}{{0}}'><v>{{0}}</v></c>" for n in range(10)) + "</row>"
    )
    found = read_file(book("".join(row.format(n) for n in range(1, MAX_ROWS + 2))))
    assert (len(found.rows), found.rows[-1]) == (MAX_ROWS + 1, [str(MAX_ROWS + 1)] * 10)


def test_a_method_of_packing_that_excel_has_not_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        for path, text in PARTS.items():
            archive.writestr(path, text)
    assert refused(out.getvalue()) == "broken_xlsx"


def test_damaged_workbooks_fail_in_one_way_only():
    dice, good = random.Random(1), book()
    for _ in range(400):
        damaged = bytearray(good)
        for _ in range(dice.choice([1, 1, 3, 20])):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        with suppress(BadFile):
            read_file(bytes(damaged[: dice.choice([len(damaged), dice.randrange(4, len(damaged))])]))


@pytest.mark.parametrize("part", ["workbook", "rels", "sharedStrings", "styles"])
def test_damaged_parts_fail_in_one_way_only(part: str):
    dice = random.Random(2)
    text = next(text for path, text in PARTS.items() if part in path.rpartition("/")[2])
    for _ in range(150):
        letters = list(text)
        for _ in range(dice.choice([1, 2])):
            letters[dice.randrange(len(letters))] = dice.choice('0189abrIdst"<>/= -:')
        with suppress(BadFile):
            read_file(book(**{f"{part}.xml" if part == "workbook" else part: "".join(letters)}))


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", LAST_COLUMN)])
def test_columns_count_as_in_excel(letters: str, number: int):
    assert column_number(letters) == number


@pytest.mark.parametrize("inner", ["<si><t>b</t></si>", "<AlternateContent><t>b</t></AlternateContent>"])
def test_shared_texts_that_say_two_things_are_refused(inner: str):
    assert refused(book(sharedStrings=f"<sst {MAIN}><si><t>a</t>{inner}</si></sst>")) == "broken_xlsx"


def test_what_follows_the_cells_is_not_read():
    after = "<extLst><f>A1</f><c><v>9</v></c><row/><is><t>x</t></is></extLst>"
    assert read_file(book(after=after)).rows == [["SH-41A"]]


def test_formulas_without_a_saved_value_keep_their_row_and_are_told():
    rows = f'<row r="1">{cell("A1")}</row><row r="3"><c r="A3"><f>CONCAT("Pixel"," 6")</f></c></row>'
    found = read_file(book(rows))
    assert (found.rows, found.unvalued) == ([["1"], [""], [""]], (2,))
    saved_empty = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>2</v></c></row>'
    assert read_file(book(saved_empty)).unvalued == ()
    assert read_file(book("<row><c><f>A2</f><v/></c></row>"))[:1] == ([[""]],)


@pytest.mark.parametrize("style", [0, 1, 2])
@pytest.mark.parametrize("value", ["46327.5", "{0}.{1}"])
def test_a_flood_of_cells_is_refused_soon(style: int, value: str):
    one = f'<c s="{style}"><v>{value}</v></c>'
    rows = ("".join(one.format(20_000 + row, n) for n in range(70)) for row in range(10_000))
    assert refused(book("".join(f"<row>{row}</row>" for row in rows))) == "too_much"
