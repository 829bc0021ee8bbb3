"""Which device a printed row speaks of, and what of it no lookup understood. Pure."""

from collections import defaultdict
from typing import Any

from crawler.devices import Device, DeviceBook, device_id_of, guess_kind
from crawler.lookups import Lookups
from crawler.names import Section, match_key, slug
from crawler.numbers import plain, read_cell

CARD_READER_SOURCES = ("jpki-readers",)


class Normaliser:
    """One run of the stage. `issues` collects every printed value that no lookup understood."""

    def __init__(self, lookups: Lookups):
        self.lookups = lookups
        self.book = DeviceBook()
        self.makers = {row["maker_id"]: (row["name_ja"], row["name_en"]) for row in lookups.makers}
        self.issues: list[dict[str, Any]] = []

    def issue(self, source_id: str | None, kind: str, found: str, tip: str) -> None:
        issue = {"source_id": source_id, "kind": kind, "found": found, "tip": tip}
        if issue not in self.issues:
            self.issues.append(issue)

    def maker_of(self, printed: Any) -> str:
        """Return the maker id of a printed row; a maker that no lookup knows gets an id of its own."""
        word = plain(printed.maker)
        if not word:
            return self.maker_in_name(plain(printed.name))
        maker_id = self.lookups.maker_of(word)
        if maker_id is None:
            maker_id = slug(word) or "unknown"
            self.makers.setdefault(maker_id, (word, word))
            self.issue(
                printed.source_id,
                "maker",
                word,
                f"maker {word!r} has no lookup; add it to data/lookups/makers.csv",
            )
        return maker_id

    def maker_in_name(self, name: str) -> str:
        """Return the maker whose word opens the name, '' when none does."""
        words = name.split(" ")
        return self.lookups.maker_words.get(match_key(words[0]), "") if len(words) > 1 else ""

    def resolve(self, printed: Any) -> list[tuple[Device, list[str] | None]]:
        """Return the devices that a printed row speaks of, each with the model numbers meant.

        None instead of numbers: the row names the device as a whole. Devices that no table knows
        yet are entered.
        """
        family = self.lookups.family_words.get(match_key(printed.name))
        if family is not None:
            return [(device, None) for device in self.book if device.os == family]
        maker_id, name = self.maker_of(printed), plain(printed.name)
        pairs, carriers = self.read_numbers(printed, maker_id)
        if not pairs and (namesakes := self.namesakes(printed, maker_id, name)):
            return [(device, None) for device in namesakes]
        by_device, strangers = self.sort_numbers(pairs, maker_id)
        if strangers or not by_device:
            device = self.named(printed, maker_id, name, strangers)
            for number, carrier in strangers:
                self.book.add_number(device, number, carrier)
            by_device[device.device_id] += [number for number, _ in strangers]
            if not pairs and carriers:
                sold = [number for number, carrier in device.models if carrier in carriers]
                return [(device, sold)]
        for device_id in by_device:
            self.book.devices[device_id].is_sold_in_japan = True
        meant = [(self.book.devices[device_id], numbers or None) for device_id, numbers in by_device.items()]
        if printed.section != Section.LISTED:
            # A row that bars one device by number and another by name bars both.
            named = self.book.all_named(name) if self.is_contradicted(meant[0][0], printed) else []
            meant += [(device, None) for device in named if device.device_id not in by_device]
        return meant

    def sort_numbers(
        self, pairs: list[tuple[str, str]], maker_id: str
    ) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
        """Return the numbers of each known device by its id, and the (number, carrier) of no device."""
        by_device: dict[str, list[str]] = defaultdict(list)
        strangers: list[tuple[str, str]] = []
        for number, carrier in pairs:
            known = self.book.by_number(number, maker_id)
            if known is None:
                strangers.append((number, carrier))
            else:
                self.book.add_number(known, number, carrier)
                by_device[known.device_id].append(number)
        return by_device, strangers

    def namesakes(self, printed: Any, maker_id: str, name: str) -> list[Device]:
        """Return whom a row without a known maker means by its name alone.

        Such a row must not miss its device: one that bars (planned, excluded) speaks of every
        device of that name, one that lists only where the name leaves no choice.
        """
        if maker_id in self.lookups.maker_words.values():
            return []
        found = self.book.all_named(name)
        return found if printed.section != Section.LISTED or len(found) == 1 else []

    def is_contradicted(self, device: Device, printed: Any) -> bool:
        """Tell whether the printed name is that of another device than its model number."""
        named = self.book.all_named(plain(printed.name))
        return bool(named) and device not in named

    def read_numbers(self, printed: Any, maker_id: str) -> tuple[list[tuple[str, str]], list[str]]:
        """Return the (number, carrier) pairs and the carriers of the row; the rest becomes issues."""
        whole = plain(printed.model)
        if whole and self.book.by_number(whole, maker_id) is not None:
            return [(whole, "")], []
        words = self.lookups.carrier_words
        models, sellers = read_cell(printed.model, words), read_cell(printed.carrier, words)
        for kind, rest, file in (("model", models.rest, "phones"), ("carrier", sellers.rest, "carriers")):
            for word in rest + ([number for number, _ in sellers.numbers] if kind == "carrier" else []):
                tip = f"{kind} {word!r} is not understood; see data/lookups/{file}.csv"
                self.issue(printed.source_id, kind, word, tip)
        carriers = list(dict.fromkeys(models.carriers + sellers.carriers))
        only = carriers[0] if len(carriers) == 1 else ""
        return [(number, carrier or only) for number, carrier in models.numbers], carriers

    def named(self, printed: Any, maker_id: str, name: str, numbers: list[tuple[str, str]]) -> Device:
        """Return the device of this maker and name, entered now if it is new."""
        device = self.book.by_name(name, maker_id) if name else None
        if device is not None and device.is_sold_in_japan:
            return device
        name = name or numbers[0][0]
        kind, os = guess_kind(maker_id, name, printed.source_id in CARD_READER_SOURCES)
        if not maker_id:
            maker_id = "unknown"
            self.makers.setdefault("unknown", ("不明", "unknown"))
            tip = f"no maker printed for {name!r}, none in its name; see data/lookups/makers.csv"
            self.issue(printed.source_id, "maker", "", tip)
        device_id = device_id_of(maker_id, name, [number for number, _ in numbers])
        return self.book.add(Device(device_id, maker_id, name, kind, os))
