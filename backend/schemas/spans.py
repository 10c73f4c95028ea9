"""A range of dates, and whether recurring events are wanted by their occurrences."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.domain.fields import day, optional
from backend.schemas.base import Query, Text
from backend.schemas.recurrence import MAX_EXPANDED, check_expansion


class DatesQuery(Query):
    """Asks for what goes on between two dates."""

    first = Text(
        optional(day),
        data_key="from",
        attribute="from",  # A word of Python's cannot name an attribute.
        metadata={"format": "date", "description": "Only what goes on then or later"},
    )
    last = Text(
        optional(day),
        data_key="to",
        attribute="to",
        metadata={"format": "date", "description": "Only what goes on then or earlier"},
    )

    @validates_schema
    def in_order(self, data: dict[str, Any], **kwargs: Any) -> None:
        """Refuses a range that ends before it begins."""
        if data.get("from") and data.get("to") and data["to"] < data["from"]:
            raise ValidationError("order: lies before `from`", "to")


class SpanQuery(DatesQuery):
    """Asks for events of a range of dates, or for the occurrences of those that recur."""

    expand = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        error_messages={"invalid": "boolean: must be true or false"},
        metadata={
            "description": "Occurrences instead of recurring events, each as an event with `occurrence_of`. Needs "
            f"`from` and `to`, at most {MAX_EXPANDED.days} days",
        },
    )

    @validates_schema
    def expandable(self, data: dict[str, Any], **kwargs: Any) -> None:
        """Refuses to expand without a range, or over too long a one."""
        if data.get("expand"):
            check_expansion(data)
