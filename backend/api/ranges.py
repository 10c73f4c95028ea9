"""Which bytes a download is asked for, and on which conditions (RFC 9110, sections 13 and 14)."""

import re
from datetime import datetime
from typing import Final

from flask import Request
from werkzeug.http import parse_date

from backend.domain.errors import FileChanged, RangeNotSatisfiable

_RANGE: Final = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.IGNORECASE | re.ASCII)


def refuse_unless_matching(request: Request, etag: str, modified_at: datetime) -> None:
    """Raises `FileChanged` where `If-Match` or `If-Unmodified-Since` do not hold."""
    if request.headers.get("If-Match"):
        if not request.if_match.contains(etag):
            raise FileChanged
    elif request.if_unmodified_since and modified_at > request.if_unmodified_since:
        raise FileChanged


def client_has_it(request: Request, etag: str, modified_at: datetime) -> bool:
    """Tells whether the client has this state: `If-None-Match`, or without it `If-Modified-Since`."""
    if request.headers.get("If-None-Match"):
        return request.if_none_match.contains_weak(etag)
    return request.if_modified_since is not None and modified_at <= request.if_modified_since


def wanted_bytes(request: Request, size: int, etag: str, modified_at: datetime) -> tuple[int, int] | None:
    """Tells the first and the last byte; None for all of them: no `Range`, several, or `If-Range` of another state.

    Raises `RangeNotSatisfiable`.
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or not (asked[1] or asked[2]) or not _is_state(request, etag, modified_at):
        return None
    if not asked[1]:
        first, last = max(0, size - int(asked[2])), size - 1
    else:
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
        if asked[2] and int(asked[2]) < int(asked[1]):
            return None  # no range at all, and to be ignored
    if first >= size or (not asked[1] and int(asked[2]) == 0):
        raise RangeNotSatisfiable(size)
    return first, last


def _is_state(request: Request, etag: str, modified_at: datetime) -> bool:
    """Tells whether `If-Range`, if there is one, names this state: by a strong tag, or the exact date."""
    said = request.headers.get("If-Range", "").strip()
    if not said:
        return True
    return said == f'"{etag}"' or parse_date(said) == modified_at
