"""Reading logs: what happened since a position, where a log stands, and a snapshot of all that lives."""

import time
from collections.abc import Callable

from backend.domain.changes import LATEST, Position
from backend.domain.pages import Slice
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.departments import DepartmentRepository
from backend.repositories.events import EventRepository
from backend.repositories.log_reader import LogReader
from backend.services.snapshots import SnapshotService


class ChangeService:
    """Answers every reader of a log, whichever transport it came by."""

    def __init__(
        self,
        reader: LogReader,
        departments: DepartmentRepository,
        events: EventRepository,
        attachments: AttachmentRepository,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._reader = reader
        self.snapshot = SnapshotService(reader, departments, events, attachments, sleep=sleep).read
        self.head = reader.head
        self.last_head = reader.last_head
        self.farewell = departments.deleted
        self.between = reader.between

    def since(self, log: str, position: str, limit: int | None = None) -> Slice:
        """Reads the entries after a position; raises `Invalid`, `NotFound`, `PositionExpired`."""
        if position == LATEST:
            return self._reader.latest(log)
        return self._reader.since(log, Position.parse(position), limit)
