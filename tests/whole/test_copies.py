"""A copy is one that might have been seen at rest, whatever people write while it is made."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from backend.repositories.bulk import Bulk
from backend.repositories.copying import copy
from backend.repositories.database import Database, Delete, Put
from backend.repositories.decisions import is_deleted
from backend.repositories.derived_examination import guard_faults
from backend.repositories.examination import faults
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import DEPARTMENTS, EVENTS, TABLES
from tests.in_process import Api, uuid
from tests.whole.calendars import Watched, answers, calendar, contents, empty, with_a_past


def check_whole(copied: Database) -> None:
    """A copy has no fault, every event in at most one department, and exactly the guards that its rows want."""
    assert list(faults(copied, datetime.now(UTC))) == []
    with closing(empty()) as again:
        copy(copied, again)
        assert list(guard_faults(copied, again)) == []
    there = Counter(row["id"] for row in copied.scan(EVENTS) if "moved_to" not in row)
    assert set(there.values()) <= {1}, "an event is in two departments"
    assert there.keys() == {row["id"] for row in copied.scan(EVENTS)}, "an event has left and arrived nowhere"


def test_a_copy_at_rest_is_the_same_item_by_item_and_answers_the_same() -> None:
    with calendar() as api, closing(empty()) as copied:
        with_a_past(api)
        copy(api.dayroom.database, copied)
        assert contents(copied) == contents(api.dayroom.database)
        before = answers(api)
        check_whole(copied)
        with calendar(copied) as other:
            assert answers(other) == before


WRITES: dict[str, Callable[[Api, str, str, list[str]], object]] = {
    "a creation": lambda api, a, b, events: api.event(a, title="new"),
    "an edit": lambda api, a, b, events: api.put(f"/api/events/{events[0]}", {"title": "x"}),
    "two edits": lambda api, a, b, events: [api.put(f"/api/events/{events[0]}", {"title": t}) for t in "xy"],
    "a deletion": lambda api, a, b, events: api.delete(f"/api/events/{events[0]}"),
    "a move there": lambda api, a, b, events: api.post(f"/api/events/{events[0]}/move", {"department_id": b}),
    "a move here": lambda api, a, b, events: api.post(f"/api/events/{events[1]}/move", {"department_id": a}),
    "a move and back": lambda api, a, b, events: [
        api.post(f"/api/events/{events[0]}/move", {"department_id": each}) for each in (b, a)
    ],
    "a move into a new department": lambda api, a, b, events: api.post(
        f"/api/events/{events[0]}/move", {"department_id": api.department("새 팀", id=uuid(1))["id"]}
    ),
    "a rename": lambda api, a, b, events: api.put(f"/api/departments/{a}", {"name": "새 이름"}),
    "swapped names": lambda api, a, b, events: [
        api.put(f"/api/departments/{each}", {"name": name}) for each, name in ((a, "c"), (b, "a"), (a, "b"))
    ],
    "a deleted department": lambda api, a, b, events: api.delete(f"/api/departments/{a}"),
    "a department deleted and back": lambda api, a, b, events: [
        api.delete(f"/api/departments/{a}"),
        api.post(f"/api/departments/{a}/restore", {}),
        api.put(f"/api/events/{events[0]}", {"title": "x"}),
    ],
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_write_at_any_moment_of_a_copy_is_in_it_wholly_or_not_at_all(
    write: Callable[[Api, str, str, list[str]], object],
) -> None:
    with calendar() as api:
        found = list(iter(partial(next, (copied_while_writing(api, moment, write) for moment in count())), None))
    assert len(found) > 15
    assert len(set(found)) > 1, "no moment made a difference"


def copied_while_writing(
    api: Api, moment: int, write: Callable[[Api, str, str, list[str]], object]
) -> tuple[int, ...] | None:
    """Copies a small calendar, in which somebody writes before the n-th call; None where there was no such call."""
    wipe(api)
    a, b = (api.department(name, id=uuid(number))["id"] for number, name in enumerate("ab", 2))
    events = [api.event(log, title="t")["id"] for log in (a, b, a)]
    calls = 0

    def act() -> None:
        nonlocal calls
        calls += 1
        if calls == moment + 1:
            write(api, a, b, events)

    with closing(empty()) as copied:
        positions = copy(Watched(api.dayroom.database, act), copied).positions
        check_whole(copied)
    return tuple(sorted(positions.values())) if calls > moment else None


def wipe(api: Api) -> None:
    """Makes a server's database as new; making a server takes longer than all the rest."""
    database = api.dayroom.database
    with Bulk(database) as bulk:
        for table in TABLES:
            for item in database.scan(table):
                bulk.delete(table, table.key_of(item))
    api.dayroom.changelog.open_directory()


