"""Reading events: one by its id, many by their dates."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from heapq import merge
from typing import Any

from backend.domain import events
from backend.domain.errors import NotFound
from backend.domain.pages import Entity, Key, Listed
from backend.repositories.database import Database, Item
from backend.repositories.decisions import is_deleted
from backend.repositories.listing import Listing, Selection, in_order
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import EVENTS, EVENTS_BY_DATE, EVENTS_BY_UNTIL


class EventRepository:
    """Finds events. A list costs what it answers: what begins in the range, and what lasts long and still goes on."""

    def __init__(self, database: Database, reader: LogReader, listing: Listing) -> None:
        self._database = database
        self._reader = reader
        self._listing = listing

    def get(self, department_id: str, event_id: str) -> Entity:
        """Reads one event of a living department; raises `NotFound`."""
        self._reader.head(department_id)
        row = self._database.get(EVENTS, {"id": event_id, "department_id": department_id})
        if row is None or is_deleted(row):
            raise NotFound("event", event_id)
        return events.from_row(row)

    def row(self, event_id: str) -> Item:
        """Finds the newest row of an event, living or a tombstone, in whichever department; raises `NotFound`."""
        rows = sorted(self._database.query(EVENTS, event_id), key=lambda row: (is_deleted(row), -row["version"]))
        if not rows:
            raise NotFound("event", event_id)
        return rows[0]

    def department_of(self, entity_id: str) -> str:
        """Tells in which department an event is, or last was; raises `NotFound`."""
        return str(self.row(entity_id)["department_id"])

    def list(
        self,
        department_id: str,
        *,
        first: str | None = None,
        last: str | None = None,
        text: str | None = None,
        after: Key | None = None,
        limit: int | None = None,
    ) -> Listed:
        """Lists the events that overlap the dates `first` to `last`, in order of their first day and id."""

        def matches(event: Entity) -> bool:
            return events.overlaps(event, first, last) and (text is None or events.match(event, text))

        selection = Selection("event", events.list_key, matches, after)
        return self._listing.read(department_id, self._indexed(department_id, first, last, after), selection, limit)

    def _indexed(
        self, department_id: str, first: str | None, last: str | None, after: Key | None
    ) -> Iterator[dict[str, Any]]:
        """Joins what begins in the range, a day more for what lasts over midnight, with what began before that."""
        begin = _days_before(first, events.SPILL_DAYS) if first else None
        lower = max(filter(None, (begin, after and after[0])), default=None)
        beginning = self._database.query(EVENTS, department_id, index=EVENTS_BY_DATE, lower=lower, upper=last)
        lasting = self._lasting(department_id, first, begin, last) if first or last else []
        yield from merge(
            in_order(map(events.from_row, beginning), events.list_key),
            sorted(lasting, key=events.list_key),
            key=events.list_key,
        )

    def _lasting(self, department_id: str, first: str | None, begin: str | None, last: str | None) -> Sequence[Entity]:
        """Finds what began before the range, and series that begin after it: an occurrence may be moved into it."""
        rows = self._database.query(EVENTS, department_id, index=EVENTS_BY_UNTIL, lower=first)
        return [
            events.from_row(row)
            for row in rows
            if (begin and row["event_date"] < begin) or (last and row["event_date"] > last and "recurrence" in row)
        ]


def _days_before(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()
