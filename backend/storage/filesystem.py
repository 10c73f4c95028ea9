"""The object store port in a folder, for organisations that run on one machine: this server serves what it signs.

`services.transfers` is how signed requests come in; `folder_objects` and `folder_uploads` tell what is where.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from backend.domain.errors import ChecksumMismatch
from backend.storage.disk import Offload, Read, at_once
from backend.storage.errors import NoSuchObject, StoreUnavailable
from backend.storage.folder_completion import Completion
from backend.storage.folder_objects import FolderObjects
from backend.storage.folder_uploads import FolderUploads
from backend.storage.grants import Grant, Signer
from backend.storage.keys import Key
from backend.storage.objects import (
    MAX_PARTS,
    Capabilities,
    Disposition,
    Listing,
    Part,
    SignedRequest,
    State,
    Stored,
    Upload,
)
from backend.storage.whole_checksums import WholeChecksums


class FolderStore:
    """Keeps objects under one folder, which several processes may share. `offload` runs what waits for the disk."""

    def __init__(
        self,
        root: Path,
        secret: Callable[[], bytes],
        *,
        offload: Offload = at_once,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.capabilities: Final = Capabilities(
            "folder",
            checks_whole=True,
            checks_parts=True,
            checks_whole_of_parts=True,
            refuses_overwriting=True,
            archives=False,
        )
        self.browser_origins: Final[tuple[str, ...]] = ()
        self.signer: Final = Signer(secret, clock)
        self._root = root
        self._clock = clock
        self._objects = FolderObjects(root, offload)
        self._uploads = FolderUploads(root, self._objects.trash, offload)
        self._completion = Completion(self._objects, self._uploads, WholeChecksums(offload))

    def sign_put(
        self, key: Key, *, size: int, mime_type: str, checksum_sha256: str | None, expires_at: datetime
    ) -> SignedRequest:
        """Signs the upload of a whole object."""
        grant = Grant(
            action="object",
            key=key.text,
            expires=_seconds(expires_at),
            size=size,
            type=mime_type,
            sha256=checksum_sha256,
        )
        return SignedRequest("PUT", self.signer.address(grant), {"Content-Type": mime_type}, expires_at)

    def receive(self, grant: Grant, read: Read) -> Part:
        """Takes in what a signed PUT brings; 0 is the number of a whole object.

        Raises `SizeMismatch`, `ChecksumMismatch`, `NoSuchUpload` and `FileExistsError` where the object is there.
        """
        key = grant.object_key
        if grant.action == "part":
            return self._uploads.take_in(key, grant.upload_id, grant.number, read, grant.size, grant.sha256)
        if self._objects.find(key) is not None:
            raise FileExistsError(key.text)
        stored = self._objects.take_in(key, read, grant.size, grant.type, grant.sha256)
        if stored is None:
            raise FileExistsError(key.text)
        return Part(0, stored.size, stored.etag, stored.checksum_sha256)

    def settle(self, key: Key, *, checksum_sha256: str | None) -> Stored | None:
        """Describes what came: it was checked while it came, and cannot be replaced."""
        stored = self._objects.find(key)
        if stored and checksum_sha256 and stored.checksum_sha256 not in (None, checksum_sha256):
            raise ChecksumMismatch(checksum_sha256, stored.checksum_sha256)
        return stored

    def begin_multipart(self, key: Key, *, mime_type: str, part_checksums: bool) -> str:
        """Begins an upload in parts."""
        return self._uploads.begin(key, mime_type, part_checksums, self._clock())

    def sign_part(
        self, key: Key, upload_id: str, number: int, *, size: int, checksum_sha256: str | None, expires_at: datetime
    ) -> SignedRequest:
        """Signs the upload of one part."""
        if not 1 <= number <= MAX_PARTS:
            raise ValueError(f"{number} is no number of a part")
        grant = Grant(
            action="part",
            key=key.text,
            expires=_seconds(expires_at),
            size=size,
            sha256=checksum_sha256,
            upload_id=upload_id,
            number=number,
        )
        return SignedRequest("PUT", self.signer.address(grant), {}, expires_at)

    def write_part(self, key: Key, upload_id: str, number: int, body: bytes) -> Part:
        """Writes a part."""
        checksum = sha256(body).hexdigest()
        return self._uploads.take_in(key, upload_id, number, reader(body), len(body), checksum)

    def list_parts(self, key: Key, upload_id: str) -> list[Part]:
        """Lists the parts that are here."""
        return [held.part for held in self._uploads.held(key, upload_id)]

    def complete_multipart(
        self, key: Key, upload_id: str, parts: Sequence[Part], *, checksum_sha256: str | None
    ) -> Stored:
        """Makes the parts the object, by one rename, after the whole file's SHA-256 was compared."""
        return self._completion.complete(key, upload_id, parts, checksum_sha256)

    def abort_multipart(self, key: Key, upload_id: str) -> None:
        """Removes the parts."""
        self._uploads.abort(upload_id)

    def list_uploads(self) -> Iterator[Upload]:
        """Lists unfinished uploads."""
        return self._uploads.list()

    def head(self, key: Key) -> Stored | None:
        """Describes an object."""
        return self._objects.find(key)

    def read(self, key: Key, first: int = 0, last: int | None = None) -> AbstractContextManager[Iterator[bytes]]:
        """Opens an object."""
        return closing(self._objects.read(key, first, last))

    def write(self, key: Key, body: bytes, *, mime_type: str) -> Stored:
        """Writes a small object."""
        for _ in range(3):  # another process may write it, too
            stored = self._objects.take_in(key, reader(body), len(body), mime_type, None)
            if stored is not None:
                return stored
            self._objects.remove(key)
        raise StoreUnavailable(f"folder: {key} is being written by others")

    def delete(self, *keys: Key) -> None:
        """Removes objects."""
        for key in keys:
            self._objects.remove(key)

    def list(self, prefix: str) -> Iterator[Listing]:
        """Lists objects by key."""
        return self._objects.list(prefix)

    def sign_get(
        self, key: Key, *, file_name: str, mime_type: str, disposition: Disposition, expires_at: datetime
    ) -> SignedRequest:
        """Signs a download."""
        grant = Grant(
            action="download",
            key=key.text,
            expires=_seconds(expires_at),
            type=mime_type,
            name=file_name,
            disposition=disposition,
        )
        return SignedRequest("GET", self.signer.address(grant), {}, expires_at)

    def retrieve(self, key: Key) -> State:
        """Says that an object is at hand: nothing is archived here."""
        if self._objects.find(key) is None:
            raise NoSuchObject(key)
        return "at-hand"

    def sweep(self, before: datetime) -> int:
        """Removes what interrupted writes left."""
        return self._objects.sweep(before)

    def ping(self) -> None:
        """Asks whether the folder can be written."""
        root = self._root.absolute()
        there = next(folder for folder in (root, *root.parents) if folder.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            raise StoreUnavailable(f"folder: {there} cannot be written")

    def close(self) -> None:
        """Has nothing to let go of."""


def reader(body: bytes) -> Read:
    """Reads bytes that are at hand as if they came in."""
    rest = memoryview(body)

    def read(most: int) -> bytes:
        nonlocal rest
        chunk, rest = bytes(rest[:most]), rest[most:]
        return chunk

    return read


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
