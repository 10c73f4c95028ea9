"""What can be done with events."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from backend.domain import events
from backend.domain.errors import IdTaken, NotFound
from backend.domain.ids import uuid_text
from backend.domain.pages import Listed
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import ABSENT, Item, Put
from backend.repositories.decisions import Decide, Decision, Draft, View, is_deleted
from backend.repositories.events import EventRepository
from backend.repositories.tables import DEPARTMENTS, EVENTS, GUARDS, id_guard
from backend.services.writing import Intent, Written, same

Fields = Mapping[str, Any]

SEARCH_SPAN: Final = timedelta(days=366)
"""How far from today a search without dates looks, in both directions."""


class EventService:
    """Creates, changes and deletes events: each is an entry of its department's log."""

    def __init__(
        self,
        changelog: ChangeLog,
        repository: EventRepository,
        *,
        new_id: Callable[[], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._changelog = changelog
        self._repository = repository
        self._new_id = new_id
        self._clock = clock
        self.get = repository.get

    def list(self, department_id: str, *, text: str | None = None, **options: Any) -> Listed:
        """Lists events as the repository does; a search without dates looks `SEARCH_SPAN` back and ahead."""
        if text is not None and options.get("first") is None and options.get("last") is None:
            today = self._clock().date()
            options |= {"first": str(today - SEARCH_SPAN), "last": str(today + SEARCH_SPAN)}
        return self._repository.list(department_id, text=text, **options)

    def create(self, department_id: str, fields: Fields, intent: Intent) -> Written:
        """Creates an event; raises `NotFound` of the department, `Invalid`, `IdTaken`.

        A repeat with an id that is there and says the same answers with what is there.
        """
        event_id = uuid_text(fields.get("id") or self._new_id())

        def decide(view: View) -> Decision[tuple[Item, bool]]:
            new = events.create(
                fields,
                id=event_id,
                department_id=department_id,
                timezone=timezone_of(view, department_id),
                at=view.now,
                author=intent.author,
            )
            if view.get(GUARDS, id_guard(event_id)) is not None:
                return Decision((_same(view, new), False))
            return Decision((new, True), [creation_draft(new)])

        return self._commit(department_id, decide, intent)

    def update(self, event_id: str, fields: Fields, intent: Intent) -> Written:
        """Changes what differs; raises `NotFound`, `Invalid`, `PreconditionFailed`."""
        department_id = self._repository.department_of(event_id)

        def decide(view: View) -> Decision[tuple[Item, bool]]:
            row = _living(view, department_id, event_id)
            current = events.from_row(row)
            intent.require(current)
            zone = timezone_of(view, department_id)
            new = events.update(current, fields, at=view.now, author=intent.author, timezone=zone)
            if new is current:
                return Decision((current, False))
            return Decision((new, False), [Draft("event", EVENTS, row, events.to_row(new), new)])

        return self._commit(department_id, decide, intent)

    def delete(self, event_id: str, intent: Intent) -> Written:
        """Deletes an event; a tombstone stays, and its past in the log. Raises `NotFound`, `PreconditionFailed`."""
        department_id = self._repository.department_of(event_id)

        def decide(view: View) -> Decision[tuple[Item, bool]]:
            row = _living(view, department_id, event_id)
            current = events.from_row(row)
            intent.require(current)
            data = events.deleted_data(current)
            tombstone = events.tombstone(current, at=view.now)
            return Decision((data, False), [Draft("event", EVENTS, row, tombstone, data)])

        return self._commit(department_id, decide, intent)

    def _commit(self, log: str, decide: Decide[tuple[Item, bool]], intent: Intent) -> Written:
        committed = self._changelog.commit(log, decide, intent.author)
        entity, created = committed.result
        return Written(entity, committed.position, created)


def creation_draft(event: Item) -> Draft:
    """Drafts a new event, with the guard that keeps its id unique over all departments."""
    guard = Put(GUARDS, {**id_guard(event["id"]), "log": event["department_id"]}, ABSENT)
    return Draft("event", EVENTS, None, events.to_row(event), event, (guard,))


def timezone_of(view: View, department_id: str) -> str:
    """Reads the zone in which a department's events are meant, if they name none."""
    row = view.get(DEPARTMENTS, {"id": department_id})
    if row is None or is_deleted(row):
        raise NotFound("department", department_id)
    return str(row["timezone"])


def _living(view: View, department_id: str, event_id: str) -> Item:
    row = view.get(EVENTS, {"id": event_id, "department_id": department_id})
    if row is None or is_deleted(row):
        raise NotFound("event", event_id)
    return row


def _same(view: View, new: Item) -> Item:
    """Answers a repeated creation; whatever has this id and differs is somebody else's."""
    rows = [row for row in view.find(EVENTS, new["id"]) if not is_deleted(row)]
    if not rows or not same(events.from_row(rows[0]), new, events.WRITABLE):
        raise IdTaken(new["id"])
    return events.from_row(rows[0])
