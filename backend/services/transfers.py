"""Brings and fetches files where this server is the object store itself: what a signed address grants, and no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from backend.domain.errors import AlreadyStored, Malformed, NotFound, SizeMismatch, TypeMismatch
from backend.storage import grants
from backend.storage.disk import Read
from backend.storage.errors import NoSuchObject, NoSuchUpload
from backend.storage.filesystem import FolderStore
from backend.storage.keys import Key
from backend.storage.names import content_disposition
from backend.storage.objects import Stored

Action = grants.Action
ADDRESSES: Final = grants.ADDRESSES
"""Where each action is served."""


@dataclass(frozen=True, slots=True)
class Announced:
    """Is what the headers of a request say of its body."""

    size: int | None
    type: str


@dataclass(frozen=True, slots=True)
class Download:
    """Is what may be fetched: the object, and how it is shown."""

    stored: Stored
    type: str
    disposition: str

    @property
    def is_derived(self) -> bool:
        """Tells whether it never changes, so that browsers may keep it."""
        return self.stored.key.is_derived


class Transfers:
    """Receives and serves the bytes of a folder store."""

    def __init__(self, store: FolderStore) -> None:
        self._store = store

    def receive(self, action: Action, granted: str, signature: str, announced: Announced, read: Read) -> str:
        """Takes in a body and gives its entity tag; nothing of it is read if its headers are not as signed.

        Raises `Forbidden`, `Malformed`, `SizeMismatch`, `TypeMismatch`, `ChecksumMismatch`, `AlreadyStored` and
        `NotFound`.
        """
        grant = self._store.signer.read(action, granted, signature)
        _refuse_other_body(grant, announced)
        try:
            return self._store.receive(grant, read).etag
        except NoSuchUpload as error:
            raise NotFound("upload", error.upload_id) from None
        except FileExistsError:
            raise AlreadyStored from None

    def find(self, granted: str, signature: str) -> Download:
        """Finds what a download is about; raises `Forbidden`, `NotFound`."""
        grant = self._store.signer.read("download", granted, signature)
        stored = self._store.head(grant.object_key)
        if stored is None:
            raise NotFound("file", grant.object_key.text)
        return Download(stored, grant.type, content_disposition(grant.name, grant.type, grant.disposition))

    def chunks(self, key: Key, first: int, last: int) -> Iterator[bytes]:
        """Reads bytes `first` to `last`; raises `NotFound` at the first."""
        try:
            with self._store.read(key, first, last) as chunks:
                yield from chunks
        except NoSuchObject:
            raise NotFound("file", key.text) from None


def _refuse_other_body(grant: grants.Grant, announced: Announced) -> None:
    if announced.size is None:
        raise Malformed("A body in chunks has no Content-Length; send it whole")
    if announced.size != grant.size:
        raise SizeMismatch(grant.size, announced.size)
    if grant.action == "object" and announced.type.lower() != grant.type.lower():
        raise TypeMismatch(grant.type, announced.type)
