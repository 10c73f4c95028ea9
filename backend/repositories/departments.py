"""Reading departments: one by its id, all by name, one by its name."""

from backend.domain import departments
from backend.domain.errors import NotFound
from backend.domain.pages import Entity, Key, Listed
from backend.domain.text import name_key
from backend.repositories.database import Database
from backend.repositories.decisions import is_deleted
from backend.repositories.listing import Listing, Selection, in_order
from backend.repositories.log_reader import LogReader
from backend.repositories.tables import DEPARTMENTS, DEPARTMENTS_LIVING, DIRECTORY, GUARDS, name_guard


class DepartmentRepository:
    """Finds living departments."""

    def __init__(self, database: Database, reader: LogReader, listing: Listing) -> None:
        self._database = database
        self._reader = reader
        self._listing = listing

    def get(self, department_id: str) -> Entity:
        """Reads one department; raises `NotFound`."""
        row = self._database.get(DEPARTMENTS, {"id": department_id})
        if row is None or is_deleted(row):
            raise NotFound("department", department_id)
        return departments.from_row(row)

    def deleted(self, department_id: str) -> Entity:
        """Tells what is left of a department that was deleted."""
        row = self._database.get(DEPARTMENTS, {"id": department_id}) or {"id": department_id, "name": ""}
        return departments.deleted_data(row)

    def named(self, name: str) -> Listed:
        """Finds the department with exactly this name, through the guard that keeps it unique."""
        head = self._reader.head(DIRECTORY)
        fits = len(name) <= departments.NAME_LENGTH
        guard = self._database.get(GUARDS, name_guard(name_key(name))) if fits else None
        row = guard and self._database.get(DEPARTMENTS, {"id": guard["id"]})
        found = [departments.from_row(row)] if row and not is_deleted(row) and row["name"] == name else []
        return Listed(found, head)

    def list(self, *, after: Key | None = None, limit: int | None = None) -> Listed:
        """Lists the departments in order of their casefolded names."""
        rows = self._database.query(DEPARTMENTS, DIRECTORY, index=DEPARTMENTS_LIVING, lower=after[0] if after else None)
        indexed = in_order(map(departments.from_row, rows), departments.list_key)
        selection = Selection("department", departments.list_key, lambda entity: True, after)
        return self._listing.read(DIRECTORY, indexed, selection, limit)
