"""What each writable member of an event may be."""

from typing import Any, Final

from backend.domain import fields
from backend.domain.errors import FieldError, Invalid
from backend.domain.fields import Reader, line_of, optional, prose_of, required
from backend.domain.recurrence import recurrence_of
from backend.domain.text import line, words

TITLE_LENGTH: Final = 200
TIME_LENGTH: Final = 200
DESCRIPTION_LENGTH: Final = 20_000
LOCATION_LENGTH: Final = 500
CATEGORY_LENGTH: Final = 50
MAX_TAGS: Final = 20
TAG_LENGTH: Final = 50

REQUIRED: Final = ("title", "event_date")


def tags(value: object) -> list[str]:
    """Reads tags: trimmed, in their order, each once; null is none of them."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise Invalid.at("", "type", "must be a list of strings")
    found: list[str] = []
    faults: list[FieldError] = []
    for place, one in enumerate(value):
        try:
            found.append(_tag(one))
        except Invalid as invalid:
            faults += (FieldError(f"/{place}", fault.code, fault.detail) for fault in invalid.errors)
    if len(value) > MAX_TAGS:
        faults.append(FieldError("", "too-many", f"are {len(value)}; at most {MAX_TAGS} are possible"))
    if faults:
        raise Invalid(faults)
    return list(dict.fromkeys(found))


def _tag(value: object) -> str:
    tag = line(value, TAG_LENGTH)
    if not tag:
        raise Invalid.at("", "required", "cannot be empty")
    return tag


def _words(value: object) -> Any:
    return words(value, TIME_LENGTH)


_OWN: Final[dict[str, Reader]] = {
    "title": required(line_of(TITLE_LENGTH)),
    "event_date": required(fields.day),
    "end_date": optional(fields.day),
    "start_time": optional(fields.clock),
    "end_time": optional(fields.end_clock),
    "time": optional(_words),
    "timezone": optional(fields.zone),
    "description": optional(prose_of(DESCRIPTION_LENGTH)),
    "location": optional(prose_of(LOCATION_LENGTH)),
    "url": optional(fields.web_address),
    "color": optional(fields.color),
    "category": optional(line_of(CATEGORY_LENGTH)),
    "tags": tags,
}

READERS: Final[dict[str, Reader]] = {
    **{name: _OWN[name] for name in ("title", "event_date", "end_date", "start_time", "end_time", "time", "timezone")},
    "recurrence": recurrence_of(_OWN),
    **_OWN,
}
"""The writable members in their order, each with how it is read."""
