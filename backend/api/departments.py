"""REST for departments."""

from collections.abc import Mapping
from typing import Any

from backend.api.operations import Resource
from backend.api.replies import Reply, entity, gone, listed, written
from backend.api.requests import decode_key, intent, without
from backend.domain.ids import sought_id
from backend.domain.text import composed
from backend.schemas.departments import (
    DepartmentCreate,
    DepartmentQuery,
    DepartmentRead,
    DepartmentRestore,
    DepartmentUpdate,
)
from backend.services.departments import DepartmentService

Fields = Mapping[str, Any]


def departments_blueprint(departments: DepartmentService) -> Resource:
    """Declares the routes of departments."""
    api = Resource("departments", __name__, description="Departments: whom a calendar belongs to")

    @api.operation("GET", "/api/departments", query=DepartmentQuery, answer=DepartmentRead(many=True))
    def list_departments(query: Fields) -> Reply:
        """Lists the departments by name; with `name`, the one that has exactly this name."""
        if "name" in query:
            return listed(departments.named(composed(query["name"])))
        return listed(departments.list(after=decode_key(query.get("cursor")), limit=query.get("limit")))

    @api.operation("POST", "/api/departments", body=DepartmentCreate, answer=DepartmentRead)
    def create_department(fields: Fields) -> Reply:
        """Creates a department; a repeat with the same `id` and content answers 200."""
        return written(departments.create(fields, intent()), _location)

    @api.operation("GET", "/api/departments/<string:id>", answer=DepartmentRead)
    def get_department(id: str) -> Reply:
        """Shows a department."""
        return entity(departments.get(sought_id(id)))

    @api.operation("PUT PATCH", "/api/departments/<string:id>", body=DepartmentUpdate, answer=DepartmentRead)
    def update_department(fields: Fields, id: str) -> Reply:
        """Changes the members that are given; null clears one."""
        content, base_version = without(fields, "base_version")
        return written(departments.update(sought_id(id), content, intent(), base_version))

    @api.operation("DELETE", "/api/departments/<string:id>")
    def delete_department(id: str) -> Reply:
        """Deletes a department and all that is in it, at once."""
        return gone(departments.delete(sought_id(id), intent()))

    @api.operation(
        "POST", "/api/departments/<string:id>/restore", body=DepartmentRestore, answer=DepartmentRead, creates=False
    )
    def restore_department(fields: Fields, id: str) -> Reply:
        """Brings a deleted department back with all that was in it, within 30 days; its log has a new epoch."""
        return written(departments.restore(sought_id(id), fields.get("name"), intent()))

    return api


def _location(department: Mapping[str, Any]) -> str:
    return f"/api/departments/{department['id']}"
