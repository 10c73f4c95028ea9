"""Fixtures of calendars as feeds and files: a server on each kind of store, and one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from backend.repositories.dynamodb import DynamoDatabase
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import TABLES
from tests.contract.making import client_of
from tests.in_process import Api, Clock, serving


@pytest.fixture
def clock() -> Clock:
    """Return the server's clock."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[Api]:
    """Yield an empty server in memory."""
    with serving(clock=clock) as served:
        yield served


@pytest.fixture
def home(api: Api) -> str:
    """Return the id of a department in Seoul."""
    return str(api.department("영업부", timezone="Asia/Seoul")["id"])


@pytest.fixture(params=["sqlite", "dynamodb-local"])
def both(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Api]:
    """Yield a server on each store."""
    if request.param == "sqlite":
        with serving(SQLiteDatabase(tmp_path / "dayroom.db"), clock) as api:
            yield api
        return
    client, prefix = client_of(request.getfixturevalue("dynamodb_endpoint")), f"f{uuid4().hex[:12]}"
    names = {table.name: f"{prefix}-{table.name}" for table in TABLES}
    with serving(DynamoDatabase(client, names), clock) as api:
        yield api
    for name in names.values():
        client.delete_table(TableName=name)
