"""What hangs on events goes where they go: away with them, back with them, into another department with them.

As much as fits is part of the event's own transaction; the rest follows at once, in transactions of its own. Should the
server end in between, a repeat of the request, or the housekeeping, goes on.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from backend.domain import attachments
from backend.domain.attachments import weight
from backend.domain.changes import Author
from backend.domain.errors import NotFound
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import MAX_OPERATIONS, Database, Item
from backend.repositories.decisions import Decision, Draft, View, is_deleted, is_purgeable
from backend.repositories.events import EventRepository
from backend.repositories.tables import ATTACHMENTS
from backend.services.attachments import deletion_draft, restoration_draft
from backend.services.quotas import taking
from backend.services.writing import Intent, Outcome, Writer, Written

FREE: Final = 20
"""Operations that a transaction keeps for the event itself, another one, heads, sums and a key."""
AT_ONCE: Final = (MAX_OPERATIONS - FREE) // 2
"""How many attachments go with their event in one transaction; half as many where each is in two logs."""


@dataclass(frozen=True, slots=True)
class Fate:
    """Is what becomes of an event in a log: it lives there, it is deleted, or it has moved to another."""

    log: str
    event_id: str
    living: bool
    moved_to: str | None = None

    @property
    def at_once(self) -> int:
        """Tells how many attachments share it in one transaction."""
        return AT_ONCE // 2 if self.moved_to else AT_ONCE


class EventFiles:
    """Lets attachments share the fate of their events."""

    def __init__(self, repository: AttachmentRepository, events: EventRepository, changelog: ChangeLog) -> None:
        self._repository = repository
        self._events = events
        self._changelog = changelog

    def drafts(self, view: View, fate: Fate, author: Author, most: int) -> list[Draft]:
        """Drafts what becomes of at most so many of an event's attachments."""
        drafts: list[Draft] = []
        taken = 0
        hanging = self._repository.hanging(view, fate.log, fate.event_id, lambda row: _differs(row, fate, view.now))
        for row in islice(hanging, most):
            drafts += _shared(row, fate, view.now, author)
            taken += weight(row["was"]) if is_deleted(row) else -weight(row)
        if drafts:
            guards = taking(view, fate.log, taken)
            if fate.moved_to:
                guards += taking(view, fate.moved_to, -taken)
            drafts[0] = replace(drafts[0], guards=guards)
        return drafts

    def settle(self, event_id: str, logs: Iterable[str], author: Author) -> None:
        """Lets the rest of an event's attachments in these logs share its fate, however many they are."""
        with suppress(NotFound):  # a department that is deleted meanwhile takes along what is in it
            row = self._events.row(event_id)
            home = row["department_id"]
            for log in [*(log for log in logs if log != home), home]:
                fate = _fate(row, log)
                while self._changelog.commit(log, self._deciding(fate, author), author).changes:
                    pass

    def _deciding(self, fate: Fate, author: Author) -> Callable[[View], Decision[None]]:
        return lambda view: Decision(None, self.drafts(view, fate, author, fate.at_once))


class EventWriter(Writer):
    """Commits what becomes of events together with what becomes of their attachments."""

    def __init__(self, changelog: ChangeLog, database: Database, files: EventFiles) -> None:
        super().__init__(changelog, database)
        self._files = files

    def commit(self, log: str, decide: Callable[[View], Decision[Outcome]], intent: Intent) -> Written:
        """Commits a decision; raises what it raises, and `IdempotencyReuse`."""
        full: list[Fate] = []

        def accompanied(view: View) -> Decision[Outcome]:
            decision = decide(view)
            full.clear()
            drafts: list[Draft] = []
            fates = list(_fates(log, decision.drafts))
            for fate in fates:
                most = fate.at_once // len(fates)
                shared = self._files.drafts(view, fate, intent.author, most)
                drafts += shared
                if len(shared) >= most:
                    full.append(fate)
            return replace(decision, drafts=[*drafts, *decision.drafts]) if drafts else decision

        written = super().commit(log, accompanied, intent)
        author = replace(intent.author, mutation_id=None)
        for fate in full:
            self._files.settle(fate.event_id, [fate.log], author)
        if written.replayed:
            self._files.settle(written.entity["id"], [log], author)
        return written


def _fates(log: str, drafts: Iterable[Draft]) -> Iterator[Fate]:
    """Finds the events that end, come back or leave in a decision."""
    for draft in drafts:
        if draft.type != "event" or draft.before is None:
            continue
        moved_to = draft.data.get("moved_to")
        if is_deleted(draft.after) or is_deleted(draft.before):
            yield Fate(draft.log or log, draft.after["id"], not is_deleted(draft.after), moved_to)


def _fate(row: Item, log: str) -> Fate:
    """Tells what has become of an event, seen from a log."""
    here = row["department_id"] == log
    return Fate(log, row["id"], here and not is_deleted(row), None if here else row["department_id"])


def _differs(row: Item, fate: Fate, now: str) -> bool:
    """Tells whether an attachment has not shared its event's fate yet."""
    if fate.living:
        return "with_event" in row and not is_purgeable(row, now)
    return not is_deleted(row)


def _shared(row: Item, fate: Fate, now: str, author: Author) -> list[Draft]:
    if fate.living:
        return [restoration_draft(row, now)]
    current = attachments.from_row(row)
    if fate.moved_to is None:
        return [deletion_draft(row, current, now, author, with_event=True)]
    data = attachments.deleted_data(current, moved_to=fate.moved_to)
    gone = attachments.tombstone(current, data, at=now)
    new = attachments.moved(current, fate.moved_to, at=now)
    leaving = Draft("attachment", ATTACHMENTS, row, gone, data)
    entering = Draft("attachment", ATTACHMENTS, None, attachments.to_row(new), new, log=fate.moved_to, follows=True)
    return [leaving, entering]
