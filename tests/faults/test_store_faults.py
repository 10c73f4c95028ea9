"""A DynamoDB that fails in every way it can: nothing is lost, doubled or half written, and everybody is told in time.

`python -m tests.faults.by_hand` makes more of it: 10,000 writes, 30 seconds without a store, and 50 kills on each.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import structlog
from boto3.session import Session
from botocore.config import Config

from backend.repositories.database import Database
from backend.repositories.dynamodb import DynamoDatabase
from backend.repositories.examination import faults as faults_of
from backend.repositories.tables import EVENTS, GUARDS, TABLES
from tests.components.server import Server, StartServer
from tests.faults.proxy import FaultProxy, Faults
from tests.in_process import Api, Json, json_of, serving
from tests.replica import digest_of, take_snapshot
from tests.subscriber import Subscriber

WRITERS = 80
WRITES = 2000
DEPARTMENTS = 40
PROBABILITY = 0.1
PROMISE = 10.0
MARGIN = 1.5
"""Seconds by which a busy machine may be late."""


@contextmanager
def patient_database(endpoint: str, read_timeout: float = 0.25) -> Iterator[Database]:
    """Opens tables of their own, by a client that does not wait as long as ours for what never comes."""
    prefix = f"f{uuid4().hex[:12]}-"
    client = Session(aws_access_key_id="key", aws_secret_access_key="secret", region_name="ap-northeast-2").client(
        "dynamodb",
        endpoint_url=endpoint,
        config=Config(
            connect_timeout=1, read_timeout=read_timeout, retries={"total_max_attempts": 1}, max_pool_connections=200
        ),
    )
    database = DynamoDatabase(client, {table.name: prefix + table.name for table in TABLES})
    database.provision(TABLES)
    yield database
    database.close()


@contextmanager
def unsaid() -> Iterator[None]:
    """Logs nothing: eighty threads that wait for one another to write of every fault cost a fifth of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.reset_defaults()


