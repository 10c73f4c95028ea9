"""Three-way merge by field: what one side changed since a version both knew is kept, beside what the other changed.

A *unit* is a set of members that mean one thing together, such as an event's dates and times: of those, one side wins
whole, or it is a conflict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.domain.errors import Conflict

Entity = Mapping[str, Any]
Unit = tuple[str, ...]

WHEN: Final[Unit] = ("event_date", "end_date", "start_time", "end_time", "time", "timezone", "recurrence")
"""When an event is: one field for the purpose of merging."""
DERIVED: Final[Mapping[str, Unit]] = {"event_date": ("starts_at", "ends_at")}
"""Members that follow a unit, by its first member."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Is what both sides wanted: the members to write, which of theirs were kept, and which of yours applied."""

    members: Mapping[str, Any]
    kept: Sequence[str]
    applied: Sequence[str]


def units_of(members: Iterable[str]) -> list[Unit]:
    """Groups an entity's writable members into units."""
    names = list(members)
    when = tuple(name for name in WHEN if name in names)
    return [*((when,) if when else ()), *((name,) for name in names if name not in WHEN)]


def merge(base: Entity, yours: Entity, theirs: Entity, members: Iterable[str]) -> Merged:
    """Merges what `yours` and `theirs` made of `base`; raises `Conflict` where they made different things of a unit."""
    written: dict[str, Any] = {}
    kept: list[str] = []
    applied: list[str] = []
    conflicts: list[dict[str, Any]] = []
    for unit in units_of(members):
        mine, other = _differ(yours, base, unit), _differ(theirs, base, unit)
        if mine and other and _differ(yours, theirs, unit):
            conflicts += _rows(base, yours, theirs, unit)
        elif mine and not other:
            written |= {name: yours[name] for name in (*unit, *DERIVED.get(unit[0], ()))}
            applied += mine
        elif other:
            kept += other
    if conflicts:
        raise Conflict(theirs["id"], theirs, conflicts)
    return Merged(written, kept, applied)


def _differ(one: Entity, other: Entity, unit: Unit) -> list[str]:
    return [name for name in unit if one.get(name) != other.get(name)]


def _rows(base: Entity, yours: Entity, theirs: Entity, unit: Unit) -> list[dict[str, Any]]:
    return [
        {"field": name, "base": base.get(name), "yours": yours.get(name), "theirs": theirs.get(name)}
        for name in _differ(yours, theirs, unit)
    ]
