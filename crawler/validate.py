"""What must hold before anything is archived or published. Pure: returns what is wrong."""

from collections.abc import Sequence

from crawler.items import Row
from crawler.names import Capability, Status
from crawler.normalise import Tables
from crawler.sources import Source


def check_rows(source: Source, rows: Sequence[Row]) -> str | None:
    """Return why the rows of a fetched page must not replace the last good ones, or None."""
    if len(rows) < source.min_rows:
        return (
            f"{source.source_id}: expected at least {source.min_rows} rows, found {len(rows)}; "
            "look at the page, then mend the parser or assertions.min in data/sources.toml"
        )
    return None


def warn_rows(source: Source, before: Sequence[Row], rows: Sequence[Row]) -> str | None:
    """Return a warning when a larger share of the last rows is gone than the registry expects."""
    allowed = source.assertions.get("max", {}).get("removed_share")
    if allowed is None or not before:
        return None
    share = len(set(before) - set(rows)) / len(set(before))
    if share <= allowed:
        return None
    return (
        f"{share:.0%} of the rows last seen are gone or changed, at most {allowed:.0%} expected; "
        "compare the page with the official site"
    )


def check_tables(tables: Tables) -> list[str]:
    """Return every law that the tables break; publishing needs an empty list.

    - each device has one verdict of its own for each capability;
    - `supported` rests on a current row of a list or on a rule, and never on a planned or
      excluded row.
    """
    support, listing = tables["support"], tables["listing"]
    broken = []
    whole = support[support["model_number"] == ""]
    counts = whole.groupby("device_id").size().reindex(tables["device"]["device_id"], fill_value=0)
    if (wrong := counts[counts != len(Capability)]).size:
        broken.append(f"{wrong.index[0]}: expected {len(Capability)} verdicts, found {wrong.iloc[0]}")
    good = whole[whole["status"] == Status.SUPPORTED]
    baseless = good[~good["reason"].isin(["listed", "rule"])]
    if len(baseless):
        broken.append(f"{baseless['device_id'].iloc[0]}: supported without a list or a rule")
    barred = listing[listing["is_current"].astype(bool) & (listing["section"] != "listed")]
    clash = good.merge(barred, on=["device_id", "source_id"])
    if len(clash):
        broken.append(f"{clash['device_id'].iloc[0]}: supported, but {clash['section'].iloc[0]} on the list")
    return broken
