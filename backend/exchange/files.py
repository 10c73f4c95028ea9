"""What a file is called that leaves the server."""

from typing import Final
from unicodedata import normalize
from urllib.parse import quote

FORMATS: Final = {
    "ics": "text/calendar; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""What a department can be had as, each with its media type."""

_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_LENGTH: Final = 150


def disposition(name: str, *, inline: bool = False) -> str:
    """Writes a `Content-Disposition` (RFC 6266) whose name may be Korean (RFC 8187), with a plain one beside it."""
    kept = "".join("_" if each in _FORBIDDEN or not each.isprintable() else each for each in normalize("NFC", name))
    stem, dot, ending = kept.rpartition(".")
    kept = f"{stem[:_LENGTH].strip() or 'calendar'}{dot}{ending}"
    plain = "".join(each if each.isascii() and each not in "%;" else "_" for each in kept)
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(kept, safe='')}"
