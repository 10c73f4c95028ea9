"""Turns marshmallow's messages into the domain's field errors, each with its JSON pointer (RFC 6901) and code.

Every message that the schemas here give has the form `code: detail`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError
from marshmallow.exceptions import SCHEMA

from backend.domain.errors import FieldError, Invalid

_CODED: Final = re.compile(r"([a-z-]+): (.+)", re.DOTALL)


def field_errors(messages: Mapping[Any, Any], location: str | None = None) -> list[FieldError]:
    """Flattens messages, nested as the body is, whether webargs has put them under their `location` or not.

    An unknown member may well be called `json`, but its messages are a list.
    """
    if location is not None and isinstance(messages.get(location), Mapping):
        messages = messages[location]
    return list(_flatten(messages, ""))


def loaded(schema: Schema, data: Any) -> Mapping[str, Any]:
    """Reads what a body within a body holds; raises `Invalid`."""
    try:
        found: Mapping[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Invalid(field_errors(error.messages_dict)) from None
    return found


def coded(invalid: Invalid) -> ValidationError:
    """Makes marshmallow's error of the domain's, whose pointers are relative to one member."""
    messages: dict[str | int, Any] = {}
    for fault in invalid.errors:
        inner = messages
        for name in fault.pointer.split("/")[1:]:
            inner = inner.setdefault(_key(name), {})
        inner.setdefault(SCHEMA, []).append(f"{fault.code}: {fault.detail}")
    # A list alone, not under SCHEMA, is how marshmallow itself reports a plain member.
    return ValidationError(messages[SCHEMA] if messages.keys() == {SCHEMA} else messages)


def _key(name: str) -> str | int:
    return int(name) if name.isdecimal() else name.replace("~1", "/").replace("~0", "~")


def _flatten(messages: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _flatten(inner, pointer if name == SCHEMA else f"{pointer}/{_escaped(str(name))}")
    elif isinstance(messages, Iterable) and not isinstance(messages, str):
        for inner in messages:
            yield from _flatten(inner, pointer)
    else:
        yield _field_error(pointer, str(messages))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _field_error(pointer: str, message: str) -> FieldError:
    match = _CODED.fullmatch(message)
    return FieldError(pointer, match[1], match[2]) if match else FieldError(pointer, "invalid", message)
