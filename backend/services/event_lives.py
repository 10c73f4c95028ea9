"""What can be done with an event's past and place: read its history, bring back what it was, move it."""

from dataclasses import replace
from typing import Any

from backend.domain import events
from backend.domain.errors import Invalid, NotFound
from backend.domain.history import versions_of
from backend.repositories.database import Item
from backend.repositories.decisions import Decision, Draft, View, is_deleted, is_purgeable
from backend.repositories.events import EventRepository
from backend.repositories.history import HistoryRepository
from backend.repositories.tables import EVENTS
from backend.services.events import (
    commit_at_home,
    deletion_draft,
    event_row,
    living_event,
    timezone_of,
    update_decision,
)
from backend.services.writing import Intent, Outcome, Writer, Written


class EventLives:
    """Restores and moves events, and tells their versions; each write is an entry of the log like any other."""

    def __init__(self, writer: Writer, repository: EventRepository, history: HistoryRepository) -> None:
        self._writer = writer
        self._repository = repository
        self._history = history

    def history(self, event_id: str) -> dict[str, Any]:
        """Tells all versions that are retained, newest first, also of a deleted event; raises `NotFound`."""
        row = self._repository.row(event_id)
        changes = list(self._history.chain(row["department_id"], row["seq"]))
        return {"versions": versions_of(changes), "complete": bool(changes) and changes[-1].prior is None}

    def restore(self, event_id: str, version: int | None, intent: Intent, instead_of: str | None = None) -> Written:
        """Undeletes an event, or makes an old version its newest; raises `NotFound`, `PreconditionFailed`.

        `instead_of` is deleted in the same transaction: what was cut in two becomes one again.
        """
        if instead_of == event_id:
            raise Invalid.at("/instead_of", "same", "is the event that comes back")

        def decide(department_id: str, view: View) -> Decision[Outcome]:
            row = event_row(view, department_id, event_id)
            if is_purgeable(row, view.now):
                raise NotFound("event", event_id)
            if not is_deleted(row):
                guard = intent.precondition if version is None else intent
                guard.require(events.from_row(row))
            content = self._content(row, version)
            content["department_id"] = department_id
            new = events.renewed(content, row, at=view.now, author=intent.author)
            # The event itself comes last: an answer that is replayed shows the last entry.
            others = [] if instead_of is None else [_replaced(view, department_id, instead_of)]
            if is_deleted(row):
                return Decision(Outcome(new), [*others, Draft("event", EVENTS, row, events.to_row(new), new)])
            current = events.from_row(row)
            decision = update_decision(row, current, current if _says_the_same(current, new) and not others else new)
            return replace(decision, drafts=[*others, *decision.drafts])

        return commit_at_home(self._writer, self._repository, event_id, decide, intent)

    def move(self, event_id: str, department_id: str, intent: Intent) -> Written:
        """Moves an event to another department: it leaves one log and enters the other in one transaction."""

        def decide(origin: str, view: View) -> Decision[Outcome]:
            row, current = living_event(view, origin, event_id, intent)
            timezone_of(view, department_id)
            if department_id == origin:
                return update_decision(row, current, current)
            data = events.deleted_data(current, moved_to=department_id)
            gone = events.tombstone(current, at=view.now, moved_to=department_id)
            new = events.moved(current, department_id, at=view.now, author=intent.author)
            leaving = Draft("event", EVENTS, row, gone, data)
            entering = Draft("event", EVENTS, None, events.to_row(new), new, log=department_id, follows=True)
            return Decision(Outcome(new), [leaving, entering])

        return commit_at_home(self._writer, self._repository, event_id, decide, intent)

    def _content(self, row: Item, version: int | None) -> Item:
        if version is None:
            return dict(row["was"]) if is_deleted(row) else events.from_row(row)
        content = self._history.version(row["department_id"], row["seq"], version)
        if content is None:
            raise NotFound("version", f"{version} of {row['id']}")
        return content


def _replaced(view: View, department_id: str, event_id: str) -> Draft:
    """Drafts the end of an event in whose place another comes back."""
    row = event_row(view, department_id, event_id)
    if is_deleted(row):
        raise NotFound("event", event_id)
    return deletion_draft(row, events.from_row(row), view.now)


def _says_the_same(current: Item, new: Item) -> bool:
    return all(current[name] == new[name] for name in events.WRITABLE)
