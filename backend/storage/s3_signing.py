"""Signs what clients ask of S3 themselves: each header that must hold is part of the signature.

Sources: Amazon S3 API reference, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)"; for
CloudFront its developer guide, "Create a signed URL using a canned policy".
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from math import ceil
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlencode, urlsplit

from botocore.exceptions import BotoCoreError
from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backend.storage.buckets import Cdn
from backend.storage.errors import StoreUnavailable
from backend.storage.objects import SignedRequest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SIGNED_AT_ONCE: Final = 50
"""Signatures, of 0.2 ms each, before others have their turn."""

_HEADERS: Final = {
    "ContentType": "Content-Type",
    "ChecksumSHA256": "x-amz-checksum-sha256",
    "IfNoneMatch": "If-None-Match",
}


class S3Signer:
    """Signs for one bucket, at the address that clients reach it by."""

    def __init__(self, client: "S3Client", bucket: str, clock: Callable[[], datetime]) -> None:
        self._client: Any = client
        self._bucket = bucket
        self._clock = clock
        self._turns = count(1)

    def put(self, operation: str, key: str, expires_at: datetime, signed: Mapping[str, Any]) -> SignedRequest:
        """Signs `put_object` or `upload_part`; the client repeats the headers."""
        headers = {_HEADERS[name]: str(value) for name, value in signed.items() if name in _HEADERS}
        return self._sign("PUT", operation, {"Key": key, **signed}, headers, expires_at)

    def get(self, key: str, expires_at: datetime, *, disposition: str, mime_type: str) -> SignedRequest:
        """Signs a download under a name and a type."""
        shown = {"ResponseContentDisposition": disposition, "ResponseContentType": mime_type}
        return self._sign("GET", "get_object", {"Key": key, **shown}, {}, expires_at)

    def _sign(
        self,
        method: Literal["GET", "PUT"],
        operation: str,
        asked: Mapping[str, Any],
        headers: Mapping[str, str],
        expires_at: datetime,
    ) -> SignedRequest:
        if next(self._turns) % SIGNED_AT_ONCE == 0:
            time.sleep(0)  # who signs a thousand parts lets others have their turn
        now = self._clock()
        end = min(expires_at, self._credentials_end() or expires_at)
        seconds = max(1, ceil((end - now).total_seconds()))
        try:
            url = self._client.generate_presigned_url(operation, {"Bucket": self._bucket, **asked}, seconds)
        except BotoCoreError as error:
            raise StoreUnavailable(f"S3: {error}") from error
        return SignedRequest(method, url, headers, min(expires_at, now + timedelta(seconds=seconds)))

    def _credentials_end(self) -> datetime | None:
        """Tells when the credentials of a role end, and with them whatever they signed; botocore renews them."""
        credentials = self._client._request_signer._credentials
        end: datetime | None = getattr(credentials, "_expiry_time", None)
        return end

    def origin(self) -> str:
        """Tells where clients send their requests."""
        parts = urlsplit(self._sign("GET", "get_object", {"Key": "x"}, {}, self._clock()).url)
        return f"{parts.scheme}://{parts.netloc}"


class CloudFront:
    """Signs downloads from a CloudFront distribution; its key group must know the key pair."""

    def __init__(self, cdn: Cdn) -> None:
        try:
            key = load_pem_private_key(cdn.private_key_file.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise StoreUnavailable(f"CDN_PRIVATE_KEY_FILE: {error}") from error
        if not isinstance(key, rsa.RSAPrivateKey):
            raise StoreUnavailable("CDN_PRIVATE_KEY_FILE: CloudFront's signed URLs want an RSA key")
        self._base = cdn.base_url
        # CloudFront's own rule: SHA-1 with PKCS #1 v1.5.
        self._signer = CloudFrontSigner(cdn.key_pair_id, lambda message: key.sign(message, padding.PKCS1v15(), SHA1()))

    def get(self, key: str, expires_at: datetime, *, disposition: str, mime_type: str) -> SignedRequest:
        """Signs a download under a name and a type, which the distribution must pass on."""
        shown = {"response-content-disposition": disposition, "response-content-type": mime_type}
        address = f"{self._base}/{key}?{urlencode(shown)}"
        return SignedRequest("GET", self._signer.generate_presigned_url(address, expires_at), {}, expires_at)

    def origin(self) -> str:
        """Tells where clients send their requests."""
        parts = urlsplit(self._base)
        return f"{parts.scheme}://{parts.netloc}"
