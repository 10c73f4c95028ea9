"""Opens the object store that the settings name."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from backend.storage.buckets import Bucket, Cdn
from backend.storage.disk import Offload, at_once
from backend.storage.filesystem import FolderStore
from backend.storage.secret import secret_key
from backend.storage.store import ObjectStore

OBJECTS_FOLDER: Final = "objects"
"""Is in `DATA_DIR`."""


class StoreSettings(Protocol):
    """Is what the settings say of the object store; see docs/settings.md for each."""

    @property
    def object_store(self) -> str: ...  # noqa: D102
    @property
    def data_dir(self) -> Path: ...  # noqa: D102
    @property
    def secret_key(self) -> str | None: ...  # noqa: D102
    @property
    def s3_bucket(self) -> str | None: ...  # noqa: D102
    @property
    def aws_region(self) -> str | None: ...  # noqa: D102
    @property
    def aws_endpoint_url_s3(self) -> str | None: ...  # noqa: D102
    @property
    def s3_public_endpoint_url(self) -> str | None: ...  # noqa: D102
    @property
    def cdn_base_url(self) -> str | None: ...  # noqa: D102
    @property
    def cdn_key_pair_id(self) -> str | None: ...  # noqa: D102
    @property
    def cdn_private_key_file(self) -> Path | None: ...  # noqa: D102


def open_store(
    settings: StoreSettings,
    *,
    offload: Offload = at_once,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ObjectStore:
    """Opens the bucket, or the folder `objects` in `DATA_DIR`, without making anything; raises `StoreUnavailable`.

    Only what is named is imported, so that a machine with a folder never loads boto3.
    """
    if settings.object_store == "s3":
        from backend.storage.s3_opening import open_bucket

        return open_bucket(bucket_of(settings), clock)
    root, data_dir, secret = settings.data_dir / OBJECTS_FOLDER, settings.data_dir, settings.secret_key
    return FolderStore(root, lambda: secret_key(secret, data_dir), offload=offload, clock=clock)


def bucket_of(settings: StoreSettings) -> Bucket:
    """Tells which bucket the settings name, and how clients reach it."""
    base, pair, file = settings.cdn_base_url, settings.cdn_key_pair_id, settings.cdn_private_key_file
    return Bucket(
        settings.s3_bucket or "",
        region=settings.aws_region,
        endpoint_url=settings.aws_endpoint_url_s3,
        public_endpoint_url=settings.s3_public_endpoint_url,
        cdn=Cdn(base, pair, file) if base and pair and file else None,
    )
