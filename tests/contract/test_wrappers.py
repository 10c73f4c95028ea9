"""Databases around another one, which other tests rely upon: one that counts, one whose indexes lag."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from backend.repositories.database import ABSENT, Database, Delete, Operation, Put, TransactionRefused
from backend.repositories.sqlite import SQLiteDatabase
from tests.contract.counting import CountingDatabase, Counts
from tests.contract.stores import BY_RANK, ENTRIES, NAMES, TABLES, THINGS, entry, thing
from tests.faults.lagging import LaggingDatabase


@pytest.fixture
def inner() -> Iterator[Database]:
    database = SQLiteDatabase(":memory:")
    database.provision(TABLES)
    yield database
    database.close()


def put(database: Database, *operations: Operation) -> None:
    database.transact(operations, uuid4().hex)


def ranked(rank: int, identifier: str = "t") -> Put:
    return Put(THINGS, thing(identifier, group="g", rank=rank))


def ranks(database: Database, **asked: int) -> list[int]:
    return [item["rank"] for item in database.query(THINGS, "g", index=BY_RANK, **asked)]  # type: ignore[arg-type]


def test_what_is_asked_is_counted(inner: Database) -> None:
    counting = CountingDatabase(inner)
    put(counting, *(Put(ENTRIES, entry(seq)) for seq in range(5)))
    counting.get(ENTRIES, entry(1))
    list(counting.query(ENTRIES, "log", limit=3))
    assert counting.counts == Counts(gets=1, queries=1, items=3, transactions=1, operations=5)


def test_items_are_counted_when_they_are_taken(inner: Database) -> None:
    counting = CountingDatabase(inner)
    put(counting, *(Put(ENTRIES, entry(seq)) for seq in range(5)))
    found = counting.query(ENTRIES, "log")
    assert counting.counts.items == 0
    next(found)
    assert counting.counts.items == 1


def test_counting_begins_anew(inner: Database) -> None:
    counting = CountingDatabase(inner)
    counting.get(NAMES, {"id": "n"})
    assert counting.reset() == Counts(gets=1)
    assert counting.counts == Counts()


def test_only_indexes_lag(inner: Database) -> None:
    lagging = LaggingDatabase(inner)
    put(lagging, ranked(1))
    assert lagging.capabilities.indexes_lag
    assert lagging.get(THINGS, thing("t")) == thing("t", group="g", rank=1)
    assert list(lagging.query(THINGS, "t")) == [thing("t", group="g", rank=1)]
    assert ranks(lagging) == []
    lagging.catch_up()
    assert ranks(lagging) == [1]


def test_a_deleted_item_is_still_in_the_index(inner: Database) -> None:
    put(inner, ranked(1))
    lagging = LaggingDatabase(inner)
    put(lagging, Delete(THINGS, thing("t")))
    assert lagging.get(THINGS, thing("t")) is None
    assert ranks(lagging) == [1]
    lagging.catch_up()
    assert ranks(lagging) == []


def test_changes_reach_the_indexes_in_their_order(inner: Database) -> None:
    lagging = LaggingDatabase(inner)
    put(lagging, ranked(1))
    put(lagging, ranked(2))
    put(lagging, ranked(9, "u"))
    put(lagging, ranked(3))
    seen = [ranks(lagging)]
    for _ in range(4):
        lagging.catch_up(1)
        seen.append(ranks(lagging))
    assert seen == [[], [1], [2], [2, 9], [3, 9]]


def test_an_old_index_is_read_within_bounds_in_order_and_to_the_limit(inner: Database) -> None:
    put(inner, *(ranked(rank, str(rank)) for rank in range(6)))
    lagging = LaggingDatabase(inner)
    put(lagging, ranked(7, "0"), ranked(0, "3"), Delete(THINGS, thing("4")))
    assert ranks(lagging) == [0, 1, 2, 3, 4, 5]
    assert ranks(lagging, lower=1, upper=4) == [1, 2, 3, 4]
    assert ranks(lagging, limit=2) == [0, 1]
    assert ranks(lagging, limit=2, descending=True) == [5, 4]


def test_what_was_refused_lags_nowhere(inner: Database) -> None:
    lagging = LaggingDatabase(inner)
    put(inner, ranked(1))
    with pytest.raises(TransactionRefused):
        put(lagging, Put(THINGS, thing("t", group="g", rank=2), ABSENT))
    put(inner, ranked(3))
    assert ranks(lagging) == [3]


def test_an_index_catches_up_by_itself_after_its_lag(inner: Database) -> None:
    now = [0.0]
    lagging = LaggingDatabase(inner, lag=2, clock=lambda: now[0])
    put(lagging, ranked(1))
    now[0] = 1.5
    put(lagging, ranked(2))
    assert ranks(lagging) == []
    now[0] = 2
    assert ranks(lagging) == [1]
    now[0] = 3.5
    assert ranks(lagging) == [2]
