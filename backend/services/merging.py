"""Edits that were made of an older version than the one that is there."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from backend.domain.errors import Conflict
from backend.domain.merge import merge

Entity = dict[str, Any]

STAMPS: Final = ("last_modified", "updated_at", "updated_by", "device_id")
"""Members that tell of the newest edit, whatever was merged into it."""


def merged_edit(
    current: Entity,
    edit: Callable[[Entity], Entity],
    members: Collection[str],
    base_version: int | None,
    base_of: Callable[[int], Entity | None],
) -> tuple[Entity, Mapping[str, Any] | None]:
    """Applies an edit to what is there, and merges it where it was made of an older version; raises `Conflict`.

    `edit` makes the next version of an entity, or gives it back as it is; `base_of` finds an older version. Where that
    is not retained any more, nobody knows who changed what: all in which the two differ is a conflict. Answers the next
    version, which is `current` where nothing changes, and how it was merged.
    """
    if base_version is None or base_version == current["version"]:
        return edit(current), None
    base = base_of(base_version)
    if base is None:
        if differences := _differences(edit(current), current, members):
            raise Conflict(current["id"], current, differences)
        return current, {"base_version": base_version, "kept": [], "applied": []}
    yours = edit(base)
    merged = merge(base, yours, current, members)
    note = {"base_version": base_version, "kept": list(merged.kept), "applied": list(merged.applied)}
    if not merged.applied:
        return current, note
    stamps: Entity = {name: yours[name] for name in STAMPS if name in yours}
    return {**current, **merged.members, **stamps, "version": current["version"] + 1}, note


def _differences(yours: Entity, theirs: Entity, members: Collection[str]) -> list[dict[str, Any]]:
    return [
        {"field": name, "base": None, "yours": yours[name], "theirs": theirs[name]}
        for name in members
        if yours[name] != theirs[name]
    ]
