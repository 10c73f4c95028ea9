"""Text as Dayroom keeps it: composed (NFC), free of what no client can show, compared as people compare names."""

from typing import Final
from unicodedata import normalize

from backend.domain.errors import Invalid

LINE_BREAKS_AND_TAB: Final = frozenset("\n\r\t")


def composed(text: str) -> str:
    """Normalises to NFC: macOS writes Korean names in NFD, and both must be the same text."""
    return normalize("NFC", text)


def name_key(name: str) -> str:
    """Is the form in which two names are the same name: trimmed, casefolded, composed.

    Casefolding can decompose, so the text is composed again after it.
    """
    return folded(name.strip())


def folded(text: str) -> str:
    """Is the form in which text is searched: neither case nor NFC or NFD makes a difference."""
    return composed(composed(text).casefold())


def line(value: object, limit: int) -> str:
    """Reads one trimmed line of at most `limit` code points; raises `Invalid`, relative to the member."""
    return _within(_legible(value, frozenset()).strip(), limit)


def prose(value: object, limit: int) -> str:
    """Reads text that may have several lines; raises `Invalid`, relative to the member."""
    return _within(_legible(value, LINE_BREAKS_AND_TAB), limit)


def words(value: object, limit: int) -> str:
    """Reads one line exactly as it was written, spaces around it included; raises `Invalid`, relative to the member."""
    return _within(_legible(value, frozenset()), limit)


def _legible(value: object, allowed: frozenset[str]) -> str:
    if not isinstance(value, str):
        raise Invalid.at("", "type", "must be a string")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Invalid.at("", "characters", "holds half of a surrogate pair, which is no character")
    if any(character < " " and character not in allowed for character in value):
        raise Invalid.at("", "characters", "holds control characters" if allowed else "must be one line of text")
    return composed(value)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid.at("", "too-long", f"has {len(text):,} characters; at most {limit:,} are possible")
    return text
