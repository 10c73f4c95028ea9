"""What can be done with events: create, change, delete, list."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from backend.domain import events
from backend.domain.changes import Author
from backend.domain.errors import Conflict, IdTaken, NotFound
from backend.domain.ids import uuid_text
from backend.domain.pages import Listed
from backend.repositories.database import ABSENT, Item, Put
from backend.repositories.decisions import Decision, Draft, View, is_deleted, is_purgeable
from backend.repositories.events import EventRepository
from backend.repositories.history import HistoryRepository
from backend.repositories.tables import DEPARTMENTS, EVENTS, GUARDS, id_guard
from backend.services.homes import commit_at_home
from backend.services.merging import merged_edit
from backend.services.writing import Intent, Outcome, Writer, Written, same

Fields = Mapping[str, Any]

SEARCH_SPAN: Final = timedelta(days=366)
"""How far from today a search without dates looks, in both directions."""


class EventService:
    """Creates, changes and deletes events: each is an entry of its department's log."""

    def __init__(
        self,
        writer: Writer,
        repository: EventRepository,
        history: HistoryRepository,
        *,
        new_id: Callable[[], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._writer = writer
        self._repository = repository
        self._history = history
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

        def decide(view: View) -> Decision[Outcome]:
            zone = timezone_of(view, department_id)
            identity = {"id": event_id, "department_id": department_id, "timezone": zone}
            new = events.create(fields, **identity, at=view.now, author=intent.author)
            if view.get(GUARDS, id_guard(event_id)) is not None:
                return _repeated(view, new)
            return Decision(Outcome(new, created=True), [creation_draft(new)])

        return self._writer.commit(department_id, decide, intent)

    def update(self, event_id: str, fields: Fields, intent: Intent, base_version: int | None = None) -> Written:
        """Changes what differs; with `base_version` merges it with what others changed since.

        Raises `NotFound`, `Invalid`, `PreconditionFailed`, `Conflict`.
        """

        def decide(department_id: str, view: View) -> Decision[Outcome]:
            row, current = living_event(view, department_id, event_id, intent, merging=base_version is not None)
            zone = timezone_of(view, department_id)

            def edit(entity: Item) -> Item:
                return events.update(entity, fields, at=view.now, author=intent.author, timezone=zone)

            def base(version: int) -> Item | None:
                return self._history.version(department_id, row["seq"], version)

            new, note = merged_edit(current, edit, events.WRITABLE, base_version, base)
            return update_decision(row, current, new, note)

        return commit_at_home(self._writer, self._repository, event_id, decide, intent)

    def delete(self, event_id: str, intent: Intent) -> Written:
        """Deletes an event; a tombstone stays, and its past in the log. Raises `NotFound`, `PreconditionFailed`."""

        def decide(department_id: str, view: View) -> Decision[Outcome]:
            draft = deletion_draft(*living_event(view, department_id, event_id, intent), view.now, intent.author)
            return Decision(Outcome(draft.data), [draft])

        return commit_at_home(self._writer, self._repository, event_id, decide, intent)


def creation_draft(event: Item) -> Draft:
    """Drafts a new event, with the guard that keeps its id unique over all departments."""
    guard = Put(GUARDS, {**id_guard(event["id"]), "type": "event"}, ABSENT)
    return Draft("event", EVENTS, None, events.to_row(event), event, (guard,))


def deletion_draft(row: Item, current: Item, at: str, author: Author) -> Draft:
    """Drafts the end of an event: a tombstone stays."""
    return Draft("event", EVENTS, row, events.tombstone(current, at=at, by=author.actor), events.deleted_data(current))


def living_event(
    view: View, department_id: str, event_id: str, intent: Intent, *, merging: bool = False
) -> tuple[Item, Item]:
    """Reads the row of an event that is to change, and the event; raises `NotFound`, `PreconditionFailed`, `Conflict`.

    `merging` is for edits of an older version, to which a deletion is a conflict.
    """
    row = event_row(view, department_id, event_id)
    if is_deleted(row):
        restorable = not is_purgeable(row, view.now)
        raise Conflict(event_id, None) if merging and restorable else NotFound("event", event_id)
    current = events.from_row(row)
    intent.require(current)
    return row, current


def update_decision(row: Item, current: Item, new: Item, merged: Mapping[str, Any] | None = None) -> Decision[Outcome]:
    """Decides for the next version of an event, or for nothing where it is the same."""
    if new is current:
        return Decision(Outcome(current, merged=merged))
    return Decision(Outcome(new, merged=merged), [Draft("event", EVENTS, row, events.to_row(new), new)])


def timezone_of(view: View, department_id: str) -> str:
    """Reads the zone in which a department's events are meant, if they name none."""
    row = view.get(DEPARTMENTS, {"id": department_id})
    if row is None or is_deleted(row):
        raise NotFound("department", department_id)
    return str(row["timezone"])


def event_row(view: View, department_id: str, event_id: str) -> Item:
    """Reads an event's row in its department, also a tombstone; raises `NotFound`, also where it has moved away."""
    row = view.get(EVENTS, {"id": event_id, "department_id": department_id})
    if row is None or "moved_to" in row:
        raise NotFound("event", event_id)
    return row


def _repeated(view: View, new: Item) -> Decision[Outcome]:
    """Answers a repeated creation; whatever has this id and differs is somebody else's."""
    rows = [row for row in view.find(EVENTS, new["id"]) if not is_deleted(row)]
    if not rows or not same(events.from_row(rows[0]), new, ("department_id", *events.WRITABLE)):
        raise IdTaken(new["id"])
    return Decision(Outcome(events.from_row(rows[0])))
