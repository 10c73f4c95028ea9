"""Uploads in parts on S3: what the store says that it holds is the truth, and every step may be repeated."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

from backend.domain.errors import UploadIncomplete
from backend.storage.errors import NoSuchUpload
from backend.storage.keys import FILES, BadKey, Key
from backend.storage.objects import Capabilities, Part, Stored, Upload, refuse_gaps
from backend.storage.s3_bucket import S3Bucket
from backend.storage.s3_capabilities import base64_of
from backend.storage.s3_client import S3Refusal
from backend.storage.s3_values import part_of, stored_of, tag_of

THERE_ALREADY: Final = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict"})

_NO_UPLOAD: Final = frozenset({"NoSuchUpload", "404"})
_OTHER_PARTS: Final = frozenset(
    {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "InvalidRequest", "BadDigest", "MalformedXML"}
)


class S3Uploads:
    """Keeps unfinished uploads in a bucket."""

    def __init__(self, bucket: S3Bucket, capabilities: Callable[[], Capabilities]) -> None:
        self._bucket = bucket
        self._capabilities = capabilities

    def begin(self, key: Key, mime_type: str, part_checksums: bool) -> str:
        """Begins an upload, with checksums where the server checks them."""
        checked = {"ChecksumAlgorithm": "SHA256"} if part_checksums and self._capabilities().checks_parts else {}
        asked = {"Key": key.text, "ContentType": mime_type, **checked}
        return str(self._bucket.ask("create_multipart_upload", asked)["UploadId"])

    def write(self, key: Key, upload_id: str, number: int, body: bytes) -> Part:
        """Brings a part, with its checksum where the server checks it."""
        checksum = sha256(body).hexdigest()
        asked: dict[str, Any] = {**_upload(key, upload_id), "PartNumber": number, "Body": body}
        if self._capabilities().checks_parts:
            asked["ChecksumSHA256"] = base64_of(checksum)
        try:
            answer = self._bucket.ask("upload_part", asked, _NO_UPLOAD)
        except S3Refusal:
            raise NoSuchUpload(key, upload_id) from None
        return Part(number, len(body), tag_of(answer), checksum)

    def parts(self, key: Key, upload_id: str) -> list[Part]:
        """Lists all parts, whatever pages the server has."""
        try:
            pages = list(self._bucket.pages("list_parts", _upload(key, upload_id), _NO_UPLOAD | {"InvalidRequest"}))
        except S3Refusal:
            raise NoSuchUpload(key, upload_id) from None
        rows = [row for page in pages for row in page.get("Parts", [])]
        # SeaweedFS lists a part that was replaced beside the newer one.
        newest = {row["PartNumber"]: row for row in sorted(rows, key=lambda row: row["LastModified"])}
        return [part_of(newest[number]) for number in sorted(newest)]

    def complete(self, key: Key, upload_id: str, parts: Sequence[Part]) -> Stored:
        """Makes the parts the object; S3 compares their tags, and their checksums where it has them."""
        refuse_gaps(parts)
        checked = self._capabilities().checks_parts and all(part.checksum_sha256 for part in parts)
        once = {"IfNoneMatch": "*"} if self._capabilities().refuses_overwriting else {}
        named = {"MultipartUpload": {"Parts": [_named(part, checked) for part in parts]}}
        expected = _NO_UPLOAD | _OTHER_PARTS | THERE_ALREADY
        try:
            self._bucket.ask("complete_multipart_upload", {**_upload(key, upload_id), **named, **once}, expected)
        except S3Refusal as error:
            if error.code in _OTHER_PARTS:
                raise UploadIncomplete(f"The store does not accept these parts ({error.code})") from None
            self.abort(key, upload_id)  # a repeat: the object is there, or never will be
        answer = self._bucket.describe(key.text)
        if answer is None:
            raise NoSuchUpload(key, upload_id)
        return stored_of(key, answer, "parts" if checked else "size")

    def abort(self, key: Key, upload_id: str) -> None:
        """Frees the parts."""
        try:
            self._bucket.ask("abort_multipart_upload", _upload(key, upload_id), _NO_UPLOAD)
        except S3Refusal:
            return

    def list(self) -> Iterator[Upload]:
        """Lists the unfinished uploads of files."""
        for page in self._bucket.pages("list_multipart_uploads", {"Prefix": FILES}):
            for row in page.get("Uploads", []):
                try:
                    yield Upload(Key(row["Key"]), row["UploadId"], row["Initiated"])
                except BadKey:  # somebody else's
                    continue


def _upload(key: Key, upload_id: str) -> dict[str, Any]:
    return {"Key": key.text, "UploadId": upload_id}


def _named(part: Part, checked: bool) -> dict[str, Any]:
    """Writes a part of a completion; where it was uploaded with a checksum S3 wants that again."""
    named: dict[str, Any] = {"PartNumber": part.number, "ETag": f'"{part.etag}"'}
    return {**named, "ChecksumSHA256": base64_of(part.checksum_sha256 or "")} if checked else named
