"""What only a file can suffer: other programs, other versions, full disks, locks and killed processes."""

from __future__ import annotations

import hashlib
import random
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from backend.repositories import sqlite_connection, sqlite_schema
from backend.repositories.database import (
    ABSENT,
    Database,
    Index,
    OutcomeUnknown,
    Put,
    StoreUnavailable,
    TransactionRefused,
)
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.sqlite_statements import select_many
from tests.contract.incrementing import COUNTER
from tests.contract.stores import BY_DATE, ENTRIES, NAMES, TABLES, THINGS, entry, thing
from toolchain.steps import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dayroom.db"


@pytest.fixture
def database(path: Path) -> Iterator[SQLiteDatabase]:
    opened = SQLiteDatabase(path)
    opened.provision(TABLES)
    yield opened
    opened.close()


def put(database: Database, *items: dict[str, object]) -> None:
    database.transact([Put(NAMES, item) for item in items], uuid4().hex)


def run_sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE events (id INTEGER PRIMARY KEY, title TEXT)"],
        ["PRAGMA application_id = 12345"],
        ["PRAGMA user_version = 3"],
        ["PRAGMA journal_mode = WAL", "CREATE TABLE events (id INTEGER)"],
    ],
    ids=["tables", "another program's mark", "a version without a mark", "in WAL mode"],
)
def test_another_programs_file_is_refused_and_not_altered(path: Path, statements: list[str]) -> None:
    run_sql(path, *statements)
    before = fingerprint(path)
    with pytest.raises(StoreUnavailable, match="another program's"):
        SQLiteDatabase(path)
    assert fingerprint(path) == before


def test_a_file_that_is_no_database_is_refused_and_not_altered(path: Path) -> None:
    path.write_text("회의록\n" * 1000)
    before = fingerprint(path)
    with pytest.raises(StoreUnavailable, match="not a database"):
        SQLiteDatabase(path)
    assert fingerprint(path) == before


def test_a_file_of_a_newer_dayroom_is_refused_and_not_altered(path: Path, database: SQLiteDatabase) -> None:
    database.close()
    run_sql(path, f"PRAGMA user_version = {sqlite_schema.SCHEMA_VERSION + 1}")
    before = fingerprint(path)
    with pytest.raises(StoreUnavailable, match="newer Dayroom"):
        SQLiteDatabase(path)
    assert fingerprint(path) == before


def test_a_file_in_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="nowhere"):
        SQLiteDatabase(tmp_path / "nowhere" / "dayroom.db")


def test_what_was_put_is_there_when_the_file_is_opened_again(path: Path, database: SQLiteDatabase) -> None:
    put(database, {"id": "n", "title": "주간 회의"})
    database.close()
    again = SQLiteDatabase(path)
    assert again.provision(TABLES).changed == ()
    assert again.get(NAMES, {"id": "n"}) == {"id": "n", "title": "주간 회의"}
    again.close()


def test_every_commit_is_on_the_disk_before_it_is_answered(database: SQLiteDatabase) -> None:
    pragmas = {
        name: database._writer.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_a_full_disk_is_unavailable_and_nothing_of_the_transaction_stays(database: SQLiteDatabase) -> None:
    put(database, {"id": "before"})
    pages = database._writer.execute("PRAGMA page_count").fetchone()[0]
    database._writer.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(StoreUnavailable, match="full"):
        put(database, {"id": "small"}, {"id": "large", "text": "x" * 300_000})
    assert database.get(NAMES, {"id": "small"}) is None
    database._writer.execute(f"PRAGMA max_page_count = {pages + 3000}")
    put(database, {"id": "small"}, {"id": "large", "text": "x" * 300_000})
    assert [database.get(NAMES, {"id": name}) is not None for name in ("before", "small", "large")] == [True] * 3


def test_a_disk_that_fails_during_a_commit_leaves_the_outcome_open_and_the_file_whole(
    path: Path, database: SQLiteDatabase
) -> None:
    put(database, {"id": "before"})
    written = path.with_name(path.name + "-wal").stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written + 20_000, limits[1]))
    try:
        with pytest.raises(OutcomeUnknown, match="disk I/O"):
            put(database, {"id": "small"}, {"id": "large", "text": "x" * 100_000})
        assert database.get(NAMES, {"id": "small"}) is None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    put(database, {"id": "small"})
    assert [item["id"] for item in database.scan(NAMES)] == ["before", "small"]
    assert database._reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_database_that_may_only_be_read_is_unavailable_for_writing(database: SQLiteDatabase) -> None:
    put(database, {"id": "n"})
    database._writer.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable, match="readonly"):
        put(database, {"id": "m"})
    assert database.get(NAMES, {"id": "n"}) and database.get(NAMES, {"id": "m"}) is None
    database._writer.execute("PRAGMA query_only = OFF")
    put(database, {"id": "m"})


