"""The devices and their identity: which printed row speaks of which device.

A model number decides first, within one maker; then the folded maker and name. Rows of the
world catalogue never add their model numbers to a device sold in Japan: the same name sold
abroad can be other hardware (the OPPO A5 2020 bought abroad has no NFC).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crawler.names import FormFactor, Platform, match_key, slug


@dataclass
class Device:
    """A device while tables are built. `models` holds (model number, carrier id) in printed order."""

    device_id: str
    maker_id: str
    name: str
    form_factor: str
    os: str | None
    released: str | None = None
    first_os: str | None = None
    last_os: str | None = None
    interface: str | None = None
    is_sold_in_japan: bool = True
    aliases: list[str] = field(default_factory=list)
    models: list[tuple[str, str]] = field(default_factory=list)

    @property
    def numbers(self) -> list[str]:
        return list(dict.fromkeys(number for number, _ in self.models))


class DeviceBook:
    """All devices, found by model number or by maker and name."""

    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        self._by_number: dict[str, list[Device]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], Device] = {}
        self._namesakes: dict[str, list[Device]] = defaultdict(list)

    def __iter__(self) -> Iterator[Device]:
        return iter(self.devices.values())

    def add(self, device: Device) -> Device:
        """Enter a new device; a taken id gets the maker, then a number, so that none is lost."""
        wanted, count = device.device_id, 1
        while device.device_id in self.devices:
            base = slug(f"{device.maker_id} {wanted}") if count == 1 else f"{wanted}-{count}"
            device.device_id, count = base, count + 1
        self.devices[device.device_id] = device
        for name in (device.name, *device.aliases):
            self._by_name.setdefault((device.maker_id, match_key(name)), device)
            if device not in (same := self._namesakes[match_key(name)]):
                same.append(device)
        numbers, device.models = device.models, []
        for number, carrier in numbers:
            self.add_number(device, number, carrier)
        return device

    def add_number(self, device: Device, number: str, carrier: str) -> None:
        """Add a model number, or another carrier that sells it."""
        if (number, carrier) not in device.models:
            device.models.append((number, carrier))
        found = self._by_number[match_key(number)]
        if device not in found:
            found.append(device)

    def by_number(self, number: str, maker_id: str) -> Device | None:
        """Return the one device of the maker with this number; an unknown maker ('') matches any."""
        found = [
            device
            for device in self._by_number.get(match_key(number), ())
            if maker_id in ("", device.maker_id)
        ]
        return found[0] if len(found) == 1 else None

    def by_name(self, name: str, maker_id: str) -> Device | None:
        return self._by_name.get((maker_id, match_key(name)))

    def all_named(self, name: str) -> list[Device]:
        """Return the devices of this name, whoever made them."""
        return self._namesakes.get(match_key(name), [])


def device_id_of(maker_id: str, name: str, numbers: Iterable[str]) -> str:
    """Return the id: the first printed model number, else maker and name folded to a slug."""
    first = next(iter(numbers), None)
    return first.replace("/", "-") if first else slug(f"{maker_id} {name}")


def guess_kind(maker_id: str, name: str, is_reader: bool = False) -> tuple[str, str | None]:
    """Return form factor and OS of a device that only a list names."""
    if is_reader:
        return FormFactor.CARD_READER, None
    key = match_key(name)
    if maker_id == "apple":
        if key.startswith("ipad"):
            return FormFactor.TABLET, Platform.IPADOS
        return FormFactor.PHONE, Platform.IOS
    return FormFactor.PHONE, Platform.ANDROID
