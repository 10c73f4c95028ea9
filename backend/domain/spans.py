"""When an event is: its dates, times, zone and words, settled so that they agree with each other.

The invariant of what is stored: `time` either means exactly `start_time` and `end_time`, or was derived from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from backend.domain.changes import instant
from backend.domain.errors import FieldError
from backend.domain.times import understand, write

MEMBERS: Final = ("event_date", "end_date", "start_time", "end_time", "time", "timezone")
MAX_DAYS: Final = 366

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Is the times of day and the words for them; `start` None means whole days."""

    start: str | None
    end: str | None
    words: str | None


def settled(stored: Mapping[str, Any] | None, sent: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """Settles what was sent (read already) with what is stored; returns the members and what is wrong with them.

    `stored` is None for a new event, and `sent` then holds its `event_date` and `timezone`.
    """
    base: Mapping[str, Any] = dict.fromkeys(MEMBERS) if stored is None else stored
    clocks = _clocks(base, sent)
    first = date.fromisoformat(sent.get("event_date", base["event_date"]))
    last = _last_day(base, sent, first, clocks)
    zone: str = sent.get("timezone") or base["timezone"]
    faults = _faults(first, last, clocks)
    starts_at, ends_at = (None, None) if faults else instants(first, last, clocks.start, clocks.end, zone)
    members = {
        "event_date": first.isoformat(),
        "end_date": last.isoformat(),
        "start_time": clocks.start,
        "end_time": clocks.end,
        "time": clocks.words,
        "timezone": zone,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    return members, faults


def _clocks(base: Mapping[str, Any], sent: Mapping[str, Any]) -> _Clocks:
    """Lets words or fields win, whichever differs from what is stored; the fields, if both do (contract, section 3).

    Words that mean exactly what the fields say are no contradiction, and stay as they were written. Nor are null words
    beside a start that was sent: a program that knows no words must not clear by them what it says in the fields.
    """
    words = base["time"] if _wordless(sent) else sent.get("time", base["time"])
    start = sent.get("start_time", base["start_time"])
    end = _midnight(sent.get("end_time", base["end_time"]))
    meant = _meaning(words)
    fields_differ = (start, end) != (base["start_time"], base["end_time"])
    if meant == (start, end) or not (fields_differ or words != base["time"]):
        return _Clocks(start, end, words)
    if not fields_differ:
        return _Clocks(*meant, words)
    if start is None and "start_time" not in sent and words != base["time"]:
        start = meant[0]  # The words tell the start of which the fields tell only the end.
    return _Clocks(start, end, write(start, end))


def _wordless(sent: Mapping[str, Any]) -> bool:
    return sent.get("time") is None and sent.get("start_time") is not None


def _meaning(words: str | None) -> tuple[str | None, str | None]:
    understood = understand(words) if words else None
    return (understood.start, understood.end) if understood else (None, None)


def _midnight(end: str | None) -> str | None:
    return "00:00" if end == "24:00" else end


def _last_day(base: Mapping[str, Any], sent: Mapping[str, Any], first: date, clocks: _Clocks) -> date:
    """Finds the last day: the one that was sent, the default, or as many days after the first as before."""
    default = _default_last_day(first, clocks.start, clocks.end)
    asked = _asked_last_day(sent)
    if asked and not (_came_back(base, first, asked) and _backwards(first, asked, clocks)):
        return asked
    if base["end_date"] is None or ("end_date" in sent and not asked):
        return default
    before, last = date.fromisoformat(base["event_date"]), date.fromisoformat(base["end_date"])
    if last == _default_last_day(before, base["start_time"], base["end_time"]):
        return default
    return last + (first - before)


def _came_back(base: Mapping[str, Any], first: date, asked: date) -> bool:
    """Tells whether the last day is the stored one, beside another first day.

    Programs send back what they received; one that knows only the first day and moves it must not be refused because
    the last day that came back lies before it now. Such a last day counts as not sent.
    """
    return bool(asked.isoformat() == base["end_date"] and first.isoformat() != base["event_date"])


def _asked_last_day(sent: Mapping[str, Any]) -> date | None:
    if not sent.get("end_date"):
        return None
    # 24:00 is kept as 00:00 of the next day.
    return date.fromisoformat(sent["end_date"]) + (_DAY if sent.get("end_time") == "24:00" else timedelta())


def _default_last_day(first: date, start: str | None, end: str | None) -> date:
    """Is the first day, or for a night shift the next one."""
    return first + _DAY if start and end and end <= start else first


def _backwards(first: date, last: date, clocks: _Clocks) -> bool:
    return last < first or bool(last == first and clocks.start and clocks.end and clocks.end < clocks.start)


def _faults(first: date, last: date, clocks: _Clocks) -> list[FieldError]:
    if clocks.end and not clocks.start:
        return [FieldError("/start_time", "required", "is required where there is an end_time")]
    if _backwards(first, last, clocks):
        pointer = "/end_date" if last < first else "/end_time"
        return [FieldError(pointer, "order", "lies before the beginning of the event")]
    if last == date.max:
        return [FieldError("/end_date", "date", "lies so late that in UTC it may not exist")]
    if (last - first).days >= MAX_DAYS:
        return [FieldError("/end_date", "span", f"makes the event longer than {MAX_DAYS} days")]
    return []


def instants(first: date, last: date, start: str | None, end: str | None, zone: str) -> tuple[str | None, str | None]:
    """Derives the UTC instants: none for whole days, and no end where none is known.

    An hour that happens twice is its first occurrence, and one that a clock change skips is as much later as the
    clock jumped (RFC 5545, 3.3.5). So that this cannot turn an event round, its end is never before its start.
    """
    if start is None:
        return None, None
    begin = _moment(first, start, zone)
    if end is None:
        return instant(begin), None
    return instant(begin), instant(max(begin, _moment(last, end, zone)))


def _moment(day: date, clock: str, zone: str) -> datetime:
    # In UTC at once: datetimes of one zone compare by their wall clocks.
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)
