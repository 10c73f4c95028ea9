"""What can be done with a whole database: back it up, restore it, move it, examine it."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from backend.domain.changes import instant
from backend.repositories import archive, restoring
from backend.repositories.archive import Archive, BadArchive, Contents
from backend.repositories.bulk import Bulk
from backend.repositories.copying import Copied, copy, put_row, put_settled
from backend.repositories.cut import NotWhole, utc_now
from backend.repositories.database import Database, Item, Table
from backend.repositories.derived_examination import guard_faults, log_faults
from backend.repositories.entities import KINDS
from backend.repositories.examination import faults
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import CHANGES, TABLES

PART: Final = ".part"
"""Is behind the name of a backup that is not finished."""


STAGED: Final = ".dayroom-staged-"
"""Begins the name of the folder in which a copy is made."""
ABANDONED: Final = 86400
"""Seconds after which such a folder is surely nobody's any more."""


class Narrator(Protocol):
    """Hears what is going on: the name of a step, and then how many items more are done in it."""

    def step(self, what: str) -> Callable[[int], None]:
        """Begins a step."""


def back_up(database: Database, path: Path, narrator: Narrator, clock: Callable[[], datetime] = utc_now) -> Contents:
    """Backs a database up while people use it; the file is there whole, or not at all.

    A copy in a SQLite file beside it is what is verified and put in order. Raises `DatabaseError`, `OSError`.
    """
    created_at, part = instant(clock()), path.with_name(path.name + PART)
    try:
        with staged(path.parent) as copied:
            _copied_whole(database, copied, narrator, clock)
            _write(copied, part, created_at, narrator)
        contents = archive.verify(part, narrator.step("reading it back"))
        part.replace(path)
    except BadArchive as error:
        raise OSError(f"what was written cannot be read back: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return contents


def restore(path: Path, database: Database, narrator: Narrator, clock: Callable[[], datetime] = utc_now) -> Contents:
    """Restores a backup into an empty, provisioned database, every log under a new epoch.

    The file is verified before anything is written. Raises `BadArchive`, `NotEmpty`, `NotWhole`, `DatabaseError`; after
    an interruption the same can be done again.
    """
    archive.verify(path, narrator.step("verifying the file"))
    return restore_verified(path, database, narrator, clock)


def restore_verified(
    path: Path, database: Database, narrator: Narrator, clock: Callable[[], datetime] = utc_now
) -> Contents:
    """Restores a backup that was just verified; raises as `restore` does."""
    restoring.begin(database, clock(), narrator.step)
    read = Archive(path)
    with Bulk(database, tell=narrator.step("restoring")) as bulk:
        for table, item in read.items():
            _put(bulk, table, item)
        bulk.flush()
        put_settled(database, bulk)
    _require_whole(database, clock(), closely=False)
    restoring.finish(database)
    return read.contents


def move(source: Database, target: Database, narrator: Narrator, clock: Callable[[], datetime] = utc_now) -> Copied:
    """Copies a whole database into another that is empty and provisioned: log, versions, history, epochs and all.

    Raises `NotEmpty`, `NotWhole`, `DatabaseError`; after an interruption the same can be done again.
    """
    restoring.refuse_half_filled(source)
    restoring.begin(target, clock(), narrator.step)
    copied = copy(source, target, clock=clock, tell=narrator.step("copying"))
    _require_whole(target, clock(), closely=False)
    restoring.finish(target)
    return copied


def examine(database: Database, narrator: Narrator, clock: Callable[[], datetime] = utc_now) -> Iterator[str]:
    """Tells what is wrong with a database that people use, one line each: with a copy of it, and with its guards."""
    restoring.refuse_half_filled(database)
    with staged(None) as copied:
        try:
            strays = copy(database, copied, clock=clock, tell=narrator.step("reading")).strays
        except NotWhole as error:
            yield error.reason
            return
        narrator.step("examining")
        yield from faults(copied, clock())
        yield from log_faults(database, copied)
        yield from guard_faults(database, copied)
        for log, count in strays.items():
            yield f"department {log} is missing, and has {count} events or attachments"


@contextmanager
def staged(folder: Path | None) -> Iterator[Database]:
    """Makes an empty database in a folder of its own, for as long as a `with` block lasts."""
    _forget_abandoned(folder or Path(tempfile.gettempdir()))
    place = Path(tempfile.mkdtemp(prefix=STAGED, dir=folder))
    try:
        with closing(SQLiteDatabase(place / "copy.db")) as database:
            database.provision(TABLES)
            yield database
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _forget_abandoned(folder: Path) -> None:
    """Removes what killed commands have left in a folder a day ago or earlier."""
    for place in folder.glob(f"{STAGED}*"):
        with suppress(OSError):  # another's, or just removed by another
            if place.stat().st_mtime < time.time() - ABANDONED:
                shutil.rmtree(place, ignore_errors=True)


def _copied_whole(database: Database, copied: Database, narrator: Narrator, clock: Callable[[], datetime]) -> None:
    restoring.refuse_half_filled(database)
    copy(database, copied, clock=clock, tell=narrator.step("copying"))
    _require_whole(copied, clock(), closely=True)


def _require_whole(database: Database, now: datetime, *, closely: bool) -> None:
    found: Sequence[str] = list(faults(database, now, closely=closely))
    if found:
        more = f" (and {len(found) - 1} faults more; `doctor` tells them)" if len(found) > 1 else ""
        raise NotWhole(f"{found[0]}{more}")


def _write(copied: Database, part: Path, created_at: str, narrator: Narrator) -> None:
    with open(part, "wb", opener=_private) as file:
        archive.write(copied, file, created_at, narrator.step("writing"))
        file.flush()
        os.fsync(file.fileno())


def _put(bulk: Bulk, table: Table, item: Item) -> None:
    kind = next((kind for kind in KINDS.values() if kind.table == table), None)
    if kind is not None:
        put_row(bulk, kind, item)
    elif table == CHANGES and item["seq"] == 0:
        bulk.put(table, {**item, "epoch": secrets.token_hex(8), "floor": item["last"], "floor_at": None})
    else:
        bulk.put(table, item)


def _private(path: str, flags: int) -> int:
    """Opens a file that only its owner can read: it has everything in it."""
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Makes a renamed file's new name durable, where the system knows how."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
