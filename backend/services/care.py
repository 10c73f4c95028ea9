"""Everything that looks after files beside the requests, built together: thumbnails, housekeeping, the check."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.repositories.database import Database
from backend.repositories.uploads import UploadRepository
from backend.services.files import Files
from backend.services.housekeeping import Housekeeping
from backend.services.readers import Readers
from backend.services.storage_check import StorageCheck
from backend.services.thumbnails import Drawing, ThumbnailService
from backend.storage.keys import file_key, thumbnail_key
from backend.storage.store import ObjectStore


@dataclass(frozen=True, slots=True)
class FileCare:
    """Draws thumbnails, ends what is unfinished, finds what is left behind, and discards what is past its time."""

    thumbnails: ThumbnailService
    housekeeping: Housekeeping
    check: StorageCheck
    discard: Callable[[str], None]
    """Removes all that the store holds of an attachment, by its id; may be repeated."""

    @classmethod
    def of(
        cls,
        database: Database,
        read: Readers,
        files: Files,
        store: ObjectStore,
        drawing: Drawing,
        *,
        clock: Callable[[], datetime],
        drawn: Callable[[str], None] = lambda outcome: None,
    ) -> "FileCare":
        """Builds them; `drawn` hears `ready` or `failed` of every thumbnail."""
        records = UploadRepository(database, clock)
        thumbnails = ThumbnailService(read.attachments, files.states, store, drawing, drawn=drawn)
        housekeeping = Housekeeping(read.departments, read.attachments, records, files, thumbnails, clock)
        check = StorageCheck(database, read.attachments, records, files.states, thumbnails, store, clock)

        def discard(attachment_id: str) -> None:
            files.uploads.free(attachment_id)
            store.delete(thumbnail_key(attachment_id))
            drawing.cache.forget(file_key(attachment_id))

        return cls(thumbnails, housekeeping, check, discard)
