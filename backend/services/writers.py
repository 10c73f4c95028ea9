"""Everything that writes to a database, built together on one change log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.domain.ids import new_id
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import Database
from backend.services.departments import DepartmentService
from backend.services.event_files import EventFiles, EventWriter
from backend.services.event_lives import EventLives
from backend.services.events import EventService
from backend.services.exports import ExportService
from backend.services.feeds import FeedService, Offload
from backend.services.imports import ImportService
from backend.services.readers import Readers
from backend.services.series import SeriesService
from backend.services.writing import Writer


@dataclass(frozen=True, slots=True)
class Writers:
    """Changes departments and events."""

    departments: DepartmentService
    events: EventService
    series: SeriesService
    lives: EventLives
    feeds: FeedService
    exports: ExportService
    imports: ImportService

    @classmethod
    def of(
        cls,
        database: Database,
        read: Readers,
        changelog: ChangeLog,
        *,
        default_timezone: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        offload: Offload = lambda work: work(),
    ) -> "Writers":
        """Builds them; `default_timezone` is of departments that name none, `offload` for what computes."""
        writer = Writer(changelog, database)
        departments = DepartmentService(
            writer, changelog, read.departments, read.history, default_timezone=default_timezone, new_id=new_id
        )
        writer = EventWriter(changelog, database, EventFiles(read.attachments, read.events, changelog))
        events = EventService(writer, read.events, read.history, new_id=new_id, clock=clock)
        series = SeriesService(writer, read.events, read.history, new_id=new_id)
        feeds = FeedService(
            writer, read.feeds, read.departments, read.events, read.log, new_id=new_id, clock=clock, offload=offload
        )
        exports = ExportService(read.departments, events, series, clock=clock, offload=offload)
        imports = ImportService(database, changelog, read.departments, read.log, clock=clock, offload=offload)
        return cls(departments, events, series, EventLives(writer, read.events, read.history), feeds, exports, imports)
