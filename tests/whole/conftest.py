"""Fixtures of whole databases: a calendar with a past in a file, a backup of it, and the operator's commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.cli.commands import commands
from backend.repositories.sqlite import SQLiteDatabase
from backend.services.backups import back_up
from backend.settings import Settings
from tests.in_process import Api
from tests.whole.calendars import Silent, calendar, with_a_past


@dataclass(frozen=True)
class Place:
    """Is a DATA_DIR, and what operators do there."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "dayroom.db"

    def open(self) -> SQLiteDatabase:
        self.folder.mkdir(exist_ok=True)
        return SQLiteDatabase(self.file)

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(commands, [*map(str, words)], obj=Settings(data_dir=self.folder))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return where a calendar is."""
    return Place(tmp_path / "data")


@pytest.fixture
def new_place(tmp_path: Path) -> Callable[[], Place]:
    """Return a function that makes places without anything."""
    numbers = iter(range(100))
    return lambda: Place(tmp_path / f"new-{next(numbers)}")


@pytest.fixture
def api(place: Place) -> Iterator[Api]:
    """Yield a server of that place, with a calendar that has a past."""
    with closing(place.open()) as database, calendar(database) as opened:
        with_a_past(opened)
        yield opened


@pytest.fixture
def backup(api: Api, tmp_path: Path) -> Path:
    """Return a backup of it."""
    file = tmp_path / "backup.gz"
    back_up(api.dayroom.database, file, Silent())
    return file
