"""Writes texts as RFC 5545 (section 3.3.11) has them; icalendar would take a backslash before an N for a line break."""

from collections.abc import Iterable

from icalendar import vCategory, vText


class Text(vText):
    """Is a text whose every character comes back."""

    def to_ical(self) -> bytes:
        """Writes the text, escaped; a line ends in one way only."""
        plain = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n").encode()


def categories(texts: Iterable[str]) -> vCategory:
    """Is a list of texts."""
    found = vCategory([])
    found.cats = [Text(text) for text in texts]
    return found
