"""Who is in a room is told whole, gathered, bounded, and only for as long as somebody says so."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.errors import Invalid
from backend.realtime.presence import KEPT, MOST_SHOWN, Person, Presence

HOME, EVENT = "6a0b7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10", "0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10"
MINA, JUHO = Person("미나", "laptop"), Person("주호", "phone")


class World:
    """Is presence with a clock to move and ears."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[tuple[str, Any]] = []
        self.presence = Presence(self, lambda: self.now)

    def send(self, room: str, event: str, payload: Any) -> None:
        assert event == "presence"
        self.told.append((room, payload))

    def turn(self) -> list[tuple[str, list[tuple[str | None, str | None]]]]:
        """Says what rooms were told: names, and what is edited."""
        self.told.clear()
        self.presence.turn()
        return [(room, [(each["actor"], each["editing"]) for each in told["people"]]) for room, told in self.told]


@pytest.fixture
def world() -> World:
    return World()


def test_many_changes_at_once_are_one_message(world: World) -> None:
    for client, person in (("a", MINA), ("b", JUHO)):
        world.presence.enter("home", client)
        world.presence.announce(client, person)
    assert world.turn() == [("home", [("미나", None), ("주호", None)])]
    assert world.turn() == []


def test_saying_it_again_tells_nobody_and_keeps_one_there(world: World) -> None:
    world.presence.enter("home", "a")
    world.presence.announce("a", MINA)
    world.turn()
    world.now = KEPT - 1
    world.presence.announce("a", MINA)
    assert world.turn() == []
    world.now = 2 * KEPT - 2
    assert world.turn() == []
    world.now = 2 * KEPT
    assert world.turn() == [("home", [])]


def test_who_edits_is_told_in_the_events_own_room_only(world: World) -> None:
    for room in ("home", "away"):
        world.presence.enter(room, "a")
    world.presence.announce("a", Person("미나", "laptop", ("home", "e")))
    assert sorted(world.turn()) == [("away", [("미나", None)]), ("home", [("미나", "e")])]
    world.presence.announce("a", MINA)
    assert world.turn() == [("home", [("미나", None)])]


def test_who_leaves_disconnects_or_withdraws_is_gone(world: World) -> None:
    for client, person in (("a", MINA), ("b", JUHO)):
        for room in ("home", "away"):
            world.presence.enter(room, client)
        world.presence.announce(client, person)
    world.turn()
    world.presence.leave("a", "home")
    assert world.turn() == [("home", [("주호", None)])]
    world.presence.withdraw("b")
    assert sorted(world.turn()) == [("away", [("미나", None)]), ("home", [])]
    world.presence.leave("a")
    assert world.turn() == [("away", [])]


def test_nothing_is_kept_of_who_has_gone(world: World) -> None:
    for number in range(100):
        world.presence.enter(f"room {number}", "a")
    world.presence.announce("a", MINA)
    world.turn()
    world.presence.leave("a")
    world.turn()
    assert [vars(world.presence)[name] for name in ("_rooms", "_here", "_told", "_changed")] == [{}, {}, {}, set()]


def test_a_crowd_is_told_by_number(world: World) -> None:
    for number in range(MOST_SHOWN + 9):
        world.presence.enter("home", f"{number:03}")
        world.presence.announce(f"{number:03}", Person(f"{number:03}"))
    world.presence.announce("058", Person("058", editing=("home", "e")))
    world.presence.turn()
    [(_, told)] = world.told
    assert told["count"] == MOST_SHOWN + 9
    assert len(told["people"]) == MOST_SHOWN
    assert told["people"][0]["actor"] == "058", "who edits comes first"


def test_what_a_client_says_is_read_strictly() -> None:
    said = {"actor": " 미나 ", "device_id": "", "editing": {"department_id": HOME.upper(), "event_id": EVENT}}
    assert Person.read(said) == Person("미나", None, (HOME, EVENT))
    assert Person.read({}) == Person()
    for wrong, pointer in (
        ({"actor": "미" * 201}, "/actor"),
        ({"actor": 1}, "/actor"),
        ({"device_id": "x" * 65}, "/device_id"),
        ({"editing": "e"}, "/editing"),
        ({"editing": {"department_id": HOME}}, "/editing/event_id"),
        ({"editing": {"department_id": "directory", "event_id": EVENT}}, "/editing/department_id"),
    ):
        with pytest.raises(Invalid) as refused:
            Person.read(wrong)
        assert [error.pointer for error in refused.value.errors] == [pointer]
