"""Fixtures of the tests of the change log: each runs over SQLite in memory and over DynamoDB Local."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from backend.repositories import dynamodb
from backend.repositories.database import Database
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import TABLES
from tests.changelog.bench import Bench


@pytest.fixture(scope="session", params=["sqlite", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Yield a store with tables; every test has a log of its own in it."""
    database: Database = SQLiteDatabase(":memory:")
    if request.param == "dynamodb":
        endpoint, prefix = request.getfixturevalue("dynamodb_endpoint"), f"t{uuid4().hex[:12]}"
        names = {table.name: f"{prefix}-{table.name}" for table in TABLES}
        database = dynamodb.connect(
            names, region="ap-northeast-2", endpoint=endpoint, access_key="key", secret_key="secret"
        )
    database.provision(TABLES)
    yield database
    database.close()


@pytest.fixture
def bench(store: Database) -> Bench:
    """Return a log to try things on."""
    return Bench(store)
