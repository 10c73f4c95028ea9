"""Makes the stores that the contract is tried on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from moto import mock_aws

from backend.repositories import tables
from backend.repositories.database import Database
from backend.repositories.dynamodb import DynamoDatabase, make_client
from backend.repositories.dynamodb_provision import EXPIRES_AT
from backend.repositories.sqlite import SQLiteDatabase
from tests.contract.stores import TABLES, Store

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KINDS = ("sqlite-memory", "sqlite-file", "moto", "dynamodb-local")


@cache
def client_of(endpoint: str | None) -> DynamoDBClient:
    """Return one client an endpoint: making one costs more than a test."""
    return make_client(region="ap-northeast-2", endpoint=endpoint, access_key="key", secret_key="secret")


def open_dynamodb(endpoint: str | None, prefix: str) -> Database:
    return DynamoDatabase(client_of(endpoint), {table.name: f"{prefix}-{table.name}" for table in TABLES})


@contextmanager
def making(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """Yield an empty store; tables have a prefix of their own, as servers are shared.

    DynamoDB Local fills later indexes of the first hundred tables only: `0` comes first, and tables are removed.
    """
    prefix = f"0{uuid4().hex[:12]}"
    if kind == "sqlite-memory":
        yield Store(kind, lambda: SQLiteDatabase(":memory:"), "", is_shared=False)
    elif kind == "sqlite-file":
        yield Store(kind, lambda: SQLiteDatabase(folder / "dayroom.db"), str(folder / "dayroom.db"))
    elif kind == "moto":
        with mock_aws():
            yield Store(kind, lambda: open_dynamodb(None, prefix), "", compares_types=False, largest_item=405_000)
    else:
        endpoint = request.getfixturevalue("dynamodb_endpoint")
        yield Store(
            kind,
            lambda: open_dynamodb(endpoint, prefix),
            f"{endpoint}|{prefix}",
            knows_tokens=True,
            knows_recovery=False,
            fills_around_violations=False,
        )
        remove_tables(client_of(endpoint), prefix)


def remove_tables(client: DynamoDBClient, prefix: str) -> None:
    for table in TABLES:
        with suppress(client.exceptions.ResourceNotFoundException):
            client.delete_table(TableName=f"{prefix}-{table.name}")


@contextmanager
def lasting_tables(endpoint: str) -> Iterator[Database]:
    """Yield the calendar's tables on DynamoDB Local, empty, which nothing expires from.

    What a test's clock calls tomorrow is long past there, and taken out within a second.
    """
    client, prefix = client_of(endpoint), f"0{uuid4().hex[:12]}"
    names = {table.name: f"{prefix}-{table.name}" for table in tables.TABLES}
    database = DynamoDatabase(client, names)
    database.provision(tables.TABLES)
    for name in (names[table.name] for table in tables.TABLES if table.expires):
        client.update_time_to_live(
            TableName=name, TimeToLiveSpecification={"Enabled": False, "AttributeName": EXPIRES_AT}
        )
    yield database
    for name in names.values():
        client.delete_table(TableName=name)


def provisioned(store: Store) -> Iterator[Database]:
    opened = store.open()
    opened.provision(TABLES)
    yield opened
    opened.close()
