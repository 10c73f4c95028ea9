"""The member `recurrence` of an event: `{rrule, exdates, overrides}`, read, and settled with the event's own dates.

What is kept is whole for every reader: an end is a date in the event's zone, and an override has all dates or all times
where one of them differs, so that a client lays it over the event without understanding words.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from backend.domain import expansion, rules, spans
from backend.domain.errors import FieldError, Invalid
from backend.domain.fields import FIRST_YEAR, LAST_YEAR, Reader, day, read
from backend.domain.rule_moves import moved

MAX_EXDATES: Final = 1000
MAX_OVERRIDES: Final = 366
MAX_BYTES: Final = 100_000
"""How large all of it may be as JSON: an entity and its entry in the log are one item of a store each."""

DATES: Final = ("event_date", "end_date")
TIMES: Final = ("start_time", "end_time", "time")
SERIES_ONLY: Final = ("recurrence", "timezone")
"""Members that one occurrence cannot have for itself."""

_MEMBERS: Final = ("rrule", "exdates", "overrides")


def recurrence_of(members: Mapping[str, Reader]) -> Reader:
    """Makes a reader of recurrences whose overrides may have these members."""
    allowed = {name: reader for name, reader in members.items() if name not in SERIES_ONLY}

    def overrides(value: object) -> dict[str, Any]:
        return _overrides(value, allowed)

    readers: dict[str, Reader] = {"rrule": _rule, "exdates": _exdates, "overrides": overrides}

    def read_recurrence(value: object) -> dict[str, Any] | None:
        if value is None or value == "":
            return None
        if not isinstance(value, Mapping):
            raise Invalid.at("", "type", "must be {rrule, exdates, overrides}, or null")
        found, faults = read(value, readers)
        faults += [FieldError(f"/{_escaped(name)}", "unknown", "is no member") for name in value if name not in readers]
        if "rrule" not in value:
            faults.append(FieldError("/rrule", "required", "is required"))
        if faults:
            raise Invalid(faults)
        whole = {"exdates": [], "overrides": {}, **found}
        if len(json.dumps(whole, ensure_ascii=False).encode()) > MAX_BYTES:
            raise Invalid.at("", "too-long", f"has more than {MAX_BYTES:,} bytes")
        return {name: whole[name] for name in _MEMBERS}

    return read_recurrence


def settled(
    stored: Mapping[str, Any] | None, sent: Mapping[str, Any], content: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, list[FieldError]]:
    """Settles the recurrence with the event's dates as they will be; answers it and what is wrong with it.

    A recurrence that was not sent moves along with the first date: its rule, and the dates that it names.
    """
    found = content["recurrence"]
    if found is None:
        return None, []
    if "recurrence" in sent:
        found = _with_last_date(found, content)
        overrides, faults = _settled_overrides(found["overrides"], content)
        found = {**found, "overrides": overrides}
        return found, [FieldError(f"/recurrence{one.pointer}", one.code, one.detail) for one in faults] or _unmet(
            found, content
        )
    if stored is not None and stored["event_date"] != content["event_date"]:
        found = _moved(found, date.fromisoformat(stored["event_date"]), date.fromisoformat(content["event_date"]))
        return found, _unmet(found, content)
    return found, []


def _rule(value: object) -> str:
    return str(rules.parse(value))


def _exdates(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise Invalid.at("", "type", "must be a list of dates")
    if len(value) > MAX_EXDATES:
        raise Invalid.at("", "too-many", f"are {len(value):,}; at most {MAX_EXDATES:,} are possible")
    found, faults = read({str(place): one for place, one in enumerate(value)}, dict.fromkeys(_places(value), day))
    if faults:
        raise Invalid(faults)
    return sorted(set(found.values()))


def _places(value: list[Any] | tuple[Any, ...]) -> list[str]:
    return [str(place) for place in range(len(value))]


def _overrides(value: object, allowed: Mapping[str, Reader]) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Invalid.at("", "type", "must be an object with dates as names")
    if len(value) > MAX_OVERRIDES:
        raise Invalid.at("", "too-many", f"are {len(value):,}; at most {MAX_OVERRIDES} are possible")
    found: dict[str, Any] = {}
    faults: list[FieldError] = []
    for original in sorted(value, key=str):
        try:
            found[day(original)] = _override(value[original], allowed)
        except Invalid as invalid:
            prefix = f"/{_escaped(original)}"
            faults += (FieldError(f"{prefix}{fault.pointer}", fault.code, fault.detail) for fault in invalid.errors)
    if faults:
        raise Invalid(faults)
    return {original: members for original, members in found.items() if members}


def _override(value: object, allowed: Mapping[str, Reader]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid.at("", "type", "must be an object with the members that differ")
    found, faults = read(value, allowed)
    faults += [
        FieldError(f"/{_escaped(name)}", "unknown", "is no member of an occurrence")
        for name in value
        if name not in allowed
    ]
    if faults:
        raise Invalid(faults)
    return {name: found[name] for name in allowed if name in found}


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _with_last_date(found: dict[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """Makes a date of an end that was given as a moment: the last on which an occurrence still begins."""
    rule = rules.kept(found["rrule"])
    if not isinstance(rule.until, datetime):
        return found
    zone = ZoneInfo(content["timezone"])
    until = rule.until.astimezone(zone) if rule.until.tzinfo else rule.until.replace(tzinfo=zone)
    clock = time.fromisoformat(content["start_time"] or "00:00")
    # Compared in the zone itself: a local time of day is what the rule repeats.
    last = until.date() if clock <= until.time() else until.date() - timedelta(days=1)
    return {**found, "rrule": str(rule.ended(last))}


def _unmet(found: Mapping[str, Any], content: Mapping[str, Any]) -> list[FieldError]:
    """Tells what a rule promises that can never be."""
    rule, start = rules.kept(found["rrule"]), date.fromisoformat(content["event_date"])
    pointer = "/recurrence/rrule"
    if rule.until and rule.until < start:
        return [FieldError(pointer, "order", "ends before the first day of the event")]
    if not expansion.ever_again(rule, start):
        return [FieldError(pointer, "never", "makes no further date")]
    if not expansion.reaches_its_count(rule, start):
        return [FieldError(pointer, "too-far", f"does not end within {expansion.COUNTED_YEARS} years")]
    return []


def placed(event: Mapping[str, Any], original: str) -> dict[str, Any]:
    """Lays the members that say when an event is on one of its dates."""
    first = date.fromisoformat(original)
    last = first + (date.fromisoformat(event["end_date"]) - date.fromisoformat(event["event_date"]))
    members = {name: event[name] for name in spans.MEMBERS}
    return {**members, "event_date": original, "end_date": last.isoformat()}


def _settled_overrides(
    overrides: Mapping[str, Any], content: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldError]]:
    found: dict[str, Any] = {}
    faults: list[FieldError] = []
    for original, members in overrides.items():
        found[original], wrong = settled_override(members, placed(content, original))
        prefix = f"/overrides/{original}"
        faults += (FieldError(f"{prefix}{fault.pointer}", fault.code, fault.detail) for fault in wrong)
    return {original: members for original, members in found.items() if members}, faults


def settled_override(members: Mapping[str, Any], there: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """Settles what an override says of when it is; `there` is when the occurrence would be without it."""
    rest = {name: value for name, value in members.items() if name not in (*DATES, *TIMES)}
    span, faults = spans.settled(there, {name: value for name, value in members.items() if name not in rest})
    for unit in (DATES, TIMES):
        if any(span[name] != there[name] for name in unit):
            rest |= {name: span[name] for name in unit}
    return rest, faults


def _moved(found: Mapping[str, Any], before: date, after: date) -> dict[str, Any]:
    """Moves a recurrence by as many days as its first date moved."""

    def shifted(day_: str) -> str:
        return _shifted(day_, after - before)

    overrides = {
        shifted(original): {name: shifted(value) if name in DATES else value for name, value in members.items()}
        for original, members in found["overrides"].items()
    }
    return {
        "rrule": str(moved(rules.kept(found["rrule"]), before, after)),
        "exdates": sorted({shifted(original) for original in found["exdates"]}),
        "overrides": dict(sorted(overrides.items())),
    }


def _shifted(day_: str, shift: timedelta) -> str:
    """Shifts a date within the years that there are."""
    first, last = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
    return date.fromordinal(min(max(date.fromisoformat(day_).toordinal() + shift.days, first), last)).isoformat()
