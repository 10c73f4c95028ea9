"""Writes events as VEVENTs (RFC 5545, section 3.6.1): a series is its master and a component for each override.

Dates stay dates and times keep their zone, so that a program that repeats a rule finds the same days as Dayroom.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Event as VEvent
from icalendar import vRecur, vUri

from backend.domain import rules, series, times
from backend.exchange import names
from backend.exchange.colors import nearest_name
from backend.exchange.kept import kept_lines, with_kept
from backend.exchange.texts import Text, categories

Event = Mapping[str, Any]

BUSY: Final = {"ko": "바쁨", "en": "Busy"}
"""What an event is called where only its times are told."""
_BUSY_MEMBERS: Final = ("title", "description", "location", "url", "color", "category", "time", "imported")
_DAY: Final = timedelta(days=1)
_LAST_SECOND: Final = time(23, 59, 59)


def zone_of(event: Event) -> str | None:
    """Tells which zone an event's VEVENTs name, and a calendar thus must define; None where there is none."""
    overrides = series.overrides_of(event)
    timed = event["start_time"] or any(override.get("start_time") for override in overrides)
    return event["timezone"] if timed and event["timezone"] != "UTC" else None


def busy(event: Event, language: str) -> dict[str, Any]:
    """Leaves of an event only when it is."""
    found = event["recurrence"]
    blank = {**event, **dict.fromkeys(_BUSY_MEMBERS), "title": BUSY[language], "tags": []}
    if found is not None:
        kept = ("event_date", "end_date", "start_time", "end_time")
        overrides = {
            day: {name: value for name, value in override.items() if name in kept}
            for day, override in found["overrides"].items()
        }
        blank["recurrence"] = {**found, "overrides": {day: left for day, left in overrides.items() if left}}
    return blank


def written(event: Event, home: str) -> list[bytes]:
    """Writes an event as one VEVENT or, with overrides, several; `home` is the zone of the calendar around it."""
    return [with_kept(each.to_ical(sorted=False), lines) for each, lines in _components(event, home)]


def _components(event: Event, home: str) -> Iterator[tuple[VEvent, list[str]]]:
    yield _component(event, event, home), kept_lines(event)
    for original, override in (event["recurrence"] or {"overrides": {}})["overrides"].items():
        if not series.is_occurrence(event, original):
            continue
        shown = series.occurrence(event, original)
        component = _component(event, shown, home)
        component.add("recurrence-id", _start(event, date.fromisoformat(original)))
        _add(component, names.DIFFERS, ",".join(sorted(override)))
        yield component, kept_lines(event, original)


def _component(event: Event, shown: Event, home: str) -> VEvent:
    """Writes what is shown of an event, or of one of its occurrences."""
    component = VEvent()
    component.add("uid", uid_of(event))
    component.add("sequence", sequence_of(event))
    modified = datetime.fromisoformat(event["last_modified"])
    component.add("dtstamp", modified)
    component.add("created", datetime.fromisoformat(event["created_at"]))
    component.add("last-modified", modified)
    _add_span(component, shown)
    if shown["recurrence"]:
        _add_rule(component, shown)
    for name in ("title", "description", "location"):
        _add(component, "summary" if name == "title" else name, shown[name])
    if shown["url"]:
        component.add("url", vUri(shown["url"]))
    _add_marks(component, shown)
    if (shown["start_time"] is None and shown["timezone"] != home) or shown["timezone"] == "UTC" != home:
        _add(component, names.ZONE, shown["timezone"])
    if shown["time"] != times.write(shown["start_time"], shown["end_time"]):
        _add(component, names.WORDS, shown["time"])
    return component


def uid_of(event: Event) -> str:
    """Is an event's UID: that of the file from which it came, else its id."""
    return str(event["imported"]["uid"]) if event.get("imported") else str(event["id"])


def sequence_of(event: Event) -> int:
    """Counts an event's revisions, on top of those that it came with."""
    origin = event.get("imported")
    return int(event["version"]) - 1 + (int(origin["sequence"]) if origin else 0)


def _add(component: VEvent, name: str, value: str | None) -> None:
    if value:
        component.add(name, Text(value))


def _add_span(component: VEvent, shown: Event) -> None:
    first, last = date.fromisoformat(shown["event_date"]), date.fromisoformat(shown["end_date"])
    component.add("dtstart", _start(shown, first))
    if shown["start_time"] is None:
        component.add("dtend", last + _DAY)
    elif shown["end_time"] is not None:
        component.add("dtend", _moment(last, shown["end_time"], shown["timezone"]))
    elif last > first:
        component.add("dtend", _moment(last + _DAY, "00:00", shown["timezone"]))
        _add(component, names.LAST_DAY, str(last))


def _start(shown: Event, day: date) -> date:
    """Is when an event begins on a date: the date itself, or a moment in its zone."""
    return day if shown["start_time"] is None else _moment(day, shown["start_time"], shown["timezone"])


def _moment(day: date, clock: str, zone: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), UTC if zone == "UTC" else ZoneInfo(zone))


def _add_rule(component: VEvent, shown: Event) -> None:
    """Writes the rule and what is taken out; where times are, an end is a moment of UTC (section 3.3.10)."""
    rule = rules.kept(shown["recurrence"]["rrule"])
    recur = vRecur.from_ical(str(rule))
    if rule.until and shown["start_time"] is not None:
        end = datetime.combine(rule.until, _LAST_SECOND, ZoneInfo(shown["timezone"]))
        recur["UNTIL"] = [end.astimezone(UTC)]
    component.add("rrule", recur)
    out = [_start(shown, date.fromisoformat(day)) for day in shown["recurrence"]["exdates"]]
    if out:
        component.add("exdate", out)


def _add_marks(component: VEvent, shown: Event) -> None:
    """Writes the colour, the category and the tags."""
    if shown["color"]:
        _add(component, "color", nearest_name(shown["color"]))
        _add(component, names.COLOR, shown["color"])
    marks = [*filter(None, [shown["category"]]), *shown["tags"]]
    if marks:
        component.add("categories", categories(marks))
        component.add(names.CATEGORY, Text(shown["category"] or ""))
