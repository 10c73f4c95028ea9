"""Recurring events as they come in and go out, and how their occurrences are asked for (contract, section 3)."""

from datetime import date, timedelta
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import OneOf

from backend.domain import recurrence, rules
from backend.domain.errors import Invalid
from backend.domain.event_fields import READERS
from backend.domain.fields import day, optional
from backend.domain.scopes import SCOPES
from backend.schemas.base import Query, Shown, Text
from backend.schemas.errors import coded

MAX_EXPANDED: Final = timedelta(days=400)

_RRULE: Final = (
    "RFC 5545, `FREQ` from `DAILY` to `YEARLY`, counted by dates in the event's own zone; `event_date` is always the "
    "first occurrence. Kept in one form; `UNTIL` is kept as a date"
)
_OVERRIDES: Final = (
    "What differs, by the original date of an occurrence: members of an event but `timezone` and `recurrence`. Dates "
    "and times are kept whole: `event_date` with `end_date`, `start_time` with `end_time` and `time`"
)


_SHAPE: Final[dict[str, Any]] = {
    "properties": {
        "rrule": {
            "type": "string",
            "maxLength": rules.RULE_LENGTH,
            "description": _RRULE,
            "examples": ["FREQ=WEEKLY;BYDAY=MO;UNTIL=20241231"],
        },
        "exdates": {
            "type": "array",
            "items": {"type": "string", "format": "date"},
            "maxItems": recurrence.MAX_EXDATES,
            "description": "Original dates that do not happen",
        },
        "overrides": {
            "type": "object",
            "additionalProperties": {"type": "object"},
            "maxProperties": recurrence.MAX_OVERRIDES,
            "description": _OVERRIDES,
        },
    },
    "required": ["rrule"],
}
"""Is told as it is: a nested schema that may be null would be described by alternatives, where generators stumble."""


class Recurrence(fields.Dict):
    """Is what repeats an event; its reader in the domain knows its meaning."""

    def __init__(self, *, shown: bool = False) -> None:
        about = {"description": "What repeats it; null for a single event", **_SHAPE}
        super().__init__(allow_none=True, metadata=about if shown else {**about, "additionalProperties": False})

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return READERS["recurrence"](value)
        except Invalid as invalid:
            raise coded(invalid) from None


class OccurrenceOf(Shown):
    """Is whose occurrence an event is."""

    id = fields.String(required=True, metadata={"format": "uuid", "description": "The series"})
    date = Text(day, required=True, metadata={"format": "date", "description": "Its original date"})


class PartQuery(Query):
    """Asks for a part of a series."""

    DEFAULT: ClassVar[str] = "all"

    scope = fields.String(
        load_default=DEFAULT,
        validate=OneOf(SCOPES, error="scope: must be one of {choices}"),
        metadata={"description": "Which occurrences of a recurring event: this one, it and those that follow, or all"},
    )
    date = Text(
        optional(day),
        metadata={
            "format": "date",
            "description": "The original date of the occurrence; required unless `scope` is `all`. With it, what is "
            "sent is compared with that occurrence, and its dates are that occurrence's",
        },
    )

    @validates_schema
    def has_a_date(self, data: dict[str, Any], **kwargs: Any) -> None:
        """Refuses a scope that begins nowhere."""
        if data["scope"] != self.DEFAULT and not data.get("date"):
            raise ValidationError("required: is required with this scope", "date")


def check_expansion(data: dict[str, Any]) -> None:
    """Refuses to expand what is not bounded; raises `ValidationError`."""
    for name in ("from", "to"):
        if not data.get(name):
            raise ValidationError("required: is required with `expand`", name)
    if date.fromisoformat(data["to"]) - date.fromisoformat(data["from"]) >= MAX_EXPANDED:
        raise ValidationError(f"span: lies more than {MAX_EXPANDED.days} days behind `from`", "to")
