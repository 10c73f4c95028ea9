"""Moves a Dayroom database to another store as it is: rows, log, versions, history, positions and epochs."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from backend.app import open_settings_database
from backend.domain.changes import instant
from backend.repositories.cut import NotWhole, head_at, reader_of, required_head, standing
from backend.repositories.database import Database, StoreUnavailable
from backend.repositories.decisions import is_deleted
from backend.repositories.examination import faults
from backend.repositories.restoring import NOT_EMPTY, NotEmpty, refuse_half_filled
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import DEPARTMENTS, DIRECTORY, EVENTS, TABLES
from backend.services import backups
from backend.settings import Settings
from migrations_scripts.arrivals import Arrival
from migrations_scripts.legacy.documents import Unreadable
from migrations_scripts.progress import Narrator
from migrations_scripts.report import Report


class _Steps:
    """Says each step that a copy takes as one line."""

    def __init__(self, narrator: Narrator) -> None:
        self._narrator = narrator

    def step(self, what: str) -> Callable[[int], None]:
        self._narrator.say(what)
        return lambda count: None


def move(path: Path, settings: Settings, *, rehearse: bool, narrator: Narrator) -> Report:
    """Moves a Dayroom SQLite database, also one in use, into an empty one; a second run finds everything there.

    What arrives is verified by its digests; a rehearsal copies into a temporary file instead. Raises `Unreadable`, also
    for a target that holds something else, and `DatabaseError`.
    """
    steps = _Steps(narrator)
    with closing(SQLiteDatabase(path)) as source:
        _require_calendar(path, source)
        if rehearse:
            with backups.staged(None) as target:
                return replace(_moved(path, source, target, steps, narrator), verified=False)
        with closing(open_settings_database(settings)) as target:
            target.provision(TABLES)
            return _moved(path, source, target, steps, narrator)


def _require_calendar(path: Path, source: Database) -> None:
    try:
        required_head(reader_of(source), DIRECTORY)
    except (NotWhole, StoreUnavailable):
        raise Unreadable(f"{path} is a Dayroom database in which there is nothing yet") from None


def _moved(path: Path, source: Database, target: Database, steps: _Steps, narrator: Narrator) -> Report:
    arrival, verified = Arrival.CREATED, True
    try:
        backups.move(source, target, steps)
    except NotEmpty:
        if not _is_there(source, target):
            raise Unreadable(f"{path} can be moved as it is only to an empty database: {NOT_EMPTY}") from None
        arrival = Arrival.UNCHANGED
        verified = _verified(target, narrator)
    except NotWhole as error:
        narrator.say(f"NOT AS IT MUST BE: {error}")
        verified = False
    departments, events = (sum(not is_deleted(row) for row in target.scan(table)) for table in (DEPARTMENTS, EVENTS))
    return Report(departments, events, arrivals=Counter({arrival: departments + events}), verified=verified)


def _is_there(source: Database, target: Database) -> bool:
    """Tells whether the target's logs stand exactly where the source's do, under the same epochs."""
    refuse_half_filled(target)
    try:
        wanted, found = (_heads(database) for database in (source, target))
    except NotWhole:
        return False
    return wanted == found


def _heads(database: Database) -> dict[str, tuple[str, str]]:
    heads = [head_at(database, log, seq) for log, seq in standing(database, instant(datetime.now(UTC))).items()]
    return {head.log: (str(head.position), head.digest) for head in heads}


def _verified(target: Database, narrator: Narrator) -> bool:
    found = list(faults(target, datetime.now(UTC), closely=False))
    for fault in found:
        narrator.say(f"NOT AS IT MUST BE: {fault}")
    return not found
