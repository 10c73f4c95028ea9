"""A whole old calendar: its departments, their events, and what of it cannot be taken."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from migrations_scripts.legacy.entities import Ids, OldDepartment, OldEvent, department_of, event_of, rejected
from migrations_scripts.legacy.rows import Refused, Reject, Row, old_id
from migrations_scripts.legacy.sources import Source


@dataclass(slots=True)
class Calendar:
    """Is an old calendar in memory; `events` are by the id of their department in Dayroom."""

    departments: list[OldDepartment] = field(default_factory=list)
    events: dict[str, list[OldEvent]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    """Members that mean nothing to Dayroom, and how many rows have each."""
    repeated: int = 0
    """Rows that stand twice and say the same both times."""


def read(source: Source, ids: Ids, reject: Callable[[Reject], None]) -> Calendar:
    """Reads a calendar; hands every row that is not taken to `reject`. Raises `Unreadable`."""
    calendar = Calendar()
    known = set[str]()
    for row in _taken(source.departments, calendar, reject):
        try:
            department = department_of(row, ids)
        except Refused as refused:
            reject(rejected(row, refused.reason))
        else:
            calendar.departments.append(department)
            known.add(department.id)
    for row in _taken(source.events, calendar, reject):
        try:
            event = _of_known_department(event_of(row, ids), known)
        except Refused as refused:
            reject(rejected(row, refused.reason))
        else:
            calendar.events.setdefault(event.department_id, []).append(event)
    return calendar


def _taken(rows: Iterable[Row | Reject], calendar: Calendar, reject: Callable[[Reject], None]) -> Iterator[Row]:
    """Passes on the rows that can be told apart by their ids."""
    seen: dict[int | str, int] = {}
    for row in rows:
        if isinstance(row, Reject):
            reject(row)
            continue
        calendar.left_out.update(row.unknown)
        old = old_id(row.members.get("id"))
        content = hash(repr(sorted(row.members.items())))
        if old is None or old not in seen:
            if old is not None:
                seen[old] = content
            yield row
        elif seen[old] == content:
            calendar.repeated += 1
        else:
            reject(rejected(row, f"duplicate id: another row has the id {old} too"))


def _of_known_department(event: OldEvent, known: set[str]) -> OldEvent:
    if event.department_id not in known:
        old = old_id(event.row.members["department_id"])
        raise Refused(f"unknown department: the calendar has no good department {old}")
    return event
