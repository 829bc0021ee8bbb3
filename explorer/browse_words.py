"""Addresses and words that the list, the page of a device and the changes share. Pure."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from explorer.wording import lang_of, load_texts, say

Query = Mapping[str, Sequence[str]]
NOT_KEPT = ("device", "lang")


def device_address(device_id: str, language: str, query: Query | None = None) -> str:
    """Return the address of a device, with the filters that lead back to the list."""
    return _address({"device": [device_id]} | _kept(query or {}), language)


def list_address(language: str, query: Query) -> str:
    return _address(_kept(query), language)


def _kept(query: Query) -> dict[str, Sequence[str]]:
    return {name: values for name, values in query.items() if name not in NOT_KEPT}


def _address(values: Query, language: str) -> str:
    query = urlencode({**values, **lang_of(language)}, doseq=True)
    return f"./browse?{query}" if query else "./browse"


def say_carriers(codes: Sequence[str], language: str) -> str:
    names = load_texts(language)["ui_carrier"]
    return say(language, "ui_check", "separator").join(names.get(code, code) for code in codes)