def test_an_event_that_keeps_moving_while_it_is_copied_is_in_one_department() -> None:
    with calendar() as api, closing(empty()) as copied:
        logs = [api.department(name)["id"] for name in "abc"]
        events = [api.event(logs[0], title="t")["id"] for _ in range(3)]
        calls = 0

        def move() -> None:
            nonlocal calls
            calls += 1
            if calls % 3 == 0:
                event, log = events[calls // 3 % 3], logs[(calls // 9 + 1) % 3]
                assert api.post(f"/api/events/{event}/move", {"department_id": log}).status_code == 200

        copy(Watched(api.dayroom.database, move), copied)
        assert calls > 60
        check_whole(copied)
        assert sorted(row["id"] for row in copied.scan(EVENTS) if not is_deleted(row)) == sorted(events)


def test_copies_made_while_eight_people_write_are_whole(tmp_path: Path) -> None:
    positions: list[int] = []
    with closing(SQLiteDatabase(tmp_path / "busy.db")) as busy, calendar(busy) as api:
        first, second = with_a_past(api)
        stop = threading.Event()
        people = [threading.Thread(target=write_at_random, args=(api, [first, second], n, stop)) for n in range(8)]
        for person in people:
            person.start()
        try:
            while len(positions) < 6 or positions[0] == positions[-1]:
                with closing(SQLiteDatabase(tmp_path / "busy.db")) as source, closing(empty()) as copied:
                    positions.append(sum(copy(source, copied).positions.values()))
                    check_whole(copied)
        finally:
            stop.set()
            for person in people:
                person.join()
    assert positions == sorted(positions)


def write_at_random(api: Api, logs: list[str], seed: int, stop: threading.Event) -> None:
    chance, client = random.Random(seed), api.dayroom.app.test_client()
    events: list[str] = []
    while not stop.is_set():
        log, event = chance.choice(logs), chance.choice(events or ["none"])
        match chance.randrange(8):
            case 0 | 1:
                made = client.post(f"/api/events/{log}", json={"title": "t", "event_date": "2024-01-15"})
                events += [made.get_json()["id"]] if made.status_code == 201 else []
            case 2 | 3:
                client.post(f"/api/events/{event}/move", json={"department_id": log})
            case 4:
                client.put(f"/api/events/{event}", json={"title": str(chance.random())})
            case 5:
                client.delete(f"/api/events/{event}")
            case 6:
                client.post(f"/api/events/{event}/restore", json={})
            case 7:
                client.put(f"/api/departments/{log}", json={"name": str(chance.random())})


def test_a_tombstone_is_rebuilt_from_the_log_where_its_row_has_gone_on() -> None:
    with calendar() as api, closing(empty()) as copied:
        log = api.department()["id"]
        event = api.event(log, title="t")["id"]
        source = Watched(api.dayroom.database)
        seen = iter(range(2))

        def delete_then_restore() -> None:
            source.before = lambda: None
            if next(seen, None) == 0:
                api.delete(f"/api/events/{event}")
                source.before = restore_when_cut
            else:
                raise AssertionError

        def restore_when_cut() -> None:
            if any(True for _ in copied.scan(DEPARTMENTS)):
                source.before = lambda: None
                api.post(f"/api/events/{event}/restore", {})

        source.before = delete_then_restore
        copy(source, copied)
        check_whole(copied)


def test_a_source_that_is_no_dayroom_is_said_to_be_none() -> None:
    with closing(empty()) as nothing, closing(empty()) as copied, pytest.raises(Exception, match="no Dayroom"):
        copy(nothing, copied)


def test_what_is_past_its_time_is_left_behind_with_all_that_was_in_it() -> None:
    with calendar() as api, closing(empty()) as copied:
        with_a_past(api)
        database = api.dayroom.database
        (gone,) = [row for row in database.scan(DEPARTMENTS) if is_deleted(row)]
        database.transact([Put(DEPARTMENTS, {**gone, "deleted_at": "2020-01-01T00:00:00.000Z"})], "age")
        copied_logs = copy(database, copied)
        assert gone["id"] not in copied_logs.positions
        assert not copied_logs.strays
        assert all(row["department_id"] != gone["id"] for row in copied.scan(EVENTS))
        check_whole(copied)


def test_events_of_no_department_are_counted() -> None:
    with calendar() as api, closing(empty()) as copied:
        first, _ = with_a_past(api)
        database = api.dayroom.database
        database.transact([Delete(DEPARTMENTS, {"id": first})], "lose")
        assert copy(database, copied).strays == {
            first: sum(row["department_id"] == first for row in database.scan(EVENTS))
        }
