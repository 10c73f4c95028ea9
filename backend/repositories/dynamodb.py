"""The database port on Amazon DynamoDB: for organisations that outgrow one machine."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import NoRegionError

from backend.repositories import dynamodb_errors as errors
from backend.repositories import items
from backend.repositories.database import (
    Capabilities,
    Index,
    Item,
    KeyValue,
    Operation,
    Provisioned,
    StoreUnavailable,
    Table,
)
from backend.repositories.dynamodb_calls import CONNECT_TIMEOUT, READ_TIMEOUT, attempt, read
from backend.repositories.dynamodb_integrity import refuse_damage
from backend.repositories.dynamodb_meter import Observe, measure_calls
from backend.repositories.dynamodb_provision import Provisioner
from backend.repositories.dynamodb_values import (
    Wire,
    item_from_wire,
    item_to_wire,
    operation_to_wire,
    query_to_wire,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def connect(
    names: Mapping[str, str],
    *,
    region: str | None = None,
    endpoint: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
    session_token: str | None = None,
    observe: Observe | None = None,
) -> "DynamoDatabase":
    """Makes a database with a client of its own; `names` has the real name of each declared table.

    `observe` hears of each call. Raises `StoreUnavailable` where nothing says in which region the tables are.
    """
    client = make_client(
        region=region,
        endpoint=endpoint,
        access_key=access_key,
        secret_key=secret_key,
        session_token=session_token,
    )
    if observe is not None:
        measure_calls(client, observe)
    return DynamoDatabase(client, names)


def make_client(
    *,
    region: str | None = None,
    endpoint: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
    session_token: str | None = None,
) -> "DynamoDBClient":
    """Makes the one client of a process; without keys it signs with what the machine's role gives.

    Nothing is sent yet.
    """
    config = Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
        retries={"total_max_attempts": 1, "mode": "standard"},  # it does not know how long our caller waits
        tcp_keepalive=True,
        max_pool_connections=50,
    )
    try:
        client = Session().client(
            "dynamodb",
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=session_token,
            config=config,
        )
    except NoRegionError:
        raise StoreUnavailable("DynamoDB: set AWS_REGION, the region of the tables") from None
    client.meta.events.register("before-parse.dynamodb", refuse_damage)
    return client


class DynamoDatabase:
    """Keeps declared tables in DynamoDB; `names` has the real name of each. Shared by threads and greenlets."""

    def __init__(self, client: "DynamoDBClient", names: Mapping[str, str]) -> None:
        self.capabilities: Final = Capabilities("dynamodb", indexes_lag=True, tells_version=False, expires=True)
        self._client = client
        self._names = dict(names)

    def get(self, table: Table, key: Mapping[str, KeyValue]) -> Item | None:
        """Reads one item, strongly consistent."""
        items.check_key(table, key)
        name, wire = self._real_name(table), item_to_wire(key)
        answer = read(lambda: self._client.get_item(TableName=name, Key=wire, ConsistentRead=True))
        return item_from_wire(answer["Item"]) if "Item" in answer else None

    def query(
        self,
        table: Table,
        partition: KeyValue,
        *,
        index: Index | None = None,
        lower: KeyValue | None = None,
        upper: KeyValue | None = None,
        descending: bool = False,
        limit: int | None = None,
    ) -> Iterator[Item]:
        """Reads a partition page by page (1 MB each); an index is read as it is, perhaps seconds old."""
        items.check_query(table, index, partition, lower, upper)
        if lower is not None and upper is not None and lower > upper:  # type: ignore[operator]
            return iter(())  # DynamoDB would call it an error
        wire = query_to_wire(index or table, partition, lower, upper, descending)
        where: Wire = {"IndexName": index.name} if index else {"ConsistentRead": True}
        return self._pages({"TableName": self._real_name(table), **where, **wire}, limit)

    def _pages(self, request: Wire, limit: int | None) -> Iterator[Item]:
        """Asks for page after page, never for more than is still wanted."""
        left = limit
        while left is None or left > 0:
            asked = request if left is None else {**request, "Limit": left}
            page = read(lambda asked=asked: self._client.query(**asked))  # type: ignore[misc]
            for wire in page["Items"]:
                yield item_from_wire(wire)
            if not page.get("LastEvaluatedKey"):
                return
            request = {**request, "ExclusiveStartKey": page["LastEvaluatedKey"]}
            left = None if left is None else left - len(page["Items"])

    def scan(self, table: Table) -> Iterator[Item]:
        """Reads a whole table page by page, each page strongly consistent."""
        request: Wire = {"TableName": self._real_name(table), "ConsistentRead": True}
        while request:
            page = read(lambda asked=request: self._client.scan(**asked))  # type: ignore[misc]
            for wire in page["Items"]:
                yield item_from_wire(wire)
            place = page.get("LastEvaluatedKey")
            request = {**request, "ExclusiveStartKey": place} if place else {}

    def sweep(self, table: Table, now: int) -> int:
        """Removes nothing: DynamoDB expires items by itself (`provision` turns that on)."""
        items.check_sweep(table)
        return 0

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        """Performs all operations or none; sent again by itself only where it certainly was not performed."""
        items.check_transaction(operations, token)
        wire: Any = [operation_to_wire(operation, self._real_name(operation.table)) for operation in operations]
        attempt(
            lambda: self._client.transact_write_items(TransactItems=wire, ClientRequestToken=token),
            errors.did_nothing,
            errors.from_transaction,
        )

    def provision(self, tables: Sequence[Table], *, plan: bool = False) -> Provisioned:
        """Creates missing tables and indexes, and turns on expiry and point-in-time recovery."""
        return Provisioner(self._client, self._real_name).provision(tables, plan)

    def ping(self) -> None:
        """Answers if DynamoDB knows a table of ours."""
        name = next(iter(self._names.values()))
        read(lambda: self._client.describe_table(TableName=name))

    def data_version(self) -> None:
        """Is nothing that DynamoDB could tell."""

    def close(self) -> None:
        """Closes the connections that are kept open."""
        self._client.close()

    def _real_name(self, table: Table) -> str:
        """Finds what a table is called in this account."""
        try:
            return self._names[table.name]
        except KeyError:
            raise StoreUnavailable(f"table {table.name} has no name in DynamoDB") from None
