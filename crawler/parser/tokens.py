"""Printed text cut into tokens: model numbers, carriers, separators, brackets, other words."""

import re
from dataclasses import dataclass
from functools import cache

from crawler.parser.words import alternatives, flat

# The shapes of model numbers sold in Japan: SH-41A SH-M15 d-41A XQ-AT42 XT2125-4 BLA-L29, SOG02 KYV47,
# CPH2309 901SO A003SH A101FC, P710 A2890, G9FPL, M2007J17G 23124RA7EO ZB631KL, ASUS_AI2205.
MODEL = re.compile(
    r"(?![0-9]+(?:GB|MB|TB|KB|MM|HZ|G|W)(?![0-9A-Z]))(?!(?:IP|IPX|OS|IOS|USB|ROM|RAM|WPA|V|TAB)[0-9]+(?![0-9A-Z]))"
    r"(?:[A-Zd][A-Z0-9]{0,5}-[A-Z]{0,3}[0-9]{2,5}[A-Z]{0,3}[0-9]?|[A-Z]{2,4}-[A-Z]{1,3}[0-9]{1,3}[A-Z]{0,2}|XT[0-9]{4}-[0-9]{1,2}"
    r"|[A-Z]{2,4}[0-9]{2,4}[A-Z]{0,3}|[A-Z]?[0-9]{3}[A-Z]{2}|[A-Z][0-9]{3,4}[A-Z]{0,2}|G(?=[0-9A-Z]{0,3}[0-9])[0-9A-Z]{4}"
    r"|(?=[0-9]*[A-Z][A-Z0-9]*[0-9])(?![A-Z]{5})[0-9A-Z]{7,14}|ASUS_[0-9A-Z]+)(?:/DS|-[0-9A-Z]{2,10})?(?![0-9A-Za-z_+\-])"
)
SEPARATORS = "、,/・:;&|＆"
GROUP_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: word, model, carrier, filler, sep, or the same in brackets: model_group, carrier_group."""

    kind: str
    start: int
    end: int


@cache
def _scanner() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<space>\s+)|(?P<brand>(?i:{alternatives('brand')}))|(?P<model>(?<![0-9A-Za-z_\-]){MODEL.pattern})|(?P<carrier>(?i:{alternatives('carrier')}))"
        rf"|(?P<filler>(?:{alternatives('filler')})(?=$|[\s{SEPARATORS}()\[\]]))|(?P<sep>[{SEPARATORS}])"
        rf"|(?P<open>[(\[])|(?P<close>[)\]])|(?P<word>[^\s{SEPARATORS}()\[\]]+)"
    )


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text; a bracket is one token, of the kind that its content has."""
    normal = flat(text)
    found = [Token(_kind(match.lastgroup), *match.span()) for match in _scanner().finditer(normal)]
    joined: list[Token] = []
    index = 0
    while index < len(found):
        token = found[index]
        if token.kind == "open":
            close = _closing(found, index)
            kinds = {inner.kind for inner in found[index + 1 : close]}
            joined.append(Token(_group_kind(kinds), token.start, found[close].end))
            index = close
        elif token.kind != "space":
            joined.append(Token("word", token.start, token.end) if token.kind == "close" else token)
        index += 1
    return joined


def _kind(group: str | None) -> str:
    return "word" if group in (None, "brand") else str(group)


def _closing(tokens: list[Token], start: int) -> int:
    depth = 0
    for index in range(start, min(len(tokens), start + GROUP_LIMIT)):
        depth += (tokens[index].kind == "open") - (tokens[index].kind == "close")
        if depth == 0:
            return index
    return start


def _group_kind(kinds: set[str]) -> str:
    if not kinds or kinds - {"model", "carrier", "filler", "sep", "space"}:
        return "word"
    return "model_group" if "model" in kinds else "carrier_group" if "carrier" in kinds else "word"


def has_model(text: str) -> bool:
    """Tell whether a model number stands anywhere in the text."""
    return any(match.lastgroup == "model" for match in _scanner().finditer(flat(text)))


def models_in(text: str) -> set[str]:
    """Return the model numbers in the text, in half width."""
    return {match.group() for match in _scanner().finditer(flat(text)) if match.lastgroup == "model"}


def is_models(text: str) -> bool:
    """Tell whether the text is nothing but model numbers, with carriers and separators at most."""
    kinds = {token.kind for token in tokens_of(text)}
    return bool(kinds & {"model", "model_group"}) and "word" not in kinds
