"""Reads one VEVENT into the members of an event, strictly enough that what it becomes is what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from icalendar import Event as VEvent

from backend.domain.imports import Fault
from backend.domain.text import folded
from backend.domain.times import understand
from backend.exchange import names
from backend.exchange.colors import hex_of
from backend.exchange.content_lines import Component
from backend.exchange.properties import Unreadable, days_of, first_of, local_of, span_of, text_of, zone_of
from backend.exchange.zones import Zones, zoned

UNTITLED: Final = "(제목 없음)"
_DAY: Final = timedelta(days=1)
_NEEDED: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "EXDATE", "RDATE"})
"""Properties that say when an event is: one that cannot be read makes the whole unreadable."""
_WITHIN_A_DAY: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
_READ_BY_ICALENDAR: Final = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)


@dataclass(slots=True)
class ReadEvent:
    """Is one VEVENT, read: an event, or one occurrence of a series where it has an `original` date."""

    component: Any
    line: int
    uid: str
    zone: str
    fields: dict[str, Any]
    kept: list[str]
    original: str | None = None
    notes: list[Fault] = field(default_factory=list)
    differs: frozenset[str] = frozenset()

    @property
    def cancelled(self) -> bool:
        """Tells whether the event is not to be."""
        return text_of(self.component, "STATUS").upper() == "CANCELLED"


def parsed(component: Component, zones: Zones) -> Any:
    """Lets icalendar read a component, with its zones by their IANA names; raises `Unreadable`."""
    lines = [zoned(line, zones) for line in component.lines]
    try:
        event: Any = VEvent.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]))
    except _READ_BY_ICALENDAR as error:
        raise Unreadable.because("syntax", f"cannot be read: {str(error)[:200]}") from None
    for name, reason in event.errors:
        if str(name).upper() in _NEEDED:
            raise Unreadable.because("syntax", f"{name} cannot be read: {str(reason)[:200]}")
    if not isinstance(event, VEvent) or first_of(event, "DTSTART") is None:
        raise Unreadable.because("no-start", "has no DTSTART")
    return event


def read_event(event: Any, component: Component, uid: str, zones: Zones, zone: str | None = None) -> ReadEvent:
    """Reads a VEVENT in its own zone or, where it is an occurrence, in its series' `zone`; raises `Unreadable`."""
    try:
        return _read(event, component, uid, zones, zone)
    except _READ_BY_ICALENDAR as error:
        raise Unreadable.because("syntax", f"cannot be understood: {str(error)[:200]}") from None


def _read(event: Any, component: Component, uid: str, zones: Zones, zone: str | None) -> ReadEvent:
    zone = zone or zone_of(event, zones)
    span = span_of(event, zones, zone)
    original = first_of(event, "RECURRENCE-ID")
    if original is not None and "RANGE" in original.params:
        raise Unreadable.because("not-supported", "RECURRENCE-ID;RANGE speaks of many occurrences at once")
    found = ReadEvent(event, component.line, uid, zone, {**_said(event), **span}, _unknown(component))
    found.fields |= _words(event, span)
    if original is not None:
        found.original = str(local_of(original, zones, zone))[:10]
    else:
        found.fields["recurrence"] = _recurrence(event, zones, zone, span)
    found.differs = frozenset(text_of(event, names.DIFFERS).split(",")) - {""}
    return found


def _said(event: Any) -> dict[str, Any]:
    """Reads what an event is about."""
    url = text_of(event, "URL").strip()
    exact, name = text_of(event, names.COLOR).strip(), text_of(event, "COLOR")
    return {
        "title": _line(text_of(event, "SUMMARY")) or UNTITLED,
        "description": _clean(text_of(event, "DESCRIPTION")) or None,
        "location": _clean(text_of(event, "LOCATION")).strip() or None,
        "url": url if url.lower().startswith(("http://", "https://")) else None,
        "color": exact or hex_of(name),
        **_marks(event),
    }


def _clean(text: str) -> str:
    return "".join(each for each in text.replace("\r\n", "\n") if each >= " " or each in "\n\t")


def _line(text: str) -> str:
    """Makes one line of a text that may have several."""
    return _clean(text).replace("\n", " ").replace("\t", " ").strip()


def _marks(event: Any) -> dict[str, Any]:
    """Reads category and tags; of a file that is not ours the first of its categories is the category."""
    found = event.get("CATEGORIES")
    lists = found if isinstance(found, list) else [] if found is None else [found]
    marks = [_line(str(each)) for one in lists for each in getattr(one, "cats", [one])]
    marks = [mark for mark in marks if mark]
    if names.CATEGORY in event:
        own = text_of(event, names.CATEGORY)
        return {"category": own or None, "tags": marks[1:] if own else marks}
    unique = list({folded(mark): mark for mark in marks}.values())
    return {"category": unique[0] if unique else None, "tags": unique[1:]}


def _words(event: Any, span: Mapping[str, Any]) -> dict[str, Any]:
    """Reads the words for a time, unless another program has moved the time away from them."""
    words = text_of(event, names.WORDS)
    meant = understand(words) if words else None
    times = (meant.start, meant.end) if meant else (None, None)
    return {"time": words if words and times == (span["start_time"], span["end_time"]) else None}


def _recurrence(event: Any, zones: Zones, zone: str, span: Mapping[str, Any]) -> dict[str, Any] | None:
    if "EXRULE" in event or isinstance(event.get("RRULE"), list):
        raise Unreadable.because("not-supported", "repeats by more than one rule")
    rule = event.get("RRULE")
    if rule is None:
        return None
    parts = {name: rule[name] for name in rule if not (name in _WITHIN_A_DAY and _is_start(name, rule[name], span))}
    text = ";".join(part for part in rule.to_ical().decode().split(";") if part.partition("=")[0] in parts)
    return {"rrule": text, "exdates": sorted(set(days_of(event, "EXDATE", zones, zone))), "overrides": {}}


def _is_start(name: str, values: Any, span: Mapping[str, Any]) -> bool:
    """Tells whether a part of a rule only repeats the time of the start."""
    hour, _, minute = (span["start_time"] or "00:00").partition(":")
    wanted = {"BYHOUR": int(hour), "BYMINUTE": int(minute), "BYSECOND": 0}[name]
    return [int(value) for value in (values if isinstance(values, list) else [values])] == [wanted]


def _unknown(component: Component) -> list[str]:
    """Lists the lines that are not understood, and the components in it, as they are."""
    found: list[str] = []
    depth = 0
    for line in component.lines:
        upper = line[:6].upper()
        depth += upper == "BEGIN:"
        if depth or _name_of(line) not in names.UNDERSTOOD or _is_foreign_url(line):
            found.append(line)
        depth -= upper.startswith("END:")
    return found


def _name_of(line: str) -> str:
    return line.partition(":")[0].partition(";")[0].upper()


def _is_foreign_url(line: str) -> bool:
    """Tells a URL that Dayroom does not show as a link, and so keeps."""
    if _name_of(line) != "URL":
        return False
    value = line.partition(":")[2].strip().lower()
    return not value.startswith(("http://", "https://"))
