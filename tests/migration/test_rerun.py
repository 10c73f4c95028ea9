"""Running again changes nothing, resumes what was killed, and leaves alone what people have done since."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.migration.conftest import Migrate
from tests.migration.runs import SHAPES, People, people, write_source
from toolchain.steps import ROOT

TEAM = {"id": 1, "name": "개발팀", "description": "3층", "created_at": "2023-06-15 05:08:00"}
EVENT = {
    "id": 1,
    "department_id": 1,
    "title": "회의",
    "event_date": "2024-01-15",
    "time": "오후 2:00",
    "last_modified": "2024-01-02 03:04:05",
}


def counts(report: dict[str, Any] | None) -> tuple[int, int, int]:
    assert report is not None
    return report["created"], report["unchanged"], report["changed_since"]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_second_run_changes_nothing_whichever_shape_it_reads(
    shape: str, legacy: Path, migrate: Migrate, imported: Path
) -> None:
    with people(imported) as someone:
        before = someone.heads()
    run = migrate(legacy / shape)
    assert counts(run.report) == (0, 2012, 0)
    assert run.report is not None
    assert run.report["verified"]
    with people(imported) as someone:
        assert someone.heads() == before


def stored_events(data_dir: Path) -> int:
    """Count what a running import has committed; 0 while there is no table yet."""
    try:
        with closing(sqlite3.connect(f"file:{data_dir / 'dayroom.db'}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def kill_when(data_dir: Path, least: int, source: Path) -> int:
    """Start an import, kill -9 it as soon as it has brought so many events, and return how many there are then."""
    command = [sys.executable, "-m", "migrations_scripts.migrate_to_dynamodb", str(source)]
    environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE": "sqlite"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None and stored_events(data_dir) < least:
            time.sleep(0.002)
        process.kill()
    assert process.returncode == -signal.SIGKILL, "the import was over before it could be killed"
    return stored_events(data_dir)


def test_a_run_that_was_killed_is_resumed_by_running_again(
    legacy: Path, migrate: Migrate, data_dir: Path, imported_once: Path
) -> None:
    source = legacy / "json-nested"
    first = kill_when(data_dir, 64, source)
    second = kill_when(data_dir, first + 256, source)
    assert 0 < first < second < 2000
    run = migrate(source)
    assert counts(run.report)[0] == 2000 - second
    assert sum(counts(run.report)) == 2012
    with people(data_dir) as someone, people(imported_once) as other:
        assert someone.everything() == other.everything()
        logs = [head.split(":")[1] for head in someone.heads().values()]
        assert sorted(logs) == sorted(head.split(":")[1] for head in other.heads().values())


@pytest.fixture
def event(someone: People) -> dict[str, Any]:
    """Return an event that was imported."""
    return someone.events("인사팀")[0]


def test_what_people_edited_is_left_alone(
    legacy: Path, migrate: Migrate, someone: People, event: dict[str, Any]
) -> None:
    edited = someone.ask("PUT", f"events/{event['id']}", title="사람이 고침")
    run = migrate(legacy / "calendar.db")
    assert counts(run.report) == (0, 2011, 1)
    assert run.report is not None
    assert run.report["verified"]
    assert "left alone: 1 rows" in run.said
    assert someone.ask("GET", f"events/{event['department_id']}/{event['id']}") == edited


def test_what_people_edited_back_or_only_coloured_is_left_alone_too(
    legacy: Path, migrate: Migrate, someone: People, event: dict[str, Any]
) -> None:
    other = someone.events("인사팀")[1]
    for title in ("다른 제목", event["title"]):
        someone.ask("PUT", f"events/{event['id']}", title=title)
    someone.ask("PUT", f"events/{other['id']}", color="#ff0000")
    assert counts(migrate(legacy / "calendar.db").report) == (0, 2010, 2)


def test_what_people_deleted_stays_deleted(
    legacy: Path, migrate: Migrate, someone: People, event: dict[str, Any]
) -> None:
    someone.ask("DELETE", f"events/{event['id']}")
    assert counts(migrate(legacy / "calendar.db").report) == (0, 2011, 1)
    assert event["id"] not in {each["id"] for each in someone.events("인사팀")}


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_a_department_that_people_deleted_stays_deleted_with_its_events(
    arguments: tuple[str, ...], legacy: Path, migrate: Migrate, someone: People
) -> None:
    department = someone.departments()["인사팀"]
    someone.ask("DELETE", f"departments/{department['id']}")
    run = migrate(legacy / "calendar.db", *arguments)
    assert counts(run.report) == (0, 2012 - 139, 139)
    assert "인사팀" not in someone.departments()


def test_a_department_that_people_renamed_keeps_its_new_name(legacy: Path, migrate: Migrate, someone: People) -> None:
    department = someone.departments()["인사팀"]
    someone.ask("PUT", f"departments/{department['id']}", name="인재팀")
    run = migrate(legacy / "calendar.db")
    assert counts(run.report) == (0, 2011, 1)
    assert run.report is not None
    assert run.report["verified"]
    assert {"인재팀"} == set(someone.departments()) & {"인사팀", "인재팀"}


def test_what_changed_in_the_old_calendar_is_brought_up_to_date(
    migrate: Migrate, data_dir: Path, tmp_path: Path
) -> None:
    migrate(write_source(tmp_path / "monday", [TEAM], [EVENT, {**EVENT, "id": 2}]))
    moved = {**EVENT, "title": "큰 회의", "time": "", "last_modified": "2024-01-09 00:00:00"}
    friday = write_source(tmp_path / "friday", [{**TEAM, "name": "개발 본부"}], [moved, {**EVENT, "id": 2}])
    for expected in ((2, 1, 0), (0, 3, 0)):
        run = migrate(friday)
        assert (run.status, counts(run.report)) == (0, expected)
    with people(data_dir) as someone:
        found = {each["title"]: each for each in someone.events("개발 본부")}
    assert set(found) == {"회의", "큰 회의"}
    assert found["큰 회의"]["version"] == 2
    assert (found["큰 회의"]["time"], found["큰 회의"]["start_time"]) == (None, None)
    assert found["큰 회의"]["last_modified"] == "2024-01-09T00:00:00.000Z"


def test_another_calendar_with_the_same_ids_does_not_overwrite_the_first(
    migrate: Migrate, data_dir: Path, tmp_path: Path
) -> None:
    migrate(write_source(tmp_path / "seoul", [TEAM], [EVENT]))
    theirs = {**TEAM, "name": "부산", "created_at": "2020-01-01 00:00:00"}
    other = write_source(tmp_path / "busan", [theirs], [{**EVENT, "title": "부산 회의"}])
    refused = migrate(other)
    assert refused.status == 1
    assert [reject["reason"].split(":")[0] for reject in refused.rejects] == ["another calendar", "unknown department"]
    assert migrate(other, "--namespace", "busan").status == 0
    with people(data_dir) as someone:
        assert {name: events[0]["title"] for name, events in someone.everything().items()} == {
            "개발팀": "회의",
            "부산": "부산 회의",
        }


def test_an_event_that_moved_in_the_old_calendar_stays_where_it_was_imported_to(
    migrate: Migrate, data_dir: Path, tmp_path: Path
) -> None:
    both = [TEAM, {"id": 2, "name": "둘"}]
    migrate(write_source(tmp_path / "monday", both, [EVENT]))
    moved = [{**EVENT, "department_id": 2}, {**EVENT, "department_id": 2, "id": 2, "title": "새 회의"}]
    friday = write_source(tmp_path / "friday", both, moved)
    for arguments in (["--dry-run"], []):
        run = migrate(friday, *arguments)
        assert (run.status, counts(run.report)) == (0, (1, 2, 1))
    with people(data_dir) as someone:
        found = {name: [event["title"] for event in events] for name, events in someone.everything().items()}
    assert found == {"개발팀": ["회의"], "둘": ["새 회의"]}
