"""Fixtures of files: calendars whose files lie in a folder, and in a bucket of a server that checks signatures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.storage.filesystem import FolderStore
from backend.storage.s3 import S3Store
from backend.storage.s3_signing import S3Signer
from backend.storage.store import ObjectStore
from tests.components.s3 import S3Server
from tests.files.bench import Bench, bench
from tests.in_process import Clock


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at now: S3 has one of its own, and signatures compare them."""
    return Clock(datetime.now(UTC).isoformat())


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[ObjectStore]:
    """Yield an empty object store of either kind."""
    if request.param == "folder":
        yield FolderStore(tmp_path / "objects", lambda: b"secret", clock=clock)
    else:
        with closing(bucket_of(request.getfixturevalue("s3_server"), clock)) as made:
            yield made


def bucket_of(server: S3Server, clock: Clock) -> S3Store:
    """Make a bucket, and open it."""
    client, bucket = server.client(), server.make_bucket()
    return S3Store(client, bucket, S3Signer(client, bucket, clock))


@pytest.fixture
def calendar(store: ObjectStore, tmp_path: Path, clock: Clock) -> Iterator[Bench]:
    """Yield a calendar on that store."""
    with bench(store, tmp_path / "cache", clock) as made:
        yield made
