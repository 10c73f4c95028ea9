"""Feeds as they come in and go out."""

from typing import ClassVar, Final

from marshmallow import fields

from backend.domain import feeds
from backend.domain.ids import uuid_text
from backend.schemas.base import Body, Shown, Text

_READERS: Final = feeds.READERS
_TIMESTAMP: Final = {"format": "date-time", "examples": ["2024-01-15T10:30:00.000Z"]}


class FeedCreate(Body):
    """Is a new feed."""

    IGNORED: ClassVar[tuple[str, ...]] = (
        *(name for name in feeds.MEMBERS if name not in feeds.READERS and name not in ("id", "secret")),
        "address",
    )

    id = Text(
        lambda value: uuid_text(value, ""),
        allow_none=True,
        metadata={"format": "uuid", "description": "A client's own choice, so that a repeat makes no second one"},
    )
    name = Text(
        _READERS["name"],
        required=True,
        metadata={
            "minLength": 1,
            "pattern": r"\S",
            "maxLength": feeds.NAME_LENGTH,
            "description": "Whose phone or program it is for",
            "examples": ["미나의 아이폰"],
        },
    )
    busy_only = fields.Boolean(
        truthy={True},
        falsy={False},
        error_messages={"invalid": "type: must be true or false", "null": "type: must be true or false"},
        metadata={"description": "Tell only when something is, not what; false without it"},
    )
    language = Text(
        _READERS["language"],
        metadata={"enum": list(feeds.LANGUAGES), "description": "Of the word for busy; `ko` without it"},
    )


class FeedRead(Shown):
    """Is a feed as it is."""

    id = fields.String(metadata={"format": "uuid"})
    department_id = fields.String(metadata={"format": "uuid"})
    name = fields.String(metadata={"examples": ["미나의 아이폰"]})
    busy_only = fields.Boolean()
    language = fields.String(metadata={"enum": list(feeds.LANGUAGES)})
    address = fields.String(metadata={"format": "uri", "description": "Where programs read it; who knows it can"})
    created_at = fields.String(metadata=_TIMESTAMP)
    created_by = fields.String(allow_none=True)
    last_used_at = fields.String(
        allow_none=True, metadata={**_TIMESTAMP, "description": "To the hour; null where it never was"}
    )
    last_client = fields.String(allow_none=True, metadata={"description": "What the last program called itself"})
    version = fields.Integer(metadata={"minimum": 1})
