"""The digest of a log's living entities: a sum that a client computes over its own copy to know whether it is right.

It is the sum modulo 2^64 of the first 8 bytes (big-endian) of SHA-256(`<type>:<id>:<version>`), as 16 hex digits, so an
entry's digest follows from its predecessor's by one subtraction and one addition, in any order (contract, section 4).
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

EMPTY: Final = "0" * 16


def term(type_: str, id_: str, version: int) -> int:
    """Computes what one living entity adds to the sum."""
    return int.from_bytes(sha256(f"{type_}:{id_}:{version}".encode()).digest()[:8], "big")


def counts(type_: str, entity: Mapping[str, Any]) -> bool:
    """Tells whether a living entity is in the sum: of attachments those that are ready."""
    return type_ != "attachment" or bool(entity["status"] == "ready")


def shifted(digest: str, *, add: Iterable[int] = (), drop: Iterable[int] = ()) -> str:
    """Moves a digest by the terms of the entities that came and of those that went."""
    return f"{(int(digest, 16) + sum(add) - sum(drop)) % 2**64:016x}"


def digest_of(entities: Iterable[tuple[str, str, int]]) -> str:
    """Computes the digest of a whole set of `(type, id, version)`."""
    return shifted(EMPTY, add=(term(*entity) for entity in entities))
