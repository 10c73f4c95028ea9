"""Everything that devices which synchronise ask for, built together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.repositories.changelog import ChangeLog
from backend.repositories.database import Database
from backend.repositories.devices import DeviceRepository
from backend.services.files import Files
from backend.services.pushing import PushService
from backend.services.readers import Readers
from backend.services.syncing import SyncService
from backend.services.writers import Writers
from backend.services.writing import Writer


@dataclass(frozen=True, slots=True)
class Sync:
    """Reads logs and files for devices, applies what they did, and brings their files."""

    logs: SyncService
    mutations: PushService
    files: Files

    @classmethod
    def of(
        cls,
        database: Database,
        read: Readers,
        write: Writers,
        files: Files,
        changelog: ChangeLog,
        *,
        clock: Callable[[], datetime],
    ) -> "Sync":
        """Builds them."""
        devices = DeviceRepository(database, clock)
        logs = SyncService(read.changes, read.departments, read.attachments, devices, clock=clock)
        writer = Writer(changelog, database)
        return cls(logs, PushService(writer, write.events, write.lives, write.departments, files.attachments), files)
