"""Removes what is past its time: expired items, tombstones that cannot be restored any more, deleted departments.

Nothing that it removes can be seen or brought back by anyone; so it is no entry of any log. It may be interrupted
anywhere and done again: what leads to the rest is removed last.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import uuid4

from backend.domain.changes import instant
from backend.domain.feeds import hash_of
from backend.repositories.bulk import Bulk
from backend.repositories.database import Database, Delete, Item, TransactionRefused
from backend.repositories.decisions import TRASH, is_deleted
from backend.repositories.entities import KINDS, Kind
from backend.repositories.tables import (
    ATTACHMENTS,
    ATTACHMENTS_BY_PLACE,
    CHANGES,
    DEPARTMENTS,
    EVENTS,
    EVENTS_BY_DATE,
    FEEDS,
    GUARDS,
    TABLES,
    bytes_guard,
    feed_address_key,
    head_key,
)

GRACE: Final = timedelta(hours=1)
"""How much later than its time something is removed: another machine's clock may let it be restored until then."""


Found: TypeAlias = tuple[Kind, Item]
_WITHIN: Final = (KINDS["event"], KINDS["attachment"])


@dataclass(slots=True)
class Purged:
    """Counts what was removed."""

    departments: int = 0
    events: int = 0
    attachments: int = 0
    tombstones: int = 0
    entries: int = 0
    expired: int = 0


Discard: TypeAlias = Callable[[str], None]
"""Removes the files of an attachment, by its id, from the object store; it may be done again."""


class Purge:
    """Removes what is past its time; an attachment's files go before what leads to them."""

    def __init__(self, database: Database, now: datetime, discard: Discard, tell: Callable[[int], None]) -> None:
        self._database = database
        self._now = now
        self._cutoff = instant(now - TRASH - GRACE)
        self._discard = discard
        self._tell = tell
        self.purged = Purged()

    def run(self, *, thorough: bool) -> Purged:
        """Removes everything and tells what it was; raises `DatabaseError`, and what `discard` raises."""
        for row in self._database.scan(DEPARTMENTS):
            if self._is_past(row):
                self._department(row)
            elif not thorough:
                self._tombstones(self._logged(row["id"]))
        if thorough:
            for kind in _WITHIN:
                self._tombstones((kind, row) for row in self._database.scan(kind.table) if self._is_past(row))
        for table in TABLES:
            if table.expires:
                self.purged.expired += self._database.sweep(table, int(self._now.timestamp()))
        return self.purged

    def _is_past(self, row: Item) -> bool:
        return is_deleted(row) and bool(row["deleted_at"] < self._cutoff)

    def _logged(self, log: str) -> Iterator[Found]:
        """Finds the tombstones of a log by its entries, which are in order of time."""
        for entry in self._database.query(CHANGES, log, lower=1):
            if entry["at"] >= self._cutoff:
                return
            kind = KINDS[entry["type"]]
            key = kind.key(log, entry["id"])
            row = self._database.get(kind.table, key) if entry["op"] == "deleted" else None
            if row is not None and self._is_past(row):
                yield kind, row

    def _tombstones(self, found: Iterable[Found]) -> None:
        """Removes tombstones with the guards of their ids; where an entity lives on elsewhere its id stays guarded."""
        for kind, row in found:
            freed = [Delete(GUARDS, GUARDS.key_of(guard)) for guard in kind.guards(row)]
            self._discard_files(kind, row)
            with suppress(TransactionRefused):  # an event has just come back to where this was: then it is no tombstone
                gone = Delete(kind.table, kind.table.key_of(row), {"seq": row["seq"]})
                self._database.transact([gone, *freed], str(uuid4()))
                self.purged.tombstones += 1
                self._tell(1)

    def _discard_files(self, kind: Kind, row: Item) -> None:
        """Removes the files of an attachment, unless it has moved: they are the living one's then."""
        if kind.table is ATTACHMENTS and kind.guards(row):
            self._discard(row["id"])

    def _department(self, row: Item) -> None:
        """Removes a department: what is in it, then the entries that lead to that, and itself last."""
        log = row["id"]
        with Bulk(self._database, tell=self._tell) as bulk:
            for event in self._database.query(EVENTS, log, index=EVENTS_BY_DATE):
                self._remove(bulk, KINDS["event"], event)
                self.purged.events += 1
            for attachment in self._database.query(ATTACHMENTS, log, index=ATTACHMENTS_BY_PLACE):
                self._remove(bulk, KINDS["attachment"], attachment)
                self.purged.attachments += 1
            for feed in self._database.query(FEEDS, log):
                bulk.delete(FEEDS, feed_address_key(hash_of(feed["secret"])))
                bulk.delete(FEEDS, FEEDS.key_of(feed))
            for entry in self._database.query(CHANGES, log, lower=1):
                kind = KINDS[entry["type"]]
                if entry["op"] == "deleted" and (
                    tombstone := self._database.get(kind.table, kind.key(log, entry["id"]))
                ):
                    self._remove(bulk, kind, tombstone)
            bulk.flush()
            for entry in self._database.query(CHANGES, log, lower=1):
                bulk.delete(CHANGES, CHANGES.key_of(entry))
                self.purged.entries += 1
            bulk.delete(GUARDS, bytes_guard(log))
        last = [Delete(CHANGES, head_key(log), {"open": False}), Delete(DEPARTMENTS, {"id": log}, {"seq": row["seq"]})]
        self._database.transact(last, str(uuid4()))
        self.purged.departments += 1

    def _remove(self, bulk: Bulk, kind: Kind, row: Item) -> None:
        self._discard_files(kind, row)
        bulk.delete(kind.table, kind.table.key_of(row))
        for guard in kind.guards(row):
            bulk.delete(GUARDS, GUARDS.key_of(guard))


def purge(
    database: Database,
    now: datetime,
    *,
    thorough: bool = False,
    tell: Callable[[int], None] = lambda count: None,
    discard: Discard = lambda attachment_id: None,
) -> Purged:
    """Removes what is past its time and tells what it was; raises `DatabaseError`, and what `discard` raises.

    Tombstones are found through the logs; `thorough` reads the whole tables instead, and so also finds those whose
    entries have expired meanwhile.
    """
    return Purge(database, now, discard, tell).run(thorough=thorough)
