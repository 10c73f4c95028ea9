"""Attachments as they come in and go out (contract, section 7)."""

from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import OneOf

from backend.domain import attachment_fields as members
from backend.domain import attachments, parts
from backend.domain.fields import optional
from backend.domain.ids import uuid_text
from backend.schemas.base import Body, Number, Query, Shown, Text
from backend.schemas.paging import PageQuery

_READERS: Final = members.READERS
INSTANT: Final = {"format": "date-time", "examples": ["2024-01-15T10:30:00.000Z"]}
_UUID: Final = {"format": "uuid"}
SHA256: Final = {"pattern": "^[0-9A-Fa-f]{64}$", "description": "SHA-256, hexadecimal; kept in lower case"}
_FILE_SIZE: Final = {"minimum": 0, "maximum": parts.MAX_FILE, "description": "Bytes", "examples": [1048576]}
_FILE_NAME: Final = {
    "minLength": 1,
    "maxLength": members.FILE_NAME_LENGTH,
    "pattern": r"^[^/\\\x00-\x1f]*[^/\\\s\x00-\x1f][^/\\\x00-\x1f]*$",
    "examples": ["배치도.png"],
}
_MIME_TYPE: Final = {"maxLength": members.MIME_TYPE_LENGTH, "examples": ["image/png"]}
_TTL_DIGITS: Final = 6


def _identifier(**options: Any) -> Text:
    about = options.pop("about", None)
    metadata = {**_UUID, "description": about} if about else _UUID
    return Text(optional(lambda value: uuid_text(value, "")), metadata=metadata, **options)


class AttachmentCreate(Body):
    """Is a file that is going to be uploaded."""

    IGNORED: ClassVar[tuple[str, ...]] = tuple(name for name in attachments.IGNORED if name != "id")

    id = _identifier(allow_none=True, about="A client's own choice, so that a repeat makes no second one")
    department_id = Text(lambda value: uuid_text(value, ""), required=True, metadata=_UUID)
    event_id = _identifier(allow_none=True, about="The event that it hangs on; null hangs it on the department")
    file_name = Text(_READERS["file_name"], required=True, metadata=_FILE_NAME)
    file_size = Number(_READERS["file_size"], required=True, metadata=_FILE_SIZE)
    mime_type = Text(_READERS["mime_type"], required=True, metadata=_MIME_TYPE)
    checksum_sha256 = Text(_READERS["checksum_sha256"], allow_none=True, metadata=SHA256)
    part_checksums = fields.Boolean(
        allow_none=True,
        truthy={True},
        falsy={False},
        error_messages={"invalid": "boolean: must be true or false"},
        metadata={"description": "Every part will bring its own SHA-256, which the store checks"},
    )


class Nothing(Body):
    """Is a body in which nothing is wanted; the attachment as it was received may come back."""

    IGNORED: ClassVar[tuple[str, ...]] = (*attachments.MEMBERS, "change", "merged", "upload", "attachment")


def described_object(about: str, required: tuple[str, ...], **properties: dict[str, Any]) -> fields.Dict:
    """Describes an object that may be null as it is: alternatives are where generators stumble."""
    shape = {"description": about, "properties": properties, "required": list(required)}
    return fields.Dict(allow_none=True, metadata=shape)


def _thumbnail() -> fields.Dict:
    return described_object(
        "A small picture of the file, for pictures",
        ("status", "width", "height"),
        status={"type": "string", "enum": ["pending", "ready", "failed"]},
        width={"type": ["integer", "null"]},
        height={"type": ["integer", "null"]},
    )


def _failure() -> fields.Dict:
    code = "`size-mismatch`, `checksum-mismatch`, `type-mismatch`, `abandoned` or `lost`"
    return described_object(
        "Why it is `failed`",
        ("code", "found"),
        code={"type": "string", "description": code},
        found={"type": ["string", "null"], "description": "What there was instead of what was declared"},
    )


class AttachmentRead(Shown):
    """Is an attachment as it is."""

    id = fields.String(metadata=_UUID)
    department_id = fields.String(metadata=_UUID)
    event_id = fields.String(allow_none=True, metadata=_UUID)
    file_name = fields.String(metadata={"examples": ["배치도.png"]})
    file_size = fields.Integer(metadata={**_FILE_SIZE, "format": "int64"})
    mime_type = fields.String(metadata={"examples": ["image/png"]})
    checksum_sha256 = fields.String(allow_none=True, metadata={"description": "As the client declared it"})
    verified = fields.String(
        allow_none=True, metadata={"description": "How far it is proven: `object`, `parts` or `size`"}
    )
    status = fields.String(validate=OneOf(list(attachments.TRANSITIONS)))
    failure = _failure()
    thumbnail = _thumbnail()
    device_id = fields.String(allow_none=True)
    created_by = fields.String(allow_none=True)
    created_at = fields.String(metadata=INSTANT)
    updated_at = fields.String(metadata=INSTANT)
    version = fields.Integer(metadata={"minimum": 1, "description": "Counts from 1; also the entity tag"})


class DownloadLink(Shown):
    """Is where a file can be fetched, for a while."""

    url = fields.String(metadata={"format": "uri"})
    expires_at = fields.String(metadata=INSTANT)


def _require_seconds(value: int) -> None:
    if not 1 <= value < 10**_TTL_DIGITS:
        raise ValidationError("range: must be a number of seconds from 1 on")


class AttachmentQuery(PageQuery):
    """Asks for the attachments of a department, or of an event."""

    department_id = _identifier()
    event_id = _identifier()

    @validates_schema
    def of_something(self, data: dict[str, Any], **kwargs: Any) -> None:
        """Refuses to list the attachments of nothing."""
        if not data.get("department_id") and not data.get("event_id"):
            raise ValidationError("required: is required, or event_id", "department_id")


class DownloadQuery(Query):
    """Asks for a file in one way or another."""

    answer = fields.String(
        data_key="as",
        validate=OneOf(["json", "redirect"], error="choice: must be json or redirect"),
        metadata={"description": "`json` answers with the URL instead of going there"},
    )
    ttl = fields.Integer(
        validate=_require_seconds,
        error_messages={"invalid": "type: must be a whole number of seconds"},
        metadata={"minimum": 1, "description": "For how many seconds the URL is good; SIGNED_URL_MAX_TTL at most"},
    )
    disposition = fields.String(
        validate=OneOf(["inline", "attachment"], error="choice: must be inline or attachment"),
        metadata={"description": "`inline` shows images, video, audio and PDF; everything else is always downloaded"},
    )
    variant = fields.String(
        validate=OneOf(["original", "thumbnail"], error="choice: must be original or thumbnail"),
        metadata={"description": "`thumbnail` is a WebP of at most 256 × 256; 404 with Retry-After while it is made"},
    )
