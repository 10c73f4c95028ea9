"""What is asked of calendars as files, and the report of an import."""

from typing import Any

from marshmallow import fields
from marshmallow.validate import OneOf

from backend.domain.feeds import LANGUAGES
from backend.domain.imports import Fate
from backend.exchange.files import FORMATS
from backend.schemas.base import Query, Shown
from backend.schemas.spans import SpanQuery


def _one_of(names: Any, description: str) -> fields.String:
    choices = list(names)
    check = OneOf(choices, error="choice: must be one of {choices}")
    return fields.String(validate=check, metadata={"description": description})


def _flag(description: str) -> fields.Boolean:
    messages: Any = {"invalid": "boolean: must be true or false"}
    return fields.Boolean(
        truthy={"true"}, falsy={"false"}, error_messages=messages, metadata={"description": description}
    )


class ExportQuery(SpanQuery):
    """Asks for a department's events as a file."""

    format = _one_of(FORMATS, "iCalendar (`ics`, without it), a table (`csv`), or `json`")
    language = _one_of(LANGUAGES, "Of what stands above the columns of a table; `ko` without it")


class ImportQuery(Query):
    """Asks for an import."""

    dry_run = _flag("Only tell what would become of each event")
    overwrite = _flag("Let the file win over what people have changed or deleted here; the log keeps that")


class Reason(Shown):
    """Is why something became of a row, or what is worth knowing of it."""

    code = fields.String()
    detail = fields.String()


class ImportRow(Shown):
    """Is what became of one event of a file, or of a component that is none."""

    line = fields.Integer(metadata={"description": "Where in the file it begins"})
    outcome = fields.String(metadata={"enum": [fate.value for fate in Fate]})
    uid = fields.String(allow_none=True)
    title = fields.String(allow_none=True)
    date = fields.String(allow_none=True, metadata={"format": "date"})
    id = fields.String(allow_none=True, metadata={"format": "uuid", "description": "Of the event here"})
    reason = fields.Nested(Reason, allow_none=True)
    notes = fields.List(fields.Nested(Reason))


class ImportReport(Shown):
    """Is what became of a file."""

    department_id = fields.String(metadata={"format": "uuid"})
    dry_run = fields.Boolean()
    calendar = fields.String(allow_none=True, metadata={"description": "What the file calls itself"})
    timezone = fields.String(metadata={"description": "The zone in which times without one were read"})
    charset = fields.String(metadata={"description": "The characters in which the file was read"})
    complete = fields.Boolean(metadata={"description": "False where the file ends before its calendar does"})
    created = fields.Integer()
    updated = fields.Integer()
    unchanged = fields.Integer()
    kept = fields.Integer(metadata={"description": "Differ from what is here, where people changed it since"})
    rejected = fields.Integer()
    rows = fields.List(fields.Nested(ImportRow))
