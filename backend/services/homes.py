"""Writes where an entity is: its department's log, followed where the entity moves meanwhile."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from backend.domain.errors import NotFound
from backend.repositories.decisions import Decision, View
from backend.services.writing import Intent, Outcome, Writer, Written


class Homes(Protocol):
    """Knows where entities are."""

    def department_of(self, entity_id: str) -> str:
        """Tells in which department an entity is, or last was; raises `NotFound`."""
        ...


def commit_at_home(
    writer: Writer,
    homes: Homes,
    entity_id: str,
    decide: Callable[[str, View], Decision[Outcome]],
    intent: Intent,
) -> Written:
    """Commits a decision in the department where an entity is; one that moves away meanwhile is followed."""
    home = homes.department_of(entity_id)
    while True:
        try:
            return writer.commit(home, partial(decide, home), intent)
        except NotFound:
            left, home = home, homes.department_of(entity_id)
            if home == left:
                raise
