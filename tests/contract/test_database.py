"""What the port promises of items and transactions, over every store."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.repositories.database import (
    ABSENT,
    Attribute,
    Check,
    Database,
    Delete,
    Expectation,
    ItemRefused,
    Put,
    StoreUnavailable,
    Table,
    TransactionRefused,
)
from tests.contract.stores import ENTRIES, NAMES, THINGS, Store, entry, thing

Transact = Callable[..., None]

NFD = unicodedata.normalize("NFD", "회의실 예약")

VALUES = {
    "nothing": None,
    "yes": True,
    "no": False,
    "zero": 0,
    "largest": 2**63 - 1,
    "smallest": -(2**63),
    "empty": "",
    "Korean": "팀장 회의 (오후 2:00)",
    "decomposed Korean": NFD,
    "emoji": "👩‍👩‍👧‍👦 🇰🇷 𝄞",
    "control characters": "\0\t\r\n\x1f\x7f\u2028",
    "empty list": [],
    "empty map": {},
    "like a number": "007",
    "nested": [{"제목": ["가", None, {"깊이": [1, True, ""]}]}, [[]]],
    "a reserved word": {"name": 1, "date": 2, "#key": 3, ":v0": 4, "a.b": 5, "[0]": 6, '"': 7},
}

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=30)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4),
    max_leaves=12,
)


def name(identifier: str, **more: Any) -> dict[str, Any]:
    return {"id": identifier, **more}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_a_value_comes_back_as_it_was_put(database: Database, transact: Transact, value: Any) -> None:
    transact(Put(NAMES, name("n", value=value)))
    found = database.get(NAMES, name("n"))
    assert found == name("n", value=value)
    assert type(found["value"]) is type(value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=st.dictionaries(st.text(min_size=1, max_size=8).filter(lambda text: text != "id"), values, max_size=5))
def test_any_item_comes_back_as_it_was_put(database: Database, item: dict[str, Any]) -> None:
    database.transact([Put(NAMES, {**item, "id": "n"})], uuid4().hex)
    assert repr(sorted_maps(database.get(NAMES, name("n")))) == repr(sorted_maps({**item, "id": "n"}))


def sorted_maps(value: Any) -> Any:
    """Orders the members of maps, which have no order of their own; `repr` then tells True from 1."""
    if isinstance(value, dict):
        return {member: sorted_maps(value[member]) for member in sorted(value)}
    return [sorted_maps(element) for element in value] if isinstance(value, list) else value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(min_size=1, max_size=80))
def test_any_text_can_be_a_key(database: Database, key: str) -> None:
    database.transact([Put(THINGS, thing(key, owner=key, date=key))], uuid4().hex)
    assert database.get(THINGS, {"id": key, "owner": key}) == thing(key, owner=key, date=key)


def test_texts_that_only_look_alike_are_different_keys(database: Database, transact: Transact) -> None:
    alike = ["회의", unicodedata.normalize("NFD", "회의"), "a", "A", "a ", "ａ", "é", "e\u0301"]
    transact(*(Put(NAMES, name(key, place=place)) for place, key in enumerate(alike)))
    assert [(database.get(NAMES, name(key)) or {})["place"] for key in alike] == list(range(len(alike)))


def test_what_was_never_put_is_none(database: Database) -> None:
    assert database.get(NAMES, name("nobody")) is None


def test_a_put_replaces_the_whole_item(database: Database, transact: Transact) -> None:
    transact(Put(NAMES, name("n", old=1)))
    transact(Put(NAMES, name("n", new=2)))
    assert database.get(NAMES, name("n")) == name("n", new=2)


def test_a_deleted_item_is_gone_and_can_be_deleted_again(database: Database, transact: Transact) -> None:
    transact(Put(THINGS, thing("t")))
    transact(Delete(THINGS, thing("t")))
    transact(Delete(THINGS, thing("t")))
    assert database.get(THINGS, thing("t")) is None


def test_what_a_caller_does_to_an_item_afterwards_stays_with_the_caller(database: Database, transact: Transact) -> None:
    item = name("n", list=[1])
    transact(Put(NAMES, item))
    item["list"].append(2)
    found = database.get(NAMES, name("n"))
    assert found == name("n", list=[1])
    found["list"].append(3)
    assert database.get(NAMES, name("n")) == name("n", list=[1])


def test_a_transaction_happens_as_a_whole(database: Database, transact: Transact) -> None:
    transact(Put(NAMES, name("old")), Put(NAMES, name("kept", n=1)))
    transact(
        Delete(NAMES, name("old")),
        Put(NAMES, name("new")),
        Put(ENTRIES, entry(1)),
        Put(THINGS, thing("t")),
        Check(NAMES, name("kept"), {"n": 1}),
    )
    assert database.get(NAMES, name("old")) is None
    assert database.get(NAMES, name("new")) and database.get(ENTRIES, entry(1)) and database.get(THINGS, thing("t"))
    assert database.get(NAMES, name("kept")) == name("kept", n=1)


def test_one_expectation_that_fails_keeps_everything_as_it_was(database: Database, transact: Transact) -> None:
    transact(Put(NAMES, name("old", n=1)))
    with pytest.raises(TransactionRefused):
        transact(
            Put(NAMES, name("new")),
            Delete(NAMES, name("old")),
            Put(ENTRIES, entry(1)),
            Check(THINGS, thing("t"), {}),
        )
    assert database.get(NAMES, name("new")) is None
    assert database.get(ENTRIES, entry(1)) is None
    assert database.get(NAMES, name("old")) == name("old", n=1)


def test_a_hundred_operations_fit_into_one_transaction(database: Database, transact: Transact) -> None:
    transact(*(Put(ENTRIES, entry(seq)) for seq in range(100)))
    assert len(list(database.query(ENTRIES, "log"))) == 100


STORED = {"text": "가", "number": 1, "yes": True, "nothing": None, "empty": "", "size": 5}

HOLDING: dict[str, Expectation] = {
    "nothing is expected": None,
    "it exists": {},
    "a text": {"text": "가"},
    "a number": {"number": 1},
    "true": {"yes": True},
    "none": {"nothing": None},
    "an empty text": {"empty": ""},
    "several, one a reserved word": {"text": "가", "size": 5},
    "its own key": {"id": "n"},
}

FAILING: dict[str, Expectation] = {
    "it is absent": ABSENT,
    "another text": {"text": "나"},
    "decomposed": {"text": unicodedata.normalize("NFD", "가")},
    "another number": {"number": 2},
    "a text is not a number": {"number": "1"},
    "none is not empty": {"empty": None},
    "missing": {"missing": "가"},
    "one of several": {"text": "가", "size": 6},
}

OPERATIONS: dict[str, Callable[[Expectation], Any]] = {
    "put": lambda expect: Put(NAMES, name("n", changed=True), expect),
    "delete": lambda expect: Delete(NAMES, name("n"), expect),
    "check": lambda expect: Check(NAMES, name("n"), expect),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
@pytest.mark.parametrize("expect", HOLDING.values(), ids=HOLDING.keys())
def test_an_expectation_that_holds_lets_it_happen(
    database: Database, transact: Transact, operation: Callable[[Expectation], Any], expect: Expectation
) -> None:
    transact(Put(NAMES, name("n", **STORED)))
    asked = operation({} if expect is None and operation is OPERATIONS["check"] else expect)
    transact(asked, Put(NAMES, name("witness")))
    after = {Put: name("n", changed=True), Delete: None, Check: name("n", **STORED)}
    assert database.get(NAMES, name("n")) == after[type(asked)]
    assert database.get(NAMES, name("witness"))


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
@pytest.mark.parametrize("expect", FAILING.values(), ids=FAILING.keys())
def test_an_expectation_that_fails_lets_nothing_happen(
    database: Database, transact: Transact, operation: Callable[[Expectation], Any], expect: Expectation
) -> None:
    transact(Put(NAMES, name("n", **STORED)))
    with pytest.raises(TransactionRefused) as refused:
        transact(operation(expect), Put(NAMES, name("witness")))
    assert refused.value.failed == (0,)
    assert database.get(NAMES, name("n")) == name("n", **STORED)
    assert database.get(NAMES, name("witness")) is None


@pytest.mark.parametrize("expect", [{"number": True}, {"yes": 1}, {"missing": None}], ids=repr)
def test_true_is_not_one_and_none_is_not_missing_where_types_are_compared(
    store: Store, database: Database, transact: Transact, expect: Expectation
) -> None:
    transact(Put(NAMES, name("n", **STORED)))
    try:
        transact(Put(NAMES, name("witness")), Check(NAMES, name("n"), expect))
    except TransactionRefused as refused:
        assert refused.failed == (1,)
        assert store.compares_types
    else:
        assert not store.compares_types
    assert bool(database.get(NAMES, name("witness"))) != store.compares_types


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_of_an_item_that_is_not_there_only_absence_can_be_expected(
    database: Database, transact: Transact, operation: Callable[[Expectation], Any]
) -> None:
    for expect in ({}, {"text": "가"}, {"nothing": None}):
        with pytest.raises(TransactionRefused) as refused:
            transact(operation(expect), Put(NAMES, name("witness")))
        assert refused.value.failed == (0,)
    assert database.get(NAMES, name("witness")) is None
    transact(operation(ABSENT), Put(NAMES, name("witness")))
    assert database.get(NAMES, name("witness"))


def test_a_refusal_names_every_position_that_failed(database: Database, transact: Transact) -> None:
    transact(Put(NAMES, name("there")), Put(NAMES, name("other", n=1)))
    with pytest.raises(TransactionRefused) as refused:
        transact(
            Put(NAMES, name("fine")),
            Put(NAMES, name("there"), ABSENT),
            Check(NAMES, name("gone"), ABSENT),
            Delete(NAMES, name("other"), {"n": 2}),
        )
    assert refused.value.failed == (1, 3)


def test_a_refused_token_may_be_sent_again_once_the_expectation_holds(database: Database, transact: Transact) -> None:
    token = uuid4().hex
    transact(Put(NAMES, name("n", first=True)))
    with pytest.raises(TransactionRefused):
        transact(Put(NAMES, name("n"), ABSENT), token=token)
    transact(Delete(NAMES, name("n")))
    transact(Put(NAMES, name("n"), ABSENT), token=token)
    assert database.get(NAMES, name("n")) == name("n")


def test_a_transaction_that_is_sent_twice_happens_once_where_tokens_are_known(
    store: Store, database: Database, transact: Transact
) -> None:
    token = uuid4().hex
    operations = [Put(NAMES, name("n"), ABSENT), Put(NAMES, name("m"))]
    transact(*operations, token=token)
    transact(Delete(NAMES, name("m")))
    try:
        transact(*operations, token=token)
    except TransactionRefused:
        assert not store.knows_tokens
    else:
        assert store.knows_tokens
    assert database.get(NAMES, name("m")) is None


def test_a_token_that_comes_again_with_other_operations_is_refused_where_tokens_are_known(
    store: Store, database: Database, transact: Transact
) -> None:
    token = uuid4().hex
    transact(Put(NAMES, name("n", n=1)), token=token)
    if store.knows_tokens:
        with pytest.raises(ItemRefused):
            transact(Put(NAMES, name("n", n=2)), token=token)
    else:
        transact(Put(NAMES, name("n", n=2)), token=token)
    assert database.get(NAMES, name("n")) == name("n", n=1 if store.knows_tokens else 2)


def test_a_write_is_seen_by_every_connection_at_once(store: Store, database: Database, transact: Transact) -> None:
    other = store.open() if store.is_shared else database
    for n in range(5):
        transact(Put(NAMES, name("n", n=n)), Put(ENTRIES, entry(n)))
        assert other.get(NAMES, name("n")) == name("n", n=n)
        assert [item["seq"] for item in other.query(ENTRIES, "log")] == list(range(n + 1))
    if other is not database:
        other.close()


def test_the_version_of_the_data_differs_after_every_write(
    store: Store, database: Database, transact: Transact
) -> None:
    other = store.open() if store.is_shared else database
    for n in range(3):
        before = other.data_version()
        assert other.data_version() == before
        transact(Put(NAMES, name("n", n=n)))
        assert (other.data_version() != before) == database.capabilities.tells_version
    own = database.data_version()
    transact(Put(NAMES, name("n", n=random.random() < 2)))
    assert (database.data_version() != own) == database.capabilities.tells_version
    if other is not database:
        other.close()


def test_a_table_that_was_not_provisioned_is_unavailable(database: Database) -> None:
    unknown = Table("unknown", Attribute("id"))
    with pytest.raises(StoreUnavailable):
        database.get(unknown, name("n"))
    with pytest.raises(StoreUnavailable):
        list(database.query(unknown, "n"))
    with pytest.raises(StoreUnavailable):
        database.transact([Put(unknown, name("n")), Put(NAMES, name("n"))], uuid4().hex)
    assert database.get(NAMES, name("n")) is None


def test_a_store_that_answers_says_so(database: Database) -> None:
    database.ping()
