"""Imports calendar files: what a file says is decided event by event on what is here, first as a rehearsal."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from backend.domain import deadline, events, imports, recurrence, series
from backend.domain.changes import Author, instant
from backend.domain.errors import Invalid
from backend.domain.imports import Fate, Fault, Incoming, Judgement
from backend.exchange.calendar_file import CalendarFile, Refused, open_calendar
from backend.exchange.calendar_reader import incoming
from backend.repositories.changelog import ChangeLog, Proposal
from backend.repositories.database import Database, Item, ItemRefused
from backend.repositories.decisions import Decision, Draft, View, is_deleted
from backend.repositories.departments import DepartmentRepository
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import EVENTS, GUARDS, id_guard
from backend.services.events import creation_draft
from backend.services.feeds import Offload
from backend.services.import_report import Report, Row

BATCH: Final = 100
"""How many events are read, and proposed, at once; as many of them share a transaction as fit, about 32."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Is how a file is to be imported, and by whom; `overwrite` lets it win over what people have changed."""

    dry_run: bool = False
    overwrite: bool = False
    author: Author = field(default_factory=Author)


Decided = tuple[Judgement, str | None]


class ImportService:
    """Brings the events of a calendar file into a department, in batches through the change log."""

    def __init__(
        self,
        database: Database,
        changelog: ChangeLog,
        departments: DepartmentRepository,
        reader: LogReader,
        *,
        clock: Callable[[], datetime],
        offload: Offload = lambda work: work(),
    ) -> None:
        self._database = database
        self._changelog = changelog
        self._departments = departments
        self._reader = reader
        self._clock = clock
        self._offload = offload

    def run(self, department_id: str, data: bytes, wish: Wish, charset: str | None = None) -> Iterator[Report]:
        """Imports a file; yields its one report as it grows. Raises `NotFound`, `Malformed`, `TooLarge`, `Unavailable`.

        Nothing is written for a dry run. It may be interrupted anywhere, and done again.
        """
        department = self._departments.get(department_id)
        zone = department["timezone"]
        file: CalendarFile = self._offload(lambda: open_calendar(data, charset, zone))
        report = Report(department_id, wish.dry_run, file.name, file.zones.home, file.charset, file.ended)
        report.rows += map(_refused, file.refused)
        report.total, report.done = file.rows, len(file.refused)
        yield report
        for start in range(0, len(file.groups), BATCH):
            groups = file.groups[start : start + BATCH]
            found = self._offload(lambda: [each for group in groups for each in incoming(group, file)])  # noqa: B023
            report.rows += self._taken(department_id, zone, found, wish)
            report.done += len(groups)
            yield report
        report.rows.sort(key=lambda row: row.line)

    def _taken(self, department_id: str, zone: str, found: Iterable[Incoming | Refused], wish: Wish) -> Iterator[Row]:
        """Takes a batch in; every request that waits for it is promised more time with each."""
        readable = [each for each in found if isinstance(each, Incoming)]
        yield from (_refused(each) for each in found if isinstance(each, Refused))
        decisions = [_decision(each, department_id, zone, wish) for each in readable]
        with deadline.by(time.monotonic() + deadline.PROMISE):
            decide = self._rehearsed if wish.dry_run else self._committed
            outcomes = decide(department_id, decisions, wish.author)
        for each, outcome in zip(readable, outcomes, strict=True):
            yield _row(each, outcome)

    def _rehearsed(
        self, department_id: str, decisions: Sequence[Callable[[View], Decision[Decided]]], author: Author
    ) -> list[Decided | Exception]:
        self._reader.head(department_id)
        view = View(self._database, instant(self._clock()))
        return [_tried(decide, view) for decide in decisions]

    def _committed(
        self, department_id: str, decisions: Sequence[Callable[[View], Decision[Decided]]], author: Author
    ) -> list[Decided | Exception]:
        proposals = [Proposal(decide, author) for decide in decisions]
        self._changelog.commit_all(department_id, proposals)
        return [_outcome(proposal) for proposal in proposals]


def _decision(each: Incoming, department_id: str, zone: str, wish: Wish) -> Callable[[View], Decision[Decided]]:
    """Decides what becomes of an incoming event, on what is in its place."""

    def decide(view: View) -> Decision[Decided]:
        event_id, row = _place(view, each.uid, department_id)
        if row is None and (found := _series_of(view, each, department_id)) is not None:
            return _into_series(each, found, wish, view.now)
        if event_id is None:
            return Decision((Judgement(Fate.KEPT, Fault("moved", "was moved to another department")), None))
        candidate = _candidate(each, event_id, department_id, zone, wish.author, view.now)
        if row is None:
            return Decision((Judgement(Fate.CREATED), event_id), [creation_draft(candidate)])
        if is_deleted(row) and not wish.overwrite:
            return Decision((Judgement(Fate.KEPT, Fault("deleted", "was deleted here")), event_id))
        judgement = Judgement(Fate.UPDATED)
        if not is_deleted(row):
            judgement = imports.judge(each, candidate, events.from_row(row), overwrite=wish.overwrite)
        if judgement.fate is not Fate.UPDATED:
            return Decision((judgement, event_id))
        before = row if is_deleted(row) else events.from_row(row)
        new = events.replaced(before, candidate, at=view.now, author=wish.author)
        return Decision((judgement, event_id), [Draft("event", EVENTS, row, events.to_row(new), new)])

    return decide


