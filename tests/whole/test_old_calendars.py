"""An old calendar comes in over HTTP as it does on the command line: rehearsed first, by a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from backend.services.old_calendars import OldCalendars
from tests.components.server import Server, StartServer

DEPARTMENTS = '[{"id": 1, "name": "개발팀"}, {"id": 2, "name": "영업부"}]'
EVENTS = """[
 {"id": 10, "department_id": 1, "title": "주간 회의", "date": "2024-01-15", "time": "오후 2:00"},
 {"id": 11, "department_id": 2, "title": "상담", "date": "2024-01-16", "time": ""},
 {"id": 12, "department_id": 9, "title": "어디의 것인지 모를 일", "date": "2024-01-16"}
]"""


def ended(server: Server, identity: str) -> dict[str, Any]:
    """Wait for an import to end."""
    for _ in range(200):
        told: dict[str, Any] = server.request("GET", f"/api/imports/{identity}").json()
        if told["state"] != "running":
            return told
        time.sleep(0.1)
    raise AssertionError("it never ends")


def sent(server: Server, **files: str) -> str:
    identity = str(server.request("POST", "/api/imports").json()["id"])
    for name, text in files.items():
        answer = server.request("PUT", f"/api/imports/{identity}/files/{name}.json", data=text.encode())
        assert answer.status_code == 200, answer.text
    return identity


def test_a_rehearsal_writes_nothing_and_the_import_everything(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server()
    identity = sent(server, departments=DEPARTMENTS, calendar_events=EVENTS)
    server.request("POST", f"/api/imports/{identity}/start", json={"dry_run": True})
    rehearsed = ended(server, identity)
    assert (rehearsed["state"], rehearsed["dry_run"]) == ("done", True)
    assert (rehearsed["report"]["departments"], rehearsed["report"]["events"]) == (2, 2)
    assert [reject["id"] for reject in rehearsed["rejects"]] == ["12"]
    assert server.request("GET", "/api/departments").json() == []
    server.request("POST", f"/api/imports/{identity}/start", json={})
    told = ended(server, identity)
    assert (told["state"], told["report"]["verified"], told["done"]) == ("done", True, 2)
    assert {each["name"] for each in server.request("GET", "/api/departments").json()} == {"개발팀", "영업부"}
    server.request("POST", f"/api/imports/{identity}/start", json={})
    assert ended(server, identity)["report"]["created"] == 0


def test_what_is_no_calendar_fails_with_the_reason(start_server: StartServer) -> None:
    server = start_server()
    identity = sent(server, departments="no JSON at all", calendar_events="[]")
    server.request("POST", f"/api/imports/{identity}/start", json={})
    told = ended(server, identity)
    assert told["state"] == "failed"
    assert "departments.json" in told["detail"]


def test_files_are_bounded_and_have_known_names(start_server: StartServer) -> None:
    server = start_server(IMPORT_MAX_BYTES="2048")
    identity = sent(server)
    for name in ("passwd", "..%2Fdayroom.db", "%00"):
        answer = server.request("PUT", f"/api/imports/{identity}/files/{name}", data=b"x")
        assert answer.status_code in {404, 422}, answer.text
    path = f"/api/imports/{identity}/files/departments.json"
    assert server.request("PUT", path, data=b"x" * 4096).status_code == 413
    chunked = server.request("PUT", path, data=iter([b"x" * 1024] * 4))
    assert chunked.status_code == 413
    answer = server.request("POST", f"/api/imports/{identity}/start", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "upload-incomplete")
    assert server.request("GET", f"/api/imports/{uuid4()}").status_code == 404


@pytest.fixture
def imports(tmp_path: Path) -> tuple[OldCalendars, list[Callable[[], None]]]:
    """Return imports whose work waits in a list."""
    waiting: list[Callable[[], None]] = []
    return OldCalendars(tmp_path, 10_000, run=lambda folder, dry_run: 0, spawn=waiting.append), waiting


def test_one_import_runs_at_a_time(imports: tuple[OldCalendars, list[Callable[[], None]]]) -> None:
    from backend.domain.errors import RateLimited

    calendars, waiting = imports
    first, second = calendars.open()["id"], calendars.open()["id"]
    for identity in (first, second):
        calendars.put(identity, "departments.json", [b"[]"])
    calendars.start(first, dry_run=False)
    for refused in (
        lambda: calendars.start(second, dry_run=False),
        lambda: calendars.put(first, "departments.json", [b"{}"]),
    ):
        with pytest.raises(RateLimited):
            refused()
    waiting.pop()()
    assert calendars.tell(first)["state"] == "done"
    assert calendars.start(second, dry_run=True)["state"] == "running"


def test_an_import_whose_server_died_is_told_as_interrupted(
    imports: tuple[OldCalendars, list[Callable[[], None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    calendars, _ = imports
    identity = calendars.open()["id"]
    calendars.put(identity, "calendar.db", [b"SQLite format 3"])
    calendars.start(identity, dry_run=False)
    later = time.time() + 31
    monkeypatch.setattr("backend.services.old_calendars.time.time", lambda: later)
    assert calendars.tell(identity)["state"] == "interrupted"
    assert calendars.start(identity, dry_run=False)["files"] == ["calendar.db"]
