"""What lives in logs: in which table each kind of entity lies, and how its row and its guards follow from an entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from backend.domain import attachments, departments, events
from backend.domain.changes import Change
from backend.repositories.database import Item, Table
from backend.repositories.decisions import is_deleted
from backend.repositories.tables import ATTACHMENTS, DEPARTMENTS, DIRECTORY, EVENTS, id_guard, name_guard


@dataclass(frozen=True, slots=True)
class Kind:
    """Says how the rows of one kind of entity are made of what the log tells of it."""

    type: str
    table: Table
    to_row: Callable[[dict[str, Any]], Item]
    tombstone: Callable[[dict[str, Any], Change], Item]
    guards: Callable[[Item], list[Item]]

    def key(self, log: str, id_: str) -> Item:
        """Is the key of an entity's row in a log."""
        return self.table.key_of({"id": id_, "department_id": log})

    def log_of(self, row: Mapping[str, Any]) -> str:
        """Tells in which log a row's changes are."""
        return DIRECTORY if self.table is DEPARTMENTS else str(row["department_id"])

    def row_after(self, change: Change, before: Mapping[str, Any] | None) -> Item:
        """Makes the row as it was right after an entry; `before` is the entity before it, asked of a deletion only."""
        data = dict(change.data)
        row = self.tombstone(dict(before or {}), change) if change.op == "deleted" else self.to_row(data)
        return {**row, "seq": change.seq}


def _department_guards(row: Item) -> list[Item]:
    return [] if is_deleted(row) else [{**name_guard(row["name_key"]), "id": row["id"]}]


def _id_guards(type_: str) -> Callable[[Item], list[Item]]:
    """Guards an entity's id where the entity is, or was last: not where it has moved away."""
    return lambda row: [] if "moved_to" in row else [{**id_guard(row["id"]), "type": type_}]


def _event_tombstone(event: dict[str, Any], change: Change) -> Item:
    return events.tombstone(event, at=change.at, by=change.actor, moved_to=change.data.get("moved_to"))


def _attachment_tombstone(attachment: dict[str, Any], change: Change) -> Item:
    return attachments.tombstone(attachment, change.data, at=change.at, by=change.actor)


def _department_tombstone(department: dict[str, Any], change: Change) -> Item:
    return departments.tombstone(department, at=change.at, by=change.actor)


KINDS: Final = {
    kind.type: kind
    for kind in (
        Kind("department", DEPARTMENTS, departments.to_row, _department_tombstone, _department_guards),
        Kind("event", EVENTS, events.to_row, _event_tombstone, _id_guards("event")),
        Kind("attachment", ATTACHMENTS, attachments.to_row, _attachment_tombstone, _id_guards("attachment")),
    )
}
"""Every kind, by the type that entries have; departments first."""
