"""REST for events."""

from collections.abc import Mapping
from typing import Any

from backend.api.operations import CHANGING, Resource
from backend.api.replies import Reply, entity, gone, listed, next_link, written
from backend.api.requests import decode_key, encode_cursor, intent, without
from backend.domain.ids import sought_id
from backend.schemas.events import (
    EventCreate,
    EventHistory,
    EventMove,
    EventQuery,
    EventRead,
    EventRestore,
    EventUpdate,
)
from backend.schemas.paging import PageQuery
from backend.schemas.recurrence import PartQuery
from backend.services.event_lives import EventLives
from backend.services.events import EventService
from backend.services.series import Part, SeriesService
from backend.services.writing import Written

Fields = Mapping[str, Any]


def events_blueprint(events: EventService, series: SeriesService, lives: EventLives) -> Resource:
    """Declares the routes of events. A path's first id is a department's or an event's, by the method."""
    api = Resource("events", __name__, description="Events: what happens, when and where")

    @api.operation("GET", "/api/events/<string:id>", query=EventQuery, answer=EventRead(many=True))
    def list_events(query: Fields, id: str) -> Reply:
        """Lists the events of the department `id`, by first day; `from` and `to` are dates, both included."""
        options: dict[str, Any] = {
            "text": query.get("q"),
            "after": decode_key(query.get("cursor")),
            "limit": query.get("limit"),
        }
        options |= {"first": query.get("from"), "last": query.get("to")}
        return listed((series.occurrences if query.get("expand") else events.list)(sought_id(id), **options))

    @api.operation("POST", "/api/events/<string:id>", body=EventCreate, answer=EventRead)
    def create_event(fields: Fields, id: str) -> Reply:
        """Creates an event in the department `id`; a repeat with the same event `id` and content answers 200."""
        return written(events.create(sought_id(id), fields, intent()), _location)

    @api.operation("GET", "/api/events/<string:id>/<string:event_id>", answer=EventRead)
    def get_event(id: str, event_id: str) -> Reply:
        """Shows the event `event_id` of the department `id`."""
        return entity(events.get(sought_id(id), sought_id(event_id)))

    @api.operation(
        "PUT PATCH", "/api/events/<string:id>", body=EventUpdate, query=PartQuery, answer=EventRead, divides=True
    )
    def update_event(fields: Fields, query: Fields, id: str) -> Reply:
        """Changes the members of the event `id` that are given; null clears one. 201 tells of a new series."""
        content, base_version = without(fields, "base_version")
        return written(_updated(events, series, sought_id(id), content, query, base_version), _location)

    @api.operation("DELETE", "/api/events/<string:id>", query=PartQuery)
    def delete_event(query: Fields, id: str) -> Reply:
        """Deletes the event `id`, or some of its occurrences."""
        part = _part(query)
        found, wish = sought_id(id), intent()
        return gone(events.delete(found, wish) if part is None else series.delete(found, wish, part))

    @api.operation("GET", "/api/events/<string:id>/history", query=PageQuery, answer=EventHistory)
    def get_event_history(query: Fields, id: str) -> Reply:
        """Tells every version of the event `id` that is retained, newest first, with who changed what."""
        versions, next_ = lives.history(sought_id(id), decode_key(query.get("cursor")), query.get("limit"))
        link = {} if next_ is None else {"Link": next_link(encode_cursor(*next_))}
        return versions, 200, {"Cache-Control": "no-cache", **link}

    @api.operation(
        "POST",
        "/api/events/<string:id>/restore",
        body=EventRestore,
        answer=EventRead,
        errors=CHANGING,
        creates=False,
    )
    def restore_event(fields: Fields, id: str) -> Reply:
        """Brings the deleted event `id` back, or makes an old `version` of it the newest."""
        return written(lives.restore(sought_id(id), fields.get("version"), intent(), fields.get("instead_of")))

    @api.operation(
        "POST", "/api/events/<string:id>/move", body=EventMove, answer=EventRead, errors=CHANGING, creates=False
    )
    def move_event(fields: Fields, id: str) -> Reply:
        """Moves the event `id` to another department, in one transaction."""
        return written(lives.move(sought_id(id), fields["department_id"], intent()))

    return api


def _updated(
    events: EventService, series: SeriesService, id: str, fields: Fields, query: Fields, base_version: int | None
) -> Written:
    """Changes an event as a whole, or the part of a series that is meant.

    An occurrence that is sent back says whose it is, and has no rule, whatever its series has.
    """
    content, whose = without(fields, "occurrence_of")
    part = _part({"date": (whose or {}).get("date"), **query})
    if whose and content.get("recurrence") is None:
        content, _ = without(content, "recurrence")
    if part is None:
        return events.update(id, content, intent(), base_version)
    return series.update(id, content, intent(), part, base_version)


def _part(query: Fields) -> Part | None:
    """Tells which part of a series is meant; None for an event as a whole."""
    return Part(query["scope"], query["date"]) if query.get("date") else None


def _location(event: Mapping[str, Any]) -> str:
    return f"/api/events/{event['department_id']}/{event['id']}"
