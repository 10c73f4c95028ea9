"""The old programs' SQLite file, read from a copy: whatever its journal needs is done there, never to the source."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from backend.repositories.sqlite_schema import APPLICATION_ID
from migrations_scripts.legacy.documents import Unreadable
from migrations_scripts.legacy.rows import DEPARTMENT_NAMES, EVENT_NAMES, Reject, Row, row_of

MAGIC: Final = b"SQLite format 3\0"
COMPANIONS: Final = ("", "-wal", "-journal")
"""The files that hold a database together: itself, and what was written to it last."""
COPIES: Final = 5

_HEADER: Final = 100
_APPLICATION: Final = slice(68, 72)
"""Where SQLite's header says whose file it is (https://www.sqlite.org/fileformat.html, section 1.3)."""

_EVENT_TABLES: Final = ("events", "calendar_events")


class IsDayroom(Unreadable):
    """The file is no old calendar, but a Dayroom database: it is moved as it is."""


def is_dayroom(path: Path) -> bool:
    """Tells by its header whether a file is a Dayroom database; one that is only in its journal is found later."""
    if not path.is_file() or not is_sqlite(path):
        return False
    with path.open("rb") as file:
        return file.read(_HEADER)[_APPLICATION] == APPLICATION_ID.to_bytes(4)


def is_sqlite(path: Path) -> bool:
    """Tells by its first bytes whether a file is a SQLite database."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Opens a copy of an old file for as long as a `with` block lasts; raises `Unreadable`."""
    with tempfile.TemporaryDirectory(prefix="dayroom-") as folder:
        try:
            copy = _copied(path, Path(folder))
            with closing(sqlite3.connect(copy)) as connection:
                connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
                _refuse_other_kinds(path, connection)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise Unreadable(f"{path} cannot be read: {error}") from error


def departments_in(connection: sqlite3.Connection, name: str) -> Iterator[Row | Reject]:
    """Reads the departments of an old file called `name`."""
    return _rows(connection, name, "departments", DEPARTMENT_NAMES)


def events_in(connection: sqlite3.Connection, name: str) -> Iterator[Row | Reject]:
    """Reads the events of an old file called `name`."""
    present = _tables(connection)
    return _rows(connection, name, next(table for table in _EVENT_TABLES if table in present), EVENT_NAMES)


def _copied(path: Path, folder: Path) -> Path:
    """Copies a database with its journals; again, if a program wrote to it meanwhile."""
    for _ in range(COPIES):
        before = _stamps(path)
        for companion in COMPANIONS:
            target = folder / f"copy{companion}"
            target.unlink(missing_ok=True)
            if before[companion] is not None:
                shutil.copyfile(f"{path}{companion}", target)
        if _stamps(path) == before:
            return folder / "copy"
    raise Unreadable(f"{path} is being written to; close the program that uses it and run again")


def _stamps(path: Path) -> dict[str, tuple[int, int] | None]:
    found = {companion: Path(f"{path}{companion}") for companion in COMPANIONS}
    return {
        companion: (file.stat().st_size, file.stat().st_mtime_ns) if file.exists() else None
        for companion, file in found.items()
    }


def _refuse_other_kinds(path: Path, connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,):
        raise IsDayroom(f"{path} is a Dayroom database already")
    present = _tables(connection)
    if "departments" not in present or not any(table in present for table in _EVENT_TABLES):
        raise Unreadable(f"{path} is no old calendar: it has no tables departments and events")


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name.lower() for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _rows(connection: sqlite3.Connection, name: str, table: str, names: tuple[str, ...]) -> Iterator[Row | Reject]:
    cursor = connection.execute(f"SELECT * FROM {table}")
    columns = [column[0] for column in cursor.description]
    for values in cursor:
        yield row_of(f"{name}:{table}", dict(zip(columns, values, strict=True)), {}, names)
