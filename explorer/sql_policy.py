"""Which parsed queries the SQL box runs: one SELECT on the tables of the file. Pure.

The locked connection (sandbox_child.py) is the wall against files and network. This is the door in
front of it: it names what is refused before anything runs, and keeps out the functions that would
tell where the file lies or run another text as SQL.
"""

from collections.abc import Iterator
from typing import Any

TABLE_FUNCTIONS = {
    "check_device",
    "duckdb_columns",
    "duckdb_tables",
    "duckdb_views",
    "generate_series",
    "json_each",
    "json_tree",
    "range",
    "repeat",
    "repeat_row",
    "search_device",
    "unnest",
}
# Views of DuckDB itself that speak of tables and columns alone.
SYSTEM_VIEWS = {"columns", "duckdb_columns", "duckdb_tables", "duckdb_views", "tables", "views"}
SHOWN = {"tables"}
FORBIDDEN_FUNCTIONS = {
    "current_setting",
    "getenv",
    "getvariable",
    "json_execute_serialized_sql",
    "nextval",
    "pg_sleep",
    "query",
    "query_table",
    "sleep_ms",
    "write_log",
}


def find_forbidden(tree: Any, tables: set[str]) -> str | None:
    """Return the name of the first table or function that may not be used, None when all may.

    `tree` is what `json_serialize_sql` returns, `tables` the tables and views of the file.
    """
    nodes = list(_nodes(tree))
    named = {
        str(one["key"]).lower() for node in nodes for one in _maps(node.get("cte_map")) if "key" in one
    } - SYSTEM_VIEWS
    # A name of DuckDB's own stays refused also where a WITH elsewhere in the text uses it.
    known = tables | {name for name in named if not name.startswith(("duckdb_", "pragma_", "pg_", "sqlite_"))}
    for node in nodes:
        if (name := _forbidden_name(node, known)) is not None:
            return name
    return None


def _forbidden_name(node: dict[str, Any], known: set[str]) -> str | None:
    kind = node.get("type")
    if kind == "BASE_TABLE":
        name = str(node["table_name"])
        is_own = str(node.get("schema_name", "")).lower() in ("", "main")
        is_system = name.lower() in SYSTEM_VIEWS
        return None if is_system or (is_own and name.lower() in known) else name
    if kind == "SHOW_REF":
        name = str(node.get("table_name") or "").strip('"')
        return None if not name or name.lower() in SHOWN | known else name
    if kind == "TABLE_FUNCTION":
        name = str(node["function"]["function_name"])
        return None if name.lower() in TABLE_FUNCTIONS else name
    name = str(node.get("function_name") or "")
    return name if name.lower() in FORBIDDEN_FUNCTIONS else None


def _maps(value: Any) -> list[dict[str, Any]]:
    return value.get("map", []) if isinstance(value, dict) else []


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the tree; a loop, for texts may be nested deeper than Python may call."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            waiting.extend(reversed(node))
