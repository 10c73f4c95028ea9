"""Opens a bucket: one client that asks, and where clients reach it by another address one that signs."""

from collections.abc import Callable
from datetime import datetime

from backend.storage.buckets import Bucket
from backend.storage.s3 import S3Store
from backend.storage.s3_capabilities import AMAZON
from backend.storage.s3_client import make_client
from backend.storage.s3_provision import BucketProvisioner
from backend.storage.s3_signing import CloudFront, S3Signer
from backend.storage.s3_wanted import BucketReport, WantedBucket


def open_bucket(bucket: Bucket, clock: Callable[[], datetime]) -> S3Store:
    """Opens a bucket with clients of its own, without asking S3 anything; raises `StoreUnavailable`."""
    client = make_client(region=bucket.region, endpoint_url=bucket.endpoint_url)
    public = client
    if bucket.public_endpoint_url:
        public = make_client(region=client.meta.region_name, endpoint_url=bucket.public_endpoint_url)
    is_amazon = "amazonaws.com" in client.meta.endpoint_url
    signer = S3Signer(public, bucket.name, clock)
    cdn = CloudFront(bucket.cdn) if bucket.cdn else None
    return S3Store(client, bucket.name, signer, cdn, AMAZON if is_amazon else None)


def provision_bucket(bucket: Bucket, wanted: WantedBucket, *, plan: bool) -> BucketReport:
    """Sets a bucket up, or says what that would change; raises `StoreUnavailable`."""
    client = make_client(region=bucket.region, endpoint_url=bucket.endpoint_url)
    try:
        return BucketProvisioner(client, wanted).provision(plan)
    finally:
        client.close()
