"""Removes what is past its time: expired items, tombstones that cannot be restored any more, deleted departments.

Nothing that it removes can be seen or brought back by anyone; so it is no entry of any log. It may be interrupted
anywhere and done again: what leads to the rest is removed last.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from backend.domain.changes import instant
from backend.domain.feeds import hash_of
from backend.repositories.bulk import Bulk
from backend.repositories.database import Database, Delete, Item, TransactionRefused
from backend.repositories.decisions import TRASH, is_deleted
from backend.repositories.entities import KINDS
from backend.repositories.tables import (
    CHANGES,
    DEPARTMENTS,
    EVENTS,
    EVENTS_BY_DATE,
    FEEDS,
    GUARDS,
    TABLES,
    feed_address_key,
    head_key,
)

GRACE: Final = timedelta(hours=1)
"""How much later than its time something is removed: another machine's clock may let it be restored until then."""


@dataclass(slots=True)
class Purged:
    """Counts what was removed."""

    departments: int = 0
    events: int = 0
    tombstones: int = 0
    entries: int = 0
    expired: int = 0


def purge(
    database: Database, now: datetime, *, thorough: bool = False, tell: Callable[[int], None] = lambda count: None
) -> Purged:
    """Removes what is past its time and tells what it was; raises `DatabaseError`.

    Tombstones are found through the logs; `thorough` reads the whole table instead, and so also finds those whose
    entries have expired meanwhile.
    """
    purged, cutoff = Purged(), instant(now - TRASH - GRACE)
    for row in database.scan(DEPARTMENTS):
        if _is_past(row, cutoff):
            _purge_department(database, row, purged, tell)
        elif not thorough:
            _purge_tombstones(database, _logged_tombstones(database, row["id"], cutoff), purged, tell)
    if thorough:
        _purge_tombstones(database, (row for row in database.scan(EVENTS) if _is_past(row, cutoff)), purged, tell)
    for table in TABLES:
        if table.expires:
            purged.expired += database.sweep(table, int(now.timestamp()))
    return purged


def _is_past(row: Item, cutoff: str) -> bool:
    return is_deleted(row) and bool(row["deleted_at"] < cutoff)


def _logged_tombstones(database: Database, log: str, cutoff: str) -> Iterator[Item]:
    """Finds the tombstones of a log by its entries, which are in order of time."""
    for entry in database.query(CHANGES, log, lower=1):
        if entry["at"] >= cutoff:
            return
        kind = KINDS[entry["type"]]
        row = database.get(kind.table, kind.key(log, entry["id"])) if entry["op"] == "deleted" else None
        if row is not None and _is_past(row, cutoff):
            yield row


def _purge_tombstones(database: Database, rows: Iterable[Item], purged: Purged, tell: Callable[[int], None]) -> None:
    """Removes tombstones with the guards of their ids; where the event lives on elsewhere its id stays guarded."""
    kind = KINDS["event"]
    for row in rows:
        freed = [Delete(GUARDS, GUARDS.key_of(guard)) for guard in kind.guards(row)]
        with suppress(TransactionRefused):  # an event has just come back to where this was: then it is no tombstone
            database.transact([Delete(kind.table, kind.table.key_of(row), {"seq": row["seq"]}), *freed], str(uuid4()))
            purged.tombstones += 1
            tell(1)


def _purge_department(database: Database, row: Item, purged: Purged, tell: Callable[[int], None]) -> None:
    """Removes a department: its events and feeds, then the entries that lead to them, and itself last."""
    log = row["id"]
    with Bulk(database, tell=tell) as bulk:
        for event in database.query(EVENTS, log, index=EVENTS_BY_DATE):
            _remove(bulk, event)
            purged.events += 1
        for feed in database.query(FEEDS, log):
            bulk.delete(FEEDS, feed_address_key(hash_of(feed["secret"])))
            bulk.delete(FEEDS, FEEDS.key_of(feed))
        for entry in database.query(CHANGES, log, lower=1):
            if entry["op"] == "deleted" and (tombstone := database.get(EVENTS, _key(log, entry["id"]))):
                _remove(bulk, tombstone)
        bulk.flush()
        for entry in database.query(CHANGES, log, lower=1):
            bulk.delete(CHANGES, CHANGES.key_of(entry))
            purged.entries += 1
    last = [Delete(CHANGES, head_key(log), {"open": False}), Delete(DEPARTMENTS, {"id": log}, {"seq": row["seq"]})]
    database.transact(last, str(uuid4()))
    purged.departments += 1


def _remove(bulk: Bulk, row: Item) -> None:
    bulk.delete(EVENTS, EVENTS.key_of(row))
    for guard in KINDS["event"].guards(row):
        bulk.delete(GUARDS, GUARDS.key_of(guard))


def _key(log: str, event_id: str) -> Item:
    return {"id": event_id, "department_id": log}
