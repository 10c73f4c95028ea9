"""What a request says: its body, its conditions, who sent it, and where its list goes on."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, NoReturn
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from flask import Request, current_app, g, request
from marshmallow import ValidationError
from webargs.flaskparser import FlaskParser

from backend.domain.changes import Author
from backend.domain.errors import Invalid, Malformed, UnsupportedMediaType
from backend.domain.pages import Key
from backend.domain.text import line
from backend.schemas.errors import field_errors
from backend.services.writing import Intent, Precondition

JSON: Final = "application/json"
_UNNAMED: Final = ("", "text/plain")
"""What a server says that a body without a type is of; eventlet says the latter."""
_REQUEST_ID: Final = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)
_ENTITY_TAG: Final = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)')
_DEVICE_LENGTH: Final = 64
_ACTOR_LENGTH: Final = 200
_KEY_LENGTH: Final = 255
_KEY_BYTES: Final = 1024


class Arguments(FlaskParser):
    """Reads bodies and queries strictly, and raises Dayroom's own errors."""

    def _raw_load_json(self, req: Request) -> Any:
        body = _whole_body(req)
        if not body and req.mimetype in _UNNAMED:
            return {}
        if req.mimetype != JSON:
            raise UnsupportedMediaType(req.mimetype)
        return parse_json(body)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Raises `Invalid` with a pointer for every member that is wrong."""
        messages = error.messages_dict
        location = next(iter(messages))
        raise Invalid(field_errors(messages[location], location)) from None


def _whole_body(req: Request) -> bytes:
    """Reads a body; one that comes in chunks and reaches the limit is refused here, and not cut off there."""
    body = req.get_data()
    req.stream.read(1)  # Werkzeug raises 413 when more is asked for, never while it reads up to the limit.
    return body


def file_body(media_type: str, limit: int) -> tuple[bytes, str | None]:
    """Reads a body that is a file of at most `limit` bytes, and tells its charset, if it says one."""
    request.max_content_length = limit
    if request.mimetype != media_type:
        raise UnsupportedMediaType(request.mimetype, media_type)
    return _whole_body(request), request.mimetype_params.get("charset")


def parse_json(body: bytes) -> Any:
    """Reads JSON as RFC 8259 has it; raises `Malformed` for anything else, however deep it is nested."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError:
        raise Malformed("The body is nested too deeply") from None
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {str(error)[:200]}") from None
    except ValueError:
        raise Malformed("The body holds a number of thousands of digits") from None


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is no JSON number")


def request_id() -> str:
    """Tells the id of this request."""
    if "request_id" not in g:
        g.request_id = sane_request_id(request.headers.get("X-Request-Id", ""))
    return str(g.request_id)


def sane_request_id(sent: str) -> str:
    """Takes the client's own id of a request if it is a sane one, else a new one."""
    return sent if _REQUEST_ID.fullmatch(sent) else str(uuid4())


def intent() -> Intent:
    """Tells who asks for a write and on which condition; raises `Invalid` for headers that cannot be kept."""
    strict = current_app.config["REQUIRE_PRECONDITIONS"]
    return Intent(author(), precondition(), strict=strict, request=_fingerprint())


def author() -> Author:
    """Tells who writes, and from where; raises `Invalid` for headers that cannot be kept."""
    return Author(_actor(), _header("X-Device-Id", _DEVICE_LENGTH), idempotency_key())


def _fingerprint() -> str:
    """Tells one request from another: its method, address and content, whatever the order of a body's members."""
    body = request.get_data()
    content = json.dumps(parse_json(body), sort_keys=True) if body else ""
    return sha256(f"{request.method} {request.full_path} {content}".encode("utf-8", "surrogatepass")).hexdigest()


def idempotency_key() -> str | None:
    """Reads `Idempotency-Key`, bare or quoted."""
    key = _header("Idempotency-Key", _KEY_LENGTH + 2)
    if key and len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if key is not None and not 0 < len(key) <= _KEY_LENGTH:
        raise Invalid.at("/Idempotency-Key", "length", f"must have 1 to {_KEY_LENGTH} characters")
    return key


def precondition() -> Precondition:
    """Reads `If-Match` (RFC 9110, section 13.1.1): a weak entity tag never matches there."""
    header = request.headers.get("If-Match", "").strip()
    if header == "*":
        return Precondition(any=True, header=header)
    tags = _ENTITY_TAG.findall(header)
    return Precondition(frozenset(tag for weak, tag in tags if not weak), header=header)


def not_modified(version: int) -> bool:
    """Tells whether `If-None-Match` names this version, so that the client has it already."""
    return names_tag(str(version))


def names_tag(wanted: str) -> bool:
    """Tells whether `If-None-Match` has an entity tag."""
    header = request.headers.get("If-None-Match", "").strip()
    return header == "*" or any(tag == wanted for _, tag in _ENTITY_TAG.findall(header))


def _actor() -> str | None:
    sent = request.headers.get("X-Actor")
    if not sent:
        return None
    try:
        # What was not percent-encoded is UTF-8 all the same; WSGI shows every byte as a character.
        return line(unquote_to_bytes(sent.encode("latin-1")).decode("utf-8"), _ACTOR_LENGTH) or None
    except (ValueError, Invalid):
        raise Invalid.at("/X-Actor", "text", "must be percent-encoded UTF-8 of at most 200 characters") from None


def _header(name: str, limit: int) -> str | None:
    sent = request.headers.get(name, "").strip()
    if len(sent) > limit or not sent.isprintable():
        raise Invalid.at(f"/{name}", "text", f"must have at most {limit} printable characters")
    return sent or None


def encode_cursor(*parts: str) -> str:
    """Makes a cursor: opaque to clients, and good only where it was made."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, size: int) -> tuple[str, ...] | None:
    """Reads a cursor of so many parts; raises `Invalid` for what this server cannot have made."""
    if cursor is None:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        parts = None
    if not (isinstance(parts, list) and len(parts) == size and all(map(_is_key, parts))):
        raise Invalid.at("/cursor", "cursor", "is not a cursor of this list; take it from a `next` link as it is")
    return tuple(parts)


def _is_key(part: Any) -> bool:
    """Tells whether a part of a cursor can be looked for: text that a database can compare with its keys."""
    if not isinstance(part, str) or any("\ud800" <= character <= "\udfff" for character in part):
        return False
    return 0 < len(part.encode()) <= _KEY_BYTES


def decode_key(cursor: str | None) -> Key | None:
    """Reads the cursor of a list: the key of the last entity of the page before."""
    parts = decode_cursor(cursor, 2)
    return None if parts is None else (parts[0], parts[1])


def without(fields: Mapping[str, Any], name: str) -> tuple[dict[str, Any], Any]:
    """Takes one member out of a body: the rest, and the member or None."""
    return {key: value for key, value in fields.items() if key != name}, fields.get(name)
