"""A PC answered as what the official rules speak of: OS, browser, and the way to read the card. Pure.

The answer is the worst of its parts. What is publicly known of browsers is old, so no combination
is ever more than `conditional`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crawler.names import Capability, FormFactor, Match, Reason, Status, match_key
from explorer.check import check
from explorer.days import say_month
from explorer.queries import Dataset
from explorer.verdict import PcRule
from explorer.wording import say

WORST_FIRST = (
    Status.NOT_SUPPORTED,
    Status.UNKNOWN,
    Status.AMBIGUOUS,
    Status.DELISTED,
    Status.PLANNED,
    Status.NOT_LISTED,
    Status.CONDITIONAL,
    Status.SUPPORTED,
)

# What may stand behind the name of a browser, folded as a key; as of 2026-11.
BESIDE_BROWSER = re.compile(
    "(?:[0-9]+|browser|ブラウザー?|version|ver|バージョン|v|stable|最新版?|最新ノ?バージョン|ノ最新版?|64bit|32bit|64ビット|公式ビルド|officialbuild"
    "|デス|ヲ?使ッテイ?マス|ヲ?使ッテイ?ル|ヲ?使用中|ヲ?利用中|for(?:windows|mac))*"
)


# The way to read the card -> its rule, and what the device has to be able to do.
WAYS = {
    "reader": ("card_reader", Capability.PC_LOGIN, FormFactor.CARD_READER),
    "phone": ("phone", Capability.CARD_READING, FormFactor.PHONE),
}


class Part(NamedTuple):
    """What one part of the PC says: status, reason code, next step, values of the texts, evidence."""

    status: Status
    reason: str
    step: str | None
    values: dict[str, str]
    evidence: list[dict[str, Any]]


def check_pc(
    data: Dataset,
    text: str,
    browser: str = "",
    reader: str = "",
    phone: str = "",
    language: str = "ja",
    os_text: str = "",
    way: str = "",
) -> dict[str, Any]:
    """Return the answer for `pc_login`, in the shape of the JSON contract.

    `text` names the PC or its OS (`Windows 11`, `MacBook`), the others may stay empty: what is
    missing is asked for in the next steps. `way` (`reader` or `phone`) is how the card is to be read where
    its model is not known yet. A text that names no PC is answered as any device.
    """
    answer = check(data, text, os_text, capabilities=(Capability.PC_LOGIN,), language=language)
    device = answer["device"]
    if device is None or device["form_factor"] != FormFactor.COMPUTER:
        if device is not None and (browser or reader or phone):
            answer["answers"][0]["next_steps"].append(say(language, "step", "name_pc"))
        return answer
    ways = {"reader": reader, "phone": phone}
    chosen = {name: text for name, text in ways.items() if text or name == way}
    parts = [_browser(data, device["os"], browser, language), *_ways(data, device["os"], chosen, language)]
    _add_parts(answer["answers"][0], parts, bool(chosen), language)
    return answer


def _add_parts(one: dict[str, Any], parts: Sequence[Part], has_way: bool, language: str) -> None:
    """Put what the parts say into the answer; a way that was named need not be asked for."""
    statuses = [Status(one["status"]), *(part.status for part in parts)]
    one["status"] = min(statuses, key=WORST_FIRST.index).value
    said = [
        {"code": part.reason, "text": say(language, "reason", part.reason, **part.values)} for part in parts
    ]
    one["reasons"] = sorted([*one["reasons"], *said], key=lambda reason: bool(reason["code"] == Reason.RULE))
    steps = [say(language, "step", part.step, **part.values) for part in parts if part.step]
    asked = say(language, "step", "do_pairing") if has_way else None
    kept = [step for step in one["next_steps"] if step != asked]
    one["next_steps"] = list(dict.fromkeys([*steps, *kept]))
    one["evidence"] = [proof for part in parts for proof in part.evidence] + one["evidence"]


def _ways(data: Dataset, platform: str, chosen: Mapping[str, str], language: str) -> Iterator[Part]:
    """Yield what the chosen ways to read the card say; '' is a way whose model is not known yet."""
    for name, text in chosen.items():
        rule, capability, kind = WAYS[name]
        yield _way(data, platform, rule)
        if text:
            yield _device(data, text, capability, kind, name, language)
        else:
            yield Part(Status.CONDITIONAL, f"pc_needs_{name}", f"name_{name}", {}, [])
    if not chosen:
        yield Part(Status.CONDITIONAL, "pc_needs_way", "choose_way", {}, [])


def _browser(data: Dataset, platform: str, browser: str, language: str) -> Part:
    fitting = [rule.name for rule in data.pc_rules if rule.kind == "browser" and platform in rule.platforms]
    values = {"browser": browser[:60], "platform": platform}
    values["browsers"] = say(language, "ui_check", "separator").join(fitting)
    if not browser:
        return Part(Status.CONDITIONAL, "pc_needs_browser", "choose_browser", values, [])
    rule = next((one for one in data.pc_rules if one.kind == "browser" and _is_named(browser, one)), None)
    if rule is None:
        return Part(Status.NOT_LISTED, "pc_browser_unknown", "choose_browser", values, [])
    values |= {"browser": rule.name, "as_of": say_month(language, rule.fact_as_of)}
    if platform in rule.platforms:
        return Part(Status.CONDITIONAL, "pc_browser", "see_official", values, [])
    return Part(Status.NOT_LISTED, "pc_browser_elsewhere", "choose_browser", values, [])


def _is_named(browser: str, rule: PcRule) -> bool:
    """Tell whether a text names the browser and says no more that counts: `Chromeではない` does not."""
    key = match_key(browser)
    rests = [key.removeprefix(word) for word in map(match_key, rule.words) if key.startswith(word)]
    return any(BESIDE_BROWSER.fullmatch(rest) for rest in rests)


def _way(data: Dataset, platform: str, way: str) -> Part:
    rule = next(rule for rule in data.pc_rules if rule.kind == "way" and rule.name == way)
    values = {"platform": platform}
    if platform in rule.platforms:
        return Part(Status.CONDITIONAL, f"pc_way_{way}", None, values, [])
    return Part(Status.NOT_SUPPORTED, f"pc_no_{way}", "choose_way", values, [])


def _device(
    data: Dataset, text: str, capability: Capability, kind: FormFactor, word: str, language: str
) -> Part:
    """Return what the named card reader or phone says for its part of the work."""
    answer = check(data, text, capabilities=(capability,), language=language)
    device, one = answer["device"], answer["answers"][0]
    values = {"text": text[:60], "name": device["name"] if device else "", "status": ""}
    if device is None:
        is_several = answer["match"] == Match.AMBIGUOUS
        status = Status.AMBIGUOUS if is_several else Status.UNKNOWN
        return Part(status, f"pc_{word}_unknown", f"name_{word}", values, [])
    if (device["form_factor"] == FormFactor.CARD_READER) != (kind is FormFactor.CARD_READER):
        return Part(Status.NOT_SUPPORTED, f"pc_{word}_is_other", f"name_{word}", values, [])
    values["status"] = say(language, "status", one["status"])
    interface = data.devices[device["device_id"]].interface
    values["interface"] = say(language, "interface", interface or "unknown")
    return Part(Status(one["status"]), f"pc_{word}", None, values, one["evidence"])
