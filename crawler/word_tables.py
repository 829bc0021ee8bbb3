"""The lookups that explorer and SQL read too, as tables: words of names, rules of PCs, facts about logins."""

import pandas as pd

from crawler.lookups import Lookups, split_list
from crawler.names import match_key


def os_words(lookups: Lookups) -> pd.DataFrame:
    rows = {match_key(row["word"]): (row["platform"], row["version"] or None) for row in lookups.os}
    records = [(word, *row) for word, row in rows.items()]
    return pd.DataFrame(records, columns=["word", "platform", "version"])


def reading_rows(lookups: Lookups) -> pd.DataFrame:
    """Return the frame `reading`; makers and carriers count as their ids, whatever their spelling."""
    rows = []
    for row in lookups.readings:
        word = row["word"]
        if row["kind"] == "maker":
            word = lookups.maker_words.get(match_key(word), word)
        rows += [(reading, word, row["kind"]) for reading in (row["word"], *split_list(row["readings"]))]
    # A brand that is an alias of its maker and a series word (Redmi, CMF) belongs to the name.
    series = {match_key(reading) for reading, _, kind in rows if kind == "series"}
    for kind, table, columns in (
        ("maker", lookups.makers, ("name_ja", "name_en", "aliases")),
        ("carrier", lookups.carriers, ("name_ja", "aliases")),
    ):
        for row in table:
            word = row[f"{kind}_id"]
            spellings = [word, *(one for column in columns for one in split_list(row[column]))]
            rows += [(one, word, kind) for one in spellings if match_key(one) not in series]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=["reading", "word", "kind"])


def pc_rules(lookups: Lookups) -> pd.DataFrame:
    records = [
        {
            "kind": row["kind"],
            "name": row["name"],
            "words": split_list(row["words"]),
            "platforms": split_list(row["platforms"]),
            "fact_url": row["source_url"],
            "fact_as_of": row["as_of"] or None,
            "fact_confidence": row["confidence"],
        }
        for row in lookups.pc_rules
    ]
    return pd.DataFrame(records)


def login_facts(lookups: Lookups) -> pd.DataFrame:
    records = [
        {
            "fact_id": row["fact_id"],
            "topic": row["topic"],
            "fact_ja": row["fact_ja"],
            "fact_en": row["fact_en"],
            "fact_url": row["source_url"],
            "fact_as_of": row["as_of"],
            "fact_confidence": row["confidence"],
            "via": row["via"],
        }
        for row in lookups.login_facts
    ]
    return pd.DataFrame(records)
