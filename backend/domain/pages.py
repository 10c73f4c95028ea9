"""What readers get: pieces of a log, lists, snapshots, and pages of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.domain.changes import Change, Head, Position

Entity = dict[str, Any]
Key = tuple[str, str]
"""What a list is ordered by, and its cursor: a sort value and an id."""
Kept = tuple[str, Entity]
"""An entity of a log with its type."""
Place = tuple[str, Key]
"""Where a page of a snapshot ends: the type that it has come to, and the key of the last one of it."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Is a piece of a log: the entries after a position, where they end, and how far the log reaches."""

    changes: tuple[Change, ...]
    position: Position
    digest: str
    head: Head

    @property
    def has_more(self) -> bool:
        """Tells whether the log goes on after this piece."""
        return self.position.seq < self.head.seq

    def as_json(self) -> dict[str, Any]:
        """Shows the piece as `changes` and the stream do."""
        return {
            "log": self.head.log,
            "changes": [change.as_json() for change in self.changes],
            "position": str(self.position),
            "digest": self.digest,
            "head": str(self.head.position),
            "floor": str(self.head.floor_position),
            "has_more": self.has_more,
        }


@dataclass(frozen=True, slots=True)
class Listed:
    """Is a list or a page of one: everything written up to `head` is in it; `next` is None where it is the end."""

    entities: list[Entity]
    head: Head
    next: Key | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Is a page of all that lives in a log; the last page (`next` is None) has the position to go on from."""

    entities: list[Kept]
    position: Position
    digest: str
    head: Head
    next: Place | None

    def of_type(self, type_: str) -> list[Entity]:
        """Lists the entities of one type."""
        return [entity for kind, entity in self.entities if kind == type_]

    def as_json(self) -> dict[str, Any]:
        """Shows the page; only the last one tells the position, and its digest, to go on from."""
        last = self.next is None
        return {
            "log": self.head.log,
            "changes": [self._created(*kept) for kept in self.entities],
            "position": str(self.position) if last else None,
            "digest": self.digest if last else None,
            "head": str(self.head.position),
            "floor": str(self.head.floor_position),
            "has_more": not last,
            "snapshot": True,
        }

    def _created(self, type_: str, entity: Mapping[str, Any]) -> dict[str, Any]:
        """Shows a living entity as a `created` entry; where in the log it was written is not told, only its version."""
        return {
            "log": self.head.log,
            "seq": self.position.seq,
            "epoch": self.position.epoch,
            "op": "created",
            "type": type_,
            "id": entity["id"],
            "version": entity["version"],
            "at": entity.get("last_modified") or entity["updated_at"],
            "actor": entity.get("updated_by"),
            "device_id": entity.get("device_id"),
            "mutation_id": None,
            "data": dict(entity),
        }