def _place(view: View, uid: str, department_id: str) -> tuple[str | None, Item | None]:
    """Finds the row of a UID, and its id; an id for a new one where there is none; neither where it has moved away."""
    ids = imports.candidate_ids(uid, department_id)
    moved = False
    for event_id in ids:
        row = view.get(EVENTS, {"id": event_id, "department_id": department_id})
        if row is not None and "moved_to" not in row:
            return event_id, row
        moved = moved or row is not None
    free = (event_id for event_id in ids if view.get(GUARDS, id_guard(event_id)) is None)
    return (None if moved else next(free, None)), None


def _candidate(each: Incoming, event_id: str, department_id: str, zone: str, author: Author, now: str) -> Item:
    """Makes the event as the file has it."""
    made = events.create(
        each.fields,
        id=event_id,
        department_id=department_id,
        timezone=zone,
        at=now,
        author=author,
        created_at=each.created,
        last_modified=each.modified,
    )
    return {**made, events.IMPORTED: imports.origin_of(each, imports.content_of(made))}


def _series_of(view: View, each: Incoming, department_id: str) -> Item | None:
    """Finds the series here of which an incoming event, whose series is not in its file, is an occurrence."""
    if each.original is None:
        return None
    _, row = _place(view, each.uid.rpartition("/")[0], department_id)
    if row is None or is_deleted(row):
        return None
    event = events.from_row(row)
    return row if event["recurrence"] is not None and series.is_occurrence(event, each.original) else None


def _into_series(each: Incoming, row: Item, wish: Wish, now: str) -> Decision[Decided]:
    """Lays an occurrence over the series that is here."""
    event, original = events.from_row(row), str(each.original)
    found = event["recurrence"]
    there = found["overrides"].get(original)
    shown = series.occurrence({**event, "recurrence": {**found, "overrides": {}}}, original)
    made = _alone(each, event["timezone"], now)
    names = [name for name in events.WRITABLE if name not in recurrence.SERIES_ONLY]
    wanted = {name: made[name] for name in names if made[name] != shown[name]}
    overrides = {**found["overrides"], original: wanted}
    new = events.update(event, {"recurrence": {**found, "overrides": overrides}}, at=now, author=wish.author)
    if new is event:
        return Decision((Judgement(Fate.UNCHANGED), event["id"]))
    if there and not wish.overwrite:
        return Decision((Judgement(Fate.KEPT, Fault("changed-since", "this day differs here already")), event["id"]))
    return Decision((Judgement(Fate.UPDATED), event["id"]), [Draft("event", EVENTS, row, events.to_row(new), new)])


def _alone(each: Incoming, zone: str, now: str) -> Item:
    """Makes an event of what is read, only to compare it."""
    fields = {**each.fields, "timezone": zone}
    return events.create(fields, id="", department_id="", timezone=zone, at=now, author=Author())


def _tried(decide: Callable[[View], Decision[Decided]], view: View) -> Decided | Exception:
    try:
        return decide(view).result
    except Invalid as error:
        return error


def _outcome(proposal: Proposal[Decided]) -> Decided | Exception:
    """Gives what was decided of a row, or what is wrong with it; raises what is no fault of the row's."""
    if isinstance(proposal.outcome, Invalid | ItemRefused):
        return proposal.outcome
    return proposal.unwrap().result


def _row(each: Incoming, outcome: Decided | Exception) -> Row:
    found = Row(each.line, Fate.REJECTED, each.uid, each.fields["title"], each.fields["event_date"], notes=each.notes)
    if isinstance(outcome, Exception):
        return replace(found, reason=_reason(outcome))
    judgement, event_id = outcome
    return replace(found, fate=judgement.fate, id=event_id, reason=judgement.reason)


def _reason(error: Exception) -> Fault:
    if isinstance(error, Invalid):
        fault = error.errors[0]
        return Fault(fault.code, f"{fault.pointer.removeprefix('/')} {fault.detail}".strip())
    return Fault("too-large", "is larger than what the store can hold")


def _refused(each: Refused) -> Row:
    return Row(each.line, Fate.REJECTED, each.uid, each.title, reason=each.fault)
