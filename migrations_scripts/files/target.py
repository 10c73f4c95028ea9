"""Where adopted files go: the database that the settings name, and a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from backend import filing
from backend.cli import whole
from backend.domain.errors import NotFound
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.departments import DepartmentRepository
from backend.repositories.events import EventRepository
from backend.repositories.restoring import refuse_half_filled
from backend.repositories.tables import TABLES
from backend.repositories.uploads import UploadRepository
from backend.services.files import Files
from backend.settings import Settings
from backend.storage.store import ObjectStore


@dataclass(frozen=True, slots=True)
class FileTarget:
    """Is a calendar whose files lie in a bucket."""

    departments: DepartmentRepository
    events: EventRepository
    attachments: AttachmentRepository
    records: UploadRepository
    files: Files

    def has_event(self, department_id: str, event_id: str) -> bool:
        """Tells whether an event is in a department."""
        try:
            return bool(self.events.get(department_id, event_id))
        except NotFound:
            return False


@contextmanager
def opened(settings: Settings, store: ObjectStore, *, rehearse: bool) -> Iterator[FileTarget]:
    """Opens the calendar for as long as a `with` block lasts; raises `DatabaseError` where there is none.

    What it lacks to have attachments is made, unless it is a rehearsal.
    """
    with whole.opened(settings) as database, filing.opened(settings, database, store) as found:
        refuse_half_filled(database)
        if not rehearse:
            database.provision(TABLES)
        read, records = found.read, UploadRepository(database, lambda: datetime.now(UTC))
        yield FileTarget(read.departments, read.events, read.attachments, records, found.files)
