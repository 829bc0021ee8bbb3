"""An answer as plain text for the terminal. Pure."""

from collections.abc import Iterator
from typing import Any

from explorer.days import japan_day
from explorer.wording import say

MAX_ECHO = 200
LABELS = {
    "ja": {
        "why": "理由",
        "next": "次にすること",
        "proof": "この答えのもと",
        "seen": "取得した日",
        "written": "用意した日",
    },
    "en": {"why": "why", "next": "next", "proof": "rests on", "seen": "fetched", "written": "prepared"},
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
        yield f"  {say(language, 'status', one['status'])}  [{one['status']}]"
        yield from (f"  {labels['why']}: {reason['text']}" for reason in one["reasons"])
        yield from (f"  {labels['next']}: {step}" for step in one["next_steps"])
        for proof in one["evidence"]:
            yield f"  {labels['proof']}: {proof['printed']}"
            is_bundled = proof["origin"] == "bundled"
            seen = labels["written" if is_bundled else "seen"]
            yield f"      {proof['url']} ({seen} {japan_day(proof['fetched_at'])})"
            if is_bundled:
                yield f"      ※ {say(language, 'origin', 'bundled')}"
