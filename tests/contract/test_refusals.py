"""What every store refuses before it writes anything: all that any of them could not hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import uuid4

import pytest

from backend.repositories.database import (
    ABSENT,
    MAX_ITEM_BYTES,
    MAX_TRANSACTION_BYTES,
    Check,
    Database,
    Delete,
    Index,
    ItemRefused,
    Operation,
    Put,
)
from backend.repositories.items import check_item, measure
from tests.contract.making import KINDS, making, provisioned
from tests.contract.stores import BY_DATE, BY_RANK, ENTRIES, NAMES, THINGS, Store, entry, thing

Transact = Callable[..., None]


@pytest.fixture(params=KINDS, scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield a store of each kind, shared by this module: what is refused leaves nothing behind."""
    with making(request.param, tmp_path_factory.mktemp("store"), request) as made:
        yield made


@pytest.fixture(scope="module")
def database(store: Store) -> Iterator[Database]:
    """Yield a database that this module's tests share."""
    yield from provisioned(store)


class Colour(StrEnum):
    RED = "red"


def nested(levels: int) -> Any:
    value: Any = "x"
    for level in range(levels):
        value = {"a": value} if level % 2 else [value]
    return value


def name(**more: Any) -> Any:
    return {"id": "n", **more}


def largest_text(largest_item: int = MAX_ITEM_BYTES) -> str:
    """Is the text that fills an item of `NAMES` to the last byte."""
    return "x" * (largest_item - measure(name(v=""), "item"))


ITEMS: dict[str, Any] = {
    "a fraction": name(v=1.5),
    "not a number": name(v=math.nan),
    "infinity": name(v=math.inf),
    "a decimal": name(v=Decimal(1)),
    "bytes": name(v=b"x"),
    "a set": name(v={"x"}),
    "a tuple": name(v=("x",)),
    "a kind of text": name(v=Colour.RED),
    "an object": name(v=object()),
    "a fraction deep inside": name(v=[{"a": [1, 0.5]}]),
    "a number as a name": name(v={1: "x"}),
    "none as a name": name(v={None: "x"}),
    "an empty name": name(v={"": "x"}),
    "an empty attribute": {**name(), "": "x"},
    "more than 64 bits": name(v=2**63),
    "less than 64 bits": name(v=-(2**63) - 1),
    "a number of many digits": name(v=10**5000),
    "half of a surrogate pair": name(v="\ud83d"),
    "half of a surrogate pair in a name": name(v={"\ude00": 1}),
    "half of a surrogate pair in an attribute": {**name(), "\ude00": 1},
    "33 levels": name(v=nested(32)),
    "one byte too many": name(v=largest_text() + "x"),
    "one Korean letter too many": name(v=largest_text()[:-2] + "가"),
    "no key": {"v": 1},
    "an empty key": {"id": ""},
    "no text as key": {"id": None},
    "a number as key": {"id": 1},
    "half of a surrogate pair as key": {"id": "\ud83d"},
    "a key of 2049 bytes": {"id": "x" * 2049},
    "a key of 683 Korean letters": {"id": "가" * 683},
}

KEYED: dict[str, tuple[Any, dict[str, Any]]] = {
    "half a key": (ENTRIES, {"log": "l"}),
    "a text for a number": (ENTRIES, entry("1")),  # type: ignore[arg-type]
    "true for a number": (ENTRIES, entry(True)),
    "more than 64 bits in a key": (ENTRIES, entry(2**63)),
    "a sort key of 1025 bytes": (THINGS, thing("t", owner="x" * 1025)),
    "an empty sort key": (THINGS, thing("t", owner="")),
    "an empty index attribute": (THINGS, thing("t", date="")),
    "null in an index attribute": (THINGS, thing("t", date=None)),
    "a number in an index of texts": (THINGS, thing("t", date=2024)),
    "a text in an index of numbers": (THINGS, thing("t", group="g", rank="1")),
    "true in an index of numbers": (THINGS, thing("t", group="g", rank=True)),
    "an index attribute that is wrong though the other is missing": (THINGS, thing("t", rank="1")),
    "an index sort key of 1025 bytes": (THINGS, thing("t", date="x" * 1025)),
    "an index partition of 2049 bytes": (THINGS, thing("t", group="x" * 2049, rank=1)),
}

WITNESS = Put(NAMES, {"id": "witness"})


def refuses(database: Database, *operations: Operation, token: str | None = None) -> str:
    """Sees that a transaction is refused as a whole, and returns why."""
    with pytest.raises(ItemRefused) as refused:
        database.transact([WITNESS, *operations], uuid4().hex if token is None else token)
    assert database.get(NAMES, WITNESS.key) is None
    assert refused.value.reason.encode()
    return refused.value.reason


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS.keys())
def test_an_item_that_some_store_cannot_hold_is_refused_by_all(database: Database, item: Any) -> None:
    refuses(database, Put(NAMES, item))


@pytest.mark.parametrize(("table", "item"), KEYED.values(), ids=KEYED.keys())
def test_a_key_that_some_store_cannot_hold_is_refused_by_all(database: Database, table: Any, item: Any) -> None:
    refuses(database, Put(table, item))


