"""The doctor sees each kind of damage, says nothing of a calendar that is well, and changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from backend.repositories.database import Database, Delete, Item, Operation, Put
from backend.repositories.tables import CHANGES, DEPARTMENTS, EVENTS, GUARDS, head_key, id_guard, name_guard
from backend.services.backups import examine
from tests.in_process import Api
from tests.whole.calendars import Silent, calendar, contents, empty, with_a_past
from tests.whole.conftest import Place
from tests.whole.test_copies import write_at_random


def test_a_calendar_that_is_well(api: Api, place: Place) -> None:
    before = contents(api.dayroom.database)
    said = place.run("doctor")
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "all is well")
    assert contents(api.dayroom.database) == before


def event_of(database: Database, log: str) -> Item:
    return next(row for row in database.scan(EVENTS) if row["department_id"] == log and "deleted_at" not in row)


def head_of(database: Database, log: str) -> Item:
    head = database.get(CHANGES, head_key(log))
    assert head is not None
    return head


def entry_of(database: Database, log: str, seq: int) -> Item:
    entry = database.get(CHANGES, {"log": log, "seq": seq})
    assert entry is not None
    return entry


def name_of(database: Database, log: str) -> Item:
    row = database.get(DEPARTMENTS, {"id": log})
    assert row is not None
    return name_guard(row["name_key"])


DAMAGE: dict[str, tuple[Callable[[Database, str], Operation], str]] = {
    "a lost event": (lambda d, log: Delete(EVENTS, EVENTS.key_of(event_of(d, log))), "digest"),
    "another version": (
        lambda d, log: Put(EVENTS, {**event_of(d, log), "version": 99}),
        "(version 99) is not what entry",
    ),
    "another title": (lambda d, log: Put(EVENTS, {**event_of(d, log), "title": "x"}), "differs from entry"),
    "another entry": (lambda d, log: Put(EVENTS, {**event_of(d, log), "seq": 1}), "is not what entry 1"),
    "no entry": (
        lambda d, log: Put(EVENTS, {n: v for n, v in event_of(d, log).items() if n != "seq"}),
        "is not what entry 0",
    ),
    "an event twice": (lambda d, log: Put(EVENTS, {**event_of(d, log), "id": "twin"}), "twin"),
    "an event that should be gone": (
        lambda d, log: Put(
            EVENTS, {n: v for n, v in next(r for r in d.scan(EVENTS) if "deleted_at" in r).items() if n != "deleted_at"}
        ),
        "digest",
    ),
    "a wrong head": (lambda d, log: Put(CHANGES, {**head_of(d, log), "digest": "0" * 16}), "its head at"),
    "a late head": (lambda d, log: Put(CHANGES, {**head_of(d, log), "last": head_of(d, log)["last"] - 1}), "digest"),
    "an early head": (
        lambda d, log: Put(CHANGES, {**head_of(d, log), "last": head_of(d, log)["last"] + 1}),
        "up to the head at",
    ),
    "a closed head": (lambda d, log: Put(CHANGES, {**head_of(d, log), "open": False}), "closed"),
    "no head": (lambda d, log: Delete(CHANGES, head_key(log)), "has no log"),
    "a lost entry": (lambda d, log: Delete(CHANGES, {"log": log, "seq": 7}), "between 6 and 8 entries are missing"),
    "the first entry lost": (
        lambda d, log: Delete(CHANGES, {"log": log, "seq": 1}),
        "between 0 and 2 entries are missing",
    ),
    "the last entry lost": (
        lambda d, log: Delete(CHANGES, {"log": log, "seq": head_of(d, log)["last"]}),
        "are missing",
    ),
    "a wrong entry": (lambda d, log: Put(CHANGES, {**entry_of(d, log, 7), "digest": "0" * 16}), "does not follow"),
    "an old entry": (
        lambda d, log: Put(CHANGES, {**entry_of(d, log, 7), "at": "2000-01-01T00:00:00.000Z"}),
        "is older than",
    ),
    "an unguarded id": (lambda d, log: Delete(GUARDS, id_guard(event_of(d, log)["id"])), "is missing"),
    "an unguarded name": (lambda d, log: Delete(GUARDS, name_of(d, log)), "is missing"),
    "another's name": (lambda d, log: Put(GUARDS, {**name_of(d, log), "id": "x"}), "guard name:"),
    "a guard of nothing": (
        lambda d, log: Put(GUARDS, {**id_guard("nobody"), "type": "event"}),
        "id:nobody guards nothing",
    ),
    "a name that is nobody's": (lambda d, log: Put(GUARDS, {**name_guard("x"), "id": log}), "name:x guards nothing"),
    "a lost department": (lambda d, log: Delete(DEPARTMENTS, {"id": log}), "is missing, and has"),
    "no directory": (lambda d, log: Delete(CHANGES, head_key("directory")), "no Dayroom"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_seen_and_is_exit_status_1(kind: str, api: Api, place: Place) -> None:
    damage, wanted = DAMAGE[kind]
    database = api.dayroom.database
    log = next(row["id"] for row in database.scan(DEPARTMENTS) if row["name"] == "개발팀")
    database.transact([damage(database, log)], "damage")
    said = place.run("doctor")
    assert said.exit_code == 1, said.output
    assert wanted in said.output
    assert "faults" in said.output.splitlines()[-1]


def test_a_calendar_in_use_is_well() -> None:
    with closing(empty()) as database, calendar(database) as api:
        logs = list(with_a_past(api))
        stop = threading.Event()
        people = [threading.Thread(target=write_at_random, args=(api, logs, number, stop)) for number in range(4)]
        for person in people:
            person.start()
        try:
            begun = api.changes("directory", "since=latest")["position"]
            for _ in range(5):
                assert list(examine(database, Silent())) == []
            assert api.changes("directory", "since=latest")["position"] != begun
        finally:
            stop.set()
            for person in people:
                person.join()
