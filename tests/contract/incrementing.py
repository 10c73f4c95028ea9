"""A process that counts up items that others count up too: `python -m tests.contract.incrementing <where> <times>`.

`where` is a SQLite file or the endpoint and the prefix of tables, `http://…|prefix`. Each increment is acknowledged
with a line.
"""

from __future__ import annotations

import random
import sys
import time
from uuid import uuid4

from backend.repositories.database import Database, OutcomeUnknown, Put, TransactionRefused
from backend.repositories.dynamodb import connect
from backend.repositories.sqlite import SQLiteDatabase
from tests.contract.stores import ENTRIES, NAMES, TABLES, entry

COUNTER = {"id": "counter", "n": 0}


def open_where(where: str) -> Database:
    """Open what an argument names."""
    if "|" not in where:
        return SQLiteDatabase(where)
    endpoint, prefix = where.split("|")
    names = {table.name: f"{prefix}-{table.name}" for table in TABLES}
    return connect(names, region="ap-northeast-2", endpoint=endpoint, access_key="key", secret_key="secret")


def increment(database: Database) -> int:
    """Count up by one, together with an entry for the new number, until nobody is in the way."""
    while True:
        found = database.get(NAMES, {"id": "counter"})
        assert found is not None
        n = found["n"] + 1
        counter = Put(NAMES, {"id": "counter", "n": n}, {"n": n - 1})
        token = uuid4().hex
        try:
            send(database, [counter, Put(ENTRIES, entry(n, by=token))], token)
            return int(n)
        except TransactionRefused:
            time.sleep(random.uniform(0, 0.02))


def send(database: Database, operations: list[Put], token: str) -> None:
    """Send operations under one token until the answer is clear."""
    while True:
        try:
            database.transact(operations, token)
            return
        except OutcomeUnknown:
            time.sleep(random.uniform(0, 0.02))


def main() -> None:
    """Count up as often as asked."""
    where, times = sys.argv[1:]
    database = open_where(where)
    for _ in range(int(times)):
        sys.stdout.write(f"{increment(database)}\n")
        sys.stdout.flush()
    database.close()


if __name__ == "__main__":
    main()
