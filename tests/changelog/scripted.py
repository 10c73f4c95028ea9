"""A database whose transactions end as a test wants: raced, refused, lost before or after they happened."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

from backend.repositories.database import (
    Capabilities,
    Database,
    Item,
    KeyValue,
    Operation,
    OutcomeUnknown,
    Provisioned,
    StoreUnavailable,
    Table,
    TransactionRefused,
)

Perform: TypeAlias = Callable[[], None]
Step: TypeAlias = Callable[[Perform], None]
"""Decides what becomes of one transaction; calling its argument performs it."""


def happens(perform: Perform) -> None:
    """Is how it should be."""
    perform()


def lost_before(perform: Perform) -> None:
    """The request never arrived, and nobody was told."""
    raise OutcomeUnknown("cut before it was applied")


def lost_after(perform: Perform) -> None:
    """It happened, and the answer was lost; or it was refused, and that was lost."""
    with suppress(TransactionRefused):
        perform()
    raise OutcomeUnknown("cut after it was applied")


def conflicts(perform: Perform) -> None:
    """Another transaction was in the way, for a moment."""
    raise TransactionRefused


def unavailable(perform: Perform) -> None:
    """The store throttles."""
    raise StoreUnavailable("throttled")


def after(event: Callable[[], object], step: Step = happens) -> Step:
    """Lets something happen between the decision and its transaction."""

    def then(perform: Perform) -> None:
        event()
        step(perform)

    return then


class Later:
    """Loses a request that arrives late, when `arrive` is called."""

    def __init__(self) -> None:
        self.kept: list[Perform] = []
        self.refused = 0

    def __call__(self, perform: Perform) -> None:
        self.kept.append(perform)
        raise OutcomeUnknown("slow")

    def arrive(self) -> None:
        for perform in self.kept:
            try:
                perform()
            except TransactionRefused:
                self.refused += 1


class ScriptedDatabase:
    """Takes a step of its script for each transaction, and lets them happen when it is at its end."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self.script: deque[Step] = deque()
        self.tokens: list[str] = []
        self.sizes: list[int] = []
        self.before_get: Callable[[], object] = lambda: None
        self.amid_index: Callable[[], object] = lambda: None

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    def get(self, table: Table, key: Mapping[str, KeyValue]) -> Item | None:
        self.before_get()
        return self._inner.get(table, key)

    def query(self, table: Table, partition: KeyValue, **options: object) -> Iterator[Item]:
        found = self._inner.query(table, partition, **options)  # type: ignore[arg-type]
        return found if options.get("index") is None else self._interrupted(found)

    def _interrupted(self, found: Iterator[Item]) -> Iterator[Item]:
        for number, item in enumerate(found):
            if number == 1:
                self.amid_index()
            yield item

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        self.tokens.append(token)
        self.sizes.append(len(operations))
        step = self.script.popleft() if self.script else happens
        step(lambda: self._inner.transact(operations, token))

    def scan(self, table: Table) -> Iterator[Item]:
        return self._inner.scan(table)

    def sweep(self, table: Table, now: int) -> int:
        return self._inner.sweep(table, now)

    def provision(self, tables: Sequence[Table], *, plan: bool = False) -> Provisioned:
        return self._inner.provision(tables, plan=plan)

    def ping(self) -> None:
        self._inner.ping()

    def data_version(self) -> int | None:
        return self._inner.data_version()

    def close(self) -> None:
        self._inner.close()
