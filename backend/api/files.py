"""The addresses that this server signs where it is the object store: bodies come and go in chunks, never whole."""

from typing import Final

from flask import Blueprint, Response, request

from backend.api.ranges import client_has_it, refuse_unless_matching, wanted_bytes
from backend.services.transfers import ADDRESSES, Action, Announced, Download, Transfers

_NO_SCRIPT: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
_HEADERS: Final = {
    "Content-Security-Policy": f"{_NO_SCRIPT}; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Accept-Ranges": "bytes",
}
_PDF: Final = {"Content-Security-Policy": f"{_NO_SCRIPT}; object-src 'self'"}
"""Browsers do not show a PDF in a sandbox; their viewers run none of its script on a page's behalf."""


def files_blueprint(transfers: Transfers) -> Blueprint:
    """Declares the three addresses; what a request may do is in its grant alone."""
    files = Blueprint("files", __name__)

    @files.put(ADDRESSES["object"])
    def put_object() -> Response:
        """Takes in a whole file."""
        return _received(transfers, "object")

    @files.put(ADDRESSES["part"])
    def put_part() -> Response:
        """Takes in a part of a file."""
        return _received(transfers, "part")

    @files.get(ADDRESSES["download"])
    def download() -> Response:
        """Serves a file, or a range of it."""
        found = transfers.find(*_granted())
        etag, modified_at = found.stored.etag, found.stored.modified_at
        refuse_unless_matching(request, etag, modified_at)
        if client_has_it(request, etag, modified_at):
            return _described(Response(status=304), found)
        return _described(_body(transfers, found), found)

    return files


def _received(transfers: Transfers, action: Action) -> Response:
    """Hands the body on; it is read only after its headers were found to be those that were signed."""
    request.max_content_length = request.content_length  # the grant limits it, to the byte
    announced = Announced(_announced_size(), request.headers.get("Content-Type", ""))
    tag = transfers.receive(action, *_granted(), announced, request.stream.read)
    answer = Response(status=200)
    answer.set_etag(tag)
    return answer


def _announced_size() -> int | None:
    """Tells how long the body is said to be; None where it comes in chunks, and is of any length."""
    return None if "Transfer-Encoding" in request.headers else request.content_length or 0


def _granted() -> tuple[str, str]:
    return request.args.get("grant", ""), request.args.get("signature", "")


def _body(transfers: Transfers, found: Download) -> Response:
    stored = found.stored
    wanted = wanted_bytes(request, stored.size, stored.etag, stored.modified_at)
    first, last = wanted or (0, stored.size - 1)
    answer = Response(transfers.chunks(stored.key, first, last), 206 if wanted else 200, direct_passthrough=True)
    answer.content_length = last - first + 1
    if wanted:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{stored.size}"
    return answer


def _described(answer: Response, found: Download) -> Response:
    """Says what it is; the type is the one that was signed, and nothing guesses another."""
    answer.headers.update(_HEADERS)
    if found.type == "application/pdf":
        answer.headers.update(_PDF)
    answer.headers["Content-Type"] = found.type
    answer.headers["Content-Disposition"] = found.disposition
    answer.headers["Cache-Control"] = (
        "private, max-age=31536000, immutable" if found.is_derived else "private, no-cache"
    )
    answer.set_etag(found.stored.etag)
    answer.last_modified = found.stored.modified_at
    return answer
