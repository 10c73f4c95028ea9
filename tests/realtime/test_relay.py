"""The relay alone, on a log and rooms of our own making, with a clock that we move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from backend.domain.changes import Change, Head
from backend.realtime.relay import HEARTBEAT_FIRST, HEARTBEAT_NEXT, Relay

POLL = 0.25


class Logs:
    """Is a store of logs that can fail, show the head before its entries, and be written to by others."""

    def __init__(self) -> None:
        self.heads: dict[str, Head] = {}
        self.entries: dict[str, list[Change]] = {}
        self.hidden: set[int] = set()
        self.failure: Exception | None = None
        self.broken: set[str] = set()
        self.version = 0
        self.asked: list[str] = []

    def begin(self, *names: str) -> None:
        for name in names:
            self.heads[name] = Head(name, "e", 0, "d0", "2024-01-01T00:00:00.000Z")
            self.entries[name] = []

    def write(self, log: str, count: int = 1) -> None:
        for _ in range(count):
            seq = self.heads[log].seq + 1
            at, data = "2024-01-01T00:00:00.000Z", {"id": f"{seq}", "title": str(seq)}
            self.entries[log].append(
                Change(log, seq, "e", "created", "event", str(seq), 1, at, None, None, None, data, f"d{seq}")
            )
            self.heads[log] = Head(log, "e", seq, f"d{seq}", at)
            self.version += 1

    def close(self, log: str) -> None:
        head = self.heads[log]
        self.heads[log] = Head(log, head.epoch, head.seq, head.digest, head.at, open=False)
        self.version += 1

    def last_head(self, log: str) -> Head | None:
        self.asked.append(log)
        if self.failure or log in self.broken:
            raise self.failure or RuntimeError("unreadable")
        return self.heads.get(log)

    def between(self, log: str, after: int, upto: int) -> Iterator[Change]:
        yield from (entry for entry in self.entries[log] if after < entry.seq <= upto and entry.seq not in self.hidden)

    def farewell(self, log: str) -> dict[str, Any]:
        return {"id": log}

    def data_version(self) -> int:
        if self.failure:
            raise self.failure
        return self.version


class Rooms:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Any]] = []
        self.closed: list[str] = []

    def send(self, room: str, event: str, payload: Any) -> None:
        self.sent.append((room, event, payload))

    def close_room(self, room: str) -> None:
        self.closed.append(room)

    def seqs(self, room: str) -> list[int]:
        return [payload["change"]["seq"] for to, _, payload in self.sent if to == room and "change" in payload]

    def names(self, room: str) -> list[str]:
        return [event for to, event, _ in self.sent if to == room]


class World:
    """Is a relay with all that it knows."""

    def __init__(self, *, tells_version: bool = True) -> None:
        self.logs, self.rooms, self.now = Logs(), Rooms(), 1000.0
        self.logs.begin("a", "b")
        version = self.logs.data_version if tells_version else lambda: None
        self.relay = Relay(self.logs, self.rooms, data_version=version, poll_seconds=POLL, clock=lambda: self.now)
        self.relay.turn()

    def enter(self, log: str, member: str = "m") -> None:
        self.relay.enter(log, member, self.logs.heads[log])

    def turn(self, seconds: float = 0.0) -> None:
        self.now += seconds
        self.relay.turn()

    def write_here(self, log: str, count: int = 1) -> None:
        self.logs.write(log, count)
        self.relay.announce(log)


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_announced_is_sent_in_order_and_once(world: World) -> None:
    world.enter("a")
    world.write_here("a", 3)
    world.turn()
    world.turn(POLL)
    world.write_here("a", 2)
    world.turn()
    assert world.rooms.seqs("a") == [1, 2, 3, 4, 5]


def test_a_message_is_the_entity_and_where_it_stands(world: World) -> None:
    world.enter("a")
    world.write_here("a")
    world.turn()
    [(room, event, payload)] = world.rooms.sent
    assert (room, event) == ("a", "event_created")
    assert payload == {
        "id": "1",
        "title": "1",
        "change": {
            "log": "a",
            "seq": 1,
            "epoch": "e",
            "at": "2024-01-01T00:00:00.000Z",
            "actor": None,
            "device_id": None,
            "mutation_id": None,
        },
    }


def test_a_member_hears_what_comes_after_the_head_that_it_was_let_in_at(world: World) -> None:
    world.write_here("a", 7)
    world.enter("a")
    world.turn(POLL)
    assert world.rooms.sent == []
    world.write_here("a")
    world.turn()
    assert world.rooms.seqs("a") == [8]


def test_a_second_member_makes_nobody_hear_twice(world: World) -> None:
    world.enter("a", "first")
    world.write_here("a", 2)
    world.enter("a", "second")
    world.turn()
    assert world.rooms.seqs("a") == [1, 2]


def test_two_rooms_are_two_logs(world: World) -> None:
    world.enter("a")
    world.enter("b")
    world.write_here("a", 2)
    world.write_here("b", 1)
    world.turn()
    assert (world.rooms.seqs("a"), world.rooms.seqs("b")) == ([1, 2], [1])


def test_a_log_that_nobody_follows_is_not_read(world: World) -> None:
    world.enter("b")
    world.logs.asked.clear()
    world.write_here("a", 2)
    world.turn()
    assert "a" not in world.logs.asked


def test_between_two_polls_only_what_was_announced_is_read(world: World) -> None:
    world.enter("a")
    world.enter("b")
    world.turn(POLL)
    world.logs.asked.clear()
    world.write_here("a")
    world.turn()
    assert world.logs.asked == ["a"]


@pytest.mark.parametrize("tells_version", [True, False])
def test_what_another_process_wrote_is_seen_by_the_next_poll(tells_version: bool) -> None:
    world = World(tells_version=tells_version)
    world.enter("a")
    world.logs.write("a", 2)
    world.turn()
    assert world.rooms.sent == []
    world.turn(POLL)
    assert world.rooms.seqs("a") == [1, 2]


def test_nothing_is_read_while_the_store_says_that_nothing_was_written(world: World) -> None:
    world.enter("a")
    world.turn(POLL)
    world.logs.asked.clear()
    for _ in range(10):
        world.turn(POLL)
    assert world.logs.asked == []


def test_an_entry_that_cannot_be_seen_yet_is_waited_for(world: World) -> None:
    world.enter("a")
    world.logs.hidden = {2}
    world.write_here("a", 3)
    world.turn()
    assert world.rooms.seqs("a") == [1]
    world.logs.hidden = set()
    world.turn()
    assert world.rooms.seqs("a") == [1, 2, 3]


def test_the_last_entry_may_be_the_one_that_cannot_be_seen_yet(world: World) -> None:
    world.enter("a")
    world.logs.hidden = {1}
    world.write_here("a")
    world.turn()
    world.logs.hidden = set()
    world.turn()
    assert world.rooms.seqs("a") == [1]


@pytest.mark.parametrize("announced", [True, False])
def test_what_could_not_be_read_is_caught_up_with(world: World, announced: bool) -> None:
    world.enter("a")
    world.logs.failure = RuntimeError("the store is away")
    world.logs.write("a", 2)
    if announced:
        world.relay.announce("a")
    for _ in range(3):
        world.turn(POLL)
    assert world.rooms.sent == []
    world.logs.failure = None
    world.turn(POLL)
    assert world.rooms.seqs("a") == [1, 2]


def test_a_log_that_cannot_be_read_does_not_stop_the_others(world: World) -> None:
    world.enter("a")
    world.enter("b")
    world.logs.broken = {"a"}
    world.logs.write("a")
    world.logs.write("b")
    world.turn(POLL)
    assert world.rooms.seqs("b") == [1]
    world.logs.broken = set()
    world.turn()
    assert world.rooms.seqs("a") == [1]


def test_a_room_that_everyone_left_is_followed_no_longer(world: World) -> None:
    world.enter("a", "one")
    world.enter("a", "two")
    world.enter("b", "two")
    world.relay.leave("one", "a")
    world.relay.leave("nobody")
    world.write_here("a")
    world.turn()
    assert world.rooms.seqs("a") == [1]
    world.relay.leave("two")
    world.write_here("a")
    world.write_here("b")
    world.turn(POLL)
    assert (world.rooms.seqs("a"), world.rooms.seqs("b")) == ([1], [])


def test_a_room_that_is_entered_again_hears_nothing_twice(world: World) -> None:
    world.enter("a")
    world.write_here("a", 2)
    world.turn()
    world.relay.leave("m", "a")
    world.write_here("a", 2)
    world.enter("a")
    world.write_here("a")
    world.turn(POLL)
    assert world.rooms.seqs("a") == [1, 2, 5]


def test_a_room_that_all_leave_while_it_is_served_is_not_served_for_the_next(world: World) -> None:
    world.enter("a", "old")
    world.write_here("a", 3)

    def leave_after_the_first(room: str, event: str, payload: Any) -> None:
        Rooms.send(world.rooms, room, event, payload)
        if payload["change"]["seq"] == 1:
            world.relay.leave("old")
            world.enter("a", "new")

    world.rooms.send = leave_after_the_first  # type: ignore[method-assign]
    world.turn()
    world.write_here("a")
    world.turn()
    assert world.rooms.seqs("a") == [1, 4]


def test_the_room_of_a_closed_log_hears_the_rest_and_a_farewell(world: World) -> None:
    world.enter("a")
    world.logs.write("a")
    world.logs.close("a")
    world.relay.announce("a")
    world.turn()
    assert world.rooms.names("a") == ["event_created", "department_deleted"]
    assert world.rooms.sent[-1][2] == {"id": "a"}
    assert world.rooms.closed == ["a"]
    world.turn(HEARTBEAT_FIRST)
    assert len(world.rooms.sent) == 2


def test_a_heartbeat_comes_after_20_seconds_and_then_every_five_minutes(world: World) -> None:
    world.enter("a")
    world.write_here("a")
    world.turn()
    world.turn(HEARTBEAT_FIRST - 1)
    assert world.rooms.names("a") == ["event_created"]
    world.turn(1)
    assert world.rooms.sent[-1] == ("a", "heartbeat", {"log": "a", "head": "e:1", "digest": "d1"})
    world.turn(HEARTBEAT_NEXT - 1)
    assert world.rooms.names("a").count("heartbeat") == 1
    world.turn(1)
    assert world.rooms.names("a").count("heartbeat") == 2
    world.turn(HEARTBEAT_NEXT)
    assert world.rooms.names("a").count("heartbeat") == 3


def test_a_change_puts_the_heartbeat_off(world: World) -> None:
    world.enter("a")
    world.turn(HEARTBEAT_FIRST - 1)
    world.write_here("a")
    world.turn()
    world.turn(HEARTBEAT_FIRST - 1)
    assert "heartbeat" not in world.rooms.names("a")
    world.turn(1)
    assert "heartbeat" in world.rooms.names("a")


def test_a_room_that_was_quiet_from_the_start_has_a_heartbeat_too(world: World) -> None:
    world.enter("a")
    world.turn(HEARTBEAT_FIRST)
    assert world.rooms.names("a") == ["heartbeat"]


def test_a_heartbeat_never_tells_of_what_was_not_sent(world: World) -> None:
    world.enter("a")
    world.logs.hidden = {1}
    world.write_here("a")
    world.turn(HEARTBEAT_FIRST)
    assert world.rooms.sent == []


def test_a_log_that_ends_while_somebody_begins_to_watch_it_fails_nobody(world: World) -> None:
    class EndsAtOnce:
        """Is a lock after which the relay's thread is at work at once."""

        def __enter__(self) -> None:
            pass

        def __exit__(self, *_: object) -> None:
            world.relay._rooms.clear()

    world.relay._membership = EndsAtOnce()  # type: ignore[assignment]
    with world.relay.watch("a") as news:
        assert not news.is_set()
