"""The server and the browser agree: on every date of every rule, on every occurrence, and on what comes of an edit."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backend.domain import expansion, rules, scopes, series
from backend.domain.changes import Author
from backend.domain.errors import Invalid
from backend.domain.rules import Rule
from tests.unit.sample_events import created
from toolchain.node import find_node

ANSWERS: Final = Path(__file__).parents[1] / "js" / "series_answers.mjs"
SHOWN: Final = (
    *("event_date", "end_date", "start_time", "end_time", "starts_at", "ends_at", "title", "tags", "occurrence_of"),
)
AT: Final = "2030-01-01T00:00:00.000Z"
AUTHOR: Final = Author(actor=None, device_id=None, mutation_id=None)
MANY: Final = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)


class Browser:
    """What the browser's side runs on, as a process that answers questions."""

    def __init__(self, zone: str) -> None:
        node = find_node()
        self._process = subprocess.Popen(
            [node.binary, str(ANSWERS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **node.environment(), "TZ": zone},
            text=True,
            encoding="utf-8",
        )

    def ask(self, what: str, **question: Any) -> Any:
        """Return what the browser makes of a question."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"ask": what, **question}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)


@pytest.fixture(scope="module", params=["Pacific/Pago_Pago", "Pacific/Kiritimati"])
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Yield a browser at either end of the world's zones: its own must not matter."""
    asked = Browser(request.param)
    yield asked
    asked.stop()


def numbers(*choices: int, most: int = 3) -> st.SearchStrategy[tuple[int, ...]]:
    """Draw some of the numbers that a part of a rule may have; none leaves it out."""
    return st.sets(st.sampled_from(choices), max_size=most).map(lambda found: tuple(sorted(found)))


PLAIN: Final = st.sets(st.integers(0, 6), max_size=4).map(lambda days: {(day, 0) for day in days})
ORDINALS: Final = st.sets(st.tuples(st.integers(0, 6), st.sampled_from([0, 1, 2, 5, -1, -2, 20, 53])), max_size=3)
ENDS: Final[st.SearchStrategy[dict[str, Any]]] = st.sampled_from(
    [{}, {}, {"count": 1}, {"count": 7}, {"count": 40}, {"until": date(2024, 9, 1)}, {"until": date(2031, 1, 1)}]
)


@st.composite
def any_rule(draw: st.DrawFn) -> Rule:
    """Draw any rule that may be kept, with every part that there is."""
    freq = draw(st.sampled_from(rules.FREQUENCIES))
    members: dict[str, Any] = {"months": draw(st.just(()) | numbers(1, 2, 6, 12))}
    if freq == "YEARLY":
        members["weeks"] = draw(st.just(()) | numbers(1, 2, 20, 52, 53, -1, -2, -53))
        members["year_days"] = draw(st.just(()) | numbers(1, 60, 100, 366, -1, -366, most=2))
    plain = freq in ("DAILY", "WEEKLY") or members.get("weeks")
    members["weekdays"] = tuple(sorted(draw(PLAIN if plain else PLAIN | ORDINALS)))
    if freq != "WEEKLY":
        members["month_days"] = draw(st.just(()) | numbers(1, 13, 15, 29, 30, 31, -1, -31))
    if any(members.values()):
        members["positions"] = draw(st.just(()) | numbers(1, 2, 3, -1, -2, most=2))
    interval = draw(st.sampled_from([1, 1, 2, 3, 5, 13]))
    return Rule(freq, interval, week_start=draw(st.integers(0, 6)), **members, **draw(ENDS))


@st.composite
def any_series(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a series of which some occurrences are taken out, and some moved, renamed or made longer."""
    rule = draw(any_rule())
    start = date(2023, 6, 1) + timedelta(days=draw(st.integers(0, 800)))
    assume(rule.until is None or rule.until >= start)
    assume(expansion.ever_again(rule, start) and expansion.reaches_its_count(rule, start))
    first = [str(day) for _, day in zip(range(9), expansion.dates(rule, start, start, date(2080, 1, 1)), strict=False)]
    exdates = draw(st.sets(st.sampled_from(first), max_size=3))
    overrides = draw(st.dictionaries(st.sampled_from(first), st.sampled_from([*OVERRIDES, None]), max_size=4))
    length = draw(st.sampled_from([0, 0, 0, 1, 12]))
    times = draw(st.sampled_from([{}, {"start_time": "15:00", "end_time": "16:30"}, {"start_time": "02:30"}]))
    return created(
        event_date=str(start),
        end_date=str(start + timedelta(days=length)),
        timezone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Seoul", "Australia/Lord_Howe"])),
        recurrence={
            "rrule": str(rule),
            "exdates": sorted(exdates),
            "overrides": {day: moved(day, change or {}, length) for day, change in overrides.items()},
        },
        **times,
    )


OVERRIDES: Final[list[dict[str, Any]]] = [
    {"title": "다름", "tags": ["가"]},
    {"start_time": "23:00", "end_time": "23:30"},
    {"shift": 3},
    {"shift": -40},
    {"shift": 400, "title": "멀리"},
]


def moved(day: str, change: dict[str, Any], length: int) -> dict[str, Any]:
    """Make an override of what is to differ; a shift moves its days."""
    rest = {name: value for name, value in change.items() if name != "shift"}
    if "shift" not in change:
        return rest
    first = date.fromisoformat(day) + timedelta(days=change["shift"])
    return {**rest, "event_date": str(first), "end_date": str(first + timedelta(days=length))}


def shown(event: dict[str, Any] | None, first: date, last: date) -> list[dict[str, Any]] | None:
    """Show what the server makes of a series in a range."""
    if event is None:
        return None
    occurrences = series.occurrences(event, str(first), str(last))
    found = [{name: one[name] for name in SHOWN} for one in occurrences]
    return sorted(found, key=lambda one: (one["event_date"], one["occurrence_of"]["date"]))


@MANY
@given(rule=any_rule(), begin=st.integers(0, 1500), offset=st.integers(-200, 12_000), length=st.integers(0, 900))
def test_they_agree_on_every_date_of_every_rule(
    browser: Browser, rule: Rule, begin: int, offset: int, length: int
) -> None:
    start = date(2023, 1, 1) + timedelta(days=begin)
    lower = start + timedelta(days=offset)
    assume(expansion.ever_again(rule, start) and expansion.reaches_its_count(rule, start))
    made = [str(day) for day in expansion.dates(rule, start, lower, lower + timedelta(days=length))]
    asked = {"rrule": str(rule), "start": str(start), "from": str(lower), "to": str(lower + timedelta(days=length))}
    assert browser.ask("dates", **asked) == made
    assert browser.ask("rewritten", rrule=str(rule)) == str(rule)
    offered = browser.ask("offered", rrule=str(rule), start=str(start))
    assert all(offered["words"])
    same = rules.kept(offered["rrule"])
    assert [*expansion.dates(same, start, start, start + timedelta(days=900))] == [
        *expansion.dates(rule, start, start, start + timedelta(days=900))
    ]


@MANY
@given(event=any_series(), offset=st.integers(-60, 2_000), length=st.integers(0, 400))
def test_they_agree_on_every_occurrence(browser: Browser, event: dict[str, Any], offset: int, length: int) -> None:
    first = date.fromisoformat(event["event_date"]) + timedelta(days=offset)
    last = first + timedelta(days=length)
    asked = {"from": str(first), "to": str(last)}
    assert browser.ask("occurrences", event=event, **asked) == shown(event, first, last)


EDITS: Final[list[dict[str, Any]]] = [
    {"title": "새 제목"},
    {"shift": 1},
    {"shift": -2, "title": "옮김"},
    {"start_time": "09:00", "end_time": "10:00"},
    {"tags": ["나"]},
]


@MANY
@given(
    event=any_series(),
    number=st.integers(0, 8),
    scope=st.sampled_from(scopes.SCOPES),
    edit=st.sampled_from([*EDITS, None]),
)
def test_what_the_browser_foresees_of_an_edit_is_what_comes_of_it(
    browser: Browser, event: dict[str, Any], number: int, scope: str, edit: dict[str, Any] | None
) -> None:
    start = date.fromisoformat(event["event_date"])
    first, last = start - timedelta(days=60), start + timedelta(days=700)
    days = [one["occurrence_of"]["date"] for one in series.occurrences(event, str(first), str(last))]
    assume(number < len(days))
    day = sorted(days)[number]
    asked: dict[str, Any] = {"event": event, "part": {"scope": scope, "date": day}, "from": str(first), "to": str(last)}
    if edit is None:
        less = {"this": scopes.without_one, "following": scopes.ended, "all": lambda *_, **__: None}[scope]
        left = less(event, day, at=AT, author=AUTHOR)
        assert browser.ask("deleted", **asked) == [shown(left, first, last), None]
        return
    one = series.occurrence(event, day)
    length = (date.fromisoformat(one["end_date"]) - date.fromisoformat(one["event_date"])).days
    members = moved(one["event_date"], edit, length)
    try:
        expected = server_edits(event, scope, day, members)
    except Invalid:
        return  # The server will say so, and what was foreseen is taken back.
    foreseen = browser.ask("edited", members=members, **asked)
    assert [*map(without_id, foreseen)] == [without_id(shown(each, first, last)) for each in expected]


def server_edits(event: dict[str, Any], scope: str, day: str, members: dict[str, Any]) -> list[dict[str, Any] | None]:
    """Return what is left of a series, and the one that goes on where it was cut."""
    stamp: dict[str, Any] = {"at": AT, "author": AUTHOR}
    if scope == "this":
        return [scopes.changed_one(event, day, members, **stamp), None]
    if scope == "all" or scopes.is_first(event, day) or not scopes.changes_of(event, day, members):
        return [scopes.changed_all(event, day, members, **stamp), None]
    changes = scopes.changes_of(event, day, members)
    tail = scopes.continued(event, day, changes, id="tail", timezone="Asia/Seoul", **stamp)
    return [scopes.ended(event, day, **stamp), tail]


def without_id(occurrences: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Leave out whose the occurrences are: the new series gets its id from the server."""
    return occurrences and [{**one, "occurrence_of": one["occurrence_of"]["date"]} for one in occurrences]
