"""How much a commit costs over what SQLite itself takes for the same rows: `python -m benchmarks.writes`.

Both sides run in turns, in the same folder, with `synchronous=FULL`: the ratio says more than either number on a
machine that does other things, too.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from backend.repositories.changelog import ChangeLog
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import TABLES
from backend.services.readers import Readers
from backend.services.writers import Writers
from backend.services.writing import Intent

ROUNDS = 10
WRITES = 50
"""Writes of a round."""
ROWS = ("events", "changes", "heads", "guards")
"""A creation writes four rows: the event, its entry, the log's head and the guard of its id."""


def committing(folder: Path) -> Callable[[], None]:
    """Creates events through Dayroom."""
    database = SQLiteDatabase(folder / "dayroom.db")
    database.provision(TABLES)
    read = Readers.of(database, timedelta(days=90))
    changelog = ChangeLog(database, read.log)
    changelog.open_directory()
    services = Writers.of(database, read, changelog, default_timezone="Asia/Seoul")
    department = services.departments.create({"name": "영업부"}, Intent()).entity["id"]

    def write() -> None:
        for number in range(WRITES):
            services.events.create(department, {"title": str(number), "event_date": "2024-01-15"}, Intent())

    return write


def bare(folder: Path) -> Callable[[], None]:
    """Writes as many rows of the same size in as many transactions."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    for table in ROWS:
        connection.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, item TEXT)")
    item = json.dumps({"text": "x" * 600})
    keys = iter(range(10**9))

    def write() -> None:
        for _ in range(WRITES):
            connection.execute("BEGIN IMMEDIATE")
            for table in ROWS:
                key = "head" if table == "heads" else str(next(keys))
                connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", (key, item))
            connection.execute("COMMIT")

    return write


def seconds(work: Callable[[], None]) -> float:
    """Tells how long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Prints both rates, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = committing(Path(folder)), bare(Path(folder))
        rounds = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    ours_median, theirs_median = (statistics.median(each) for each in zip(*rounds, strict=True))
    ratio = statistics.median(mine / other for mine, other in rounds)
    print(
        f"Dayroom {WRITES / ours_median:.0f} writes/s, SQLite {WRITES / theirs_median:.0f} writes/s, ratio {ratio:.1f}"
    )


if __name__ == "__main__":
    main()
