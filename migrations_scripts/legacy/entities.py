"""What the rows of an old calendar say, each with the id that it has in Dayroom: on every run, and in every shape."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from unicodedata import normalize
from uuid import UUID, uuid5

from backend.domain import fields
from backend.domain.changes import instant
from migrations_scripts.legacy.rows import Refused, Reject, Row, old_id

DEFAULT_NAMESPACE: Final = "calendar"

_ROOT: Final = UUID("5b0f5ad4-5cf0-4c53-9d6e-0d2c7c1f7a51")
"""Of which every namespace is made; it must never change, or a second run would double every row."""
_MIDNIGHT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?", re.ASCII)
_DEFAULTED: Final = frozenset({"end_date", "timezone"})
"""Members that Dayroom fills in where nothing is said."""
_TRIMMED: Final = frozenset({"name", "title", "url", "category"})


class Ids:
    """Derives Dayroom's ids from the old ones: UUIDv5 of a namespace and a key such as `event:631`."""

    def __init__(self, namespace: str) -> None:
        self._namespace = uuid5(_ROOT, normalize("NFC", namespace))
        self.department = cache(self._department)
        """Is the id of a department."""

    def _department(self, old: int | str) -> str:
        return str(uuid5(self._namespace, f"department:{old}"))

    def event(self, old: int | str) -> str:
        """Is the id of an event."""
        return str(uuid5(self._namespace, f"event:{old}"))

    def file(self, path: str) -> str:
        """Is the id of an attachment that was a file at this path."""
        return str(uuid5(self._namespace, f"file:{path}"))


@dataclass(frozen=True, slots=True)
class OldDepartment:
    """Is a department of the old calendar."""

    row: Row
    old: int | str
    id: str
    created_at: str | None

    @property
    def fields(self) -> dict[str, Any]:
        """Is what Dayroom is asked to store."""
        return _fields(self.row, ("name", "description", "color", "timezone"))

    def is_like(self, stored: Mapping[str, Any]) -> bool:
        """Tells whether the stored department says the same, as far as the old one says anything."""
        return not differing(self.fields, stored)


@dataclass(frozen=True, slots=True)
class OldEvent:
    """Is an event of the old calendar."""

    row: Row
    old: int | str
    id: str
    department_id: str
    created_at: str | None
    last_modified: str | None

    @property
    def fields(self) -> dict[str, Any]:
        """Is what Dayroom is asked to store."""
        names = ("title", "event_date", "end_date", "description", "time", "url", "location", "category", "color")
        return {"title": None, "event_date": None} | _fields(self.row, names)

    def is_like(self, stored: Mapping[str, Any]) -> bool:
        """Tells whether the stored event says the same; only `created_at` is not compared, as one shape lacks it."""
        return (self.last_modified or stored["last_modified"]) == stored["last_modified"] and not differing(
            self.fields, stored
        )


def department_of(row: Row, ids: Ids) -> OldDepartment:
    """Reads a department's row; raises `Refused`."""
    old = _required_id(row)
    return OldDepartment(row, old, ids.department(old), _moment(row, "created_at"))


def event_of(row: Row, ids: Ids) -> OldEvent:
    """Reads an event's row; raises `Refused`."""
    old, department = _required_id(row), old_id(row.members.get("department_id"))
    if department is None:
        raise Refused("unknown department: the row names none")
    created_at, last_modified = _moment(row, "created_at"), _moment(row, "last_modified")
    return OldEvent(
        row,
        old,
        ids.event(old),
        ids.department(department),
        created_at or last_modified,
        last_modified or created_at,
    )


def rejected(row: Row, reason: str) -> Reject:
    """Rejects a row as it stands."""
    return Reject(row.source, old_id(row.members.get("id")), reason, row.members)


def differing(said: Mapping[str, Any], stored: Mapping[str, Any]) -> list[str]:
    """Names the members in which what is stored is not what was said, apart from composition and outer spaces.

    This is on purpose not asked of Dayroom's own domain, as it verifies that too.
    """
    kept = {name: _kept(name, value) for name, value in said.items()}
    return [
        name for name, value in kept.items() if value != stored.get(name) and not (value is None and name in _DEFAULTED)
    ]


def _fields(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _date_of(row.members[name]) for name in names if name in row.members}


def _date_of(value: object) -> object:
    """Takes a date that was written as its midnight for the date that it is."""
    midnight = _MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
    return midnight[1] if midnight else value


def _kept(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    text = normalize("NFC", value)
    if not text.strip():
        return None
    return fields.color(text) if name == "color" else text.strip() if name in _TRIMMED else text


def _required_id(row: Row) -> int | str:
    old = old_id(row.members.get("id"))
    if old is None:
        raise Refused("missing id: without one, a second run could not know the row again")
    return old


def _moment(row: Row, name: str) -> str | None:
    """Reads a timestamp, in UTC where it names no offset, as programs with SQLite's `current_timestamp` wrote them."""
    value = row.members.get(name)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (TypeError, ValueError, OverflowError):
        raise Refused(f"not a timestamp: {name} is {value!r}") from None
