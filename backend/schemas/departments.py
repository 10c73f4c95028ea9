"""Departments as they come in and go out (contract, section 2)."""

from typing import ClassVar, Final

from marshmallow import Schema, fields

from backend.domain import departments
from backend.domain.ids import uuid_text
from backend.schemas.base import COLOR, COLOR_PATTERN, Body, Shown, Text, base_version, merged
from backend.schemas.paging import PageQuery

_READERS: Final = departments.READERS
_NAME: Final = {
    "minLength": 1,
    "pattern": r"\S",
    "maxLength": departments.NAME_LENGTH,
    "description": "Unique among living departments, whatever its case or composition",
    "examples": ["개발팀"],
}


class _Content(Schema):
    description = Text(
        _READERS["description"],
        allow_none=True,
        metadata={"maxLength": departments.DESCRIPTION_LENGTH, "examples": ["본사 3층"]},
    )
    color = Text(
        _READERS["color"],
        allow_none=True,
        metadata={"pattern": COLOR_PATTERN, "description": COLOR, "examples": ["#1a73e8"]},
    )
    timezone = Text(
        _READERS["timezone"],
        allow_none=True,
        metadata={"description": "IANA name; the server's default without it", "examples": ["Asia/Seoul"]},
    )


class DepartmentCreate(Body, _Content):
    """Is a new department."""

    IGNORED: ClassVar[tuple[str, ...]] = tuple(name for name in departments.IGNORED if name != "id")

    id = Text(
        lambda value: uuid_text(value, ""),
        allow_none=True,
        metadata={"format": "uuid", "description": "A client's own choice, so that a repeat makes no second one"},
    )
    name = Text(_READERS["name"], required=True, metadata=_NAME)


class DepartmentUpdate(Body, _Content):
    """Is what changes of a department: members that are absent stay as they are, null clears."""

    IGNORED: ClassVar[tuple[str, ...]] = departments.IGNORED

    base_version = base_version()
    name = Text(_READERS["name"], metadata=_NAME)


class DepartmentRestore(Body):
    """Is under which name a department comes back: its own, without one."""

    name = Text(_READERS["name"], metadata=_NAME)


class DepartmentRead(Shown):
    """Is a department as it is."""

    SOMETIMES: ClassVar[frozenset[str]] = frozenset({"merged"})

    id = fields.String(metadata={"format": "uuid"})
    name = fields.String(metadata={"examples": ["개발팀"]})
    description = fields.String(allow_none=True)
    color = fields.String(allow_none=True, metadata={"description": "`#rrggbb`"})
    timezone = fields.String(metadata={"description": "IANA name", "examples": ["Asia/Seoul"]})
    created_at = fields.String(metadata={"format": "date-time", "examples": ["2024-01-15T10:30:00.000Z"]})
    updated_at = fields.String(metadata={"format": "date-time", "examples": ["2024-01-15T10:30:00.000Z"]})
    version = fields.Integer(metadata={"minimum": 1, "description": "Counts from 1; also the entity tag"})
    merged = merged()


class DepartmentQuery(PageQuery):
    """Asks for the list of departments."""

    name = fields.String(metadata={"description": "Only the department of exactly this name"})
