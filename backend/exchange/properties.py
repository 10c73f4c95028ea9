"""Reads single properties of a VEVENT: what it names as a text, a number, a moment; and when it is, in its zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from backend.domain import fields as domain_fields
from backend.domain.changes import instant
from backend.domain.errors import Invalid
from backend.domain.imports import Fault
from backend.exchange import names
from backend.exchange.zones import Zones

_ESCAPED: Final = re.compile(r"\\([\\;,nN])")
_DAY: Final = timedelta(days=1)


@dataclass
class Unreadable(Exception):
    """Says why a component cannot become an event."""

    fault: Fault

    @classmethod
    def because(cls, code: str, detail: str) -> "Unreadable":
        """Names the reason."""
        return cls(Fault(code, detail))


def first_of(event: Any, name: str) -> Any:
    """Gives a property; the first where it stands there several times."""
    value = event.get(name)
    return value[0] if isinstance(value, list) and value else value


def text_of(event: Any, name: str) -> str:
    """Gives a property's text, empty where there is none."""
    value = first_of(event, name)
    if value is None:
        return ""
    # icalendar leaves the text of properties that it does not know as it is written (RFC 5545, section 3.3.11).
    return _ESCAPED.sub(_unescaped, str(value)) if name.startswith("X-") else str(value)


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def moment_of(event: Any, name: str) -> str | None:
    """Gives a moment that a property names; None where there is none that can be kept."""
    value = getattr(first_of(event, name), "dt", None)
    if not isinstance(value, datetime) or not 1970 <= value.year <= 2200:
        return None
    return instant(value if value.tzinfo else value.replace(tzinfo=UTC))


def sequence_of(event: Any) -> int:
    """Gives the number of an event's revision."""
    text = text_of(event, "SEQUENCE")
    return min(int(text), 2**31 - 1) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def zone_of(event: Any, zones: Zones) -> str:
    """Finds the zone that an event is in: its own, or home for times without one.

    What is given in UTC is only a moment to most programs, so it is shown at home. A series stays in the zone in which
    it repeats.
    """
    own = text_of(event, names.ZONE)
    if own and _is_zone(own):
        return own
    start = first_of(event, "DTSTART")
    if "TZID" in start.params:
        return zones.iana(start.params["TZID"])
    in_utc = isinstance(start.dt, datetime) and start.dt.tzinfo is not None
    return "UTC" if in_utc and "RRULE" in event else zones.home


def _is_zone(name: str) -> bool:
    try:
        domain_fields.zone(name)
    except Invalid:
        return False
    return True


def local_of(value: Any, zones: Zones, zone: str) -> date:
    """Gives a date as it is, and a moment as the local time of a zone."""
    moment: date = value.dt
    if not isinstance(moment, datetime):
        return moment
    tzid = getattr(value, "params", {}).get("TZID")
    if tzid is None and moment.tzinfo is None:
        return moment.replace(second=0, microsecond=0)
    own = zones.iana(tzid) if tzid else "UTC"
    plain = moment.replace(tzinfo=None)
    if own != zone:
        plain = plain.replace(tzinfo=ZoneInfo(own)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return plain.replace(second=0, microsecond=0)


def span_of(event: Any, zones: Zones, zone: str) -> dict[str, Any]:
    """Reads when an event is: its dates, the last one included, and its times."""
    start = local_of(first_of(event, "DTSTART"), zones, zone)
    end = _end(event, start, zones, zone)
    if not isinstance(start, datetime):
        last = start if end is None else _last_day(start, end)
        return {"event_date": str(start), "end_date": str(last), "start_time": None, "end_time": None, "timezone": zone}
    span = {"event_date": str(start.date()), "start_time": f"{start:%H:%M}", "timezone": zone}
    if end is None:
        return {**span, "end_date": None, "end_time": None}
    moment = end if isinstance(end, datetime) else datetime.combine(end, time())
    if text_of(event, names.LAST_DAY) == str((moment - _DAY).date()) and moment.time() == time():
        return {**span, "end_date": str((moment - _DAY).date()), "end_time": None}
    return {**span, "end_date": str(moment.date()), "end_time": f"{moment:%H:%M}"}


def _last_day(start: date, end: date) -> date:
    """Finds the last of whole days: an end is the day after it (RFC 5545, section 3.6.1)."""
    if isinstance(end, datetime):
        return max(start, end.date())
    return max(start, end - _DAY)


def _end(event: Any, start: date, zones: Zones, zone: str) -> date | None:
    end, duration = first_of(event, "DTEND"), first_of(event, "DURATION")
    if end is not None:
        return local_of(end, zones, zone)
    if duration is None:
        return None
    length: timedelta = duration.dt
    if not isinstance(start, datetime) or length % _DAY == timedelta():
        return start + length
    exact = start.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) + length
    return exact.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def days_of(event: Any, name: str, zones: Zones, zone: str) -> list[str]:
    """Reads the dates of EXDATE or RDATE, in a zone."""
    found = event.get(name)
    lists = found if isinstance(found, list) else [] if found is None else [found]
    days = []
    for one in lists:
        for each in one.dts:
            if not isinstance(each.dt, date):
                raise Unreadable.because("not-supported", f"{name} has periods")
            if "TZID" in one.params:
                each.params.setdefault("TZID", one.params["TZID"])
            days.append(str(local_of(each, zones, zone))[:10])
    return days
