"""What every write needs to know about the request that asks for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.domain.changes import Author, Position
from backend.domain.errors import PreconditionFailed, PreconditionRequired


@dataclass(frozen=True, slots=True)
class Precondition:
    """Is an `If-Match`: versions of which one must be there, `any` for `*`; without either it holds always."""

    versions: frozenset[str] = frozenset()
    any: bool = False
    header: str = ""

    @property
    def given(self) -> bool:
        """Tells whether there was one."""
        return self.any or bool(self.header)

    def require(self, current: Mapping[str, Any]) -> None:
        """Raises `PreconditionFailed`, with the entity that is there, where it does not hold."""
        if self.given and not self.any and str(current["version"]) not in self.versions:
            raise PreconditionFailed(self.header, current)


@dataclass(frozen=True, slots=True)
class Intent:
    """Is who wants to write, and on which condition."""

    author: Author = field(default_factory=Author)
    precondition: Precondition = field(default_factory=Precondition)
    strict: bool = False
    """The server wants a precondition on every change of what is there (`REQUIRE_PRECONDITIONS`)."""

    def require(self, current: Mapping[str, Any]) -> None:
        """Raises `PreconditionRequired` or `PreconditionFailed`."""
        if self.strict and not self.precondition.given:
            raise PreconditionRequired
        self.precondition.require(current)


@dataclass(frozen=True, slots=True)
class Written:
    """Is what a write came to: the entity now, where in its log that is, and whether it is new."""

    entity: Mapping[str, Any]
    position: Position
    created: bool = False


def same(there: Mapping[str, Any], new: Mapping[str, Any], members: Iterable[str]) -> bool:
    """Tells whether what is there says the same as what a repeated creation says."""
    return all(there[name] == new[name] for name in members)
