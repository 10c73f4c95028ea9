"""Positions, digests and entries, as values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.changes import Change, Head, Position, instant
from backend.domain.digest import EMPTY, digest_of, shifted, term
from backend.domain.errors import Invalid
from tests import replica

entities = st.tuples(
    st.sampled_from(["event", "department", "attachment"]),
    st.text("0123456789abcdef-", min_size=1),
    st.integers(1, 10**6),
)


@given(st.text("abcxyz0123456789", min_size=1, max_size=64), st.integers(0, 10**18 - 1))
def test_a_position_is_read_as_it_is_written(epoch: str, seq: int) -> None:
    assert Position.parse(str(Position(epoch, seq))) == Position(epoch, seq)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "a",
        "a:",
        ":1",
        "a:b",
        "a:-1",
        "a:+1",
        "a: 1",
        "a:1 ",
        "a:1.0",
        "a:1_0",
        "a:٣",
        "é:1",
        "a b:1",
        "a:b:1",
        "\x00:1",
        "a:" + "9" * 19,
        "a" * 65 + ":1",
    ],
)
def test_what_is_no_position_is_refused_where_it_was_sent(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        Position.parse(text, "/cursor")
    assert [(fault.pointer, fault.code) for fault in caught.value.errors] == [("/cursor", "position")]


def test_a_digest_is_what_the_contract_says() -> None:
    assert EMPTY == "0000000000000000"
    assert digest_of([]) == EMPTY
    assert term("event", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", 1) == 0x3CF222CADCEF24EB
    assert digest_of([("event", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", 1)]) == "3cf222cadcef24eb"
    both = [
        ("event", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", 1),
        ("department", "00000000-0000-4000-8000-000000000000", 7),
    ]
    assert digest_of(both) == "9baa4b0d1bcd3bd6"


@given(st.lists(entities))
def test_a_digest_is_computed_alike_by_a_client(living: list[tuple[str, str, int]]) -> None:
    assert digest_of(living) == replica.digest_of(living)
    assert digest_of(reversed(living)) == digest_of(living)


@given(st.lists(entities), st.lists(entities), st.lists(entities))
def test_a_digest_moves_by_what_comes_and_goes(
    stay: list[tuple[str, str, int]], go: list[tuple[str, str, int]], come: list[tuple[str, str, int]]
) -> None:
    moved = shifted(digest_of([*stay, *go]), add=(term(*each) for each in come), drop=(term(*each) for each in go))
    assert moved == digest_of([*stay, *come])
    assert len(moved) == 16


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2024, 1, 15, 10, 30, tzinfo=UTC), "2024-01-15T10:30:00.000Z"),
        (datetime(2024, 1, 15, 10, 30, 0, 123999, tzinfo=UTC), "2024-01-15T10:30:00.123Z"),
        (datetime(2024, 1, 15, 8, tzinfo=timezone(timedelta(hours=9))), "2024-01-14T23:00:00.000Z"),
    ],
)
def test_an_instant_is_utc_with_milliseconds(moment: datetime, written: str) -> None:
    assert instant(moment) == written


def test_an_entry_is_shown_with_where_it_came_from() -> None:
    change = Change(
        "log", 3, "e", "updated", "event", "i", 2, "at", "미나", "phone", "key", {"id": "i"}, "d", {"seq": 1}
    )
    origin = {
        "log": "log",
        "seq": 3,
        "epoch": "e",
        "at": "at",
        "actor": "미나",
        "device_id": "phone",
        "mutation_id": "key",
    }
    assert change.origin() == origin
    shown = {**origin, "op": "updated", "type": "event", "id": "i", "version": 2, "data": {"id": "i"}}
    assert change.as_json() == shown
    assert str(change.position) == "e:3"


def test_a_head_knows_its_positions() -> None:
    head = Head("log", "e", 9, EMPTY, "at", floor=4)
    assert (str(head.position), str(head.floor_position)) == ("e:9", "e:4")
