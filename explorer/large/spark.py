"""The answers of `check` for more rows than one machine takes, on Apache Spark (docs/spark.md).

    python -m explorer.large.spark ROWS ANSWERS --database devices.duckdb

ROWS and ANSWERS are Parquet, as folders or files in whatever place Spark can read. Plain texts are
joined by their key to a table that each machine holds; the rest is asked of `check`, each question once.
"""

import argparse
import atexit
import os
import secrets
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyspark import SparkFiles
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as fn
from pyspark.sql.types import StringType, StructField, StructType

from crawler.names import Capability
from explorer.database import NoDatabase, stamp_of
from explorer.large.columns import (
    Answer,
    BadTable,
    answer_names,
    answer_of,
    column_order,
    find_columns,
    shown_names,
)
from explorer.large.join import attach
from explorer.large.plain import KEEPS_CASE, LONGEST_PLAIN, NO_KEY, NOT_PLAIN, WORD
from explorer.large.recognise import dataset_of, read_plain_keys
from explorer.large.verdicts import device_words, named_by, plain_verdicts
from explorer.queries import default_database
from explorer.wording import say

TEXT, OS, KEY, NEEDS = "myna_asked_text", "myna_asked_os", "myna_asked_key", "myna_needs"
EVERY = tuple(Capability)
# What a person can mend of the errors that Spark raises, by the name it gives them.
MENDABLE = {
    "PATH_ALREADY_EXISTS": "{answers}: it is there already; name a folder that is not there yet",
    "PATH_NOT_FOUND": "{rows}: it is not there; name the Parquet to read",
    "UNABLE_TO_INFER_SCHEMA": "{rows}: no Parquet to read there; name a Parquet file, or a folder of them",
}


def answer_rows(
    rows: DataFrame,
    database: Path,
    text_column: str | None = None,
    os_column: str | None = None,
    capabilities: Sequence[Capability] = EVERY,
) -> DataFrame:
    """Return the rows, in no order, with the columns that `check --out` adds. Raises `BadTable`."""
    spark, database = rows.sparkSession, _copy_of(database)
    spark.sparkContext.addFile(str(database))
    question = find_columns(rows.columns, text_column, os_column)
    asked = rows.withColumn(TEXT, _folded(_as_text(rows, question.text))).withColumn(
        OS, _as_text(rows, question.os) if question.os else fn.lit("")
    )
    names = answer_names(capabilities)
    keyed = asked.select(TEXT, OS).distinct().withColumn(KEY, _plain_key())
    keys = fn.broadcast(_table_of_keys(spark, database, capabilities))
    is_met = (keyed[KEY] == keys[KEY]) & ((keys[NEEDS] == "") | keyed[TEXT].rlike(WORD))
    joined = keyed.join(keys, is_met, "left").drop(KEY, NEEDS)
    with warnings.catch_warnings():
        # Of pandas 3, which stays out of it: Arrow goes in and comes out.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        answers = joined.mapInArrow(_answer_rest(database.name, capabilities), _schema([TEXT, OS, *names]))
    words = fn.broadcast(_table_of_devices(spark, database))
    said = answers.join(words, "device_id", "left").select(TEXT, OS, *column_order(names))
    shown = said.toDF(TEXT, OS, *shown_names(rows.columns, column_order(names)))
    return asked.join(shown, [TEXT, OS]).drop(TEXT, OS)


