"""Makes the declared tables in DynamoDB: on-demand billing, whole-item indexes, expiry, point-in-time recovery.

Encryption at rest is always on in DynamoDB, with a key that AWS owns unless the organisation chooses its own.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from backend.repositories import dynamodb_errors as errors
from backend.repositories.database import Attribute, Index, Provisioned, StoreUnavailable, Table
from backend.repositories.dynamodb_calls import read
from backend.repositories.dynamodb_values import KEY_TYPES, Wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EXPIRES_AT: Final = "expires_at"
PATIENCE: Final = 900.0
"""How many seconds a table or an index may take until it can be used."""

BACKUPS_PATIENCE: Final = 60.0

SHORTEST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 5.0

NOT_THERE: Final = {"ResourceNotFoundException", "TableNotFoundException"}
NOT_KNOWN: Final = {"UnknownOperationException", "UnknownOperation"}
NOT_YET: Final = {"ContinuousBackupsUnavailableException"}


@dataclass(frozen=True, slots=True)
class Step:
    """Is one change to make: a line that says it, and the request that makes it."""

    line: str
    table_name: str
    operation: str
    request: Wire


class Provisioner:
    """Compares what is declared with what is there, and makes up the difference."""

    def __init__(self, client: "DynamoDBClient", real_name: Callable[[Table], str]) -> None:
        self._client: Any = client  # its types know no requests that are put together
        self._real_name = real_name

    def provision(self, tables: Sequence[Table], plan: bool) -> Provisioned:
        """Creates what is missing; raises `StoreUnavailable` where a table or an index is there otherwise."""
        steps, unsupported = self._missing(tables)
        for step in [] if plan else steps:
            self._make(step, tables)
        for name in [] if plan else dict.fromkeys(step.table_name for step in steps):
            self._wait(name)
        return Provisioned(tuple(step.line for step in steps), unsupported)

    def _missing(self, tables: Sequence[Table]) -> tuple[list[Step], tuple[str, ...]]:
        """Lists the changes to make, and what the server does not know."""
        there = [(table, self._real_name(table), self._describe(self._real_name(table))) for table in tables]
        for table, name, found in there:
            refuse_other_shape(table, name, found)
        backups = {name: self._backups(name) for _, name, _ in there}
        steps = [step for table, name, found in there for step in shape_steps(table, name, found)]
        expiring = [(name, found) for table, name, found in there if table.expires]
        steps += [expiry_step(name) for name, found in expiring if not (found and self._expires(name))]
        steps += [recovery_step(name) for name, state in backups.items() if state == "DISABLED"]
        return steps, ("point-in-time recovery",) if "UNKNOWN" in backups.values() else ()

    def _make(self, step: Step, tables: Sequence[Table]) -> None:
        """Makes one change, as soon as the table can be used; one that another process has just made is as good."""
        if step.operation != "create_table":
            self._wait(step.table_name)
        try:
            self._request(step)
        except errors.AWS_ERRORS as error:
            if step in self._missing(tables)[0]:
                raise errors.from_read(error) from error

    def _request(self, step: Step) -> None:
        """Sends the request of a change; a new table can have backups only a little after it became active."""
        deadline = time.monotonic() + BACKUPS_PATIENCE
        while True:
            try:
                getattr(self._client, step.operation)(TableName=step.table_name, **step.request)
                return
            except errors.AWS_ERRORS as error:
                if errors.code_of(error) not in NOT_YET or time.monotonic() > deadline:
                    raise
            time.sleep(1)

    def _wait(self, name: str) -> None:
        """Waits until a table and all its indexes can be used."""
        deadline, pause = time.monotonic() + PATIENCE, SHORTEST_PAUSE
        while not is_active(self._describe(name)):
            if time.monotonic() > deadline:
                raise StoreUnavailable(f"table {name} is still being made; provision again later")
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)

    def _describe(self, name: str) -> Wire | None:
        """Reads a table's description, None where there is no such table."""
        answer = self._ask("describe_table", name)
        return answer["Table"] if isinstance(answer, dict) else None

    def _expires(self, name: str) -> bool:
        """Tells whether a table's items expire, or begin to; raises `StoreUnavailable` if by another attribute."""
        answer = self._ask("describe_time_to_live", name)
        found = answer["TimeToLiveDescription"] if isinstance(answer, dict) else {}
        if found.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
            return False
        if found.get("AttributeName") != EXPIRES_AT:
            raise StoreUnavailable(f"table {name} expires by {found.get('AttributeName')}, not {EXPIRES_AT}")
        return True

    def _backups(self, name: str) -> str:
        """Tells whether point-in-time recovery is `ENABLED`, `DISABLED`, or `UNKNOWN` to this server."""
        answer = self._ask("describe_continuous_backups", name)
        if not isinstance(answer, dict):
            return "UNKNOWN" if answer in NOT_KNOWN else "DISABLED"
        found = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        return str(found["PointInTimeRecoveryStatus"])

    def _ask(self, operation: str, name: str) -> Wire | str:
        """Reads a description; an error's code where there is nothing to describe."""

        def ask() -> Wire | str:
            try:
                answer: Wire = getattr(self._client, operation)(TableName=name)
                return answer
            except errors.AWS_ERRORS as error:
                if errors.code_of(error) in NOT_THERE | NOT_KNOWN:
                    return errors.code_of(error)
                raise

        return read(ask)


