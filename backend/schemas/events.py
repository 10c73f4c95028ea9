"""Events as they come in and go out (contract, section 3)."""

from typing import Any, ClassVar, Final

from marshmallow import Schema, fields

from backend.domain import event_fields as limits
from backend.domain import events
from backend.domain.fields import URL_LENGTH, optional
from backend.domain.ids import uuid_text
from backend.domain.text import words
from backend.schemas.base import COLOR, COLOR_PATTERN, Body, Shown, Text, Texts, base_version, merged
from backend.schemas.paging import PageQuery
from backend.schemas.recurrence import OccurrenceOf, Recurrence
from backend.schemas.spans import DatesQuery, SpanQuery

QUERY_LENGTH: Final = 200

_CLOCK: Final = "`HH:MM`, local; both null means the whole day"
_INSTANT: Final = {"format": "date-time", "examples": ["2024-01-15T05:00:00.000Z"]}


def _text(name: str, *, nullable: bool = True, required: bool = False, **metadata: Any) -> Text:
    return Text(limits.READERS[name], allow_none=nullable, required=required, metadata=metadata)


def _title(*, required: bool) -> Text:
    return _text(
        "title",
        nullable=False,
        required=required,
        minLength=1,
        pattern=r"\S",
        maxLength=limits.TITLE_LENGTH,
        examples=["주간 회의"],
    )


def _event_date(*, required: bool) -> Text:
    about = "The first day, `YYYY-MM-DD`, in the event's zone"
    return _text(
        "event_date", nullable=False, required=required, format="date", description=about, examples=["2024-01-15"]
    )


class _Content(Schema):
    end_date = _text(
        "end_date",
        format="date",
        description="The last day, included. By default `event_date`, or the next day where `end_time` is not later "
        "than `start_time`; on a change the event keeps its length. At most 366 days",
    )
    start_time = _text("start_time", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description=_CLOCK, examples=["14:00"])
    end_time = _text(
        "end_time",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$",
        description="`HH:MM`, local; `24:00` is kept as `00:00` of the next day",
        examples=["15:30"],
    )
    time = _text(
        "time",
        maxLength=limits.TIME_LENGTH,
        description="The words for the time, kept as written and understood: it sets `start_time` and `end_time`",
        examples=["오후 2:00", "14:00~15:30", "종일"],
    )
    timezone = _text("timezone", description="IANA name; the department's by default", examples=["Asia/Seoul"])
    recurrence = Recurrence()
    description = _text("description", maxLength=limits.DESCRIPTION_LENGTH)
    location = _text("location", maxLength=limits.LOCATION_LENGTH)
    url = _text(
        "url",
        format="uri",
        pattern="^[Hh][Tt][Tt][Pp][Ss]?://",
        maxLength=URL_LENGTH,
        description="http or https",
        examples=["https://meet.example.com/1"],
    )
    color = _text("color", pattern=COLOR_PATTERN, description=COLOR, examples=["#1a73e8"])
    category = _text("category", maxLength=limits.CATEGORY_LENGTH)
    tags = Texts(
        limits.READERS["tags"],
        fields.String(metadata={"minLength": 1, "maxLength": limits.TAG_LENGTH}),
        allow_none=True,
        metadata={"maxItems": limits.MAX_TAGS, "examples": [["분기", "중요"]]},
    )


class EventCreate(Body, _Content):
    """Is a new event."""

    IGNORED: ClassVar[tuple[str, ...]] = tuple(name for name in events.IGNORED if name != "id")

    id = Text(
        lambda value: uuid_text(value, ""),
        allow_none=True,
        metadata={"format": "uuid", "description": "A client's own choice, so that a repeat makes no second one"},
    )
    title = _title(required=True)
    event_date = _event_date(required=True)


class EventUpdate(Body, _Content):
    """Is what changes of an event: members that are absent stay as they are, null clears."""

    IGNORED: ClassVar[tuple[str, ...]] = tuple(name for name in events.IGNORED if name != "occurrence_of")

    base_version = base_version()
    occurrence_of = fields.Nested(
        OccurrenceOf,
        metadata={
            "description": "May come back: it is the `date` if the query has none, and a null `recurrence` is none"
        },
    )
    title = _title(required=False)
    event_date = _event_date(required=False)


