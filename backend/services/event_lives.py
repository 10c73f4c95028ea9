"""What can be done with an event's past and place: read its history, bring back what it was, move it."""

from dataclasses import replace

from backend.domain import events
from backend.domain.errors import Invalid, NotFound
from backend.domain.history import page_of
from backend.domain.pages import Key
from backend.repositories.database import Item
from backend.repositories.decisions import Decision, Draft, View, is_deleted, is_purgeable
from backend.repositories.events import EventRepository
from backend.repositories.history import HistoryRepository
from backend.repositories.tables import EVENTS
from backend.services.events import (
    deletion_draft,
    event_row,
    living_event,
    timezone_of,
    update_decision,
)
from backend.services.homes import commit_at_home
from backend.services.writing import Intent, Outcome, Writer, Written


class EventLives:
    """Restores and moves events, and tells their versions; each write is an entry of the log like any other."""

    def __init__(self, writer: Writer, repository: EventRepository, history: HistoryRepository) -> None:
        self._writer = writer
        self._repository = repository
        self._history = history

    def history(self, event_id: str, after: Key | None = None, limit: int | None = None) -> tuple[Item, Key | None]:
        """Tells the versions that are retained, newest first, also of a deleted event, and where the next page begins.

        `after` is such a place: a log, and a `seq` in it. Raises `NotFound`, and `Invalid` for what is none.
        """
        row = self._repository.row(event_id)
        log, seq = (row["department_id"], row["seq"]) if after is None else _place_of(after)
        page = page_of(self._history.chain(log, seq), limit)
        if after is not None and [change.id for change in page.changes[:1]] != [event_id]:
            raise Invalid.at(
                "/cursor", "cursor", "is not a cursor of this history; take it from a `next` link as it is"
            )
        following = page.following
        return page.as_json(), None if following is None else (following.log, str(following.seq))

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
            others = [] if instead_of is None else [_replaced(view, department_id, instead_of, intent)]
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


def _replaced(view: View, department_id: str, event_id: str, intent: Intent) -> Draft:
    """Drafts the end of an event in whose place another comes back."""
    row = event_row(view, department_id, event_id)
    if is_deleted(row):
        raise NotFound("event", event_id)
    return deletion_draft(row, events.from_row(row), view.now, intent.author)


def _place_of(cursor: Key) -> tuple[str, int]:
    log, seq = cursor
    return log, int(seq) if seq.isascii() and seq.isdigit() and len(seq) <= 18 else 0


def _says_the_same(current: Item, new: Item) -> bool:
    return all(current[name] == new[name] for name in events.WRITABLE)
