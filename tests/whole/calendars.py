"""What the tests of whole databases share: a calendar with a past, what is in a database, and one that is in use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from backend.repositories.database import (
    Capabilities,
    Database,
    Index,
    Item,
    KeyValue,
    Operation,
    Provisioned,
    Table,
)
from backend.repositories.sqlite import MEMORY, SQLiteDatabase
from backend.repositories.tables import TABLES
from tests.in_process import Api, Clock, serving

Action = Callable[[], object]


class Silent:
    """Hears what is going on, and remembers the steps."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def step(self, what: str) -> Callable[[int], None]:
        self.steps.append(what)
        return lambda count: None


def empty() -> SQLiteDatabase:
    """Makes an empty database in memory."""
    database = SQLiteDatabase(MEMORY)
    database.provision(TABLES)
    return database


def contents(database: Database) -> dict[str, set[str]]:
    """Is all that a database holds, but for the records of idempotency keys, table by table."""
    return {
        table.name: {
            json.dumps(item, sort_keys=True, ensure_ascii=False)
            for item in database.scan(table)
            if not str(item.get("key")).startswith("once:")
        }
        for table in TABLES
    }


def with_a_past(api: Api) -> tuple[str, str]:
    """Makes three departments, one of them deleted, and events that were edited, moved, deleted and restored."""
    first, second = (api.department(name)["id"] for name in ("개발팀", "총무팀"))
    gone = api.department("없어진 팀")["id"]
    events = [api.event(first, title=f"회의 {number}", description="설명 " * 20)["id"] for number in range(12)]
    for number, event in enumerate(events):
        if number % 2:
            api.put(f"/api/events/{event}", {"title": f"바뀐 회의 {number}"})
        if number % 3 == 0:
            api.post(f"/api/events/{event}/move", {"department_id": second})
        if number % 4 == 0:
            api.delete(f"/api/events/{event}")
    api.post(f"/api/events/{events[4]}/restore", {})
    api.post(f"/api/events/{events[3]}/move", {"department_id": first})
    api.event(gone, title="같이 없어진 회의")
    api.put(f"/api/departments/{second}", {"name": "경영지원팀"})
    api.delete(f"/api/departments/{gone}")
    return first, second


def answers(api: Api) -> dict[str, Any]:
    """Is everything that people can ask a server for."""
    found: dict[str, Any] = {}
    departments = api.get("/api/departments").get_json()
    for log in ["directory", *(department["id"] for department in departments)]:
        found[f"log {log}"] = api.changes(log)
        found[f"head {log}"] = api.changes(log, "since=latest")
    for department in departments:
        for event in api.events(department["id"]):
            found[event["id"]] = (event, api.get(f"/api/events/{event['id']}/history").get_json())
    return found | {"departments": departments}


@contextmanager
def calendar(database: Database | None = None, clock: Clock | None = None) -> Iterator[Api]:
    """Opens a server whose database a test may look into, and that stays open afterwards."""
    with serving(Kept(database) if database else empty(), clock) as api:
        yield api


@dataclass
class Watched:
    """Passes everything on, and calls `before` ahead of each call of the port and each item that is read."""

    inner: Database
    before: Action = field(default=lambda: None)

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    def get(self, table: Table, key: Mapping[str, KeyValue]) -> Item | None:
        self.before()
        return self.inner.get(table, key)

    def query(self, table: Table, partition: KeyValue, *, index: Index | None = None, **options: Any) -> Iterator[Item]:
        return self._read(self.inner.query(table, partition, index=index, **options))

    def scan(self, table: Table) -> Iterator[Item]:
        return self._read(self.inner.scan(table))

    def _read(self, found: Iterator[Item]) -> Iterator[Item]:
        self.before()
        for item in found:
            yield item
            self.before()

    def transact(self, operations: Sequence[Operation], token: str) -> None:
        self.before()
        self.inner.transact(operations, token)

    def sweep(self, table: Table, now: int) -> int:
        self.before()
        return self.inner.sweep(table, now)

    def provision(self, tables: Sequence[Table], *, plan: bool = False) -> Provisioned:
        return self.inner.provision(tables, plan=plan)

    def ping(self) -> None:
        self.inner.ping()

    def data_version(self) -> int | None:
        return self.inner.data_version()

    def close(self) -> None:
        self.inner.close()


class Kept(Watched):
    """Stays open when the server that uses it is closed."""

    def close(self) -> None:
        """Leaves it open."""


class Crash(BaseException):
    """Ends a command as a power cut would: nothing may catch it."""


def crashing(database: Database, calls: int) -> Watched:
    """Makes a database at whose n-th call everything ends."""
    left = iter(range(calls))

    def count() -> None:
        if next(left, None) is None:
            raise Crash

    return Watched(database, count)
