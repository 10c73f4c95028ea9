"""Where S3 keeps the objects, and by which addresses clients reach them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cdn:
    """Is a CloudFront distribution in front of the bucket, and the key pair that its addresses are signed with."""

    base_url: str
    key_pair_id: str
    private_key_file: Path


@dataclass(frozen=True, slots=True)
class Bucket:
    """Is where S3 keeps the objects; `public_endpoint_url` is how clients reach it where that differs."""

    name: str
    region: str | None = None
    endpoint_url: str | None = None
    public_endpoint_url: str | None = None
    cdn: Cdn | None = None
