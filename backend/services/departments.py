"""What can be done with departments."""

from collections.abc import Callable, Mapping
from typing import Any

from backend.domain import departments
from backend.domain.errors import Conflict, IdTaken, NameTaken, NotFound
from backend.domain.ids import uuid_text
from backend.domain.text import name_key
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import ABSENT, Delete, Item, Operation, Put
from backend.repositories.decisions import Decide, Decision, Draft, View, is_deleted, is_purgeable
from backend.repositories.departments import DepartmentRepository
from backend.repositories.history import HistoryRepository
from backend.repositories.tables import DEPARTMENTS, DIRECTORY, GUARDS, name_guard
from backend.services.merging import merged_edit
from backend.services.writing import Intent, Outcome, Writer, Written, same

Fields = Mapping[str, Any]


class DepartmentService:
    """Creates, changes and deletes departments: each is an entry of the log `directory`."""

    def __init__(
        self,
        writer: Writer,
        changelog: ChangeLog,
        repository: DepartmentRepository,
        history: HistoryRepository,
        *,
        default_timezone: str,
        new_id: Callable[[], str],
    ) -> None:
        self._writer = writer
        self._changelog = changelog
        self._history = history
        self._default_timezone = default_timezone
        self._new_id = new_id
        self.get = repository.get
        self.list = repository.list
        self.named = repository.named

    def create(self, fields: Fields, intent: Intent) -> Written:
        """Creates a department and begins its log; raises `Invalid`, `NameTaken`, `IdTaken`.

        A repeat with an id that is there and says the same answers with what is there.
        """
        department_id = uuid_text(fields.get("id") or self._new_id())
        return self._writer.commit(DIRECTORY, self.creation(fields, department_id), intent)

    def creation(self, fields: Fields, department_id: str, **stamps: str) -> Decide[Outcome]:
        """Decides how a department comes to be; `stamps` may set its `created_at` and `updated_at`."""

        def decide(view: View) -> Decision[Outcome]:
            new = departments.create(fields, id=department_id, timezone=self._default_timezone, at=view.now, **stamps)
            row = view.get(DEPARTMENTS, {"id": department_id})
            if row is not None:
                return Decision(Outcome(_same(row, new)))
            guards = (_claim(view, new), self._changelog.opening(department_id, view.now))
            return Decision(Outcome(new, created=True), [_draft(None, departments.to_row(new), new, *guards)])

        return decide

    def update(self, department_id: str, fields: Fields, intent: Intent, base_version: int | None = None) -> Written:
        """Changes what differs; with `base_version` merges it with what others changed since.

        Raises `NotFound`, `Invalid`, `NameTaken`, `PreconditionFailed`, `Conflict`.
        """

        def decide(view: View) -> Decision[Outcome]:
            row = _living(view, department_id, conflicting=base_version is not None)
            current = departments.from_row(row)
            intent.require(current)

            def edit(entity: Item) -> Item:
                return departments.update(entity, fields, at=view.now, timezone=self._default_timezone)

            new, note = merged_edit(current, edit, departments.WRITABLE, base_version, self._base(row))
            if new is current:
                return Decision(Outcome(current, merged=note))
            guards: tuple[Operation, ...] = ()
            if name_key(new["name"]) != name_key(current["name"]):
                guards = (_claim(view, new), _release(current))
            draft = _draft(row, departments.to_row(new), new, *guards)
            return Decision(Outcome(new, merged=note), [draft])

        return self._writer.commit(DIRECTORY, decide, intent)

    def _base(self, row: Item) -> Callable[[int], Item | None]:
        return lambda version: self._history.version(DIRECTORY, row["seq"], version)

    def delete(self, department_id: str, intent: Intent) -> Written:
        """Deletes a department with all that is in it, in one small transaction: its log closes, its name is free."""

        def decide(view: View) -> Decision[Outcome]:
            row = _living(view, department_id)
            current = departments.from_row(row)
            intent.require(current)
            data = departments.deleted_data(current)
            guards = (_release(current), self._changelog.closing(department_id))
            gone = departments.tombstone(current, at=view.now, by=intent.author.actor)
            return Decision(Outcome(data), [_draft(row, gone, data, *guards)])

        return self._writer.commit(DIRECTORY, decide, intent)

    def restore(self, department_id: str, name: str | None, intent: Intent) -> Written:
        """Brings a deleted department back with all that was in it, under a new epoch of its log.

        Raises `NotFound` where there was none or it is no longer retained, and `NameTaken`: then give another `name`.
        """

        def decide(view: View) -> Decision[Outcome]:
            row = view.get(DEPARTMENTS, {"id": department_id})
            if row is None or is_purgeable(row, view.now):
                raise NotFound("department", department_id)
            if not is_deleted(row):
                return Decision(Outcome(departments.from_row(row)))
            new = departments.revived(row, at=view.now, name=name)
            guards = (_claim(view, new), self._changelog.reopening(department_id))
            return Decision(Outcome(new), [_draft(row, departments.to_row(new), new, *guards)])

        return self._writer.commit(DIRECTORY, decide, intent)


def _draft(before: Item | None, after: Item, data: Item, *guards: Operation) -> Draft:
    return Draft("department", DEPARTMENTS, before, after, data, guards)


def _living(view: View, department_id: str, *, conflicting: bool = False) -> Item:
    row = view.get(DEPARTMENTS, {"id": department_id})
    if row is not None and is_deleted(row) and conflicting and not is_purgeable(row, view.now):
        raise Conflict(department_id, None)
    if row is None or is_deleted(row):
        raise NotFound("department", department_id)
    return row


def _same(row: Item, new: Item) -> Item:
    """Answers a repeated creation; whatever is there with this id and differs is somebody else's."""
    there = departments.from_row(row)
    if is_deleted(row) or not same(there, new, departments.WRITABLE):
        raise IdTaken(new["id"])
    return there


def _claim(view: View, department: Item) -> Operation:
    key = name_guard(name_key(department["name"]))
    if view.get(GUARDS, key) is not None:
        raise NameTaken(department["name"])
    return Put(GUARDS, {**key, "id": department["id"]}, ABSENT)


def _release(department: Item) -> Operation:
    return Delete(GUARDS, name_guard(name_key(department["name"])))
