"""Where an old calendar goes: the database that the settings name, or a rehearsal of it that writes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from backend.domain.changes import Position, instant
from backend.domain.errors import DayroomError
from backend.repositories.changelog import ChangeLog, Committed, Proposal
from backend.repositories.database import Database
from backend.repositories.decisions import Decision, View
from backend.repositories.opening import DATABASE_FILE, open_database
from backend.repositories.sqlite import MEMORY, SQLiteDatabase
from backend.repositories.tables import TABLES
from backend.services.changes import ChangeService
from backend.services.departments import DepartmentService
from backend.services.readers import Readers
from backend.services.writers import Writers
from backend.settings import Settings
from migrations_scripts.legacy.rows import Refused

WORKERS: Final = {"sqlite": 1, "dynamodb": 8}
"""How many departments are imported at once: SQLite has one writer, DynamoDB is far away."""


@dataclass(frozen=True, slots=True)
class Target:
    """Is an open database with what reads it, and the only function that writes to it."""

    database: Database
    changelog: ChangeLog
    departments: DepartmentService
    changes: ChangeService
    default_timezone: str
    workers: int
    rehearses: bool


class Rehearsal(ChangeLog):
    """Decides as the change log does, and writes nothing."""

    def open_directory(self) -> None:
        """Leaves the directory's log as it is."""

    def commit_all(self, log: str, proposals: Sequence[Proposal[Any]]) -> None:
        """Gives each proposal the outcome that it would have."""
        view = View(self._database, instant(self._clock()))
        for proposal in proposals:
            try:
                decision: Decision[Any] = proposal.decide(view)
            except (DayroomError, Refused) as error:  # as in the change log: each proposal's error is its own
                proposal.outcome = error
                continue
            for draft in decision.drafts:
                view.stage(draft.guards)
            proposal.outcome = Committed(decision.result, (), Position("rehearsal", 0))


@contextmanager
def opened(settings: Settings, *, rehearse: bool) -> Iterator[Target]:
    """Opens the target for as long as a `with` block lasts, with all its tables; raises `StoreUnavailable`."""
    with closing(_to_rehearse_on(settings) if rehearse else _open(settings)) as database:
        if not rehearse:
            database.provision(TABLES)
        target = _assembled(settings, database, Rehearsal if rehearse else ChangeLog)
        target.changelog.open_directory()
        yield target


def _assembled(settings: Settings, database: Database, log: type[ChangeLog]) -> Target:
    read = Readers.of(database, timedelta(days=settings.change_retention_days))
    changelog = log(database, read.log)
    write = Writers.of(database, read, changelog, default_timezone=settings.default_timezone)
    workers, rehearses = WORKERS[settings.database], issubclass(log, Rehearsal)
    return Target(database, changelog, write.departments, read.changes, settings.default_timezone, workers, rehearses)


def _to_rehearse_on(settings: Settings) -> Database:
    """Opens what is there, or an empty database in memory where there is nothing yet."""
    if settings.database != "sqlite" or (settings.data_dir / DATABASE_FILE).exists():
        database = _open(settings)
        if not any(line.startswith("create table") for line in database.provision(TABLES, plan=True).changed):
            return database
        database.close()
    memory = SQLiteDatabase(MEMORY)
    memory.provision(TABLES)
    return memory


def _open(settings: Settings) -> Database:
    return open_database(
        settings.database,
        data_dir=settings.data_dir,
        table_name=settings.table_name,
        region=settings.aws_region,
        endpoint_url=settings.aws_endpoint_url_dynamodb,
    )
