"""The occurrences of a recurring event: when they are, and each as an event of its own.

An occurrence is known by its original date, the one that the rule makes, also where an override moved it elsewhere.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from heapq import merge
from typing import Any, Final, NamedTuple

from backend.domain import expansion, rules, spans
from backend.domain.fields import LAST_YEAR
from backend.domain.recurrence import DATES, placed
from backend.domain.rules import Rule

Event = Mapping[str, Any]

FOREVER: Final = "9999-12-31"
"""The last date of what never ends."""
YEARS_AHEAD: Final = 100
"""How far an occurrence is looked for where a range is open; a rule that goes on beyond it is taken to have one."""


class Span(NamedTuple):
    """Is the dates of an occurrence, both included, and the date that it is known by."""

    first: str
    last: str
    original: str


def rule_of(event: Event) -> tuple[Rule, date]:
    """Reads an event's rule, and the date from which it counts."""
    return rules.kept(event["recurrence"]["rrule"]), date.fromisoformat(event["event_date"])


def is_occurrence(event: Event, original: str) -> bool:
    """Tells whether a series has an occurrence that is known by this date, and is not taken out."""
    if event["recurrence"] is None:
        return bool(original == event["event_date"])
    rule, start = rule_of(event)
    return original not in event["recurrence"]["exdates"] and expansion.is_date(
        rule, start, date.fromisoformat(original)
    )


def spans_of(event: Event, first: str, last: str) -> Iterator[Span]:
    """Yields when the occurrences are that have a date in a range, lazily, by first date."""
    recurrence = event["recurrence"]
    rule, start = rule_of(event)
    length = _length(event)
    gone = {*recurrence["exdates"], *recurrence["overrides"]}
    made = expansion.dates(rule, start, date.fromisoformat(first) - length, date.fromisoformat(last))
    regular = (Span(str(day), str(day + length), str(day)) for day in made if str(day) not in gone)
    yield from merge(regular, sorted(_overridden(event, first, last)))


def _overridden(event: Event, first: str, last: str) -> Iterator[Span]:
    for original in event["recurrence"]["overrides"]:
        span = _span(event, original)
        if span.first <= last and span.last >= first and is_occurrence(event, original):
            yield span


def _span(event: Event, original: str) -> Span:
    there = {**placed(event, original), **event["recurrence"]["overrides"][original]}
    return Span(there["event_date"], there["end_date"], original)


def _length(event: Event) -> timedelta:
    return date.fromisoformat(event["end_date"]) - date.fromisoformat(event["event_date"])


def overlaps(event: Event, first: str | None, last: str | None) -> bool:
    """Tells whether a series has an occurrence with a date in a range; None leaves a side open."""
    if first is None and last is None:
        return True
    if last is None:
        last = _ahead(max(str(first), event["event_date"]))
        if last < last_date(event):
            return True
    lowest = min([event["event_date"], *(_moved_dates(event))])
    return any(True for _ in spans_of(event, max(first or lowest, lowest), last))


def _ahead(day: str) -> str:
    year = int(day[:4]) + YEARS_AHEAD
    return f"{year}{day[4:7]}-01" if year <= LAST_YEAR else FOREVER


def _moved_dates(event: Event) -> list[str]:
    overrides = event["recurrence"]["overrides"].values()
    return [override["event_date"] for override in overrides if "event_date" in override]


def last_date(event: Event) -> str:
    """Is a date after which a series has none, `FOREVER` where it never ends: as late as its last occurrence ends."""
    rule, start = rule_of(event)
    last = expansion.last_date(rule, start)
    if last is None:
        return FOREVER
    ends = [_span(event, original).last for original in event["recurrence"]["overrides"]]
    return str(max([str(min(last, expansion.END) + _length(event)), event["end_date"], *ends]))


def is_over(event: Event) -> bool:
    """Tells whether nothing is left of a series: every date of it is taken out."""
    rule, start = rule_of(event)
    if rule.endless:
        return False
    gone = event["recurrence"]["exdates"]
    return all(str(day) in gone for day in expansion.dates(rule, start, start, expansion.END))


def occurrence(event: Event, original: str) -> dict[str, Any]:
    """Shows one occurrence as an event: it has the series' id and version, no rule, and says whose it is."""
    override = event["recurrence"]["overrides"].get(original, {})
    shown = {**event, **placed(event, original), **override, "recurrence": None}
    first, last = (date.fromisoformat(shown[name]) for name in DATES)
    starts_at, ends_at = spans.instants(first, last, shown["start_time"], shown["end_time"], shown["timezone"])
    moments = {"starts_at": starts_at, "ends_at": ends_at}
    return {**shown, **moments, "occurrence_of": {"id": event["id"], "date": original}}


def occurrences(event: Event, first: str, last: str) -> Iterator[dict[str, Any]]:
    """Yields the occurrences that have a date in a range, each as an event, by first date."""
    for span in spans_of(event, first, last):
        yield occurrence(event, span.original)


def keys(event: Event, first: str, last: str) -> Iterator[tuple[tuple[str, str], str | None]]:
    """Yields by what each occurrence is sorted in a list, and its original date; a single event's is None.

    Two occurrences of one series may have been moved to the same day.
    """
    if event["recurrence"] is None:
        yield (event["event_date"], event["id"]), None
        return
    for span in spans_of(event, first, last):
        yield (span.first, f"{event['id']}/{span.original}"), span.original


def overrides_of(event: Event) -> Iterator[Mapping[str, Any]]:
    """Yields what the overrides of a series say."""
    yield from event["recurrence"]["overrides"].values() if event["recurrence"] else ()
