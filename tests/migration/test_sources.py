"""A source is recognised by its content and never altered; one that cannot be read is refused in one line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import TABLES
from tests.migration.conftest import Migrate
from tests.migration.runs import people, write_source

TEAMS = [{"id": 1, "name": "개발팀"}, {"id": 2, "name": "인사팀"}]
MEETING = {"id": 7, "title": "회의", "time": "오후 2:00"}

SHAPES: dict[str, tuple[Any, Any]] = {
    "flat": (TEAMS, [{**MEETING, "department_id": 2, "event_date": "2024-01-15"}]),
    "ids as text": (
        [{"id": "2", "name": "인사팀"}],
        [{**MEETING, "id": "7", "department_id": "2", "event_date": "2024-01-15"}],
    ),
    "wrapped answers": (
        {"success": True, "departments": TEAMS},
        {"success": True, "events": [{**MEETING, "department_id": 2, "event_date": "2024-01-15"}]},
    ),
    "camelCase by date": (
        {"Departments": [{"Id": 2, "Name": "인사팀"}]},
        {"2024-01-15": [{"id": 7, "departmentId": 2, "title": "회의", "time": "오후 2:00", "lastModified": None}]},
    ),
    "by department": (TEAMS, {"2": [{**MEETING, "event_date": "2024-01-15"}]}),
    "by date and department": (TEAMS, {"2024-01-15": {"2": [MEETING]}}),
    "by the events' ids": (TEAMS, {"7": {**MEETING, "id": None, "department_id": 2, "event_date": "2024-01-15"}}),
    "a date with its midnight": (TEAMS, [{**MEETING, "department_id": 2, "event_date": "2024-01-15T00:00:00"}]),
    "its place and itself": (
        TEAMS,
        {"2": {"2024-01-15": [{**MEETING, "department_id": 2, "event_date": "2024-01-15"}]}},
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_variant_of_a_shape_is_read_too(shape: str, migrate: Migrate, data_dir: Path, tmp_path: Path) -> None:
    run = migrate(write_source(tmp_path / "s", *SHAPES[shape]))
    assert (run.status, run.rejects) == (0, []), run.said
    with people(data_dir) as someone:
        found = someone.events("인사팀")
    assert [(event["title"], event["event_date"], event["start_time"]) for event in found] == [
        ("회의", "2024-01-15", "14:00")
    ]
    assert found[0]["id"] == "9ae03505-17ed-5794-b2fb-667da1e57a39"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_understood(encoding: str, migrate: Migrate, tmp_path: Path) -> None:
    source = write_source(tmp_path / "s", [], [])
    (source / "departments.json").write_text(json.dumps(TEAMS, ensure_ascii=False, indent=1), encoding, newline="\r\n")
    run = migrate(source)
    assert run.report is not None
    assert run.report["departments"] == 2


def test_a_key_that_stands_twice_loses_nothing(migrate: Migrate, tmp_path: Path) -> None:
    source = write_source(tmp_path / "s", TEAMS, [])
    day = '"2024-01-15": [{"id": %d, "departmentId": 1, "title": "회의"}]'
    (source / "calendar_events.json").write_text("{" + day % 1 + "," + day % 2 + "}", "utf-8")
    run = migrate(source)
    assert run.report is not None
    assert run.report["events"] == 2


def old_file(path: Path, journal: str) -> sqlite3.Connection:
    """Make an old SQLite file whose last row is still in its journal; it stays so until the connection is closed."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE departments(id integer primary key, name text)")
    connection.execute(
        "CREATE TABLE events(id integer primary key, department_id integer, event_date text, title text)"
    )
    connection.execute("INSERT INTO departments VALUES (1, '개발팀')")
    connection.execute("INSERT INTO events VALUES (1, 1, '2024-01-15', '회의')")
    return connection


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_what_is_only_in_a_write_ahead_log_is_read_and_the_source_is_not_altered(
    migrate: Migrate, tmp_path: Path
) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    with closing(old_file(folder / "calendar.db", "WAL")):
        shutil.copytree(folder, tmp_path / "left")  # as a program that crashed leaves it: without its lock
    left = tmp_path / "left"
    (left / "calendar.db-shm").unlink()
    assert (left / "calendar.db-wal").stat().st_size > 0
    before = contents(left)
    run = migrate(left / "calendar.db")
    assert run.report is not None
    assert (run.status, run.report["events"]) == (0, 1)
    assert contents(left) == before


