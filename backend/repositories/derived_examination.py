"""Examines, in a database in use, what a copy of it makes anew: guards, and whether logs are open.

Each name and id is guarded, and nothing else is; what the files of a department take is summed up. The logs of living
departments are open, those of others closed.
"""

from collections.abc import Iterator
from typing import Final

from backend.repositories.bulk import Bulk
from backend.repositories.copying import bytes_taken
from backend.repositories.database import Database, Item
from backend.repositories.decisions import is_deleted
from backend.repositories.entities import KINDS
from backend.repositories.tables import (
    ATTACHMENTS,
    ATTACHMENTS_BY_PLACE,
    CHANGES,
    DEPARTMENTS,
    GUARDS,
    bytes_guard,
    head_key,
)

DERIVED: Final = ("id:", "name:", "bytes:")
"""Begin the keys of what follows from rows."""
LOOKS: Final = 3
"""How often what seems wrong is looked at: between two reads somebody may have written."""


def log_faults(database: Database, copied: Database) -> Iterator[str]:
    """Looks whether the logs of a copy's departments are open and closed as they are."""
    for department in copied.scan(DEPARTMENTS):
        if all(_is_wrongly_open(database, department["id"]) for _ in range(LOOKS)):
            yield f"log {department['id']} is open while its department is deleted, or closed while it lives"


def _is_wrongly_open(database: Database, log: str) -> bool:
    head, row = database.get(CHANGES, head_key(log)), database.get(DEPARTMENTS, {"id": log})
    return head is not None and row is not None and head["open"] is is_deleted(row)


def guard_faults(database: Database, copied: Database) -> Iterator[str]:
    """Compares with the guards that a copy of the database must have; those of the copy are used up by it."""
    with Bulk(copied) as bulk:
        for guard in database.scan(GUARDS):
            if not guard["key"].startswith(DERIVED):
                continue
            if copied.get(GUARDS, GUARDS.key_of(guard)) == guard:
                bulk.delete(GUARDS, GUARDS.key_of(guard))
            elif _is_wrong(database, guard):
                yield f"guard {guard['key']} guards nothing"
    for guard in copied.scan(GUARDS):
        if _is_wrong(database, guard):
            yield f"guard {guard['key']} is missing, or is another's"


def _is_wrong(database: Database, guard: Item) -> bool:
    return all(database.get(GUARDS, GUARDS.key_of(guard)) != _wanted(database, guard) for _ in range(LOOKS))


def _wanted(database: Database, guard: Item) -> Item | None:
    """Tells which guard there must be with this key, by the row that the given guard speaks of."""
    kind, _, name = guard["key"].partition(":")
    if kind == "id":
        owner = KINDS.get(guard.get("type", ""), KINDS["event"])
        return next((each for row in database.query(owner.table, name) for each in owner.guards(row)), None)
    if kind == "bytes":
        used = sum(map(bytes_taken, database.query(ATTACHMENTS, name, index=ATTACHMENTS_BY_PLACE)))
        return {**bytes_guard(name), "used": used} if used else None
    row = database.get(DEPARTMENTS, {"id": guard["id"]})
    found = [] if row is None or is_deleted(row) else KINDS["department"].guards(row)
    return next((each for each in found if each["key"] == guard["key"]), None)
