"""Sets a bucket up: compares what is wanted with what is there, makes up the difference, and looks whether it stayed.

Compatible servers lack some of it, and some of them accept a rule and drop it without a word: both are reported.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from backend.storage.errors import StoreUnavailable
from backend.storage.keys import PROBES
from backend.storage.s3_bucket import S3Bucket
from backend.storage.s3_client import COMPATIBLE_REGION, S3Refusal
from backend.storage.s3_configurations import Configuration, Item, configurations
from backend.storage.s3_wanted import BucketReport, WantedBucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NO_BUCKET: Final = frozenset({"404", "NoSuchBucket"})
_NOT_SET: Final = frozenset(
    {
        "NoSuchBucket",
        "NoSuchCORSConfiguration",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "ReplicationConfigurationNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
_NOT_KNOWN: Final = frozenset(
    {"NotImplemented", "MethodNotAllowed", "XNotImplemented", "501", "405", "UnsupportedOperation"}
)
_NOT_TAKEN: Final = _NOT_KNOWN | {"InvalidArgument", "InvalidRequest", "MalformedXML", "InvalidStorageClass"}


_LOOKS: Final = (0.0, 1.0, 2.0)
"""Seconds before each look at what was written."""


class BucketProvisioner:
    """Works on one bucket; `sleep` waits for what a server keeps, but does not show yet."""

    def __init__(self, client: "S3Client", wanted: WantedBucket, sleep: Callable[[float], None] = time.sleep) -> None:
        self._bucket = S3Bucket(client, wanted.name)
        self._wanted = wanted
        self._sleep = sleep
        self._region = str(client.meta.region_name)

    def provision(self, plan: bool) -> BucketReport:
        """Makes what is missing; with `plan` it only looks. Raises `StoreUnavailable`."""
        reports = [self._make_bucket(plan)]
        reports += [self._settle(each, plan) for each in configurations(self._wanted, self._region)]
        changed = [line for report in reports for line in report.changed]
        return BucketReport(tuple(changed), tuple(line for report in reports for line in report.unsupported))

    def _make_bucket(self, plan: bool) -> BucketReport:
        try:
            self._bucket.ask("head_bucket", {}, _NO_BUCKET)
        except S3Refusal:
            if not plan:
                place = {"CreateBucketConfiguration": {"LocationConstraint": self._region}}
                self._bucket.ask("create_bucket", {} if self._region == COMPATIBLE_REGION else place)
            return BucketReport((f"create bucket {self._wanted.name}",))
        return BucketReport()

    def _settle(self, configuration: Configuration, plan: bool) -> BucketReport:
        """Sees to one configuration, and looks again at what became of it."""
        found = self._read(configuration)
        if found is None:
            return BucketReport(unsupported=tuple(f"{each.line}: not known" for each in configuration.items))
        missing = [each for each in configuration.items if not each.is_there(found)]
        if plan or not missing:
            return BucketReport(tuple(each.line for each in missing))
        taken = self._write(configuration, found, missing)
        kept = self._kept(configuration, taken)
        if kept and configuration.undo and not self._can_be_written():
            self._bucket.ask(configuration.undo, {})
            return BucketReport(
                unsupported=tuple(f"{each.line}: nothing can be written then; taken back" for each in kept)
            )
        refused = [f"{each.line}: not known" for each in missing if each not in taken]
        dropped = [f"{each.line}: accepted, but not kept" for each in taken if each not in kept]
        return BucketReport(tuple(each.line for each in kept), (*refused, *dropped))

    def _write(self, configuration: Configuration, found: Mapping[str, Any], missing: Sequence[Item]) -> list[Item]:
        """Writes everything at once, or else one by one; gives what the server took."""
        there = [each for each in configuration.items if each not in missing]
        if self._takes(configuration, found, [*there, *missing]):
            return list(missing)
        taken: list[Item] = []
        for item in missing if len(configuration.items) > 1 else ():
            if self._takes(configuration, found, [*there, *taken, item]):
                taken.append(item)
        return taken

    def _takes(self, configuration: Configuration, found: Mapping[str, Any], items: Sequence[Item]) -> bool:
        try:
            self._bucket.ask(configuration.write, configuration.request(found, items), _NOT_TAKEN)
        except S3Refusal:
            return False
        return True

    def _kept(self, configuration: Configuration, taken: Sequence[Item]) -> list[Item]:
        """Looks which items stayed; Amazon shows some of them a moment later."""
        kept: list[Item] = []
        for pause in _LOOKS:
            self._sleep(pause)
            found = self._read(configuration) or {}
            kept = [each for each in taken if each.is_there(found)]
            if len(kept) == len(taken):
                break
        return kept

    def _can_be_written(self) -> bool:
        """Tells whether the bucket still takes objects: SeaweedFS without a key accepts encryption, and then fails."""
        probe = {"Key": f"{PROBES}{uuid4().hex}"}
        try:
            self._bucket.ask("put_object", {**probe, "Body": b""})
        except StoreUnavailable:
            return False
        self._bucket.ask("delete_object", probe)
        return True

    def _read(self, configuration: Configuration) -> Mapping[str, Any] | None:
        """Reads how it is; None where the server knows no such thing."""
        try:
            answer: Mapping[str, Any] = self._bucket.ask(configuration.read, {}, _NOT_SET | _NOT_KNOWN)
        except S3Refusal as refusal:
            return None if refusal.code in _NOT_KNOWN else {}
        return answer
