"""Recurrence rules (RFC 5545, section 3.3.10) as Dayroom keeps them: read strictly, written in one form.

An occurrence is a date, so the parts that count within a day are refused, and so are frequencies under DAILY.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from backend.domain.errors import Invalid
from backend.domain.fields import FIRST_YEAR, LAST_YEAR

Weekday: TypeAlias = tuple[int, int]
"""A day of the week, Monday 0, and which one of its month or year; 0 is every one."""

FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
RULE_LENGTH: Final = 1000
MAX_INTERVAL: Final = 999
MAX_COUNT: Final = 5000

_UNTIL: Final = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)
_BYDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,4}", re.ASCII)
_TOO_OFTEN: Final = ("HOURLY", "MINUTELY", "SECONDLY")
_WITHIN_A_DAY: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")


@dataclass(frozen=True, slots=True)
class Rule:
    """Is a rule; its end is `count`, or `until` (a date, or a moment where it was just read), or there is none."""

    freq: str
    interval: int = 1
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0
    count: int | None = None
    until: date | None = None

    @property
    def endless(self) -> bool:
        """Tells whether the rule itself never ends."""
        return self.count is None and self.until is None

    def ended(self, last: date) -> "Rule":
        """Makes the rule that ends with a date."""
        return replace(self, count=None, until=last)

    def __str__(self) -> str:
        parts = {name: str(show(getattr(self, member))) for name, (member, show) in _SHOWN.items()}
        return ";".join(f"{name}={text}" for name, text in parts.items() if text)


def parse(value: object) -> Rule:
    """Reads a rule; raises `Invalid`, relative to the member."""
    if not isinstance(value, str):
        raise Invalid.at("", "type", "must be a string such as FREQ=WEEKLY;BYDAY=MO")
    if len(value) > RULE_LENGTH:
        raise Invalid.at("", "too-long", f"has {len(value):,} characters; at most {RULE_LENGTH:,} are possible")
    parts = _parts(value.strip().upper().removeprefix("RRULE:"))
    freq = _frequency(parts.pop("FREQ", ""))
    members: dict[str, Any] = {}
    for name, text in parts.items():
        if name in _WITHIN_A_DAY:
            raise Invalid.at("", "not-supported", f"{name}: an occurrence is a date, its time is the event's")
        if name not in _READERS:
            raise Invalid.at("", "unknown", f"{name[:40]!a} is no part of a rule")
        member, reader = _READERS[name]
        members[member] = reader(name, text)
    rule = Rule(freq, **members)
    _check(rule)
    return rule


@lru_cache(maxsize=8192)
def kept(text: str) -> Rule:
    """Reads a rule that is stored."""
    return parse(text)


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in filter(None, text.split(";")):
        name, equals, value = part.partition("=")
        if not equals or name in parts:
            raise Invalid.at("", "rrule", "must be parts NAME=VALUE, each once, with semicolons between them")
        parts[name] = value
    return parts


def _frequency(text: str) -> str:
    if text in _TOO_OFTEN:
        raise Invalid.at("", "too-often", f"FREQ={text} is more often than daily")
    if text not in FREQUENCIES:
        raise Invalid.at("", "rrule", f"FREQ must be one of {', '.join(FREQUENCIES)}")
    return text


def _check(rule: Rule) -> None:
    """Refuses what RFC 5545 says must not stand together."""
    ordinal = any(nth for nth, _ in ((nth, day) for day, nth in rule.weekdays))
    wrong = {
        "COUNT and UNTIL cannot stand together": rule.count is not None and rule.until is not None,
        "BYWEEKNO is only for FREQ=YEARLY": rule.weeks and rule.freq != "YEARLY",
        "BYYEARDAY is only for FREQ=YEARLY": rule.year_days and rule.freq != "YEARLY",
        "BYMONTHDAY is not for FREQ=WEEKLY": rule.month_days and rule.freq == "WEEKLY",
        "BYDAY with numbers is only for FREQ=MONTHLY and FREQ=YEARLY without BYWEEKNO": ordinal
        and (rule.freq in ("DAILY", "WEEKLY") or rule.weeks),
        "BYSETPOS needs another BY part": rule.positions
        and not (rule.months or rule.weeks or rule.year_days or rule.month_days or rule.weekdays),
    }
    for reason, holds in wrong.items():
        if holds:
            raise Invalid.at("", "rrule", reason)


def _number(name: str, text: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise Invalid.at("", "rrule", f"{name} must have numbers from {least} to {most:,}")
    return int(text)


def _one(most: int) -> Callable[[str, str], int]:
    return lambda name, text: _number(name, text, 1, most)


def _many(most: int, *, signed: bool = True) -> Callable[[str, str], tuple[int, ...]]:
    def read(name: str, text: str) -> tuple[int, ...]:
        numbers = {_number(name, each, -most if signed else 1, most) for each in text.split(",")}
        if 0 in numbers:
            raise Invalid.at("", "rrule", f"{name} cannot have 0")
        return tuple(sorted(numbers))

    return read


def _weekdays(name: str, text: str) -> tuple[Weekday, ...]:
    found: set[Weekday] = set()
    for each in text.split(","):
        match = _BYDAY.fullmatch(each)
        nth = int(match[1]) if match and match[1] else 0
        if not match or abs(nth) > 53 or (match[1] and nth == 0):
            raise Invalid.at("", "rrule", f"{name} must have days such as MO, 2TU or -1FR")
        found.add((WEEKDAYS.index(match[2]), nth))
    return tuple(sorted(found))


def _week_start(name: str, text: str) -> int:
    if text not in WEEKDAYS:
        raise Invalid.at("", "rrule", f"{name} must be one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(text)


def _until(name: str, text: str) -> date:
    """Reads a date, or a moment: with a zone (`Z`), or local without one."""
    match = _UNTIL.fullmatch(text)
    try:
        if not match:
            raise ValueError
        moment = datetime.fromisoformat(f"{match[1]}T{match[2] or '000000'}{'+00:00' if match[3] else ''}")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        raise Invalid.at("", "rrule", f"{name} must be a date such as 20241231, or 20241231T235959Z") from None
    return moment if match[2] else moment.date()


def _numbers(values: tuple[int, ...]) -> str:
    return ",".join(map(str, values))


def _days(weekdays: tuple[Weekday, ...]) -> str:
    return ",".join(f"{nth or ''}{WEEKDAYS[day]}" for day, nth in weekdays)


def _end(until: date | None) -> str:
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}" if until else ""
    return f"{until:%Y%m%dT%H%M%S}{'Z' if until.tzinfo else ''}"


_READERS: Final[Mapping[str, tuple[str, Callable[[str, str], Any]]]] = {
    "INTERVAL": ("interval", _one(MAX_INTERVAL)),
    "BYMONTH": ("months", _many(12, signed=False)),
    "BYWEEKNO": ("weeks", _many(53)),
    "BYYEARDAY": ("year_days", _many(366)),
    "BYMONTHDAY": ("month_days", _many(31)),
    "BYDAY": ("weekdays", _weekdays),
    "BYSETPOS": ("positions", _many(366)),
    "WKST": ("week_start", _week_start),
    "COUNT": ("count", _one(MAX_COUNT)),
    "UNTIL": ("until", _until),
}

_SHOWN: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "FREQ": ("freq", str),
    "INTERVAL": ("interval", lambda value: value if value > 1 else ""),
    "BYMONTH": ("months", _numbers),
    "BYWEEKNO": ("weeks", _numbers),
    "BYYEARDAY": ("year_days", _numbers),
    "BYMONTHDAY": ("month_days", _numbers),
    "BYDAY": ("weekdays", _days),
    "BYSETPOS": ("positions", _numbers),
    "WKST": ("week_start", lambda value: WEEKDAYS[value] if value else ""),
    "COUNT": ("count", lambda value: value or ""),
    "UNTIL": ("until", _end),
}
"""The parts in the order in which they are written; what is the default is not."""
