"""Where the old calendar is: a folder of JSON files or a SQLite file, recognised by its content."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from migrations_scripts.legacy import documents, sqlite_files
from migrations_scripts.legacy.documents import DEPARTMENTS_FILE, EVENTS_FILE, Unreadable
from migrations_scripts.legacy.rows import Reject, Row


@dataclass(frozen=True, slots=True)
class Source:
    """Is an old calendar that is open: its rows, each to be read once."""

    departments: Iterator[Row | Reject]
    events: Iterator[Row | Reject]


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Opens an old calendar for as long as a `with` block lasts; raises `Unreadable`, also while rows are read."""
    if path.is_dir():
        _require_files(path)
        yield Source(documents.departments_in(path), documents.events_in(path))
    elif not path.exists():
        raise Unreadable(f"{path} does not exist")
    elif sqlite_files.is_sqlite(path):
        with sqlite_files.opened(path) as connection:
            yield Source(
                sqlite_files.departments_in(connection, path.name), sqlite_files.events_in(connection, path.name)
            )
    else:
        raise Unreadable(f"{path} is neither a SQLite file nor a folder with {DEPARTMENTS_FILE} and {EVENTS_FILE}")


def _require_files(folder: Path) -> None:
    absent = [name for name in (DEPARTMENTS_FILE, EVENTS_FILE) if not (folder / name).is_file()]
    if absent:
        raise Unreadable(f"{folder} holds no old calendar: there is no {' and no '.join(absent)}")
