"""The object store port on S3, Amazon's or a compatible server: for organisations that outgrow one machine.

What a server does not refuse by itself (`s3_capabilities`) is made up for: where `If-None-Match` is ignored clients
upload beside, under `incoming/`, and `settle` copies the object to where no signed URL leads.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from backend.domain.errors import ChecksumMismatch
from backend.storage.errors import NoSuchObject, StoreUnavailable
from backend.storage.keys import INCOMING, PROBES, BadKey, Key
from backend.storage.names import content_disposition
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
from backend.storage.s3_bucket import NO_OBJECT, S3Bucket
from backend.storage.s3_capabilities import base64_of, try_out
from backend.storage.s3_client import S3Refusal
from backend.storage.s3_signing import CloudFront, S3Signer
from backend.storage.s3_uploads import THERE_ALREADY, S3Uploads
from backend.storage.s3_values import is_of_parts, state_of, stored_of, tag_of, whole_checksum

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BROUGHT_BACK_DAYS: Final = 7
"""For how long an archived object can be read after `retrieve`."""

FOR_EVER: Final = "public, max-age=31536000, immutable"

_DELETED_AT_ONCE: Final = 1000


class S3Store:
    """Keeps objects in a bucket; `capabilities` are tried out where they are not given."""

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        signer: S3Signer,
        cdn: CloudFront | None = None,
        capabilities: Capabilities | None = None,
    ) -> None:
        self._bucket = S3Bucket(client, bucket)
        self._uploads = S3Uploads(self._bucket, lambda: self.capabilities)
        self._signer = signer
        self._cdn = cdn
        self._known = capabilities

    @cached_property
    def capabilities(self) -> Capabilities:
        """Declares what the server checks: it is asked once, when it is first needed."""
        return self._known or try_out(self._bucket.client, self._bucket.name)

    @cached_property
    def browser_origins(self) -> tuple[str, ...]:
        """Lists where signed addresses lead to."""
        return tuple({self._signer.origin(): True, **({self._cdn.origin(): True} if self._cdn else {})})

    def sign_put(
        self, key: Key, *, size: int, mime_type: str, checksum_sha256: str | None, expires_at: datetime
    ) -> SignedRequest:
        """Signs the upload of a whole object, beside where the server would let it be replaced."""
        able = self.capabilities
        signed: dict[str, Any] = {"ContentLength": size, "ContentType": mime_type}
        if checksum_sha256 and able.checks_whole:
            signed["ChecksumSHA256"] = base64_of(checksum_sha256)
        if able.refuses_overwriting:
            return self._signer.put("put_object", key.text, expires_at, {**signed, "IfNoneMatch": "*"})
        return self._signer.put("put_object", _beside(key), expires_at, signed)

    def settle(self, key: Key, *, checksum_sha256: str | None) -> Stored | None:
        """Describes what came, after moving it out of the signed URL's reach where it can be replaced there."""
        if not self.capabilities.refuses_overwriting:
            self._bring_in(key)
        answer = self._bucket.describe(key.text)
        if answer is None:
            return None
        found = whole_checksum(answer)
        if checksum_sha256 and found not in (None, checksum_sha256):
            raise ChecksumMismatch(checksum_sha256, found)
        was_checked = self.capabilities.checks_whole and checksum_sha256 is not None
        return stored_of(key, answer, "object" if was_checked else "size")

    def _bring_in(self, key: Key) -> None:
        """Copies what came beside, if nothing is there yet, exactly as it was looked at."""
        beside = self._bucket.describe(_beside(key))
        if beside is None:
            return
        if self._bucket.describe(key.text) is None:
            source = {"Bucket": self._bucket.name, "Key": _beside(key)}
            copy = {"Key": key.text, "CopySource": source, "CopySourceIfMatch": beside["ETag"]}
            with suppress(S3Refusal):  # another request was first
                self._bucket.ask("copy_object", copy, THERE_ALREADY | NO_OBJECT)
        self._bucket.ask("delete_object", {"Key": _beside(key)})

    def begin_multipart(self, key: Key, *, mime_type: str, part_checksums: bool) -> str:
        """Begins an upload in parts."""
        return self._uploads.begin(key, mime_type, part_checksums)

    def sign_part(
        self, key: Key, upload_id: str, number: int, *, size: int, checksum_sha256: str | None, expires_at: datetime
    ) -> SignedRequest:
        """Signs the upload of one part."""
        if not 1 <= number <= MAX_PARTS:
            raise ValueError(f"{number} is no number of a part")
        signed: dict[str, Any] = {"UploadId": upload_id, "PartNumber": number, "ContentLength": size}
        if checksum_sha256 and self.capabilities.checks_parts:
            signed["ChecksumSHA256"] = base64_of(checksum_sha256)
        return self._signer.put("upload_part", key.text, expires_at, signed)

    def write_part(self, key: Key, upload_id: str, number: int, body: bytes) -> Part:
        """Brings a part."""
        return self._uploads.write(key, upload_id, number, body)

    def list_parts(self, key: Key, upload_id: str) -> list[Part]:
        """Lists the parts that S3 holds."""
        return self._uploads.parts(key, upload_id)

    def complete_multipart(
        self, key: Key, upload_id: str, parts: Sequence[Part], *, checksum_sha256: str | None
    ) -> Stored:
        """Makes the parts the object; S3 cannot compare the whole file's SHA-256."""
        return self._uploads.complete(key, upload_id, parts)

    def abort_multipart(self, key: Key, upload_id: str) -> None:
        """Frees the parts."""
        self._uploads.abort(key, upload_id)

    def list_uploads(self) -> Iterator[Upload]:
        """Lists unfinished uploads."""
        return self._uploads.list()

    def head(self, key: Key) -> Stored | None:
        """Describes an object; its proof is what S3 tells of its checksum."""
        answer = self._bucket.describe(key.text)
        if answer is None:
            return None
        able = self.capabilities
        if is_of_parts(answer):
            return stored_of(key, answer, "parts" if able.checks_parts and "ChecksumSHA256" in answer else "size")
        return stored_of(key, answer, "object" if able.checks_whole and whole_checksum(answer) else "size")

    def read(self, key: Key, first: int = 0, last: int | None = None) -> AbstractContextManager[Iterator[bytes]]:
        """Opens an object."""
        return closing(self._bucket.read(key, first, last))

    def write(self, key: Key, body: bytes, *, mime_type: str) -> Stored:
        """Writes a small object; what can be made again is kept where that is cheap, and may be kept by everyone."""
        checksum = sha256(body).hexdigest()
        asked: dict[str, Any] = {"Key": key.text, "Body": body, "ContentType": mime_type}
        if self.capabilities.checks_whole:
            asked["ChecksumSHA256"] = base64_of(checksum)
        if key.is_derived:
            asked["CacheControl"] = FOR_EVER
        if key.is_derived and self.capabilities.archives:
            asked["StorageClass"] = "INTELLIGENT_TIERING"
        self._bucket.ask("put_object", asked)
        stored = self.head(key)
        if stored is None:
            raise StoreUnavailable(f"S3: {key} was written, and is not there")
        return stored

    def delete(self, *keys: Key) -> None:
        """Removes objects, a thousand a request."""
        names = [key.text for key in keys]
        if not self.capabilities.refuses_overwriting:
            names += [_beside(key) for key in keys]
        self._delete(names)

    def _delete(self, names: Sequence[str]) -> None:
        for start in range(0, len(names), _DELETED_AT_ONCE):
            rows = [{"Key": name} for name in names[start : start + _DELETED_AT_ONCE]]
            answer = self._bucket.ask("delete_objects", {"Delete": {"Objects": rows, "Quiet": True}})
            for error in answer.get("Errors", []):
                raise StoreUnavailable(f"S3: {error.get('Key')} is not removed: {error.get('Code')}")

    def list(self, prefix: str) -> Iterator[Listing]:
        """Lists objects by key."""
        for row in self._rows(prefix):
            with suppress(BadKey):  # somebody else's
                yield Listing(Key(row["Key"]), int(row["Size"]), tag_of(row), row["LastModified"])

    def _rows(self, prefix: str) -> Iterator[Any]:
        for page in self._bucket.pages("list_objects_v2", {"Prefix": prefix}):
            yield from page.get("Contents", [])

    def sign_get(
        self, key: Key, *, file_name: str, mime_type: str, disposition: Disposition, expires_at: datetime
    ) -> SignedRequest:
        """Signs a download, from the CDN where there is one."""
        shown = content_disposition(file_name, mime_type, disposition)
        return (self._cdn or self._signer).get(key.text, expires_at, disposition=shown, mime_type=mime_type)

    def retrieve(self, key: Key) -> State:
        """Asks for an archived object to be brought back for a week; that takes hours."""
        answer = self._bucket.describe(key.text)
        if answer is None:
            raise NoSuchObject(key)
        if state_of(answer) != "archived":
            return state_of(answer)
        asked = {"Days": BROUGHT_BACK_DAYS, "GlacierJobParameters": {"Tier": "Standard"}}
        with suppress(S3Refusal):
            expected = {"RestoreAlreadyInProgress", "InvalidObjectState"}
            self._bucket.ask("restore_object", {"Key": key.text, "RestoreRequest": asked}, expected)
        return state_of(self._bucket.describe(key.text) or answer)

    def sweep(self, before: datetime) -> int:
        """Removes what was uploaded beside and never settled, and what was tried out."""
        old = [
            row["Key"] for prefix in (INCOMING, PROBES) for row in self._rows(prefix) if row["LastModified"] < before
        ]
        self._delete(old)
        return len(old)

    def ping(self) -> None:
        """Asks whether the bucket is there."""
        self._bucket.ask("head_bucket", {})

    def close(self) -> None:
        """Lets go of connections."""
        self._bucket.client.close()


def _beside(key: Key) -> str:
    return f"{INCOMING}{key}"
