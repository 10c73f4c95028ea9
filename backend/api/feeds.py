"""REST for feeds, and the feeds themselves."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, request
from werkzeug.http import http_date, parse_date

from backend.api.operations import Resource
from backend.api.replies import Reply, absolute, gone, written
from backend.api.requests import intent, names_tag
from backend.domain.feeds import CLIENT_LENGTH
from backend.domain.ids import sought_id
from backend.exchange.files import FORMATS, disposition
from backend.exchange.qr import drawn
from backend.schemas.feeds import FeedCreate, FeedRead
from backend.services.feeds import FeedService, Opened

Fields = Mapping[str, Any]

_PRIVATE: Final = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


def feeds_blueprint(feeds: FeedService) -> Resource:
    """Declares the routes by which feeds are made, listed and revoked."""
    api = Resource("feeds", __name__, description="Feeds: addresses that calendar programs subscribe to")

    @api.operation("GET", "/api/departments/<string:id>/feeds", answer=FeedRead(many=True))
    def list_feeds(id: str) -> Reply:
        """Lists a department's feeds, the oldest first, with when each was last used."""
        return [_shown(feed) for feed in feeds.list(sought_id(id))], 200, {"Cache-Control": "no-store"}

    @api.operation("POST", "/api/departments/<string:id>/feeds", body=FeedCreate, answer=FeedRead)
    def create_feed(fields: Fields, id: str) -> Reply:
        """Makes a feed under a new secret address; a repeat with the same `id` and content answers 200."""
        return written(feeds.create(sought_id(id), fields, intent()), _location, _shown)

    @api.operation("GET", "/api/departments/<string:id>/feeds/<string:feed_id>", answer=FeedRead)
    def get_feed(id: str, feed_id: str) -> Reply:
        """Shows a feed."""
        return _shown(feeds.get(sought_id(id), sought_id(feed_id))), 200, {"Cache-Control": "no-store"}

    @api.operation("DELETE", "/api/departments/<string:id>/feeds/<string:feed_id>")
    def delete_feed(id: str, feed_id: str) -> Reply:
        """Revokes a feed: its address answers 404 from now on."""
        return gone(feeds.revoke(sought_id(id), sought_id(feed_id), intent()))

    @api.operation("GET", "/api/departments/<string:id>/feeds/<string:feed_id>/qr.svg", gives="image/svg+xml")
    def draw_feed(id: str, feed_id: str) -> Reply:
        """Draws a feed's address as a QR code."""
        picture = drawn(_shown(feeds.get(sought_id(id), sought_id(feed_id)))["address"])
        return Response(picture, mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})

    return api


def subscriptions_blueprint(feeds: FeedService) -> Blueprint:
    """Declares the address that calendar programs read."""
    blueprint = Blueprint("subscriptions", __name__)

    @blueprint.get("/feeds/<string:secret>.ics")
    def read_feed(secret: str) -> Response:
        """Gives a department's events as iCalendar; 304 where the program has them as they are."""
        client = request.headers.get("User-Agent", "").strip()[:CLIENT_LENGTH]
        return _answer(feeds.open(secret, client if client.isprintable() and client else None))

    return blueprint


def _answer(opened: Opened) -> Response:
    headers = {**_PRIVATE, "ETag": f'"{opened.tag}"'}
    if opened.settled:
        headers["Last-Modified"] = http_date(opened.modified)
    if _has_it(opened):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = disposition(f"{opened.name}.ics", inline=True)
    return Response(opened.text(), content_type=FORMATS["ics"], headers=headers)


def _has_it(opened: Opened) -> bool:
    """Tells whether the program has the text already (RFC 9110, section 13.2.2: tags come before dates)."""
    if request.headers.get("If-None-Match"):
        return names_tag(opened.tag)
    since = parse_date(request.headers.get("If-Modified-Since"))
    return since is not None and opened.modified <= since


def _shown(feed: Fields) -> dict[str, Any]:
    """Shows a feed with its address instead of its secret."""
    shown = {name: value for name, value in feed.items() if name != "secret"}
    return {**shown, "address": absolute(f"/feeds/{feed['secret']}.ics")}


def _location(feed: Fields) -> str:
    return f"/api/departments/{feed['department_id']}/feeds/{feed['id']}"
