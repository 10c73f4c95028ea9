"""How a bucket should be set up, as S3 writes it: pure data, with the least rights that the server needs.

Sources: Amazon S3 user guide, "Lifecycle configuration elements", "CORS configuration", "Actions, resources and
condition keys for Amazon S3".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from backend.storage.keys import FILES, INCOMING, PROBES, THUMBNAILS

Rule: TypeAlias = dict[str, Any]

OURS: Final = "dayroom"
"""Begins the names of the rules that are ours; all others are left as they are."""

INCOMPLETE_DAYS: Final = 2
NONCURRENT_DAYS: Final = 30
NEARLINE_DAYS: Final = 30
ARCHIVE_DAYS: Final = 90
CORS_SECONDS: Final = 3000

_EXPOSED: Final = ["ETag", "x-amz-checksum-sha256", "Accept-Ranges", "Content-Range", "Content-Disposition"]
_PUBLIC_ACCESS: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@dataclass(frozen=True, slots=True)
class WantedBucket:
    """Says what the settings ask of a bucket; `lifecycle` is `none`, `glacier_ir` or `deep_archive`."""

    name: str
    origins: Sequence[str]
    lifecycle: str = "none"
    replicate_to: str | None = None
    replication_role: str | None = None


@dataclass(frozen=True, slots=True)
class BucketReport:
    """Says what was changed, or would be, a line each; and what the server does not know, or did not keep."""

    changed: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()


def public_access_block() -> dict[str, bool]:
    """Lets nothing be public, whatever else somebody sets."""
    return dict.fromkeys(_PUBLIC_ACCESS, True)


def encryption() -> Rule:
    """Encrypts with keys that S3 keeps."""
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}


def cors_rule(wanted: WantedBucket) -> Rule:
    """Lets the server's own pages upload, download, and read what they need of the answers."""
    return {
        "ID": OURS,
        "AllowedOrigins": sorted(set(wanted.origins)),
        "AllowedMethods": ["GET", "HEAD", "PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": _EXPOSED,
        "MaxAgeSeconds": CORS_SECONDS,
    }


def lifecycle_rules(wanted: WantedBucket) -> list[Rule]:
    """Frees what nobody will ask for, and has old files kept where it is cheap."""
    rules = [
        _rule("incomplete", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": INCOMPLETE_DAYS}),
        _rule("noncurrent", "", NoncurrentVersionExpiration={"NoncurrentDays": NONCURRENT_DAYS}),
        _rule("markers", "", Expiration={"ExpiredObjectDeleteMarker": True}),
        _rule("incoming", INCOMING, Expiration={"Days": INCOMPLETE_DAYS}),
    ]
    transitions = [{"Days": NEARLINE_DAYS, "StorageClass": "GLACIER_IR"}]
    if wanted.lifecycle == "deep_archive":
        transitions.append({"Days": ARCHIVE_DAYS, "StorageClass": "DEEP_ARCHIVE"})
    return rules if wanted.lifecycle == "none" else [*rules, _rule("archive", FILES, Transitions=transitions)]


def _rule(name: str, prefix: str, **actions: Any) -> Rule:
    return {"ID": f"{OURS}-{name}", "Status": "Enabled", "Filter": {"Prefix": prefix}, **actions}


def replication(wanted: WantedBucket, partition: str = "aws") -> Rule | None:
    """Copies every object to another bucket, as the role that S3 takes on."""
    if not wanted.replicate_to:
        return None
    target = wanted.replicate_to
    rule = {
        "ID": OURS,
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "Destination": {"Bucket": target if target.startswith("arn:") else f"arn:{partition}:s3:::{target}"},
    }
    return {"Role": wanted.replication_role, "Rules": [rule]}


def partition_of(region: str | None) -> str:
    """Tells which of Amazon's partitions a region is in: it begins every ARN."""
    partitions = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for start, name in partitions.items() if (region or "").startswith(start)), "aws")


def server_policy(bucket: str, region: str | None, lifecycle: str, *, is_compatible: bool = False) -> Mapping[str, Any]:
    """Writes the least IAM policy with which the server works; provisioning needs more, once.

    A server that is only compatible is tried out, and may need uploads to go beside: that takes two folders more.
    """
    prefixes = [FILES, THUMBNAILS, *([INCOMING, PROBES] if is_compatible else [])]
    arn = f"arn:{partition_of(region)}:s3:::{bucket}"
    objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    objects += ["s3:ListMultipartUploadParts", *(["s3:RestoreObject"] if lifecycle == "deep_archive" else [])]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DayroomObjects",
                "Effect": "Allow",
                "Action": objects,
                "Resource": [f"{arn}/{prefix}*" for prefix in prefixes],
            },
            {
                "Sid": "DayroomBucket",
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:ListBucketMultipartUploads"],
                "Resource": [arn],
            },
        ],
    }
