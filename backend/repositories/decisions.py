"""What a writer decides, and what it sees while it decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from backend.domain import trash
from backend.domain.changes import EntityType, Op, instant
from backend.repositories.database import (
    ABSENT,
    Database,
    Delete,
    Expectation,
    Item,
    KeyValue,
    Operation,
    Put,
    Table,
)

Result = TypeVar("Result")

TRASH: Final = trash.KEPT
"""How long what was deleted can be brought back."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Is one entity's change before it has a place in a log.

    `before` and `after` are rows of `table`, the latter a tombstone (`deleted_at`) after a deletion; `data` is what
    readers of the log see. `guards` go into the same transaction: unique names and ids, another log's head. `log` is
    given only where it is another than the decision's; a change that `follows` has its past in the draft before it.
    """

    type: EntityType
    table: Table
    before: Item | None
    after: Item
    data: Item
    guards: tuple[Operation, ...] = ()
    log: str | None = None
    follows: bool = False

    @property
    def op(self) -> Op:
        """Follows from what was there: bringing back what was deleted is `created`."""
        if is_deleted(self.after):
            return "deleted"
        return "created" if self.before is None or is_deleted(self.before) else "updated"


def is_deleted(row: Item) -> bool:
    """Tells a tombstone from a living row."""
    return row.get("deleted_at") is not None


def is_purgeable(row: Item, now: str) -> bool:
    """Tells a tombstone that is past its time: what it was is not to be brought back any more."""
    cutoff = instant(datetime.fromisoformat(now) - TRASH)
    return is_deleted(row) and bool(row["deleted_at"] < cutoff)


@dataclass(frozen=True, slots=True)
class Claim:
    """Asks that the write be remembered under an idempotency key, with the place of the entry that the answer shows.

    `record` is the row of `guards` without that place, which is the head's where nothing changes; `expect` guards it
    against whoever claims the same key.
    """

    record: Item
    expect: Expectation = ABSENT


@dataclass(frozen=True, slots=True)
class Decision(Generic[Result]):
    """Is what `decide` answers: the changes to make, none where nothing changes, and what to tell the caller.

    `besides` is written in the same transaction and is no entity of any log: what readers of the log need not know, or
    must not, such as the secrets of feeds. It is decided and guarded as everything else: only while the log is open.
    """

    result: Result
    drafts: Sequence[Draft] = ()
    claim: Claim | None = None
    besides: tuple[Operation, ...] = ()


class View:
    """Shows `decide` the database as it is now, with what the same transaction has decided before on top.

    Everything that it read is still true when the transaction happens: every write to an entity moves its log's head,
    and the transaction expects that head unmoved. What lies outside that log must be guarded by an expectation.
    """

    def __init__(self, database: Database, now: str) -> None:
        self.now = now
        self._database = database
        self._staged: dict[tuple[str, tuple[Any, ...]], Operation] = {}

    def get(self, table: Table, key: Item) -> Item | None:
        """Reads one row."""
        staged = self._staged.get(_address(table, key))
        if isinstance(staged, Put):
            return staged.item
        return None if isinstance(staged, Delete) else self._database.get(table, key)

    def find(self, table: Table, partition: KeyValue) -> list[Item]:
        """Reads all rows of one partition of a table."""
        rows = {_address(table, row): row for row in self._database.query(table, partition)}
        for address, operation in self._staged.items():
            if address[0] == table.name and address[1][0] == partition:
                rows.pop(address, None)
                if isinstance(operation, Put):
                    rows[address] = operation.item
        return list(rows.values())

    def stage(self, operations: Sequence[Operation]) -> None:
        """Puts operations on top; a second one on the same item replaces the first and keeps its expectation."""
        for operation in operations:
            address = _address(operation.table, operation.key)
            earlier = self._staged.get(address)
            self._staged[address] = operation if earlier is None else _following(earlier, operation)

    def staged_rows(self, table: Table) -> list[Item]:
        """Lists the rows of a table that the same transaction has decided to write."""
        return [each.item for each in self._staged.values() if isinstance(each, Put) and each.table is table]

    @property
    def staged(self) -> list[Operation]:
        """Lists what would be written, one operation an item."""
        return list(self._staged.values())


Decide = Callable[[View], Decision[Result]]


def _address(table: Table, item: Item) -> tuple[str, tuple[Any, ...]]:
    return table.name, tuple(table.key_of(item).values())


def _following(earlier: Operation, later: Operation) -> Operation:
    if isinstance(later, Put):
        return Put(later.table, later.item, earlier.expect)
    if isinstance(later, Delete):
        return Delete(later.table, later.key, earlier.expect)
    return earlier
