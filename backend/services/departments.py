"""What can be done with departments."""

from collections.abc import Callable, Mapping
from typing import Any

from backend.domain import departments
from backend.domain.errors import IdTaken, NameTaken, NotFound
from backend.domain.ids import uuid_text
from backend.domain.text import name_key
from backend.repositories.changelog import ChangeLog
from backend.repositories.database import ABSENT, Delete, Item, Operation, Put
from backend.repositories.decisions import Decide, Decision, Draft, View, is_deleted
from backend.repositories.departments import DepartmentRepository
from backend.repositories.tables import DEPARTMENTS, DIRECTORY, GUARDS, name_guard
from backend.services.writing import Intent, Written, same

Fields = Mapping[str, Any]


class DepartmentService:
    """Creates, changes and deletes departments: each is an entry of the log `directory`."""

    def __init__(
        self,
        changelog: ChangeLog,
        repository: DepartmentRepository,
        *,
        default_timezone: str,
        new_id: Callable[[], str],
    ) -> None:
        self._changelog = changelog
        self._default_timezone = default_timezone
        self._new_id = new_id
        self.get = repository.get
        self.list = repository.list
        self.named = repository.named

    def create(self, fields: Fields, intent: Intent) -> Written:
        """Creates a department and begins its log; raises `Invalid`, `NameTaken`, `IdTaken`.

        A repeat with an id that is there and says the same answers with what is there.
        """
        return self._commit(self.creation(fields, uuid_text(fields.get("id") or self._new_id())), intent)

    def creation(self, fields: Fields, department_id: str, **stamps: str) -> Decide[tuple[Item, bool]]:
        """Decides how a department comes to be; `stamps` may set its `created_at` and `updated_at`."""

        def decide(view: View) -> Decision[tuple[Item, bool]]:
            new = departments.create(fields, id=department_id, timezone=self._default_timezone, at=view.now, **stamps)
            row = view.get(DEPARTMENTS, {"id": department_id})
            if row is not None:
                return Decision((_same(row, new), False))
            guards = (_claim(view, new), self._changelog.opening(department_id, view.now))
            return Decision((new, True), [_draft(None, departments.to_row(new), new, *guards)])

        return decide

    def update(self, department_id: str, fields: Fields, intent: Intent) -> Written:
        """Changes what differs; raises `NotFound`, `Invalid`, `NameTaken`, `PreconditionFailed`."""

        def decide(view: View) -> Decision[tuple[Item, bool]]:
            row = _living(view, department_id)
            current = departments.from_row(row)
            intent.require(current)
            new = departments.update(current, fields, at=view.now, timezone=self._default_timezone)
            if new is current:
                return Decision((current, False))
            guards: tuple[Operation, ...] = ()
            if name_key(new["name"]) != name_key(current["name"]):
                guards = (_claim(view, new), _release(current))
            return Decision((new, False), [_draft(row, departments.to_row(new), new, *guards)])

        return self._commit(decide, intent)

    def delete(self, department_id: str, intent: Intent) -> Written:
        """Deletes a department with all that is in it, in one small transaction: its log closes, its name is free."""

        def decide(view: View) -> Decision[tuple[Item, bool]]:
            row = _living(view, department_id)
            current = departments.from_row(row)
            intent.require(current)
            data = departments.deleted_data(current)
            guards = (_release(current), self._changelog.closing(department_id))
            return Decision((data, False), [_draft(row, departments.tombstone(current, at=view.now), data, *guards)])

        return self._commit(decide, intent)

    def _commit(self, decide: Decide[tuple[Item, bool]], intent: Intent) -> Written:
        committed = self._changelog.commit(DIRECTORY, decide, intent.author)
        entity, created = committed.result
        return Written(entity, committed.position, created)


def _draft(before: Item | None, after: Item, data: Item, *guards: Operation) -> Draft:
    return Draft("department", DEPARTMENTS, before, after, data, guards)


def _living(view: View, department_id: str) -> Item:
    row = view.get(DEPARTMENTS, {"id": department_id})
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
