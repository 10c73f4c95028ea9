"""The answer to a join, at its bounds and in its races, with a log and a Socket.IO server of our own making."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from backend.domain.changes import Change, Head, Position
from backend.domain.errors import NotFound, PositionExpired, Unavailable
from backend.domain.pages import Slice
from backend.realtime.limits import Joins
from backend.realtime.namespace import REPLAY_BYTES, LogNamespace
from backend.realtime.presence import Presence

HEAD = Head("a", "e", 500, "d", "2024-01-01T00:00:00.000Z")


class Log:
    """Answers with what it was given."""

    def __init__(self) -> None:
        self.head: Callable[[str], Head] = lambda log: HEAD
        self.changes: tuple[Change, ...] = ()
        self.failure: Exception | None = None
        self.has_more = False

    def since(self, log: str, position: str, limit: int | None = None) -> Slice:
        if position == "latest":
            return Slice((), HEAD.position, HEAD.digest, HEAD)
        if self.failure:
            raise self.failure
        return Slice(self.changes, Position("e", 400 if self.has_more else 500), "d", HEAD)


class Relay:
    """Keeps who is in."""

    def __init__(self) -> None:
        self.members: set[tuple[str, str]] = set()

    def enter(self, log: str, member: str, head: Head) -> None:
        self.members.add((log, member))

    def leave(self, member: str, log: str | None = None) -> None:
        self.members = {(name, who) for name, who in self.members if who != member or log not in {None, name}}


class Quiet(LogNamespace):
    """Keeps rooms by itself."""

    def __init__(self, log: Log, relay: Relay) -> None:
        presence = Presence(SimpleNamespace(send=lambda *told: None))
        super().__init__(log, relay, Joins(100, lambda: 0.0), presence, Joins(100, lambda: 0.0))  # type: ignore[arg-type]
        self.connected = True
        self.in_rooms: set[tuple[str, str]] = set()
        manager = SimpleNamespace(is_connected=lambda sid, namespace: self.connected)
        self.server = SimpleNamespace(manager=manager, get_environ=lambda sid: {})

    def enter_room(self, sid: str, room: str) -> None:
        self.in_rooms.add((room, sid))

    def leave_room(self, sid: str, room: str) -> None:
        self.in_rooms.discard((room, sid))

    def emit(self, event: str, data: Any = None, to: str | None = None, **options: Any) -> None:
        pass


class World:
    """Is a namespace with all that it knows."""

    def __init__(self) -> None:
        self.log, self.relay = Log(), Relay()
        self.namespace = Quiet(self.log, self.relay)

    def join(self, since: str | None = "e:1") -> Any:
        return self.namespace.trigger_event("join_department", "sid", {"department_id": "a", "since": since})

    @property
    def is_member(self) -> bool:
        """The relay and the rooms agree."""
        assert self.relay.members == self.namespace.in_rooms
        return bool(self.relay.members)


@pytest.fixture
def world() -> World:
    return World()


def changes(count: int, size: int) -> tuple[Change, ...]:
    """Makes entries whose data have so many bytes of text."""
    at = "2024-01-01T00:00:00.000Z"
    return tuple(
        Change("a", seq, "e", "created", "event", "i", 1, at, None, None, None, {"t": "가" * (size // 3)}, "d")
        for seq in range(1, count + 1)
    )


def test_what_fits_is_replayed(world: World) -> None:
    world.log.changes = changes(500, 3)
    ack = world.join()
    assert (ack["recovered"], len(ack["changes"])) == (True, 500)
    assert "has_more" not in ack
    assert world.is_member


def test_more_entries_than_fit_are_too_far(world: World) -> None:
    world.log.changes, world.log.has_more = changes(500, 3), True
    ack = world.join()
    assert (ack["ok"], ack["recovered"], ack["reason"], ack["position"]) == (True, False, "too-far", "e:500")
    assert "changes" not in ack
    assert world.is_member


@pytest.mark.parametrize(("size", "recovered"), [(REPLAY_BYTES - 1000, True), (REPLAY_BYTES, False)])
def test_the_ack_is_bounded_in_bytes_of_utf_8(world: World, size: int, recovered: bool) -> None:
    world.log.changes = changes(1, size)
    assert world.join()["recovered"] is recovered
    assert world.is_member


@pytest.mark.parametrize("reason", ["expired", "epoch"])
def test_who_cannot_resume_is_a_member_all_the_same(world: World, reason: str) -> None:
    world.log.failure = PositionExpired("e:1", reason, "e:500", "e:400")
    ack = world.join()
    assert (ack["ok"], ack["recovered"], ack["reason"]) == (True, False, reason)
    assert (ack["position"], ack["head"], ack["digest"]) == ("e:500", "e:500", "d")
    assert world.is_member


@pytest.mark.parametrize(
    ("failure", "code"), [(NotFound("department", "a"), "not-found"), (Unavailable("the store is away"), "unavailable")]
)
def test_a_join_that_fails_half_way_is_none(world: World, failure: Exception, code: str) -> None:
    world.log.failure = failure
    assert world.join()["problem"]["code"] == code
    assert not world.is_member


def test_who_vanishes_while_the_log_is_read_leaves_nothing_behind(world: World) -> None:
    def vanish(log: str) -> Head:
        world.namespace.connected = False
        world.namespace.trigger_event("disconnect", "sid", "transport close")
        return HEAD

    world.log.head = vanish
    assert not world.join()["ok"]
    assert not world.is_member


def test_who_disconnects_is_nowhere(world: World) -> None:
    world.join()
    world.namespace.connected = False
    world.namespace.trigger_event("disconnect", "sid", "transport close")
    assert not world.relay.members