def test_half_a_transaction_of_a_crashed_program_is_not_read(migrate: Migrate, data_dir: Path, tmp_path: Path) -> None:
    folder, left = tmp_path / "old", tmp_path / "left"
    folder.mkdir()
    with closing(old_file(folder / "calendar.db", "DELETE")) as connection:
        connection.execute("PRAGMA cache_size = 1")
        rows = [(number, 1, "2024-01-15", f"전 {'가' * 150}") for number in range(2, 500)]
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", rows)
        connection.execute("BEGIN")
        connection.execute("UPDATE events SET title = '후' || substr(title, 2)")
        shutil.copytree(folder, left)
    assert "후".encode() in (left / "calendar.db").read_bytes(), "nothing of the transaction is in the file yet"
    before = contents(left)
    run = migrate(left / "calendar.db")
    assert (run.status, contents(left)) == (0, before)
    with people(data_dir) as someone:
        titles = {event["title"][0] for event in someone.events("개발팀")}
    assert titles == {"회", "전"}


def test_a_source_that_is_read_only_is_read(legacy: Path, migrate: Migrate, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    shutil.copyfile(legacy / "calendar.db", folder / "renamed.json")  # its name says nothing
    (folder / "renamed.json").chmod(0o400)
    folder.chmod(0o500)
    try:
        assert migrate(folder / "renamed.json", "--dry-run").status == 1
    finally:
        folder.chmod(0o700)


EVENTS_FILES = {
    "not JSON": b'[{"id": 1,',
    "not UTF-8": '[{"title": "회의"}]'.encode("cp949"),
    "brackets": b"[" * 100_000,
    "no rows": '"회의"'.encode(),
    "not a number": b'[{"id": NaN}]',
    "a member twice": b'[{"id": 1, "title": "a", "title": "b"}]',
}


def make_unreadable(kind: str, folder: Path) -> Path:
    source = write_source(folder / "s", TEAMS, [])
    events = source / "calendar_events.json"
    match kind:
        case "missing":
            return folder / "nowhere"
        case "no events":
            events.unlink()
        case "a text file":
            return events
        case "another program's database":
            with closing(sqlite3.connect(folder / "x.db")) as connection, connection:
                connection.execute("CREATE TABLE songs(id)")
            return folder / "x.db"
        case "a damaged database":
            (folder / "x.db").write_bytes(b"SQLite format 3\0" + b"damage" * 1000)
            return folder / "x.db"
        case "Dayroom's own":
            with closing(SQLiteDatabase(folder / "dayroom.db")) as database:
                database.provision(TABLES)
            return folder / "dayroom.db"
        case _:
            events.write_bytes(EVENTS_FILES[kind])
    return source


UNREADABLE = {
    "missing": "nowhere does not exist",
    "no events": "there is no calendar_events.json",
    "not JSON": "calendar_events.json is not JSON",
    "not UTF-8": "calendar_events.json is not UTF-8",
    "brackets": "calendar_events.json is nested too deeply",
    "no rows": "holds no rows",
    "not a number": "NaN is no number",
    "a member twice": "the member 'title' is there twice",
    "a text file": "is neither a SQLite file nor a folder",
    "another program's database": "is no old calendar",
    "a damaged database": "cannot be read",
    "Dayroom's own": "is a Dayroom database in which there is nothing yet",
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_2_and_one_line(kind: str, migrate: Migrate, data_dir: Path, tmp_path: Path) -> None:
    run = migrate(make_unreadable(kind, tmp_path))
    assert (run.status, run.report) == (2, None)
    assert UNREADABLE[kind] in run.said
    assert len(run.said.splitlines()) == 1
    assert not data_dir.exists()
