"""Many items are written in few transactions, each as often as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from backend.repositories.bulk import TRIES, Bulk
from backend.repositories.database import (
    DatabaseError,
    ItemRefused,
    Operation,
    OutcomeUnknown,
    StoreUnavailable,
    TransactionRefused,
)
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import GUARDS
from tests.contract.counting import CountingDatabase
from tests.whole.calendars import Watched, empty


class Unwilling(Watched):
    """Fails as it is told; where the outcome is unknown it has written."""

    failures: Iterator[DatabaseError] = iter(())
    tokens: Sequence[str] = ()

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        self.tokens = [*self.tokens, token]
        failure = next(self.failures, None)
        if failure is None or isinstance(failure, OutcomeUnknown):
            self.inner.transact(operations, token)
        if failure is not None:
            raise failure


@pytest.fixture
def database() -> Iterator[SQLiteDatabase]:
    with closing(empty()) as opened:
        yield opened


def keys(database: SQLiteDatabase) -> list[str]:
    return [item["key"] for item in database.scan(GUARDS)]


def test_a_hundred_a_transaction_and_all_are_told(database: SQLiteDatabase) -> None:
    counting, told = CountingDatabase(database), list[int]()
    with Bulk(counting, tell=told.append) as bulk:
        for number in range(250):
            bulk.put(GUARDS, {"key": f"{number:03}"})
    assert (counting.counts.transactions, told) == (3, [100, 100, 50])
    assert len(keys(database)) == 250


def test_large_items_fill_a_transaction_sooner(database: SQLiteDatabase) -> None:
    counting = CountingDatabase(database)
    with Bulk(counting) as bulk:
        for number in range(25):
            bulk.put(GUARDS, {"key": f"{number:03}", "text": "x" * 390_000})
    assert counting.counts.transactions == 3
    assert len(keys(database)) == 25


def test_of_two_operations_on_an_item_the_later_one_stays(database: SQLiteDatabase) -> None:
    with Bulk(database) as bulk:
        bulk.put(GUARDS, {"key": "a", "n": 1})
        bulk.put(GUARDS, {"key": "a", "n": 2})
        bulk.put(GUARDS, {"key": "b"})
        bulk.delete(GUARDS, {"key": "b"})
    assert list(database.scan(GUARDS)) == [{"key": "a", "n": 2}]


def test_nothing_more_is_written_after_an_error(database: SQLiteDatabase) -> None:
    with pytest.raises(ItemRefused), Bulk(database) as bulk:
        bulk.put(GUARDS, {"key": "a"})
        bulk.put(GUARDS, {"key": ""})
    assert keys(database) == []


def test_a_store_that_throttles_and_loses_answers_gets_it_all_in_the_end(database: SQLiteDatabase) -> None:
    unwilling, pauses = Unwilling(database), list[float]()
    unwilling.failures = iter(
        [StoreUnavailable("slow"), OutcomeUnknown("lost"), TransactionRefused(), StoreUnavailable("x")]
    )
    with Bulk(unwilling, sleep=pauses.append) as bulk:
        bulk.put(GUARDS, {"key": "a"})
    assert keys(database) == ["a"]
    assert len(set(unwilling.tokens)) == 1
    assert len(pauses) == 4
    assert pauses[0] < pauses[-1]


def test_a_store_that_stays_away_is_an_error_after_all_tries(database: SQLiteDatabase) -> None:
    unwilling = Unwilling(database)
    unwilling.failures = iter([StoreUnavailable("away")] * 100)
    with pytest.raises(StoreUnavailable), Bulk(unwilling, sleep=lambda seconds: None) as bulk:
        bulk.put(GUARDS, {"key": "a"})
    assert len(unwilling.tokens) == TRIES
    assert keys(database) == []
