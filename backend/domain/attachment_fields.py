"""What each member that a client declares of a file may be, and what it becomes."""

import re
from typing import Final
from unicodedata import category

from backend.domain.errors import Invalid
from backend.domain.fields import Reader, optional, required
from backend.domain.ids import uuid_text
from backend.domain.text import line

FILE_NAME_LENGTH: Final = 255
MIME_TYPE_LENGTH: Final = 255

_SEPARATORS: Final = frozenset("/\\")
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Turns the direction of writing: `annexe\u202egpj.exe` would be shown as `annexeexe.jpg`."""
_TOKEN: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_MIME_TYPE: Final = re.compile(
    rf"(?P<kind>[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{{0,126}}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{{0,126}})"
    rf"(?P<parameters>(?: ?; ?{_TOKEN}=(?:{_TOKEN}|\"[A-Za-z0-9 _.:/-]*\"))*)",
    re.ASCII,
)
"""RFC 6838, section 4.2, with parameters (RFC 9110, section 8.3.1)."""
_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


def file_name(value: object) -> str:
    """Reads the name of a file: what a person may call one on any system, without folders."""
    name = line(value, FILE_NAME_LENGTH)
    if _SEPARATORS & set(name):
        raise Invalid.at("", "file-name", "must be the name of a file, without folders: no / and no \\")
    if any(category(character) == "Cc" for character in name) or _TURNING & set(name):
        raise Invalid.at("", "characters", "holds control characters")
    if name in {".", ".."}:
        raise Invalid.at("", "file-name", "must be the name of a file, not of a folder")
    return name


def file_size(value: object) -> int:
    """Reads a number of bytes."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid.at("", "type", "must be a whole number of bytes")
    if not 0 <= value < 2**63:
        raise Invalid.at("", "range", "must not be negative, nor have more digits than any disk")
    return value


def mime_type(value: object) -> str:
    """Reads the type of a file's content; its names mean the same in any case, and are kept in lower case."""
    text = line(value, MIME_TYPE_LENGTH)
    found = _MIME_TYPE.fullmatch(text)
    if found is None:
        raise Invalid.at("", "mime-type", "must be a type such as image/png or application/octet-stream")
    return found["kind"].lower() + found["parameters"]


def checksum(value: object) -> str:
    """Reads a SHA-256 in hexadecimal; it is kept in lower case."""
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise Invalid.at("", "checksum", "must be a SHA-256: 64 hexadecimal digits")
    return value.lower()


READERS: Final[dict[str, Reader]] = {
    "event_id": optional(lambda value: uuid_text(value, "")),
    "file_name": required(file_name),
    "file_size": required(file_size),
    "mime_type": required(mime_type),
    "checksum_sha256": optional(checksum),
}
REQUIRED: Final = ("file_name", "file_size", "mime_type")
