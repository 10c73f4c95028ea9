"""Decides what becomes of one old department or event, on what is in Dayroom at that moment.

What the migration wrote carries its device's name. So it is known whether people have touched an entity since: then it
is left alone. What they have not touched follows the old calendar, if that has changed between two runs.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from backend.domain import departments, events
from backend.domain.changes import Author
from backend.repositories.database import Item
from backend.repositories.decisions import Decide, Decision, Draft, View, is_deleted
from backend.repositories.tables import CHANGES, DEPARTMENTS, DIRECTORY, EVENTS, GUARDS, id_guard
from backend.services.departments import DepartmentService
from backend.services.events import creation_draft
from migrations_scripts.legacy.entities import OldDepartment, OldEvent
from migrations_scripts.legacy.rows import Refused

DEVICE: Final = "migration"
AUTHOR: Final = Author(device_id=DEVICE)


class Arrival(Enum):
    """Is what became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    """The row has changed in the old calendar since an earlier run, and nobody has touched what that brought."""
    UNCHANGED = "unchanged"
    CHANGED_SINCE = "changed_since"


SETTLED: Final = frozenset({Arrival.UNCHANGED, Arrival.CHANGED_SINCE})
"""What becomes of a row that is left as it is."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Is what becomes of a department, and the version on which that rests."""

    arrival: Arrival
    version: int = 1


def arrive_department(old: OldDepartment, service: DepartmentService) -> Decide[Judgement]:
    """Decides about a department; one that is to be updated is only judged. The decision may raise `Refused`."""

    def decide(view: View) -> Decision[Judgement]:
        row = view.get(DEPARTMENTS, {"id": old.id})
        if row is None:
            stamps = {"created_at": old.created_at} if old.created_at else {}
            drafts = service.creation(old.fields, old.id, **stamps)(view).drafts
            return Decision(Judgement(Arrival.CREATED), drafts)
        return Decision(Judgement(_judged(view, old, row), row["version"]))

    return decide


def arrive_event(old: OldEvent, timezone: str, *, surely_new: bool = False) -> Decide[Arrival]:
    """Decides about an event of a living department, whose zone is `timezone`. The decision may raise `Invalid`.

    One that is `surely_new` is not looked for at the first try. If it is there all the same, in another department, its
    guard refuses the transaction, and the next try looks.
    """
    looks = not surely_new

    def decide(view: View) -> Decision[Arrival]:
        nonlocal looks
        is_new, looks = not looks or view.get(GUARDS, id_guard(old.id)) is None, True
        if is_new:
            return Decision(Arrival.CREATED, [creation_draft(_new(old, view.now, timezone))])
        row = view.get(EVENTS, {"id": old.id, "department_id": old.department_id})
        if row is None or is_deleted(row):
            return Decision(Arrival.CHANGED_SINCE)
        stored = events.from_row(row)
        arrival = judge_event(old, stored)
        return Decision(arrival, [] if arrival in SETTLED else [_update(old, row, stored, view.now)])

    return decide


def judge_event(old: OldEvent, stored: Item | None) -> Arrival:
    """Tells what becomes of an event, seeing what is stored of it."""
    if stored is None:
        return Arrival.CREATED
    if stored["device_id"] != DEVICE:
        return Arrival.CHANGED_SINCE
    return Arrival.UNCHANGED if old.is_like(stored) else Arrival.UPDATED


def _new(old: OldEvent, now: str, timezone: str) -> Item:
    return events.create(
        old.fields,
        id=old.id,
        department_id=old.department_id,
        timezone=timezone,
        at=now,
        author=AUTHOR,
        created_at=old.created_at,
        last_modified=old.last_modified,
    )


def _update(old: OldEvent, row: Item, stored: Item, now: str) -> Draft:
    changed = events.update(stored, old.fields, at=now, author=AUTHOR)
    stamps = {"last_modified": old.last_modified or now, "version": stored["version"] + 1}
    new = {**changed, **stamps}
    return Draft("event", EVENTS, row, events.to_row(new), new)


def _judged(view: View, old: OldDepartment, row: Item) -> Arrival:
    if is_deleted(row):
        return Arrival.CHANGED_SINCE
    stored = departments.from_row(row)
    if old.created_at and old.created_at != stored["created_at"]:
        raise Refused(
            f"another calendar: its department {old.old} was imported as {stored['name']!r} before; "
            "give this calendar a --namespace of its own"
        )
    if not _untouched(view, row):
        return Arrival.CHANGED_SINCE
    return Arrival.UNCHANGED if old.is_like(stored) else Arrival.UPDATED


def _untouched(view: View, row: Item) -> bool:
    """Tells whether the migration wrote a department last: a department itself does not say who did."""
    entry = view.get(CHANGES, {"log": DIRECTORY, "seq": row["seq"]})
    return bool(row["version"] == 1 if entry is None else entry["device_id"] == DEVICE)
