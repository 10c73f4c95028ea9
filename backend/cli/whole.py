"""The commands that work on the whole database: backup, restore, purge, doctor."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from backend import filing
from backend.app import open_settings_database
from backend.cli.progress import ProgressNarrator
from backend.repositories import archive
from backend.repositories.archive import BadArchive
from backend.repositories.database import Database, DatabaseError, StoreUnavailable
from backend.repositories.opening import DATABASE_FILE
from backend.repositories.purging import purge as purge_database
from backend.repositories.restoring import refuse_half_filled
from backend.repositories.tables import TABLES
from backend.services import backups
from backend.settings import Settings
from backend.storage.errors import StorageError
from backend.storage.opening import open_store

FILE: Final = click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@FILE
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Back everything up into FILE, while the server runs.

    FILE has what is known of attachments, not the files themselves: the object store keeps those. It is consistent at
    one position per log, compressed, checksummed and verified. It is there whole or not at all;
    while it is written it is called FILE.part. Records of idempotency keys are not in it: they live for a day.
    """
    with working("back up") as narrator, opened(settings) as database:
        made = backups.back_up(database, file.absolute(), narrator)
    counts = f"{made.departments:,} departments, {made.events:,} events, {made.attachments:,} attachments"
    click.echo(f"{file}: {counts}, content {made.content}")


@click.command()
@FILE
@click.pass_obj
def restore(settings: Settings, file: Path) -> None:
    """Restore FILE into an empty database, and verify it.

    The database that the settings name must be new: another DATA_DIR or TABLE_PREFIX than the old one's. Every log gets
    a new epoch, so that clients replace what they have and send again what they have not yet sent. FILE is verified
    before anything is written. If it is interrupted no server starts on the database until it was run again.
    """
    with working("restore") as narrator:
        archive.verify(file, narrator.step("verifying the file"))
        with closing(open_settings_database(settings)) as database:
            database.provision(TABLES)
            restored = backups.restore_verified(file, database, narrator)
    counts = f"{restored.departments:,} departments, {restored.events:,} events, {restored.attachments:,} attachments"
    click.echo(f"{counts} as of {restored.created_at}, content {restored.content}")


@click.command()
@click.option("--thorough", is_flag=True, help="Read all rows, not only the logs, for what was deleted.")
@click.pass_obj
def purge(settings: Settings, thorough: bool) -> None:
    """Remove what is past its time, while the server runs.

    That is: events, attachments with their files, and departments that were deleted more than 30 days ago, log entries
    a week behind CHANGE_RETENTION_DAYS, and expired records. The server does this once a day by itself.
    """
    with working("purge") as narrator, opened(settings) as database:
        refuse_half_filled(database)
        tell = narrator.step("purging")
        with filing.opened(settings, database, open_store(settings)) as found:
            discard = found.care.discard
            purged = purge_database(database, datetime.now(UTC), thorough=thorough, tell=tell, discard=discard)
    click.echo(
        f"removed {purged.departments:,} departments with {purged.events:,} events, {purged.attachments:,} "
        f"attachments and {purged.entries:,} entries, "
        f"{purged.tombstones:,} deleted events and attachments, {purged.expired:,} expired items"
    )


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Examine everything, while the server runs, and say what is wrong; exit status 1 if anything is.

    Every log must have no gap and the digest of its living rows, every row must be what its entry says, and every name
    and id must be guarded. Nothing is changed.
    """
    with working("examine") as narrator, opened(settings) as database:
        faults = list(backups.examine(database, narrator))
    for fault in faults:
        click.echo(fault)
    click.echo(f"{len(faults):,} faults" if faults else "all is well")
    sys.exit(1 if faults else 0)


COMMANDS: Final[tuple[click.Command, ...]] = (backup, restore, purge, doctor)


@contextmanager
def working(what: str) -> Iterator[ProgressNarrator]:
    """Shows progress, and turns what stops a command into one line and exit status 1."""
    narrator = ProgressNarrator()
    try:
        with narrator:
            yield narrator
    except (DatabaseError, StorageError, BadArchive, OSError) as error:
        narrator.say(f"dayroom: cannot {what}: {error}")
        sys.exit(1)


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Opens a database that must be there already; a file that is not there is not made."""
    file = settings.data_dir / DATABASE_FILE
    if settings.database == "sqlite" and not file.exists():
        raise StoreUnavailable(f"{file} is not there")
    with closing(open_settings_database(settings)) as database:
        yield database
