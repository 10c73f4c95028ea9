"""Reads back what was imported, department by department, and compares it with what the old calendar says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from backend.domain.errors import NotFound, Unavailable
from backend.repositories.database import Item
from backend.repositories.decisions import is_deleted
from backend.repositories.tables import DEPARTMENTS, DIRECTORY, EVENTS
from migrations_scripts.arrivals import DEVICE
from migrations_scripts.legacy.entities import OldDepartment, OldEvent, differing
from migrations_scripts.targets import Target


def differences(
    target: Target, imported: Mapping[str, Sequence[OldEvent]], olds: Iterable[OldDepartment]
) -> Iterator[str]:
    """Names every department and event that did not arrive as the old calendar says it, one line each.

    `imported` and `olds` have only what should be there and untouched by people; what they change meanwhile is theirs.
    """
    yield from _department_differences(target, olds)
    for department_id, expected in imported.items():
        yield from _event_differences(target, department_id, expected)


def _department_differences(target: Target, olds: Iterable[OldDepartment]) -> Iterator[str]:
    listed = {entity["id"]: entity for entity in target.changes.snapshot(DIRECTORY).of_type("department")}
    for old in olds:
        stored = listed.get(old.id)
        row = target.database.get(DEPARTMENTS, {"id": old.id})
        if row is None or (stored is None and not is_deleted(row)):
            yield f"department {old.old} is missing"
        elif stored and stored["version"] == 1 and (members := differing(old.fields, stored)):
            yield f"department {old.old} differs in {', '.join(members)}"


def _event_differences(target: Target, department_id: str, expected: Sequence[OldEvent]) -> Iterator[str]:
    try:
        listed = {entity["id"]: entity for entity in target.changes.snapshot(department_id).of_type("event")}
    except NotFound:
        return  # people have just deleted the department
    except Unavailable as error:
        yield f"the events of department {department_id} cannot be listed: {error.detail}"
        return
    for old in expected:
        yield from _event_difference(target, old, listed.get(old.id))


def _event_difference(target: Target, old: OldEvent, stored: Mapping[str, Any] | None) -> Iterator[str]:
    if stored is None:
        row: Item | None = target.database.get(EVENTS, {"id": old.id, "department_id": old.department_id})
        if row is None or not is_deleted(row):
            yield f"event {old.old} is missing from its department's list"
    elif stored["device_id"] == DEVICE and not old.is_like(stored):
        yield f"event {old.old} differs in {', '.join(differing(old.fields, stored)) or 'last_modified'}"
