"""Reading logs: what happened since a position, where a log stands, and a snapshot of all that lives."""

import time
from collections.abc import Callable
from typing import Final, TypeAlias

from backend.domain.changes import LATEST, Position
from backend.domain.digest import digest_of
from backend.domain.errors import PositionExpired, Unavailable
from backend.domain.pages import Key, Listed, Slice, Snapshot
from backend.repositories.departments import DepartmentRepository
from backend.repositories.events import EventRepository
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import DIRECTORY

_READS: Final = 4
"""How often a snapshot is read whose digest disagrees, a second apart: an index lags longer than its log's tail."""

Begun: TypeAlias = tuple[Position, str]
"""Where a log stood when the first page of a snapshot was read: its position and digest."""


class ChangeService:
    """Answers every reader of a log, whichever transport it came by."""

    def __init__(
        self,
        reader: LogReader,
        departments: DepartmentRepository,
        events: EventRepository,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._reader = reader
        self._departments = departments
        self._events = events
        self._sleep = sleep
        self.head = reader.head
        self.last_head = reader.last_head
        self.farewell = departments.deleted
        self.between = reader.between

    def since(self, log: str, position: str, limit: int | None = None) -> Slice:
        """Reads the entries after a position; raises `Invalid`, `NotFound`, `PositionExpired`."""
        if position == LATEST:
            return self._reader.latest(log)
        return self._reader.since(log, Position.parse(position), limit)

    def snapshot(
        self, log: str, limit: int | None = None, begun: Begun | None = None, after: Key | None = None
    ) -> Snapshot:
        """Reads a page of all that lives; from the second page on with where the log stood at the first, and a key.

        Raises `PositionExpired` where the log went on under another epoch between two pages.
        """
        listed = self._whole(log) if limit is None and after is None else self._page(log, after, limit)
        head = listed.head
        position, digest = begun or (head.position, head.digest)
        if position.epoch != head.epoch or position.seq > head.seq:
            raise PositionExpired(str(position), "epoch", str(head.position), str(head.floor_position))
        return Snapshot(_type_in(log), listed.entities, position, digest, head, listed.next)

    def _whole(self, log: str) -> Listed:
        for pause in range(_READS):
            self._sleep(pause)
            listed = self._page(log, None, None)
            living = ((_type_in(log), entity["id"], entity["version"]) for entity in listed.entities)
            if digest_of(living) == listed.head.digest:
                return listed
        raise Unavailable("the store's index is too far behind", retry_after=5)

    def _page(self, log: str, after: Key | None, limit: int | None) -> Listed:
        if log == DIRECTORY:
            return self._departments.list(after=after, limit=limit)
        return self._events.list(log, after=after, limit=limit)


def _type_in(log: str) -> str:
    return "department" if log == DIRECTORY else "event"
