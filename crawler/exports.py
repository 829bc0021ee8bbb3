"""The files beside the database: the same data for spreadsheets and other tools.

Written from the published database with each publish; `index.json` comes last and names the
checksum of each file and of the database, so a reader can tell a whole set from a half-written one.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from crawler.names import FORMULA
from crawler.quoting import quoted
from crawler.sources import BadInput

DEVICES = """
SELECT d.device_id, m.name_ja AS maker, d.name, d.form_factor, d.os, d.released, d.first_os, d.last_os,
    string_agg(DISTINCT n.model_number, ' ' ORDER BY n.model_number) AS model_numbers, d.is_sold_in_japan
FROM device d JOIN maker m USING (maker_id) LEFT JOIN device_model n USING (device_id)
GROUP BY ALL ORDER BY d.device_id
"""
CHANGES = "SELECT * FROM change ORDER BY change_id"
# The folded text of a row's own model number, of its name where it has none: what others join by.
COMPAT = """
SELECT *, match_key(coalesce(model_number, name)) AS key
FROM compat ORDER BY device_id, model_number, capability
"""
# All keys by which a device is found: names, other spellings and readings as well, many for each.
KEYS = """
SELECT k.key, k.kind, k.device_id, k.model_number, m.name_ja AS maker, d.name, d.is_sold_in_japan
FROM match_key k JOIN device d USING (device_id) JOIN maker m USING (maker_id)
ORDER BY k.key, k.device_id, k.kind
"""
PARQUET = {"compat.parquet": COMPAT, "keys.parquet": KEYS}
PARQUET_OPTIONS = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480"
FILES = ("devices.csv", "changes.csv", *PARQUET, "index.json")
LEAST_MEGABYTES = 160
COUNTED = ("device", "device_model", "listing", "support", "change")


def export_apart(database: Path, folder: Path) -> None:
    """Write the exports in a process of its own: the memory of a build stays below its limit.

    Raises `BadInput` as `write_exports` does.
    """
    command = [sys.executable, "-m", "crawler.exports", str(database), str(folder)]
    done = subprocess.run(
        command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"{folder}: the exports ended with {done.returncode}"]
        raise BadInput(lines[-1])


def write_exports(database: Path, folder: Path) -> list[Path]:
    """Write devices.csv, changes.csv, compat.parquet, keys.parquet and index.json; return their paths.

    Each file appears whole or not at all. Raises `BadInput` when one cannot be written; the
    files of the publish before stay where they are then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(".partial-*"):
            shutil.rmtree(left, ignore_errors=True)
        beside = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
    except OSError as error:
        raise _unwritten(folder, error) from error
    try:
        with duckdb.connect(str(database), read_only=True, config=_modest(database, beside)) as con:
            _copy_csv(con, DEVICES, beside / "devices.csv")
            _copy_csv(con, CHANGES, beside / "changes.csv")
            for name, sql in PARQUET.items():
                con.execute(f"COPY ({sql}) TO '{quoted(beside / name)}' ({PARQUET_OPTIONS})")
            about = _index(con, beside) | {"database": _checksum(database)}
            index = json.dumps(about, ensure_ascii=False, indent=1)
        (beside / "index.json").write_text(f"{index}\n", encoding="utf-8")
        return [(beside / name).replace(folder / name) for name in FILES]
    except (duckdb.Error, OSError) as error:
        raise _unwritten(folder, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _modest(database: Path, beside: Path) -> dict[str, Any]:
    """Return settings for which sorting takes little memory: what does not fit goes to disk."""
    megabytes = max(LEAST_MEGABYTES, 3 * database.stat().st_size // 2**20)
    return {"threads": 1, "memory_limit": f"{megabytes}MB", "temp_directory": str(beside)}


def _unwritten(folder: Path, error: Exception) -> BadInput:
    return BadInput(
        f"{folder}: the database is published, its exports could not be written ({error}); "
        "make room or give write access there, then run `make build`"
    )


def _copy_csv(con: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    """Write a query as CSV with a byte order mark, which Excel needs to read Japanese."""
    relation = con.sql(sql)
    cells = [
        f"regexp_replace({name}, '({FORMULA})', '''\\1') AS {name}" if kind == "VARCHAR" else name
        for name, kind in zip(relation.columns, map(str, relation.types), strict=True)
    ]
    con.execute(
        f"COPY (SELECT {', '.join(cells)} FROM ({sql.rstrip()})) TO '{quoted(path)}' (FORMAT csv, HEADER)"
    )
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def _index(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Any]:
    meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
    return {
        "schema_version": meta["schema_version"],
        "built_at": meta["built_at"],
        "origin": meta["origin"],
        "counts": {name: con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in COUNTED},
        "files": {name: _checksum(folder / name) for name in FILES[:-1]},
    }


def _checksum(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return {"bytes": file.tell(), "sha256": digest.hexdigest()}


if __name__ == "__main__":
    try:
        write_exports(Path(sys.argv[1]), Path(sys.argv[2]))
    except BadInput as problem:
        sys.exit(" ".join(str(problem).split()))
