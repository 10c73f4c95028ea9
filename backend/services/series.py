"""What can be done with a recurring event's occurrences: list them, and change or delete some of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

from backend.domain import events, scopes, series
from backend.domain.pages import Key, Listed
from backend.repositories.database import Item
from backend.repositories.decisions import Decision, Draft, View
from backend.repositories.events import EventRepository
from backend.repositories.history import HistoryRepository
from backend.repositories.tables import EVENTS
from backend.services.events import (
    creation_draft,
    deletion_draft,
    living_event,
    timezone_of,
    update_decision,
)
from backend.services.homes import commit_at_home
from backend.services.merging import merged_edit
from backend.services.writing import Intent, Outcome, Writer, Written

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Is which occurrences of a series are meant: the one of a `date`, those that follow it too, or all."""

    scope: str
    date: str


class SeriesService:
    """Changes recurring events by their occurrences: each write is one transaction, with an entry for each event."""

    def __init__(
        self, writer: Writer, repository: EventRepository, history: HistoryRepository, *, new_id: Callable[[], str]
    ) -> None:
        self._writer = writer
        self._repository = repository
        self._history = history
        self._new_id = new_id

    def occurrences(
        self,
        department_id: str,
        *,
        first: str,
        last: str,
        text: str | None = None,
        after: Key | None = None,
        limit: int | None = None,
    ) -> Listed:
        """Lists what happens between two dates: single events, and the occurrences of series, each as an event.

        Their order is by first day, id and original date, which are the cursor too.
        """
        listed = self._repository.list(department_id, first=max(first, after[0]) if after else first, last=last)
        places = [(key, event, day) for event in listed.entities for key, day in series.keys(event, first, last)]
        places.sort(key=itemgetter(0))
        # Only what is shown is made: a page of a busy year costs a page.
        made = (
            (key, event if day is None else series.occurrence(event, day))
            for key, event, day in places
            if after is None or key > after
        )
        matching = ((key, each) for key, each in made if text is None or events.match(each, text))
        found = list(islice(matching, None if limit is None else limit + 1))
        more = limit is not None and len(found) > limit
        shown = found[:limit]
        return Listed([each for _, each in shown], listed.head, shown[-1][0] if more else None)

    def update(
        self, event_id: str, fields: Fields, intent: Intent, part: Part, base_version: int | None = None
    ) -> Written:
        """Changes one occurrence, those from it on, or all; answers with the event that has the change.

        Where a series is cut that is a new one, and the old one ends before it. Raises what `EventService.update` does.
        """
        new_id = self._new_id()

        def decide(department_id: str, view: View) -> Decision[Outcome]:
            row, current = living_event(view, department_id, event_id, intent, merging=base_version is not None)
            zone = timezone_of(view, department_id)

            def edit(entity: Item) -> Item:
                return _edited(entity, fields, part, zone, view.now, intent)

            def base(version: int) -> Item | None:
                return self._history.version(department_id, row["seq"], version)

            new, note = merged_edit(current, edit, events.WRITABLE, base_version, base)
            if new is current or part.scope != "following" or scopes.is_first(current, part.date):
                return update_decision(row, current, new, note)
            seen = None if note is None or base_version is None else base(base_version)
            changes = scopes.changes_of(seen or current, part.date, fields)
            stamp: Item = {"at": view.now, "author": intent.author}
            tail = scopes.continued(current, part.date, changes, id=new_id, timezone=zone, **stamp)
            head = _left(row, current, scopes.ended(current, part.date, **stamp), view.now, intent)
            return Decision(Outcome(tail, created=True, merged=note), [head, creation_draft(tail)])

        return commit_at_home(self._writer, self._repository, event_id, decide, intent)

    def delete(self, event_id: str, intent: Intent, part: Part) -> Written:
        """Deletes one occurrence, those from it on, or all; the event itself where none is left."""

        def decide(department_id: str, view: View) -> Decision[Outcome]:
            row, current = living_event(view, department_id, event_id, intent)
            scopes.require_occurrence(current, part.date)
            left: Item | None = None
            if current["recurrence"] is not None and part.scope != "all":
                less = scopes.without_one if part.scope == "this" else scopes.ended
                left = less(current, part.date, at=view.now, author=intent.author)
            draft = _left(row, current, left, view.now, intent)
            return Decision(Outcome(draft.data), [draft])

        return commit_at_home(self._writer, self._repository, event_id, decide, intent)


def _edited(event: Item, fields: Fields, part: Part, zone: str, at: str, intent: Intent) -> Item:
    """Makes the next version of a series as if it were not cut."""
    if part.scope == "this" and event["recurrence"] is not None:
        return scopes.changed_one(event, part.date, fields, at=at, author=intent.author)
    return scopes.changed_all(event, part.date, fields, at=at, author=intent.author, timezone=zone)


def _left(row: Item, current: Item, left: Item | None, at: str, intent: Intent) -> Draft:
    """Drafts what is left of a series, or its end where nothing is."""
    if left is None:
        return deletion_draft(row, current, at, intent.author)
    return Draft("event", EVENTS, row, events.to_row(left), left)
