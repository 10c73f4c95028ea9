"""Brings an old calendar into Dayroom: the departments, then their events in batches through the change log.

Every row is decided on what is there, so a run that was killed is resumed by simply running again.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Event as Signal
from typing import Any, Final, TypeAlias

from backend.domain.errors import DayroomError, Invalid, NameTaken, NotFound, PreconditionFailed, Unavailable
from backend.repositories.changelog import Proposal
from backend.repositories.database import Item
from backend.repositories.decisions import Decide, is_deleted
from backend.repositories.tables import DEPARTMENTS, DIRECTORY
from backend.services.writing import Intent, Precondition
from migrations_scripts.arrivals import (
    AUTHOR,
    SETTLED,
    Arrival,
    Judgement,
    arrive_department,
    arrive_event,
    judge_event,
)
from migrations_scripts.legacy.calendars import Calendar
from migrations_scripts.legacy.entities import OldDepartment, OldEvent
from migrations_scripts.legacy.faults import explain
from migrations_scripts.legacy.rows import Refused
from migrations_scripts.targets import Target

BATCH: Final = 320
"""How many events are proposed at once; as many of them share a transaction as fit, about 32."""
PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds to wait before each new try while the store is unavailable; it has already been tried for 8 s each time."""

Outcome: TypeAlias = Arrival | Refused


@dataclass(frozen=True, slots=True)
class Arrived:
    """Is what became of one row."""

    old: OldDepartment | OldEvent
    outcome: Outcome


class Importer:
    """Imports calendars into one target; `advance` is told of every event that is done."""

    def __init__(self, target: Target, advance: Callable[[int], None] = lambda count: None) -> None:
        self._target = target
        self._advance = advance
        self._stopped = Signal()

    def run(self, calendar: Calendar) -> Iterator[Arrived]:
        """Imports a calendar; yields what became of every row. Raises `Unavailable`, `StoreUnavailable`."""
        taken = []
        for arrived in self._import_departments(calendar.departments):
            yield arrived
            events = calendar.events.get(arrived.old.id, [])
            if isinstance(arrived.outcome, Refused):
                refused = Refused(f"unknown department: its department {arrived.old.old} was rejected")
                yield from (Arrived(event, refused) for event in events)
            elif events:
                taken.append((arrived.old.id, events))
        yield from self._import_events(taken)

    def _import_departments(self, olds: Sequence[OldDepartment]) -> list[Arrived]:
        service = self._target.departments
        judged = self._commit(DIRECTORY, [arrive_department(old, service) for old in olds])
        return [
            Arrived(
                old, self._updated(old, judgement) if isinstance(judgement, Judgement) else _refused(old, judgement)
            )
            for old, judgement in zip(olds, judged, strict=True)
        ]

    def _updated(self, old: OldDepartment, judgement: Judgement) -> Outcome:
        """Updates a department where that was decided, unless somebody else was faster."""
        if judgement.arrival is not Arrival.UPDATED:
            return judgement.arrival
        version = str(judgement.version)
        try:
            self._target.departments.update(
                old.id, old.fields, Intent(AUTHOR, Precondition(frozenset({version}), header=f'"{version}"'))
            )
        except (NotFound, PreconditionFailed):
            return Arrival.CHANGED_SINCE
        except (Invalid, NameTaken) as error:
            return _refused(old, error)
        return Arrival.UPDATED

    def _import_events(self, work: Sequence[tuple[str, Sequence[OldEvent]]]) -> Iterator[Arrived]:
        with ThreadPoolExecutor(self._target.workers) as pool:
            futures = [pool.submit(self._import_department, *each) for each in work]
            try:
                for future in as_completed(futures):
                    yield from future.result()
            except BaseException:  # also Ctrl-C: no thread may go on behind the back of who stopped it
                self._stopped.set()
                pool.shutdown(cancel_futures=True)
                raise

    def _import_department(self, department_id: str, olds: Sequence[OldEvent]) -> list[Arrived]:
        """Imports a department's events: those that are there already are known by one list, not by a question each."""
        department = self._target.database.get(DEPARTMENTS, {"id": department_id}) or {}
        if is_deleted(department):
            return [Arrived(old, Arrival.CHANGED_SINCE) for old in olds]
        there, untouched = self._listed(department_id)
        judged = [(old, judge_event(old, there.get(old.id))) for old in olds]
        arrived = [Arrived(old, arrival) for old, arrival in judged if arrival in SETTLED]
        self._advance(len(arrived))
        zone = department.get("timezone") or self._target.default_timezone
        left = [old for old, arrival in judged if arrival not in SETTLED]
        for start in range(0, len(left), BATCH):
            if self._stopped.is_set():
                break
            batch = left[start : start + BATCH]
            found = self._commit(department_id, [arrive_event(old, zone, surely_new=untouched) for old in batch])
            arrived += (Arrived(old, _event_outcome(old, each)) for old, each in zip(batch, found, strict=True))
            self._advance(len(batch))
        return arrived

    def _listed(self, department_id: str) -> tuple[dict[str, Item], bool]:
        """Lists what is there, by id, and tells whether nothing ever was; a real commit makes sure of both."""
        try:
            snapshot = self._target.changes.snapshot(department_id)
        except (NotFound, Unavailable):
            return {}, False
        untouched = snapshot.head.seq == 0 and not self._target.rehearses
        return {event["id"]: event for event in snapshot.of_type("event")}, untouched

    def _commit(self, log: str, decisions: Sequence[Decide[Any]]) -> list[Any]:
        """Commits decisions, with patience for a store that is unavailable; returns each one's result or error."""
        proposals: list[Proposal[Any]] = [Proposal(decide, AUTHOR) for decide in decisions]
        waiting = list(proposals)
        for pause in (*PAUSES, None):
            self._target.changelog.commit_all(log, waiting)
            waiting = [proposal for proposal in waiting if isinstance(proposal.outcome, Unavailable)]
            if not waiting:
                break
            if pause is None or self._stopped.wait(pause):
                waiting[0].unwrap()
            for proposal in waiting:
                proposal.outcome = None
        return [_result(proposal) for proposal in proposals]


def _result(proposal: Proposal[Any]) -> Any:
    outcome = proposal.outcome
    if isinstance(outcome, DayroomError | Refused):
        return outcome
    return proposal.unwrap().result


def _event_outcome(old: OldEvent, found: Any) -> Outcome:
    """Tells what became of an event; where its department is deleted, people have done that since."""
    if isinstance(found, NotFound):
        return Arrival.CHANGED_SINCE
    return found if isinstance(found, Arrival) else _refused(old, found)


def _refused(old: OldDepartment | OldEvent, error: Exception) -> Refused:
    if isinstance(error, Invalid):
        return Refused(explain(error, old.fields))
    if isinstance(error, NameTaken):
        return Refused(f"name taken: there is another department called {error.name!r}; rename one and run again")
    if isinstance(error, Refused):
        return error
    raise error
