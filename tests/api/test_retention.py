"""Entries are kept for a published time: what is older is refused, and never served with a gap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from backend.repositories.database import Delete
from backend.repositories.sqlite import SQLiteDatabase
from backend.repositories.tables import CHANGES
from tests.contract.counting import CountingDatabase
from tests.in_process import Api, Clock, code_of, json_of, serving, uuid
from tests.replica import catch_up, take_snapshot

DAYS = 30


@pytest.fixture
def api(clock: Clock) -> Iterator[Api]:
    with serving(clock=clock, change_retention_days=DAYS) as served:
        yield served


def write(api: Api, clock: Clock, home: str, *, every: timedelta = timedelta(days=1), times: int = 10) -> None:
    for _ in range(times):
        api.event(home)
        clock.advance(seconds=every.total_seconds())


def asked(api: Api, home: str, seq: int) -> int:
    epoch = api.changes(home, "since=latest")["position"].rpartition(":")[0]
    answer = api.get(f"/api/departments/{home}/changes?since={epoch}:{seq}")
    if answer.status_code == 200:
        assert [change["seq"] for change in json_of(answer)["changes"]] == list(range(seq + 1, head_of(api, home) + 1))
    else:
        assert code_of(answer) == (410, "position-expired")
        assert json_of(answer)["reason"] == "expired"
        assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code


def floor_of(api: Api, home: str) -> int:
    return int(api.changes(home, "since=latest")["floor"].rpartition(":")[2])


def head_of(api: Api, home: str) -> int:
    return int(api.changes(home, "since=latest")["head"].rpartition(":")[2])


def drop(api: Api, home: str, *seqs: int) -> None:
    """Drops entries as a store's expiry does: late, and in any order."""
    api.dayroom.database.transact([Delete(CHANGES, {"log": home, "seq": seq}) for seq in seqs], f"drop-{seqs[0]}")


def test_the_floor_is_exactly_the_oldest_position_that_resumes(api: Api, clock: Clock, home: str) -> None:
    write(api, clock, home)  # entry n is written on day n - 1, and now is day 10
    clock.advance(days=DAYS - 11)
    for day in range(DAYS - 1, DAYS + 12):
        floor = floor_of(api, home)
        expired = min(10, max(0, day - DAYS))
        assert floor == expired, f"on day {day}"
        assert [asked(api, home, seq) for seq in range(11)] == [410] * floor + [200] * (11 - floor)
        clock.advance(days=1)


def test_an_entry_is_served_up_to_the_last_moment(api: Api, clock: Clock, home: str) -> None:
    api.event(home)
    clock.advance(days=DAYS)
    assert (floor_of(api, home), asked(api, home, 0)) == (0, 200)
    clock.advance(milliseconds=1)
    assert (floor_of(api, home), asked(api, home, 0)) == (1, 410)
    assert asked(api, home, 1) == 200


def test_the_newest_position_never_expires(api: Api, clock: Clock, home: str) -> None:
    write(api, clock, home, times=3)
    replica = take_snapshot(api.ask, home)
    clock.advance(days=5 * DAYS)
    assert (asked(api, home, 3), asked(api, home, 2)) == (200, 410)
    api.event(home)
    assert floor_of(api, home) == 3
    assert len(catch_up(api.ask, replica).entities) == 4


def test_the_floor_goes_on_with_a_log_that_goes_on(api: Api, clock: Clock, home: str) -> None:
    write(api, clock, home, times=70)
    assert floor_of(api, home) == 70 - DAYS
    assert asked(api, home, 70 - DAYS) == 200
    assert asked(api, home, 70 - DAYS - 1) == 410


def test_the_floor_never_goes_back_once_something_was_written_on_it(api: Api, clock: Clock, home: str) -> None:
    write(api, clock, home)
    clock.advance(days=DAYS - 5)
    api.event(home)
    floor = floor_of(api, home)
    assert floor == 5
    clock.advance(days=-20)
    assert floor_of(api, home) == floor
    assert asked(api, home, floor - 1) == 410


