"""The import of an old calendar, as it is asked for and shown."""

from marshmallow import fields
from marshmallow.validate import OneOf

from backend.schemas.base import Body, Shown


class ImportStart(Body):
    """Lets an import run."""

    dry_run = fields.Boolean(load_default=False, metadata={"description": "Write nothing, only tell what would happen"})


class RejectRead(Shown):
    """Is a row that was not taken."""

    source = fields.String(metadata={"description": "The file, or the table"})
    id = fields.String(metadata={"description": "The row's own id there"})
    reason = fields.String()


class ImportRead(Shown):
    """Is an import, and how far it is."""

    id = fields.String(metadata={"format": "uuid"})
    state = fields.String(
        validate=OneOf(["new", "running", "done", "failed", "interrupted"]),
        metadata={"description": "`interrupted`: the server stopped in its midst; start it again, nothing comes twice"},
    )
    dry_run = fields.Boolean()
    files = fields.List(fields.String(), metadata={"description": "What was sent so far"})
    done = fields.Integer(metadata={"description": "Events so far"})
    total = fields.Integer(metadata={"description": "Events altogether, 0 while that is not known"})
    report = fields.Dict(
        keys=fields.String(), allow_none=True, metadata={"description": "As `migrate_to_dynamodb --report`"}
    )
    rejects = fields.List(fields.Nested(RejectRead), metadata={"description": "The first 100 rows that were not taken"})
    detail = fields.String(allow_none=True, metadata={"description": "Why it failed"})
