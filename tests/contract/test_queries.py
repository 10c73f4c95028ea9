"""What the port promises of queries, over every store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend.repositories.database import Database, Delete, Index, Item, Put, Table
from tests.contract.stores import BY_DATE, BY_RANK, ENTRIES, NAMES, THINGS, entry, thing

Transact = Callable[..., None]

TEXTS = [
    "\0",
    "10",
    "2",
    "A",
    "Z",
    "a",
    "a\0",
    "aa",
    "ö",
    "가",
    "각",
    "힣",
    "\ufb00",
    "\uffff",
    "𝄞",
    "😀",
    "\U0010ffff",
]
"""In the order of their UTF-8 bytes: unlike UTF-16, what lies beyond the first plane comes last."""


def seqs(items: Any) -> list[int]:
    return [item["seq"] for item in items]


def ids(items: Any) -> list[str]:
    return [item["id"] for item in items]


def put_all(transact: Transact, table: Table, items: list[Item]) -> None:
    for start in range(0, len(items), 100):
        transact(*(Put(table, item) for item in items[start : start + 100]))


@pytest.fixture
def five(transact: Transact) -> None:
    transact(*(Put(ENTRIES, entry(seq)) for seq in (30, -10, 20, 0, 10)), Put(ENTRIES, entry(15, log="another")))


def test_a_partition_comes_in_order_of_its_numbers(five: None, database: Database) -> None:
    assert seqs(database.query(ENTRIES, "log")) == [-10, 0, 10, 20, 30]


def test_an_empty_partition_is_empty(five: None, database: Database) -> None:
    assert list(database.query(ENTRIES, "nobody's")) == []


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"lower": 0}, [0, 10, 20, 30]),
        ({"upper": 10}, [-10, 0, 10]),
        ({"lower": 0, "upper": 20}, [0, 10, 20]),
        ({"lower": 10, "upper": 10}, [10]),
        ({"lower": 11, "upper": 19}, []),
        ({"lower": 20, "upper": 0}, []),
        ({"lower": -(2**63), "upper": 2**63 - 1}, [-10, 0, 10, 20, 30]),
        ({"limit": 2}, [-10, 0]),
        ({"limit": 0}, []),
        ({"limit": 99}, [-10, 0, 10, 20, 30]),
        ({"lower": 0, "limit": 2}, [0, 10]),
    ],
)
def test_bounds_are_inclusive_and_a_limit_comes_after_them(
    five: None, database: Database, bounds: dict[str, int], expected: list[int]
) -> None:
    assert seqs(database.query(ENTRIES, "log", **bounds)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({}, [30, 20, 10, 0, -10]),
        ({"lower": 0, "upper": 20}, [20, 10, 0]),
        ({"limit": 2}, [30, 20]),
        ({"upper": 19, "limit": 1}, [10]),
    ],
)
def test_descending_begins_at_the_end(
    five: None, database: Database, bounds: dict[str, int], expected: list[int]
) -> None:
    assert seqs(database.query(ENTRIES, "log", descending=True, **bounds)) == expected  # type: ignore[arg-type]


def test_a_table_without_a_sort_key_has_one_item_a_partition(database: Database, transact: Transact) -> None:
    transact(Put(NAMES, {"id": "a", "n": 1}), Put(NAMES, {"id": "b"}))
    assert list(database.query(NAMES, "a")) == [{"id": "a", "n": 1}]
    assert list(database.query(NAMES, "c")) == []


def test_texts_are_ordered_by_their_utf_8_bytes(database: Database, transact: Transact) -> None:
    transact(*(Put(THINGS, thing("one", owner=text)) for text in reversed(TEXTS)))
    transact(*(Put(THINGS, thing(str(place), date=text)) for place, text in enumerate(reversed(TEXTS))))
    assert [item["owner"] for item in database.query(THINGS, "one")] == TEXTS
    assert [item["date"] for item in database.query(THINGS, "sales", index=BY_DATE)] == TEXTS
    found = database.query(THINGS, "one", lower="\uffff", upper="😀")
    assert [item["owner"] for item in found] == ["\uffff", "𝄞", "😀"]


def test_a_prefix_is_a_range(database: Database, transact: Transact) -> None:
    days = ["2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"]
    transact(*(Put(THINGS, thing(day, date=day)) for day in days))
    assert ids(database.query(THINGS, "sales", index=BY_DATE, lower="2024-02-", upper="2024-02-~")) == days[1:3]


def test_an_index_yields_whole_items_in_its_own_order(database: Database, transact: Transact) -> None:
    items = [thing(str(n), group="g", rank=-n, title=f"제목 {n}", more=[n]) for n in range(5)]
    transact(*(Put(THINGS, item) for item in items))
    assert list(database.query(THINGS, "g", index=BY_RANK)) == items[::-1]
    assert list(database.query(THINGS, "g", index=BY_RANK, descending=True)) == items
    assert list(database.query(THINGS, "g", index=BY_RANK, lower=-3, upper=-2)) == [items[3], items[2]]


@pytest.mark.parametrize("without", ["group", "rank"])
def test_an_item_without_both_attributes_is_not_in_the_index(
    database: Database, transact: Transact, without: str
) -> None:
    item = thing("t", group="g", rank=1)
    del item[without]
    transact(Put(THINGS, item))
    assert list(database.query(THINGS, "g", index=BY_RANK)) == []
    assert database.get(THINGS, thing("t")) == item


def test_an_item_enters_moves_within_and_leaves_an_index(database: Database, transact: Transact) -> None:
    def listed(group: str) -> list[Any]:
        return [item["rank"] for item in database.query(THINGS, group, index=BY_RANK)]

    transact(Put(THINGS, thing("t")))
    assert listed("g") == []
    transact(Put(THINGS, thing("t", group="g", rank=1)))
    assert listed("g") == [1]
    transact(Put(THINGS, thing("t", group="g", rank=2)))
    assert listed("g") == [2]
    transact(Put(THINGS, thing("t", group="h", rank=2)))
    assert (listed("g"), listed("h")) == ([], [2])
    transact(Put(THINGS, thing("t", group="h")))
    assert listed("h") == []
    transact(Put(THINGS, thing("t", group="h", rank=3)))
    transact(Delete(THINGS, thing("t")))
    assert listed("h") == []


def test_indexes_of_one_table_are_apart(database: Database, transact: Transact) -> None:
    transact(Put(THINGS, thing("a", date="2024")), Put(THINGS, thing("b", group="sales", rank=1)))
    assert ids(database.query(THINGS, "sales", index=BY_DATE)) == ["a"]
    assert ids(database.query(THINGS, "sales", index=BY_RANK)) == ["b"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("index", [BY_DATE, BY_RANK])
def test_equals_in_an_index_are_each_yielded_once(
    database: Database, transact: Transact, index: Index, descending: bool
) -> None:
    items = [thing(f"{n:03}", date=f"d{n // 140}", group="sales", rank=n // 140) for n in range(280)]
    put_all(transact, THINGS, items[::2] + items[1::2])
    found = list(database.query(THINGS, "sales", index=index, descending=descending))
    assert sorted(ids(found)) == ids(items)
    ranks = [item["rank"] for item in found]
    assert ranks == sorted(ranks, reverse=descending)
    first = database.query(THINGS, "sales", index=index, descending=descending, limit=150)
    assert ids(first) == ids(found)[:150]


@pytest.mark.parametrize("descending", [False, True])
def test_a_partition_of_several_megabytes_comes_whole_and_in_order(
    database: Database, transact: Transact, descending: bool
) -> None:
    put_all(transact, ENTRIES, [entry(seq, text="가" * 3500) for seq in range(300)])
    expected = sorted(range(300), reverse=descending)
    assert seqs(database.query(ENTRIES, "log", descending=descending)) == expected
    assert seqs(database.query(ENTRIES, "log", descending=descending, limit=233)) == expected[:233]
    assert seqs(database.query(ENTRIES, "log", descending=descending, lower=20, upper=279)) == expected[20:-20]


def test_what_is_written_while_an_iterator_waits_neither_breaks_it_nor_waits_for_it(
    database: Database, transact: Transact
) -> None:
    put_all(transact, ENTRIES, [entry(seq, text="x" * 8000) for seq in range(200)])
    found = database.query(ENTRIES, "log")
    before = [next(found) for _ in range(10)]
    transact(Delete(ENTRIES, entry(199)), Put(ENTRIES, entry(200)), Delete(ENTRIES, entry(5)))
    assert seqs([*before, *found]) == [*range(199), 200]


def test_an_iterator_that_is_given_up_leaves_nothing_behind(database: Database, transact: Transact) -> None:
    put_all(transact, ENTRIES, [entry(seq) for seq in range(200)])
    for _ in range(20):
        next(database.query(ENTRIES, "log"))
    transact(Put(ENTRIES, entry(200)))
    assert seqs(database.query(ENTRIES, "log", descending=True, limit=1)) == [200]
