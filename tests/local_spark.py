"""Apache Spark in local mode, small: two threads, one machine, no page of its own.

python -m tests.local_spark ROWS ANSWERS DATABASE
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import SparkSession

from explorer.large.spark import answer_rows

ROOT = Path(__file__).parent.parent


@contextmanager
def local_spark(folder: Path, memory: str = "600m") -> Iterator[SparkSession]:
    """Run Spark for as long as this is open; `folder` takes what it puts aside."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": memory,
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[2]").appName("devices")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def main() -> None:
    rows, answers, database = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder, local_spark(Path(folder), "1g") as spark:
        answer_rows(spark.read.parquet(rows), Path(database)).write.parquet(answers)


if __name__ == "__main__":
    main()
