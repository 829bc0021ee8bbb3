"""Paths in SQL. Apart from the warehouse: the exports do without the weight of pandas."""

from pathlib import Path


def quoted(path: Path) -> str:
    """Return a path as it stands between the quotation marks of SQL."""
    return str(path).replace("'", "''")
