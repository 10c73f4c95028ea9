"""The end of an upload in parts: what was checked is what becomes the object, also where parts still come meanwhile."""

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from backend.domain.errors import ChecksumMismatch, UploadIncomplete
from backend.storage.disk import disk_errors
from backend.storage.errors import NoSuchUpload
from backend.storage.folder_objects import FolderObjects, Manifest, etag_of
from backend.storage.folder_uploads import MOVES, FolderUploads, HeldPart
from backend.storage.keys import Key
from backend.storage.objects import Part, Proof, Stored, refuse_gaps
from backend.storage.whole_checksums import WholeChecksums


class Completion:
    """Makes objects of uploads."""

    def __init__(self, objects: FolderObjects, uploads: FolderUploads, checksums: WholeChecksums) -> None:
        self._objects = objects
        self._uploads = uploads
        self._checksums = checksums

    def complete(self, key: Key, upload_id: str, parts: Sequence[Part], checksum: str | None) -> Stored:
        """Makes the parts the object by one rename; see the port for what it raises."""
        for _ in range(MOVES):
            with disk_errors(), suppress(NoSuchUpload, FileNotFoundError):  # a repeat, perhaps at the same time
                held = self._named(key, upload_id, parts)
                self._put_in_place(key, upload_id, held, self._checked(key, upload_id, held, checksum))
            is_there = self._uploads.is_there(upload_id)  # asked first: what is no longer there is the object
            stored = self._objects.find(key)
            if stored is not None:
                return stored
            if not is_there:
                break
        raise NoSuchUpload(key, upload_id)

    def _named(self, key: Key, upload_id: str, wanted: Sequence[Part]) -> list[HeldPart]:
        """Finds the parts, in order; raises `UploadIncomplete` unless these are here. Others are left out, as by S3."""
        refuse_gaps(wanted)
        held = {part.number: part for part in self._uploads.held(key, upload_id)}
        missing = [part.number for part in wanted if not _is(held.get(part.number), part)]
        if missing:
            raise UploadIncomplete("The store holds other parts than those that were named", missing)
        return [held[part.number] for part in wanted]

    def _checked(self, key: Key, upload_id: str, held: Sequence[HeldPart], checksum: str | None) -> Manifest:
        """Says what the object will be; raises `ChecksumMismatch`, or `StoreUnavailable` while it computes."""
        began = self._uploads.find(key, upload_id)
        folder = self._uploads.folder_of(upload_id)
        proof: Proof = "parts" if began.part_checksums else "size"
        if checksum is not None:
            with disk_errors():
                found = self._checksums.of([folder / part.file for part in held])
            if found != checksum:
                raise ChecksumMismatch(checksum, found)
            proof = "object"
        tags = sha256("".join(part.sha256 for part in held).encode()).hexdigest()
        size = sum(part.size for part in held)
        parts = [(part.file, part.size) for part in held]
        return Manifest(size, began.type, f"{etag_of(tags)}-{len(held)}", checksum, proof, parts)

    def _put_in_place(self, key: Key, upload_id: str, held: list[HeldPart], manifest: Manifest) -> None:
        """Seals the upload; if a part came meanwhile what was checked is not what is here, and it goes on."""
        self._uploads.seal(upload_id)
        if not set(held) <= set(self._uploads.held(key, upload_id)):
            self._uploads.unseal(upload_id)
            raise UploadIncomplete("A part was replaced while the file was checked")
        folder = self._uploads.folder_of(upload_id)
        manifest.write(folder)
        if self._objects.place(key, folder):
            self._objects.tidy(key)
        else:
            self._uploads.abort(upload_id)


def _is(held: HeldPart | None, wanted: Part) -> bool:
    return held is not None and held.part.etag == wanted.etag
