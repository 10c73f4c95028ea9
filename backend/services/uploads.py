"""How the bytes of a file come to the store: by signed requests, as many and as often as a client asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.domain import parts
from backend.domain.errors import FieldError, Invalid, WrongState
from backend.domain.pages import Entity
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.database import Item
from backend.repositories.uploads import NONE, UploadRepository
from backend.services.writing import Written
from backend.storage.errors import NoSuchUpload
from backend.storage.keys import file_key
from backend.storage.objects import Part, SignedRequest
from backend.storage.store import ObjectStore


@dataclass(frozen=True, slots=True)
class Offer:
    """Is how a file goes up: whole, by `request`, or in parts."""

    request: SignedRequest | None
    part_size: int
    part_count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Is a part that a client is about to send, and its SHA-256 where it tells it."""

    number: int
    checksum_sha256: str | None = None


class UploadService:
    """Signs uploads of what is pending. Nothing here changes an attachment."""

    def __init__(
        self,
        repository: AttachmentRepository,
        records: UploadRepository,
        store: ObjectStore,
        *,
        lifetime: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._repository = repository
        self._records = records
        self._store = store
        self._lifetime = lifetime
        self._clock = clock

    def offer(self, attachment: Mapping[str, Any]) -> Offer | None:
        """Tells how a file goes up; None where it does not, or not any more."""
        if attachment.get("status") != "pending":
            return None
        size = attachment["file_size"]
        if not parts.is_single(size):
            return Offer(None, parts.part_size(size), parts.part_count(size))
        request = self._store.sign_put(
            file_key(attachment["id"]),
            size=size,
            mime_type=attachment["mime_type"],
            checksum_sha256=attachment.get("checksum_sha256"),
            expires_at=self._expiry(),
        )
        return Offer(request, size, 1)

    def offer_after(self, written: Written) -> Offer | None:
        """Tells the same after an announcement; one that was made before may have come to its end meanwhile."""
        return self.offer(self._repository.row(written.entity["id"]) if written.replayed else written.entity)

    def renew(self, attachment_id: str) -> Offer:
        """Signs an upload again; raises `NotFound`, and `WrongState` where it has ended."""
        offer = self.offer(self._pending(attachment_id))
        assert offer is not None
        return offer

    def sign_parts(self, attachment_id: str, wanted: Sequence[Wanted]) -> list[tuple[int, SignedRequest]]:
        """Signs parts; raises `NotFound`, `WrongState`, and `Invalid` for parts that the file does not have."""
        attachment = self._pending(attachment_id)
        size = attachment["file_size"]
        _require_parts(size, wanted)
        record = self._begun(attachment)
        if record["part_checksums"]:
            _require_checksums(wanted)
            self._records.put_checksums(attachment_id, {each.number: str(each.checksum_sha256) for each in wanted})
        expires_at = self._expiry()
        return [(each.number, self._signed(attachment_id, record, each, size, expires_at)) for each in wanted]

    def held(self, attachment_id: str) -> list[Part]:
        """Lists the parts that the store holds; raises `NotFound`, and `WrongState` where the upload has ended.

        Where the store knows nothing of the upload any more it begins anew, with nothing.
        """
        self._pending(attachment_id)
        record = self._records.find(attachment_id)
        if record is None or record["upload_id"] == NONE:
            return []
        try:
            return self._store.list_parts(file_key(attachment_id), record["upload_id"])
        except NoSuchUpload:
            if self._store.head(file_key(attachment_id)) is None:
                self.restart(attachment_id, record)
            return []

    def restart(self, attachment_id: str, record: Item) -> None:
        """Forgets how the store called an upload that it has forgotten."""
        self._records.begun(attachment_id, record, NONE, part_checksums=record["part_checksums"])

    def free(self, attachment_id: str) -> None:
        """Frees what a file that will not be has left in the store; may be repeated."""
        record = self._records.find(attachment_id)
        if record is not None and record["upload_id"] != NONE:
            self._store.abort_multipart(file_key(attachment_id), record["upload_id"])
        self._store.delete(file_key(attachment_id))
        self._records.forget(attachment_id)

    def _pending(self, attachment_id: str) -> Entity:
        attachment = self._repository.get(attachment_id)
        if attachment["status"] != "pending":
            raise WrongState(f"The upload has ended: the file is {attachment['status']}", attachment)
        return attachment

    def _begun(self, attachment: Entity) -> Item:
        """Begins an upload at the store, once; of two that begin at once one is taken back."""
        attachment_id, key = attachment["id"], file_key(attachment["id"])
        while (record := self._records.find(attachment_id)) is None or record["upload_id"] == NONE:
            part_checksums = record is not None and bool(record["part_checksums"])
            upload_id = self._store.begin_multipart(
                key, mime_type=attachment["mime_type"], part_checksums=part_checksums
            )
            if not self._records.begun(attachment_id, record, upload_id, part_checksums=part_checksums):
                self._store.abort_multipart(key, upload_id)
        return record

    def _signed(
        self, attachment_id: str, record: Item, part: Wanted, file_size: int, expires_at: datetime
    ) -> SignedRequest:
        return self._store.sign_part(
            file_key(attachment_id),
            record["upload_id"],
            part.number,
            size=parts.size_of_part(file_size, part.number),
            checksum_sha256=part.checksum_sha256,
            expires_at=expires_at,
        )

    def _expiry(self) -> datetime:
        return self._clock() + self._lifetime


def _require_parts(file_size: int, wanted: Sequence[Wanted]) -> None:
    if parts.is_single(file_size):
        raise Invalid.at("/parts", "mode", "this file goes up with one PUT: POST to its /upload signs that")
    last = parts.part_count(file_size)
    faults = [
        FieldError(f"/parts/{at}/part_number", "range", f"must be from 1 to {last:,}, which this file has")
        for at, part in enumerate(wanted)
        if part.number > last
    ]
    if faults:
        raise Invalid(faults)


def _require_checksums(wanted: Sequence[Wanted]) -> None:
    faults = [
        FieldError(f"/parts/{at}/checksum_sha256", "required", "is required: the upload began with part_checksums")
        for at, part in enumerate(wanted)
        if part.checksum_sha256 is None
    ]
    if faults:
        raise Invalid(faults)
