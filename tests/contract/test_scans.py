"""What the port promises of whole tables: every item is scanned, and only what has expired is swept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.repositories.database import Attribute, Database, Item, ItemRefused, Put, StoreUnavailable, Table
from tests.contract.stores import ENTRIES, NAMES, THINGS, entry, thing

Transact = Callable[..., None]


def test_an_empty_table_is_scanned_to_nothing(database: Database) -> None:
    assert list(database.scan(NAMES)) == []


def test_every_item_of_a_table_is_scanned_once_and_none_of_another(database: Database, transact: Transact) -> None:
    items = [entry(seq, log) for log in ("가", "나", "a") for seq in range(1, 51)]
    for start in range(0, len(items), 50):
        transact(*(Put(ENTRIES, item) for item in items[start : start + 50]), Put(THINGS, thing(f"t{start}")))
    found = list(database.scan(ENTRIES))
    assert sorted(found, key=lambda item: (item["log"], item["seq"])) == sorted(
        items, key=lambda item: (item["log"], item["seq"])
    )


def test_more_than_a_megabyte_is_scanned_whole(database: Database, transact: Transact) -> None:
    for number in range(5):
        transact(Put(NAMES, {"id": f"n{number}", "text": "가" * 100_000}))
    assert sorted(item["id"] for item in database.scan(NAMES)) == [f"n{number}" for number in range(5)]


def test_a_scan_reads_as_it_is_taken(database: Database, transact: Transact) -> None:
    transact(Put(NAMES, {"id": "old"}))
    scan = database.scan(NAMES)
    transact(Put(NAMES, {"id": "old", "changed": True}))
    assert next(scan) == {"id": "old", "changed": True}


def test_a_table_that_is_not_there_cannot_be_scanned(database: Database) -> None:
    with pytest.raises(StoreUnavailable):
        next(database.scan(Table("nowhere", Attribute("id"))))


def test_what_has_expired_is_swept_and_nothing_else(database: Database, transact: Transact) -> None:
    living: list[Item] = [
        {"id": "later", "expires_at": 1001},
        {"id": "never"},
        {"id": "text", "expires_at": "1"},
        {"id": "yes", "expires_at": True},
        {"id": "within", "more": {"expires_at": 1}},
    ]
    expired: list[Item] = [{"id": "long ago", "expires_at": 1}, {"id": "just now", "expires_at": 1000}]
    transact(*(Put(NAMES, item) for item in [*living, *expired]))
    removed = [] if database.capabilities.expires else expired
    assert database.sweep(NAMES, 1000) == len(removed)
    left = sorted(database.scan(NAMES), key=lambda item: item["id"])
    assert left == sorted([*living, *(item for item in expired if item not in removed)], key=lambda item: item["id"])
    assert database.sweep(NAMES, 1000) == 0


def test_a_table_is_swept_to_its_end(database: Database, transact: Transact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.repositories.sqlite.SWEPT", 7)
    transact(*(Put(NAMES, {"id": f"{n}", "expires_at": n % 2}) for n in range(100)))
    swept = database.sweep(NAMES, 0)
    assert swept == (0 if database.capabilities.expires else 50)
    assert sum(1 for _ in database.scan(NAMES)) == 100 - swept


def test_a_table_without_expiry_is_not_swept(database: Database) -> None:
    with pytest.raises(ItemRefused, match="do not expire"):
        database.sweep(ENTRIES, 1000)
