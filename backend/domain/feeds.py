"""Feeds: secret addresses under which calendar programs read one department's events."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from backend.domain.changes import Author, instant
from backend.domain.errors import FieldError, Invalid
from backend.domain.fields import Reader, line_of, missing, read, refuse, required

Feed: TypeAlias = dict[str, Any]

NAME_LENGTH: Final = 100
MAX_FEEDS: Final = 100
"""How many feeds a department may have: one for each phone of a large team."""
SECRET_BYTES: Final = 24
"""Of randomness in an address: 192 bits."""
LANGUAGES: Final = ("ko", "en")
USE_NOTED_EVERY: Final = timedelta(hours=1)
"""How exactly the last use is known: a program that asks every minute writes once an hour."""
CLIENT_LENGTH: Final = 120

MEMBERS: Final = (
    "id",
    "department_id",
    "name",
    "busy_only",
    "language",
    "secret",
    "created_at",
    "created_by",
    "last_used_at",
    "last_client",
    "version",
)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid.at("", "type", "must be true or false")
    return value


def _language(value: object) -> str:
    if value not in LANGUAGES:
        raise Invalid.at("", "language", f"must be one of {', '.join(LANGUAGES)}")
    return str(value)


READERS: Final[dict[str, Reader]] = {
    "name": required(line_of(NAME_LENGTH)),
    "busy_only": _flag,
    "language": _language,
}
"""The writable members, each with how it is read."""


def new_secret() -> str:
    """Makes the secret part of an address: letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    """Is what a secret is looked for by; so no index, key or log of the store has the secret itself."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create(fields: Mapping[str, Any], *, id: str, department_id: str, secret: str, at: str, author: Author) -> Feed:
    """Makes a feed; raises `Invalid` with everything that is wrong with `fields`."""
    sent, faults = read(fields, READERS)
    refuse([*faults, *missing(("name",), fields)])
    defaults = {"busy_only": False, "language": LANGUAGES[0]}
    identity = {"id": id, "department_id": department_id, "secret": secret}
    stamps = {"created_at": at, "created_by": author.actor, "last_used_at": None, "last_client": None, "version": 1}
    return _ordered({**defaults, **sent, **identity, **stamps})


def to_row(feed: Feed) -> dict[str, Any]:
    """Makes the row that is stored under the department."""
    return {**feed, "owner": feed["department_id"]}


def from_row(row: Mapping[str, Any]) -> Feed:
    """Makes a feed from its row."""
    return _ordered(row)


def is_use_worth_noting(feed: Feed, now: datetime) -> bool:
    """Tells whether a use is so long after the last one that was noted that it is to be written."""
    last = feed["last_used_at"]
    return last is None or bool(last <= instant(now - USE_NOTED_EVERY))


def used(feed: Feed, *, at: str, client: str | None) -> Feed:
    """Notes a use, and by which program."""
    return {**feed, "last_used_at": at, "last_client": client}


def too_many() -> Invalid:
    """Says that a department has as many feeds as it may have."""
    return Invalid([FieldError("", "too-many", f"a department has at most {MAX_FEEDS} feeds; revoke one first")])


def _ordered(members: Mapping[str, Any]) -> Feed:
    return {name: members.get(name) for name in MEMBERS}
