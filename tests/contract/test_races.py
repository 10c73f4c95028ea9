"""What holds while several threads and processes write at once, on the stores that they can share."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from backend.repositories.database import ABSENT, Database, Put, TransactionRefused
from tests.contract.incrementing import COUNTER, increment
from tests.contract.stores import ENTRIES, NAMES, TABLES, Store, entry
from toolchain.steps import ROOT

THREADS = 8
TIMES = 20
COUNTER_KEY = {"id": "counter"}


@pytest.fixture
def raced(racing_store: Store) -> Iterator[Database]:
    database = racing_store.open()
    database.provision(TABLES)
    database.transact([Put(NAMES, COUNTER)], uuid4().hex)
    yield database
    database.close()


def start(where: str, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.contract.incrementing", where, str(times)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> list[int]:
    out, _ = process.communicate(timeout=120)
    return [int(line) for line in out.splitlines() if line]


def entries(database: Database) -> list[int]:
    return [item["seq"] for item in database.query(ENTRIES, "log")]


def test_no_increment_of_eight_threads_and_two_processes_is_lost(racing_store: Store, raced: Database) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        processes = [start(racing_store.where, TIMES) for _ in range(2)]
        done = [threads.submit(increment, raced) for _ in range(THREADS * TIMES)]
        numbers = [future.result() for future in done]
        numbers += [number for process in processes for number in told(process)]
    total = (THREADS + 2) * TIMES
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(numbers) == list(range(1, total + 1))
    assert entries(raced) == list(range(1, total + 1))
    assert raced.get(NAMES, COUNTER_KEY) == {"id": "counter", "n": total}


def test_one_of_many_gets_what_only_one_can_have(racing_store: Store, raced: Database) -> None:
    ready = threading.Barrier(THREADS)

    def claim(claimant: int) -> bool:
        ready.wait()
        while True:
            try:
                raced.transact([Put(NAMES, {"id": "one", "by": claimant}, ABSENT)], uuid4().hex)
                return True
            except TransactionRefused as refused:
                if refused.failed:
                    return False  # and not only that somebody was in the way

    with ThreadPoolExecutor(THREADS) as threads:
        won = list(threads.map(claim, range(THREADS)))
    assert won.count(True) == 1
    assert raced.get(NAMES, {"id": "one"}) == {"id": "one", "by": won.index(True)}


def test_a_reader_never_sees_half_a_transaction_in_one_item_after_the_other(
    racing_store: Store, raced: Database
) -> None:
    """The counter is read first: the entries up to it must all be there."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            increment(raced)

    with ThreadPoolExecutor(2) as threads:
        writing = threads.submit(write)
        try:
            for _ in range(30):
                counter = raced.get(NAMES, COUNTER_KEY)
                assert counter is not None
                seen = [item["seq"] for item in raced.query(ENTRIES, "log", upper=counter["n"])]
                assert seen == list(range(1, counter["n"] + 1))
        finally:
            stop.set()
        writing.result()


def test_several_processes_may_provision_at_once(racing_store: Store) -> None:
    ready = threading.Barrier(4)

    def provision(_: int) -> None:
        database = racing_store.open()
        ready.wait()
        database.provision(TABLES)
        database.transact([Put(ENTRIES, entry(threading.get_ident() % 10**9))], uuid4().hex)
        database.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(provision, range(4)))
    assert racing_store.open().provision(TABLES).changed == ()
