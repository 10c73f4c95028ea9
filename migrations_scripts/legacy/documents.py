"""The three JSON shapes: rows in an array, by department and then by date, or by date. The content tells which.

A document may be wrapped, as in `{"success": true, "events": …}`, and every level may be an object whose keys are
dates, departments' ids or the rows' own ids.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from migrations_scripts.legacy.rows import DEPARTMENT_NAMES, EVENT_NAMES, Reject, Row, fold, row_of

DEPARTMENTS_FILE: Final = "departments.json"
EVENTS_FILE: Final = "calendar_events.json"

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TELLING: Final = frozenset({"name", "title", "eventdate", "departmentid"})
"""Members by which an object is known to be a row; `id` is not, as it may be the key of one."""


class Unreadable(Exception):
    """Says in one line why a source cannot be read."""


def departments_in(folder: Path) -> Iterator[Row | Reject]:
    """Reads the departments of a folder; raises `Unreadable`."""
    document = _unwrapped(_load(folder / DEPARTMENTS_FILE), "departments")
    for raw, place in _walk(document, {}, ("id",)):
        yield row_of(DEPARTMENTS_FILE, raw, place, DEPARTMENT_NAMES)


def events_in(folder: Path) -> Iterator[Row | Reject]:
    """Reads the events of a folder; raises `Unreadable`."""
    document = _unwrapped(_load(folder / EVENTS_FILE), "events", "calendarevents")
    for raw, place in _walk(document, {}, ("event_date", "department_id", "id")):
        yield row_of(EVENTS_FILE, raw, place, EVENT_NAMES)


def _load(path: Path) -> Any:
    """Parses a file in UTF-8, -16 or -32, with or without a byte-order mark."""
    try:
        document = json.loads(path.read_bytes(), object_pairs_hook=_joined, parse_constant=_no_number)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8: byte {error.start} means nothing") from error
    except RecursionError as error:
        raise Unreadable(f"{path} is nested too deeply") from error
    except ValueError as error:
        raise Unreadable(f"{path} is not JSON: {error}") from error
    if not isinstance(document, list | dict):
        raise Unreadable(f"{path} holds no rows: it is neither an array nor an object")
    return document


def _joined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Makes an object; a key that stands twice loses nothing: lists and objects are joined, all else is an error."""
    members: dict[str, Any] = {}
    for name, value in pairs:
        members[name] = _both(name, members[name], value) if name in members else value
    return members


def _both(name: str, first: Any, second: Any) -> Any:
    if isinstance(first, list) and isinstance(second, list):
        return first + second
    if isinstance(first, dict) and isinstance(second, dict):
        return _joined([*first.items(), *second.items()])
    raise ValueError(f"the member {name!r} is there twice")


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _unwrapped(document: Any, *names: str) -> Any:
    if isinstance(document, dict):
        for key, value in document.items():
            if fold(key) in names and isinstance(value, list | dict):
                return value
    return document


def _walk(node: Any, place: Mapping[str, str], levels: tuple[str, ...]) -> Iterator[tuple[Any, Mapping[str, str]]]:
    """Finds the rows below a node, each with what the keys on the way to it say."""
    if isinstance(node, list):
        yield from ((raw, place) for raw in node)
    elif not isinstance(node, dict) or not levels or (place and _is_row(node)):
        yield node, place
    else:
        level = _level(node, levels)
        left = tuple(name for name in levels if name != level)
        for key, below in node.items():
            yield from _walk(below, {**place, level: key}, left)


def _level(node: Mapping[str, Any], levels: tuple[str, ...]) -> str:
    """Tells what the keys of an object are: dates if one of them looks like one, ids if rows stand right below."""
    if "event_date" in levels and any(_DATE.match(key) for key in node):
        return "event_date"
    if any(_is_row(below) for below in node.values()):
        return "id"
    if "department_id" in levels:
        return "department_id"
    return levels[0]


def _is_row(node: object) -> bool:
    return isinstance(node, dict) and any(fold(name) in _TELLING for name in node)
