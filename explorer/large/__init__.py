"""Large files of devices: answered by a join in DuckDB, or on Apache Spark, with the answers of `check`."""
