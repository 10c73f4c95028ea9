"""Searches as they come in."""

from typing import Final

from backend.domain.errors import Invalid
from backend.domain.fields import required
from backend.domain.ids import uuid_text
from backend.domain.text import words
from backend.schemas.base import Text
from backend.schemas.events import QUERY_LENGTH, RangeQuery

MAX_SKIPPED: Final = 100


def _ids(value: object) -> frozenset[str]:
    """Reads ids with commas between them; raises `Invalid`, relative to the member."""
    parts = [part for part in str(value).split(",") if part.strip()]
    if len(parts) > MAX_SKIPPED:
        raise Invalid.at("", "too-many", f"has {len(parts):,} ids; at most {MAX_SKIPPED} are possible")
    return frozenset(uuid_text(part.strip(), "") for part in parts)


class SearchQuery(RangeQuery):
    """Asks for events of all departments."""

    q = Text(
        required(lambda value: words(value, QUERY_LENGTH)),
        required=True,
        metadata={
            "minLength": 1,
            "pattern": r"\S",
            "maxLength": QUERY_LENGTH,
            "description": "What an event has anywhere in its title, description, location, category or tags",
        },
    )
    skip = Text(
        _ids,
        metadata={
            "description": f"Departments not to look through, at most {MAX_SKIPPED} ids with commas between them: "
            "those that a client has copies of"
        },
    )