def test_no_entry_is_older_than_the_one_before_it_when_the_clock_goes_back(api: Api, clock: Clock, home: str) -> None:
    start = api.changes(home, "since=latest")["position"]
    for step in (60, -3600, 1, -86400, 90000):
        api.event(home)
        clock.advance(seconds=step)
    api.event(home)
    changes = api.changes(home, f"since={start}")["changes"]
    times = [change["at"] for change in changes]
    assert times == sorted(times)
    assert all(change["data"]["last_modified"] == change["at"] for change in changes)


def test_an_event_that_is_moved_does_not_turn_back_the_clock_of_its_new_log(api: Api, clock: Clock, home: str) -> None:
    event = api.event(home)
    other = api.department("다른 팀")["id"]
    start = api.changes(other, "since=latest")["position"]
    clock.advance(hours=1)
    api.event(other)
    clock.advance(minutes=-30)
    assert api.post(f"/api/events/{event['id']}/move", {"department_id": other}).status_code == 200
    times = [change["at"] for change in api.changes(other, f"since={start}")["changes"]]
    assert times == ["2024-01-15T01:00:00.000Z"] * 2


@pytest.mark.parametrize("dropped", [(1,), (2,), (1, 2, 3), (3, 1), (5,), (1, 3, 5)], ids=str)
def test_entries_that_the_store_dropped_are_never_a_gap(
    api: Api, clock: Clock, home: str, dropped: tuple[int, ...]
) -> None:
    """Expiry of a store is unordered: whatever it has dropped already, the floor is where time says."""
    write(api, clock, home)
    clock.advance(days=DAYS - 5)
    drop(api, home, *dropped)
    assert floor_of(api, home) == 5
    assert [asked(api, home, seq) for seq in range(11)] == [410] * 5 + [200] * 6


@pytest.mark.parametrize("dropped", [(1,), (4,), (9, 2), (10,)], ids=str)
def test_an_entry_that_was_dropped_too_early_is_410_and_no_gap(
    api: Api, clock: Clock, home: str, dropped: tuple[int, ...]
) -> None:
    write(api, clock, home)
    drop(api, home, *dropped)
    assert [asked(api, home, seq) for seq in range(11)] == [410] * max(dropped) + [200] * (11 - max(dropped))
    assert len(take_snapshot(api.ask, home).entities) == 10


def test_a_log_without_a_single_entry_left_goes_on(api: Api, clock: Clock, home: str) -> None:
    write(api, clock, home)
    clock.advance(days=10 * DAYS)
    drop(api, home, *range(1, 11))
    replica = take_snapshot(api.ask, home)
    assert floor_of(api, home) == 10
    event = api.event(home)
    api.delete(f"/api/events/{event['id']}")
    assert len(catch_up(api.ask, replica).entities) == 10


def test_a_snapshot_begun_where_no_entry_is_left_ends_with_the_right_digest(api: Api, clock: Clock, home: str) -> None:
    for number in range(3):
        api.event(home, id=uuid(number))
    clock.advance(days=2 * DAYS)
    drop(api, home, 1, 2, 3)
    digest = api.changes(home, "since=latest")["digest"]
    page = api.changes(home, "limit=2")
    api.event(home, event_date="2024-12-31")
    last = api.changes(home, f"limit=2&cursor={page['cursor']}")
    assert last["digest"] == digest


def test_retention_is_a_setting(clock: Clock) -> None:
    with serving(clock=clock, change_retention_days=90) as api:
        home = api.department()["id"]
        api.event(home)
        clock.advance(days=90)
        assert floor_of(api, home) == 0
        clock.advance(days=1)
        assert floor_of(api, home) == 1


def test_the_floor_of_an_old_log_is_searched_once_and_not_by_every_reader(clock: Clock) -> None:
    counting = CountingDatabase(SQLiteDatabase(":memory:"))
    with serving(database=counting, clock=clock, change_retention_days=DAYS) as api:
        home = api.department()["id"]
        write(api, clock, home, times=100)
        clock.advance(days=5)
        floor = floor_of(api, home)
        before = counting.counts.gets
        assert floor_of(api, home) == floor
        assert counting.counts.gets == before + 1
