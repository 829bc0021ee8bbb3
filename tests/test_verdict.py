"""The stored verdict refined by the OS that a person states: one row for each branch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.names import Capability, Status
from explorer.os_text import OsStated
from explorer.queries import Dataset
from explorer.verdict import Device, Support, refine, row_for

ANDROID = Device("id", "sony", "ソニー", "Sony", "Xperia", "phone", "Android", "2020", "10", "12", True, ())
NO_LAST = ANDROID._replace(last_os=None)


def row(status: str, *conditions: str, min_os: str | None = "11", reason: str = "listed") -> Support:
    return Support(
        "card_reading", "", status, reason, conditions, min_os, None, None, "faq-2587", "live", None, None
    )


def os(version: str | None, platform: str | None = "Android") -> OsStated:
    return OsStated(platform, version, "as typed")


S = Status
TABLE = [
    # what, device, stored row, stated OS, status, codes that must be among reasons and steps
    ("supported, no OS", ANDROID, row("supported"), None, S.SUPPORTED, "start"),
    ("supported, OS fine", ANDROID, row("supported"), os("12"), S.SUPPORTED, "os_is_met"),
    ("supported, OS too low", ANDROID, row("supported"), os("10"), S.CONDITIONAL, "update_os"),
    (
        "supported, OS of another system",
        ANDROID,
        row("supported"),
        os("17", "iOS"),
        S.CONDITIONAL,
        "os_of_other_platform",
    ),
    ("supported, only a number", ANDROID, row("supported"), os("12", None), S.SUPPORTED, "os_is_met"),
    ("supported, platform without version", ANDROID, row("supported"), os(None), S.SUPPORTED, "start"),
    ("supported, no floor known", ANDROID, row("supported", min_os=None), os("9"), S.SUPPORTED, "start"),
    ("open OS, none given", ANDROID, row("conditional", "os"), None, S.CONDITIONAL, "check_os"),
    ("open OS, fine", ANDROID, row("conditional", "os"), os("11"), S.SUPPORTED, "os_is_met"),
    (
        "open OS, below, can be updated",
        ANDROID,
        row("conditional", "os"),
        os("10"),
        S.CONDITIONAL,
        "update_os",
    ),
    (
        "open OS, below, last not known",
        NO_LAST,
        row("conditional", "os"),
        os("10"),
        S.CONDITIONAL,
        "try_update_os",
    ),
    (
        "open OS, not precise",
        ANDROID,
        row("conditional", "os", min_os="11.2"),
        os("11"),
        S.CONDITIONAL,
        "os_not_precise",
    ),
    (
        "open OS and NFC, OS fine",
        ANDROID,
        row("conditional", "os", "nfc"),
        os("12"),
        S.CONDITIONAL,
        "check_nfc",
    ),
    ("note, OS fine", ANDROID, row("conditional", "note", "os"), os("12"), S.CONDITIONAL, "check_note"),
    (
        "excluded stays",
        ANDROID,
        row("not_supported", reason="excluded"),
        os("14"),
        S.NOT_SUPPORTED,
        "excluded",
    ),
    (
        "out of reach stays",
        ANDROID,
        row("not_supported", reason="os_out_of_reach"),
        os("14"),
        S.NOT_SUPPORTED,
        "use_other_device",
    ),
    (
        "wrong platform stays",
        ANDROID,
        row("not_supported", reason="wrong_platform"),
        None,
        S.NOT_SUPPORTED,
        "use_other_way",
    ),
    ("planned stays", ANDROID, row("planned", reason="planned"), os("14"), S.PLANNED, "wait_and_see"),
    ("delisted stays", ANDROID, row("delisted", reason="delisted"), os("14"), S.DELISTED, "see_official"),
    (
        "not listed stays",
        ANDROID,
        row("not_listed", reason="not_listed"),
        os("14"),
        S.NOT_LISTED,
        "see_official",
    ),
]


@pytest.mark.parametrize(
    ("device", "stored", "stated", "status", "code"),
    [line[1:] for line in TABLE],
    ids=[line[0] for line in TABLE],
)
@pytest.mark.parametrize("capability", list(Capability))
def test_each_branch(device, stored, stated, status, code, capability):
    refined = refine(device, stored._replace(capability=capability.value), stated)
    assert refined.status is status
    if capability is Capability.PC_LOGIN and status is S.NOT_SUPPORTED:
        assert refined.next_steps[0] == "use_reader"
    else:
        assert code in (*refined.reasons, *refined.next_steps)
    is_mismatch = code == "os_of_other_platform"
    assert refined.reasons[0] == (code if is_mismatch else stored.reason)
    assert (refined.next_steps[0] == "match_os") is is_mismatch
    assert refined.next_steps


def test_the_kind_of_rule_is_said_last():
    refined = refine(ANDROID, row("conditional", "os", "nfc", reason="rule"), None)
    assert refined.reasons == ("check_os", "check_nfc", "rule")


def test_a_version_of_a_computer_without_a_known_floor_is_said():
    pc = ANDROID._replace(os="Windows", form_factor="computer")
    stored = row("conditional", "pairing", min_os=None, reason="rule")
    assert "os_version_unknown" in refine(pc, stored, os("7", "Windows")).reasons
    assert "os_version_unknown" not in refine(pc, stored, os(None, "Windows")).reasons
    assert "os_is_below" in refine(pc, stored._replace(min_os="10"), os("7", "Windows")).reasons


def test_text_that_is_no_os_is_said_and_changes_nothing():
    refined = refine(ANDROID, row("conditional", "os"), None, is_os_text_given=True)
    assert refined.status is Status.CONDITIONAL
    assert "os_not_understood" in refined.reasons


def test_a_supported_answer_from_a_bundled_page_sends_to_the_official_page():
    assert refine(ANDROID, row("supported")._replace(origin="bundled"), None).next_steps == (
        "start",
        "see_official",
    )


def test_the_row_of_the_model_number_comes_before_that_of_the_device():
    rows = [row("conditional", "model_number"), row("supported")._replace(model_number="SC-51C")]
    assert row_for(rows, "card_reading", "SC-51C").status == "supported"
    assert row_for(rows, "card_reading", "SCG13").status == "conditional"
    assert row_for(rows, "card_reading", None).status == "conditional"


conditions = st.lists(
    st.sampled_from(["os", "nfc", "note", "model_number", "min_model", "pairing"]), unique=True
)
versions = st.none() | st.sampled_from(["8", "10", "11", "11.2", "12", "14", "99"])
stated_os = st.none() | st.builds(OsStated, st.sampled_from([None, "Android", "iOS"]), versions, st.just("x"))


@given(st.sampled_from(list(Status)[:6]), conditions, st.sampled_from([None, "11", "11.2"]), stated_os)
def test_an_os_never_lifts_what_is_not_about_the_os(status, conditions, floor, stated):
    if status is not Status.CONDITIONAL:
        conditions = []
    elif not conditions:
        conditions = ["nfc"]
    refined = refine(ANDROID, row(status.value, *conditions, min_os=floor), stated)
    if status not in (Status.SUPPORTED, Status.CONDITIONAL):
        assert refined.status is status
    if refined.status is Status.SUPPORTED:
        assert not set(conditions) - {"os"}
        assert not (stated and stated.platform == "iOS")
        if "os" in conditions:
            assert stated
            assert stated.version in ("11", "11.2", "12", "14", "99")


def test_a_number_that_is_no_version_of_the_system_closes_nothing(data: Dataset):
    device = next(one for one in data.devices.values() if one.name == "iPhone 13")
    row = row_for(data.support[device.device_id], Capability.CARD_READING, None)
    assert refine(device, row, os("17", None), is_os_text_given=True).status is Status.SUPPORTED
    found = refine(device, row, os("99", None), is_os_text_given=True)
    assert (found.status, "os_not_understood" in found.reasons) == (Status.CONDITIONAL, True)


def test_a_version_beyond_what_the_device_gets_closes_nothing(data: Dataset):
    device = next(one for one in data.devices.values() if one.name == "iPhone 8")
    row = row_for(data.support[device.device_id], Capability.CARD_READING, None)
    assert refine(device, row, os("16.5", None)).status is Status.SUPPORTED
    found = refine(device, row, os("17", None))
    assert (found.status, "os_beyond_last" in found.reasons) == (Status.CONDITIONAL, True)
