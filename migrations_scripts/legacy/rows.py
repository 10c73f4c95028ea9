"""Rows as the old programs kept them, under Dayroom's names, and what is rejected with the reason.

The values stay exactly as they were written: what they mean is decided by `entities` and by Dayroom's own domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

DEPARTMENT_NAMES: Final = ("id", "name", "description", "color", "timezone", "created_at")
EVENT_NAMES: Final = (
    "id",
    "department_id",
    "event_date",
    "end_date",
    "title",
    "description",
    "time",
    "url",
    "location",
    "category",
    "color",
    "created_at",
    "last_modified",
)
"""The members that are carried over; what else a row has is left out, and the report says so."""

ALIASES: Final = {"date": "event_date", "updatedat": "last_modified"}
LARGEST_ID: Final = 2**63


@dataclass(frozen=True, slots=True)
class Row:
    """Is one row: where it stands, its members under Dayroom's names, and the names that mean nothing here."""

    source: str
    members: Mapping[str, Any]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """Is a row that cannot be taken, exactly as it stands, and the reason."""

    source: str
    id: int | str | None
    reason: str
    row: Any


@dataclass
class Refused(Exception):
    """Says why a row cannot be taken."""

    reason: str


def row_of(source: str, raw: object, place: Mapping[str, str], names: tuple[str, ...]) -> Row | Reject:
    """Reads a row; `place` is what the levels above it say, as in `{"3": {"2024-01-15": [row]}}`."""
    if not isinstance(raw, Mapping):
        return Reject(source, None, f"not an object: {type(raw).__name__}", raw)
    try:
        members = _renamed(raw, {name.replace("_", ""): name for name in names} | ALIASES)
        return Row(source, _placed(members, place), tuple(name for name in members if name not in names))
    except Refused as refused:
        return Reject(source, _id_in(raw), refused.reason, {**place, **raw})


def fold(name: str) -> str:
    """Is the form in which `DepartmentId`, `departmentId` and `department_id` are one name."""
    return name.replace("_", "").lower()


def old_id(value: object) -> int | str | None:
    """Reads an id of the old programs: 631, "631" and 631.0 are the same; None where it is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        text = value.strip()
        value = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ID)) else text
    usable = isinstance(value, int | str) and not isinstance(value, bool) and value != ""
    return value if usable else None  # type: ignore[return-value]


def _id_in(raw: Mapping[str, Any]) -> int | str | None:
    return next((old_id(value) for name, value in raw.items() if fold(name) == "id"), None)


def _renamed(raw: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for written, value in raw.items():
        name = known.get(fold(written), written)
        if name in members and members[name] != value:
            raise Refused(f"contradiction: {name} is there twice")
        members[name] = value
    return members


def _placed(members: dict[str, Any], place: Mapping[str, str]) -> dict[str, Any]:
    """Adds what the levels above a row say; raises `Refused` where the row itself says something else."""
    for name, value in place.items():
        own = members.get(name)
        if own is None or own == "":
            members[name] = value
        elif not _same(own, value):
            raise Refused(f"contradiction: {name} is {own!r}, but the row stands under {value!r}")
    return members


def _same(own: object, above: str) -> bool:
    return old_id(own) == old_id(above) or (isinstance(own, str) and own[:10] == above)
