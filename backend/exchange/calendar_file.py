"""Opens a calendar file: what it says of itself, its zones, and its components by their UIDs.

A series is its master and the components with a RECURRENCE-ID and the same UID, wherever they stand in the file.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from backend.domain.imports import Fault
from backend.exchange.content_lines import Component, Cut, cut
from backend.exchange.zones import Zones, named

_PASSED_OVER: Final = frozenset({"VTIMEZONE"})


@dataclass(frozen=True, slots=True)
class Refused:
    """Is a component that cannot become an event, and why."""

    line: int
    fault: Fault
    uid: str | None = None
    title: str | None = None


@dataclass(slots=True)
class Group:
    """Is the components of one UID."""

    uid: str
    masters: list[Component] = field(default_factory=list)
    occurrences: list[Component] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class CalendarFile:
    """Is a file that was cut: what it says of itself, and its components by their UIDs."""

    name: str | None
    zones: Zones
    charset: str
    ended: bool
    cancelled: bool
    groups: list[Group]
    refused: list[Refused]

    @property
    def rows(self) -> int:
        """Counts what there is to be told of."""
        return len(self.groups) + len(self.refused)


def open_calendar(data: bytes, charset: str | None, home: str) -> CalendarFile:
    """Cuts a file; `home` is the zone of times without one. Raises `Malformed`, `TooLarge`."""
    found = cut(data, charset)
    said = named(found.properties.get("X-WR-TIMEZONE", ""))
    zones = Zones(said or home, _definitions(found))
    groups, refused = _grouped(found)
    name = found.properties.get("X-WR-CALNAME") or found.properties.get("NAME")
    cancelled = found.properties.get("METHOD", "").strip().upper() == "CANCEL"
    return CalendarFile(name and name[:200], zones, found.charset, found.ended, cancelled, groups, refused)


def _definitions(found: Cut) -> dict[str, list[str]]:
    zones: dict[str, list[str]] = {}
    for component in found.components:
        if component.name == "VTIMEZONE" and component.fault is None:
            tzid = next((line[5:] for line in component.lines if line[:5].upper() == "TZID:"), "")
            zones.setdefault(tzid, component.lines)
    return zones


def _grouped(found: Cut) -> tuple[list[Group], list[Refused]]:
    groups: dict[str, Group] = {}
    refused: list[Refused] = []
    for component in found.components:
        if component.name in _PASSED_OVER:
            continue
        if component.fault is not None:
            refused.append(
                Refused(component.line, component.fault, value_of(component, "UID"), value_of(component, "SUMMARY"))
            )
        elif component.name != "VEVENT":
            refused.append(_refused(component, Fault("not-an-event", f"{component.name} is no event")))
        else:
            uid = value_of(component, "UID")
            group = groups.setdefault(uid or _made_up(component), Group(uid or _made_up(component)))
            if not uid:
                group.notes.append(Fault("no-uid", "has no UID; it is known by its content"))
            is_part = value_of(component, "RECURRENCE-ID") is not None
            (group.occurrences if is_part else group.masters).append(component)
    return list(groups.values()), refused


def _refused(component: Component, fault: Fault) -> Refused:
    return Refused(component.line, fault, value_of(component, "UID"), value_of(component, "SUMMARY"))


def value_of(component: Component, name: str) -> str | None:
    """Finds a property's value in the lines, as it is written."""
    for line in component.lines:
        found, _, value = line.partition(":")
        if found.partition(";")[0].upper() == name:
            return value.strip()[:2000] or None
    return None


def _made_up(component: Component) -> str:
    return f"no-uid-{sha256(chr(10).join(component.lines).encode('utf-8', 'replace')).hexdigest()[:32]}"
