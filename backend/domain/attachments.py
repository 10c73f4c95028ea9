"""Attachments: plain dicts, each the whole entity exactly as REST shows it (contract, section 7)."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from backend.domain.attachment_fields import READERS, REQUIRED
from backend.domain.changes import Author
from backend.domain.fields import missing, read, refuse

Attachment: TypeAlias = dict[str, Any]
Fields: TypeAlias = Mapping[str, Any]

MEMBERS: Final = (
    "id",
    "department_id",
    "event_id",
    "file_name",
    "file_size",
    "mime_type",
    "checksum_sha256",
    "verified",
    "status",
    "failure",
    "thumbnail",
    "device_id",
    "created_by",
    "created_at",
    "updated_at",
    "version",
)
"""Every member, in the order in which it is shown."""

DECLARED: Final = ("department_id", *READERS)
"""What a client says of a file when it begins to upload it, and never again."""

IGNORED: Final = (*(name for name in MEMBERS if name not in DECLARED), "change", "merged", "upload")
"""What may come back in a request and means nothing there: programs send back what they received."""

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    "pending": frozenset({"ready", "failed"}),
    "ready": frozenset({"archived", "failed"}),
    "archived": frozenset({"ready", "failed"}),
    "failed": frozenset(),
}
"""What each status may become. A file that is ready fails only where the store has lost it."""

ABANDONED: Final = "abandoned"
LOST: Final = "lost"


class Impossible(ValueError):
    """Is a change of status that no attachment makes."""


def create(fields: Fields, *, id: str, department_id: str, at: str, author: Author) -> Attachment:
    """Makes the first version of an attachment, `pending`; raises `Invalid` with everything that is wrong."""
    sent, faults = read(fields, READERS)
    refuse([*faults, *missing(REQUIRED, fields)])
    identity = {"id": id, "department_id": department_id, "status": "pending", "version": 1}
    stamps = {"device_id": author.device_id, "created_by": author.actor, "created_at": at, "updated_at": at}
    return _ordered({**sent, **identity, **stamps})


def completed(attachment: Attachment, *, verified: str, at: str) -> Attachment:
    """Makes the version whose file is whole; a picture waits for its thumbnail from then on."""
    awaited = attachment["mime_type"].startswith("image/") and attachment["file_size"] > 0
    thumbnail = {"status": "pending", "width": None, "height": None} if awaited else None
    return _changed(attachment, at, status="ready", verified=verified, thumbnail=thumbnail)


def failed(attachment: Attachment, *, code: str, found: str | None, at: str) -> Attachment:
    """Makes the version that will not become a file any more; `found` is what there was instead of what was meant."""
    return _changed(attachment, at, status="failed", verified=None, failure={"code": code, "found": found})


def archived(attachment: Attachment, *, at: str) -> Attachment:
    """Makes the version whose file the store has put away."""
    return _changed(attachment, at, status="archived")


def brought_back(attachment: Attachment, *, at: str) -> Attachment:
    """Makes the version whose file can be read again."""
    return _changed(attachment, at, status="ready")


def with_thumbnail(attachment: Attachment, size: tuple[int, int] | None, *, at: str) -> Attachment:
    """Makes the version that has a thumbnail of this width and height, or of which none can be made."""
    width, height = size or (None, None)
    thumbnail = {"status": "failed" if size is None else "ready", "width": width, "height": height}
    if thumbnail == attachment["thumbnail"]:
        return attachment
    return _next({**attachment, "thumbnail": thumbnail}, attachment, at)


def renewed(content: Mapping[str, Any], current: Mapping[str, Any], *, at: str) -> Attachment:
    """Makes the next version after `current` (a tombstone or an attachment) from the content of an older one."""
    return _next(content, current, at)


def moved(attachment: Attachment, department_id: str, *, at: str) -> Attachment:
    """Makes the next version of an attachment, in another department."""
    return _next({**attachment, "department_id": department_id}, attachment, at)


def weight(attachment: Mapping[str, Any]) -> int:
    """Tells how many bytes an attachment takes of its department's quota, from the beginning of its upload on."""
    return 0 if attachment["status"] == "failed" else int(attachment["file_size"])


def place(event_id: str | None, created_at: str = "") -> str:
    """Is what attachments are sorted by, within a department: their event, then the time when they were begun."""
    return f"{event_id or '-'} {created_at}"


def list_key(attachment: Mapping[str, Any]) -> tuple[str, str]:
    """Is what lists are sorted by."""
    return place(attachment["event_id"], attachment["created_at"]), attachment["id"]


def to_row(attachment: Attachment) -> dict[str, Any]:
    """Makes the row that is stored; `pending` puts it into the index of what is unfinished: uploads, thumbnails."""
    row = {name: value for name, value in attachment.items() if value is not None}
    row["place"] = list_key(attachment)[0]
    return {**row, "pending": row["department_id"]} if is_unfinished(attachment) else row


def is_unfinished(attachment: Mapping[str, Any]) -> bool:
    """Tells whether an upload has not ended, or a file waits for its thumbnail."""
    return bool(attachment["status"] == "pending") or awaits_thumbnail(attachment)


def awaits_thumbnail(attachment: Mapping[str, Any]) -> bool:
    """Tells whether a file waits for its thumbnail."""
    return attachment["status"] == "ready" and (attachment["thumbnail"] or {}).get("status") == "pending"


def from_row(row: Mapping[str, Any]) -> Attachment:
    """Makes an attachment from a living row: every member, and nothing that is only the store's."""
    return _ordered(row)


def tombstone(attachment: Attachment, data: Mapping[str, Any], *, at: str, by: str | None = None) -> dict[str, Any]:
    """Makes the row of an attachment that was deleted (`by` whom) or moved: its next version, with what it was.

    One that was deleted by itself is in the trash; one that went with its event is found with that.
    """
    row = {"version": attachment["version"] + 1, "deleted_at": at, "was": attachment}
    shown = {name: value for name, value in data.items() if value is not None}
    if "moved_to" in data:
        return {**shown, **row}
    found = {"place": list_key(attachment)[0]} if "with_event" in data else {"trash": attachment["department_id"]}
    return {**shown, **row, **found, **({} if by is None else {"deleted_by": by})}


def deleted_data(attachment: Attachment, *, moved_to: str | None = None, with_event: bool = False) -> dict[str, Any]:
    """Is what the log tells of an attachment that is gone from a department: deleted, or `moved_to` another.

    `with_event` says that it went because its event did: it comes back with it.
    """
    left = {name: attachment[name] for name in ("id", "department_id", "event_id", "file_name")}
    why = {"moved_to": moved_to} if moved_to is not None else {"with_event": True} if with_event else {}
    return {**left, **why}


def _changed(attachment: Attachment, at: str, **members: Any) -> Attachment:
    if members["status"] not in TRANSITIONS[attachment["status"]]:
        raise Impossible(f"{attachment['status']} does not become {members['status']}")
    return _next({**attachment, **members}, attachment, at)


def _next(content: Mapping[str, Any], current: Mapping[str, Any], at: str) -> Attachment:
    return _ordered({**content, "updated_at": at, "version": current["version"] + 1})


def _ordered(members: Mapping[str, Any]) -> Attachment:
    return {name: members.get(name) for name in MEMBERS}
