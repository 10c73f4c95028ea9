"""Ends what clients have left unfinished: uploads that are whole, uploads that were abandoned, thumbnails.

Every step may be interrupted and done again, and several servers may do it at once. What crashes leave in the store
beside all records is the business of `storage_check`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import structlog

from backend.domain import attachments, parts
from backend.domain.errors import (
    ChecksumMismatch,
    NotFound,
    SizeMismatch,
    TypeMismatch,
    Unavailable,
    UploadIncomplete,
    WrongState,
)
from backend.domain.pages import Entity
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.departments import DepartmentRepository
from backend.repositories.uploads import UploadRepository
from backend.services.files import Files
from backend.services.thumbnails import ThumbnailService
from backend.services.writing import Intent
from backend.storage.errors import StorageError

IDLE: Final = timedelta(minutes=15)
"""How long nothing has come of an upload before the server completes it: its client may be about to do so."""
ABANDONED: Final = timedelta(days=1)
"""How long nothing has come of an upload before it is given up."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Tended:
    """Counts what was ended."""

    completed: int = 0
    refused: int = 0
    abandoned: int = 0
    thumbnails: int = 0


class Housekeeping:
    """Looks after what is unfinished in all departments."""

    def __init__(
        self,
        departments: DepartmentRepository,
        repository: AttachmentRepository,
        records: UploadRepository,
        files: Files,
        thumbnails: ThumbnailService,
        clock: Callable[[], datetime],
    ) -> None:
        self._departments = departments
        self._repository = repository
        self._records = records
        self._files = files
        self._thumbnails = thumbnails
        self._clock = clock

    def tend(self, *, idle: timedelta = IDLE, tell: Callable[[int], None] = lambda count: None) -> Tended:
        """Ends what has not moved for a while; what the store or the database does not answer is left for later.

        Raises `Unavailable` where not even a list can be had.
        """
        tended = Tended()
        for attachment in self._unfinished():
            tell(1)
            try:
                self._end(attachment, idle, tended)
            except (NotFound, WrongState):
                continue  # deleted, or ended by somebody else meanwhile
            except (Unavailable, StorageError) as error:
                log.warning("left for later", attachment=attachment["id"], error=str(error))
        return tended

    def has_work(self) -> bool:
        """Tells whether anything is unfinished at all."""
        return any(True for _ in self._unfinished())

    def _unfinished(self) -> Iterator[Entity]:
        for department in self._departments.list().entities:
            yield from self._repository.unfinished(department["id"])

    def _end(self, attachment: Entity, idle: timedelta, tended: Tended) -> None:
        if attachments.awaits_thumbnail(attachment):
            tended.thumbnails += self._is_still(attachment, idle) and self._thumbnails.make(attachment["id"])
        elif attachment["status"] == "pending":
            self._end_upload(attachment, idle, tended)

    def _is_still(self, attachment: Entity, idle: timedelta) -> bool:
        return self._clock() - datetime.fromisoformat(attachment["updated_at"]) >= idle

    def _end_upload(self, attachment: Entity, idle: timedelta, tended: Tended) -> None:
        resting = self._clock() - self._last_move(attachment)
        if resting < idle:
            return
        try:
            self._files.completion.complete(attachment["id"], Intent())
            tended.completed += 1
        except UploadIncomplete:
            if resting >= ABANDONED:
                self._files.states.fail(attachment["id"], attachments.ABANDONED, None, Intent())
                self._files.uploads.free(attachment["id"])
                tended.abandoned += 1
        except (SizeMismatch, ChecksumMismatch, TypeMismatch):
            tended.refused += 1

    def _last_move(self, attachment: Entity) -> datetime:
        """Tells since when an upload is as it is; of one in parts, since when it was seen to be so."""
        if parts.is_single(attachment["file_size"]):
            return datetime.fromisoformat(attachment["created_at"])
        held = [(part.number, part.etag) for part in self._files.uploads.held(attachment["id"])]
        seen = sha256(repr(held).encode()).hexdigest()[:16] if held else ""
        return self._records.resting_since(attachment["id"], seen, datetime.fromisoformat(attachment["created_at"]))
