"""Understands what people write as a time of day, in Korean and English, and writes it from start and end.

The text itself is kept as written; only its meaning is taken, from its NFKC form (fullwidth digits and tildes are
common). What is ambiguous is not understood rather than guessed, except for one thing that everybody writes: a time
without 오전/오후 or AM/PM beside one that has it is the nearest such time on a twelve-hour clock (`오후 2시~4시`,
`오전 11시~1시`, `2–3 pm`). Without any such word, hours are those of a 24-hour clock (`9시` is 09:00).
"""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

HALF: Final = 12 * 60
DAY: Final = 24 * 60

_ALL_DAY: Final = frozenset({"종일", "하루종일", "온종일", "allday", "all-day"})
_NAMED: Final = {"정오": HALF, "noon": HALF, "자정": 0, "midnight": 0}

_HOURS: Final[dict[str, dict[int, int]]] = {
    "오전": {hour: hour % 12 for hour in range(13)},
    "오후": {hour: hour % 12 + 12 for hour in range(24)},
    "새벽": {12: 0, **{hour: hour for hour in range(7)}},
    "아침": {hour: hour for hour in range(5, 12)},
    "낮": {11: 11, 12: 12, **{hour: hour + 12 for hour in range(1, 6)}},
    "저녁": {hour: hour % 12 + 12 for hour in (*range(5, 12), *range(17, 24))},
    "밤": {12: 24, **{hour: hour % 12 + 12 for hour in (*range(7, 12), *range(19, 24))}},
}
"""The hour that each word makes of the hour beside it; one that is not listed is a contradiction, or ambiguous."""

_WORDS: Final = {"am": "오전", "pm": "오후"}

_DASHES: Final = re.compile(r"\s*(?:[~\-‐‑‒–—−∼〜]|부터|\bto\b)\s*")
_PIECE: Final = re.compile(
    r"(?P<before>오전|오후|새벽|아침|낮|저녁|밤|[ap]m)?\s*"
    r"(?P<hour>\d{1,2})"
    r"(?P<written>:(?P<colon>\d{2})(?::00)?|\s*시(?:\s*(?:(?P<minute>\d{1,2})\s*분|(?P<half>반)|정각))?)?"
    r"\s*(?P<after>[ap]m)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """Is what the words of a time mean: `HH:MM` local, `end` maybe on the next day; both None on whole days."""

    start: str | None
    end: str | None
    all_day: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """Is one time of day, in `minutes` after midnight; `told` where a word told the half of the day."""

    minutes: int
    told: bool
    bare: bool = False

    @property
    def open(self) -> bool:
        """Tells whether it could be in either half of the day."""
        return not self.told and 60 <= self.minutes < HALF + 60


def understand(text: str) -> Understood | None:
    """Finds the start and the end that the words mean; None where they are not understood."""
    plain = normalize("NFKC", text).casefold().replace(".m.", "m").replace("까지", "").strip()
    plain = re.sub(r"([ap])\.m\b", r"\1m", plain)
    if re.sub(r"\s", "", plain) in _ALL_DAY:
        return Understood(None, None, all_day=True)
    first, *rest = _DASHES.split(plain)
    if len(rest) > 1:
        return None
    return _single(first) if not rest or not rest[0] else _range(first, rest[0])


def write(start: str | None, end: str | None) -> str | None:
    """Writes `14:00` or `14:00~15:30`; None for whole days, whose words differ by language and are nobody's here."""
    if start is None:
        return None
    return start if end is None else f"{start}~{end}"


def _single(text: str) -> Understood | None:
    piece = _piece(text)
    if piece is None or piece.bare or not (start := _start(piece)):
        return None
    return Understood(start, None, all_day=False)


def _range(first: str, last: str) -> Understood | None:
    begin, end = _piece(first), _piece(last)
    if begin is None or end is None:
        return None
    begin, end = _begin_beside(begin, end), _end_beside(begin, end)
    if begin.bare or end.bare or not (start := _start(begin)):
        return None
    return Understood(start, _clock(end.minutes % DAY), all_day=False)


def _end_beside(begin: _Piece, end: _Piece) -> _Piece:
    """Moves an end that was left open to the first such time after the beginning."""
    if not begin.told or not end.open:
        return end
    return _Piece(begin.minutes + ((end.minutes - begin.minutes) % HALF or HALF), told=True)


def _begin_beside(begin: _Piece, end: _Piece) -> _Piece:
    """Moves a beginning that was left open to the last such time before the end, within the end's day."""
    if not end.told or not begin.open:
        return begin
    minutes = end.minutes - ((end.minutes - begin.minutes) % HALF or HALF)
    return _Piece(minutes % DAY, told=True)


def _piece(text: str) -> _Piece | None:
    if text in _NAMED:
        return _Piece(_NAMED[text], told=True)
    match = _PIECE.fullmatch(text)
    if match is None or (match["before"] and match["after"]):
        return None
    minute = 30 if match["half"] else int(match["colon"] or match["minute"] or 0)
    word = match["before"] or match["after"]
    hour = _hour(int(match["hour"]), word)
    if hour is None or minute > 59 or hour * 60 + minute > DAY:
        return None
    return _Piece(hour * 60 + minute, told=word is not None, bare=word is None and match["written"] is None)


def _hour(hour: int, word: str | None) -> int | None:
    if word is None:
        return hour
    return _HOURS[_WORDS.get(word, word)].get(hour)


def _start(piece: _Piece) -> str | None:
    """Is when something starts: 자정 begins its date, but 24:00 and 밤 12시 can only be an end."""
    return _clock(piece.minutes) if piece.minutes < DAY else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
