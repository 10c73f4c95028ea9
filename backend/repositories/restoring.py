"""Fills an empty database, and marks it while that lasts: no server starts on half a calendar."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import uuid4

from backend.domain.changes import instant
from backend.repositories.bulk import Bulk
from backend.repositories.database import (
    ABSENT,
    Check,
    Database,
    DatabaseError,
    Delete,
    Item,
    Operation,
    Put,
    StoreUnavailable,
    TransactionRefused,
)
from backend.repositories.tables import CHANGES, DIRECTORY, GUARDS, TABLES, head_key

_MARK: Final = {"key": "filling"}
"""Is in `guards` while the database is being filled."""

NOT_EMPTY: Final = "the database is not empty; choose a new one (another DATA_DIR or TABLE_PREFIX)"


class NotEmpty(DatabaseError):
    """The database has content of its own; nothing was written."""

    def __str__(self) -> str:
        return NOT_EMPTY


def put_unless_filling(database: Database, first: Operation) -> None:
    """Performs what a new database begins with, unless that is there, or the database is being filled."""
    with suppress(TransactionRefused):
        database.transact([first, Check(GUARDS, _MARK, ABSENT)], str(uuid4()))


def refuse_half_filled(database: Database) -> None:
    """Raises `StoreUnavailable` where filling this database has begun and not ended."""
    mark = database.get(GUARDS, _MARK)
    if mark is not None:
        raise StoreUnavailable(
            f"what is being brought into this database since {mark['since']} is not whole yet; "
            "if that was interrupted, run the same command again"
        )


def begin(database: Database, now: datetime, step: Callable[[str], Callable[[int], None]]) -> None:
    """Marks an empty database, or clears one whose filling was interrupted; raises `NotEmpty`.

    A server that starts in the same moment is first or finds the mark: the directory's head and the mark exclude
    each other.
    """
    if database.get(GUARDS, _MARK) is not None:
        _clear(database, step("clearing what an interrupted run has left"))
        return
    if any(next(database.scan(table), None) is not None for table in TABLES):
        raise NotEmpty
    mark: Item = {**_MARK, "since": instant(now)}
    try:
        database.transact([Put(GUARDS, mark, ABSENT), Check(CHANGES, head_key(DIRECTORY), ABSENT)], str(uuid4()))
    except TransactionRefused:
        raise NotEmpty from None


def finish(database: Database) -> None:
    """Takes the mark away: the database is whole."""
    database.transact([Delete(GUARDS, _MARK)], str(uuid4()))


def _clear(database: Database, tell: Callable[[int], None]) -> None:
    with Bulk(database, tell=tell) as bulk:
        for table in TABLES:
            for item in database.scan(table):
                if table.key_of(item) != _MARK:
                    bulk.delete(table, table.key_of(item))
