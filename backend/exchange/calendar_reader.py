"""Reads the components of a calendar file into incoming events: each becomes one, a part of one, or says why not."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from backend.domain import events, series
from backend.domain.changes import Author
from backend.domain.errors import Invalid
from backend.domain.imports import UID_LENGTH, Fault, Incoming
from backend.exchange.calendar_file import CalendarFile, Group, Refused, value_of
from backend.exchange.content_lines import Component
from backend.exchange.kept import MAX_BYTES, size_of
from backend.exchange.properties import Unreadable, days_of, moment_of, sequence_of, text_of
from backend.exchange.vevent_reader import ReadEvent, parsed, read_event
from backend.exchange.zones import tzid_of

_AT: Final = "1970-01-01T00:00:00.000Z"


def incoming(group: Group, file: CalendarFile) -> Iterator[Incoming | Refused]:
    """Reads the components of one UID; what cannot be read is told instead."""
    line = (group.masters or group.occurrences)[0].line
    title: str | None = None
    try:
        if len(group.masters) > 1:
            group.notes.append(Fault("twice", "stands in the file more than once; the newest was taken"))
        title = _title(group)
        yield from _read_group(group, file)
    except Unreadable as unreadable:
        yield Refused(line, unreadable.fault, group.uid, title)
    except Invalid as invalid:
        fault = invalid.errors[0]
        yield Refused(line, Fault(fault.code, f"{fault.pointer.removeprefix('/')} {fault.detail}"), group.uid, title)


def _title(group: Group) -> str | None:
    title = value_of((group.masters or group.occurrences)[0], "SUMMARY")
    return title and title.replace("\\,", ",").replace("\\;", ";").replace("\\n", " ")[:200]


def _read_group(group: Group, file: CalendarFile) -> Iterator[Incoming | Refused]:
    if len(group.uid) > UID_LENGTH:
        raise Unreadable.because("too-long", f"its UID has more than {UID_LENGTH:,} characters")
    if not group.masters:
        for component in group.occurrences:
            yield from _alone(component, group, file)
        return
    parsed_masters = [(parsed(component, file.zones), component) for component in group.masters]
    newest = max(range(len(parsed_masters)), key=lambda place: (sequence_of(parsed_masters[place][0]), place))
    master = read_event(*parsed_masters[newest], group.uid, file.zones)
    if master.cancelled or file.cancelled:
        raise Unreadable.because("cancelled", "is cancelled")
    yield from _series(master, group, file)
    for day in dict.fromkeys(days_of(master.component, "RDATE", file.zones, master.zone)):
        yield _further(master, day, group)


def _series(master: ReadEvent, group: Group, file: CalendarFile) -> Iterator[Incoming | Refused]:
    """Joins a master with its occurrences; those that are none of it are events of their own."""
    whole = _normal(master.fields, file.zones.home)
    read = [
        read_event(parsed(each, file.zones), each, group.uid, file.zones, master.zone) for each in group.occurrences
    ]
    parts = [each for each in read if each.original and _is_part(whole, each)]
    recurrence = master.fields["recurrence"]
    if recurrence is not None:
        out = {str(each.original) for each in parts if each.cancelled}
        recurrence["exdates"] = sorted({*recurrence["exdates"], *out})
        recurrence["overrides"] = {str(each.original): difference(whole, each) for each in parts if not each.cancelled}
    kept_of = {str(each.original): each.kept for each in parts if each.kept and not each.cancelled}
    _normal(master.fields, file.zones.home)  # the whole of it must be possible, before anything is said of it
    yield _bounded(_incoming(master, group, [each.component for each in read], kept_of, file))
    for each in read:
        if each not in parts and not each.cancelled:
            yield _own(each, group, Fault("no-occurrence", "is no occurrence of its series; it is an event of its own"))


def _is_part(whole: Mapping[str, Any], each: ReadEvent) -> bool:
    return whole["recurrence"] is not None and series.is_occurrence(
        {**whole, "recurrence": {**whole["recurrence"], "exdates": []}}, str(each.original)
    )


def difference(whole: Mapping[str, Any], each: ReadEvent) -> dict[str, Any]:
    """Tells in which members an occurrence differs from its series."""
    shown = series.occurrence({**whole, "recurrence": {**whole["recurrence"], "overrides": {}}}, str(each.original))
    there = _normal({**each.fields, "recurrence": None}, whole["timezone"])
    members = [name for name in events.WRITABLE if name not in ("recurrence", "timezone")]
    return {name: there[name] for name in members if there[name] != shown[name] or name in each.differs}


def _normal(fields: Mapping[str, Any], home: str) -> dict[str, Any]:
    """Makes an event of what was read, as it would be kept; raises `Invalid`."""
    return events.create(fields, id="", department_id="", timezone=home, at=_AT, author=Author())


def _incoming(
    read: ReadEvent, group: Group, parts: list[Any], kept_of: Mapping[str, list[str]], file: CalendarFile
) -> Incoming:
    components = [read.component, *parts]
    modified = max(filter(None, (moment_of(each, "LAST-MODIFIED") for each in components)), default=None)
    notes = [*group.notes, *read.notes]
    unknown = file.zones.guessed & {tzid_of(line) for each in group.masters for line in each.lines}
    notes += (Fault("zone", f"the time zone {str(tzid)[:80]!r} is not known; read as {read.zone}") for tzid in unknown)
    return Incoming(
        uid=group.uid,
        line=read.line,
        fields=read.fields,
        sequence=max(map(sequence_of, components)),
        modified=modified,
        created=moment_of(read.component, "CREATED"),
        kept=read.kept,
        kept_of=kept_of,
        notes=notes,
    )


def _bounded(found: Incoming) -> Incoming:
    """Leaves out the lines that are too many to be kept, and says so."""
    size = size_of(found.kept) + sum(size_of(lines) for lines in found.kept_of.values())
    if size <= MAX_BYTES:
        return found
    note = Fault("not-kept", f"{size:,} bytes of properties that Dayroom does not know were left out")
    return replace(found, kept=(), kept_of={}, notes=[*found.notes, note])


def _own(each: ReadEvent, group: Group, note: Fault | None = None, original: str | None = None) -> Incoming:
    """Makes an event of its own of an occurrence."""
    return _bounded(
        Incoming(
            uid=f"{group.uid}/{each.original}",
            line=each.line,
            fields={**each.fields, "recurrence": None},
            sequence=sequence_of(each.component),
            modified=moment_of(each.component, "LAST-MODIFIED"),
            created=moment_of(each.component, "CREATED"),
            kept=each.kept,
            notes=[*group.notes, *([note] if note else [])],
            original=original,
        )
    )


def _alone(component: Component, group: Group, file: CalendarFile) -> Iterator[Incoming | Refused]:
    """Reads an occurrence whose series is not in the file."""
    each = read_event(parsed(component, file.zones), component, group.uid, file.zones)
    if each.cancelled or file.cancelled:
        yield Refused(
            each.line, Fault("cancelled", "is cancelled"), group.uid, text_of(each.component, "SUMMARY")[:200]
        )
        return
    _normal({**each.fields, "recurrence": None}, file.zones.home)
    yield _own(each, group, original=each.original)


def _further(master: ReadEvent, day: str, group: Group) -> Incoming:
    """Makes an event of its own of a date that a series has beside its rule (RDATE)."""
    length = date.fromisoformat(master.fields["end_date"] or master.fields["event_date"]) - date.fromisoformat(
        master.fields["event_date"]
    )
    last = str(date.fromisoformat(day) + length)
    placed = {**master.fields, "event_date": day, "end_date": last, "recurrence": None}
    note = Fault("further-date", "is a date beside the rule of its series; it is an event of its own")
    return Incoming(f"{group.uid}/{day}", master.line, placed, sequence_of(master.component), notes=[note])
