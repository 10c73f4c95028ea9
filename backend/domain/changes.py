"""Positions, entries and heads of the change log, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from backend.domain.errors import Invalid

Op: TypeAlias = Literal["created", "updated", "deleted"]
EntityType: TypeAlias = Literal["event", "attachment", "department"]

LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class Position:
    """Is a place in a log, `<epoch>:<seq>`: the only cursor there is."""

    epoch: str
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}"

    @classmethod
    def parse(cls, text: str, pointer: str = "/since") -> "Position":
        """Reads a position; raises `Invalid` at `pointer` where the text is none."""
        epoch, separator, seq = text.rpartition(":")
        if not (separator and epoch.isascii() and epoch.isalnum() and len(epoch) <= 64) or not (
            seq.isascii() and seq.isdigit() and len(seq) <= 18
        ):
            raise Invalid.at(pointer, "position", "is not a position; take it from an answer as it is")
        return cls(epoch, int(seq))


@dataclass(frozen=True, slots=True)
class Author:
    """Is who writes, and from where: all three are told to the other readers of the log."""

    actor: str | None = None
    device_id: str | None = None
    mutation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Is the newest state of a log; `floor` is the oldest `seq` that can be resumed from."""

    log: str
    epoch: str
    seq: int
    digest: str
    at: str
    open: bool = True
    floor: int = 0
    floor_at: str | None = None
    """When the entry after `floor` was written; None while there is none."""

    @property
    def position(self) -> Position:
        """Is the position of the newest entry."""
        return Position(self.epoch, self.seq)

    @property
    def floor_position(self) -> Position:
        """Is the oldest position that can be resumed from."""
        return Position(self.epoch, self.floor)


@dataclass(frozen=True, slots=True)
class Change:
    """Is one entry of a log, as every reader sees it (contract, section 4); `digest` is the log's after it."""

    log: str
    seq: int
    epoch: str
    op: Op
    type: EntityType
    id: str
    version: int
    at: str
    actor: str | None
    device_id: str | None
    mutation_id: str | None
    data: Mapping[str, Any]
    digest: str
    prior: Mapping[str, Any] | None = None
    """Where this entity's previous change is, `{log, seq}`."""

    @property
    def position(self) -> Position:
        """Is the position right after this entry."""
        return Position(self.epoch, self.seq)

    def origin(self) -> dict[str, Any]:
        """Tells where a live message comes from: the member `change` of its payload."""
        names = ("log", "seq", "epoch", "at", "actor", "device_id", "mutation_id")
        return {name: getattr(self, name) for name in names}

    def as_json(self) -> dict[str, Any]:
        """Shows the entry as `changes`, the join's ack and the stream do."""
        return {
            **self.origin(),
            "op": self.op,
            "type": self.type,
            "id": self.id,
            "version": self.version,
            "data": dict(self.data),
        }


def instant(moment: datetime) -> str:
    """Writes a moment as RFC 3339 in UTC with milliseconds and `Z`, the only form that is stored or sent."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
