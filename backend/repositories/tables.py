"""Every table, key and index, declared once and next to each other.

`departments` and `events` keep the names that the organisation's existing programs know.
"""

from typing import Final

from backend.repositories.database import Attribute, Index, Item, Table

DIRECTORY: Final = "directory"
"""The log that holds the departments themselves; every other log is named by its department's id."""

DEPARTMENTS_BY_NAME: Final = Index("name-index", Attribute("name"), Attribute("id"))
"""Finds a department by its exact name, also a deleted one."""

DEPARTMENTS_LIVING: Final = Index("log-index", Attribute("log"), Attribute("name_key"))
"""Lists the living departments by name: only they carry `log` (always `directory`) and `name_key` (casefolded)."""

TRASH_INDEX: Final = Index("trash-index", Attribute("trash"), Attribute("deleted_at"))
"""Lists what was deleted by when: only deleted entities carry `trash`, the log that they were deleted from."""

DEPARTMENTS: Final = Table(
    "departments", Attribute("id"), indexes=(DEPARTMENTS_BY_NAME, DEPARTMENTS_LIVING, TRASH_INDEX)
)

EVENTS_BY_DATE: Final = Index("department-date-index", Attribute("department_id"), Attribute("event_date"))
"""Finds the living events that begin in a range of dates; a deleted event carries no `event_date`."""

EVENTS_BY_UNTIL: Final = Index("department-until-index", Attribute("department_id"), Attribute("until"))
"""Finds what began earlier and still goes on: only events that last longer than two dates or recur carry `until`."""

EVENTS: Final = Table(
    "events", Attribute("id"), Attribute("department_id"), indexes=(EVENTS_BY_DATE, EVENTS_BY_UNTIL, TRASH_INDEX)
)

ATTACHMENTS_BY_PLACE: Final = Index("department-event-index", Attribute("department_id"), Attribute("place"))
"""Lists a department's attachments by their event: the living ones, and those that went with it."""

ATTACHMENTS_PENDING: Final = Index("pending-index", Attribute("pending"), Attribute("created_at"))
"""Finds the uploads of a department that have not ended: only they carry `pending`, the department's id."""

ATTACHMENTS: Final = Table(
    "attachments",
    Attribute("id"),
    Attribute("department_id"),
    indexes=(ATTACHMENTS_BY_PLACE, ATTACHMENTS_PENDING, TRASH_INDEX),
)

UPLOADS: Final = Table("uploads", Attribute("id"), Attribute("part", int), expires=True)
"""What stores must be told of uploads in parts: item 0 of each is the upload, the others are its parts' checksums."""

DEVICES: Final = Table("devices", Attribute("realm"), Attribute("id"), expires=True)
"""The devices that synchronise, all in one realm, with the positions that they have."""

CHANGES: Final = Table("changes", Attribute("log"), Attribute("seq", int), expires=True)
"""The logs: item 0 of each is its head, the others are its entries."""

GUARDS: Final = Table("guards", Attribute("key"), expires=True)
"""What must be unique: living departments' names, ids over all departments, and idempotency keys for a day.

Beside them how many bytes the files of each department take.
"""

FEEDS: Final = Table("feeds", Attribute("owner"), Attribute("id"))
"""Addresses that calendar programs subscribe to, each twice: under its department, and under its secret's hash."""

TABLES: Final = (DEPARTMENTS, EVENTS, ATTACHMENTS, CHANGES, GUARDS, FEEDS, UPLOADS, DEVICES)


def head_key(log: str) -> Item:
    """Is the key of a log's head."""
    return {"log": log, "seq": 0}


def name_guard(name_key: str) -> Item:
    """Is the key of the guard that keeps a department's name unique; `name_key` is NFC and casefolded."""
    return {"key": f"name:{name_key}"}


def id_guard(entity_id: str) -> Item:
    """Is the key of the guard that keeps an id unique over all departments."""
    return {"key": f"id:{entity_id}"}


def idempotency_guard(key: str) -> Item:
    """Is the key of the record that makes a write happen once; `key` is what the client calls it."""
    return {"key": f"once:{key}"}


def feed_key(department_id: str, feed_id: str) -> Item:
    """Is the key of a feed in its department."""
    return {"owner": department_id, "id": feed_id}


def feed_address_key(secret_hash: str) -> Item:
    """Is the key of the item that leads from a secret to its feed."""
    return {"owner": f"secret:{secret_hash}", "id": "feed"}


def bytes_guard(department_id: str) -> Item:
    """Is the key of the sum of what a department's files take; there is none where they take nothing."""
    return {"key": f"bytes:{department_id}"}
