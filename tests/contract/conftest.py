"""Fixtures of the one suite: every test that asks for `store` or `database` runs over each of the four."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from backend.repositories.database import Database, Operation
from tests.components.s3 import S3Server
from tests.contract import places
from tests.contract.making import KINDS, making, provisioned
from tests.contract.stores import Store

Transact = Callable[..., None]


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store of each kind."""
    with making(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture(params=["sqlite-file", "dynamodb-local"])
def racing_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store of each kind that several processes can share."""
    with making(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture(params=places.KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[places.Place]:
    """Yield an empty object store of each kind."""
    with places.making(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture(params=places.STRICT)
def strict(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[places.Place]:
    """Yield an empty object store of each kind that looks at signatures."""
    with places.making(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture(scope="session")
def moto_server() -> Iterator[S3Server]:
    """Yield moto's server."""
    with places.moto_running() as server:
        yield server


@pytest.fixture
def database(store: Store) -> Iterator[Database]:
    """Yield a database with the tables of the suite."""
    yield from provisioned(store)


@pytest.fixture
def transact(database: Database) -> Transact:
    """Return a function that performs operations under a token of their own."""
    tokens = itertools.count()
    prefix = uuid4().hex[:12]

    def perform(*operations: Operation, token: str | None = None) -> None:
        database.transact(operations, token or f"{prefix}-{next(tokens)}")

    return perform
