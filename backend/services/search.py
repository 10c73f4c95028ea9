"""Searching all departments at once, in pages that each do a bounded amount of work."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from backend.domain import departments
from backend.domain.errors import NotFound
from backend.domain.pages import Entity, Key
from backend.repositories.departments import DepartmentRepository
from backend.services.events import EventService

DEPARTMENTS_A_PAGE: Final = 10
"""How many departments a page with a `limit` looks through at most: what was typed has often changed after it."""
BEHIND: Final = ("~", "~")
"""The place behind all events of a department."""

Place = tuple[str, str, str, str]
"""Where a search goes on: a department's key in the list, and in it an event's."""


@dataclass(frozen=True, slots=True)
class Found:
    """Is what a search found; `next` is None where nothing is left to look through."""

    entities: list[Entity]
    next: Place | None


class SearchService:
    """Looks through the departments one after the other, in order of their names."""

    def __init__(
        self, directory: DepartmentRepository, events: EventService, *, pause: Callable[[float], None]
    ) -> None:
        self._directory = directory
        self._events = events
        self._pause = pause

    def find(
        self,
        text: str,
        *,
        skip: Set[str] = frozenset(),
        after: Place | None = None,
        limit: int | None = None,
        **dates: Any,
    ) -> Found:
        """Finds the events that have `text` in them, except in the departments to `skip`.

        With a `limit` a page may hold fewer, and be followed by another all the same.
        """
        left = [each for each in self._directory.list().entities if each["id"] not in skip and _is_left(each, after)]
        found: list[Entity] = []
        for department in islice(left, None if limit is None else DEPARTMENTS_A_PAGE):
            room = None if limit is None else limit - len(found)
            goes_on = after and after[:2] == departments.list_key(department)
            page, rest = self._in(department, text, (after[2], after[3]) if after and goes_on else None, room, dates)
            found += page
            if rest or (limit is not None and len(found) == limit):
                return _page(found, department, rest or BEHIND, left)
        return _page(found, left[DEPARTMENTS_A_PAGE - 1], BEHIND, left) if _more(left, limit) else Found(found, None)

    def _in(
        self, department: Entity, text: str, after: Key | None, limit: int | None, dates: dict[str, Any]
    ) -> tuple[list[Entity], Key | None]:
        """Searches one department; one that is deleted meanwhile has nothing."""
        # A large department is read without a pause: at least nobody waits for all of them.
        self._pause(0)
        try:
            listed = self._events.list(department["id"], text=text, after=after, limit=limit, **dates)
        except NotFound:
            return [], None
        return listed.entities, listed.next


def _is_left(department: Entity, after: Place | None) -> bool:
    if after is None:
        return True
    key = departments.list_key(department)
    return key > after[:2] or (key == after[:2] and after[2:] != BEHIND)


def _more(left: list[Entity], limit: int | None) -> bool:
    return limit is not None and len(left) > DEPARTMENTS_A_PAGE


def _page(found: list[Entity], department: Entity, place: Key, left: list[Entity]) -> Found:
    """Tells where a search goes on, unless it has just been through the last department."""
    if place == BEHIND and department is left[-1]:
        return Found(found, None)
    return Found(found, (*departments.list_key(department), *place))
