"""The narrow waist: all that Dayroom asks of a database is `get`, `query` and `transact` over declared tables.

Beside them `scan` and `sweep` let a whole database be copied and cleaned.

It is implemented by `sqlite.SQLiteDatabase` and `dynamodb.DynamoDatabase`; `tests/contract/test_database.py` is
the one suite that both must pass. Both refuse the union of what either refuses, so that what works on one machine
works on DynamoDB: see `backend.repositories.items`.

An *item* is a dict of `str` to `None`, `bool`, `int` (64 bits, signed), `str`, `list` and `dict` of the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal, Protocol, TypeAlias

from backend.domain.errors import Unavailable

Item: TypeAlias = dict[str, Any]
KeyValue: TypeAlias = str | int
KeyType: TypeAlias = type[str] | type[int]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Declares an attribute that is part of a key: its name and its type, which never change."""

    name: str
    type: KeyType = str


@dataclass(frozen=True, slots=True)
class Index:
    """Declares a sparse index: it holds the whole item of each item that has both of its attributes.

    It is ordered by `sort` (text by its UTF-8 bytes); the order among equals is not defined.
    """

    name: str
    partition: Attribute
    sort: Attribute


@dataclass(frozen=True, slots=True)
class Table:
    """Declares a table: its primary key, its indexes, and whether its items expire by `expires_at` (epoch seconds)."""

    name: str
    partition: Attribute
    sort: Attribute | None = None
    indexes: tuple[Index, ...] = ()
    expires: bool = False

    @property
    def key_attributes(self) -> tuple[Attribute, ...]:
        """Lists the one or two attributes of the primary key."""
        return (self.partition,) if self.sort is None else (self.partition, self.sort)

    def key_of(self, item: Mapping[str, Any]) -> Item:
        """Extracts the primary key from an item."""
        return {attribute.name: item[attribute.name] for attribute in self.key_attributes}


class Absent(Enum):
    """Is the type of `ABSENT`."""

    ABSENT = "absent"


ABSENT: Final[Literal[Absent.ABSENT]] = Absent.ABSENT

Expectation: TypeAlias = Mapping[str, Any] | Literal[Absent.ABSENT] | None
"""What must hold for a transaction to happen: `None` nothing, `ABSENT` no such item, a mapping that the item exists
and these of its attributes have these values (scalars)."""


@dataclass(frozen=True, slots=True)
class Put:
    """Writes a whole item, replacing what has its key."""

    table: Table
    item: Item
    expect: Expectation = None

    @property
    def key(self) -> Item:
        """Is the primary key that is written."""
        return self.table.key_of(self.item)


@dataclass(frozen=True, slots=True)
class Delete:
    """Removes the item with this key, if there is one."""

    table: Table
    key: Item
    expect: Expectation = None


@dataclass(frozen=True, slots=True)
class Check:
    """Writes nothing, but the transaction happens only if the expectation holds."""

    table: Table
    key: Item
    expect: Expectation


Operation: TypeAlias = Put | Delete | Check

MAX_OPERATIONS: Final = 100
MAX_TRANSACTION_BYTES: Final = 4_000_000
MAX_ITEM_BYTES: Final = 400 * 1024


class DatabaseError(Exception):
    """Is the root of what the port raises."""


@dataclass
class ItemRefused(DatabaseError, ValueError):
    """One of the stores cannot hold this item, key or transaction; nothing was written. A bug, or an oversized text."""

    reason: str


@dataclass
class TransactionRefused(DatabaseError):
    """An expectation did not hold or another transaction was in the way: nothing was written, try anew from reading.

    `failed` has the positions of the operations whose expectation did not hold; it is empty where only another
    transaction was in the way.
    """

    failed: tuple[int, ...] = ()


class StoreUnavailable(DatabaseError, Unavailable):
    """The store throttles, is full, read-only or does not answer; nothing was written.

    It is the one error of the port that may reach a client as it is, wherever something is read.
    """


@dataclass
class OutcomeUnknown(DatabaseError):
    """The store was asked to write and the answer was lost: it may have happened, or may still happen."""

    detail: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Declares how a store differs from the strictest one; nothing else may depend on which store it is."""

    name: str
    indexes_lag: bool
    """An index may not yet show, or still show, what was written within the last seconds."""
    tells_version: bool
    """`data_version()` changes whenever any process has written."""
    expires: bool
    """Expired items disappear by themselves, sooner or later; elsewhere `sweep` removes them."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    """Reports what `provision` found and did: one readable line a change, and what the server does not know."""

    changed: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = field(default=())


class Database(Protocol):
    """Is a transactional key-value store with declared tables. Safe for concurrent use by threads and greenlets."""

    @property
    def capabilities(self) -> Capabilities:
        """Declares the differences between the stores."""
        ...

    def get(self, table: Table, key: Mapping[str, KeyValue]) -> Item | None:
        """Reads one item, strongly consistent: it shows every transaction that was answered before.

        Raises `StoreUnavailable`.
        """
        ...

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
        """Reads the items of one partition in order of the sort key, `lower` and `upper` inclusive, lazily.

        Without an index each item is strongly consistent (the sequence as a whole is not one snapshot). With an
        index of a store whose `indexes_lag` it may be seconds old. Reads at most `limit` items from the store.
        Raises `StoreUnavailable`, also while it is iterated.
        """
        ...

    def scan(self, table: Table) -> Iterator[Item]:
        """Reads every item of a table, lazily, in no order: for copies of a whole database, never for an answer.

        Each item is strongly consistent; what is written meanwhile may be in it or not. Raises `StoreUnavailable`,
        also while it is iterated.
        """
        ...

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        """Performs all operations or none; at most one an item, `MAX_OPERATIONS`, `MAX_TRANSACTION_BYTES`.

        `token` (1–36 characters) names this logical try: the same operations with the same token, sent again within
        ten minutes after `OutcomeUnknown`, happen at most once where the store knows tokens.
        Raises `ItemRefused`, `TransactionRefused`, `StoreUnavailable`, `OutcomeUnknown`.
        """
        ...

    def sweep(self, table: Table, now: int) -> int:
        """Removes the items of a table whose `expires_at` (epoch seconds) has passed, and tells how many.

        A store that expires items by itself removes nothing here and tells 0. It may be interrupted, and done again.
        Raises `ItemRefused` where the table's items do not expire, and `StoreUnavailable`.
        """
        ...

    def provision(self, tables: Sequence[Table], *, plan: bool = False) -> Provisioned:
        """Creates what is missing, changes nothing that is right, and says what it did (with `plan`: would do)."""
        ...

    def ping(self) -> None:
        """Answers if the store answers; raises `StoreUnavailable`."""
        ...

    def data_version(self) -> int | None:
        """Tells a number that differs after any other connection has written; None where the store cannot tell."""
        ...

    def close(self) -> None:
        """Lets go of connections and files; further calls are errors."""
        ...
