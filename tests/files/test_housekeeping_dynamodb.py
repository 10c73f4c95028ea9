"""The index of what is unfinished works on DynamoDB, too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from backend.domain import parts
from backend.repositories.dynamodb import DynamoDatabase
from backend.repositories.purging import purge
from backend.repositories.tables import TABLES
from backend.services.housekeeping import Tended
from backend.services.writing import Intent
from backend.storage.filesystem import FolderStore
from tests.contract.making import client_of
from tests.files.bench import bench
from tests.files.pictures import picture
from tests.in_process import Clock


def test_unfinished_uploads_and_thumbnails_are_found_ended_and_purged(dynamodb_endpoint: str, tmp_path: Path) -> None:
    clock, prefix = Clock(datetime.now(UTC).isoformat()), f"0{uuid4().hex[:12]}"
    database = DynamoDatabase(client_of(dynamodb_endpoint), {table.name: f"{prefix}-{table.name}" for table in TABLES})
    store = FolderStore(tmp_path / "objects", lambda: b"secret", clock=clock)
    with bench(store, tmp_path / "cache", clock, database) as calendar:
        photo = calendar.announce(len(picture()), mime_type="image/jpeg")
        calendar.put(photo, picture())
        film = calendar.announce(parts.SINGLE_BYTES + 1, part_checksums=True)
        calendar.put_part(film, 1, bytes(parts.size_of_part(parts.SINGLE_BYTES + 1, 1)))
        tended = []
        for minutes in (16, 16, 25 * 60):
            clock.advance(minutes=minutes)
            tended.append(calendar.care.housekeeping.tend())
        assert tended == [Tended(completed=1), Tended(thumbnails=1), Tended(abandoned=1)]
        assert not calendar.care.housekeeping.has_work()
        assert (calendar.uploads(), calendar.faults()) == (0, [])
        calendar.files.attachments.delete(photo["id"], Intent())
        clock.advance(days=31)
        assert purge(database, clock(), discard=calendar.care.discard).tombstones == 1
        assert calendar.keys() == []
