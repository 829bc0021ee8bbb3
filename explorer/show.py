"""An answer as plain text for the terminal. Pure."""

from collections.abc import Iterator
from typing import Any

from explorer.days import japan_day
from explorer.headline import headline
from explorer.wording import say

MAX_ECHO = 200
LABELS = {
    "ja": {
        "why": "理由",
        "next": "次にすること",
        "proof": "この答えのもと",
        "seen": "取得した日",
        "written": "用意した日",
        "fact": "情報の出どころ",
    },
    "en": {
        "why": "why",
        "next": "next",
        "proof": "rests on",
        "seen": "fetched",
        "written": "prepared",
        "fact": "found at",
    },
}


def show(answer: dict[str, Any], language: str) -> str:
    """Return the lines that a person reads: device, verdicts with reason, next step and evidence."""
    return "\n".join(_lines(answer, language))


def _lines(answer: dict[str, Any], language: str) -> Iterator[str]:
    device = answer["device"]
    if device is None:
        query = answer["query"]
        yield f"「{query[:MAX_ECHO]}…」" if len(query) > MAX_ECHO else f"「{query}」"
        first = answer["answers"][0]
        yield f"{say(language, 'status', first['status'])}: {first['reasons'][0]['text']}"
        yield from (f"  - {one['maker']} {one['name']}" for one in answer["candidates"])
        yield from (f"  → {step}" for step in first["next_steps"])
        return
    yield f"{device['maker']} {device['name']}  {' / '.join(device['model_numbers'])}".rstrip()
    labels = LABELS[language]
    for one in answer["answers"]:
        yield ""
        yield f"■ {say(language, 'capability', one['capability'])}"
        yield f"  {headline(one, language)}  [{one['status']}]"
        yield from (f"  {labels['why']}: {reason['text']}" for reason in one["reasons"])
        yield from (f"  {labels['next']}: {step}" for step in one["next_steps"])
        yield from dict.fromkeys("\n".join(_proof(proof, language)) for proof in one["evidence"])


def _proof(proof: dict[str, Any], language: str) -> Iterator[str]:
    labels, is_bundled = LABELS[language], proof["origin"] == "bundled"
    yield f"  {labels['proof']}: {proof['printed']}"
    seen = labels["written" if is_bundled else "seen"]
    yield f"      {proof['url']} ({seen} {japan_day(proof['fetched_at'])})"
    if is_bundled:
        yield f"      ※ {say(language, 'origin', 'bundled')}"
    if fact := proof.get("fact"):
        sure = say(language, "ui_check", f"confidence_{fact['confidence']}") if fact["confidence"] else None
        about = ", ".join(filter(None, (fact["as_of"], sure)))
        yield f"      {labels['fact']}: {fact['url']}" + (f" ({about})" if about else "")
