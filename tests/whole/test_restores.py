"""A restored calendar is the one that was backed up, under new epochs; half of one is never served."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from backend.app import create_app
from backend.repositories.database import StoreUnavailable
from backend.repositories.restoring import NotEmpty
from backend.repositories.tables import DEPARTMENTS, GUARDS
from backend.services import backups
from backend.services.backups import restore
from backend.settings import Settings
from tests.in_process import Api, code_of
from tests.replica import take_snapshot
from tests.whole.calendars import Crash, Silent, answers, calendar, contents, crashing, empty
from tests.whole.conftest import Place
from toolchain.steps import ROOT


def test_a_restored_calendar_answers_as_the_old_one(api: Api, backup: Path) -> None:
    def settled(found: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in found.items() if not name.startswith(("head", "log"))}

    with closing(empty()) as database:
        restore(backup, database, Silent())
        with calendar(database) as restored:
            before, after = answers(api), answers(restored)
            assert settled(after) == settled(before)
            for name in before:
                if name.startswith("log"):
                    created = [
                        [{**each, "epoch": None} for each in found[name]["changes"]] for found in (before, after)
                    ]
                    assert created[0] == created[1]
                    assert after[name]["digest"] == before[name]["digest"]
        assert list(backups.examine(database, Silent())) == []


def test_every_log_has_a_new_epoch_and_old_positions_are_told_to_replace(api: Api, backup: Path) -> None:
    departments = api.get("/api/departments").get_json()
    logs = ["directory", *(department["id"] for department in departments)]
    old = {log: api.changes(log, "since=latest")["position"] for log in logs}
    with closing(empty()) as database:
        restore(backup, database, Silent())
        with calendar(database) as restored:
            for log in logs:
                for position in (old[log], old[log].rpartition(":")[0] + ":0"):
                    answer = restored.get(f"/api/departments/{log}/changes?since={position}")
                    assert code_of(answer) == (410, "position-expired")
                    assert answer.get_json()["action"] == "replace"
                    assert answer.headers["Cache-Control"] == "no-store"
                now = restored.changes(log, "since=latest")
                assert now["floor"] == now["head"]
                assert now["head"].rpartition(":")[2] == old[log].rpartition(":")[2]
                assert take_snapshot(restored.ask, log).digest == now["digest"]


def test_the_restored_logs_go_on_and_can_be_followed(api: Api, backup: Path) -> None:
    with closing(empty()) as database:
        restore(backup, database, Silent())
        with calendar(database) as restored:
            log = restored.get("/api/departments").get_json()[0]["id"]
            begun = restored.changes(log, "since=latest")["position"]
            event = restored.event(log, title="그 뒤의 회의")
            (change,) = restored.changes(log, f"since={begun}")["changes"]
            assert (change["id"], change["seq"]) == (event["id"], int(begun.rpartition(":")[2]) + 1)
            assert restored.post("/api/departments", {"name": "개발팀"}).status_code == 409
        assert list(backups.examine(database, Silent())) == []


def test_a_deleted_department_can_be_brought_back_after_a_restore(api: Api, backup: Path) -> None:
    (gone,) = [row["id"] for row in api.dayroom.database.scan(DEPARTMENTS) if "deleted_at" in row]
    with closing(empty()) as database:
        restore(backup, database, Silent())
        with calendar(database) as restored:
            assert restored.post(f"/api/departments/{gone}/restore", {}).status_code == 200
            assert [event["title"] for event in restored.events(gone)] == ["같이 없어진 회의"]


def test_a_calendar_that_is_there_is_not_restored_over(api: Api, place: Place, backup: Path) -> None:
    before = contents(api.dayroom.database)
    said = place.run("restore", backup)
    assert (said.exit_code, "not empty" in said.output) == (1, True)
    assert contents(api.dayroom.database) == before


def test_a_server_that_has_only_been_started_is_not_restored_over(backup: Path) -> None:
    with calendar() as fresh:
        with pytest.raises(NotEmpty):
            restore(backup, fresh.dayroom.database, Silent())
        assert fresh.department()


def test_a_restore_that_ends_anywhere_can_be_done_again_and_is_not_served_before(api: Api, backup: Path) -> None:
    wanted = contents(api.dayroom.database)["events"]
    marked = 0
    for calls in range(200):
        with closing(empty()) as database:
            try:
                restore(backup, crashing(database, calls), Silent())
            except Crash:
                if list(database.scan(GUARDS)):
                    marked += 1
                    check_unserved(database)
                else:
                    assert not any(contents(database).values())
                restore(backup, database, Silent())
            else:
                break
            assert contents(database)["events"] == wanted
            assert list(backups.examine(database, Silent())) == []
    assert marked > 5


def check_unserved(database: object) -> None:
    with pytest.raises(StoreUnavailable, match="not whole yet"):
        create_app(Settings(socketio_async_mode="threading"), database=database)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable, match="not whole yet"):
        list(backups.examine(database, Silent()))  # type: ignore[arg-type]


KILLED = """
import os, signal, sys
from backend.repositories.sqlite import SQLiteDatabase

transact, left = SQLiteDatabase.transact, iter(range(2))

def transact_or_die(self, operations, token):
    transact(self, operations, token)
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

SQLiteDatabase.transact = transact_or_die
sys.argv = ["backend", "restore", sys.argv[1]]
from backend.__main__ import main
main()
"""


def backend(place: Place, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(place.folder),
        "PORT": "0",
    }
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=place.folder.parent,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_kill_9_in_the_middle_of_a_restore_and_once_more(
    api: Api, backup: Path, new_place: Callable[[], Place]
) -> None:
    place = new_place()
    for number in range(3):
        assert backend(place, "-c", KILLED, backup).returncode == -signal.SIGKILL, f"kill {number}"
    refused = backend(place, "-m", "backend")
    assert refused.returncode == 1
    assert refused.stderr.startswith("dayroom: cannot start: ")
    assert "run the same command again" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    again = backend(place, "-m", "backend", "restore", backup)
    assert again.returncode == 0, again.stderr
    assert "clearing what an interrupted run has left" in again.stderr
    with closing(place.open()) as database:
        assert contents(database)["events"] == contents(api.dayroom.database)["events"]
        assert list(backups.examine(database, Silent())) == []
