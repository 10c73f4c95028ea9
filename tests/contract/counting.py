"""A database that counts what is asked of another one, for tests of what a use case costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass
class Counts:
    """Is how often each thing was done: `items` are those that queries yielded."""

    gets: int = 0
    queries: int = 0
    scans: int = 0
    items: int = 0
    transactions: int = 0
    operations: int = 0


class CountingDatabase:
    """Passes everything on and counts it in `counts`; calls that fail count too."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self.counts = Counts()

    @property
    def capabilities(self) -> Capabilities:
        """Are those of the database within."""
        return self._inner.capabilities

    def reset(self) -> Counts:
        """Begins to count anew and returns what was counted so far."""
        counts, self.counts = self.counts, Counts()
        return counts

    def get(self, table: Table, key: Mapping[str, KeyValue]) -> Item | None:
        """Counts a get."""
        self.counts.gets += 1
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
        """Counts a query, and each item when it is taken."""
        self.counts.queries += 1
        found = self._inner.query(
            table, partition, index=index, lower=lower, upper=upper, descending=descending, limit=limit
        )
        return self._counted(found)

    def _counted(self, found: Iterator[Item]) -> Iterator[Item]:
        for item in found:
            self.counts.items += 1
            yield item

    def scan(self, table: Table) -> Iterator[Item]:
        """Counts a scan, and each item when it is taken."""
        self.counts.scans += 1
        return self._counted(self._inner.scan(table))

    def sweep(self, table: Table, now: int) -> int:
        """Passes on."""
        return self._inner.sweep(table, now)

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        """Counts a transaction and its operations."""
        self.counts.transactions += 1
        self.counts.operations += len(operations)
        self._inner.transact(operations, token)

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
