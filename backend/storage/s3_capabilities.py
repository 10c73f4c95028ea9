"""What an S3 server checks by itself. Amazon's is known; any other is tried out: many accept what they then ignore."""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from backend.storage.keys import PROBES
from backend.storage.objects import Capabilities
from backend.storage.s3_client import S3Refusal, call

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AMAZON: Final = Capabilities(
    "s3",
    checks_whole=True,
    checks_parts=True,
    checks_whole_of_parts=False,
    refuses_overwriting=True,
    archives=True,
)

_REFUSALS: Final = {
    "BadDigest",
    "InvalidDigest",
    "XAmzContentChecksumMismatch",
    "InvalidRequest",
    "InvalidArgument",
    "InvalidStorageClass",
    "PreconditionFailed",
    "NotImplemented",
    "412",
    "400",
    "501",
}
_BODY: Final = b"Dayroom"


def base64_of(checksum: str) -> str:
    """Writes a SHA-256 as S3 wants it."""
    return b64encode(bytes.fromhex(checksum)).decode()


def try_out(client: "S3Client", bucket: str) -> Capabilities:
    """Tries what the server refuses, on an object that is removed again; raises `StoreUnavailable`."""
    place: dict[str, Any] = {"Bucket": bucket, "Key": f"{PROBES}{uuid4().hex}"}
    right = base64_of(sha256(_BODY).hexdigest())
    wrong = base64_of(sha256(b"").hexdigest())
    untyped: Any = client  # its types know no requests that are put together
    try:
        return Capabilities(
            "s3-compatible",
            checks_whole=_refuses(lambda: untyped.put_object(**place, Body=_BODY, ChecksumSHA256=wrong)),
            archives=not _refuses(
                lambda: untyped.put_object(
                    **place, Body=_BODY, ChecksumSHA256=right, StorageClass="INTELLIGENT_TIERING"
                )
            ),
            refuses_overwriting=_refuses_overwriting(untyped, place),
            checks_parts=_checks_parts(untyped, place, wrong),
            checks_whole_of_parts=False,
        )
    finally:
        call(lambda: untyped.delete_object(**place))


def _refuses_overwriting(client: Any, place: dict[str, Any]) -> bool:
    call(lambda: client.put_object(**place, Body=_BODY))
    return _refuses(lambda: client.put_object(**place, Body=b"", IfNoneMatch="*"))


def _checks_parts(client: Any, place: dict[str, Any], wrong: str) -> bool:
    try:
        begun = call(lambda: client.create_multipart_upload(**place, ChecksumAlgorithm="SHA256"), _REFUSALS)
    except S3Refusal:
        return False
    upload = {**place, "UploadId": begun["UploadId"]}
    try:
        return _refuses(lambda: client.upload_part(**upload, PartNumber=1, Body=_BODY, ChecksumSHA256=wrong))
    finally:
        call(lambda: client.abort_multipart_upload(**upload), {"NoSuchUpload"})


def _refuses(ask: Callable[[], Any]) -> bool:
    try:
        call(ask, _REFUSALS)
    except S3Refusal:
        return True
    return False
