"""Everything that reads a database, built together: the server and the scripts read by the same parts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from backend.repositories.attachments import AttachmentRepository
from backend.repositories.database import Database
from backend.repositories.departments import DepartmentRepository
from backend.repositories.events import EventRepository
from backend.repositories.feeds import FeedRepository
from backend.repositories.history import HistoryRepository
from backend.repositories.listing import Listing
from backend.repositories.log_reader import LogReader
from backend.repositories.trash import TrashRepository
from backend.services.changes import ChangeService
from backend.services.trash import TrashService


@dataclass(frozen=True, slots=True)
class Readers:
    """Reads logs, departments, events and their past from one database."""

    log: LogReader
    departments: DepartmentRepository
    events: EventRepository
    attachments: AttachmentRepository
    history: HistoryRepository
    changes: ChangeService
    trash: TrashService
    feeds: FeedRepository

    @classmethod
    def of(
        cls,
        database: Database,
        retention: timedelta,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> "Readers":
        """Builds them; entries of the log are served for `retention`."""
        log = LogReader(database, retention, clock)
        listing = Listing(database, log)
        departments = DepartmentRepository(database, log, listing)
        events = EventRepository(database, log, listing)
        attachments = AttachmentRepository(database, log, listing)
        changes = ChangeService(log, departments, events, attachments, sleep=sleep)
        trash = TrashService(TrashRepository(database, log, listing), clock=clock)
        history, feeds = HistoryRepository(database, log), FeedRepository(database, log)
        return cls(log, departments, events, attachments, history, changes, trash, feeds)
