"""A SQLite file on a full disk, or one that can only be read: 503 until it is well again, and nothing half written."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from backend.repositories.examination import faults
from backend.repositories.sqlite import SQLiteDatabase
from tests.components.server import Server, StartServer
from tests.in_process import Api, code_of, json_of, made, serving
from tests.replica import digest_of

DESCRIPTION = "가" * 4000


@contextmanager
def file_size(server: Server, most: int) -> Iterator[None]:
    """Lets no file of a server grow beyond a size, as a full disk would."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_503_and_no_restart_is_needed(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(LOG_LEVEL="error", DATA_DIR=str(tmp_path / "data"))
    department = server.create_department("영업부")
    kept = {server.create_event(department, "전", description=DESCRIPTION)["id"]}
    grown = max(path.stat().st_size for path in (tmp_path / "data").iterdir())
    refused = 0
    with file_size(server, grown + 40_000):
        for _ in range(12):
            event = str(uuid4())
            body = {"id": event, "title": "글", "event_date": "2024-01-15", "description": DESCRIPTION}
            answer = server.request("POST", f"/api/events/{department}", json=body)
            if answer.status_code == 201:
                kept.add(event)
                continue
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), answer.text
            assert int(answer.headers["Retry-After"]) > 0
            refused += 1
            assert server.request("GET", f"/api/events/{department}").status_code == 200, "it can still be read"
    assert refused > 3
    again = server.request("POST", f"/api/events/{department}", json={**body, "id": str(uuid4())})
    assert again.status_code == 201, "there is space again"
    kept.add(again.json()["id"])
    assert {event["id"] for event in server.request("GET", f"/api/events/{department}").json()} == kept
    assert server.terminate() == 0
    assert_nothing_is_half_written(tmp_path / "data" / "dayroom.db")


def assert_nothing_is_half_written(path: Path) -> None:
    """Asserts that a database is sound, as SQLite's and as ours."""
    database = SQLiteDatabase(path)
    assert list(faults(database, datetime.now(UTC))) == []
    assert [row[0] for row in database._reader.execute("PRAGMA integrity_check")] == ["ok"]
    database.close()


@contextmanager
def full(database: SQLiteDatabase) -> Iterator[None]:
    """Lets a file have no more pages than it has: SQLite then says what it says of a full disk."""
    writer = database._writer
    before = writer.execute("PRAGMA max_page_count").fetchone()[0]
    writer.execute("PRAGMA max_page_count = 1")  # it becomes as many as there are
    yield
    writer.execute(f"PRAGMA max_page_count = {before}")


@contextmanager
def read_only(database: SQLiteDatabase) -> Iterator[None]:
    """Lets a connection write no more: SQLite then says what it says of a file that may only be read."""
    database._writer.execute("PRAGMA query_only = 1")
    yield
    database._writer.execute("PRAGMA query_only = 0")


@pytest.mark.parametrize("trouble", [full, read_only], ids=lambda trouble: trouble.__name__)
def test_what_cannot_be_written_is_503_and_nothing_of_it_stays(trouble: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "dayroom.db"
    database = SQLiteDatabase(path)
    with serving(database) as api:
        department = api.department()["id"]
        event = api.event(department, description=DESCRIPTION)
        before = seen(api, department)
        with trouble(database):
            answers = [
                api.post(f"/api/events/{department}", {"title": "글", "event_date": "2024-01-15", "description": text})
                for text in [DESCRIPTION] * 5
            ]
            answers.append(api.post("/api/departments", {"name": "x" * 200, "description": "y" * 900}))
            answers.append(api.put(f"/api/events/{event['id']}", {"description": DESCRIPTION * 4}))
            assert [code_of(answer) for answer in answers if answer.status_code >= 300][-1] == (503, "unavailable")
            refused = [answer for answer in answers if answer.status_code >= 300]
            assert {code_of(answer) for answer in refused} == {(503, "unavailable")}
            assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
            there = seen(api, department)
            assert len(there["events"]) - len(before["events"]) == sum(
                answer.status_code == 201 for answer in answers[:5]
            )
        made(api.post(f"/api/events/{department}", {"title": "후", "event_date": "2024-01-15"}))
        entries = api.changes(department, f"since={there['head'].split(':')[0]}:0")
        assert [change["seq"] for change in entries["changes"]] == list(range(1, len(entries["changes"]) + 1))
        living = [("event", each["id"], each["version"]) for each in api.events(department)]
        assert entries["digest"] == digest_of(living)
    assert_nothing_is_half_written(path)


def seen(api: Api, department: str) -> dict[str, Any]:
    """Is what a client sees of a department."""
    events = json_of(api.get(f"/api/events/{department}"))
    return {"events": events, "head": api.changes(department, "since=latest")["head"]}
