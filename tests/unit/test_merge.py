"""Merging three ways, by field: what only one side changed is kept, what both changed differently is a conflict."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.domain.errors import Conflict, Invalid
from backend.domain.events import WRITABLE
from backend.domain.merge import DERIVED, WHEN, Merged, merge, units_of
from tests.unit.sample_events import AT, changes, created, updated

Event = dict[str, Any]

BASE = created(time="14:00~15:00", location="3층")
DAILY = {"rrule": "FREQ=DAILY;COUNT=5"}


def merged(yours: Event, theirs: Event, base: Event = BASE) -> Merged:
    return merge(base, yours, theirs, WRITABLE)


def conflict(yours: Event, theirs: Event, base: Event = BASE) -> Conflict:
    with pytest.raises(Conflict) as caught:
        merged(yours, theirs, base)
    return caught.value


def fields(conflict: Conflict) -> list[str]:
    return [row["field"] for row in conflict.conflicts]


def test_members_that_only_one_side_changed_come_together() -> None:
    found = merged(updated(BASE, title="새 제목", tags=["가"]), updated(BASE, location="옥상"))
    assert found == Merged({"title": "새 제목", "tags": ["가"]}, ["location"], ["title", "tags"])


def test_what_one_side_cleared_is_a_change_as_any_other() -> None:
    assert merged(updated(BASE, location=None), updated(BASE, title="가")).members == {"location": None}
    assert merged(updated(BASE, title="가"), updated(BASE, location=None)).kept == ["location"]
    both = conflict(updated(BASE, location=None), updated(BASE, location="옥상"))
    assert both.conflicts == [{"field": "location", "base": "3층", "yours": None, "theirs": "옥상"}]


def test_what_both_changed_alike_is_no_conflict() -> None:
    same = {"title": "새 제목", "time": "09:00"}
    found = merged(updated(BASE, **same, color="#fff"), updated(BASE, **same))
    assert found == Merged({"color": "#ffffff"}, ["start_time", "end_time", "time", "title"], ["color"])


def test_what_both_changed_differently_is_told_with_all_three_and_nothing_else() -> None:
    theirs = updated(BASE, title="그들", location="옥상", color="#000")
    error = conflict(updated(BASE, title="나", location="지하", tags=["가"]), theirs)
    assert error.conflicts == [
        {"field": "title", "base": "회의", "yours": "나", "theirs": "그들"},
        {"field": "location", "base": "3층", "yours": "지하", "theirs": "옥상"},
    ]
    assert (error.id, error.current) == ("E", theirs)


def test_one_member_in_conflict_refuses_all_of_the_edit() -> None:
    error = conflict(updated(BASE, title="나", color="#fff"), updated(BASE, title="그들"))
    assert fields(error) == ["title"]


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ({"event_date": "2024-01-20"}, {"start_time": "14:30"}),
        ({"event_date": "2024-01-20"}, {"end_date": "2024-01-16"}),
        ({"start_time": "13:00"}, {"end_time": "16:00"}),
        ({"time": "종일"}, {"timezone": "Europe/Berlin"}),
        ({"timezone": "UTC"}, {"event_date": "2024-01-16"}),
        ({"recurrence": DAILY}, {"start_time": "09:00"}),
        ({"recurrence": DAILY}, {"recurrence": {"rrule": "FREQ=DAILY;COUNT=6"}}),
    ],
)
def test_when_an_event_is_counts_as_one_field(mine: Event, other: Event) -> None:
    """Merged member by member, a meeting would be on a day and at an hour that nobody chose."""
    yours, theirs = updated(BASE, **mine), updated(BASE, **other)
    error = conflict(yours, theirs)
    assert fields(error) == [name for name in WHEN if yours[name] != theirs[name]]
    assert {*mine, *other} <= set(fields(error))
    for row in error.conflicts:
        name = row["field"]
        assert row == {"field": name, "base": BASE[name], "yours": yours[name], "theirs": theirs[name]}


def test_instants_follow_the_side_that_moved_the_event() -> None:
    moved = updated(BASE, event_date="2024-01-20")
    found = merged(moved, updated(BASE, title="그들"))
    assert found.applied == ["event_date", "end_date"]
    assert found.members["starts_at"] == moved["starts_at"] == "2024-01-20T05:00:00.000Z"
    assert found.members["ends_at"] == moved["ends_at"]
    theirs = merged(updated(BASE, title="나"), moved)
    assert (theirs.members, theirs.kept) == ({"title": "나"}, ["event_date", "end_date"])


def test_stamps_are_never_in_conflict() -> None:
    yours = {**BASE, "version": 7, "updated_by": "나", "last_modified": AT, "device_id": "a"}
    theirs = {**BASE, "version": 9, "updated_by": "그들", "last_modified": None, "device_id": "b"}
    assert merged(yours, theirs) == Merged({}, [], [])


def test_members_without_a_when_are_units_of_their_own() -> None:
    assert units_of(("name", "description", "timezone")) == [("timezone",), ("name",), ("description",)]
    assert units_of(("name",)) == [("name",)]
    base = {"id": "D", "name": "가", "timezone": "UTC"}
    found = merge(base, {**base, "name": "나"}, {**base, "timezone": "Asia/Seoul"}, ("name", "timezone"))
    assert found == Merged({"name": "나"}, ["timezone"], ["name"])


def test_every_writable_member_is_in_exactly_one_unit() -> None:
    assert sorted(name for unit in units_of(WRITABLE) for name in unit) == sorted(WRITABLE)
    assert WHEN in units_of(WRITABLE)


def edited(event: Event, fields: Event) -> Event:
    try:
        return updated(event, **fields)
    except Invalid:
        assume(False)
        raise


bases = st.sampled_from(
    [
        BASE,
        created(),
        created(event_date="2024-01-15", end_date="2024-01-18", tags=["가", "나"]),
        created(time="22:00~06:00", timezone="America/New_York", recurrence=DAILY),
    ]
)
edits = st.one_of(changes, st.builds(lambda edit: {**edit, "recurrence": DAILY}, changes))


def difference(one: Event, other: Event) -> set[str]:
    return {name for name in WRITABLE if one[name] != other[name]}


@settings(max_examples=60, deadline=None)
@given(bases, edits)
def test_with_no_change_on_one_side_it_is_the_other_side(base: Event, edit: Event) -> None:
    other = edited(base, edit)
    ours = merged(other, base, base)
    shown = {**base, **ours.members}
    assert all(shown[name] == other[name] for name in (*WRITABLE, *DERIVED["event_date"]))
    assert (set(ours.applied), list(ours.kept)) == (difference(other, base), [])
    theirs = merged(base, other, base)
    assert (theirs.members, set(theirs.kept), list(theirs.applied)) == ({}, difference(other, base), [])


@settings(max_examples=100, deadline=None)
@given(bases, edits, edits)
def test_both_sides_are_told_the_same_conflicts_and_no_change_is_dropped(
    base: Event, mine: Event, other: Event
) -> None:
    yours, theirs = edited(base, mine), edited(base, other)
    changed = difference(yours, base) | difference(theirs, base)
    try:
        ours = merged(yours, theirs, base)
    except Conflict as error:
        mirrored = conflict(theirs, yours, base)
        assert fields(mirrored) == fields(error)
        assert [row["yours"] for row in mirrored.conflicts] == [row["theirs"] for row in error.conflicts]
        assert set(fields(error)) <= difference(yours, theirs) & (changed | set(WHEN))
        return
    mirrored_merge = merged(theirs, yours, base)
    assert set(ours.kept) | set(ours.applied) == changed
    assert not set(ours.kept) & set(ours.applied)
    one, two = {**theirs, **ours.members}, {**yours, **mirrored_merge.members}
    everything = (*WRITABLE, *DERIVED["event_date"])
    assert [one[name] for name in everything] == [two[name] for name in everything]
    assert all(one[name] in (yours[name], theirs[name]) for name in everything)
    assert all(one[name] != base[name] for name in changed)
