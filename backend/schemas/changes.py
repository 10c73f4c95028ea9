"""The change log as it goes out, and how it is asked for (contract, section 4)."""

from typing import ClassVar, Final

from marshmallow import fields
from marshmallow.validate import OneOf

from backend.domain.text import words
from backend.schemas.base import Shown, Text
from backend.schemas.paging import CURSOR_LENGTH, PageQuery

_POSITION: Final = {"examples": ["k3v9x1p2:42"]}


class Change(Shown):
    """Is one committed change of one entity."""

    log = fields.String(metadata={"description": "A department's id, or `directory`"})
    seq = fields.Integer(metadata={"minimum": 0, "description": "One more than the entry before; no gaps"})
    epoch = fields.String(metadata={"description": "Changes when the log is restored or made anew"})
    op = fields.String(validate=OneOf(["created", "updated", "deleted"]))
    type = fields.String(validate=OneOf(["event", "attachment", "department"]))
    id = fields.String(metadata={"format": "uuid"})
    version = fields.Integer(metadata={"minimum": 1})
    at = fields.String(metadata={"format": "date-time"})
    actor = fields.String(allow_none=True)
    device_id = fields.String(allow_none=True)
    mutation_id = fields.String(allow_none=True, metadata={"description": "The writer's `Idempotency-Key`"})
    data = fields.Dict(metadata={"description": "The whole entity after the change; what is left after a deletion"})


class ChangesPage(Shown):
    """Is a page of changes, or of a snapshot, and where to go on."""

    SOMETIMES: ClassVar[frozenset[str]] = frozenset({"snapshot", "cursor"})

    log = fields.String(metadata={"description": "A department's id, or `directory`"})
    changes = fields.List(fields.Nested(Change))
    position = fields.String(
        allow_none=True,
        metadata={**_POSITION, "description": "Where to go on from; null before the last page of a snapshot"},
    )
    digest = fields.String(
        allow_none=True, metadata={"description": "Of the living entities at `position`: 16 hex digits; null with it"}
    )
    head = fields.String(metadata={**_POSITION, "description": "The newest position"})
    floor = fields.String(metadata={**_POSITION, "description": "The oldest position that can be resumed from"})
    has_more = fields.Boolean(metadata={"description": "Ask again at once"})
    cursor = fields.String(metadata={"description": "Where a snapshot's next page begins, as `Link` has it too"})
    snapshot = fields.Boolean(metadata={"description": "These are the living entities, not what happened"})


class ChangesQuery(PageQuery):
    """Asks for the changes since a position."""

    since = Text(
        lambda value: words(value, CURSOR_LENGTH),
        metadata={
            **_POSITION,
            "description": "A position as it was answered; `latest` for none but the newest; nothing for a snapshot",
        },
    )
