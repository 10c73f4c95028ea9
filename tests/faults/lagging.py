"""A database whose indexes lag as far as a test wants: DynamoDB's do, DynamoDB Local's never."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from backend.repositories.database import (
    Capabilities,
    Database,
    Index,
    Item,
    KeyValue,
    Operation,
    Provisioned,
    Table,
)

Place: TypeAlias = tuple[str, tuple[KeyValue, ...]]


@dataclass(frozen=True)
class Change:
    """Is a change that the indexes do not show yet: the item after it, None for a deletion."""

    place: Place
    after: Item | None
    at: float


class LaggingDatabase:
    """Answers queries of an index as if the last changes had not reached it; everything else is up to date.

    A change reaches the indexes with `catch_up()`, or by itself after `lag` seconds. Only changes made through
    this object lag. Changes reach all indexes of an item at once, and in the order in which they were made.
    """

    def __init__(self, inner: Database, *, lag: float = math.inf, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._lag = lag
        self._clock = clock
        self._lock = threading.RLock()
        self._pending: deque[Change] = deque()
        self._shown: dict[Place, Item | None] = {}

    @property
    def capabilities(self) -> Capabilities:
        """Are those of the database within, but for its indexes."""
        return replace(self._inner.capabilities, indexes_lag=True)

    def catch_up(self, changes: int | None = None) -> None:
        """Lets the indexes show the oldest `changes` that they do not show yet, or all."""
        with self._lock:
            for change in list(islice(self._pending, changes)):
                self._pending.popleft()
                self._shown[change.place] = change.after
                if all(later.place != change.place for later in self._pending):
                    del self._shown[change.place]

    def get(self, table: Table, key: Mapping[str, KeyValue]) -> Item | None:
        """Reads what is there now."""
        return self._inner.get(table, key)

    def query(
        self,
        table: Table,
        partition: KeyValue,
        *,
        index: Index | None = None,
        lower: KeyValue | None = None,
        upper: KeyValue | None = None,
        descending: bool = False,
        limit: int | None = None,
    ) -> Iterator[Item]:
        """Reads a table as it is now, an index as it was."""
        if index is None:
            return self._inner.query(table, partition, lower=lower, upper=upper, descending=descending, limit=limit)
        with self._lock:
            self._catch_up_by_time()
            now = self._inner.query(table, partition, index=index, lower=lower, upper=upper)
            old = [item for item in now if place_of(table, item) not in self._shown]
            for (name, _), item in self._shown.items():
                if name == table.name and item and is_within(item, index, partition, lower, upper):
                    old.append(item)
        old.sort(key=lambda item: (item[index.sort.name], place_of(table, item)), reverse=descending)
        return iter(old[:limit])

    def scan(self, table: Table) -> Iterator[Item]:
        """Reads a table as it is now."""
        return self._inner.scan(table)

    def sweep(self, table: Table, now: int) -> int:
        """Removes what has expired, from the indexes too."""
        return self._inner.sweep(table, now)

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        """Performs all operations or none; the indexes still show what was there before."""
        with self._lock:
            watched = [(operation.table, operation.key) for operation in operations if operation.table.indexes]
            before = [self._inner.get(table, key) for table, key in watched]
            try:
                self._inner.transact(operations, token)
            finally:
                for (table, key), item in zip(watched, before, strict=True):
                    self._remember(table, key, item)

    def _remember(self, table: Table, key: Item, before: Item | None) -> None:
        """Hides a change from the indexes."""
        after = self._inner.get(table, key)
        if after != before:
            place = place_of(table, key)
            self._shown.setdefault(place, before)
            self._pending.append(Change(place, after, self._clock()))

    def _catch_up_by_time(self) -> None:
        oldest_hidden = self._clock() - self._lag
        self.catch_up(sum(change.at <= oldest_hidden for change in self._pending))

    def provision(self, tables: Sequence[Table], *, plan: bool = False) -> Provisioned:
        """Passes on."""
        return self._inner.provision(tables, plan=plan)

    def ping(self) -> None:
        """Passes on."""
        self._inner.ping()

    def data_version(self) -> int | None:
        """Passes on."""
        return self._inner.data_version()

    def close(self) -> None:
        """Passes on."""
        self._inner.close()


def place_of(table: Table, item: Mapping[str, KeyValue]) -> Place:
    """Is where an item stands: its table and its key's values."""
    return table.name, tuple(item[attribute.name] for attribute in table.key_attributes)


def is_within(item: Item, index: Index, partition: KeyValue, lower: KeyValue | None, upper: KeyValue | None) -> bool:
    """Tells whether a query of an index would yield an item."""
    if index.sort.name not in item or item.get(index.partition.name) != partition:
        return False
    sort = item[index.sort.name]
    return (lower is None or sort >= lower) and (upper is None or sort <= upper)
