"""Cuts an iCalendar file into its components, within bounds: the first reading of what may be hostile.

Only lines, their folding, their characters and BEGIN and END are understood here; each component is then read by
icalendar for itself. So one that is broken costs itself, a bomb costs its bytes, and each is told by its line.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from backend.domain.errors import Malformed, TooLarge
from backend.domain.imports import Fault

MAX_LINE: Final = 128 * 1024
"""Bytes of one content line, unfolded; a description has 20,000 characters."""
MAX_COMPONENT: Final = 512 * 1024
MAX_COMPONENT_LINES: Final = 5_000
MAX_DEPTH: Final = 4
"""How deep components may stand in one another: an alarm stands in an event in a calendar."""
MAX_COMPONENTS: Final = 20_000

_NAME: Final = re.compile(r"(BEGIN|END):\s*([A-Z0-9-]{1,60})\s*", re.IGNORECASE | re.ASCII)
_CHARSETS: Final = {"utf-8", "cp949", "euc_kr", "utf-16", "ascii", "iso8859-1"}
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Line: TypeAlias = tuple[int, str | Fault]
"""A content line with its number in the file, or what is wrong with it."""


@dataclass(slots=True)
class Component:
    """Is a component's content lines, those of the components in it included, without its own BEGIN and END."""

    name: str
    line: int
    lines: list[str] = field(default_factory=list)
    fault: Fault | None = None


@dataclass(slots=True)
class Cut:
    """Is a file in pieces: what the calendar says of itself, and its components."""

    charset: str
    properties: dict[str, str] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)
    ended: bool = False


def cut(data: bytes, charset: str | None = None) -> Cut:
    """Cuts a file; raises `Malformed` where it is no calendar at all, and `TooLarge` where it has too much in it."""
    known = _known(charset)
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if "utf-16" in (marked, known):
        data, known, marked = _transcoded(data), "utf-8", "utf-8"
    physical = _unfolded(data.removeprefix(codecs.BOM_UTF8))
    found = Cut(marked or _charset(physical, known))
    _Cutter(found).run(_decoded(physical, found.charset))
    return found


def _known(charset: str | None) -> str | None:
    try:
        name = codecs.lookup(charset or "").name
    except LookupError:
        return None
    return name if name in _CHARSETS else None


def _transcoded(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").encode()
    except UnicodeError:
        raise Malformed("The file is not the UTF-16 that it says it is") from None


def _unfolded(data: bytes) -> list[tuple[int, bytes]]:
    """Joins folded lines: of bytes, since a fold may stand within a character (RFC 5545, section 3.1)."""
    found: list[tuple[int, bytes]] = []
    open_: list[bytes] = []
    first = 1
    for number, line in enumerate(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"), 1):
        if line[:1] in (b" ", b"\t") and open_:
            open_.append(line[1:])
            continue
        if open_ and (whole := b"".join(open_)):
            found.append((first, whole))
        open_, first = [line], number
    if open_ and (whole := b"".join(open_)):
        found.append((first, whole))
    return found


def _charset(lines: list[tuple[int, bytes]], said: str | None) -> str:
    """Finds in which characters a file is: what it says where that holds, else UTF-8, or Korean Windows' own.

    A file in UTF-8 with a character that was cut stays one: only where most lines speak against it, it is none.
    """
    foreign = [line for _, line in lines if not line.isascii()]
    if said not in (None, "utf-8", "ascii"):
        return str(said)
    wrong = [line for line in foreign if not _is_text(line, "utf-8")]
    korean = len(wrong) * 2 > len(foreign) and all(_is_text(line, "cp949") for line in foreign)
    return "cp949" if korean else "utf-8"


def _is_text(line: bytes, charset: str) -> bool:
    try:
        line.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(lines: list[tuple[int, bytes]], charset: str) -> Iterator[Line]:
    for number, line in lines:
        if len(line) > MAX_LINE:
            yield number, Fault("line-too-long", f"line {number} has {len(line):,} bytes; at most {MAX_LINE:,}")
            continue
        try:
            yield number, line.decode(charset)
        except UnicodeDecodeError:
            yield number, Fault("characters", f"line {number} is not {charset.upper()}: a character is cut or wrong")


class _Cutter:
    """Goes through the lines of a file once, and remembers the component that is open."""

    def __init__(self, found: Cut) -> None:
        self._found = found
        self._calendars = 0
        self._open: Component | None = None
        self._inside: list[str] = []
        self._bytes = 0

    def run(self, lines: Iterator[Line]) -> None:
        """Cuts; raises `Malformed`, `TooLarge`."""
        for number, line in lines:
            if isinstance(line, Fault):
                self._spoil(line)
            elif match := _NAME.fullmatch(line):
                self._begin_or_end(match[1].upper(), match[2].upper(), number, line)
            elif self._open is not None:
                self._take(line)
            else:
                self._say(line)
        if not self._calendars:
            raise Malformed("The file is no calendar: it has no BEGIN:VCALENDAR")
        if self._open is not None:
            self._unterminated()

    def _begin_or_end(self, word: str, name: str, number: int, line: str) -> None:
        if name == "VCALENDAR":
            self._calendar(word)
        elif word == "BEGIN" and (self._open is None or name == self._open.name):
            self._begin(name, number)
        elif self._open is not None:
            self._nest(word, name, line)

    def _calendar(self, word: str) -> None:
        if self._open is not None:
            self._unterminated()
        self._calendars += word == "BEGIN"
        self._found.ended = word == "END"

    def _begin(self, name: str, number: int) -> None:
        if self._open is not None:
            self._unterminated()
        if not self._calendars:
            return
        if len(self._found.components) >= MAX_COMPONENTS:
            raise TooLarge(f"The file has more than {MAX_COMPONENTS:,} components; import it in parts")
        self._open = Component(name, number)
        self._found.components.append(self._open)
        self._inside, self._bytes = [], 0

    def _nest(self, word: str, name: str, line: str) -> None:
        assert self._open is not None
        if word == "END" and name == self._open.name:
            if self._inside:
                self._spoil(Fault("unterminated", f"{self._inside[-1]} in it has no end"))
            self._open = None
        elif word == "BEGIN":
            if len(self._inside) + 2 >= MAX_DEPTH:
                self._spoil(Fault("nested", f"has components more than {MAX_DEPTH} deep"))
                return
            self._inside.append(name)
            self._take(line)
        elif self._inside and self._inside[-1] == name:
            self._inside.pop()
            self._take(line)
        else:
            self._spoil(Fault("nested", f"END:{name} ends nothing"))

    def _take(self, line: str) -> None:
        assert self._open is not None
        self._bytes += len(line)
        if self._bytes > MAX_COMPONENT or len(self._open.lines) >= MAX_COMPONENT_LINES:
            self._spoil(
                Fault("too-large", f"has more than {MAX_COMPONENT:,} characters or {MAX_COMPONENT_LINES:,} lines")
            )
        if self._open.fault is None or len(self._open.lines) < 100:
            self._open.lines.append(line)

    def _say(self, line: str) -> None:
        name, colon, value = line.partition(":")
        if colon and len(line) <= 4096 and len(self._found.properties) < 100:
            self._found.properties.setdefault(name.partition(";")[0].upper(), value)

    def _spoil(self, fault: Fault) -> None:
        if self._open is not None and self._open.fault is None:
            self._open.fault = fault

    def _unterminated(self) -> None:
        assert self._open is not None
        self._spoil(Fault("unterminated", f"has no END:{self._open.name}"))
        self._open = None
