"""The verdicts of the plain keys, from the table `support`, and what the answers say of their devices.

`support` holds the verdict while no OS is given, and a plain text never gives one.
"""

from collections.abc import Iterable, Sequence

import duckdb

from crawler.names import Capability
from explorer.english import shown_name
from explorer.large.columns import Answer, open_answer
from explorer.large.plain import PlainKey

Named = tuple[str, str | None, str | None]

# As `refine` does: a rule that leaves something open is said after what is open.
VERDICTS = """
SELECT device_id, model_number, capability, status,
    CASE WHEN reason = 'rule' AND len(conditions) > 0 THEN 'check_' || conditions[1] ELSE reason END, origin
FROM built.support
"""
DEVICES = """
SELECT d.device_id, {maker}, d.name FROM built.device d JOIN built.maker m USING (maker_id)
"""


def named_by(key: PlainKey) -> Named:
    return key.match, key.device_id, key.model_number


def plain_verdicts(
    con: duckdb.DuckDBPyConnection, found: Iterable[PlainKey], capabilities: Sequence[Capability]
) -> dict[Named, Answer]:
    """Return the answer for each (match, device id, model number) that the keys have."""
    verdicts = {tuple(row[:3]): row[3:] for row in con.execute(VERDICTS).fetchall()}
    answers: dict[Named, Answer] = {}
    for one in found:
        match, device_id, number = named = named_by(one)
        if named in answers:
            continue
        if device_id is None:
            answers[named] = open_answer(match, len(capabilities))
            continue
        whole = [
            verdicts.get((device_id, number or "", name)) or verdicts[device_id, "", name]
            for name in capabilities
        ]
        answers[named] = (*named, *(value for verdict in whole for value in verdict))
    return answers


def device_words(con: duckdb.DuckDBPyConnection, language: str) -> dict[str, tuple[str, str]]:
    """Return maker and name of each device as pages in a language show them."""
    maker = "m.name_ja" if language == "ja" else "m.name_en"
    rows = con.execute(DEVICES.format(maker=maker)).fetchall()
    return {device_id: (maker, shown_name(name, language)) for device_id, maker, name in rows}
