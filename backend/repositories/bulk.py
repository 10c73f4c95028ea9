"""Writes many items whose order does not matter: as many in a transaction as fit, each as often as it takes."""

import time
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from backend.domain.jitter import jitter
from backend.repositories.database import (
    MAX_OPERATIONS,
    MAX_TRANSACTION_BYTES,
    Database,
    DatabaseError,
    Delete,
    Item,
    Operation,
    OutcomeUnknown,
    Put,
    StoreUnavailable,
    Table,
    TransactionRefused,
)
from backend.repositories.items import check_operation

TRIES: Final = 8
"""How often a transaction is sent to a store that throttles, fails or does not answer, up to 13 s apart."""


class Bulk:
    """Collects operations without expectations and performs them; leaving its `with` block performs the rest."""

    def __init__(
        self,
        database: Database,
        *,
        tell: Callable[[int], None] = lambda count: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._database = database
        self._tell = tell
        self._sleep = sleep
        self._operations: dict[tuple[Any, ...], Operation] = {}
        self._bytes = 0

    def __enter__(self) -> "Bulk":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.flush()

    def put(self, table: Table, item: Item) -> None:
        """Writes an item, now or soon; raises `DatabaseError`."""
        self._add(Put(table, item))

    def delete(self, table: Table, key: Item) -> None:
        """Removes an item, now or soon; raises `DatabaseError`."""
        self._add(Delete(table, key))

    def flush(self) -> None:
        """Performs what was collected; raises `DatabaseError` if the store does not take it after all tries."""
        operations, token = list(self._operations.values()), str(uuid4())
        self._operations, self._bytes = {}, 0
        if operations:
            self._send(operations, token)
            self._tell(len(operations))

    def _add(self, operation: Operation) -> None:
        size = check_operation(operation)
        if len(self._operations) == MAX_OPERATIONS or self._bytes + size > MAX_TRANSACTION_BYTES:
            self.flush()
        address = (operation.table.name, *operation.table.key_of(operation.key).values())
        self._operations[address] = operation  # the later one on an item wins
        self._bytes += size

    def _send(self, operations: list[Operation], token: str) -> None:
        last: DatabaseError | None = None
        for attempt in range(TRIES):
            try:
                self._database.transact(operations, token)
                return
            except (StoreUnavailable, OutcomeUnknown, TransactionRefused) as error:
                last = error  # the operations mean the same however often they are performed
            self._sleep(jitter(0.5, 1) * 0.1 * 2**attempt)
        assert last is not None
        raise last
