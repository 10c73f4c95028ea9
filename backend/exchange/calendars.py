"""Writes a whole calendar, piece by piece: its head, each zone before the first event that names it, its end."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from icalendar import Calendar, Timezone, vDuration

from backend.exchange import names
from backend.exchange.colors import nearest_name
from backend.exchange.texts import Text
from backend.exchange.vevents import written, zone_of

Entity = Mapping[str, Any]
Render = Callable[[Entity], bytes]

_LAST: Final = date(2050, 1, 1)
"""Until when the changes of a zone's clock are written; every program that is used knows the zones by their names."""
_REFRESH: Final = timedelta(hours=1)
_END: Final = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """Is what a calendar says of itself."""

    name: str
    timezone: str
    color: str | None = None
    description: str | None = None

    @classmethod
    def of(cls, department: Entity, suffix: str = "") -> "Frame":
        """Says what a department is called, and in which zone it lives."""
        found = {name: department[name] for name in ("timezone", "color", "description")}
        return cls(department["name"] + suffix, **found)


def head_of(frame: Frame) -> bytes:
    """Writes the beginning of a calendar (RFC 5545 and 7986, and what Apple, Google and Outlook go by)."""
    calendar = Calendar()
    calendar.add("prodid", names.PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, Text(frame.name))
    calendar.add("x-wr-timezone", Text(frame.timezone))
    for name in ("description", "x-wr-caldesc") if frame.description else ():
        calendar.add(name, Text(frame.description or ""))
    if frame.color:
        calendar.add("color", nearest_name(frame.color))
        calendar.add("x-apple-calendar-color", Text(frame.color))
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    return bytes(calendar.to_ical(sorted=False)).removesuffix(_END)


def pieces(frame: Frame, events: Iterable[Entity], render: Render | None = None) -> Iterator[bytes]:
    """Writes a calendar in pieces; `render` writes one event, and may remember it."""
    render = render or (lambda event: b"".join(written(event, frame.timezone)))
    defined: set[str] = set()
    yield head_of(frame)
    for event in events:
        zone = zone_of(event)
        if zone is not None and zone not in defined:
            defined.add(zone)
            yield zone_definition(zone)
        yield render(event)
    yield _END


@lru_cache(maxsize=64)
def zone_definition(zone: str) -> bytes:
    """Writes the VTIMEZONE of an IANA zone."""
    return bytes(Timezone.from_tzid(zone, last_date=_LAST).to_ical(sorted=False))
