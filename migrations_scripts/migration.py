"""One migration from beginning to end: read, import, verify, report."""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from backend.settings import Settings
from migrations_scripts import moving, targets
from migrations_scripts.arrivals import Arrival
from migrations_scripts.importer import Importer
from migrations_scripts.legacy import calendars, sources
from migrations_scripts.legacy.calendars import Calendar
from migrations_scripts.legacy.entities import Ids, OldDepartment, OldEvent, rejected
from migrations_scripts.legacy.rows import Refused
from migrations_scripts.legacy.sqlite_files import IsDayroom, is_dayroom
from migrations_scripts.progress import Narrator
from migrations_scripts.report import Rejects, Report
from migrations_scripts.targets import Target
from migrations_scripts.verification import differences


@dataclass(slots=True)
class Expected:
    """Is what must be found when the target is read back: what arrived, and was not left to people."""

    departments: list[OldDepartment] = field(default_factory=list)
    events: dict[str, list[OldEvent]] = field(default_factory=dict)

    def add(self, old: OldDepartment | OldEvent) -> None:
        """Expects a department or an event."""
        if isinstance(old, OldDepartment):
            self.departments.append(old)
        else:
            self.events.setdefault(old.department_id, []).append(old)


def migrate(
    source: Path, settings: Settings, namespace: str, *, rehearse: bool, rejects: Rejects, narrator: Narrator
) -> Report:
    """Migrates a calendar; raises `Unreadable`, `Unavailable`, `DatabaseError`. With `rehearse` nothing is written."""
    started = time.monotonic()
    try:
        if is_dayroom(source):
            raise IsDayroom
        calendar = _read(source, namespace, rejects, narrator)
    except IsDayroom:
        moved = moving.move(source, settings, rehearse=rehearse, narrator=narrator)
        return replace(moved, seconds=time.monotonic() - started)
    report, expected = Report(), Expected()
    with targets.opened(settings, rehearse=rehearse) as target:
        _import(calendar, target, report, expected, rejects, narrator)
        if not rehearse:
            report.verified = _verify(target, expected, narrator)
    report.rejected, report.seconds = rejects.count, time.monotonic() - started
    return report


def _read(path: Path, namespace: str, rejects: Rejects, narrator: Narrator) -> Calendar:
    with sources.opened(path) as source:
        calendar = calendars.read(source, Ids(namespace), rejects.add)
    for name, count in calendar.left_out.items():
        narrator.say(f"left out: {name} of {count:,} rows means nothing to Dayroom")
    if calendar.repeated:
        narrator.say(f"taken once: {calendar.repeated:,} rows stand twice and say the same both times")
    return calendar


def _import(
    calendar: Calendar, target: Target, report: Report, expected: Expected, rejects: Rejects, narrator: Narrator
) -> None:
    total = sum(map(len, calendar.events.values()))
    with narrator.counting("events", total) as advance:
        for arrived in Importer(target, advance).run(calendar):
            report.count(arrived)
            if isinstance(arrived.outcome, Refused):
                rejects.add(rejected(arrived.old.row, arrived.outcome.reason))
            elif arrived.outcome is not Arrival.CHANGED_SINCE:
                expected.add(arrived.old)


def _verify(target: Target, expected: Expected, narrator: Narrator) -> bool:
    narrator.say("reading everything back")
    verified = True
    for difference in differences(target, expected.events, expected.departments):
        narrator.say(f"NOT AS IN THE SOURCE: {difference}")
        verified = False
    return verified
