"""Says in words why Dayroom refuses a row of an old calendar."""

import re
from collections.abc import Mapping
from typing import Any, Final

from backend.domain.errors import FieldError, Invalid

SHOWN: Final = 60
"""How many characters of a faulty value a reason shows."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SCRIPT: Final = re.compile(r"\s*(?:java|vb)script:|\s*data:", re.IGNORECASE)
_CALLED: Final = {"event_date": "date", "end_date": "last date"}


def explain(invalid: Invalid, fields: Mapping[str, Any]) -> str:
    """Explains every fault of a row, in one line."""
    return "; ".join(_fault(error, error.pointer.split("/")[1], fields) for error in invalid.errors)


def _fault(error: FieldError, member: str, fields: Mapping[str, Any]) -> str:
    value, called = fields.get(member), _CALLED.get(member, member)
    match error.code:
        case "required":
            return f"missing {called}" if value in (None, "") else f"blank {called}"
        case "too-long":
            return f"{called} too long: it {error.detail}"
        case "date":
            return f"{_kind_of_date(value, error)}: {member} is {shown(value)}"
        case "url":
            kind = "script url" if isinstance(value, str) and _SCRIPT.match(value) else "not a web address"
            return f"{kind}: {shown(value)} is neither http nor https"
    return f"faulty {called}: {shown(value)} {error.detail}"


def _kind_of_date(value: object, error: FieldError) -> str:
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return "not a date"
    return "impossible date" if "exists" in error.detail else f"date out of range, it {error.detail}"


def shown(value: object) -> str:
    """Shows a value, shortened."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
