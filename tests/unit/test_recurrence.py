"""Recurrence: rules are read strictly, and expand as RFC 5545 says, by local dates, near the range asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pytest
from dateutil import rrule
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.domain import events, expansion, rules, series
from backend.domain.rules import Rule
from tests.unit.sample_events import created, faults, updated

GOLDEN: Final = json.loads((Path(__file__).parents[1] / "golden" / "recurrence.json").read_text(encoding="utf-8"))
START: Final = date(2024, 1, 15)


def recurring(rule: str, **members: Any) -> dict[str, Any]:
    recurrence: dict[str, Any] = {
        "rrule": rule,
        **{name: members.pop(name) for name in ("exdates", "overrides") if name in members},
    }
    return created(recurrence=recurrence, **members)


def originals(event: dict[str, Any], first: str, last: str) -> list[str]:
    return [each["occurrence_of"]["date"] for each in series.occurrences(event, first, last)]


@pytest.mark.parametrize("case", GOLDEN["rules"], ids=lambda case: case["name"])
def test_rules_expand_as_the_rfc_says(case: dict[str, Any]) -> None:
    event = recurring(
        case["written"],
        exdates=case["exdates"],
        event_date=case["event_date"],
        start_time="09:00",
        timezone="America/New_York",
    )
    assert event["recurrence"]["rrule"] == case["rrule"]
    assert originals(event, case["from"], case["to"]) == case["dates"]


@pytest.mark.parametrize("case", GOLDEN["events"], ids=lambda case: case["name"])
def test_occurrences_are_as_the_golden_file_has_them(case: dict[str, Any]) -> None:
    for asked in case["ranges"]:
        shown = list(series.occurrences(case["event"], asked["from"], asked["to"]))
        assert [{name: one[name] for name in asked["occurrences"][0]} for one in shown] == asked["occurrences"]


def test_a_time_of_day_stays_as_it_is_when_the_clock_changes() -> None:
    event = recurring("FREQ=DAILY", event_date="2024-01-01", start_time="15:00", timezone="Europe/Berlin")
    spring = list(series.occurrences(event, "2024-03-30", "2024-03-31"))
    autumn = list(series.occurrences(event, "2024-10-26", "2024-10-27"))
    assert [one["starts_at"][11:16] for one in (*spring, *autumn)] == ["14:00", "13:00", "13:00", "14:00"]
    assert {one["start_time"] for one in (*spring, *autumn)} == {"15:00"}


def test_whole_days_are_the_same_dates_in_every_zone() -> None:
    zones = ["Pacific/Pago_Pago", "UTC", "Asia/Seoul", "Pacific/Kiritimati"]
    shown = [
        [
            (one["event_date"], one["end_date"], one["starts_at"])
            for one in series.occurrences(
                recurring("FREQ=WEEKLY;UNTIL=20240401", timezone=zone, end_date="2024-01-16"),
                "2024-01-01",
                "2024-12-31",
            )
        ]
        for zone in zones
    ]
    assert len(shown[0]) == 12 and shown[0][0] == ("2024-01-15", "2024-01-16", None)
    assert all(one == shown[0] for one in shown)


WEEKDAYS = st.sets(st.integers(0, 6), max_size=3).map(lambda days: tuple((day, 0) for day in sorted(days)))
EVERY = st.sets(st.tuples(st.integers(0, 6), st.just(0)), max_size=2)
ORDINALS = EVERY | st.sets(st.tuples(st.integers(0, 6), st.sampled_from([1, 2, -1, 5])), max_size=2)
"""Never both: dateutil takes `MO,1TU` for the Mondays that are first Tuesdays."""


def numbers(*choices: int, most: int = 3) -> st.SearchStrategy[tuple[int, ...]]:
    return st.sets(st.sampled_from(choices), max_size=most).map(lambda found: tuple(sorted(found)))


@st.composite
def any_rule(draw: st.DrawFn) -> Rule:
    freq = draw(st.sampled_from(rules.FREQUENCIES))
    members: dict[str, Any] = {"months": draw(numbers(1, 2, 6, 12))}
    members["weekdays"] = draw(WEEKDAYS) if freq in ("DAILY", "WEEKLY") else tuple(sorted(draw(ORDINALS)))
    if freq != "WEEKLY":
        members["month_days"] = draw(numbers(1, 13, 15, 29, 30, 31, -1, -31))
    if freq == "YEARLY":
        members["year_days"] = draw(numbers(1, 100, 366, -1, most=2))
    if members["weekdays"] or members.get("month_days"):
        members["positions"] = draw(numbers(1, 2, -1, most=2))
    ends: dict[str, Any] = draw(
        st.sampled_from([{}, {"count": 1}, {"count": 7}, {"until": date(2024, 9, 1)}, {"until": date(2031, 1, 1)}])
    )
    interval = draw(st.sampled_from([1, 1, 2, 3, 5, 13]))
    return Rule(freq, interval, week_start=draw(st.integers(0, 6)), **members, **ends)


def by_dateutil(rule: Rule, start: date, last: date) -> Iterator[date]:
    """Expands a rule from its first date on, by dateutil alone; its first date comes first, whatever the rule makes."""
    parts: dict[str, Any] = {
        "bymonth": rule.months,
        "byyearday": rule.year_days,
        "bymonthday": rule.month_days,
        "byweekday": [rrule.weekday(day, nth or None) for day, nth in rule.weekdays],
        "bysetpos": rule.positions,
    }
    begin = start
    if rule.freq == "WEEKLY" and rule.positions:
        # Dateutil counts positions in what is left of the first week; RFC 5545 counts them in the whole week.
        begin = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
    made = rrule.rrule(
        getattr(rrule, rule.freq),
        dtstart=datetime.combine(begin, time()),
        interval=rule.interval,
        wkst=rule.week_start,
        until=datetime.combine(min(last, rule.until or last), time()),
        **{name: values for name, values in parts.items() if values},
    )
    yield start
    left = (rule.count or 10**6) - 1
    for moment in made:
        if moment.date() > start and left > 0:
            left -= 1
            yield moment.date()


@settings(max_examples=120)
@given(any_rule(), st.integers(0, 450), st.integers(0, 4000), st.integers(0, 400))
def test_seeking_finds_what_counting_from_the_start_finds(rule: Rule, begin: int, offset: int, length: int) -> None:
    start = date(2023, 6, 1) + timedelta(days=begin)
    assume(expansion.ever_again(rule, start))  # dateutil would look for a date until the year 9999
    lower = start + timedelta(days=offset - 200)
    upper = lower + timedelta(days=length)
    whole = takewhile(lambda day: day <= upper, by_dateutil(rule, start, upper))
    assert list(expansion.dates(rule, start, lower, upper)) == [day for day in whole if day >= lower]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=MO,1TU", "2024-01-01", ["2024-01-01", "2024-01-02", "2024-01-08", "2024-01-15"]),
        ("FREQ=YEARLY;BYDAY=53MO", "2024-12-30", ["2024-12-30", "2029-12-31", "2035-12-31", "2040-12-31"]),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", "2021-01-03", ["2021-01-03", "2027-01-03", "2033-01-02"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=FR", "2021-01-01", ["2021-01-01", "2021-12-31", "2022-12-30", "2023-12-29"]),
    ],
)
def test_numbered_weekdays_and_weeks_are_as_the_rfc_means_them(rule: str, start: str, expected: list[str]) -> None:
    event = recurring(rule, event_date=start)
    assert originals(event, start, "2045-12-31")[: len(expected)] == expected


@given(any_rule())
def test_a_rule_is_written_as_it_is_read(rule: Rule) -> None:
    assert rules.parse(str(rule)) == rule
    assert str(rules.parse(f"rrule:{str(rule).lower()};")) == str(rule)


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TU", "FREQ=MONTHLY;BYDAY=-1FR"]
)
def test_an_endless_rule_costs_a_month_its_own_periods_at_year_thirty(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = recurring(rule)
    looked_at: list[date] = []
    dates_of = expansion.dates_of

    def counted(rule: Rule, period: date) -> Sequence[date]:
        looked_at.append(period)
        return dates_of(rule, period)

    monkeypatch.setattr(expansion, "dates_of", counted)
    counts = []
    for first, last in [("2024-02-01", "2024-02-29"), ("2054-02-01", "2054-02-28")]:
        looked_at.clear()
        assert originals(event, first, last)
        counts.append(len(looked_at))
    assert counts[1] <= counts[0] <= 29


REFUSED: Final = [
    ("FREQ=SECONDLY", "too-often"),
    ("FREQ=MINUTELY;COUNT=3", "too-often"),
    ("FREQ=HOURLY;INTERVAL=24", "too-often"),
    ("FREQ=DAILY;BYHOUR=9,10,11", "not-supported"),
    ("FREQ=DAILY;BYMINUTE=0,20,40", "not-supported"),
    ("FREQ=FORTNIGHTLY", "rrule"),
    ("", "rrule"),
    ("BYDAY=MO", "rrule"),
    ("FREQ=DAILY;FREQ=WEEKLY", "rrule"),
    ("FREQ=DAILY;BYEASTER=1", "unknown"),
    ("FREQ=DAILY;X-NAME=1", "unknown"),
    ("FREQ=DAILY;COUNT", "rrule"),
    ("FREQ=DAILY;COUNT=0", "rrule"),
    ("FREQ=DAILY;COUNT=100000", "rrule"),
    ("FREQ=DAILY;COUNT=1e3", "rrule"),
    ("FREQ=DAILY;COUNT=٣", "rrule"),
    ("FREQ=DAILY;INTERVAL=0", "rrule"),
    ("FREQ=DAILY;INTERVAL=-1", "rrule"),
    ("FREQ=DAILY;INTERVAL=1000", "rrule"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20250101", "rrule"),
    ("FREQ=DAILY;UNTIL=20250230", "rrule"),
    ("FREQ=DAILY;UNTIL=99991231", "rrule"),
    ("FREQ=DAILY;UNTIL=2025-01-01", "rrule"),
    ("FREQ=DAILY;UNTIL=20240114", "order"),
    ("FREQ=WEEKLY;BYDAY=XX", "rrule"),
    ("FREQ=WEEKLY;BYDAY=2MO", "rrule"),
    ("FREQ=WEEKLY;BYMONTHDAY=1", "rrule"),
    ("FREQ=MONTHLY;BYDAY=0MO", "rrule"),
    ("FREQ=MONTHLY;BYDAY=54MO", "rrule"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "rrule"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "rrule"),
    ("FREQ=MONTHLY;BYMONTH=13", "rrule"),
    ("FREQ=MONTHLY;BYYEARDAY=1", "rrule"),
    ("FREQ=MONTHLY;BYWEEKNO=1", "rrule"),
    ("FREQ=MONTHLY;BYSETPOS=1", "rrule"),
    ("FREQ=YEARLY;WKST=1", "rrule"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never"),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "never"),
    ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "never"),
    ("FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4,6;COUNT=3", "never"),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "never"),
    ("FREQ=YEARLY;COUNT=300", "too-far"),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;COUNT=5000", "too-far"),
    ("FREQ=DAILY;BYMONTH=" + ",".join(["1"] * 1000), "too-long"),
]


@pytest.mark.parametrize(("rule", "code"), REFUSED, ids=lambda value: value[:50])
def test_what_means_nothing_or_too_much_is_refused_within_bounds(rule: str, code: str) -> None:
    began = perf_counter()
    assert faults(recurring, rule) == {"/recurrence/rrule": code}
    assert perf_counter() - began < 2


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        (7, {"/recurrence": "type"}),
        ("FREQ=DAILY", {"/recurrence": "type"}),
        ({}, {"/recurrence/rrule": "required"}),
        ({"rrule": 7}, {"/recurrence/rrule": "type"}),
        ({"rrule": "FREQ=DAILY", "rdates": []}, {"/recurrence/rdates": "unknown"}),
        ({"rrule": "FREQ=DAILY", "exdates": "2024-01-15"}, {"/recurrence/exdates": "type"}),
        ({"rrule": "FREQ=DAILY", "exdates": ["2024-01-15", "soon"]}, {"/recurrence/exdates/1": "date"}),
        ({"rrule": "FREQ=DAILY", "exdates": ["2024-01-15"] * 1001}, {"/recurrence/exdates": "too-many"}),
        ({"rrule": "FREQ=DAILY", "overrides": []}, {"/recurrence/overrides": "type"}),
        ({"rrule": "FREQ=DAILY", "overrides": {"a/b": {}}}, {"/recurrence/overrides/a~1b": "date"}),
        ({"rrule": "FREQ=DAILY", "overrides": {"2024-01-16": 1}}, {"/recurrence/overrides/2024-01-16": "type"}),
        (
            {"rrule": "FREQ=DAILY", "overrides": {"2024-01-16": {"title": "", "colour": 1, "timezone": "UTC"}}},
            {
                "/recurrence/overrides/2024-01-16/title": "required",
                "/recurrence/overrides/2024-01-16/colour": "unknown",
                "/recurrence/overrides/2024-01-16/timezone": "unknown",
            },
        ),
        (
            {"rrule": "FREQ=DAILY", "overrides": {"2024-01-16": {"end_date": "2024-01-15"}}},
            {"/recurrence/overrides/2024-01-16/end_date": "order"},
        ),
        (
            {
                "rrule": "FREQ=DAILY",
                "overrides": {str(START + timedelta(days=n)): {"description": "x" * 20_000} for n in range(9)},
            },
            {"/recurrence": "too-long"},
        ),
    ],
)
def test_everything_in_a_recurrence_is_read_strictly(recurrence: Any, expected: dict[str, str]) -> None:
    assert faults(created, recurrence=recurrence) == expected


def test_what_would_end_after_the_calendar_is_refused() -> None:
    late = {"event_date": "9996-12-31", "end_date": "9997-12-31", "start_time": "00:00", "end_time": "23:59"}
    event = created(**late, timezone="Pacific/Pago_Pago")
    assert faults(updated, event, event_date="9998-12-31") == {"/end_date": "date"}
    recurrence = {"rrule": "FREQ=YEARLY", "overrides": {"9998-12-31": {"title": "끝"}}}
    pointer = "/recurrence/overrides/9998-12-31/end_date"
    assert faults(updated, event, recurrence=recurrence) == {pointer: "date"}
    assert updated(event, recurrence={"rrule": "FREQ=YEARLY"})["recurrence"]["rrule"] == "FREQ=YEARLY"


def test_a_recurrence_is_kept_in_one_form() -> None:
    event = recurring(
        "RRULE:interval=1;byday=FR,MO,MO;wkst=MO;freq=WEEKLY", exdates=["2024-01-22", "2024-01-19", "2024-01-22"]
    )
    assert event["recurrence"] == {
        "rrule": "FREQ=WEEKLY;BYDAY=MO,FR",
        "exdates": ["2024-01-19", "2024-01-22"],
        "overrides": {},
    }
    assert updated(event, recurrence=event["recurrence"]) is event
    assert updated(event, recurrence=None)["recurrence"] is None


@pytest.mark.parametrize(
    ("until", "start_time", "zone", "kept"),
    [
        ("20240201T140000Z", "23:00", "Asia/Seoul", "20240201"),
        ("20240201T135959Z", "23:00", "Asia/Seoul", "20240131"),
        ("20240201T160000Z", "00:30", "Asia/Seoul", "20240202"),
        ("20240201T000000", None, "Asia/Seoul", "20240201"),
        ("20240201T230000Z", None, "Asia/Seoul", "20240202"),
        ("20240201", "23:00", "America/New_York", "20240201"),
    ],
)
def test_an_end_that_is_a_moment_is_kept_as_the_last_date(
    until: str, start_time: str | None, zone: str, kept: str
) -> None:
    event = recurring(f"FREQ=DAILY;UNTIL={until}", start_time=start_time, timezone=zone)
    assert event["recurrence"]["rrule"] == f"FREQ=DAILY;UNTIL={kept}"


def test_an_override_keeps_whole_dates_and_whole_times() -> None:
    event = recurring(
        "FREQ=WEEKLY",
        time="오후 2시~3시",
        overrides={
            "2024-01-22": {"event_date": "2024-01-23"},
            "2024-01-29": {"time": "오후 5시"},
            "2024-02-05": {"start_time": "14:00"},
            "2024-02-12": {"location": None, "tags": ["가"]},
        },
    )
    assert event["recurrence"]["overrides"] == {
        "2024-01-22": {"event_date": "2024-01-23", "end_date": "2024-01-23"},
        "2024-01-29": {"start_time": "17:00", "end_time": None, "time": "오후 5시"},
        "2024-02-12": {"location": None, "tags": ["가"]},
    }


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,SU;COUNT=9", "FREQ=WEEKLY;BYDAY=TU,WE;COUNT=9"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYMONTHDAY=17"),
        ("FREQ=MONTHLY;BYDAY=3MO", "FREQ=MONTHLY;BYDAY=3WE"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=17"),
        ("FREQ=DAILY;UNTIL=20240301", "FREQ=DAILY;UNTIL=20240303"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYMONTHDAY=1,15"),
    ],
)
def test_a_series_that_moves_takes_its_rule_and_its_dates_along(rule: str, expected: str) -> None:
    sent = {"exdates": ["2024-01-22"], "overrides": {"2024-01-29": {"event_date": "2024-01-30", "title": "가"}}}
    moved = updated(recurring(rule, **sent), event_date="2024-01-17")["recurrence"]
    assert moved == {
        "rrule": expected,
        "exdates": ["2024-01-24"],
        "overrides": {"2024-01-31": {"event_date": "2024-02-01", "end_date": "2024-02-01", "title": "가"}},
    }


def test_a_series_goes_on_while_one_occurrence_is_left_also_where_that_was_moved_before_its_first() -> None:
    event = recurring(
        "FREQ=DAILY;COUNT=2",
        exdates=["2024-01-15"],
        overrides={"2024-01-16": {"event_date": "2023-12-01"}},
    )
    assert not series.is_over(event)
    event["recurrence"]["exdates"].append("2024-01-16")
    assert series.is_over(event)


def test_what_is_searched_and_listed_knows_occurrences() -> None:
    event = recurring(
        "FREQ=MONTHLY;COUNT=3",
        exdates=["2024-02-15"],
        overrides={"2024-03-15": {"event_date": "2024-01-10", "title": "송년회", "tags": ["Fête"]}},
    )
    assert events.match(event, "송년") and events.match(event, "FÊTE") and not events.match(event, "없음")
    ranges = [
        ("2024-01-10", "2024-01-10"),
        ("2024-02-01", "2024-02-29"),
        ("2024-03-01", "2024-03-31"),
        (None, "2024-01-09"),
    ]
    assert [events.overlaps(event, *each) for each in ranges] == [True, False, False, False]
    assert events.overlaps(event, "2024-01-15", None) and not events.overlaps(event, "2024-01-16", None)
    assert events.overlaps(event, None, None)


@pytest.mark.parametrize(
    ("rule", "members", "until"),
    [
        ("FREQ=DAILY", {}, "9999-12-31"),
        ("FREQ=DAILY;COUNT=3", {}, "2024-01-17"),
        ("FREQ=DAILY;UNTIL=20240131", {"end_date": "2024-01-18"}, "2024-02-03"),
        ("FREQ=DAILY;COUNT=2", {"overrides": {"2024-01-16": {"event_date": "2024-06-01"}}}, "2024-06-01"),
        ("FREQ=YEARLY;UNTIL=99981231", {"end_date": "2025-01-13"}, "9998-12-30"),
    ],
)
def test_a_series_says_until_when_it_goes_on(rule: str, members: dict[str, Any], until: str) -> None:
    event = recurring(rule, **members)
    assert events.to_row(event)["until"] == until
    assert events.from_row(events.to_row(event)) == event
