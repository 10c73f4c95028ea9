"""What devices that synchronise ask for beside the log itself: their files, where they stand, many logs at once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from backend.domain.changes import LATEST, Position, instant
from backend.domain.errors import DayroomError, Invalid, NotFound
from backend.domain.pages import Slice, Snapshot
from backend.repositories.attachments import AttachmentRepository
from backend.repositories.departments import DepartmentRepository
from backend.repositories.devices import DeviceRepository
from backend.services.changes import ChangeService

Json = dict[str, Any]
Page = Slice | Snapshot
Describe = Callable[[DayroomError], Json]
"""Tells what a client is told of an error."""


class SyncService:
    """Answers devices."""

    def __init__(
        self,
        changes: ChangeService,
        departments: DepartmentRepository,
        attachments: AttachmentRepository,
        devices: DeviceRepository,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._changes = changes
        self._departments = departments
        self._attachments = attachments
        self._devices = devices
        self._clock = clock
        self.devices = devices.list
        self.forget = devices.forget

    def files(self, department_id: str, since: str | None, limit: int | None = None) -> Json:
        """Tells which files of a department changed and which are gone since a position; all there are, without one.

        Raises `Invalid`, `NotFound`, `PositionExpired`.
        """
        if since is None:
            listed = self._attachments.list(department_id)
            return _files(department_id, listed.entities, [], str(listed.head.position), listed.head.floor_position)
        piece = self._changes.since(department_id, since, limit)
        latest = {change.id: change for change in piece.changes if change.type == "attachment"}
        changed = [dict(change.data) for change in latest.values() if change.op != "deleted"]
        gone = [{**change.data, "version": change.version} for change in latest.values() if change.op == "deleted"]
        shown = _files(department_id, changed, gone, str(piece.position), piece.head.floor_position)
        return {**shown, "head": str(piece.head.position), "has_more": piece.has_more}

    def status(self, device_id: str) -> Json:
        """Tells how far a device is with every department, and which of its uploads have not ended."""
        known = (self._devices.get(device_id) or {}).get("positions", {})
        living = self._departments.list().entities
        departments = [self._standing(each, known.get(each["id"]), device_id) for each in living]
        return {"device_id": device_id, "server_time": instant(self._clock()), "departments": departments}

    def pull(
        self,
        device_id: str,
        positions: Mapping[str, str | None],
        limit: int | None,
        actor: str | None,
        describe: Describe,
    ) -> dict[str, Page | Json]:
        """Reads many logs, each from the position that the device has, and remembers those positions.

        A log that cannot be read is answered by its problem, the others are read all the same.
        """
        found = {log: self._pulled(log, position, limit, describe) for log, position in positions.items()}
        had = {log: str(position) for log, position in positions.items() if isinstance(found[log], Slice)}
        self._devices.saw(device_id, {log: each for log, each in had.items() if each != LATEST}, actor)
        return found

    def _pulled(self, log: str, position: str | None, limit: int | None, describe: Describe) -> Page | Json:
        try:
            return self._changes.snapshot(log, limit) if position is None else self._changes.since(log, position, limit)
        except DayroomError as error:
            return describe(error)

    def _standing(self, department: Mapping[str, Any], position: str | None, device_id: str) -> Json:
        own = [each for each in self._attachments.pending(department["id"]) if each["device_id"] == device_id]
        return {
            "department_id": department["id"],
            "name": department["name"],
            "position": position,
            **self._lag(department["id"], position),
            "pending_uploads": len(own),
            "pending_bytes": sum(each["file_size"] for each in own),
            "bytes": self._attachments.used(department["id"]),
        }

    def _lag(self, log: str, position: str | None) -> Json:
        """Tells how many entries a position is behind; None where it cannot be resumed from."""
        try:
            head = self._changes.head(log)
        except NotFound:  # the department was deleted just now
            return {"head": None, "lag": None}
        try:
            at = Position.parse(position or "")
        except Invalid:
            at = None
        resumes = at is not None and at.epoch == head.epoch and head.floor <= at.seq <= head.seq
        return {"head": str(head.position), "lag": head.seq - at.seq if at and resumes else None}


def _files(log: str, files: list[Json], deleted: list[Json], position: str, floor: Position) -> Json:
    whole = {"log": log, "files": files, "deleted": deleted, "position": position}
    return {**whole, "head": position, "floor": str(floor), "has_more": False}
