"""Turns away what no client of this server sends: requests by another name, and writes from foreign web pages.

A page of another origin cannot read what a server answers, but it can make it write; and one whose name was pointed
at this machine (DNS rebinding) could even read. So the `Host` must be a name of this server, or an address, and an
`Origin` the server's own, or one that `CORS_ORIGINS` allows. This stands before everything, Socket.IO too.
"""

import json
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from werkzeug.wrappers import Request, Response

from backend.api.policy import HEADERS
from backend.api.requests import sane_request_id
from backend.domain.errors import Forbidden
from backend.problems import problem_of

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})

log = structlog.get_logger(__name__)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FrontDoor:
    """Is WSGI middleware; `hosts` are names without a port, `origins` whole origins."""

    def __init__(self, app: WsgiApp, *, hosts: Iterable[str], origins: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origins)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers a refusal, or lets the request in."""
        request = Request(environ)
        try:
            self._admit(request)
        except Forbidden as error:
            return _refusal(request, error)(environ, start_response)
        return self._app(environ, start_response)

    def _admit(self, request: Request) -> None:
        """Raises `Forbidden`."""
        host = request.headers.get("Host", "")
        if not (_name_of(host) in self._hosts or _is_address(_name_of(host))):
            raise Forbidden("This server does not go by that name; ALLOWED_HOSTS can tell it more")
        origin = request.headers.get("Origin")
        if origin is None:
            foreign = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
        else:
            foreign = not (origin in self._origins or urlsplit(origin).netloc.lower() == host.lower())
        if foreign and (request.method not in _READING or request.path.startswith("/socket.io")):
            raise Forbidden("Pages of that origin may not write here; CORS_ORIGINS can allow it")


def _name_of(host: str) -> str:
    """Takes the port off a `Host`."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """Tells an IP address, which nobody can point elsewhere, from a name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(request: Request, error: Forbidden) -> Response:
    identity = sane_request_id(request.headers.get("X-Request-Id", ""))
    log.info("turned away", path=request.path, host=request.host, origin=request.headers.get("Origin"))
    body = problem_of(error).as_json(instance=request.path, request_id=identity)
    return Response(
        json.dumps(body, ensure_ascii=False),
        status=problem_of(error).status,
        headers={**HEADERS, "X-Request-Id": identity},
        mimetype="application/problem+json",
    )
