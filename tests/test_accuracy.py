"""The written queries of tests/queries/ find their device as often as promised, and never mislead."""

from collections import defaultdict

import pytest

from crawler.names import Match, Status
from crawler.sources import Folders
from explorer.check import check
from explorer.queries import Dataset, load_dataset
from tests.accuracy import SIX, Query, meant, ours, read_queries

# Share of queries whose device must come first, and among the first six.
TARGETS = {
    "model_printed": (1.0, 1.0),
    "model_messy": (0.99, 0.995),
    "model_carrier": (0.99, 0.995),
    "name_printed": (1.0, 1.0),
    "name_messy": (0.99, 0.995),
    "maker_name": (0.99, 0.995),
    "kana_digits": (0.97, 0.99),
    "kana_read": (0.75, 0.90),
    "typo": (0.93, 0.98),
    "agent": (1.0, 1.0),
    "computer": (0.97, 0.97),
    "none": (1.0, 1.0),
}
QUERIES: dict[str, list[Query]] = defaultdict(list)
for query in read_queries():
    QUERIES[query.family].append(query)


def test_every_family_has_a_target_and_enough_queries():
    assert set(QUERIES) == set(TARGETS)
    assert sum(map(len, QUERIES.values())) >= 600


@pytest.mark.parametrize("family", TARGETS)
def test_the_device_meant_is_found(data: Dataset, family: str):
    first = six = 0
    for query in QUERIES[family]:
        wanted = meant(data, query)
        is_answered, ranked = ours(data, query.text)
        if wanted:
            first += bool(wanted & set(ranked[:1]))
            six += bool(wanted & set(ranked[:SIX]))
        else:
            first += not is_answered
            six += not is_answered
    count = len(QUERIES[family])
    assert (first / count, six / count) >= TARGETS[family]
    assert six / count >= TARGETS[family][1]


def test_no_query_is_answered_supported_for_another_device(data: Dataset):
    for query in (one for family in QUERIES.values() for one in family):
        answer = check(data, query.text)
        statuses = {one["status"] for one in answer["answers"]}
        device_id = answer["device"]["device_id"] if answer["device"] else None
        if Status.SUPPORTED in statuses:
            assert device_id in meant(data, query), query
        if answer["match"] in (Match.NONE, Match.AMBIGUOUS):
            assert statuses <= {Status.UNKNOWN, Status.AMBIGUOUS}, query


def test_a_model_number_that_a_query_names_is_the_one_that_counts(data: Dataset):
    from explorer.lookup import find

    for family in ("model_printed", "model_messy", "model_carrier"):
        for query in QUERIES[family]:
            found = find(data.index, query.text)
            if query.model_number and found.device_id:
                assert found.model_number == query.model_number, query


def test_the_data_of_the_test_is_a_full_build(built: Folders):
    assert len(load_dataset(built.database).devices) > 300
