"""What a server does by itself: once a day it purges, looks after files and backs up, and often ends unfinished files.

The work is done by a process of its own, so that nobody waits for it. Of several servers on one database one does it:
the first to claim it in `guards`.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import structlog

from backend.domain.errors import Unavailable
from backend.repositories.database import ABSENT, Database, DatabaseError, Item, Put, TransactionRefused
from backend.repositories.tables import GUARDS
from backend.services.backups import PART

LOOK_SECONDS: Final = 600.0
"""How often it is looked whether something is due; the first time so long after the start."""
STEP_SECONDS: Final = 0.5
"""How often it is looked whether a command has ended."""
PURGE_EVERY: Final = timedelta(hours=24)
CHECK_EVERY: Final = timedelta(hours=24)
TIDY_EVERY: Final = timedelta(minutes=9)
"""How long nobody else tidies up after somebody has begun to."""
BACKUP_TRIES: Final = timedelta(hours=1)
"""How long a server that has claimed the day's backup has for it, until another may try."""

NAME: Final = "dayroom-{day}.backup.gz"

log = structlog.get_logger(__name__)

Command = Sequence[str]


class Daily:
    """Purges, and backs up into `folder` (None: not at all), of which the newest `keep` backups stay."""

    def __init__(
        self,
        database: Database,
        folder: Path | None,
        keep: int,
        *,
        command: Callable[[Command], int],
        unfinished: Callable[[], bool] = lambda: False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._folder = folder
        self._keep = keep
        self._command = command
        self._unfinished = unfinished
        self._clock = clock
        self._stopped = threading.Event()

    def run(self) -> None:
        """Looks now and then, until `stop`."""
        while not self._stopped.wait(LOOK_SECONDS):
            self.look()

    def stop(self) -> None:
        """Ends `run` soon."""
        self._stopped.set()

    def look(self) -> None:
        """Does what is due; what fails is said in the log, and due again later."""
        try:
            if self._claims("daily:purge", PURGE_EVERY):
                self._do("purge")
            if self._unfinished() and self._claims("daily:tidy", TIDY_EVERY):
                self._do("storage", "tidy")
            if self._claims("daily:files", CHECK_EVERY):
                self._do("storage", "check", "--repair", "--cautious")
            if self._folder is not None:
                self._back_up(self._folder)
        except (DatabaseError, Unavailable, OSError) as error:
            log.warning("daily work failed", error=str(error))

    def _back_up(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / NAME.format(day=self._clock().date().isoformat())
        if file.exists() or not self._claims("daily:backup", BACKUP_TRIES):
            return
        if self._do("backup", str(file.absolute())):
            for old in sorted(folder.glob(NAME.format(day="????-??-??")))[: -self._keep]:
                old.unlink()
            for abandoned in folder.glob(NAME.format(day="????-??-??") + PART):
                abandoned.unlink()

    def _do(self, *words: str) -> bool:
        status = self._command(words)
        if not status:
            log.info("daily work done", command=words[0])
        return status == 0

    def _claims(self, key: str, lasting: timedelta) -> bool:
        """Claims a piece of work for a time; False where somebody has it."""
        now = self._clock()
        there = self._database.get(GUARDS, {"key": key})
        if there is not None and there["expires_at"] > now.timestamp():
            return False
        item: Item = {"key": key, "expires_at": int((now + lasting).timestamp())}
        expect = ABSENT if there is None else {"expires_at": there["expires_at"]}
        try:
            self._database.transact([Put(GUARDS, item, expect)], str(uuid4()))
        except TransactionRefused:
            return False
        return True


def by_a_process(sleep: Callable[[float], None] = time.sleep) -> Callable[[Command], int]:
    """Runs an operator's command beside the server, with the server's own environment, and tells its exit status."""

    def run(words: Command) -> int:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "backend", *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
            while (status := process.poll()) is None:  # waiting inside would stop everybody under eventlet
                sleep(STEP_SECONDS)
            said.seek(0)
            if status:
                log.warning("command failed", command=words[0], said=said.read().strip().rpartition("\n")[2])
            return status

    return run
