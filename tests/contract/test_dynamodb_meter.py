"""What DynamoDB is asked can be counted: operation, outcome and capacity."""

from __future__ import annotations

from uuid import uuid4

import pytest

from backend.repositories.database import ABSENT, Put, StoreUnavailable, TransactionRefused
from backend.repositories.dynamodb import connect
from backend.repositories.tables import GUARDS


def test_each_call_is_told_with_what_became_of_it_and_what_it_cost(dynamodb_endpoint: str) -> None:
    heard: list[tuple[str, str, float]] = []
    database = connect(
        {"guards": f"0meter-{uuid4().hex[:8]}"},
        region="ap-northeast-2",
        endpoint=dynamodb_endpoint,
        access_key="key",
        secret_key="secret",
        observe=lambda *call: heard.append(call),
    )
    database.provision([GUARDS])
    put = Put(GUARDS, {"key": "name:개발팀"}, ABSENT)
    database.transact([put], str(uuid4()))
    with pytest.raises(TransactionRefused):
        database.transact([put], str(uuid4()))
    database.get(GUARDS, {"key": "name:개발팀"})
    told = [(operation, outcome) for operation, outcome, _ in heard]
    assert told[-3:] == [
        ("TransactWriteItems", "ok"),
        ("TransactWriteItems", "TransactionCanceledException"),
        ("GetItem", "ok"),
    ]
    written, refused, got = (units for _, _, units in heard[-3:])
    assert written > got > refused == 0


def test_a_store_that_does_not_answer_is_told_too() -> None:
    heard: list[tuple[str, str, float]] = []
    database = connect(
        {"guards": "guards"},
        region="ap-northeast-2",
        endpoint="http://127.0.0.1:1",
        access_key="key",
        secret_key="secret",
        observe=lambda *call: heard.append(call),
    )
    with pytest.raises(StoreUnavailable):
        database.get(GUARDS, {"key": "name"})
    assert heard
    assert {(operation, outcome) for operation, outcome, _ in heard} == {("GetItem", "EndpointConnectionError")}


def test_a_region_that_nobody_names_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "nowhere")
    with pytest.raises(StoreUnavailable, match="AWS_REGION"):
        connect({}, endpoint="http://127.0.0.1:1")
