"""The verdict: one row for each branch, and the laws that hold for every input."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.facts import Facts, Ground, Printed, Rule, Verdict
from crawler.names import Capability, Condition, Reason, Section, Status
from crawler.support import (
    is_not_before,
    judge,
    judge_device,
    judge_pc_login,
)

ANDROID = Rule("rules", "live", min_os="11", needs_nfc=True)
FLOOR = replace(ANDROID, needs_nfc=False, is_sufficient=False)
IOS = Rule("rules", "live", min_os="16.4")
WALLET = Rule("rules", "live", "18.5", "iPhone XS", "2018-09-21")
READING = Ground(Capability.CARD_READING, {"Android": ANDROID, "iOS": IOS}, "faq-2587", "live")
CERTIFICATE = Ground(Capability.ANDROID_CERTIFICATE, {"Android": FLOOR}, "faq-7261", "live")
IPHONE = Ground(Capability.IPHONE_MYNUMBER, {"iOS": WALLET}, "rules", "live")
PC = Ground(Capability.PC_LOGIN, {}, "jpki-readers", "live")

PHONE = Facts("phone", "Android", "2022-10-13", "13", "17")
OLD_PHONE = Facts("phone", "Android", "2017-10-17", "8", "10")
UPDATABLE = Facts("phone", "Android", "2019-10-24", "10", "13")
UNKNOWN_OS = Facts("phone", "Android")
IPHONE_15 = Facts("phone", "iOS", "2023-09-22", "17", "26")
IPHONE_12 = Facts("phone", "iOS", "2020-10-23", "14", "26")
IPHONE_XR = Facts("phone", "iOS", "2018-10-26", "12", "18")
IPHONE_8 = Facts("phone", "iOS", "2017-09-22", "11", "16")
IPHONE_7 = Facts("phone", "iOS", "2016-09-16", "10", "15")
IPAD = Facts("tablet", "iPadOS", "2025-03-12", "18", "26")
FEATURE_PHONE = Facts("feature_phone")
PC_WINDOWS = Facts("computer", "Windows")
READER = Facts("card_reader")

LISTED = Printed(Section.LISTED, "faq-7261", "live", last_seen_on=date(2026, 11, 1))
NOTED = replace(LISTED, note="更新が必要", is_note_asking=True)
DATED = replace(LISTED, note="2025年10月に追加")
PLANNED = replace(LISTED, section=Section.PLANNED, note="2025年2月以降")
EXCLUDED = replace(LISTED, section=Section.EXCLUDED)
GONE = replace(LISTED, is_current=False)

UNREAD = Ground(
    Capability.CARD_READING,
    {"Android": replace(ANDROID, unread=("Android 12は除外",)), "iOS": Rule("r", "live", unread=("不可",))},
)
S, R, C = Status, Reason, Condition
TABLE = [
    # what, facts, rows, ground, status, reason, open conditions
    ("reading: listed", PHONE, [LISTED], READING, S.SUPPORTED, R.LISTED, ()),
    ("reading: listed, note", PHONE, [NOTED], READING, S.CONDITIONAL, R.LISTED, (C.NOTE,)),
    ("reading: listed, came with less", UPDATABLE, [LISTED], READING, S.CONDITIONAL, R.LISTED, (C.OS,)),
    ("reading: listed, OS not known", UNKNOWN_OS, [LISTED], READING, S.CONDITIONAL, R.LISTED, (C.OS,)),
    (
        "reading: listed, but out of reach",
        OLD_PHONE,
        [LISTED],
        READING,
        S.NOT_SUPPORTED,
        R.OS_OUT_OF_REACH,
        (),
    ),
    ("reading: excluded", PHONE, [EXCLUDED], READING, S.NOT_SUPPORTED, R.EXCLUDED, ()),
    ("reading: planned", PHONE, [PLANNED], READING, S.PLANNED, R.PLANNED, ()),
    ("reading: delisted", PHONE, [GONE], READING, S.DELISTED, R.DELISTED, ()),
    ("reading: rule, NFC not known", PHONE, [], READING, S.CONDITIONAL, R.RULE, (C.NFC,)),
    ("reading: rule, OS and NFC open", UPDATABLE, [], READING, S.CONDITIONAL, R.RULE, (C.OS, C.NFC)),
    ("reading: rule, never", OLD_PHONE, [], READING, S.NOT_SUPPORTED, R.OS_OUT_OF_REACH, ()),
    ("reading: iPhone by rule", IPHONE_15, [], READING, S.SUPPORTED, R.RULE, ()),
    ("reading: iPhone to update", IPHONE_12, [], READING, S.CONDITIONAL, R.RULE, (C.OS,)),
    ("reading: iPhone, 16.x is not 16.4", IPHONE_8, [], READING, S.CONDITIONAL, R.RULE, (C.OS,)),
    ("reading: iPhone, never", IPHONE_7, [], READING, S.NOT_SUPPORTED, R.OS_OUT_OF_REACH, ()),
    ("reading: iPad", IPAD, [], READING, S.NOT_SUPPORTED, R.WRONG_PLATFORM, ()),
    ("reading: feature phone", FEATURE_PHONE, [], READING, S.NOT_SUPPORTED, R.WRONG_PLATFORM, ()),
    ("reading: PC", PC_WINDOWS, [], READING, S.NOT_SUPPORTED, R.WRONG_PLATFORM, ()),
    ("certificate: listed", PHONE, [LISTED], CERTIFICATE, S.SUPPORTED, R.LISTED, ()),
    ("certificate: harmless note", PHONE, [DATED], CERTIFICATE, S.SUPPORTED, R.LISTED, ()),
    ("certificate: note", PHONE, [NOTED], CERTIFICATE, S.CONDITIONAL, R.LISTED, (C.NOTE,)),
    (
        "certificate: one note is enough",
        PHONE,
        [LISTED, NOTED],
        CERTIFICATE,
        S.CONDITIONAL,
        R.LISTED,
        (C.NOTE,),
    ),
    ("certificate: OS not known", UNKNOWN_OS, [LISTED], CERTIFICATE, S.CONDITIONAL, R.LISTED, (C.OS,)),
    ("certificate: floor", OLD_PHONE, [LISTED], CERTIFICATE, S.NOT_SUPPORTED, R.OS_OUT_OF_REACH, ()),
    ("certificate: planned", PHONE, [PLANNED], CERTIFICATE, S.PLANNED, R.PLANNED, ()),
    ("certificate: planned and listed", PHONE, [LISTED, PLANNED], CERTIFICATE, S.PLANNED, R.PLANNED, ()),
    (
        "certificate: listed and excluded",
        PHONE,
        [LISTED, EXCLUDED],
        CERTIFICATE,
        S.NOT_SUPPORTED,
        R.EXCLUDED,
        (),
    ),
    ("certificate: delisted", PHONE, [GONE], CERTIFICATE, S.DELISTED, R.DELISTED, ()),
    ("certificate: back again", PHONE, [GONE, LISTED], CERTIFICATE, S.SUPPORTED, R.LISTED, ()),
    ("certificate: not listed", PHONE, [], CERTIFICATE, S.NOT_LISTED, R.NOT_LISTED, ()),
    (
        "certificate: planned once",
        PHONE,
        [replace(PLANNED, is_current=False)],
        CERTIFICATE,
        S.NOT_LISTED,
        R.NOT_LISTED,
        (),
    ),
    ("certificate: iPhone", IPHONE_15, [], CERTIFICATE, S.NOT_SUPPORTED, R.WRONG_PLATFORM, ()),
    ("wallet: fine", replace(IPHONE_15, first_os="26"), [], IPHONE, S.SUPPORTED, R.RULE, ()),
    ("wallet: to update", IPHONE_15, [], IPHONE, S.CONDITIONAL, R.RULE, (C.OS,)),
    ("wallet: 18.x may not be 18.5", IPHONE_XR, [], IPHONE, S.CONDITIONAL, R.RULE, (C.OS,)),
    ("wallet: too old", IPHONE_8, [], IPHONE, S.NOT_SUPPORTED, R.MODEL_TOO_OLD, ()),
    (
        "wallet: no date",
        replace(IPHONE_15, released=None),
        [],
        IPHONE,
        S.CONDITIONAL,
        R.RULE,
        (C.OS, C.MIN_MODEL),
    ),
    ("wallet: Android", PHONE, [], IPHONE, S.NOT_SUPPORTED, R.WRONG_PLATFORM, ()),
    ("unread: listed", PHONE, [LISTED], UNREAD, S.CONDITIONAL, R.LISTED, (C.NOTE,)),
    ("unread: rule", PHONE, [], UNREAD, S.CONDITIONAL, R.RULE, (C.NFC, C.NOTE)),
    ("unread: nothing else", IPHONE_15, [], UNREAD, S.CONDITIONAL, R.RULE, (C.NOTE,)),
    ("unread: excluded", PHONE, [EXCLUDED], UNREAD, S.NOT_SUPPORTED, R.EXCLUDED, ()),
    ("PC: reader listed", READER, [LISTED], PC, S.SUPPORTED, R.LISTED, ()),
    ("PC: reader with note", READER, [NOTED], PC, S.CONDITIONAL, R.LISTED, (C.NOTE,)),
    ("PC: reader not listed", READER, [], PC, S.NOT_LISTED, R.NOT_LISTED, ()),
    ("PC: reader gone", READER, [GONE], PC, S.DELISTED, R.DELISTED, ()),
    ("PC: reader excluded", READER, [EXCLUDED], PC, S.NOT_SUPPORTED, R.EXCLUDED, ()),
]


@pytest.mark.parametrize(
    ("facts", "rows", "ground", "status", "reason", "conditions"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_verdict_of_each_branch(facts, rows, ground, status, reason, conditions):
    verdict = judge(facts, rows, ground)
    assert (verdict.status, verdict.reason, verdict.conditions) == (status, reason, conditions)


def test_without_any_rule_an_os_counts_as_not_known():
    assert judge(PHONE, [LISTED], replace(CERTIFICATE, rules={})).status is Status.SUPPORTED
    other = Ground(Capability.ANDROID_CERTIFICATE, {"iOS": IOS})
    assert judge(replace(PHONE, os=None), [LISTED], other).conditions == (Condition.OS,)


NUMBERS = ["SC-51C", "SCG13"]


def only(*numbers: str) -> Printed:
    return replace(LISTED, model_numbers=numbers)


def test_a_list_that_prints_model_numbers_speaks_of_those_alone():
    verdicts = judge_device(PHONE, NUMBERS, [only("SC-51C")], CERTIFICATE)
    assert verdicts["SC-51C"].status is Status.SUPPORTED
    assert verdicts["SCG13"].status is Status.NOT_LISTED
    assert verdicts[""].status is Status.CONDITIONAL
    assert verdicts[""].conditions == (Condition.MODEL_NUMBER,)
    assert verdicts[""].models == ("SC-51C",)


def test_all_numbers_printed_is_the_whole_device():
    verdicts = judge_device(PHONE, NUMBERS, [only("SC-51C"), only("SCG13")], CERTIFICATE)
    assert {number: verdict.status for number, verdict in verdicts.items()} == {"": Status.SUPPORTED}


def test_a_carrier_without_a_number_never_makes_the_whole_device_supported():
    verdicts = judge_device(PHONE, NUMBERS, [only()], CERTIFICATE)
    assert verdicts[""].status is Status.CONDITIONAL
    assert {verdicts[number].status for number in NUMBERS} == {Status.NOT_LISTED}


def test_one_excluded_number_does_not_leave_the_name_supported():
    rows = [only("SC-51C"), replace(only("SCG13"), section=Section.EXCLUDED)]
    verdicts = judge_device(PHONE, NUMBERS, rows, CERTIFICATE)
    assert verdicts[""].status is Status.CONDITIONAL
    assert verdicts["SCG13"].status is Status.NOT_SUPPORTED


PC_TABLE = [
    ("phone that reads", PHONE, Verdict(S.SUPPORTED, R.LISTED), S.CONDITIONAL, (C.PAIRING,)),
    ("phone to check", PHONE, Verdict(S.CONDITIONAL, R.RULE, (C.NFC,)), S.CONDITIONAL, (C.PAIRING, C.NFC)),
    ("phone that cannot", OLD_PHONE, Verdict(S.NOT_SUPPORTED, R.OS_OUT_OF_REACH), S.NOT_SUPPORTED, ()),
    ("iPad shows the code", IPAD, Verdict(S.NOT_SUPPORTED, R.EXCLUDED), S.CONDITIONAL, (C.PAIRING,)),
    ("PC", PC_WINDOWS, Verdict(S.NOT_SUPPORTED, R.WRONG_PLATFORM), S.CONDITIONAL, (C.PAIRING,)),
    ("feature phone", FEATURE_PHONE, Verdict(S.NOT_SUPPORTED, R.WRONG_PLATFORM), S.NOT_SUPPORTED, ()),
]


@pytest.mark.parametrize(
    ("facts", "reading", "status", "conditions"),
    [row[1:] for row in PC_TABLE],
    ids=[row[0] for row in PC_TABLE],
)
def test_pc_login_with_a_device(facts, reading, status, conditions):
    verdict = judge_pc_login(facts, reading, PC)
    assert (verdict.status, verdict.conditions) == (status, conditions)


def test_a_windows_floor_becomes_a_condition():
    ground = replace(PC, rules={"Windows": Rule("rules", "live", min_os="10")})
    verdict = judge_pc_login(PC_WINDOWS, Verdict(S.NOT_SUPPORTED, R.WRONG_PLATFORM), ground)
    assert verdict.conditions == (Condition.PAIRING, Condition.OS)
    assert verdict.min_os == "10"


@pytest.mark.parametrize(
    ("released", "floor", "expected"),
    [
        ("2018-09-21", "2018-09-21", True),
        ("2018-10-26", "2018-09-21", True),
        ("2017-11-03", "2018-09-21", False),
        ("2018", "2018-09-21", None),
        ("2018-09", "2018-09-21", None),
        ("2019", "2018-09-21", True),
        (None, "2018-09-21", None),
        ("2019", None, None),
    ],
)
def test_release_dates_compare_as_precise_as_known(released, floor, expected):
    assert is_not_before(released, floor) is expected


versions = st.none() | st.sampled_from(["8", "10", "11", "12.1", "16", "16.4", "17", "18", "18.5", "26"])
facts_of_any_device = st.builds(
    Facts,
    st.sampled_from(["phone", "tablet", "feature_phone", "unknown"]),
    st.none() | st.sampled_from(["Android", "iOS", "iPadOS"]),
    st.none() | st.sampled_from(["2017", "2018-09", "2018-09-21", "2022-10-13"]),
    versions,
    versions,
)
any_row = st.builds(
    replace,
    st.sampled_from([LISTED, NOTED, DATED, PLANNED, EXCLUDED, GONE]),
    is_current=st.booleans(),
    model_numbers=st.none() | st.sampled_from([(), ("SC-51C",), ("SCG13",), ("SC-51C", "SCG13")]),
)


@settings(max_examples=300, deadline=None)
@given(
    facts_of_any_device,
    st.lists(any_row, max_size=4),
    st.sampled_from([READING, CERTIFICATE, IPHONE, UNREAD]),
)
def test_supported_is_never_said_without_ground(facts, rows, ground):
    for number, verdict in judge_device(facts, NUMBERS, rows, ground).items():
        if verdict.status is not Status.SUPPORTED:
            continue
        mine = [row for row in rows if row.is_current]
        mine = [row for row in mine if not number or row.model_numbers is None or number in row.model_numbers]
        assert not any(row.section != Section.LISTED for row in mine)
        assert not any(row.is_note_asking for row in mine)
        rule = ground.rules[facts.os]
        assert not rule.unread
        assert mine or rule.is_sufficient
        assert facts.first_os is not None
        assert float(facts.first_os) >= float(rule.min_os)
        assert facts.last_os is None or float(facts.last_os) >= float(rule.min_os.split(".")[0])
