"""Lists in pages: `limit` and `cursor` in the query, `Link: <…>; rel="next"` in the answer (RFC 8288)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields

from backend.domain.fields import optional
from backend.domain.text import words
from backend.schemas.base import Query, Text

MAX_LIMIT: Final = 5000
CURSOR_LENGTH: Final = 2048

_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


class Limit(fields.Integer):
    """Is a whole number from 1 to 5,000, in plain digits."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"minimum": 1, "maximum": MAX_LIMIT, "description": "At most so many at once; whole without it."}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if not isinstance(value, str) or not _NUMBER.fullmatch(value) or not 1 <= int(value) <= MAX_LIMIT:
            raise ValidationError(f"limit: must be a number from 1 to {MAX_LIMIT:,}")
        return int(value)


class PageQuery(Query):
    """Asks for one page of a list."""

    limit = Limit()
    cursor = Text(
        optional(lambda value: words(value, CURSOR_LENGTH)),
        metadata={"description": 'Where the page begins: taken from the last answer\'s `Link: rel="next"`, as it is.'},
    )
