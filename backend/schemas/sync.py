"""What devices that synchronise send and are told (contract, section 7)."""

from typing import Any, ClassVar, Final

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length

from backend.domain.errors import Invalid
from backend.domain.fields import required
from backend.domain.ids import uuid_text
from backend.domain.text import line, words
from backend.schemas.attachments import AttachmentRead
from backend.schemas.base import Body, Query, Shown, Text
from backend.schemas.paging import CURSOR_LENGTH, MAX_LIMIT, Limit

DEVICE_LENGTH: Final = 64
MOST_LOGS: Final = 1000
MOST_MUTATIONS: Final = 1000
_INSTANT: Final = {"format": "date-time", "examples": ["2024-01-15T10:30:00.000Z"]}
_POSITION: Final = {"examples": ["k3v9x1p2:42"]}
_UUID: Final = {"format": "uuid"}
_OPS: Final = {"created": "create", "updated": "update", "deleted": "delete"}
"""What the log calls what it tells is understood, too."""


def _device_name(value: object) -> str:
    name = line(value, DEVICE_LENGTH)
    if not name.isprintable():
        raise Invalid.at("", "characters", "must have printable characters only")
    return name


def _device_id() -> Text:
    about = {"minLength": 1, "maxLength": DEVICE_LENGTH, "pattern": r"\S", "examples": ["pixel-8"]}
    return Text(required(_device_name), required=True, metadata=about)


def _text(limit: int, **options: Any) -> Text:
    about = {"maxLength": limit, **options.pop("about", {})}
    return Text(lambda value: words(value, limit), metadata=about, **options)


class FilesQuery(Query):
    """Asks for the files of a department that changed."""

    department_id = Text(lambda value: uuid_text(value, ""), required=True, metadata=_UUID)
    since = _text(CURSOR_LENGTH, about=_POSITION)
    limit = Limit()


class StatusQuery(Query):
    """Asks how far a device is."""

    device_id = _device_id()


class _Count(fields.Integer):
    """Is how many entries a log may be answered with at most."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_LIMIT:
            raise ValidationError(f"limit: must be a number from 1 to {MAX_LIMIT:,}")
        return value


class Pull(Body):
    """Is which positions a device has, by log; null asks for a snapshot."""

    device_id = _device_id()
    positions = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True, error_messages={"invalid": "type: must be a position, or null"}),
        required=True,
        validate=Length(max=MOST_LOGS, error=f"length: at most {MOST_LOGS:,} logs at once"),
        error_messages={"required": "required: is required", "invalid": "type: must be an object"},
        metadata={"description": "By a department's id, or `directory`", "maxProperties": MOST_LOGS},
    )
    limit = _Count(metadata={"minimum": 1, "maximum": MAX_LIMIT, "description": "Of entries, for each log"})


class PulledLogs(Shown):
    """Is what each log has."""

    logs = fields.Dict(metadata={"description": "By log: as `changes` answers, or a problem with its `status`"})


class _Mutation(Schema):
    mutation_id = Text(
        required(lambda value: line(value, 255)), required=True, metadata={"minLength": 1, "maxLength": 255}
    )
    op = _text(16, required=True, about={"examples": ["create", "update", "delete", "restore", "move"]})
    type = _text(16, required=True, about={"examples": ["event", "department", "attachment"]})
    id = _text(64, required=True, about=_UUID)
    department_id = _text(64, allow_none=True, about=_UUID)
    base_version = fields.Integer(
        strict=True,
        allow_none=True,
        error_messages={"invalid": "type: must be a whole number"},
        metadata={"minimum": 1, "description": "Merges an edit; a deletion or move is refused where it has changed"},
    )
    fields_ = fields.Dict(
        data_key="fields",
        allow_none=True,
        error_messages={"invalid": "type: must be an object"},
        metadata={"description": "The members that REST would be sent"},
    )


class Push(Body):
    """Is what a device did while it was away, in order."""

    device_id = _device_id()
    mutations = fields.List(
        fields.Nested(_Mutation),
        required=True,
        validate=Length(max=MOST_MUTATIONS, error=f"length: at most {MOST_MUTATIONS:,} mutations at once"),
        error_messages={"required": "required: is required", "invalid": "type: must be a list"},
        metadata={"maxItems": MOST_MUTATIONS},
    )


class PushResult(Shown):
    """Is what became of one mutation."""

    SOMETIMES: ClassVar[frozenset[str]] = frozenset({"entity", "problem"})

    mutation_id = fields.String()
    status = fields.Integer(metadata={"description": "As REST would have answered: 200, 201, or the problem's"})
    entity = fields.Dict(metadata={"description": "The entity after it; after a deletion what is left of it"})
    problem = fields.Dict(metadata={"description": "Why it was refused; pointers lead into `fields`"})


class Pushed(Shown):
    """Is what became of each mutation, in order."""

    results = fields.List(fields.Nested(PushResult))


class SyncedFiles(Shown):
    """Is which files changed, and which are gone."""

    log = fields.String(metadata=_UUID)
    files = fields.List(fields.Nested(AttachmentRead))
    deleted = fields.List(fields.Dict(), metadata={"description": "What is left of each, and its `version`"})
    position = fields.String(metadata={**_POSITION, "description": "Where to go on from"})
    head = fields.String(metadata=_POSITION)
    floor = fields.String(metadata=_POSITION)
    has_more = fields.Boolean()


class Standing(Shown):
    """Is how far a device is with a department."""

    department_id = fields.String(metadata=_UUID)
    name = fields.String()
    position = fields.String(allow_none=True, metadata={"description": "What the device had when it pulled last"})
    head = fields.String(allow_none=True, metadata=_POSITION)
    lag = fields.Integer(allow_none=True, metadata={"description": "Entries behind; null where it must begin anew"})
    pending_uploads = fields.Integer(metadata={"description": "Uploads that the device began and did not end"})
    pending_bytes = fields.Integer()
    bytes = fields.Integer(metadata={"description": "What all files of the department take"})


class SyncStatus(Shown):
    """Is how far a device is."""

    device_id = fields.String()
    server_time = fields.String(metadata=_INSTANT)
    departments = fields.List(fields.Nested(Standing))


class DeviceRead(Shown):
    """Is a device that synchronises."""

    id = fields.String()
    actor = fields.String(allow_none=True)
    first_seen_at = fields.String(metadata=_INSTANT)
    last_seen_at = fields.String(metadata=_INSTANT)
    positions = fields.Dict(metadata={"description": "What it had when it pulled last, by log"})


def op_of(name: str) -> str:
    """Reads what was done."""
    return _OPS.get(name, name)
