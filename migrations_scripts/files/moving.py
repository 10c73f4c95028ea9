"""Moves the objects of Dayroom's own folder store into a bucket, under the same keys; the records stay as they are."""

from dataclasses import dataclass
from functools import partial

from backend.storage.filesystem import FolderStore
from backend.storage.keys import Key
from backend.storage.objects import Stored
from migrations_scripts.files.carrier import Carrier, Damaged, Tell, patiently
from migrations_scripts.files.report import Carried, Outcome
from migrations_scripts.files.sources import Origin, stored
from migrations_scripts.files.work import Task


@dataclass(frozen=True, slots=True)
class StoreMove:
    """Brings every object that the bucket lacks. The server may run meanwhile; what it adds, another run brings."""

    source: FolderStore
    carrier: Carrier
    rehearses: bool

    def tasks(self) -> list[Task]:
        """Lists the objects, with what is to be done with each."""
        begun = {upload.key: upload.upload_id for upload in self.carrier.store.list_uploads()}
        return [
            Task(origin.name, origin.size, partial(self._move, key, origin, begun.get(key)))
            for key, origin in stored(self.source)
        ]

    def _move(self, key: Key, origin: Origin, upload_id: str | None, tell: Tell) -> Outcome:
        there = patiently(lambda: self.carrier.store.head(key))
        if there is not None and not key.is_derived and not _may_be(there, origin):
            raise Damaged("the bucket has something else under this key")
        if there is not None and _may_be(there, origin):
            if self.carrier.reads_back:
                self.carrier.verify(origin, there, origin.digest(), proven=False)
            tell(origin.size)
            return Outcome(origin.name, origin.size, Carried.UNCHANGED)
        if not self.rehearses:
            self.carrier.bring(origin, key, upload_id, tell)
        return Outcome(origin.name, origin.size, Carried.MOVED)


def _may_be(there: Stored, origin: Origin) -> bool:
    """Tells whether an object is this file, as far as both know: what has a key never changes."""
    known = there.checksum_sha256 is not None and origin.checksum_sha256 is not None
    return there.size == origin.size and (not known or there.checksum_sha256 == origin.checksum_sha256)
