"""What an answer says: the entity with its tag and its place in the log, or a list and where it goes on."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request

from backend.api.requests import encode_cursor, not_modified
from backend.domain.pages import Listed
from backend.services.writing import Written

Reply = tuple[Any, int, dict[str, str]] | Response


def etag(entity: Mapping[str, Any]) -> str:
    """Is an entity's strong tag: its version."""
    return f'"{entity["version"]}"'


def entity(found: Mapping[str, Any]) -> Reply:
    """Answers a reader: the entity, or 304 where the client has this version."""
    headers = {"ETag": etag(found), "Cache-Control": "no-cache"}
    if not_modified(found["version"]):
        return Response(status=304, headers=headers)
    return found, 200, headers


def written(
    result: Written,
    location: Callable[[Mapping[str, Any]], str] | None = None,
    shown: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda entity: entity,
) -> Reply:
    """Answers a writer: the entity as it is now (as `shown`), and the position that includes the write."""
    headers = {"ETag": etag(result.entity), **_place(result)}
    merged = result.outcome.merged
    body = shown(result.entity) if merged is None else {**shown(result.entity), "merged": merged}
    if not result.created or location is None:
        return body, 200, headers
    return body, 201, {**headers, "Location": absolute(location(result.entity))}


def gone(result: Written) -> Response:
    """Answers a deletion."""
    return Response(status=204, headers=_place(result))


def _place(result: Written) -> dict[str, str]:
    """Tells where in the log a write is, and whether it was there before."""
    position = {"X-Position": str(result.position)}
    return {**position, "Idempotency-Replayed": "true"} if result.replayed else position


def listed(result: Listed) -> Reply:
    """Answers with a list, the position that it is at least as new as, and the link to its next page."""
    headers = {"X-Position": str(result.head.position), "Cache-Control": "no-cache"}
    if result.next is not None:
        headers["Link"] = next_link(encode_cursor(*result.next))
    return result.entities, 200, headers


def next_link(cursor: str) -> str:
    """Writes the link to the next page (RFC 8288): this request with another cursor."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    address = absolute(f"{request.path}?{urlencode([*query, ('cursor', cursor)])}")
    return f'<{address}>; rel="next"'


def absolute(path: str) -> str:
    """Makes an address that clients can reach, also behind a proxy."""
    base = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    return f"{base}{path}"
