"""What S3 answers, in the port's own terms."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from backend.storage.keys import Key
from backend.storage.objects import Part, Proof, State, Stored

_ARCHIVES: Final = {"GLACIER", "DEEP_ARCHIVE"}
_SHA256_BYTES: Final = 32


def stored_of(key: Key, answer: Mapping[str, Any], proof: Proof) -> Stored:
    """Reads an object's description; `proof` is how far the store has checked it."""
    return Stored(
        key,
        int(answer["ContentLength"]),
        str(answer.get("ContentType", "")),
        tag_of(answer),
        answer["LastModified"],
        proof,
        whole_checksum(answer),
        state_of(answer),
    )


def whole_checksum(answer: Mapping[str, Any]) -> str | None:
    """Reads the whole object's SHA-256; the checksum of checksums that S3 keeps of parts is none."""
    written = str(answer.get("ChecksumSHA256", ""))
    return None if is_of_parts(answer) else hex_of(written)


def is_of_parts(answer: Mapping[str, Any]) -> bool:
    """Tells whether it came in parts: then a checksum that it has is one of theirs, not of its bytes."""
    return "-" in str(answer["ETag"]) and answer.get("ChecksumType") != "FULL_OBJECT"


def hex_of(base64: str) -> str | None:
    """Reads a SHA-256 as S3 writes it; None for what is none."""
    try:
        found = b64decode(base64, validate=True)
    except ValueError:
        return None
    return found.hex() if len(found) == _SHA256_BYTES else None


def part_of(answer: Mapping[str, Any]) -> Part:
    """Reads a row of ListParts."""
    checksum = hex_of(str(answer.get("ChecksumSHA256", "")))
    return Part(int(answer["PartNumber"]), int(answer["Size"]), tag_of(answer), checksum)


def tag_of(answer: Mapping[str, Any]) -> str:
    """Reads an entity tag, without the quotes that some servers leave out."""
    return str(answer["ETag"]).strip('"')


def state_of(answer: Mapping[str, Any]) -> State:
    """Tells whether an object can be read; one that was brought back can, for a while."""
    archived = answer.get("StorageClass") in _ARCHIVES or "ArchiveStatus" in answer
    restore = str(answer.get("Restore", ""))
    if not archived or 'ongoing-request="false"' in restore:
        return "at-hand"
    return "returning" if restore else "archived"
