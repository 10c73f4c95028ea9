"""Editing a series from one of its occurrences on: this one, this and those that follow, or all of them.

What is sent is compared with the occurrence that its sender saw; only what differs from that is a change. Dates are
that occurrence's: moving it by two days moves whatever the scope covers by two days.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from backend.domain import events, expansion, recurrence, series, spans
from backend.domain.changes import Author
from backend.domain.errors import FieldError, Invalid
from backend.domain.event_fields import READERS
from backend.domain.fields import day, read, refuse
from backend.domain.recurrence import DATES, SERIES_ONLY, TIMES

Event = dict[str, Any]
Fields = Mapping[str, Any]

SCOPES: Final = ("this", "following", "all")


def require_occurrence(event: Event, original: str) -> None:
    """Raises `Invalid` where the event does not happen on a date."""
    if not series.is_occurrence(event, day(original)):
        raise Invalid.at("/date", "occurrence", "is no date on which this event happens")


def is_first(event: Event, original: str) -> bool:
    """Tells whether a date is the series' first, so that nothing comes before it."""
    return bool(original == event["event_date"])


def changed_all(
    event: Event, original: str, fields: Fields, *, at: str, author: Author, timezone: str | None = None
) -> Event:
    """Makes the next version of a series from what was sent of one occurrence; the same object where nothing changes.

    Of that occurrence's own override the members stay of which nothing was sent.
    """
    changes = changes_of(event, original, fields)
    if not changes:
        return event
    moved = _moved_dates(changes, _shown(event, original), event)
    trimmed = _trimmed(event, original, changes)
    new = events.update(trimmed, moved, at=at, author=author, timezone=timezone)
    if new is not trimmed or trimmed is event:
        return new
    # All others say so already: only the override that said otherwise goes.
    return events.update(event, {"recurrence": trimmed["recurrence"]}, at=at, author=author)


def changed_one(event: Event, original: str, fields: Fields, *, at: str, author: Author) -> Event:
    """Makes the next version of a series of which one occurrence differs; raises `Invalid`."""
    changes = changes_of(event, original, fields)
    shown = _shown(event, original)
    refuse([FieldError(f"/{name}", "scope", "is the whole series'") for name in SERIES_ONLY if name in changes])
    span = {name: value for name, value in changes.items() if name in (*DATES, *TIMES)}
    # The words and times of the occurrence as it was shown are what the change is laid over.
    when, faults = spans.settled(shown, span)
    refuse(faults)
    there = recurrence.placed(event, original)
    override = {**event["recurrence"]["overrides"].get(original, {}), **changes}
    rest = {name: value for name, value in override.items() if name not in when and value != event[name]}
    for unit in (DATES, TIMES):
        if any(when[name] != there[name] for name in unit):
            rest |= {name: when[name] for name in unit}
    return _with_overrides(event, {**event["recurrence"]["overrides"], original: rest}, at=at, author=author)


def without_one(event: Event, original: str, *, at: str, author: Author) -> Event | None:
    """Makes the next version of a series without one occurrence; None where that was the last one."""
    require_occurrence(event, original)
    found = event["recurrence"]
    overrides = {key: value for key, value in found["overrides"].items() if key != original}
    exdates = sorted({*found["exdates"], original})
    left = {**event, "recurrence": {**found, "exdates": exdates, "overrides": overrides}}
    return (
        None if series.is_over(left) else events.update(event, {"recurrence": left["recurrence"]}, at=at, author=author)
    )


def ended(event: Event, original: str, *, at: str, author: Author) -> Event | None:
    """Makes the next version of a series that ends before a date; None where nothing is left of it."""
    require_occurrence(event, original)
    if is_first(event, original):
        return None
    rule, _ = series.rule_of(event)
    last = date.fromisoformat(original) - timedelta(days=1)
    found = _cut(event["recurrence"], str(rule.ended(last)), lambda key: key < original)
    return _left(event, found, at=at, author=author)


