"""What the port promises of `provision`, over every store."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from backend.repositories.database import Attribute, Database, Index, Put, StoreUnavailable, Table
from tests.contract.stores import BY_DATE, ENTRIES, NAMES, TABLES, THINGS, Store, thing

BY_ROOM = Index("room-date-index", Attribute("room"), Attribute("date"))
MORE_INDEXES = replace(THINGS, indexes=(*THINGS.indexes, BY_ROOM))


def put(database: Database, *things: dict[str, object], table: Table = THINGS) -> None:
    database.transact([Put(table, item) for item in things], uuid4().hex)


@pytest.fixture
def empty(store: Store) -> Database:
    return store.open()


def test_what_is_missing_is_created_and_each_table_is_told(empty: Database) -> None:
    said = "\n".join(empty.provision(TABLES).changed)
    assert all(table.name in said for table in TABLES)
    put(empty, thing("t", date="2024"))
    assert list(empty.query(THINGS, "sales", index=BY_DATE)) == [thing("t", date="2024")]
    empty.close()


def test_what_is_right_is_left_alone(empty: Database) -> None:
    empty.provision(TABLES)
    put(empty, thing("t"))
    assert empty.provision(TABLES).changed == ()
    assert empty.get(THINGS, thing("t")) == thing("t")
    empty.close()


def test_a_plan_says_what_would_be_done_and_does_nothing(empty: Database) -> None:
    planned = empty.provision(TABLES, plan=True)
    with pytest.raises(StoreUnavailable):
        empty.get(THINGS, thing("t"))
    assert empty.provision(TABLES, plan=True) == planned
    assert empty.provision(TABLES) == planned
    assert empty.provision(TABLES, plan=True).changed == ()
    empty.close()


def test_a_table_that_is_declared_later_is_added(empty: Database) -> None:
    empty.provision([NAMES])
    said = "\n".join(empty.provision([NAMES, ENTRIES]).changed)
    assert ENTRIES.name in said and NAMES.name not in said
    empty.close()


def test_an_index_that_is_declared_later_finds_what_was_put_earlier(empty: Database) -> None:
    empty.provision([THINGS])
    kept = [thing(str(n), room="큰 회의실", date=f"2024-0{9 - n}") for n in range(5)]
    put(empty, *kept, thing("no room", date="2024"), thing("no date", room="큰 회의실"))
    planned = empty.provision([MORE_INDEXES], plan=True).changed
    assert empty.provision([MORE_INDEXES]).changed == planned
    assert BY_ROOM.name in "\n".join(planned)
    assert list(empty.query(MORE_INDEXES, "큰 회의실", index=BY_ROOM)) == kept[::-1]
    empty.close()


def test_an_index_that_is_declared_later_leaves_out_what_could_not_be_its_key(store: Store, empty: Database) -> None:
    empty.provision([THINGS])
    right = thing("right", room="a", date="2024")
    put(empty, right)
    for place, room in enumerate(["", 7, None, "가" * 700] if store.fills_around_violations else []):
        put(empty, thing(str(place), room=room, date="2024"))
    empty.provision([MORE_INDEXES])
    assert list(empty.query(MORE_INDEXES, "a", index=BY_ROOM)) == [right]
    empty.close()


def test_an_index_that_was_added_later_follows_every_write(empty: Database) -> None:
    empty.provision([THINGS])
    put(empty, thing("t", room="a", date="2024"))
    empty.provision([MORE_INDEXES])
    put(empty, thing("t", room="b", date="2024"), thing("u", room="b", date="2023"), table=MORE_INDEXES)
    assert list(empty.query(MORE_INDEXES, "a", index=BY_ROOM)) == []
    assert [item["id"] for item in empty.query(MORE_INDEXES, "b", index=BY_ROOM)] == ["u", "t"]
    empty.close()


@pytest.mark.parametrize(
    "other",
    [
        replace(NAMES, partition=Attribute("id", int)),
        replace(NAMES, partition=Attribute("name")),
        replace(NAMES, sort=Attribute("more")),
    ],
    ids=["another type", "another name", "a sort key more"],
)
def test_a_table_that_is_there_with_other_keys_is_an_error_and_nothing_is_made(empty: Database, other: Table) -> None:
    empty.provision([NAMES])
    with pytest.raises(StoreUnavailable, match=r"names.* is there with other keys"):
        empty.provision([ENTRIES, other])
    with pytest.raises(StoreUnavailable):
        list(empty.query(ENTRIES, "log"))
    empty.close()


def test_only_point_in_time_recovery_may_be_unknown_to_a_store(store: Store, empty: Database) -> None:
    expected = () if store.knows_recovery else ("point-in-time recovery",)
    assert empty.provision(TABLES).unsupported == expected
    assert empty.provision(TABLES).unsupported == expected
    empty.close()
