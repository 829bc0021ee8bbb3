"""The recipe for Apache Spark gives the answers of `check --out`, in local mode, row by row.

Without PySpark or Java these tests are skipped, and say so; with MYNA_SPARK=required they fail instead
(`.ci/run` sets it).
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawler.names import Capability
from crawler.sources import Folders
from explorer.large.answer import Task, answer_file
from tests.bulk_rows import write_rows
from tests.needs import need

ROWS = 20_000


def need_for_spark(found: object, what: str) -> None:
    need(found, what, "see docs/spark.md for how to install it", "MYNA_SPARK")


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    need_for_spark(importlib.util.find_spec("pyspark"), "PySpark")
    need_for_spark(shutil.which("java") or os.environ.get("JAVA_HOME"), "Java")
    from tests.local_spark import local_spark

    with local_spark(tmp_path_factory.mktemp("spark")) as session:
        yield session


@pytest.fixture(scope="module")
def rows(built: Folders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    write_rows(built.database, ROWS, path)
    return path


def test_spark_answers_every_row_as_the_command_does(spark: Any, rows: Path, built: Folders, tmp_path: Path):
    from explorer.large.spark import answer_rows

    done = answer_file(Task(rows, tmp_path / "command.parquet", built.database))
    ours = pq.read_table(tmp_path / "command.parquet")
    theirs = answer_rows(spark.read.parquet(str(rows)), built.database).orderBy("no").toArrow()
    assert done.rows == theirs.num_rows == ROWS
    assert theirs.column_names == ours.column_names
    for name in ours.column_names:
        assert theirs.column(name).to_pylist() == ours.column(name).to_pylist(), name
    # Both ways to an answer were taken, and each status but what the bundled pages do not have.
    assert 0 < done.joined < done.questions
    assert len(set(ours.column("card_reading").to_pylist())) > 4


def test_each_call_answers_from_the_build_of_its_time(spark: Any, built: Folders, tmp_path: Path):
    from explorer.large.spark import answer_rows

    database = Path(shutil.copyfile(built.database, tmp_path / "devices.duckdb"))
    # The first is joined by its key, the second asked of `check`.
    rows = spark.createDataFrame(pa.table({"model": ["SH-41A", "ｓｈ－４１ａ"]})).cache()
    before = answer_rows(rows, database, capabilities=[Capability.CARD_READING])
    with duckdb.connect(str(database)) as con:
        con.execute(
            "UPDATE support SET status = 'not_supported', reason = 'excluded' WHERE device_id = 'SH-41A'"
        )
    after = answer_rows(rows, database, capabilities=[Capability.CARD_READING])
    said = [[row["card_reading"] for row in one.collect()] for one in (before, after)]
    assert said == [["conditional"] * 2, ["not_supported"] * 2]


@pytest.mark.parametrize(
    ("there", "rows", "reason"),
    [
        ("answers/kept", "rows.parquet", "answers: it is there already"),
        ("other", "nowhere.parquet", "nowhere.parquet: it is not there"),
        ("empty/_SUCCESS", "empty", "empty: no Parquet to read there"),
    ],
)
def test_what_a_person_can_mend_is_said_in_one_sentence(
    spark: Any,
    built: Folders,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
    there: str,
    rows: str,
    reason: str,
):
    from explorer.large.spark import main

    pq.write_table(pa.table({"model": ["SH-41A"]}), tmp_path / "rows.parquet")
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("")
    # The session is shared with the other tests.
    monkeypatch.setattr(type(spark), "stop", lambda session: None)
    command = ["spark", str(tmp_path / rows), str(tmp_path / "answers"), "--database", str(built.database)]
    monkeypatch.setattr(sys, "argv", command)
    before = sorted(tmp_path.rglob("*"))
    assert main() == 2
    [line] = [one for one in capsys.readouterr().err.splitlines() if "error" in one]
    assert line.startswith("error: ")
    assert reason in line
    assert sorted(tmp_path.rglob("*")) == before
