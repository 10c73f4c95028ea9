"""What became of an entity, version by version, made of its entries in the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from backend.domain.changes import Change

_STAMPS: Final = frozenset({"version", "last_modified", "updated_at", "updated_by", "device_id", "created_by"})
"""Members that change with every version, and say nothing that the version does not say itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """Is a part of a chain of entries, newest first; `following` is the entry that the next page begins with."""

    changes: Sequence[Change]
    following: Change | None

    def as_json(self) -> dict[str, Any]:
        """Shows the versions; the entry that follows only tells what the last of them changed."""
        older = [] if self.following is None else [self.following]
        versions = versions_of([*self.changes, *older])
        complete = not older and bool(self.changes) and self.changes[-1].prior is None
        return {"versions": versions[: len(versions) - len(older)], "complete": complete}


def page_of(chain: Iterable[Change], limit: int | None) -> Page:
    """Takes as many versions off a chain, and reads one more than it shows."""
    taken: list[Change] = []
    told = 0
    for change in chain:
        told += "moved_to" not in change.data
        if limit is not None and told > limit:
            return Page(taken, change)
        taken.append(change)
    return Page(taken, None)


def versions_of(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Shows the versions of an entity, newest first as its entries are given, each with what it changed.

    A move is two entries, of which the one in the new log tells all; what it left in the old log is passed over.
    """
    told = [change for change in changes if "moved_to" not in change.data]
    return [_version(change, older) for change, older in zip_longest(told, told[1:])]


def _version(change: Change, older: Change | None) -> dict[str, Any]:
    return {
        "version": change.version,
        "op": change.op,
        "at": change.at,
        "actor": change.actor,
        "device_id": change.device_id,
        "changed": {} if older is None else _changed(older.data, change.data),
        "data": dict(change.data),
    }


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Tells what each changed member was and is; between a deletion and a life only what both know can differ."""
    names = [name for name in after if name in before and name not in _STAMPS]
    return {name: [before[name], after[name]] for name in names if before[name] != after[name]}
