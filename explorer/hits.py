"""From a reading to stored keys, and from several hits to one answer or to candidates. Pure.

Numbers and suffixes are identity here; hits that contradict each other stay candidates.
"""

from collections.abc import Iterable, Sequence

from crawler.names import KeyKind, Match, match_key
from explorer.index import Found, Index, KeyHit
from explorer.reading import ROMAN, Reading, Token

MIN_NUMBER_KEY = 4
# So many pieces has no model number more: `2201117TY` has two, `XQ-AS52 A` five.
LONGEST_NUMBER = 6
NUMBERS = ("number", "digits")
# Words that are part of a name, never of a model number.
NO_NUMBER = {"series", "suffix", "mark", "roman", "generation"}
# Kind of hits that contradict each other: neither rank nor place may decide between them.
DISPUTED = "disputed"


def in_japan(index: Index, hits: Iterable[KeyHit]) -> bool:
    return any(hit.device_id in index.japan for hit in hits)


def with_5g(index: Index, plain: Sequence[Reading]) -> list[KeyHit]:
    """Return the Japanese phones that a name sold abroad may mean: people leave `5G` out.

    Both stay candidates then: the phone abroad is not the phone here.
    """
    names = [reading.name for reading in plain[:1]] + [reading.full for reading in plain[:1]]
    hits = [hit for name in names for hit in index.keys.get(f"{name}5g", ())]
    return [hit._replace(kind=DISPUTED) for hit in hits if hit.device_id in index.japan]


def hits_of(index: Index, reading: Reading) -> list[KeyHit]:
    """Return the stored keys that a reading meets, those of another maker than it says left out."""
    names = dict.fromkeys(name for name in (reading.name, reading.full) if name)
    hits = [hit for name in names for hit in _of_maker(index, index.keys.get(name, ()), reading)]
    return hits or _name_and_number(index, reading)


def _of_maker(index: Index, hits: Iterable[KeyHit], reading: Reading) -> list[KeyHit]:
    return [hit for hit in hits if not reading.makers or index.makers.get(hit.device_id) in reading.makers]


def _name_and_number(index: Index, reading: Reading) -> list[KeyHit]:
    """Return the hit of `AQUOS sense4 SH-41A`; a name that contradicts the number gives both.

    The number must stand apart from other letters and digits: SC-51CX is not SC-51C.
    """
    tokens = reading.tokens
    for start in range(len(tokens)):
        for end in range(min(len(tokens), start + LONGEST_NUMBER), start, -1):
            if tokens[start].is_glued or (end < len(tokens) and tokens[end].is_glued):
                continue
            if any(token.kind in NO_NUMBER or not token.text.isascii() for token in tokens[start:end]):
                continue
            # Folded ASCII words: joined they are the key itself.
            number = "".join(token.text for token in tokens[start:end])
            if len(number) < MIN_NUMBER_KEY or number.isdigit() or number.isalpha():
                continue
            hits = [hit for hit in index.keys.get(number, ()) if hit.kind == KeyKind.MODEL]
            if hits:
                return _beside(index, reading, hits, (*tokens[:start], *tokens[end:]))
    return []


def _beside(index: Index, reading: Reading, hits: list[KeyHit], others: Sequence[Token]) -> list[KeyHit]:
    """Return the hits of a number, together with those of another device that stands beside it."""
    rest = match_key("".join(token.text for token in others))
    named = index.keys.get(rest, [])
    if not rest or {hit.device_id for hit in hits} & {hit.device_id for hit in named}:
        return _of_maker(index, hits, reading)
    if named:
        return [hit._replace(kind=DISPUTED) for hit in (*hits, *named)]
    # `SH-41Aに似た機種` is no SH-41A. Harmless words were taken off before, by a list.
    return []


def loosely(index: Index, reading: Reading) -> list[KeyHit]:
    """Return hits of a name without its series word (`sense4`), or with a number for II or 第6世代."""
    tokens = reading.tokens
    if len(tokens) > 1 and tokens[-1].kind in NUMBERS and len(tokens[-1].text) < 3:
        number = int(tokens[-1].text)
        body = "".join(token.text for token in tokens[:-1])
        # A numeral after a numeral would make a third one: `10 V 2` is no 10 VII.
        romans = [] if tokens[-2].text in ROMAN else ROMAN[number : number + 1]
        endings = [f"第{number}世代", *romans] if number > 1 else []
        hits = [hit for ending in endings for hit in index.keys.get(match_key(body + ending), ())]
        if hits:
            return _of_maker(index, hits, reading)
    if any(token.kind == "series" for token in tokens) and len(tokens) > 1:
        return _of_maker(index, index.without_series.get(reading.name, ()), reading)
    return []


def decide(index: Index, hits: Sequence[KeyHit], match: Match, carriers: Sequence[str] = ()) -> Found:
    """Choose among hits: Japan before the world, a model number before a name; several stay several."""
    if not any(hit.kind == DISPUTED for hit in hits):
        hits = [hit for hit in hits if hit.device_id in index.japan] or list(hits)
        hits = [hit for hit in hits if hit.kind == KeyKind.MODEL] or hits
    device_ids = list(dict.fromkeys(hit.device_id for hit in hits))
    candidates = tuple((device_id, 1.0 if match is Match.EXACT else 0.9) for device_id in device_ids)
    if len(device_ids) > 1:
        return Found(Match.AMBIGUOUS, candidates=candidates)
    number = hits[0].model_number or _number_of(index, device_ids[0], carriers)
    return Found(match, device_ids[0], number, candidates)


def _number_of(index: Index, device_id: str, carriers: Sequence[str]) -> str | None:
    """Return the model number that a carrier sells, when it sells just one."""
    sold = {number for number, carrier in index.numbers.get(device_id, ()) if carrier in carriers}
    return sold.pop() if len(sold) == 1 else None
