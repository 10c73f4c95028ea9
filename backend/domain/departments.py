"""Departments: plain dicts, each the whole entity exactly as REST shows it (contract, section 2)."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from backend.domain import fields as members
from backend.domain.fields import Reader, line_of, missing, optional, prose_of, read, refuse, required
from backend.domain.text import name_key

Department: TypeAlias = dict[str, Any]
Fields: TypeAlias = Mapping[str, Any]

NAME_LENGTH: Final = 200
DESCRIPTION_LENGTH: Final = 20_000

DIRECTORY: Final = "directory"
"""The log of the departments themselves."""

MEMBERS: Final = ("id", "name", "description", "color", "timezone", "created_at", "updated_at", "version")
"""Every member, in the order in which it is shown."""

READERS: Final[dict[str, Reader]] = {
    "name": required(line_of(NAME_LENGTH)),
    "description": optional(prose_of(DESCRIPTION_LENGTH)),
    "color": optional(members.color),
    "timezone": optional(members.zone),
}

WRITABLE: Final = tuple(READERS)
"""What people may change."""

IGNORED: Final = (*(name for name in MEMBERS if name not in READERS), "change", "merged", "scope")
"""What may come back in a request and means nothing there: programs send back what they received."""


def create(
    fields: Fields,
    *,
    id: str,
    timezone: str,
    at: str,
    created_at: str | None = None,
    updated_at: str | None = None,
) -> Department:
    """Makes the first version of a department; raises `Invalid` with everything that is wrong with `fields`.

    `timezone` is the default; `at` is now. A migration passes the timestamps of before.
    """
    sent, faults = read(fields, READERS)
    refuse([*faults, *missing(("name",), fields)])
    sent["timezone"] = sent.get("timezone") or timezone
    stamps = {"created_at": created_at or at, "updated_at": updated_at or created_at or at}
    return _ordered({**sent, **stamps, "id": id, "version": 1})


def update(department: Department, fields: Fields, *, at: str, timezone: str | None = None) -> Department:
    """Makes the next version; the same object where nothing changes. Raises `Invalid` with everything that is wrong.

    Members that are absent stay, null clears. `timezone` is the default, to which a cleared zone returns.
    """
    sent, faults = read(fields, READERS)
    refuse(faults)
    if "timezone" in sent:
        sent["timezone"] = sent["timezone"] or timezone or department["timezone"]
    if all(department[name] == value for name, value in sent.items()):
        return department
    return _ordered({**department, **sent, "updated_at": at, "version": department["version"] + 1})


def list_key(department: Department) -> tuple[str, str]:
    """Is what lists are sorted by."""
    return name_key(department["name"]), department["id"]


def to_row(department: Department) -> dict[str, Any]:
    """Makes the row of a living department; `log` and `name_key` put it into the index of the living."""
    row = {name: value for name, value in department.items() if value is not None}
    return {**row, "log": DIRECTORY, "name_key": name_key(department["name"])}


def from_row(row: Mapping[str, Any]) -> Department:
    """Makes a department from a living row: every member, and nothing that is only the store's."""
    return _ordered(row)


def tombstone(department: Department, *, at: str, by: str | None = None) -> dict[str, Any]:
    """Makes the row of a department that was deleted `by` somebody: found by its name, and in the directory's trash."""
    row = {"version": department["version"] + 1, "deleted_at": at, "was": department, "trash": DIRECTORY}
    row |= {} if by is None else {"deleted_by": by}
    return {"id": department["id"], "name": department["name"], **row}


def revived(tombstone: Mapping[str, Any], *, at: str, name: str | None = None) -> Department:
    """Makes the next version of a deleted department, perhaps under another name; raises `Invalid`."""
    was = tombstone["was"]
    sent, faults = read({} if name is None else {"name": name}, READERS)
    refuse(faults)
    return _ordered({**was, **sent, "updated_at": at, "version": tombstone["version"] + 1})


def deleted_data(department: Department) -> dict[str, Any]:
    """Is what the log tells of a department that was deleted."""
    return {"id": department["id"], "department_id": department["id"], "name": department["name"]}


def _ordered(values: Mapping[str, Any]) -> Department:
    return {name: values.get(name) for name in MEMBERS}
