"""What was deleted, as it goes out."""

from marshmallow import fields

from backend.domain.fields import optional
from backend.domain.text import words
from backend.schemas.base import Shown, Text
from backend.schemas.events import QUERY_LENGTH
from backend.schemas.paging import PageQuery


class TrashQuery(PageQuery):
    """Asks for what was deleted."""

    q = Text(
        optional(lambda value: words(value, QUERY_LENGTH)),
        metadata={"maxLength": QUERY_LENGTH, "description": "Only what has this anywhere in its text"},
    )


class TrashItem(Shown):
    """Is something that was deleted and can be brought back."""

    type = fields.String(metadata={"description": "`event` or `attachment`; in the `directory`, `department`"})
    id = fields.String(metadata={"format": "uuid"})
    version = fields.Integer(metadata={"minimum": 1, "description": "That of the deletion"})
    deleted_at = fields.String(metadata={"format": "date-time", "examples": ["2024-01-15T10:30:00.000Z"]})
    deleted_by = fields.String(allow_none=True)
    restorable_until = fields.String(metadata={"format": "date-time", "examples": ["2024-02-14T10:30:00.000Z"]})
    data = fields.Dict(metadata={"description": "The whole entity as it last was"})
