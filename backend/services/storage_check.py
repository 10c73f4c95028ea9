"""Compares the records of files with what the object store holds, in both directions.

What a crash leaves between the two is a day old before it counts: until then somebody may be at work on it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from backend.domain.attachments import LOST
from backend.domain.errors import NotFound
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.database import Database, Item
from backend.repositories.decisions import is_deleted
from backend.repositories.tables import ATTACHMENTS
from backend.repositories.uploads import UploadRepository
from backend.services.attachment_states import AttachmentStates
from backend.services.thumbnails import ThumbnailService, has_thumbnail
from backend.storage.keys import FILES, THUMBNAILS, Key, file_key, thumbnail_key
from backend.storage.objects import Upload
from backend.storage.store import ObjectStore

SETTLED: Final = timedelta(days=1)
"""How old what nobody has a record of must be before it counts as left behind."""
_HELD: Final = frozenset({"ready", "archived"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Is a difference, as a person reads it, and what would mend it; None where nothing can.

    One that is `explained` is what a crash leaves, and our own record says that nobody wants it. Any other may be the
    work of a wrong setting (another database, another bucket), and a person should look before it is mended.
    """

    said: str
    mend: Callable[[], bool] | None
    explained: bool = False


class Narrator(Protocol):
    """Shows how far a long piece of work is."""

    def step(self, what: str) -> Callable[[int], None]:
        """Begins a step; what it gives is called with how many items more are done in it."""
        ...


class StorageCheck:
    """Finds objects and uploads without records, and records without objects."""

    def __init__(
        self,
        database: Database,
        repository: AttachmentRepository,
        records: UploadRepository,
        states: AttachmentStates,
        thumbnails: ThumbnailService,
        store: ObjectStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._repository = repository
        self._records = records
        self._states = states
        self._thumbnails = thumbnails
        self._store = store
        self._clock = clock

    def faults(self, narrator: Narrator) -> Iterator[Fault]:
        """Finds every fault, while people go on; raises `Unavailable`."""
        before = self._clock() - SETTLED
        sizes: dict[Key, int] = {}
        for prefix in (FILES, THUMBNAILS):
            tell = narrator.step(f"objects under {prefix}")
            for row in self._store.list(prefix):
                tell(1)
                sizes[row.key] = row.size
                if row.modified_at < before and not self._is_held(row.key):
                    yield self._left(row.key, row.size)
        yield from self._left_uploads(before, narrator.step("unfinished uploads"))
        tell = narrator.step("records of files")
        for record in self._database.scan(ATTACHMENTS):
            tell(1)
            yield from self._missing(record, sizes)

    def sweep(self) -> int:
        """Removes what stores keep of requests that were cut off, and gives its number."""
        return self._store.sweep(self._clock() - SETTLED)

    def _is_known(self, key: Key) -> bool:
        """Tells whether there is, or was, an attachment of this name in this database."""
        return self._row(key) is not None

    def _row(self, key: Key) -> Item | None:
        try:
            return self._repository.row(_id_of(key))
        except NotFound:
            return None

    def _is_held(self, key: Key) -> bool:
        """Tells whether a record speaks of an object, as consistent as a read can be."""
        row = self._row(key)
        if row is None:
            return False
        if row.get("moved_to") is not None:  # the living row has not come yet, or not been found yet
            return True
        attachment = row["was"] if is_deleted(row) else row
        if attachment["status"] == "pending":
            return not is_deleted(row)
        if attachment["status"] == "failed" and attachment["failure"]["code"] == LOST:
            return True  # it has been found again: whoever looked for it has it in mind
        return attachment["status"] in _HELD and (not key.is_derived or attachment.get("thumbnail") is not None)

    def _left(self, key: Key, size: int) -> Fault:
        def mend() -> bool:
            self._store.delete(key)
            return True

        return Fault(f"{key} ({size:,} bytes) belongs to no file", mend, self._is_known(key))

    def _left_uploads(self, before: datetime, tell: Callable[[int], None]) -> Iterator[Fault]:
        for upload in self._store.list_uploads():
            tell(1)
            if upload.began_at >= before or self._goes_on(upload):
                continue

            def mend(key: Key = upload.key, upload_id: str = upload.upload_id) -> bool:
                self._store.abort_multipart(key, upload_id)
                return True

            yield Fault(f"upload {upload.upload_id} of {upload.key} was given up", mend, self._is_known(upload.key))

    def _goes_on(self, upload: Upload) -> bool:
        """Tells whether an upload is that of a file which is still to come."""
        attachment_id = _id_of(upload.key)
        record = self._records.find(attachment_id)
        if record is None or record["upload_id"] != upload.upload_id:
            return False
        row = self._row(upload.key)
        return row is not None and row.get("status") == "pending"

    def _missing(self, row: Item, sizes: dict[Key, int]) -> Iterator[Fault]:
        attachment = row.get("was") if is_deleted(row) else row
        if row.get("moved_to") is not None or attachment is None or attachment["status"] not in _HELD:
            return
        name = f"{attachment['file_name']} ({row['id']})"
        found = self._size_of(file_key(row["id"]), sizes)
        if found is None:
            yield self._lost(row, name)
        elif found != attachment["file_size"]:
            yield Fault(f"the file of {name} has {found:,} bytes instead of {attachment['file_size']:,}", None)
        elif has_thumbnail(attachment) and self._size_of(thumbnail_key(row["id"]), sizes) is None:
            yield Fault(f"the thumbnail of {name} is lost", lambda: self._thumbnails.redraw(attachment), True)

    def _lost(self, row: Item, name: str) -> Fault:
        if is_deleted(row):
            return Fault(f"the file of {name}, which was deleted, is lost", None)

        def mend() -> bool:
            self._states.lose(row["id"])
            return True

        return Fault(f"the file of {name} is lost", mend)

    def _size_of(self, key: Key, sizes: dict[Key, int]) -> int | None:
        """Tells an object's size; one that has come since the list was made is asked for."""
        if key not in sizes and (stored := self._store.head(key)) is not None:
            sizes[key] = stored.size
        return sizes.get(key)


def _id_of(key: Key) -> str:
    return key.text.rpartition("/")[2].partition(".")[0]
