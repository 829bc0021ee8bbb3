"""`datapackage.json` of a published build: a Frictionless Data Package, version 2 (datapackage.org).

Columns, types and their meaning come from `data/schema.sql` by way of the queries of the exports.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from crawler.depot.pointer import StoredFile
from crawler.dictionary import COLUMNS
from crawler.exports import CHANGES, COMPAT, DEVICES, KEYS
from crawler.interface import empty_database
from crawler.settings import CONTACT_URL

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCE = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}
TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
# Of each table: its query, where its columns are explained, what identifies a row.
TABLES: dict[str, tuple[str, str, Sequence[str]]] = {
    "devices.csv": (DEVICES, "device", ["device_id"]),
    "changes.csv": (CHANGES, "change", ["change_id"]),
    "compat.parquet": (COMPAT, "compat", []),
    "keys.parquet": (KEYS, "match_key", []),
}
ABOUT = {
    "devices.duckdb": "The whole database; the data dictionary explains its tables",
    "devices.csv": "One row a device",
    "changes.csv": "What changed on the official lists",
    "compat.parquet": "One flat table: device, model number, capability, verdict, source",
    "keys.parquet": "All folded keys by which a device is found",
    "index.json": "Counts and checksums of the files",
    "changes.atom": "The newest changes as an Atom feed",
}
OWN_WORDS = {
    "maker": "Maker in Japanese",
    "model_numbers": "Model numbers as printed, between blanks",
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "atom": "application/atom+xml",
    "duckdb": "application/octet-stream",
}


def describe_package(
    files: Mapping[str, StoredFile], meta: Mapping[str, str], sources: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Return the descriptor; `meta` is that of the database, `sources` have a title and an address each."""
    return {
        "$schema": PROFILE,
        "name": "mynaportal-devices",
        "title": "マイナポータル device compatibility",
        "description": "Which phones, PCs and card readers work with マイナポータル, from the "
        "official lists. Not an official service; `origin` bundled marks what rests on no page fetched yet.",
        "homepage": CONTACT_URL,
        "version": meta["schema_version"],
        "created": meta["built_at"],
        "licenses": [LICENCE],
        "sources": [{"title": title, "path": url} for title, url in sources],
        "resources": [_resource(name, file) for name, file in files.items()],
    }


def _resource(name: str, file: StoredFile) -> dict[str, Any]:
    kind = name.rpartition(".")[2]
    about: dict[str, Any] = {
        "name": name.replace(".", "-"),
        "path": name,
        "description": ABOUT[name],
        "format": kind,
        "mediatype": MEDIA_TYPES[kind],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if kind in ("csv", "json"):
        about["encoding"] = "utf-8"
    if name in TABLES:
        about |= {"type": "table", "schema": _schemas()[name]}
    return about


@cache
def _schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each table that is exported."""
    with empty_database() as con:
        known = con.execute(COLUMNS).fetchall()
        columns = {name: con.execute(f"DESCRIBE {sql}").fetchall() for name, (sql, *_) in TABLES.items()}
    schemas = {}
    for name, (_, table, key) in TABLES.items():
        words = {column: comment for _, column, *_, comment in known}
        words |= OWN_WORDS | {column: comment for one, column, *_, comment in known if one == table}
        fields = [
            {"name": column, "type": _type(kind), "description": words.get(column, "")}
            for column, kind, *_ in columns[name]
        ]
        schemas[name] = {"fields": fields} | ({"primaryKey": list(key)} if key else {})
    return schemas


def _type(kind: str) -> str:
    return "list" if kind.endswith("[]") else TYPES[kind]
