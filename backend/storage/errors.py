"""What the object store port raises, apart from the domain's `ChecksumMismatch` and `UploadIncomplete`."""

from dataclasses import dataclass

from backend.domain.errors import Unavailable
from backend.storage.keys import Key


class StorageError(Exception):
    """Is the root of what the port raises."""


class StoreUnavailable(StorageError, Unavailable):
    """The store throttles, is full or does not answer: try again after `retry_after` seconds. It may reach a client."""


@dataclass
class NoSuchObject(StorageError):
    """There is nothing under this key."""

    key: Key


@dataclass
class NoSuchUpload(StorageError):
    """The multipart upload was completed, was aborted, or never began."""

    key: Key
    upload_id: str


@dataclass
class ObjectArchived(StorageError):
    """The object is archived and cannot be read: ask for it by `retrieve`."""

    key: Key