def test_what_is_just_within_every_limit_is_taken(store: Store, database: Database, transact: Transact) -> None:
    text = largest_text(store.largest_item)
    transact(
        Put(NAMES, {"id": "가" * 682 + "xx", "v": nested(31)}),
        Put(NAMES, name(v=text)),
        Put(THINGS, thing("x" * 2048, owner="x" * 1024, date="x" * 1024, group="x" * 2048, rank=-(2**63))),
    )
    assert database.get(NAMES, name()) == name(v=text)
    assert database.get(NAMES, {"id": "가" * 682 + "xx"}) == {"id": "가" * 682 + "xx", "v": nested(31)}
    assert len(list(database.query(THINGS, "x" * 2048, index=BY_RANK))) == 1


def test_a_transaction_that_is_just_small_enough_is_taken(store: Store, database: Database, transact: Transact) -> None:
    largest = [name(id=str(n), v=largest_text(store.largest_item)) for n in range(9)]
    rest = MAX_TRANSACTION_BYTES - sum(check_item(NAMES, item) for item in largest)
    last = {"id": "last", "v": ""}
    last["v"] = "x" * (rest - check_item(NAMES, last))
    transact(*(Put(NAMES, item) for item in [*largest, last]))
    assert database.get(NAMES, {"id": "last"}) == last
    refuses(database, *(Put(NAMES, {**item, "id": item["id"] + "!"}) for item in [*largest, last]))


@pytest.mark.parametrize("key", [{}, {"id": "n", "more": 1}, {"other": "n"}, {"id": ""}, {"id": 1}, {"id": "\ud83d"}])
def test_a_key_that_is_none_is_refused_wherever_it_stands(database: Database, key: Any) -> None:
    refuses(database, Delete(NAMES, key))
    refuses(database, Check(NAMES, key, ABSENT))
    with pytest.raises(ItemRefused):
        database.get(NAMES, key)


@pytest.mark.parametrize("value", [1.5, b"x", [], {}, "\ud83d", 2**63, Decimal(1)])
def test_an_expectation_compares_scalars_only(database: Database, value: Any) -> None:
    refuses(database, Check(NAMES, name(), {"v": value}))


def test_a_check_of_nothing_is_refused(database: Database) -> None:
    refuses(database, Check(NAMES, name(), None))


def test_a_transaction_of_nothing_is_refused(database: Database) -> None:
    with pytest.raises(ItemRefused):
        database.transact([], "token")


def test_a_transaction_of_more_than_a_hundred_operations_is_refused(database: Database) -> None:
    refuses(database, *(Put(ENTRIES, entry(seq)) for seq in range(100)))


@pytest.mark.parametrize(
    "second",
    [Put(NAMES, name(v=2)), Delete(NAMES, name()), Check(NAMES, name(), ABSENT)],
    ids=["put", "delete", "check"],
)
def test_two_operations_on_one_item_are_refused(database: Database, second: Operation) -> None:
    refuses(database, Put(NAMES, name(v=1)), second)


def test_the_same_key_in_two_tables_is_two_items(database: Database, transact: Transact) -> None:
    transact(Put(THINGS, thing("t")), Put(THINGS, thing("t", owner="other")), Put(NAMES, {"id": "t"}))
    assert database.get(NAMES, {"id": "t"})


@pytest.mark.parametrize("token", ["", "x" * 37, "가", "a\nb"])
def test_a_token_that_some_store_cannot_take_is_refused(database: Database, token: str) -> None:
    refuses(database, token=token)


@pytest.mark.parametrize("token", ["x", "x" * 36, "5559d773-6842-4f7f-9c4b-9a599a7942a4"])
def test_a_token_within_the_limits_is_taken(database: Database, transact: Transact, token: str) -> None:
    unique = (token[:4] + uuid4().hex * 2)[: len(token)] if len(token) > 1 else token
    try:
        transact(Put(NAMES, {"id": "taken"}), token=unique)
    except ItemRefused as refused:  # one letter may have been used by an earlier test of the same server
        assert len(token) == 1 and "IdempotentParameterMismatch" in refused.reason


QUERIES: dict[str, dict[str, Any]] = {
    "a partition of another type": {"partition": 1},
    "an empty partition": {"partition": ""},
    "half of a surrogate pair": {"partition": "\ud83d"},
    "a bound of another type": {"lower": "1"},
    "true as a bound": {"upper": True},
    "a fraction as a bound": {"lower": 1.5},
    "more than 64 bits": {"upper": 2**63},
    "an index of another table": {"index": BY_DATE},
    "an index that nobody declared": {"index": Index("nobody's", ENTRIES.partition, ENTRIES.partition)},
}


@pytest.mark.parametrize("asked", QUERIES.values(), ids=QUERIES.keys())
def test_a_query_of_what_cannot_be_is_refused_at_once(database: Database, asked: dict[str, Any]) -> None:
    with pytest.raises(ItemRefused):
        database.query(ENTRIES, **{"partition": "log", **asked})


def test_a_bound_where_there_is_no_sort_key_is_refused(database: Database) -> None:
    with pytest.raises(ItemRefused):
        database.query(NAMES, "n", lower="a")
