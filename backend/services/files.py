"""Everything that can be done with files, built together on one object store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domain.ids import new_id
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import Database
from backend.repositories.uploads import UploadRepository
from backend.services.attachment_states import AttachmentStates
from backend.services.attachments import AttachmentService
from backend.services.completion import CompletionService
from backend.services.downloads import DownloadService, Lifetimes
from backend.services.event_files import EventFiles
from backend.services.readers import Readers
from backend.services.uploads import UploadService
from backend.services.writing import Writer
from backend.storage.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Limits:
    """Is what a file and a department's files may take, in bytes (a quota of 0 is none), and how long URLs live."""

    max_bytes: int
    quota: int
    lifetimes: Lifetimes


@dataclass(frozen=True, slots=True)
class Files:
    """Announces, uploads, completes, downloads and deletes files."""

    attachments: AttachmentService
    states: AttachmentStates
    uploads: UploadService
    completion: CompletionService
    downloads: DownloadService

    @classmethod
    def of(
        cls,
        database: Database,
        read: Readers,
        changelog: ChangeLog,
        store: ObjectStore,
        limits: Limits,
        *,
        clock: Callable[[], datetime],
        ready: Callable[[Mapping[str, Any]], None] = lambda attachment: None,
    ) -> "Files":
        """Builds them; `ready` hears of every file that has become ready."""
        writer, records = Writer(changelog, database), UploadRepository(database, clock)
        states = AttachmentStates(writer, read.attachments)
        uploads = UploadService(read.attachments, records, store, lifetime=limits.lifetimes.usual, clock=clock)
        attachments = AttachmentService(
            writer,
            read.attachments,
            read.events,
            records,
            free=uploads.free,
            follow=EventFiles(read.attachments, read.events, changelog).settle,
            new_id=new_id,
            max_bytes=limits.max_bytes,
            quota=limits.quota,
        )
        completion = CompletionService(writer, read.attachments, states, uploads, records, store, ready=ready)
        downloads = DownloadService(read.attachments, states, store, limits.lifetimes, clock)
        return cls(attachments, states, uploads, completion, downloads)
