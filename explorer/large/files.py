"""Large files in and out: Parquet and CSV. A written file appears whole or not at all."""

import shutil
import signal
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from crawler.names import FORMULA
from explorer.database import quoted, quoted_file
from explorer.large.columns import SUFFIXES, BadTable

SEPARATORS = ",\t;"
HEADING_BYTES = 100_000
BATCH_ROWS = 100_000
BOM = b"\xef\xbb\xbf"
AS_TEXT = "FORMAT parquet, COMPRESSION lz4_raw"
# Nothing is guessed that would leave lines out: every line is a row, the first one the headings.
ALL_LINES = (
    "header = true, all_varchar = true, quote = '\"', escape = '\"', skip = 0, comment = '', "
    "hive_partitioning = false"
)


def check_places(source: Path, target: Path) -> None:
    """Look at the names before anything is done. Raises `BadTable`."""
    for path in (source, target):
        if path.suffix.lower() not in SUFFIXES:
            raise BadTable("suffix", name=path, found=path.suffix or "-")
    if not source.is_file():
        raise BadTable("no_file", name=source)
    if source.stat().st_size == 0:
        raise BadTable("empty", name=source)
    if target.exists() and target.samefile(source):
        raise BadTable("same", name=target)
    if not target.parent.is_dir():
        raise BadTable("no_folder", name=target.parent)


@contextmanager
def workspace(target: Path) -> Iterator[Path]:
    """Give a folder beside the file that is to be written, for all that does not fit into memory."""
    place = tempfile.TemporaryDirectory(prefix=f".{target.name}.partial-", dir=target.parent)
    with place as folder, _cleared_when_ended(Path(folder)):
        yield Path(folder)


@contextmanager
def _cleared_when_ended(folder: Path) -> Iterator[None]:
    """Clear the folder also where a signal ends the process: an exception would be lost in DuckDB."""

    def leave(number: int, _: object) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, leave) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def as_parquet(con: duckdb.DuckDBPyConnection, source: Path, folder: Path) -> Path:
    """Return the input as a Parquet file: a CSV with all its cells as text. Raises `BadTable`."""
    try:
        if source.suffix.lower() == ".parquet":
            pq.ParquetFile(source).close()
            return source
        path, separator = folder / "input.parquet", _separator(source)
        read = f"read_csv('{quoted_file(source)}', delim = '{separator}', {ALL_LINES})"
        con.execute(f"COPY (FROM {read}) TO '{quoted(path)}' ({AS_TEXT})")
        return path
    except (pa.ArrowException, duckdb.InvalidInputException, duckdb.ConversionException) as error:
        reason = str(error).splitlines()[0]
        raise BadTable(_what_is_wrong(source, str(error)), name=source, reason=reason) from error


def _what_is_wrong(source: Path, told: str) -> str:
    """Return the code of what DuckDB or Arrow told of a file."""
    if source.suffix.lower() == ".parquet":
        return "not_parquet"
    if not _is_utf8(source):
        return "not_utf8"
    return "uneven" if "sniffing" in told else "not_csv"


def _is_utf8(source: Path) -> bool:
    with source.open(encoding="utf-8", newline="") as file:
        try:
            return all(iter(partial(file.read, 1 << 20), ""))
        except UnicodeDecodeError:
            return False


def _separator(source: Path) -> str:
    """Return the sign that parts the headings. Raises `BadTable` when they are not UTF-8."""
    with source.open("rb") as file:
        line = file.readline(HEADING_BYTES)
    try:
        heading = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable("not_utf8", name=source) from error
    return max(SEPARATORS, key=heading.count)


def count_rows(source: Path) -> int:
    with pq.ParquetFile(source) as file:
        return int(file.metadata.num_rows)


def write_table(source: Path, ids: Iterable[pa.Array], answers: pa.Table, path: Path) -> int:
    """Write the rows of a Parquet file, each with the answer of its id; return how many there were.

    `ids` come in the order of the rows and in pieces of any length. Raises `BadTable` for a column that
    has no place in a CSV.
    """
    is_csv, count = path.suffix.lower() == ".csv", 0
    if is_csv:
        answers = _without_formulas(answers)
    with pq.ParquetFile(source) as file:
        schema = _schema(file.schema_arrow, answers.schema, is_csv)
        # A piece is written while the next one is put together.
        with _writer(path, schema, is_csv) as writer, ThreadPoolExecutor(1) as hand:
            written: Future[None] | None = None
            for rows, found in _in_step(file.iter_batches(BATCH_ROWS), ids):
                rows = _without_formulas(_as_text(rows)) if is_csv else rows
                columns = [*rows.columns, *answers.take(found).combine_chunks().columns]
                if written:
                    written.result()
                written = hand.submit(writer.write_table, pa.table(columns, schema=schema))
                count += rows.num_rows
            if written:
                written.result()
    return count


def _schema(file: pa.Schema, answers: pa.Schema, is_csv: bool) -> pa.Schema:
    if not is_csv:
        return pa.schema([*file, *answers])
    names = _as_no_formulas(pa.array(file.names, pa.string())).to_pylist()
    return pa.schema([*(pa.field(name, pa.string()) for name in names), *answers])


@contextmanager
def _writer(path: Path, schema: pa.Schema, is_csv: bool) -> Iterator[Any]:
    if not is_csv:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            yield writer
        return
    with path.open("wb") as file:
        file.write(BOM)  # Excel needs it to read Japanese
        with pyarrow.csv.CSVWriter(file, schema) as writer:
            yield writer


def _in_step(
    batches: Iterable[pa.RecordBatch], ids: Iterable[pa.Array]
) -> Iterator[tuple[pa.Table, pa.Array]]:
    """Yield the batches with as many ids each."""
    waiting, rest = iter(ids), pa.array([], pa.int64())
    for batch in batches:
        parts = [rest]
        while sum(map(len, parts)) < batch.num_rows:
            parts.append(next(waiting))
        all_ids = pa.concat_arrays(parts)
        yield pa.Table.from_batches([batch]), all_ids[: batch.num_rows]
        rest = all_ids[batch.num_rows :]


def _as_text(table: pa.Table) -> pa.Table:
    try:
        return pa.table([column.cast(pa.string()) for column in table.columns], names=table.column_names)
    except pa.ArrowException as error:
        raise BadTable("not_for_csv", reason=str(error).splitlines()[0]) from error


def _without_formulas(table: pa.Table) -> pa.Table:
    """Return text columns as a spreadsheet shows them and never runs them."""
    return pa.table([_as_no_formulas(one) for one in table.columns], names=table.column_names)


def _as_no_formulas(texts: Any) -> Any:
    return pc.replace_substring_regex(texts, f"({FORMULA})", r"'\1")


def publish(written: Path, target: Path) -> None:
    """Put a written file in its place in one step."""
    written.replace(target)


def copy_of(database: Path, folder: Path) -> Path:
    """Return a copy of the database: a new build meanwhile must not mix two of them in one file."""
    return Path(shutil.copyfile(database, folder / "devices.duckdb"))