def test_a_writer_waits_for_another_process_that_writes(path: Path, database: SQLiteDatabase) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.execute, ["COMMIT"])
    timer.start()
    began = time.monotonic()
    put(database, {"id": "n"})
    assert 0.2 < time.monotonic() - began < 3
    timer.join()
    other.close()


def test_a_lock_that_stays_makes_writing_unavailable_but_not_reading(
    path: Path, database: SQLiteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_connection, "PATIENCE", 0.2)
    put(database, {"id": "n"})
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        put(database, {"id": "m"})
    assert database.get(NAMES, {"id": "n"})
    other.execute("ROLLBACK")
    put(database, {"id": "m"})
    other.close()


def test_while_one_waits_for_the_lock_others_can_read_and_the_loop_can_turn(
    path: Path, database: SQLiteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting happens in `time.sleep`, which eventlet replaces, and never inside SQLite."""
    slept: list[float] = []
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        assert not database._writing.locked()
        assert database.get(NAMES, {"id": "n"}) is None
        if len(slept) == 5:
            other.execute("COMMIT")

    monkeypatch.setattr("backend.repositories.sqlite_connection.time.sleep", sleep)
    began = time.monotonic()
    put(database, {"id": "n"})
    assert len(slept) == 5 and time.monotonic() - began < 1
    other.close()


def test_what_is_interrupted_leaves_no_transaction_open(
    database: SQLiteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("backend.repositories.sqlite.commit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            put(database, {"id": "n"})
    assert database.get(NAMES, {"id": "n"}) is None
    put(database, {"id": "n"})


def test_a_reader_that_waits_does_not_let_the_journal_grow_for_ever(path: Path, database: SQLiteDatabase) -> None:
    database.transact([Put(ENTRIES, entry(seq)) for seq in range(100)], uuid4().hex)
    database.transact([Put(ENTRIES, entry(seq)) for seq in range(100, 200)], uuid4().hex)
    waiting = database.query(ENTRIES, "log")
    next(waiting)
    for _ in range(100):
        put(database, {"id": "n", "text": "x" * 100_000})
    assert path.with_name(path.name + "-wal").stat().st_size < 8_000_000
    assert len(list(waiting)) == 199


def test_an_index_that_is_declared_otherwise_later_is_made_anew(path: Path, database: SQLiteDatabase) -> None:
    database.transact([Put(THINGS, thing("t", date="2024"))], uuid4().hex)
    name = f"{THINGS.name}.{BY_DATE.name}"
    run_sql(path, f'DROP INDEX "{name}"', f'CREATE INDEX "{name}" ON {THINGS.name} (date)')
    assert database.provision(TABLES).changed == (f"create index {name} anew",)
    assert list(database.query(THINGS, "sales", index=BY_DATE)) == [thing("t", date="2024")]
    assert database.provision(TABLES).changed == ()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("index", [None, *THINGS.indexes])
def test_every_query_uses_an_index_and_sorts_nothing(
    database: SQLiteDatabase, index: Index | None, descending: bool
) -> None:
    for lower, upper, resumed in [(False, False, False), (True, True, False), (True, False, True), (False, True, True)]:
        sql = select_many(THINGS, index, lower, upper, descending, resumed)
        plan = database._reader.execute(f"EXPLAIN QUERY PLAN {sql}", [1] * sql.count("?")).fetchall()
        steps = [step for *_, step in plan]
        assert len(steps) == 1 and steps[0].startswith("SEARCH"), steps


def test_a_process_that_is_killed_while_it_writes_leaves_whole_transactions(path: Path) -> None:
    database = SQLiteDatabase(path)
    database.provision(TABLES)
    database.transact([Put(NAMES, COUNTER)], uuid4().hex)
    database.close()
    acknowledged = 0
    for _ in range(5):
        acknowledged = kill_while_writing(path)
        run_sql(path, "PRAGMA wal_checkpoint(PASSIVE)")
        database = SQLiteDatabase(path)
        counter = database.get(NAMES, {"id": "counter"})
        seqs = [item["seq"] for item in database.query(ENTRIES, "log")]
        assert counter is not None and counter["n"] >= acknowledged > 0
        assert seqs == list(range(1, counter["n"] + 1))
        assert database._reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with pytest.raises(TransactionRefused):
            database.transact([Put(ENTRIES, entry(1), ABSENT)], uuid4().hex)
        database.close()


def kill_while_writing(path: Path) -> int:
    """Lets a process count up, kills it, and returns the last number that it told."""
    command = [sys.executable, "-m", "tests.contract.incrementing", str(path), "1000000"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(random.uniform(0.05, 0.2))
        process.kill()
        lines += process.stdout.read().splitlines()
    whole = [int(line) for line in lines if line.strip()]
    return whole[-2] if len(whole) > 1 else whole[-1]
