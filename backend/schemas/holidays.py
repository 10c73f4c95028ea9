"""Public holidays as they are asked for and shown."""

from datetime import date, timedelta
from typing import Any, Final

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import OneOf, Regexp

from backend.domain.fields import day
from backend.schemas.base import Query, Shown, Text

MAX_SPAN: Final = timedelta(days=1100)
"""Three years and a bit: what a calendar may want to keep at hand, and nobody's whole history."""

_CODE: Final = "^[A-Z]{2}$"
_REQUIRED: Final = {"required": "required: is required"}


def _day(name: str, text: str) -> Text:
    return Text(day, required=True, data_key=name, attribute=name, metadata={"format": "date", "description": text})


class HolidayQuery(Query):
    """Asks for the public holidays of a country."""

    first = _day("from", f"The first day; at most {MAX_SPAN.days:,} days are answered at once")
    last = _day("to", "The last day")
    country = fields.String(
        load_default="KR",
        validate=Regexp(_CODE, error="country: must be two capital letters (ISO 3166-1)"),
        metadata={"description": "ISO 3166-1 alpha-2, see `/api/holidays/countries`", "examples": ["KR"]},
    )
    language = fields.String(
        load_default="ko",
        validate=OneOf(["ko", "en"], error="language: must be ko or en"),
        metadata={"description": "Of the names; the country's own language where it has no names in this one"},
    )

    @validates_schema
    def is_bounded(self, data: dict[str, Any], **kwargs: Any) -> None:
        """Refuses a range that ends before it begins, or is too long."""
        if not (data.get("from") and data.get("to")):
            return
        span = date.fromisoformat(data["to"]) - date.fromisoformat(data["from"])
        if span < timedelta(0):
            raise ValidationError("order: lies before `from`", "to")
        if span >= MAX_SPAN:
            raise ValidationError(f"span: lies more than {MAX_SPAN.days:,} days behind `from`", "to")


class HolidayRead(Shown):
    """Is a public holiday."""

    date = fields.String(metadata={"format": "date", "examples": ["2026-02-17"]})
    name = fields.String(metadata={"examples": ["설날"]})


class CountryRead(Shown):
    """Is a country whose public holidays are known."""

    code = fields.String(metadata={"pattern": _CODE, "examples": ["KR"]})
