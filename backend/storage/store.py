"""The object store port: all that Dayroom asks of what keeps its files. Clients bring and fetch the bytes themselves.

It is implemented by `filesystem.FolderStore` (behind this server's own signed URLs) and `s3.S3Store`;
`tests/contract/test_store*.py` is the one suite that both must pass. The life of a file:

- up to 100 MiB: `sign_put` → the client PUTs → `settle`. Larger: `begin_multipart` → `sign_part`, as often as the
  client asks → the client PUTs → `list_parts` (the truth) → `complete_multipart`;
- after `settle` or `complete_multipart` has answered, no URL that was ever signed can change what has the key;
- whatever did not come to that is freed by `abort_multipart` and `delete`, which may be repeated.

The values are in `objects`, the errors in `errors`, the keys in `keys`. Sizes are bytes. SHA-256 is lower-case hex.
Instants are aware (UTC). Every method that asks the store may raise `StoreUnavailable`; signing asks nobody, but the
first `sign_put` of a process may (see `capabilities`).
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from backend.storage.keys import Key
from backend.storage.objects import (
    Capabilities,
    Disposition,
    Listing,
    Part,
    SignedRequest,
    State,
    Stored,
    Upload,
)


class ObjectStore(Protocol):
    """Keeps objects under keys. Safe for concurrent use by threads and greenlets; no method reads a body whole."""

    @property
    def capabilities(self) -> Capabilities:
        """Declares what the store checks. One that is not known by name is tried out once a process: asks the store."""
        ...

    @property
    def browser_origins(self) -> tuple[str, ...]:
        """Lists the origins that signed addresses lead to; none where the server itself is the store."""
        ...

    def sign_put(
        self, key: Key, *, size: int, mime_type: str, checksum_sha256: str | None, expires_at: datetime
    ) -> SignedRequest:
        """Signs the upload of a whole object of exactly this size and type, and SHA-256 where the store checks it.

        It may be signed any number of times. `settle` takes in what came.
        """
        ...

    def settle(self, key: Key, *, checksum_sha256: str | None) -> Stored | None:
        """Takes in what a signed PUT brought; None if nothing came yet. May be repeated, also after a crash.

        `checksum_sha256` is the one that was signed. Raises `ChecksumMismatch` where the store knows another one; the
        object is left then, for the caller to `delete`.
        """
        ...

    def begin_multipart(self, key: Key, *, mime_type: str, part_checksums: bool) -> str:
        """Begins an upload in parts and gives its id; `part_checksums` fixes that every part must bring its SHA-256."""
        ...

    def sign_part(
        self, key: Key, upload_id: str, number: int, *, size: int, checksum_sha256: str | None, expires_at: datetime
    ) -> SignedRequest:
        """Signs the upload of one part: of exactly this size, and this SHA-256 where the upload began with checksums.

        It may be signed any number of times; the part that came last counts. Raises `ValueError` for a number outside
        1 to `MAX_PARTS`.
        """
        ...

    def write_part(self, key: Key, upload_id: str, number: int, body: bytes) -> Part:
        """Brings a part itself (migrations), with its SHA-256. Raises `NoSuchUpload`."""
        ...

    def list_parts(self, key: Key, upload_id: str) -> list[Part]:
        """Lists all parts that the store holds, by number. Raises `NoSuchUpload`."""
        ...

    def complete_multipart(
        self, key: Key, upload_id: str, parts: Sequence[Part], *, checksum_sha256: str | None
    ) -> Stored:
        """Makes these parts, in order and without a gap, the object. A repeat answers with the object that is there.

        Where parts began with checksums all of them must be in `parts`: `list_parts` has them where the store tells
        (SeaweedFS does not), so whoever asked for `sign_part` keeps them.
        `checksum_sha256` is the whole file's, as declared: `capabilities.checks_whole_of_parts`. Raises `NoSuchUpload`
        if there is neither upload nor object; `UploadIncomplete` if the store holds other parts; `ChecksumMismatch`;
        after these two nothing has changed and the upload goes on, until it is aborted. Where checking takes longer
        than a request may it raises `StoreUnavailable`, and a repeat goes on from there.
        """
        ...

    def abort_multipart(self, key: Key, upload_id: str) -> None:
        """Ends an upload and frees its parts; nothing happens where there is none."""
        ...

    def list_uploads(self) -> Iterator[Upload]:
        """Lists every unfinished multipart upload, lazily."""
        ...

    def head(self, key: Key) -> Stored | None:
        """Describes a settled object; None where there is none."""
        ...

    def read(self, key: Key, first: int = 0, last: int | None = None) -> AbstractContextManager[Iterator[bytes]]:
        """Opens an object, or its bytes from `first` to `last` (inclusive), as chunks of at most 1 MiB.

        Entering raises `NoSuchObject` or `ObjectArchived`. A stream that ends early raises `StoreUnavailable`: it is
        never just short. A range that begins after the end is empty.
        """
        ...

    def write(self, key: Key, body: bytes, *, mime_type: str) -> Stored:
        """Writes a small object whole, replacing what has the key: thumbnails, migrations.

        What has a derived key may be kept for ever by clients and CDNs.
        """
        ...

    def delete(self, *keys: Key) -> None:
        """Removes objects, and whatever signed PUTs brought for them; those that are not there are no error."""
        ...

    def list(self, prefix: str) -> Iterator[Listing]:
        """Lists all objects whose keys begin so, by key, lazily, whatever pages the store has; what has no key of ours
        is left out. `prefix` is `FILES` or `THUMBNAILS` (see `keys`).
        """
        ...

    def sign_get(
        self, key: Key, *, file_name: str, mime_type: str, disposition: Disposition, expires_at: datetime
    ) -> SignedRequest:
        """Signs a download under this name and type; whether the object is there is not asked.

        Ranges and conditional requests work. `inline` is granted only to types that cannot run script: images other
        than SVG, video, audio and PDF.
        """
        ...

    def retrieve(self, key: Key) -> State:
        """Asks for an archived object to be brought back for some days, and tells its state; may be repeated.

        Raises `NoSuchObject`.
        """
        ...

    def sweep(self, before: datetime) -> int:
        """Removes what was interrupted before a moment, or never settled, and belongs to nobody; gives its number."""
        ...

    def ping(self) -> None:
        """Asks whether the store can be used; raises `StoreUnavailable`."""
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...
