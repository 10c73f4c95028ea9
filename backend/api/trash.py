"""REST for what was deleted."""

from collections.abc import Mapping
from typing import Any

from backend.api.operations import Resource
from backend.api.replies import Reply, listed
from backend.api.requests import decode_key
from backend.schemas.trash import TrashItem, TrashQuery
from backend.services.trash import TrashService


def trash_blueprint(trash: TrashService) -> Resource:
    """Declares the route of the trash."""
    api = Resource("trash", __name__, description="What was deleted, and can be brought back for 30 days")

    @api.operation("GET", "/api/departments/<string:id>/trash", query=TrashQuery, answer=TrashItem(many=True))
    def list_trash(query: Mapping[str, Any], id: str) -> Reply:
        """Lists what was deleted from the department `id` in the last 30 days, newest first, with who deleted it.

        With `directory` as the `id`, it lists the departments that were deleted.
        """
        after = decode_key(query.get("cursor"))
        return listed(trash.list(id.lower(), text=query.get("q"), after=after, limit=query.get("limit")))

    return api
