"""kill -9 at every step of an upload leaves nothing that housekeeping does not end: no orphan in either direction."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backend.domain import parts
from backend.repositories.purging import purge
from backend.repositories.sqlite import SQLiteDatabase
from backend.services.backups import examine
from backend.storage.filesystem import FolderStore
from backend.storage.keys import file_key
from backend.storage.s3 import S3Store
from backend.storage.s3_signing import S3Signer
from tests.files import dying_client
from tests.files.bench import Bench, bench
from tests.in_process import Clock
from tests.whole.calendars import Silent


@contextmanager
def opened(folder: Path, clock: Clock, words: list[str], department: str | None = None) -> Iterator[Bench]:
    store: Any = FolderStore(folder / "objects", lambda: b"secret", clock=clock)
    if words:
        from tests.components.s3 import S3Server

        client = S3Server(*words[:3]).client()
        store = S3Store(client, words[3], S3Signer(client, words[3], clock))
    with bench(store, folder / "cache", clock, SQLiteDatabase(folder / "dayroom.db"), department) as made:
        yield made


def ends(folder: Path) -> dict[str, dict[str, Any]]:
    """Tell how far each life came."""
    lives: dict[str, dict[str, Any]] = {}
    for line in (folder / "reached").read_text().splitlines():
        said = json.loads(line)
        lives.setdefault(said["id"], {}).update(said)
    return lives


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let parts be here as small as they are where the client dies."""
    monkeypatch.setattr(parts, "SINGLE_BYTES", dying_client.PART)
    monkeypatch.setattr(parts, "LEAST_PART", dying_client.PART)


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_after_a_death_at_every_step_housekeeping_leaves_no_orphan_and_completes_what_is_whole(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    words: list[str] = []
    if kind == "s3":
        server = request.getfixturevalue("s3_server")
        words = [server.endpoint, server.access_key, server.secret_key, server.make_bucket()]
    clock = Clock(datetime.now(UTC).isoformat())
    with opened(tmp_path, clock, words) as calendar:
        command = [sys.executable, dying_client.__file__, str(tmp_path), calendar.department, *words]
        died = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert (died.returncode, died.stderr) == (0, "")
        deaths = {flow: (int(steps), status) for flow, steps, status in map(str.split, died.stdout.splitlines())}
        assert {status for _, status in deaths.values()} == {"0"}, "each flow was lived to its end at last"
        assert all(steps > 3 for steps, _ in deaths.values()), deaths
        for hours in (1, 25, 1):
            clock.advance(hours=hours)
            calendar.care.housekeeping.tend()
            calendar.repair(cautious=True)
        check(calendar, ends(tmp_path), clock)


def check(calendar: Bench, lives: dict[str, dict[str, Any]], clock: Clock) -> None:
    rows = {row["id"]: row for row in calendar.rows()}
    ready = {id_ for id_, row in rows.items() if row.get("status") == "ready"}
    whole = {id_ for id_, life in lives.items() if life.get("whole") and not life.get("cancelled")}
    assert whole <= ready
    left = [row for row in rows.values() if row["id"] not in ready and "deleted_at" not in row]
    assert {(row["status"], row["failure"]["code"]) for row in left} <= {("failed", "abandoned")}
    for id_ in ready:
        with calendar.store.read(file_key(id_)) as chunks:
            expected = dying_client.PHOTO if lives[id_]["flow"] == "photo" else b"".join(dying_client.FILM)
            assert b"".join(chunks) == expected
        if lives[id_]["flow"] == "photo":
            assert rows[id_]["thumbnail"]["status"] == "ready"
    pictures = {id_ for id_ in ready if lives[id_]["flow"] == "photo"}
    assert sorted(calendar.keys()) == sorted(
        [f"files/{id_}" for id_ in ready] + [f"thumbnails/{i}.webp" for i in pictures]
    )
    assert (calendar.uploads(), calendar.faults()) == (0, [])
    assert list(examine(calendar.database, Silent(), clock)) == []
    clock.advance(days=40)
    purge(calendar.database, clock(), discard=calendar.care.discard)
    assert {row["id"] for row in calendar.rows() if "deleted_at" in row} == set()
    assert calendar.faults() == []
