"""What is past its time goes, all of it and nothing else, however often and wherever it is interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from backend.repositories.database import Database
from backend.repositories.purging import Purged, purge
from backend.repositories.tables import ATTACHMENTS, CHANGES, DEPARTMENTS, EVENTS, GUARDS, TABLES, id_guard
from backend.services.backups import examine
from tests.in_process import Api, Clock, uuid
from tests.sending import uploaded
from tests.whole.calendars import Crash, Silent, answers, calendar, contents, crashing, empty, with_a_past
from tests.whole.conftest import Place


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def old(clock: Clock) -> Iterator[Api]:
    """Yield a server of a calendar with a past."""
    with closing(empty()) as database, calendar(database, clock) as api:
        with_a_past(api)
        yield api


def check_well(database: Database, clock: Clock) -> None:
    assert list(examine(database, Silent(), clock)) == []


def test_after_29_days_nothing_is_past_its_time(old: Api, clock: Clock) -> None:
    before = contents(old.dayroom.database)
    clock.advance(days=29)
    assert purge(old.dayroom.database, clock()) == Purged()
    assert contents(old.dayroom.database) == before


def test_after_31_days_what_was_deleted_is_gone_and_all_else_answers_as_before(old: Api, clock: Clock) -> None:
    database = old.dayroom.database
    before = answers(old)
    rows = list(database.scan(EVENTS))
    (gone,) = [row["id"] for row in database.scan(DEPARTMENTS) if "deleted_at" in row]
    deleted = [row for row in rows if "deleted_at" in row]
    clock.advance(days=31)
    purged = purge(database, clock())
    assert purged == Purged(departments=1, events=1, tombstones=len(deleted), entries=1, expired=0)
    assert answers(old) == before
    assert not [row for row in database.scan(EVENTS) if "deleted_at" in row or row["department_id"] == gone]
    assert not list(database.query(CHANGES, gone))
    assert database.get(DEPARTMENTS, {"id": gone}) is None
    living = {row["id"] for row in database.scan(EVENTS)}
    guarded = {guard["key"].removeprefix("id:") for guard in database.scan(GUARDS) if guard["key"].startswith("id:")}
    assert living == guarded
    check_well(database, clock)


def test_purging_again_removes_nothing(old: Api, clock: Clock) -> None:
    clock.advance(days=31)
    purge(old.dayroom.database, clock())
    after = contents(old.dayroom.database)
    assert purge(old.dayroom.database, clock(), thorough=True) == Purged()
    assert contents(old.dayroom.database) == after


def test_a_purge_that_ends_anywhere_is_ended_by_the_next(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.repositories.bulk.MAX_OPERATIONS", 2)
    moments = 0
    for calls in range(0, 400, 5):
        with closing(empty()) as database, calendar(database, clock) as api:
            now = clock()
            gone = api.department("gone")["id"]
            for number in range(4):
                event = api.event(gone)["id"]
                if number % 2:
                    api.delete(f"/api/events/{event}")
            api.delete(f"/api/departments/{gone}")
            with_a_past(api)
            clock.advance(days=31)
            try:
                purge(crashing(database, calls), clock())
            except Crash:
                moments += 1
            else:
                break
            check_well(database, clock)
            purge(database, clock())
            left = contents(database)
            assert not any('"deleted_at"' in row for row in left["events"] | left["departments"])
            check_well(database, clock)
            clock.now = now
    assert moments > 8


def test_an_id_that_was_purged_can_be_used_again_and_one_that_moved_cannot(clock: Clock) -> None:
    with closing(empty()) as database, calendar(database, clock) as api:
        a, b = (api.department(name)["id"] for name in "ab")
        for number in (1, 2):
            api.event(a, id=uuid(number))
        api.delete(f"/api/events/{uuid(1)}")
        api.post(f"/api/events/{uuid(2)}/move", {"department_id": b})
        clock.advance(days=31)
        assert purge(database, clock()).tombstones == 2
        body = {"title": "anew", "event_date": "2024-03-01"}
        assert api.post(f"/api/events/{a}", {**body, "id": uuid(1)}).status_code == 201
        assert api.post(f"/api/events/{a}", {**body, "id": uuid(2)}).status_code == 409
        assert database.get(GUARDS, id_guard(uuid(2)))
        check_well(database, clock)


def test_the_files_of_a_purged_attachment_go_first_and_those_of_one_that_moved_stay(clock: Clock) -> None:
    with closing(empty()) as database, calendar(database, clock) as api:
        a, b, gone = (api.department(name)["id"] for name in ("개발팀", "총무팀", "없어진 팀"))
        moved = uploaded(api, a, event_id=api.event(a, id=uuid(1))["id"])
        along_with = uploaded(api, a, event_id=api.event(a, id=uuid(2))["id"])["id"]
        alone = uploaded(api, a)["id"]
        lost = uploaded(api, gone)["id"]
        api.post(f"/api/events/{uuid(1)}/move", {"department_id": b})
        for path in (f"attachments/{alone}", f"events/{uuid(2)}", f"departments/{gone}"):
            assert api.delete(f"/api/{path}").status_code == 204
        clock.advance(days=31)
        discarded: list[str] = []

        def discard(attachment_id: str) -> None:
            assert any(True for _ in database.query(ATTACHMENTS, attachment_id)), "what leads to a file goes after it"
            discarded.append(attachment_id)

        purged = purge(database, clock(), discard=discard)
        assert sorted(set(discarded)) == sorted([alone, along_with, lost])
        assert (purged.attachments, purged.departments) == (1, 1)
        assert [row["id"] for row in database.scan(ATTACHMENTS)] == [moved["id"]]
        check_well(database, clock)


def test_what_can_be_purged_cannot_be_restored_and_what_can_be_restored_is_not_purged(clock: Clock) -> None:
    with closing(empty()) as database, calendar(database, clock) as api:
        a = api.department()["id"]
        events = [api.event(a)["id"] for _ in range(2)]
        for event in events:
            api.delete(f"/api/events/{event}")
        clock.advance(days=30, seconds=-1)
        assert api.post(f"/api/events/{events[0]}/restore", {}).status_code == 200
        assert purge(database, clock()).tombstones == 0
        clock.advance(seconds=2)
        assert api.post(f"/api/events/{events[1]}/restore", {}).status_code == 404
        assert purge(database, clock()).tombstones == 0, "another machine's clock may be late"
        clock.advance(hours=1)
        assert purge(database, clock()).tombstones == 1
        assert [event["id"] for event in api.events(a)] == [events[0]]


def test_entries_and_records_expire_and_the_rest_is_well(old: Api, clock: Clock) -> None:
    database = old.dayroom.database
    old.post("/api/departments", {"name": "x"}, Idempotency_Key="k")
    clock.advance(hours=25)
    assert purge(database, clock()).expired == 1
    clock.advance(days=97)
    young = old.department("young")["id"]
    old.event(young)
    purged = purge(database, clock())
    assert purged.expired > 30
    assert all(entry["at"] > "2024-04" for entry in database.scan(CHANGES) if entry["seq"])
    check_well(database, clock)
    for log in ("directory", young):
        assert old.changes(log, "since=latest")["digest"]


def test_a_tombstone_whose_entry_has_expired_is_found_thoroughly(clock: Clock) -> None:
    with closing(empty()) as database, calendar(database, clock) as api:
        event = api.event(api.department()["id"])["id"]
        api.delete(f"/api/events/{event}")
        clock.advance(days=100)
        for table in TABLES:
            if table.expires:
                database.sweep(table, int(clock().timestamp()))
        assert purge(database, clock()).tombstones == 0
        assert purge(database, clock(), thorough=True).tombstones == 1
        assert not list(database.scan(EVENTS))
        check_well(database, clock)


def test_an_event_that_comes_back_while_its_tombstone_is_purged_stays(clock: Clock) -> None:
    with closing(empty()) as database, calendar(database, clock) as api:
        a, b = (api.department(name)["id"] for name in "ab")
        event = api.event(a)["id"]
        api.post(f"/api/events/{event}/move", {"department_id": b})
        clock.advance(days=31)
        moment, outcomes = 0, set()
        while True:
            calls = iter(range(moment))
            moved = False

            def move_back(calls: Iterator[int] = calls) -> None:
                nonlocal moved
                if next(calls, None) is None and not moved:
                    moved = True
                    assert api.post(f"/api/events/{event}/move", {"department_id": a}).status_code == 200

            watched = crashing(database, 10_000)
            watched.before = move_back
            outcomes.add(purge(watched, clock()).tombstones)
            assert [len(api.events(log)) for log in (a, b)] == ([1, 0] if moved else [0, 1])
            check_well(database, clock)
            if not moved:
                break
            api.post(f"/api/events/{event}/move", {"department_id": b})
            clock.advance(days=31)
            moment += 1
        assert moment > 4
        assert outcomes >= {0, 1}


def test_the_command_says_what_it_removed(api: Api, place: Place) -> None:
    said = place.run("purge")
    assert (said.exit_code, said.output.splitlines()[-1]) == (
        0,
        "removed 0 departments with 0 events, 0 attachments and 0 entries, 0 deleted events and attachments, "
        "0 expired items",
    )
