"""The database port in one SQLite file: for one machine, with nothing to install.

Nothing inside a transaction waits, logs or switches: under eventlet a greenlet that was switched away from
between BEGIN and COMMIT stops every other writer.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

from backend.repositories import items
from backend.repositories.database import (
    ABSENT,
    Capabilities,
    Expectation,
    Index,
    Item,
    KeyValue,
    Operation,
    Provisioned,
    Table,
    TransactionRefused,
)
from backend.repositories.sqlite_connection import commit, connect, patiently
from backend.repositories.sqlite_schema import missing, refuse_strangers
from backend.repositories.sqlite_statements import (
    change,
    delete_expired,
    key_values,
    last_row,
    select_all,
    select_many,
    select_one,
)

MEMORY: Final = ":memory:"
CHUNK: Final = 128
"""How many items a query reads at once."""
SWEPT: Final = 2000
"""How many rows are looked at in one transaction that removes what has expired."""

Result = TypeVar("Result")


class SQLiteDatabase:
    """Keeps declared tables in one SQLite file (or `:memory:`), shared by threads and by processes.

    Opening it raises `StoreUnavailable` where the file cannot be used: another program's, newer, read-only.
    """

    def __init__(self, path: str | Path) -> None:
        self._writing, self._reading = Lock(), Lock()
        self._writer = connect(path)
        self._reader = self._writer
        self._own_writes = 0
        self._in_memory = str(path) == MEMORY
        if self._in_memory:
            self._reading = self._writing
        else:
            self._reader = connect(path)
        self.capabilities: Final = Capabilities("sqlite", indexes_lag=False, tells_version=True, expires=False)

    def get(self, table: Table, key: Mapping[str, KeyValue]) -> Item | None:
        """Reads one item as the last commit left it."""
        items.check_key(table, key)
        rows = self._read(select_one(table), key_values(table, key))
        return json.loads(rows[0][0]) if rows else None

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
        """Reads a partition in chunks: no read transaction stays open while the iterator waits."""
        items.check_query(table, index, partition, lower, upper)
        bounds = [partition, *(bound for bound in (lower, upper) if bound is not None)]
        shape = (index, lower is not None, upper is not None, descending)
        return self._chunks(table, shape, bounds, limit)

    def _chunks(
        self,
        table: Table,
        shape: tuple[Index | None, bool, bool, bool],
        bounds: list[KeyValue],
        limit: int | None,
    ) -> Iterator[Item]:
        """Reads chunk after chunk, each from right behind the last place of the one before."""
        place: list[KeyValue] = []
        left = limit
        while left is None or left > 0:
            wanted = CHUNK if left is None else min(CHUNK, left)
            rows = self._read(select_many(table, *shape, bool(place)), [*bounds, *place, wanted])
            for item, *_ in rows:
                yield json.loads(item)
            if len(rows) < wanted or len(rows[-1]) == 1:
                return
            place = list(rows[-1][1:])
            left = None if left is None else left - len(rows)

    def scan(self, table: Table) -> Iterator[Item]:
        """Reads a whole table in chunks, here in order of the primary key."""
        place: list[KeyValue] = []
        while rows := self._read(select_all(table, bool(place)), [*place, CHUNK]):
            for item, *_ in rows:
                yield json.loads(item)
            place = list(rows[-1][1:])

    def sweep(self, table: Table, now: int) -> int:
        """Removes what has expired, a few rows a transaction, so that nobody waits long for the lock."""
        items.check_sweep(table)
        last = self._read(last_row(table), [])[0][0] or 0
        return sum(self._sweep_rows(table, now, first) for first in range(0, last + 1, SWEPT))

    def _sweep_rows(self, table: Table, now: int, first: int) -> int:
        values = [first, first + SWEPT - 1, now]
        time.sleep(0)  # others go on, also under eventlet
        return self._write(lambda: self._writer.execute(delete_expired(table), values).rowcount)

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        """Performs all operations or none; tokens are not remembered, as no answer is lost on the way."""
        items.check_transaction(operations, token)
        changes = [found for found in map(change, operations) if found is not None]

        def perform() -> None:
            failed = tuple(
                position
                for position, operation in enumerate(operations)
                if operation.expect is not None and not holds(operation.expect, self._find(operation))
            )
            if failed:
                raise TransactionRefused(failed)
            for sql, values in changes:
                self._writer.execute(sql, values)

        self._write(perform)

    def provision(self, tables: Sequence[Table], *, plan: bool = False) -> Provisioned:
        """Creates missing tables and indexes, and fills indexes that are declared later from the items."""

        def build() -> list[str]:
            refuse_strangers(self._writer)
            steps = missing(self._writer, tables)
            for sql in [] if plan else [sql for _, statements in steps for sql in statements]:
                self._writer.execute(sql)
            return [line for line, _ in steps]

        return Provisioned(changed=tuple(self._write(build)))

    def ping(self) -> None:
        """Answers if the file can be read."""
        self._read("SELECT count(*) FROM sqlite_master", [])

    def data_version(self) -> int:
        """Tells a number that differs after any process has written, this one included.

        SQLite's own number counts what other connections wrote, and the connection that asks never writes.
        """
        if self._in_memory:
            return self._own_writes
        version: int = self._read("PRAGMA data_version", [])[0][0]
        return version

    def close(self) -> None:
        """Closes the file, after what is being written or read at this moment."""
        with self._writing:
            self._writer.close()
        with self._reading:
            self._reader.close()

    def _find(self, operation: Operation) -> Item | None:
        """Reads, inside the transaction, what an operation expects something of."""
        values = key_values(operation.table, operation.key)
        row = self._writer.execute(select_one(operation.table), values).fetchone()
        return json.loads(row[0]) if row else None

    def _read(self, sql: str, values: Sequence[KeyValue]) -> list[Any]:
        """Reads rows, in a read transaction that is over when this returns."""
        return patiently(self._reading, lambda: self._reader.execute(sql, values).fetchall())

    def _write(self, work: Callable[[], Result]) -> Result:
        """Performs `work` in one write transaction: nothing of it stays where anything raises."""

        def transaction() -> Result:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                result = work()
                commit(self._writer)
            except BaseException:  # also Ctrl-C: the connection must not stay inside a transaction
                with suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
                raise
            self._own_writes += 1
            return result

        return patiently(self._writing, transaction)


def holds(expect: Expectation, item: Item | None) -> bool:
    """Tells whether an expectation holds; types are compared too, as `True` is not 1 in DynamoDB."""
    if expect is None:
        return True
    if expect is ABSENT or item is None:
        return (expect is ABSENT) == (item is None)
    return all(
        name in item and type(item[name]) is type(value) and item[name] == value for name, value in expect.items()
    )