def _copy_of(database: Path) -> Path:
    """Return a copy that lives as long as the driver: all machines and both ways answer from one build.

    Its name is new, since Spark hands out a file of the same name only once. Raises `NoDatabase`.
    """
    stamp_of(database)
    folder = tempfile.mkdtemp(prefix="mynaportal-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(shutil.copyfile(database, f"{folder}/{secrets.token_hex(8)}.duckdb"))


def _as_text(rows: DataFrame, column: str) -> Column:
    return fn.coalesce(rows[f"`{column.replace('`', '``')}`"].cast("string"), fn.lit(""))


def _folded(text: Column) -> Column:
    return fn.when(text.rlike(KEEPS_CASE), text).otherwise(fn.lower(text))


def _plain_key() -> Column:
    """Return the folded key of a plain text that comes without an OS, NULL for all others."""
    text = fn.col(TEXT)
    is_plain = (fn.col(OS) == "") & (fn.length(text) <= LONGEST_PLAIN) & ~text.rlike(NOT_PLAIN)
    return fn.when(is_plain, fn.lower(fn.regexp_replace(text, NO_KEY, "")))


def _table_of_keys(spark: SparkSession, database: Path, capabilities: Sequence[Capability]) -> DataFrame:
    """Return the plain keys with the answer of each, as many rows as keys."""
    keys = read_plain_keys(database)
    with duckdb.connect() as con:
        attach(con, database)
        verdicts = plain_verdicts(con, keys, capabilities)
    answers = [(one.key, "word" if one.needs_word else "", *verdicts[named_by(one)]) for one in keys]
    return spark.createDataFrame(_arrow(answers, [KEY, NEEDS, *answer_names(capabilities)]))


def _table_of_devices(spark: SparkSession, database: Path) -> DataFrame:
    with duckdb.connect() as con:
        attach(con, database)
        words = device_words(con, "ja")
    rows = [(device_id, *said) for device_id, said in words.items()]
    return spark.createDataFrame(_arrow(rows, ["device_id", "maker", "name"]))


def _arrow(rows: Sequence[Answer], names: Sequence[str]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table([pa.array(column, pa.string()) for column in columns], names=list(names))


def _schema(names: Sequence[str]) -> StructType:
    return StructType([StructField(name, StringType()) for name in names])


def _answer_rest(
    file_name: str, capabilities: Sequence[Capability]
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return what a machine does with questions: those without an answer are asked of `check`."""

    def answer(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            is_rest = batch.column("match").is_null()
            known = batch.filter(pc.invert(is_rest))
            # All batches of a stream have one schema; those that come say that a text is never missing.
            yield pa.RecordBatch.from_arrays(known.columns, names=known.schema.names)
            texts, oses = (batch.filter(is_rest).column(name).to_pylist() for name in (TEXT, OS))
            data = dataset_of(Path(SparkFiles.get(file_name)))
            rows = [
                (text, os_text, *answer_of(data, text, os_text, capabilities))
                for text, os_text in zip(texts, oses, strict=True)
            ]
            yield from _arrow(rows, batch.schema.names).to_batches()

    return answer


def main() -> int:
    """Answer ROWS into ANSWERS; return 0, 2 for input that a person can mend, 3 without a database."""
    options = _options()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.appName("devices").getOrCreate()
    try:
        rows = spark.read.parquet(options.rows)
        answer_rows(rows, options.database, options.column, options.os_column).write.parquet(options.answers)
    except BadTable as error:
        return _stop(say("en", "large_bad", error.code, **error.values), 2)
    except NoDatabase as error:
        return _stop(str(error), 3)
    except AnalysisException as error:
        if error.getCondition() not in MENDABLE:
            raise
        reason = MENDABLE[error.getCondition()]
        return _stop(reason.format(rows=options.rows, answers=options.answers), 2)
    finally:
        spark.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m explorer.large.spark")
    parser.add_argument("rows", metavar="ROWS", help="Parquet to read")
    parser.add_argument("answers", metavar="ANSWERS", help="Parquet to write; must not be there yet")
    parser.add_argument("--database", type=Path, default=default_database(), help="the DuckDB file")
    parser.add_argument("--column", help="the column of the device; else found by its heading")
    parser.add_argument("--os-column", help="the column of the OS; else found by its heading")
    return parser.parse_args()


def _stop(reason: str, code: int) -> int:
    print(f"error: {reason}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
