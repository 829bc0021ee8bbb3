"""What must hold before anything is published. Pure: returns what is wrong."""

from crawler.names import Capability, Status
from crawler.normalise import Tables


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
