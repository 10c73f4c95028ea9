"""REST for searching all departments."""

from collections.abc import Mapping
from typing import Any

from backend.api.operations import Resource
from backend.api.replies import Reply, next_link
from backend.api.requests import decode_cursor, encode_cursor
from backend.schemas.events import EventRead
from backend.schemas.search import SearchQuery
from backend.services.search import Place, SearchService


def search_blueprint(search: SearchService) -> Resource:
    """Declares the route of the search."""
    api = Resource("search", __name__, description="Search: events of all departments")

    @api.operation("GET", "/api/search", query=SearchQuery, answer=EventRead(many=True))
    def search_events(query: Mapping[str, Any]) -> Reply:
        """Finds events in all departments, in order of the departments' names and of first days.

        Without dates it looks 366 days back and ahead. A page with a `limit` looks through ten departments at most,
        so it may hold less, even nothing, and have a `next` link all the same.
        """
        options: dict[str, Any] = {"skip": query.get("skip") or frozenset(), "limit": query.get("limit")}
        options |= {"first": query.get("from"), "last": query.get("to")}
        found = search.find(query["q"], after=_place(query.get("cursor")), **options)
        link = {} if found.next is None else {"Link": next_link(encode_cursor(*found.next))}
        return found.entities, 200, {"Cache-Control": "no-cache", **link}

    return api


def _place(cursor: str | None) -> Place | None:
    parts = decode_cursor(cursor, 4)
    return None if parts is None else (parts[0], parts[1], parts[2], parts[3])
