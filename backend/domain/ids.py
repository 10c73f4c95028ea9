"""Ids: UUID text that a client may choose itself, so that offline creation and retries are safe."""

import re
import uuid
from collections.abc import Callable
from typing import Final, TypeAlias

from backend.domain.errors import Invalid, NotFound

NewId: TypeAlias = Callable[[], str]
"""Makes a fresh id; injected, so that tests can foresee it."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}(\1[0-9a-f]{4}){2}\1[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def new_id() -> str:
    """Makes a random id."""
    return str(uuid.uuid4())


def uuid_text(value: object, pointer: str = "/id") -> str:
    """Reads a UUID of any version, in lower case with hyphens; raises `Invalid` at `pointer`."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Invalid.at(pointer, "uuid", "must be a UUID such as 0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10")
    return str(uuid.UUID(value))


def sought_id(text: str) -> str:
    """Reads the id of what is looked for; raises `NotFound` for text that is no id, and so nobody's."""
    try:
        return uuid_text(text)
    except Invalid:
        raise NotFound("id", text[:64]) from None
