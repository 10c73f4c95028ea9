"""Thumbnails are made after a file is whole, beside the requests; each outcome is a new version of its attachment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import Queue
from typing import Any, Final

import structlog

from backend.domain.attachments import awaits_thumbnail
from backend.domain.errors import NotFound, Unavailable
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.database import DatabaseError
from backend.services.attachment_states import AttachmentStates
from backend.storage.cache import NotAsDeclared, ObjectCache, TooLargeToCache
from backend.storage.errors import NoSuchObject, ObjectArchived
from backend.storage.keys import file_key, thumbnail_key
from backend.storage.store import ObjectStore
from backend.storage.thumbnails import Limits, NotDrawn, Thumbnail, draw

MIME_TYPE: Final = "image/webp"
AT_ONCE: Final = 2
"""How many pictures a server draws at a time; each may take a processor and `Limits.memory`."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Is how pictures are drawn: from which copies, within which limits, and waiting by which `sleep`."""

    cache: ObjectCache
    limits: Limits
    sleep: Callable[[float], None]


class ThumbnailQueue:
    """Is what this process has been asked to draw; what is lost with it housekeeping finds (`housekeeping`)."""

    def __init__(self) -> None:
        self._waiting: Queue[str | None] = Queue()

    def ask(self, attachment: Mapping[str, Any]) -> None:
        """Asks for the thumbnail of a file that has just become ready, if it gets one."""
        if awaits_thumbnail(attachment):
            self._waiting.put(attachment["id"])

    def next(self) -> str | None:
        """Waits for the next one; None where there will be no more."""
        return self._waiting.get()

    def close(self) -> None:
        """Ends every `ThumbnailService.run`."""
        for _ in range(AT_ONCE):
            self._waiting.put(None)


class ThumbnailService:
    """Draws what waits for it."""

    def __init__(
        self,
        repository: AttachmentRepository,
        states: AttachmentStates,
        store: ObjectStore,
        drawing: Drawing,
        *,
        drawn: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._repository = repository
        self._states = states
        self._store = store
        self._drawing = drawing
        self._drawn = drawn

    def run(self, queue: ThumbnailQueue) -> None:
        """Draws one after the other what was asked for, until the queue is closed; several may run."""
        while (attachment_id := queue.next()) is not None:
            try:
                self.make(attachment_id)
            except NotFound:
                log.info("no thumbnail is needed any more", attachment=attachment_id)
            except (DatabaseError, Unavailable, OSError) as error:
                log.warning("thumbnail put off", attachment=attachment_id, error=str(error))

    def make(self, attachment_id: str) -> bool:
        """Makes the thumbnail of a file that awaits one, or says for good that there is none; tells whether it did.

        Raises `NotFound`, and `Unavailable` where it is to be tried again.
        """
        attachment = self._repository.get(attachment_id)
        if not awaits_thumbnail(attachment):
            return False
        try:
            thumbnail = self._draw(attachment)
        except ObjectArchived:
            return False
        except (NotDrawn, NotAsDeclared, NoSuchObject, TooLargeToCache) as reason:
            log.info("no thumbnail", attachment=attachment_id, reason=repr(reason))
            self._states.set_thumbnail(attachment_id, None)
            self._drawn("failed")
            return True
        self._states.set_thumbnail(attachment_id, (thumbnail.width, thumbnail.height))
        self._drawn("ready")
        return True

    def redraw(self, attachment: Mapping[str, Any]) -> bool:
        """Makes a thumbnail again that the store has lost; tells whether it could."""
        try:
            self._draw(attachment)
        except (NotDrawn, NotAsDeclared, NoSuchObject, ObjectArchived, TooLargeToCache):
            return False
        return True

    def _draw(self, attachment: Mapping[str, Any]) -> Thumbnail:
        proven = attachment.get("checksum_sha256") if attachment["verified"] == "object" else None
        key, size = file_key(attachment["id"]), attachment["file_size"]
        with self._drawing.cache.opened(key, size=size, checksum_sha256=proven) as copy:
            thumbnail = draw(copy, self._drawing.limits, sleep=self._drawing.sleep)
        self._store.write(thumbnail_key(attachment["id"]), thumbnail.body, mime_type=MIME_TYPE)
        return thumbnail


def has_thumbnail(attachment: Mapping[str, Any]) -> bool:
    """Tells whether there is a thumbnail of a file."""
    return bool((attachment.get("thumbnail") or {}).get("status") == "ready")