class EventRestore(Body):
    """Is which version of an event to bring back: the last one of a deleted event, without it."""

    version = base_version()
    instead_of = Text(
        optional(lambda value: uuid_text(value, "")),
        allow_none=True,
        metadata={
            "format": "uuid",
            "description": "An event that is deleted in the same transaction: to undo `scope=following`, the series "
            "that it began",
        },
    )


class EventMove(Body):
    """Is where an event moves."""

    department_id = Text(lambda value: uuid_text(value, ""), required=True, metadata={"format": "uuid"})


class EventVersion(Shown):
    """Is one version of an event, and what it changed."""

    version = fields.Integer(metadata={"minimum": 1})
    op = fields.String(metadata={"description": "`created` (also restored or moved here), `updated` or `deleted`"})
    at = fields.String(metadata=_INSTANT)
    actor = fields.String(allow_none=True)
    device_id = fields.String(allow_none=True)
    changed = fields.Dict(metadata={"description": "Each member that changed: `[before, after]`"})
    data = fields.Dict(metadata={"description": "The whole event then; what is left after a deletion"})


class EventHistory(Shown):
    """Is an event's past."""

    versions = fields.List(fields.Nested(EventVersion), metadata={"description": "Newest first"})
    complete = fields.Boolean(metadata={"description": "The first version is still among them"})


class EventRead(Shown):
    """Is an event as it is."""

    SOMETIMES: ClassVar[frozenset[str]] = frozenset({"merged", "occurrence_of", "imported"})

    id = fields.String(metadata={"format": "uuid"})
    department_id = fields.String(metadata={"format": "uuid"})
    title = fields.String(metadata={"examples": ["주간 회의"]})
    event_date = fields.String(metadata={"format": "date", "examples": ["2024-01-15"]})
    end_date = fields.String(metadata={"format": "date", "examples": ["2024-01-15"]})
    start_time = fields.String(allow_none=True, metadata={"description": _CLOCK, "examples": ["14:00"]})
    end_time = fields.String(allow_none=True, metadata={"description": "`HH:MM`, local", "examples": ["15:30"]})
    time = fields.String(allow_none=True, metadata={"description": "The words", "examples": ["오후 2:00"]})
    timezone = fields.String(metadata={"description": "IANA name", "examples": ["Asia/Seoul"]})
    starts_at = fields.String(
        allow_none=True, metadata={**_INSTANT, "description": "The beginning in UTC; null for whole days"}
    )
    ends_at = fields.String(
        allow_none=True, metadata={**_INSTANT, "description": "The end in UTC; null without an `end_time`"}
    )
    recurrence = Recurrence(shown=True)
    description = fields.String(allow_none=True)
    location = fields.String(allow_none=True)
    url = fields.String(allow_none=True, metadata={"format": "uri"})
    color = fields.String(allow_none=True, metadata={"description": "`#rrggbb`"})
    category = fields.String(allow_none=True)
    tags = fields.List(fields.String())
    created_by = fields.String(allow_none=True)
    updated_by = fields.String(allow_none=True)
    device_id = fields.String(allow_none=True, metadata={"description": "The device of the last change"})
    created_at = fields.String(metadata=_INSTANT)
    last_modified = fields.String(metadata=_INSTANT)
    version = fields.Integer(metadata={"minimum": 1, "description": "Counts from 1; also the entity tag"})
    merged = merged()
    occurrence_of = fields.Nested(OccurrenceOf, metadata={"description": "With `expand`, of a recurring event"})
    imported = fields.Dict(
        metadata={"description": "Of an event from a calendar file: its `uid`, and what is kept of it"}
    )


class RangeQuery(PageQuery, DatesQuery):
    """Asks for events of a range of dates."""


class EventQuery(PageQuery, SpanQuery):
    """Asks for the events of a department."""

    q = Text(
        optional(lambda value: words(value, QUERY_LENGTH)),
        metadata={
            "maxLength": QUERY_LENGTH,
            "description": "Only what has this anywhere in its title, description, location, category or tags",
        },
    )
