"""Uploads as they are asked for and signed (contract, section 7)."""

from typing import Any, ClassVar

from marshmallow import Schema, fields
from marshmallow.validate import Length

from backend.domain import parts
from backend.domain.attachment_fields import READERS
from backend.domain.errors import Invalid
from backend.domain.text import words
from backend.schemas.attachments import INSTANT, SHA256, AttachmentRead, Nothing, described_object
from backend.schemas.base import Body, Number, Shown, Text


def _part_number() -> Number:
    return Number(
        _read_part_number, required=True, metadata={"minimum": 1, "maximum": parts.MAX_PARTS, "examples": [1]}
    )


def _read_part_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid.at("", "type", "must be a whole number")
    if not 1 <= value <= parts.MAX_PARTS:
        raise Invalid.at("", "range", f"must be from 1 to {parts.MAX_PARTS:,}")
    return value


class _WantedPart(Schema):
    part_number = _part_number()
    checksum_sha256 = Text(READERS["checksum_sha256"], allow_none=True, metadata=SHA256)


class _SentPart(Schema):
    part_number = _part_number()
    etag = Text(lambda value: words(value, 256), required=True, metadata={"maxLength": 256})


def _parts_of(schema: type[Schema], **options: Any) -> fields.List[Any]:
    return fields.List(
        fields.Nested(schema),
        validate=Length(1, parts.MAX_PARTS, error=f"length: must have 1 to {parts.MAX_PARTS:,} parts"),
        error_messages={"invalid": "type: must be a list", "required": "required: is required", "null": "required: no"},
        **options,
    )


class PartsWanted(Body):
    """Is which parts are to be signed."""

    parts = _parts_of(_WantedPart, required=True)


class UploadEnd(Body):
    """Is what the store answered to the parts that were sent, where the client wants that compared."""

    IGNORED: ClassVar[tuple[str, ...]] = Nothing.IGNORED

    parts = _parts_of(_SentPart)


def _upload() -> fields.Dict:
    return described_object(
        "How the file goes up; null where it is up already, or failed",
        ("mode",),
        mode={"type": "string", "enum": ["single", "multipart"]},
        method={"type": "string", "description": "`single`: PUT"},
        url={"type": "string", "format": "uri", "description": "`single`: where to PUT the file"},
        headers={"type": "object", "description": "`single`: send these headers with it, as they are"},
        expires_at={"type": "string", **INSTANT, "description": "`single`: ask for a new URL after that"},
        part_size={"type": "integer", "description": "`multipart`: bytes of each part but the last"},
        part_count={"type": "integer", "maximum": parts.MAX_PARTS},
    )


class UploadRenewed(Shown):
    """Is how a file goes up, signed again."""

    upload = _upload()


class SignedPart(Shown):
    """Is the request that brings a part."""

    part_number = fields.Integer(metadata={"minimum": 1})
    method = fields.String(metadata={"description": "PUT"})
    url = fields.String(metadata={"format": "uri"})
    headers = fields.Dict(metadata={"description": "Send these headers with it, as they are"})
    expires_at = fields.String(metadata=INSTANT)


class PartsSigned(Shown):
    """Is the requests that bring parts."""

    parts = fields.List(fields.Nested(SignedPart))


class HeldPart(Shown):
    """Is a part that the store holds."""

    part_number = fields.Integer(metadata={"minimum": 1})
    size = fields.Integer(metadata={"minimum": 0})
    etag = fields.String()


class AttachmentBegun(Shown):
    """Is a file that was announced, and how it goes up."""

    attachment = fields.Nested(AttachmentRead)
    upload = _upload()
