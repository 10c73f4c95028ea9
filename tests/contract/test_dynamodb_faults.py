"""What becomes of DynamoDB's errors, silences and lost answers: in the port's terms, and in time."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from backend.repositories.database import (
    Database,
    DatabaseError,
    ItemRefused,
    OutcomeUnknown,
    Put,
    StoreUnavailable,
    TransactionRefused,
)
from backend.repositories.dynamodb import connect
from tests.components.ports import find_free_port
from tests.contract.scripted_server import Answer, Script, cut, drop, error, garble, hang, reply, serving, tamper
from tests.contract.stores import NAMES, TABLES

ITEM = {"id": "n"}
FOUND = reply({"Item": {"id": {"S": "n"}}})
DONE = reply({})
BUDGET = 10


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setattr("backend.repositories.dynamodb_calls.FIRST_PAUSE", 0.001)
    with serving() as served:
        yield served


@pytest.fixture
def database(script: Script) -> Iterator[Database]:
    opened = open_at(script.endpoint)
    yield opened
    opened.close()


def open_at(endpoint: str, **more: Any) -> Database:
    names = {table.name: table.name for table in TABLES}
    keys = {"access_key": "key", "secret_key": "secret"}
    return connect(names, region="ap-northeast-2", endpoint=endpoint, **{**keys, **more})


def write(database: Database) -> None:
    database.transact([Put(NAMES, ITEM), Put(NAMES, {"id": "m"}), Put(NAMES, {"id": "o"})], "token")


def read(database: Database) -> object:
    return database.get(NAMES, ITEM)


def cancelled(*codes: str) -> Answer:
    reasons = [{"Code": code, "Message": f"{code}!"} for code in codes]
    return error("TransactionCanceledException", CancellationReasons=reasons)


REFUSED: dict[str, tuple[Answer, tuple[int, ...]]] = {
    "an expectation": (cancelled("None", "ConditionalCheckFailed", "None"), (1,)),
    "two expectations": (cancelled("ConditionalCheckFailed", "None", "ConditionalCheckFailed"), (0, 2)),
    "an expectation and another transaction": (
        cancelled("TransactionConflict", "None", "ConditionalCheckFailed"),
        (2,),
    ),
    "an expectation and throttling": (cancelled("ThrottlingError", "None", "ConditionalCheckFailed"), (2,)),
    "another transaction": (cancelled("None", "TransactionConflict", "None"), ()),
    "another transaction and throttling": (cancelled("ThrottlingError", "TransactionConflict", "None"), ()),
    "a conflict as an error of its own": (error("TransactionConflictException"), ()),
}


@pytest.mark.parametrize(("answer", "failed"), REFUSED.values(), ids=REFUSED.keys())
def test_what_lost_a_race_is_refused_and_is_to_be_read_anew(
    script: Script, database: Database, answer: Answer, failed: tuple[int, ...]
) -> None:
    script.play(answer)
    with pytest.raises(TransactionRefused) as refused:
        write(database)
    assert refused.value.failed == failed
    assert len(script.requests) == 1


TRANSACTION_ERRORS: dict[str, tuple[Answer, type[DatabaseError]]] = {
    "a reason that says invalid": (cancelled("ValidationError", "None", "None"), ItemRefused),
    "a collection that is too large": (cancelled("ItemCollectionSizeLimitExceeded", "None", "None"), ItemRefused),
    "invalid": (error("ValidationException"), ItemRefused),
    "a token for something else": (error("IdempotentParameterMismatchException"), ItemRefused),
    "throttled within": (cancelled("ThrottlingError", "None", "None"), StoreUnavailable),
    "over its throughput within": (cancelled("None", "ProvisionedThroughputExceeded", "None"), StoreUnavailable),
    "a reason nobody knows": (cancelled("None", "SomethingNew", "None"), StoreUnavailable),
    "no such table": (error("ResourceNotFoundException"), StoreUnavailable),
    "not allowed": (error("AccessDeniedException"), StoreUnavailable),
    "a key that has expired": (error("ExpiredTokenException"), StoreUnavailable),
    "still in progress": (error("TransactionInProgressException"), OutcomeUnknown),
    "a fault of the server": (error("InternalServerError", 500), OutcomeUnknown),
    "a server that is down": (error("ServiceUnavailable", 503), OutcomeUnknown),
    "a gateway that gave up": (reply("too slow", 504), OutcomeUnknown),
    "garbage": (garble, OutcomeUnknown),
    "half an answer": (cut, OutcomeUnknown),
    "a changed answer": (tamper, OutcomeUnknown),
    "no answer": (drop, OutcomeUnknown),
}


@pytest.mark.parametrize(("answer", "expected"), TRANSACTION_ERRORS.values(), ids=TRANSACTION_ERRORS.keys())
def test_a_transaction_that_fails_is_sent_once_and_says_whether_it_may_have_happened(
    script: Script, database: Database, answer: Answer, expected: type[DatabaseError]
) -> None:
    script.play(answer)
    with pytest.raises(DatabaseError) as raised:
        write(database)
    assert type(raised.value) is expected
    assert len(script.requests) == 1


THROTTLES = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "Throttling",
]


@pytest.mark.parametrize("code", THROTTLES)
@pytest.mark.parametrize("ask", [read, write])
def test_what_was_throttled_is_sent_again_a_few_times(
    script: Script, database: Database, ask: Callable[[Database], object], code: str
) -> None:
    script.play(error(code), error(code), FOUND)
    ask(database)
    assert len(script.requests) == 3
    assert script.requests[0] == script.requests[2]
    script.play(error(code))
    with pytest.raises(StoreUnavailable):
        ask(database)
    assert len(script.requests) == 6


def test_a_transaction_that_is_sent_again_keeps_its_token(script: Script, database: Database) -> None:
    script.play(error("ThrottlingException"), DONE)
    write(database)
    assert [request["ClientRequestToken"] for request in script.requests] == ["token", "token"]


PASSING: dict[str, Answer] = {
    "a fault of the server": error("InternalServerError", 500),
    "a gateway that gave up": reply("too slow", 504),
    "garbage": garble,
    "half an answer": cut,
    "a changed answer": tamper,
    "no answer": drop,
}
LASTING: dict[str, Answer] = {
    "invalid": error("ValidationException"),
    "not allowed": error("AccessDeniedException"),
    "no such table": error("ResourceNotFoundException"),
}


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING.keys())
def test_a_read_that_fails_in_passing_is_asked_again(script: Script, database: Database, answer: Answer) -> None:
    script.play(answer, answer, FOUND)
    assert read(database) == ITEM


@pytest.mark.parametrize("answer", {**PASSING, **LASTING}.values(), ids={**PASSING, **LASTING}.keys())
def test_a_read_that_goes_on_failing_is_unavailable(script: Script, database: Database, answer: Answer) -> None:
    script.play(answer)
    for ask in (
        lambda: read(database),
        lambda: list(database.query(NAMES, "n")),
        lambda: list(database.scan(NAMES)),
        database.ping,
        lambda: database.provision(TABLES),
    ):
        with pytest.raises(StoreUnavailable):
            ask()


def test_a_page_that_fails_makes_a_query_unavailable_while_it_is_iterated(script: Script, database: Database) -> None:
    key = {"id": {"S": "n"}}
    script.play(reply({"Items": [key], "LastEvaluatedKey": key}), error("AccessDeniedException"))
    found = database.query(NAMES, "n")
    assert next(found) == ITEM
    with pytest.raises(StoreUnavailable):
        next(found)


def test_a_query_never_asks_for_more_than_is_still_wanted(script: Script, database: Database) -> None:
    key = {"id": {"S": "n"}}
    page = reply({"Items": [key, key], "LastEvaluatedKey": key})
    script.play(page, page, reply({"Items": [key], "LastEvaluatedKey": key}))
    assert len(list(database.query(NAMES, "n", limit=5))) == 5
    assert [request["Limit"] for request in script.requests] == [5, 3, 1]


def test_reads_are_consistent(script: Script, database: Database) -> None:
    script.play(reply({"Items": []}))
    read(database), list(database.query(NAMES, "n")), list(database.scan(NAMES))
    assert [request["ConsistentRead"] for request in script.requests] == [True] * 3


def test_a_server_that_does_not_listen_is_unavailable_as_nothing_was_sent() -> None:
    database = open_at(f"http://127.0.0.1:{find_free_port()}")
    for ask in (read, write):
        with pytest.raises(StoreUnavailable):
            ask(database)
    database.close()


def test_a_name_that_cannot_be_found_is_unavailable_as_nothing_was_sent() -> None:
    database = open_at("http://nowhere.invalid:8000")
    for ask in (read, write):
        with pytest.raises(StoreUnavailable):
            ask(database)
    database.close()


def timed(ask: Callable[[Database], object], endpoint: str) -> tuple[type[BaseException], float]:
    """Returns what is raised, and after how many seconds."""
    database = open_at(endpoint)
    began = time.monotonic()
    try:
        ask(database)
    except DatabaseError as error:
        return type(error), time.monotonic() - began
    finally:
        database.close()
    raise AssertionError("was answered")


def fill(listener: socket.socket, stack: ExitStack) -> str:
    """Fills the queue of a socket that accepts nothing: whoever connects after that waits."""
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    for _ in range(4):
        waiting = stack.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(listener.getsockname())
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_nobody_waits_longer_than_ten_seconds_for_a_server_that_hangs(script: Script) -> None:
    script.play(hang)
    with ExitStack() as stack:
        deaf = fill(stack.enter_context(socket.socket()), stack)
        threads = stack.enter_context(ThreadPoolExecutor(4))
        asked = [(ask, endpoint) for endpoint in (script.endpoint, deaf) for ask in (read, write)]
        outcomes = list(threads.map(lambda pair: timed(*pair), asked))
    raised = [outcome for outcome, _ in outcomes]
    assert raised == [StoreUnavailable, OutcomeUnknown, StoreUnavailable, StoreUnavailable]
    assert all(2 <= seconds < BUDGET for _, seconds in outcomes), outcomes
