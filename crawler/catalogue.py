"""The base catalogue (phones, computers, card readers known before any list) and the world catalogue."""

import pandas as pd

from crawler.devices import Device, DeviceBook, device_id_of
from crawler.lookups import Lookups, split_list
from crawler.names import FormFactor, Platform, match_key, slug


def add_base_catalogue(book: DeviceBook, lookups: Lookups) -> None:
    """Enter phones.csv, computers.csv and card_readers.csv."""
    for row in lookups.phones:
        models = [(number, carrier) for number, _, carrier in map(_split, split_list(row["models"]))]
        book.add(
            Device(
                device_id=device_id_of(row["maker_id"], row["name"], [number for number, _ in models]),
                maker_id=row["maker_id"],
                name=row["name"],
                form_factor=row["form_factor"],
                os=row["os"] or None,
                released=row["released"] or None,
                first_os=row["first_os"] or None,
                last_os=row["last_os"] or None,
                aliases=split_list(row["aliases"]),
                models=models,
            )
        )
    for row in lookups.computers:
        device_id = device_id_of(row["maker_id"], row["name"], [])
        aliases = split_list(row["aliases"])
        kind = row["form_factor"]
        book.add(Device(device_id, row["maker_id"], row["name"], kind, row["os"], aliases=aliases))
    for row in lookups.card_readers:
        number = row["model_number"]
        device_id = device_id_of(row["maker_id"], row["name"], [number])
        kind = FormFactor.CARD_READER
        device = Device(device_id, row["maker_id"], row["name"], kind, None, models=[(number, "")])
        device.interface = row["interface"]
        book.add(device)


def add_world_catalogue(
    book: DeviceBook, makers: dict[str, tuple[str, str]], catalogue: pd.DataFrame, lookups: Lookups
) -> None:
    """Enter the rows (brand, name, device, model) that no device sold in Japan covers.

    A row is covered when its model number is known for its maker, or when it has no number of its
    own (Google prints `Pixel 4a` as name and as model) and its name is known. Everything else is a
    world device, one for each maker and name, and never joins a Japanese device of the same name.
    """
    maker_ids: dict[str, str] = {}
    world: dict[tuple[str, str], Device] = {}
    for brand, name, codename, model in catalogue.itertuples(index=False, name=None):
        if brand not in maker_ids:
            maker_ids[brand] = lookups.maker_words.get(match_key(brand)) or slug(brand) or "unknown"
            makers.setdefault(maker_ids[brand], (brand or "不明", brand or "unknown"))
        maker_id, name = maker_ids[brand], name or model
        name_key, model_key = match_key(name), match_key(model)
        if not name_key:
            name, name_key = codename, match_key(codename)
        if not name_key or book.by_number(model, maker_id):
            continue
        if name_key == model_key and book.by_name(name, maker_id):
            continue
        device = world.get((maker_id, name_key))
        if device is None:
            device = world[maker_id, name_key] = _world_device(maker_id, name, codename)
        if model and (model, "") not in device.models:
            device.models.append((model, ""))
    for device in world.values():
        book.add(device)


def _world_device(maker_id: str, name: str, codename: str) -> Device:
    # Chromebooks stand in the catalogue with the code name of their board and this ending.
    is_chromebook = codename.endswith("_cheets")
    return Device(
        device_id=slug(f"{maker_id} {name}"),
        maker_id=maker_id,
        name=name,
        form_factor=FormFactor.COMPUTER if is_chromebook else FormFactor.UNKNOWN,
        os=Platform.CHROMEOS if is_chromebook else Platform.ANDROID,
        is_sold_in_japan=False,
    )


def _split(model: str) -> tuple[str, str, str]:
    return model.partition(":")
