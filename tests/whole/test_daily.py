"""Once a day a server purges and backs up; of several servers one does it, and the newest backups stay."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from backend.repositories import archive
from backend.repositories.database import StoreUnavailable
from backend.repositories.sqlite import SQLiteDatabase
from backend.services import daily
from backend.services.daily import Daily, by_a_process
from tests.in_process import Api, Clock
from tests.whole.calendars import Watched, empty
from tests.whole.conftest import Place


class Commands:
    """Remembers which commands were run; a backup makes its file, unless it fails."""

    def __init__(self) -> None:
        self.run: list[str] = []
        self.status = 0

    def __call__(self, words: Sequence[str]) -> int:
        self.run.append(words[0])
        if words[0] == "backup" and not self.status:
            Path(words[1]).write_text("a backup", "utf-8")
        return self.status

    def taken(self) -> list[str]:
        taken, self.run = self.run, []
        return taken


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_once_a_day_and_the_newest_are_kept(clock: Clock, tmp_path: Path) -> None:
    folder, commands = tmp_path / "new" / "backups", Commands()
    with closing(empty()) as database:
        work = Daily(database, folder, 3, command=commands, clock=clock)
        for _ in range(5):
            work.look()
            assert commands.taken() == ["purge", "storage", "backup"]
            for _ in range(3):
                clock.advance(hours=1)
                work.look()
            assert commands.taken() == []
            clock.advance(hours=21)
    names = [f"dayroom-2024-01-{day}.backup.gz" for day in (17, 18, 19)]
    assert sorted(path.name for path in folder.iterdir()) == names


def test_other_files_are_left_alone(clock: Clock, tmp_path: Path) -> None:
    for name in (
        "dayroom-old.backup.gz",
        "mine.gz",
        "dayroom-2023-01-01.backup.gz",
        "dayroom-2023-01-02.backup.gz.part",
    ):
        (tmp_path / name).write_text("", "utf-8")
    with closing(empty()) as database:
        Daily(database, tmp_path, 1, command=Commands(), clock=clock).look()
    assert sum(path.suffix == ".part" for path in tmp_path.iterdir()) == 0, "a killed backup's"
    names = ["dayroom-2024-01-15.backup.gz", "dayroom-old.backup.gz", "mine.gz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_unfinished_files_are_looked_after_every_ten_minutes_by_one_server(clock: Clock) -> None:
    commands: list[Sequence[str]] = []
    unfinished = [True]

    def note(words: Sequence[str]) -> int:
        commands.append(words)
        return 0

    with closing(empty()) as database:
        servers = [
            Daily(database, None, 14, command=note, unfinished=lambda: unfinished[0], clock=clock) for _ in range(2)
        ]
        for left in (True, True, False):
            unfinished[0] = left
            for server in servers:
                server.look()
            clock.advance(minutes=10)
    check = ("storage", "check", "--repair", "--cautious")
    assert commands == [("purge",), ("storage", "tidy"), check, ("storage", "tidy")]


def test_without_a_folder_there_is_no_backup(clock: Clock) -> None:
    commands = Commands()
    with closing(empty()) as database:
        Daily(database, None, 14, command=commands, clock=clock).look()
    assert commands.run == ["purge", "storage"]


def test_of_several_servers_one_does_it(clock: Clock, tmp_path: Path) -> None:
    commands = Commands()

    def slow(words: Sequence[str]) -> int:
        for other in servers[1:]:
            other.look()  # while the first is at work, and has no file yet
        return commands(words)

    with closing(empty()) as database:
        servers = [Daily(database, tmp_path, 14, command=each, clock=clock) for each in (slow, commands, commands)]
        for server in servers:
            server.look()
    assert sorted(commands.run) == ["backup", "purge", "storage"]


def test_a_backup_that_failed_is_tried_again_and_removes_none(clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "dayroom-2024-01-01.backup.gz").write_text("", "utf-8")
    commands = Commands()
    with closing(empty()) as database:
        work = Daily(database, tmp_path, 1, command=commands, clock=clock)
        commands.status = 1
        work.look()
        work.look()
        assert commands.taken() == ["purge", "storage", "backup"]
        assert [path.name for path in tmp_path.iterdir()] == ["dayroom-2024-01-01.backup.gz"]
        commands.status = 0
        clock.advance(hours=1)
        work.look()
        assert commands.taken() == ["backup"]
    assert [path.name for path in tmp_path.iterdir()] == ["dayroom-2024-01-15.backup.gz"]


def test_a_store_that_is_away_does_not_end_it(clock: Clock) -> None:
    commands = Commands()

    def away() -> None:
        raise StoreUnavailable("away")

    with closing(empty()) as database:
        watched = Watched(database, away)
        work = Daily(watched, None, 14, command=commands, clock=clock)
        work.look()
        assert commands.taken() == []
        watched.before = lambda: None
        work.look()
        assert commands.taken() == ["purge", "storage"]


def test_it_runs_beside_the_server_until_it_is_stopped(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "LOOK_SECONDS", 0.01)
    done = threading.Event()

    def command(words: Sequence[str]) -> int:
        done.set()
        return 0

    with closing(empty()) as database:
        work = Daily(database, None, 14, command=command, clock=clock)
        thread = threading.Thread(target=work.run)
        thread.start()
        assert done.wait(10)
        work.stop()
        thread.join(10)
        assert not thread.is_alive()


def test_the_backup_is_made_by_a_process_with_the_servers_settings(
    api: Api, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(place.folder))
    monkeypatch.setenv("DATABASE", "sqlite")
    monkeypatch.setenv("PYTHONPATH", sys.path[0])
    folder = tmp_path / "daily"
    with closing(SQLiteDatabase(place.file)) as database:
        Daily(database, folder, 14, command=by_a_process()).look()
    (file,) = folder.iterdir()
    assert archive.verify(file).departments == 2
