"""REST for devices that synchronise files and calendars."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from flask import Response
from marshmallow import Schema

from backend.api.attachments import begun, download
from backend.api.changes import page
from backend.api.operations import Resource
from backend.api.replies import Reply
from backend.api.requests import author, request_id
from backend.domain.errors import DayroomError
from backend.domain.pages import Snapshot
from backend.problems import problem_of
from backend.schemas.attachments import AttachmentCreate, DownloadLink, DownloadQuery, Nothing
from backend.schemas.departments import DepartmentCreate, DepartmentRestore, DepartmentUpdate
from backend.schemas.errors import loaded
from backend.schemas.events import EventCreate, EventRestore, EventUpdate
from backend.schemas.sync import (
    DeviceRead,
    FilesQuery,
    Pull,
    PulledLogs,
    Push,
    Pushed,
    StatusQuery,
    SyncedFiles,
    SyncStatus,
    op_of,
)
from backend.schemas.uploads import AttachmentBegun
from backend.services.pushing import Mutation
from backend.services.sync import Sync

Fields = Mapping[str, Any]

_NEVER_CACHED: Final = {"Cache-Control": "no-store"}
_READ_BY: Final[Mapping[tuple[str, str], type[Schema]]] = {
    ("event", "create"): EventCreate,
    ("event", "update"): EventUpdate,
    ("event", "restore"): EventRestore,
    ("department", "create"): DepartmentCreate,
    ("department", "update"): DepartmentUpdate,
    ("department", "restore"): DepartmentRestore,
    ("attachment", "create"): AttachmentCreate,
}


def sync_blueprint(sync: Sync) -> Resource:
    """Declares the routes of synchronisation."""
    api = Resource("sync", __name__, description="Sync: for phones and desktops that are away at times")

    @api.operation("GET", "/api/sync/files", query=FilesQuery, answer=SyncedFiles, errors=(410,))
    def list_synced_files(query: Fields) -> Reply:
        """Lists the files of a department that changed, and that are gone, since a position; all without one."""
        return sync.logs.files(query["department_id"], query.get("since"), query.get("limit")), 200, _NEVER_CACHED

    @api.operation("POST", "/api/sync/upload", body=AttachmentCreate, answer=AttachmentBegun)
    def begin_synced_upload(fields: Fields) -> Reply:
        """Announces a file and tells how it goes up; the same as for any attachment."""
        return begun(sync.files, fields)

    @api.operation(
        "GET",
        "/api/sync/download/<string:file_id>",
        query=DownloadQuery,
        answer=DownloadLink,
        errors=(409,),
        redirects=True,
    )
    def download_synced_file(query: Fields, file_id: str) -> Reply:
        """Goes to where the file can be fetched for a while."""
        return download(sync.files, query, file_id)

    @api.operation("GET", "/api/sync/status", query=StatusQuery, answer=SyncStatus)
    def get_sync_status(query: Fields) -> Reply:
        """Tells how far a device is with every department, and which of its uploads have not ended."""
        return sync.logs.status(query["device_id"]), 200, _NEVER_CACHED

    @api.operation("POST", "/api/sync/pull", body=Pull, answer=PulledLogs, creates=False)
    def pull_logs(fields: Fields) -> Reply:
        """Reads many logs at once, each from the position that the device has, or as a snapshot."""
        wanted = {log.lower(): position for log, position in fields["positions"].items()}
        found = sync.logs.pull(fields["device_id"], wanted, fields.get("limit"), author().actor, _described)
        return {"logs": {log: _shown(each) for log, each in found.items()}}, 200, _NEVER_CACHED

    @api.operation("POST", "/api/sync/push", body=Push, answer=Pushed, creates=False)
    def push_mutations(fields: Fields) -> Reply:
        """Applies what a device did, in order, each mutation once; one that is refused stops no other."""
        mutations = [_mutation(sent) for sent in fields["mutations"]]
        results = sync.mutations.push(fields["device_id"], mutations, author(), _described)
        return {"results": results}, 200, _NEVER_CACHED

    @api.operation("GET", "/api/sync/devices", answer=DeviceRead(many=True))
    def list_devices() -> Reply:
        """Lists the devices that synchronise."""
        return sync.logs.devices(), 200, _NEVER_CACHED

    @api.operation("DELETE", "/api/sync/devices/<string:id>")
    def forget_device(id: str) -> Reply:
        """Forgets a device, until it comes again."""
        sync.logs.forget(id)
        return Response(status=204)

    return api


def _mutation(sent: Fields) -> Mutation:
    op, members = op_of(sent["op"]), sent.get("fields_") or {}
    return Mutation(
        mutation_id=sent["mutation_id"],
        op=op,
        type=sent["type"],
        id=sent["id"],
        department_id=sent.get("department_id"),
        base_version=sent.get("base_version"),
        sent=members,
        read=_reader(sent["type"], op, members, sent.get("department_id")),
    )


def _reader(type_: str, op: str, members: Fields, department_id: str | None) -> Callable[[], Fields]:
    """Reads the members of a mutation as REST would, when it is its turn: what is wrong is that mutation's alone."""
    schema = _READ_BY.get((type_, op), Nothing)()
    if (type_, op) == ("attachment", "create"):
        members = {**members, "department_id": department_id}
    return partial(loaded, schema, members)


def _described(error: DayroomError) -> dict[str, Any]:
    return problem_of(error).as_json(instance=None, request_id=request_id())


def _shown(found: Any) -> dict[str, Any]:
    if isinstance(found, Snapshot):
        return page(found)
    return found if isinstance(found, dict) else found.as_json()
