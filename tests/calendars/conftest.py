"""Fixtures of calendars as feeds and files: a server on each kind of store, and one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.repositories.sqlite import SQLiteDatabase
from tests.contract.making import lasting_tables
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
    with lasting_tables(request.getfixturevalue("dynamodb_endpoint")) as database, serving(database, clock) as api:
        yield api
