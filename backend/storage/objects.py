"""What the object store port speaks of: objects, parts and uploads, signed requests, and what a store can prove."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from backend.domain.errors import UploadIncomplete
from backend.storage.keys import Key

Proof: TypeAlias = Literal["object", "parts", "size"]
"""How far it is proven that the bytes are those that were meant: the whole file's SHA-256 was checked, each part's, or
nothing but the size."""

State: TypeAlias = Literal["at-hand", "archived", "returning"]
"""Whether an object can be read now, is archived (`retrieve` asks for it), or is on its way back."""

Disposition: TypeAlias = Literal["inline", "attachment"]

MAX_SINGLE: Final = 5 * 1024**3
"""The largest object that one PUT may bring (S3's limit; Dayroom itself goes over to parts much earlier)."""

MIN_PART: Final = 5 * 1024**2
MAX_PART: Final = 5 * 1024**3
MAX_PARTS: Final = 10_000
MAX_OBJECT: Final = 5 * 1024**4
"""S3's limits, which hold for every store: only the last part may be smaller than `MIN_PART`."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Declares what a store checks by itself; nothing else may depend on which store it is."""

    name: str
    checks_whole: bool
    """It refuses a single PUT whose bytes have another SHA-256 than the signed one."""
    checks_parts: bool
    """The same for parts of an upload that began with `part_checksums`."""
    checks_whole_of_parts: bool
    """`complete_multipart` compares the whole file's SHA-256 (the folder does, S3 cannot)."""
    refuses_overwriting: bool
    """It honours `If-None-Match: *`; elsewhere `settle` moves the object out of a signed URL's reach."""
    archives: bool
    """Objects may become `archived`."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """Is a request that a client may make until `expires_at`, exactly as it stands here.

    `headers` are those that the client must set (browsers set `Content-Length` and `Host` themselves). `url` is
    absolute; where the server is the store itself it begins with `/`, and the API puts its own origin before it.
    """

    method: Literal["GET", "PUT"]
    url: str
    headers: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Is one part of a multipart upload as the store holds it; numbers begin with 1, `etag` is without quotes."""

    number: int
    size: int
    etag: str
    checksum_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """Is an object as the store has it. `proof` says how far the store itself has checked it, as far as it tells."""

    key: Key
    size: int
    mime_type: str
    etag: str
    modified_at: datetime
    proof: Proof = "size"
    checksum_sha256: str | None = None
    """Of the whole file, where the store knows it."""
    state: State = "at-hand"


@dataclass(frozen=True, slots=True)
class Listing:
    """Is a row of `list`."""

    key: Key
    size: int
    etag: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Upload:
    """Is a multipart upload that was neither completed nor aborted."""

    key: Key
    upload_id: str
    began_at: datetime


def refuse_gaps(parts: Sequence[Part]) -> None:
    """Raises `UploadIncomplete` unless the parts are numbered from 1, in order, without a gap."""
    numbers = [part.number for part in parts]
    missing = sorted(set(range(1, max(numbers, default=1) + 1)) - set(numbers))
    if missing or numbers != sorted(set(numbers)):
        raise UploadIncomplete("Parts are numbered from 1, in order, without a gap", missing)