def _left(event: Event, found: Mapping[str, Any], *, at: str, author: Author) -> Event | None:
    if series.is_over({**event, "recurrence": found}):
        return None
    return events.update(event, {"recurrence": found}, at=at, author=author)


def continued(event: Event, original: str, fields: Fields, *, id: str, at: str, author: Author, timezone: str) -> Event:
    """Makes the first version of the series that goes on from a date, as it was and with what changes.

    Its occurrences are the old one's from there on, with their overrides; of that date's own override the members stay
    of which nothing was sent.
    """
    changes = changes_of(event, original, fields)
    rest = _rest(_trimmed(event, original, changes), original)
    moved = _moved_dates(changes, _shown(event, original), rest)
    new = events.update(rest, moved, at=at, author=author, timezone=timezone)
    origin = {"id": id, "version": 1, "created_at": at, "created_by": author.actor}
    return {**new, **origin, "last_modified": at, "updated_by": author.actor, "device_id": author.device_id}


def changes_of(event: Event, original: str, fields: Fields) -> dict[str, Any]:
    """Reads what was sent, without what says the same as the occurrence that its sender saw; raises `Invalid`."""
    require_occurrence(event, original)
    shown = _shown(event, original)
    sent, faults = read(fields, READERS)
    refuse(faults)
    return {name: value for name, value in sent.items() if value != shown[name]}


def _rest(event: Event, original: str) -> Event:
    """Is a series from a date on."""
    rule, start = series.rule_of(event)
    if rule.count is not None:
        before = expansion.count_before(rule, start, date.fromisoformat(original))
        rule = replace(rule, count=rule.count - before)
    found = _cut(event["recurrence"], str(rule), lambda key: key >= original)
    content = series.occurrence({**event, "recurrence": {"overrides": {}}}, original)
    return {**{name: content[name] for name in events.MEMBERS}, "recurrence": found}


def _trimmed(event: Event, original: str, changes: Fields) -> Event:
    """Takes from an occurrence's override what an edit speaks of; one date or time speaks of all."""
    found = event["recurrence"]
    if found is None or original not in found["overrides"]:
        return event
    units = [unit for unit in (DATES, TIMES) if changes.keys() & set(unit)]
    touched = {*changes, *(name for unit in units for name in unit)}
    own = {name: value for name, value in found["overrides"][original].items() if name not in touched}
    overrides = {**found["overrides"], original: own}
    return {**event, "recurrence": {**found, "overrides": {key: value for key, value in overrides.items() if value}}}


def _cut(found: Mapping[str, Any], rrule: str, keeps: Callable[[str], bool]) -> dict[str, Any]:
    return {
        "rrule": rrule,
        "exdates": [key for key in found["exdates"] if keeps(key)],
        "overrides": {key: value for key, value in found["overrides"].items() if keeps(key)},
    }


def _shown(event: Event, original: str) -> Event:
    """Shows an occurrence as its editor saw it, beside the rule of its series."""
    if event["recurrence"] is None:
        return event
    return {**series.occurrence(event, original), "recurrence": event["recurrence"]}


def _moved_dates(changes: dict[str, Any], shown: Event, event: Event) -> dict[str, Any]:
    """Makes dates that were sent of an occurrence those of the series' first: as many days later or earlier."""
    shift = (date.fromisoformat(event["event_date"]) - date.fromisoformat(shown["event_date"])).days
    dates = {name: _later(name, changes[name], shift) for name in DATES if changes.get(name) is not None}
    return {**changes, **dates}


def _later(name: str, sent: str, days: int) -> str:
    try:
        return day(str(date.fromisoformat(sent) + timedelta(days=days)))
    except (OverflowError, Invalid):
        raise Invalid.at(f"/{name}", "date", "moves the series out of the years that there are") from None


def _with_overrides(event: Event, overrides: Mapping[str, Any], *, at: str, author: Author) -> Event:
    kept = {key: value for key, value in sorted(overrides.items()) if value}
    return events.update(event, {"recurrence": {**event["recurrence"], "overrides": kept}}, at=at, author=author)
