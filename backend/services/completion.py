"""How an upload ends: what the store holds is the truth, and it is compared with what was declared."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from backend.domain import parts
from backend.domain.errors import (
    ChecksumMismatch,
    DayroomError,
    SizeMismatch,
    TypeMismatch,
    UploadIncomplete,
    WrongState,
)
from backend.domain.pages import Entity
from backend.domain.signatures import HEAD_BYTES, contradiction
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.database import Item
from backend.repositories.uploads import NONE, UploadRepository
from backend.services.attachment_states import AttachmentStates
from backend.services.uploads import UploadService
from backend.services.writing import Intent, Writer, Written
from backend.storage.errors import NoSuchUpload
from backend.storage.keys import Key, file_key
from backend.storage.objects import Part, Stored
from backend.storage.store import ObjectStore

Etags = Mapping[int, str]
"""The entity tags that the store answered to a client, by part number."""

_MISMATCHES: Final = (SizeMismatch, ChecksumMismatch, TypeMismatch)
_CODES: Final[Mapping[type[DayroomError], str]] = {
    SizeMismatch: "size-mismatch",
    ChecksumMismatch: "checksum-mismatch",
    TypeMismatch: "type-mismatch",
}


class CompletionService:
    """Ends uploads; every step may be repeated, also after a crash in its midst."""

    def __init__(
        self,
        writer: Writer,
        repository: AttachmentRepository,
        states: AttachmentStates,
        uploads: UploadService,
        records: UploadRepository,
        store: ObjectStore,
        *,
        ready: Callable[[Mapping[str, Any]], None] = lambda attachment: None,
    ) -> None:
        self._writer = writer
        self._repository = repository
        self._states = states
        self._uploads = uploads
        self._records = records
        self._store = store
        self._ready = ready

    def complete(self, attachment_id: str, intent: Intent, etags: Etags | None = None) -> Written:
        """Makes an attachment `ready`, or `failed` for good: then what came is removed.

        Raises `NotFound`, `UploadIncomplete` where something is missing, and `SizeMismatch`, `ChecksumMismatch` or
        `TypeMismatch`, also when it is repeated.
        """
        replayed = self._writer.replay(intent)
        if replayed is not None:
            return replayed
        attachment = self._repository.get(attachment_id)
        if attachment["status"] == "failed":
            self._uploads.free(attachment_id)
            raise refusal(attachment)
        if attachment["status"] != "pending":
            return self._states.current(attachment_id, intent)
        try:
            stored = self._taken_in(attachment, etags or {})
            self._verify(attachment, stored)
        except _MISMATCHES as mismatch:
            found = None if mismatch.found is None else str(mismatch.found)
            self._states.fail(attachment_id, _CODES[type(mismatch)], found, intent)
            self._uploads.free(attachment_id)
            raise
        written = self._states.ready(attachment_id, stored.proof, intent)
        self._records.forget(attachment_id)
        self._ready(written.entity)
        return written

    def _taken_in(self, attachment: Entity, etags: Etags) -> Stored:
        key = file_key(attachment["id"])
        if not parts.is_single(attachment["file_size"]):
            return self._assembled(attachment, key, etags)
        stored = self._store.settle(key, checksum_sha256=attachment["checksum_sha256"])
        if stored is None:
            raise UploadIncomplete("The file has not come yet: PUT it to the URL of its upload")
        return stored

    def _assembled(self, attachment: Entity, key: Key, etags: Etags) -> Stored:
        """Makes a file of its parts, or finds that this was done before."""
        record = self._records.find(attachment["id"])
        if record is None or record["upload_id"] == NONE:
            return self._made_before(attachment, key)
        try:
            held = self._store.list_parts(key, record["upload_id"])
            _require_whole(attachment, held, etags)
            chosen = self._with_checksums(attachment["id"], record, held)
            whole = attachment["checksum_sha256"]
            return self._store.complete_multipart(key, record["upload_id"], chosen, checksum_sha256=whole)
        except NoSuchUpload:
            if self._store.head(key) is None:
                self._uploads.restart(attachment["id"], record)
            return self._made_before(attachment, key)

    def _made_before(self, attachment: Entity, key: Key) -> Stored:
        stored = self._store.head(key)
        if stored is None:
            missing = list(parts.missing(attachment["file_size"], {}))
            raise UploadIncomplete("The store holds no part of the file", missing[: parts.NAMED])
        return stored

    def _with_checksums(self, attachment_id: str, record: Item, held: Sequence[Part]) -> list[Part]:
        """Adds the checksums that the client told to parts of which the store does not tell them."""
        if not record["part_checksums"] or all(part.checksum_sha256 for part in held):
            return list(held)
        kept = self._records.checksums(attachment_id)
        return [Part(each.number, each.size, each.etag, each.checksum_sha256 or kept.get(each.number)) for each in held]

    def _verify(self, attachment: Entity, stored: Stored) -> None:
        if stored.size != attachment["file_size"]:
            raise SizeMismatch(attachment["file_size"], stored.size)
        if stored.size:
            with self._store.read(stored.key, 0, HEAD_BYTES - 1) as chunks:
                head = b"".join(chunks)
            found = contradiction(attachment["mime_type"], head)
            if found is not None:
                raise TypeMismatch(attachment["mime_type"], found)


def refusal(attachment: Mapping[str, Any]) -> DayroomError:
    """Is the error by which an upload ended."""
    code, found = attachment["failure"]["code"], attachment["failure"]["found"]
    if code == "size-mismatch":
        return SizeMismatch(attachment["file_size"], int(found))
    if code == "checksum-mismatch":
        return ChecksumMismatch(str(attachment["checksum_sha256"]), found)
    if code == "type-mismatch":
        return TypeMismatch(attachment["mime_type"], found)
    return WrongState(f"The upload has failed for good ({code}): begin a new one", attachment)


def _require_whole(attachment: Entity, held: Sequence[Part], etags: Etags) -> None:
    """Raises `UploadIncomplete` where parts are missing or not those that the client sent, and `SizeMismatch`."""
    sizes = {part.number: part.size for part in held}
    missing = list(parts.missing(attachment["file_size"], sizes))
    if missing:
        count = parts.part_count(attachment["file_size"])
        raise UploadIncomplete(f"{len(missing):,} of {count:,} parts are missing", missing[: parts.NAMED])
    there = {part.number: part.etag for part in held}
    others = [number for number, etag in etags.items() if there.get(number) != etag.strip().strip('"')]
    if others:
        raise UploadIncomplete("The store holds other parts than those that are named", sorted(others)[: parts.NAMED])
    if sum(sizes.values()) != attachment["file_size"]:
        raise SizeMismatch(attachment["file_size"], sum(sizes.values()))
