"""Finds the IANA zone that a file means by a TZID: by its name, by Windows' name for it, or by what its clock does.

Files name zones as they like (`Korea Standard Time`, `/mozilla.org/20050126_1/Asia/Seoul`, `Customized Time Zone`),
with a VTIMEZONE or without. Its rules are only looked at around one year, so that none can be made to run for ever.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from backend.domain import expansion, fields, rules
from backend.domain.errors import Invalid

_OFFSET: Final = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE | re.ASCII)
_WINDOWS: Final = {name.lower(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_COMMON: Final = ("Asia/Seoul", "Asia/Tokyo", "UTC", "Europe/Berlin", "Europe/London", "America/New_York")
"""Zones that are taken first where several do the same."""
_SAMPLES: Final = 24
"""How many moments of two years the clock of a VTIMEZONE is compared at."""
_MAX_OBSERVANCES: Final = 200

_TZID: Final = re.compile(
    r"""^((?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)[^:"]*;TZID=)("[^"]*"|[^":;,]*)""", re.IGNORECASE
)

Offset = timedelta


@dataclass(slots=True)
class Zones:
    """Knows the zones of one file; `home` is that of times without one."""

    home: str
    definitions: Mapping[str, list[str]] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)
    """The TZIDs of which nothing is known, and whose times are read as those of `home`."""
    _found: dict[str, str] = field(default_factory=dict)

    def iana(self, tzid: str) -> str:
        """Finds the zone of a TZID."""
        if tzid not in self._found:
            found = named(tzid) or self._defined(tzid)
            if found is None:
                self.guessed.add(tzid)
            self._found[tzid] = found or self.home
        return self._found[tzid]

    def _defined(self, tzid: str) -> str | None:
        lines = self.definitions.get(tzid)
        return None if lines is None else _by_definition(lines, self.home)


def tzid_of(line: str) -> str | None:
    """Gives the TZID that a content line names."""
    match = _TZID.match(line)
    return match and match[2].strip('"')


def zoned(line: str, zones: Zones) -> str:
    """Writes a content line with the IANA name of the zone that it means."""
    return _TZID.sub(lambda match: match[1] + zones.iana(match[2].strip('"')), line)


def named(tzid: str) -> str | None:
    """Finds a zone by a name: IANA's, also behind a prefix, Windows', or an offset of whole hours."""
    text = tzid.strip().strip('"')
    parts = text.split("/")
    for start in range(len(parts)):
        if (name := "/".join(parts[start:])) in _available():
            return name
    return _WINDOWS.get(text.lower()) or _of_hours(text)


@lru_cache(maxsize=1)
def _available() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if _is_kept(name))


def _is_kept(name: str) -> bool:
    try:
        fields.zone(name)
    except Invalid:
        return False
    return True


def _of_hours(text: str) -> str | None:
    match = _OFFSET.fullmatch(text)
    if match is None or int(match[3] or 0) or int(match[2]) > 12:
        return None
    hours = int(match[1] + match[2])
    return "UTC" if hours == 0 else f"Etc/GMT{-hours:+d}"  # POSIX counts the other way round


def _by_definition(lines: list[str], home: str) -> str | None:
    """Finds a zone by a VTIMEZONE: by the name in it, or whose clock does the same in two years."""
    for line in lines:
        name, _, value = line.partition(":")
        if name.upper() in ("X-LIC-LOCATION", "TZID-ALIAS-OF") and (found := named(value)):
            return found
    try:
        observances = list(_observances(lines))
    except (ValueError, KeyError, AttributeError, TypeError, IndexError, OverflowError):
        return None
    if not observances:
        return None
    latest = max(start for start, _, _ in observances)
    year = max(2000, min(latest.year + 1, 2037))
    wanted = tuple(_offset_at(observances, moment) for moment in _moments(year))
    return next((zone for zone in (home, *_COMMON, *sorted(_available())) if _offsets(zone, year) == wanted), None)


_Observance = tuple[datetime, Offset, str | None]


def _observances(lines: list[str]) -> Iterator[_Observance]:
    """Reads when which offset begins: the first time, the offset, and the rule by which it begins again."""
    zone: Any = Timezone.from_ical("\r\n".join(["BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE"]))
    for component in zone.subcomponents[:_MAX_OBSERVANCES]:
        start, offset, rule = component["DTSTART"].dt, component["TZOFFSETTO"].td, component.get("RRULE")
        text = None if rule is None else rule.to_ical().decode()
        yield _naive(start), offset, text
        for dates in _as_list(component.get("RDATE")):
            for each in dates.dts[:_MAX_OBSERVANCES]:
                yield _naive(each.dt), offset, None


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _naive(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time())


def _offset_at(observances: list[_Observance], moment: datetime) -> Offset:
    begun = [(onset, offset) for start, offset, rule in observances for onset in _last_onset(start, rule, moment)]
    return max(begun)[1] if begun else min(observances, key=lambda each: each[0])[1]


def _last_onset(start: datetime, rule: str | None, moment: datetime) -> list[datetime]:
    """Finds when an offset last began before a moment; only a yearly rule is followed, and only for two years."""
    if start > moment:
        return []
    if rule is None:
        return [start]
    try:
        read = rules.parse(rule)
    except Invalid:
        return [start]
    if read.freq != "YEARLY":
        return [start]
    last = moment.date() if read.until is None else min(_day_of(read.until), moment.date())
    days = list(expansion.dates(read.ended(last), start.date(), last - timedelta(days=800), last))
    return [datetime.combine(days[-1], start.time())] if days else [start]


@lru_cache(maxsize=2048)
def _offsets(zone: str, year: int) -> tuple[Offset | None, ...]:
    info = ZoneInfo(zone)
    return tuple(moment.replace(tzinfo=info).utcoffset() for moment in _moments(year))


def _moments(year: int) -> list[datetime]:
    """Lists local moments all over two years."""
    first = datetime.combine(date(year, 1, 1), time(12))
    return [first + timedelta(days=number * 730 / _SAMPLES) for number in range(_SAMPLES)]


def _day_of(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
