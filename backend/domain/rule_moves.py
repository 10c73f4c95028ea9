"""What becomes of a recurrence rule when its series moves to other days."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from backend.domain.fields import LAST_YEAR
from backend.domain.rules import Rule, Weekday


def moved(rule: Rule, before: date, after: date) -> Rule:
    """Makes the rule of a series whose first occurrence moved: what named the old day names the new one.

    The days of a weekly rule turn by as many days. A single day of the month, or weekday in it, becomes the new one's.
    What says more than the first day does stays as it is. The last date moves along.
    """
    shift = after - before
    changes: dict[str, Any] = {"until": _shifted_until(rule.until, shift)} if rule.until else {}
    if rule.freq == "WEEKLY":
        changes["weekdays"] = tuple(sorted(((day + shift.days) % 7, 0) for day, _ in rule.weekdays))
    if rule.freq == "MONTHLY" or (rule.freq == "YEARLY" and rule.months == (before.month,)):
        if rule.month_days == (before.day,):
            changes["month_days"] = (after.day,)
        if len(rule.weekdays) == 1:
            changes["weekdays"] = (_same_place(rule.weekdays[0], after),)
        if rule.freq == "YEARLY":
            changes["months"] = (after.month,)
    return replace(rule, **changes)


def _shifted_until(until: date, shift: timedelta) -> date:
    return min(until + shift, date(LAST_YEAR, 12, 31))


def _same_place(weekday: Weekday, day: date) -> Weekday:
    """Is the weekday of a date, and which one of its month it is, counted from the same side; 0 stays every one."""
    nth = weekday[1]
    if nth == 0:
        return day.weekday(), 0
    if nth > 0:
        return day.weekday(), (day.day - 1) // 7 + 1
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.weekday(), -(((next_month - day).days - 1) // 7 + 1)