def shape_steps(table: Table, name: str, found: Wire | None) -> Iterator[Step]:
    """Lists what creates a table, or adds indexes to it: one after the other, as DynamoDB wants it."""
    if not found:
        indexes = {"GlobalSecondaryIndexes": [index_to_wire(index) for index in table.indexes]}
        request = {
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": key_schema(*table.key_attributes),
            "AttributeDefinitions": definitions(table),
            **(indexes if table.indexes else {}),
        }
        yield Step(f"create table {name}", name, "create_table", request)
        return
    for index in table.indexes:
        if index.name not in {there["IndexName"] for there in indexes_of(found)}:
            update = [{"Create": index_to_wire(index)}]
            request = {"AttributeDefinitions": definitions(table), "GlobalSecondaryIndexUpdates": update}
            yield Step(f"create index {index.name} of {name}", name, "update_table", request)


def expiry_step(name: str) -> Step:
    """Is what lets DynamoDB remove the items that have expired."""
    on = {"Enabled": True, "AttributeName": EXPIRES_AT}
    return Step(f"expire {name} by {EXPIRES_AT}", name, "update_time_to_live", {"TimeToLiveSpecification": on})


def recovery_step(name: str) -> Step:
    """Is what turns on point-in-time recovery."""
    request = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    return Step(f"turn on point-in-time recovery of {name}", name, "update_continuous_backups", request)


def refuse_other_shape(table: Table, name: str, found: Wire | None) -> None:
    """Raises `StoreUnavailable` where a table or an index is there, but not as it is declared."""
    if not found:
        return
    types = {there["AttributeName"]: there["AttributeType"] for there in found["AttributeDefinitions"]}
    refuse_other_keys(f"table {name}", table.key_attributes, found["KeySchema"], types)
    declared = {index.name: index for index in table.indexes}
    for there in indexes_of(found):
        index = declared.get(there["IndexName"])
        if not index:
            continue
        refuse_other_keys(f"index {index.name} of {name}", (index.partition, index.sort), there["KeySchema"], types)
        if there["Projection"]["ProjectionType"] != "ALL":
            raise StoreUnavailable(f"index {index.name} of {name} does not hold whole items; nothing was changed")


def refuse_other_keys(what: str, keys: Sequence[Attribute], schema: Sequence[Wire], types: dict[str, str]) -> None:
    """Raises `StoreUnavailable` where a table or an index has other keys than it is declared to have."""
    there = [(key["AttributeName"], key["KeyType"], types[key["AttributeName"]]) for key in schema]
    declared = [
        (key["AttributeName"], key["KeyType"], KEY_TYPES[attribute.type])
        for attribute, key in zip(keys, key_schema(*keys), strict=True)
    ]
    if sorted(there) != sorted(declared):
        raise StoreUnavailable(f"{what} is there with other keys, {there}; nothing was changed")


def is_active(found: Wire | None) -> bool:
    """Tells whether a table and all its indexes can be used."""
    if not found:
        return False
    return {found["TableStatus"], *(index["IndexStatus"] for index in indexes_of(found))} == {"ACTIVE"}


def indexes_of(found: Wire) -> list[Wire]:
    """Lists the indexes in a table's description."""
    return list(found.get("GlobalSecondaryIndexes", []))


def index_to_wire(index: Index) -> Wire:
    """Writes an index that holds whole items."""
    schema = key_schema(index.partition, index.sort)
    return {"IndexName": index.name, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}


def key_schema(*attributes: Attribute) -> list[Wire]:
    """Writes the one or two attributes of a key."""
    kinds = ("HASH", "RANGE")[: len(attributes)]
    return [{"AttributeName": key.name, "KeyType": kind} for key, kind in zip(attributes, kinds, strict=True)]


def definitions(table: Table) -> list[Wire]:
    """Writes the types of every attribute of a key or an index, each once."""
    keys = [*table.key_attributes, *(key for index in table.indexes for key in (index.partition, index.sort))]
    types = {key.name: KEY_TYPES[key.type] for key in keys}
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]