class Writer:
    """Writes events into departments, repeats with the same key what was not answered, and remembers what was."""

    def __init__(self, api: Api, departments: list[str], number: int) -> None:
        self.answers: Counter[int] = Counter()
        self.slowest = 0.0
        self.acknowledged: list[tuple[str, str, str, int]] = []
        """Of every write that succeeded: the log, the operation, the event and its version."""
        self._api = Api(api.dayroom)
        self._departments = departments
        self._number = number
        self._mine: dict[str, tuple[str, int]] = {}

    def run(self, writes: int) -> None:
        for turn in range(writes):
            self._write(turn)

    def _write(self, turn: int) -> None:
        department = self._departments[(self._number + turn) % len(self._departments)]
        if turn % 5 == 3 and self._mine:
            event, (home, version) = list(self._mine.items())[-1]
            self._send("PUT", f"/api/events/{event}", {"title": f"새 {turn}"}, If_Match=f'"{version}"')
            self._acknowledge(home, "updated", event, version + 1)
        elif turn % 10 == 9 and self._mine:
            event, (home, version) = self._mine.popitem()
            self._send("DELETE", f"/api/events/{event}")
            self.acknowledged.append((home, "deleted", event, version + 1))
        else:
            body = {"title": f"글 {self._number}-{turn}", "event_date": "2024-01-15"}
            made = json_of(self._send("POST", f"/api/events/{department}", body))
            self._acknowledge(department, "created", made["id"], 1)
        if turn % 12 == 4:
            self._look()

    def _acknowledge(self, department: str, op: str, event: str, version: int) -> None:
        self._mine[event] = (department, version)
        self.acknowledged.append((department, op, event, version))

    def _look(self) -> None:
        """Lists a department: what was acknowledged must be in it, whatever the index says."""
        department = next(iter(self._mine.values()))[0]
        mine = {event: version for event, (home, version) in self._mine.items() if home == department}
        listed = json_of(self._send("GET", f"/api/events/{department}"))
        seen = {event["id"]: event["version"] for event in listed if event["id"] in mine}
        assert seen == mine, "a list is older than what it should show"

    def _send(self, method: str, path: str, body: Json | None = None, **headers: str) -> Any:
        """Sends a request until it is answered, with one key."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers |= {"Idempotency-Key": str(uuid4())} if method != "GET" else {}
        for _ in range(200):
            began = time.monotonic()
            answer = self._api.call(method, path, body, headers)
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.answers[answer.status_code] += 1
            if answer.status_code < 500:
                assert answer.status_code < 300, answer.text
                return answer
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["Retry-After"]) > 0
            time.sleep(0.02)
        raise AssertionError(f"{method} {path} was never answered")


def write_through_faults(
    endpoint: str, faults: Faults, writes: int, seed: int = 3
) -> tuple[Counter[str], Counter[int]]:
    """Lets the writers write so much together through the faults, and looks at everything that is there afterwards."""
    with (
        FaultProxy(endpoint, seed=seed, delay_seconds=0.02) as proxy,
        patient_database(proxy.url) as database,
        serving(database) as api,
        unsaid(),
    ):
        departments = [api.department(f"부서 {number}")["id"] for number in range(DEPARTMENTS)]
        proxy.faults = faults
        writers = [Writer(api, departments, number) for number in range(WRITERS)]
        with ThreadPoolExecutor(WRITERS) as threads:
            list(threads.map(lambda writer: writer.run(writes // WRITERS), writers))
        proxy.faults = Faults()
        answers = sum((writer.answers for writer in writers), Counter())
        assert set(answers) <= {200, 201, 204, 503}
        assert max(writer.slowest for writer in writers) < PROMISE + MARGIN
        acknowledged = Counter(write for writer in writers for write in writer.acknowledged)
        for department in departments:
            assert_log(api, department, {write: n for write, n in acknowledged.items() if write[0] == department})
        assert_not_half_written(database)
        return proxy.counts, answers


def assert_log(api: Api, log: str, acknowledged: dict[tuple[str, str, str, int], int]) -> None:
    """Asserts that a log holds what was acknowledged and nothing else, each once and without a gap."""
    head = api.changes(log, "since=latest")["head"]
    epoch, _, last = head.rpartition(":")
    page = api.changes(log, f"since={epoch}:0")
    assert [change["seq"] for change in page["changes"]] == list(range(1, int(last) + 1))
    told = Counter((log, change["op"], change["id"], change["version"]) for change in page["changes"])
    assert told == acknowledged
    living = {event["id"]: event["version"] for event in api.events(log)}
    assert page["digest"] == digest_of(("event", *entity) for entity in living.items())
    assert take_snapshot(api.ask, log).digest == page["digest"]


def assert_not_half_written(database: Database) -> None:
    """Asserts that every row is what its entry says, that heads and digests are right, and ids are guarded."""
    assert list(faults_of(database, datetime.now(UTC))) == []
    guarded = {guard["key"] for guard in database.scan(GUARDS) if guard["key"].startswith("id:")}
    assert guarded == {f"id:{row['id']}" for row in database.scan(EVENTS)}
    for record in database.scan(GUARDS):
        if record["key"].startswith("once:"):
            assert {"log", "seq"} <= record.keys(), "an answer that nobody can give again"


def test_writes_through_every_fault(dynamodb_endpoint: str) -> None:
    counts, answers = write_through_faults(dynamodb_endpoint, Faults.all(PROBABILITY), WRITES)
    assert set(counts) == set(Faults.__dataclass_fields__), "a fault never happened"
    assert answers[503], "no answer was ever lost"


def within(promise: float, ask: Callable[[], Any]) -> Any:
    """Asks, and asserts that the answer came in time."""
    began = time.monotonic()
    answer = ask()
    assert time.monotonic() - began < promise, f"{time.monotonic() - began:.1f} s"
    return answer


@pytest.fixture
def proxy(dynamodb_endpoint: str) -> Iterator[FaultProxy]:
    """Yield a proxy without faults."""
    with FaultProxy(dynamodb_endpoint) as opened:
        yield opened


def settings_through(proxy: FaultProxy) -> dict[str, str]:
    return {
        "DATABASE": "dynamodb",
        "AWS_ENDPOINT_URL_DYNAMODB": proxy.url,
        "AWS_REGION": "ap-northeast-2",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "TABLE_PREFIX": f"t{uuid4().hex[:12]}-",
        "DYNAMODB_POLL_SECONDS": "1",
    }


def assert_lives_without_a_store(start_server: StartServer, proxy: FaultProxy, seconds: float) -> None:
    """Takes the store away for so long from a server that is in use, and asserts that it goes on by itself."""
    server = start_server(**settings_through(proxy))
    department = server.create_department("영업부")
    first = server.create_event(department, "전")
    with Subscriber(server.url, department) as subscriber:
        proxy.down()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for method, path, body in (
                ("GET", f"/api/events/{department}", None),
                ("POST", f"/api/events/{department}", {"title": "글", "event_date": "2024-01-15"}),
                ("PUT", f"/api/events/{first['id']}", {"title": "글"}),
                ("DELETE", f"/api/events/{first['id']}", None),
                ("GET", f"/api/departments/{department}/changes?since=latest", None),
            ):
                answer = within(PROMISE + MARGIN, partial(server.request, method, path, json=body))
                assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
                assert int(answer.headers["Retry-After"]) > 0
            answer = server.request("GET", "/readyz")
            assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
            assert "127.0.0.1" not in answer.text, "an internal address"
            assert server.request("GET", "/healthz").status_code == 200
            time.sleep(0.3)
        proxy.up()
        assert server.request("GET", "/readyz").status_code == 200
        server.create_event(department, "후")
        assert subscriber.wait_for_seq(2), "the relay does not catch up"
        assert subscriber.heard == [2]
        assert {event["title"] for event in server.request("GET", f"/api/events/{department}").json()} == {"전", "후"}


def test_a_while_without_a_store(start_server: StartServer, proxy: FaultProxy) -> None:
    assert_lives_without_a_store(start_server, proxy, 6)


@pytest.mark.parametrize("operations", [None, {"TransactWriteItems"}], ids=["everything", "writes"])
def test_a_store_that_never_answers_is_told_in_time(
    start_server: StartServer, proxy: FaultProxy, operations: set[str] | None
) -> None:
    server = start_server(**settings_through(proxy))
    department = server.create_department("영업부")
    event = server.create_event(department, "전")
    proxy.faults, proxy.only = Faults(hang=1), operations
    reading: list[tuple[str, str, Json | None]] = [
        ("GET", "/api/departments", None),
        ("GET", f"/api/events/{department}/{event['id']}", None),
        ("GET", "/readyz", None),
    ]
    asked: list[tuple[str, str, Json | None]] = [
        ("PUT", f"/api/events/{event['id']}", {"title": "하나"}),
        *[("POST", f"/api/events/{department}", {"title": f"글 {n}", "event_date": "2024-01-15"}) for n in range(4)],
        *([] if operations else reading),
    ]
    with ThreadPoolExecutor(len(asked)) as threads:
        ask = lambda each: within(PROMISE + MARGIN, lambda: server.request(each[0], each[1], json=each[2]))  # noqa: E731
        answers = list(threads.map(ask, asked))
    assert {answer.status_code for answer in answers} == {503}
    proxy.faults = Faults()
    assert server.request("GET", "/readyz").status_code == 200
    server.create_event(department, "후")
    assert_not_doubled(server, department)


def assert_not_doubled(server: Server, department: str) -> None:
    """Asserts that what may have happened unheard happened at most once."""
    titles = Counter(event["title"] for event in server.request("GET", f"/api/events/{department}").json())
    assert set(titles.values()) == {1}


def test_a_write_whose_answer_is_lost_for_good_is_repeated_rightly(
    start_server: StartServer, proxy: FaultProxy
) -> None:
    server = start_server(**settings_through(proxy))
    department = server.create_department("영업부")
    body, key = {"title": "글", "event_date": "2024-01-15"}, {"Idempotency-Key": "k1"}
    proxy.faults = Faults(cut_after=1)  # it is performed, and nobody hears of it: reads fail as well
    answer = server.request("POST", f"/api/events/{department}", json=body, headers=key)
    assert answer.status_code == 503
    proxy.faults = Faults()
    first = server.request("POST", f"/api/events/{department}", json=body, headers=key)
    again = server.request("POST", f"/api/events/{department}", json=body, headers=key)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert [each["id"] for each in server.request("GET", f"/api/events/{department}").json()] == [first.json()["id"]]
