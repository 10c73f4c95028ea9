"""How every error looks: `application/problem+json` (RFC 9457; contract, section 1)."""

from typing import ClassVar

from marshmallow import fields

from backend.schemas.base import Shown


class FieldErrorSchema(Shown):
    """Says what is wrong with one member of what was sent."""

    pointer = fields.String(
        metadata={"description": "A JSON pointer into the body, or `/name` of a parameter", "examples": ["/tags/3"]}
    )
    code = fields.String(metadata={"description": "What is wrong, for programs", "examples": ["too-long"]})
    detail = fields.String(metadata={"description": "What is wrong, for people"})


class ProblemSchema(Shown):
    """Is an error of any request."""

    SOMETIMES: ClassVar[frozenset[str]] = frozenset(
        {
            "detail",
            "instance",
            "errors",
            "current",
            "conflicts",
            "kind",
            "name",
            "action",
            "reason",
            "position",
            "head",
            "floor",
            "missing",
            "declared",
            "found",
            "limit",
            "used",
        }
    )

    type = fields.String(metadata={"format": "uri-reference", "description": "Names the kind of error"})
    title = fields.String(metadata={"description": "The kind of error, in words"})
    status = fields.Integer(metadata={"description": "The HTTP status", "examples": [422]})
    detail = fields.String(metadata={"description": "What went wrong this time"})
    instance = fields.String(metadata={"format": "uri-reference", "description": "The path that was asked"})
    code = fields.String(metadata={"description": "The kind of error, for programs", "examples": ["validation"]})
    request_id = fields.String(metadata={"description": "The same as `X-Request-Id`; it finds the log lines"})
    errors = fields.List(
        fields.Nested(FieldErrorSchema), metadata={"description": "`validation`: everything that is wrong"}
    )
    current = fields.Dict(
        allow_none=True, metadata={"description": "`precondition-failed`, `conflict`: the entity now; null if deleted"}
    )
    conflicts = fields.List(
        fields.Dict(), metadata={"description": "`conflict`: `{field, base, yours, theirs}` of each member"}
    )
    kind = fields.String(metadata={"description": "`not-found`: what kind of thing is not there"})
    name = fields.String(metadata={"description": "`name-taken`: the name"})
    action = fields.String(metadata={"description": "`position-expired`: what to do", "examples": ["replace"]})
    reason = fields.String(metadata={"description": "`position-expired`: `expired` or `epoch`"})
    position = fields.String(metadata={"description": "`position-expired`: what was asked"})
    head = fields.String(metadata={"description": "`position-expired`: the newest position of the log"})
    floor = fields.String(metadata={"description": "`position-expired`: the oldest that can be resumed from"})
    missing = fields.List(
        fields.Integer(), metadata={"description": "`upload-incomplete`: the numbers of missing parts, at most 1,000"}
    )
    declared = fields.Raw(metadata={"description": "`…-mismatch`: what was declared"})
    found = fields.Raw(metadata={"description": "`…-mismatch`: what came instead, where that is known"})
    limit = fields.Integer(metadata={"description": "`too-large`: how many bytes are possible"})
    used = fields.Integer(metadata={"description": "`too-large`: how many bytes of a department's quota are taken"})
