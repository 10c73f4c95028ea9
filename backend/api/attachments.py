"""REST for attachments: their bytes go straight to the store, and come straight from it."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response

from backend.api.operations import Resource
from backend.api.replies import Reply, entity, gone, listed, written
from backend.api.requests import decode_key, intent
from backend.api.signed import shown_offer, shown_request
from backend.domain.ids import sought_id
from backend.schemas.attachments import (
    AttachmentCreate,
    AttachmentQuery,
    AttachmentRead,
    DownloadLink,
    DownloadQuery,
    Nothing,
)
from backend.schemas.uploads import AttachmentBegun
from backend.services.files import Files

Fields = Mapping[str, Any]

_NEVER_CACHED: Final = {"Cache-Control": "no-store"}


def attachments_blueprint(files: Files) -> Resource:
    """Declares the routes of attachments."""
    api = Resource("attachments", __name__, description="Attachments: files that hang on events and departments")

    @api.operation("GET", "/api/attachments", query=AttachmentQuery, answer=AttachmentRead(many=True))
    def list_attachments(query: Fields) -> Reply:
        """Lists the attachments of a department, or of an event."""
        page = {"after": decode_key(query.get("cursor")), "limit": query.get("limit")}
        return listed(files.attachments.list(query.get("department_id"), query.get("event_id"), **page))

    @api.operation("POST", "/api/attachments", body=AttachmentCreate, answer=AttachmentBegun)
    def create_attachment(fields: Fields) -> Reply:
        """Announces a file, reserves its bytes and tells how it goes up; a repeat signs again."""
        return begun(files, fields)

    @api.operation("GET", "/api/attachments/<string:id>", answer=AttachmentRead)
    def get_attachment(id: str) -> Reply:
        """Shows an attachment."""
        return entity(files.attachments.get(sought_id(id)))

    @api.operation("DELETE", "/api/attachments/<string:id>")
    def delete_attachment(id: str) -> Reply:
        """Deletes an attachment; it can be restored for 30 days. An unfinished upload is aborted."""
        return gone(files.attachments.delete(sought_id(id), intent()))

    @api.operation(
        "GET",
        "/api/attachments/<string:id>/download",
        query=DownloadQuery,
        answer=DownloadLink,
        errors=(409,),
        redirects=True,
    )
    def download_attachment(query: Fields, id: str) -> Reply:
        """Goes to where the file can be fetched for a while."""
        return download(files, query, id)

    @api.operation("POST", "/api/attachments/<string:id>/restore", body=Nothing, answer=AttachmentRead, creates=False)
    def restore_attachment(fields: Fields, id: str) -> Reply:
        """Brings a deleted attachment back, within 30 days."""
        return written(files.attachments.restore(sought_id(id), intent()))

    @api.operation("POST", "/api/attachments/<string:id>/retrieve", body=Nothing, answer=AttachmentRead, accepts=True)
    def retrieve_attachment(fields: Fields, id: str) -> Reply:
        """Asks the store to bring an archived file back; it becomes `ready` when it is there."""
        body, _, headers = written(files.downloads.retrieve(sought_id(id), intent()))  # type: ignore[misc]
        return body, 202, headers

    return api


def begun(files: Files, fields: Fields) -> Reply:
    """Announces a file and tells how it goes up."""
    result = files.attachments.announce(fields, intent())
    upload = files.uploads.offer_after(result)
    shown = None if upload is None else shown_offer(upload)
    return written(result, _location, lambda attachment: {"attachment": attachment, "upload": shown})


def download(files: Files, query: Fields, id: str) -> Reply:
    """Signs a download and goes there, or tells where it is."""
    request = files.downloads.sign(
        sought_id(id),
        seconds=query.get("ttl"),
        disposition=query.get("disposition", "attachment"),
        variant=query.get("variant", "original"),
    )
    shown = shown_request(request)
    if query.get("answer") == "json":
        return {name: shown[name] for name in ("url", "expires_at")}, 200, _NEVER_CACHED
    return Response(status=302, headers={"Location": shown["url"], **_NEVER_CACHED})


def _location(attachment: Mapping[str, Any]) -> str:
    return f"/api/attachments/{attachment['id']}"
