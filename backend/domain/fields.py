"""Reads the members of an entity: what each may be, what it becomes, and every fault at once.

A reader takes what was sent and returns what is kept, or raises `Invalid` with pointers relative to its member.
An empty string means "nothing" in every optional member: old programs send `""` where newer ones send null.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from backend.domain.errors import FieldError, Invalid
from backend.domain.text import line, prose

Reader: TypeAlias = Callable[[object], Any]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9998
URL_LENGTH: Final = 2048

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_COLOR: Final = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)


def read(fields: Mapping[str, Any], readers: Mapping[str, Reader]) -> tuple[dict[str, Any], list[FieldError]]:
    """Reads the members that were sent, and returns what they become beside everything that is wrong with them."""
    values: dict[str, Any] = {}
    faults: list[FieldError] = []
    for name in readers.keys() & fields.keys():
        try:
            values[name] = readers[name](fields[name])
        except Invalid as invalid:
            faults += (FieldError(f"/{name}{fault.pointer}", fault.code, fault.detail) for fault in invalid.errors)
    return values, faults


def missing(names: Iterable[str], fields: Mapping[str, Any]) -> list[FieldError]:
    """Names the required members that were not sent at all."""
    return [FieldError(f"/{name}", "required", "is required") for name in names if name not in fields]


def refuse(faults: Iterable[FieldError]) -> None:
    """Raises `Invalid` with the faults in a steady order, if there are any."""
    found = sorted(faults, key=lambda fault: fault.pointer)
    if found:
        raise Invalid(found)


def required(reader: Reader) -> Reader:
    """Makes a reader that refuses null and blank."""

    def read_required(value: object) -> Any:
        if is_blank(value):
            raise Invalid.at("", "required", "is required and cannot be empty")
        return reader(value)

    return read_required


def optional(reader: Reader) -> Reader:
    """Makes a reader for which null and blank both mean that there is nothing."""

    def read_optional(value: object) -> Any:
        return None if is_blank(value) else reader(value)

    return read_optional


def is_blank(value: object) -> bool:
    """Tells whether a value says nothing: null, or text without a visible character."""
    return value is None or (isinstance(value, str) and not value.strip())


def line_of(limit: int) -> Reader:
    """Makes a reader of one trimmed line of at most `limit` characters."""
    return lambda value: line(value, limit)


def prose_of(limit: int) -> Reader:
    """Makes a reader of text of several lines and at most `limit` characters."""
    return lambda value: prose(value, limit)


def day(value: object) -> str:
    """Reads a date, `YYYY-MM-DD`; `date.fromisoformat` alone would take week dates and basic forms too."""
    try:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise ValueError
        found = date.fromisoformat(value)
    except ValueError:
        raise Invalid.at("", "date", "must be a date that exists, as YYYY-MM-DD") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Invalid.at("", "date", f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def clock(value: object) -> str:
    """Reads a time of day, `HH:MM`."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise Invalid.at("", "time", "must be a time of day as HH:MM")
    return value


def end_clock(value: object) -> str:
    """Reads a time of day at which something ends: `24:00` is possible too."""
    return "24:00" if value == "24:00" else clock(value)


@cache
def _zones() -> frozenset[str]:
    # "localtime" is this machine's own setting, not a name that means the same elsewhere.
    return frozenset(available_timezones() - {"localtime"})


def zone(value: object) -> str:
    """Reads the IANA name of a time zone."""
    if not isinstance(value, str) or value not in _zones():
        raise Invalid.at("", "timezone", "must be an IANA time zone such as Asia/Seoul")
    return value


def web_address(value: object) -> str:
    """Reads an http or https address; anything else could run as a script where it is shown as a link."""
    url = line(value, URL_LENGTH)
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != -1
    except ValueError:
        valid = False
    if not valid or any(character.isspace() or character == "\x7f" for character in url):
        raise Invalid.at("", "url", "must be an http or https address")
    return url


def color(value: object) -> str:
    """Reads `#rrggbb`, or its short form `#rgb`, into lower-case `#rrggbb`."""
    text = value.strip().lower() if isinstance(value, str) else ""
    if not _COLOR.fullmatch(text):
        raise Invalid.at("", "color", "must be a colour as #RRGGBB")
    return text if len(text) == 7 else "#" + "".join(digit * 2 for digit in text[1:])
