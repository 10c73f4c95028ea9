"""Instants: what an event's dates and times are in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sample_events import ZONES, clocks, created, days, part, updated


@given(days, clocks, clocks, st.sampled_from(ZONES))
def test_instants_are_those_of_the_zone(day: str, start: str, end: str, zone: str) -> None:
    event = created(event_date=day, start_time=start, end_time=end, timezone=zone)
    begin = datetime.combine(date.fromisoformat(day), time.fromisoformat(start), ZoneInfo(zone)).astimezone(UTC)
    last = datetime.combine(date.fromisoformat(event["end_date"]), time.fromisoformat(end), ZoneInfo(zone))
    assert datetime.fromisoformat(event["starts_at"]) == begin
    assert datetime.fromisoformat(event["ends_at"]) == max(begin, last.astimezone(UTC))
    assert event["starts_at"].endswith(":00.000Z")


@given(days, st.integers(0, 365), st.integers(-11, 14))
def test_whole_days_stay_the_same_dates_in_every_zone(day: str, length: int, offset: int) -> None:
    zone = f"Etc/GMT{-offset:+}"
    last = (date.fromisoformat(day) + timedelta(length)).isoformat()
    event = created(event_date=day, end_date=last, timezone=zone)
    assert part(event, "event_date end_date starts_at ends_at") == (day, last, None, None)
    moved = updated(event, timezone="Asia/Seoul")
    assert part(moved, "event_date end_date starts_at ends_at") == (day, last, None, None)


def test_a_start_alone_has_no_end() -> None:
    event = created(time="오후 2:00")
    assert part(event, "starts_at ends_at") == ("2024-01-15T05:00:00.000Z", None)


def test_a_change_of_zone_keeps_the_clock_and_moves_the_instants() -> None:
    event = updated(created(time="14:00~15:00"), timezone="UTC")
    assert part(event, "start_time starts_at ends_at") == (
        "14:00",
        "2024-01-15T14:00:00.000Z",
        "2024-01-15T15:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        # 02:30 is skipped: an hour later, as the clock jumped; nothing ends before it begins
        ("2024-03-10", "02:30~03:00", ("2024-03-10T07:30:00.000Z", "2024-03-10T07:30:00.000Z")),
        ("2024-03-10", "01:30~03:30", ("2024-03-10T06:30:00.000Z", "2024-03-10T07:30:00.000Z")),
        # 01:30 happens twice: the first one
        ("2024-11-03", "01:30~02:30", ("2024-11-03T05:30:00.000Z", "2024-11-03T07:30:00.000Z")),
        ("2024-11-02", "22:00~06:00", ("2024-11-03T02:00:00.000Z", "2024-11-03T11:00:00.000Z")),
    ],
)
def test_clock_changes_are_settled(day: str, span: str, expected: tuple[str, str]) -> None:
    event = created(event_date=day, time=span, timezone="America/New_York")
    assert part(event, "starts_at ends_at") == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", ["1900-01-01", "9998-12-31"])
def test_the_first_and_the_last_possible_day_have_instants(day: str, zone: str) -> None:
    assert created(event_date=day, time="23:00~01:00", timezone=zone)["ends_at"]
