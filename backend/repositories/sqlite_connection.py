"""Connections to a SQLite file: opened with care, durable, and never waiting for a lock inside SQLite.

A process that waits inside SQLite (`timeout`) is frozen under eventlet; so Dayroom itself waits.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from backend.domain import deadline
from backend.domain.jitter import jitter
from backend.repositories.database import OutcomeUnknown, StoreUnavailable
from backend.repositories.sqlite_schema import refuse_strangers, scalar, teach

PATIENCE: Final = 5.0
"""How many seconds a call tries while other processes hold the file's lock."""

BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}

Result = TypeVar("Result")


def connect(path: str | Path) -> sqlite3.Connection:
    """Opens a file that is empty or ours; any other is refused before a byte of it changes."""
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        patiently(Lock(), lambda: prepare(connection))
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{path}: {error}") from error
    except StoreUnavailable as error:
        if connection:
            connection.close()
        raise StoreUnavailable(f"{path}: {error.detail}") from error
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Sets a connection up: write-ahead log, and every commit on the disk before it is answered."""
    refuse_strangers(connection)
    mode = scalar(connection, "PRAGMA journal_mode = WAL")
    if mode not in ("wal", "memory"):
        raise StoreUnavailable(f"this file system cannot hold a write-ahead log that processes share (mode {mode})")
    connection.execute("PRAGMA synchronous = FULL")
    teach(connection)


def commit(connection: sqlite3.Connection) -> None:
    """Commits; raises `OutcomeUnknown` where the disk failed at it, as the next start may find either."""
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if primary_code(error) == sqlite3.SQLITE_IOERR:
            raise OutcomeUnknown(f"the disk failed during a commit: {error}") from error
        raise


def patiently(lock: Lock, work: Callable[[], Result]) -> Result:
    """Does `work` under a lock, anew while another process is in the way; waits outside of the lock.

    Raises `StoreUnavailable` after `PATIENCE`, or at once for whatever else SQLite says.
    """
    last_try = min(time.monotonic() + PATIENCE, deadline.end())
    while True:
        try:
            with lock:
                return work()
        except sqlite3.Error as error:
            if primary_code(error) not in BUSY or time.monotonic() > last_try:
                raise StoreUnavailable(f"SQLite: {error}") from error
        time.sleep(jitter(0.001, 0.02))


def primary_code(error: sqlite3.Error) -> int:
    """Tells what an error is, without its finer distinction (https://www.sqlite.org/rescode.html)."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
