"""Weekdays with numbers, such as the third Friday, and numbered weeks, as RFC 5545, section 3.3.10, means them.

Dateutil takes `MO,1TU` for what is both, fails where a year has no 53rd Monday, and errs about week 53 in the days
of the next year.
"""

from calendar import isleap, monthrange
from datetime import date, timedelta

from backend.domain.rules import Rule


def takes(rule: Rule, day: date) -> bool:
    """Tells whether a date is one of the weekdays of a monthly or yearly rule, and in one of its weeks."""
    return (not rule.weekdays or _on_weekday(rule, day)) and (not rule.weeks or _in_week(rule, day))


def _on_weekday(rule: Rule, day: date) -> bool:
    wanted = {nth for weekday, nth in rule.weekdays if weekday == day.weekday()}
    return 0 in wanted or bool(wanted.intersection(_places(rule, day)))


def _places(rule: Rule, day: date) -> tuple[int, int]:
    """Tells which one of its weekday a date is, from either side: of its month, or of its year where none is named."""
    if rule.freq == "MONTHLY" or rule.months:
        place, length = day.day, monthrange(day.year, day.month)[1]
    else:
        place, length = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    return (place - 1) // 7 + 1, -((length - place) // 7 + 1)


def _in_week(rule: Rule, day: date) -> bool:
    year = next(year for year in (day.year + 1, day.year, day.year - 1) if _first_week(year, rule.week_start) <= day)
    start, end = (_first_week(each, rule.week_start) for each in (year, year + 1))
    place = (day - start).days // 7
    return not {place + 1, place - (end - start).days // 7}.isdisjoint(rule.weeks)


def _first_week(year: int, week_start: int) -> date:
    """Is the first day of a year's week 1, the one that has four of the year's days."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)
