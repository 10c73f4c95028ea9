"""Where an object is kept: keys are made here, of ids that the server has checked, and never of what a client wrote."""

import re
from dataclasses import dataclass
from typing import Final

FILES: Final = "files/"
"""Stands before the keys of attachments as they were uploaded."""

THUMBNAILS: Final = "thumbnails/"
"""Stands before the keys of what the server made of them, and can make again."""

INCOMING: Final = "incoming/"
"""Stands before the keys that a store uses by itself for what is not settled yet; whatever is old there is nobody's."""

PROBES: Final = "probes/"
"""Stands before the keys of what is only written to see what a server refuses."""

_SHAPE: Final = re.compile(
    r"(?:files|thumbnails|incoming/files|probes)/[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9]{1,8})?", re.ASCII
)


class BadKey(ValueError):
    """Is no key that the server can have made: a bug, or an object of somebody else's."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Names one object. It has no `..`, no NUL, no upper case and no more than two folders, so it is safe as a path."""

    text: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.text):
            raise BadKey(f"{self.text[:80]!r} is no key")

    def __str__(self) -> str:
        return self.text

    @property
    def is_derived(self) -> bool:
        """Tells whether the object can be made again from another one."""
        return self.text.startswith(THUMBNAILS)


def file_key(attachment_id: str) -> Key:
    """Makes the key of an attachment's file; it stays when the attachment moves to another department.

    An id is one upload's for ever, so what has the key never changes. Raises `BadKey`.
    """
    return Key(f"{FILES}{attachment_id}")


def thumbnail_key(attachment_id: str) -> Key:
    """Makes the key of an attachment's thumbnail. Raises `BadKey`."""
    return Key(f"{THUMBNAILS}{attachment_id}.webp")
