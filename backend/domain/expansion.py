"""Which dates a recurrence rule makes, found near where they are asked for and never counted from the beginning.

A rule is a row of periods (days, weeks, months or years) of which it takes every `interval`th, and from each a set of
dates that the others do not matter for. So a range costs its own periods, whatever came before. Dateutil expands a
month or a year, but for weekdays with numbers and for numbered weeks. The first date of a series is its first
occurrence also where the rule would not make it (RFC 5545, section 3.8.5.3: "Every Friday the 13th"), and
counts as one.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, islice, takewhile
from typing import Any, Final

from dateutil import rrule

from backend.domain import weeks
from backend.domain.fields import LAST_YEAR
from backend.domain.rules import Rule

END: Final = date(LAST_YEAR - 1, 12, 31)
"""No rule makes a date after it, so that there is room for what lasts a year."""
SEARCHED: Final = {"DAILY": 15_000, "WEEKLY": 2_200, "MONTHLY": 500, "YEARLY": 100}
"""In how many periods a rule must make a date: a leap day that is a Monday may be forty years away."""
COUNTED_YEARS: Final = 200
"""How long a rule with a `count` may take to reach it."""

_ALONE: Final = {"MONTHLY": 12 * MAXYEAR, "YEARLY": MAXYEAR}
"""Intervals after which no second period comes, so that dateutil stops after one, also where it is empty."""


def dates(rule: Rule, start: date, lower: date, upper: date) -> Iterator[date]:
    """Yields the dates of a series that begins on `start`, from `lower` to `upper`, lazily and in order."""
    last = last_date(rule, start)
    upper = upper if last is None else min(upper, last)
    if lower <= start <= upper:
        yield start
    yield from _made(rule, start, max(lower, start + timedelta(days=1)), upper)


def is_date(rule: Rule, start: date, day: date) -> bool:
    """Tells whether a series has an occurrence on a date."""
    return any(True for _ in dates(rule, start, day, day))


def count_before(rule: Rule, start: date, day: date) -> int:
    """Counts the dates of a series before a date; for rules with a `count`, which are short."""
    return sum(1 for _ in dates(rule, start, start, day - timedelta(days=1)))


def ever_again(rule: Rule, start: date) -> bool:
    """Tells whether the rule makes any date after the first, whenever it is to end."""
    forever = replace(rule, count=None, until=None)
    horizon = _advanced(rule, start, SEARCHED[rule.freq] * rule.interval)
    return any(True for _ in _made(forever, start, start + timedelta(days=1), horizon))


@lru_cache(maxsize=8192)
def last_date(rule: Rule, start: date) -> date | None:
    """Is the last date that a rule can make: its `until`, or what its `count` comes to; None where it is endless.

    A `count` that is not reached within `COUNTED_YEARS` ends there.
    """
    if rule.count is None:
        return rule.until
    horizon = _years_after(start, COUNTED_YEARS)
    made = _made(rule, start, start + timedelta(days=1), horizon)
    found = [start, *islice(made, rule.count - 1)]
    return found[-1] if len(found) == rule.count else horizon


def reaches_its_count(rule: Rule, start: date) -> bool:
    """Tells whether a rule with a `count` comes to it within `COUNTED_YEARS`."""
    return rule.count is None or last_date(rule, start) != _years_after(start, COUNTED_YEARS)


def _made(rule: Rule, start: date, lower: date, upper: date) -> Iterator[date]:
    """Yields what the rule makes between two dates, whatever its end."""
    explicit = _explicit(rule, start)
    for period in _periods(rule, start, lower, upper):
        found = takewhile(lambda day: day <= upper, dates_of(explicit, period))
        yield from (day for day in found if day >= lower)


def _explicit(rule: Rule, start: date) -> Rule:
    """Adds what a rule leaves to the first date: its weekday, its day, its month."""
    if rule.freq == "DAILY" or rule.weekdays or rule.month_days or rule.year_days:
        return rule
    if rule.freq == "WEEKLY" or rule.weeks:
        return replace(rule, weekdays=((start.weekday(), 0),))
    months = rule.months or (() if rule.freq == "MONTHLY" else (start.month,))
    return replace(rule, months=months, month_days=(start.day,))


def _periods(rule: Rule, start: date, lower: date, upper: date) -> Iterator[date]:
    """Yields the first day of each period that the rule takes, from the one around `lower` to the one of `upper`."""
    origin = _period_of(rule, start)
    skipped = max(0, _distance(rule, origin, lower)) // rule.interval * rule.interval
    for number in count(skipped, rule.interval):
        period = _advanced(rule, origin, number)
        if period > upper or period >= END:
            return
        yield period


def _period_of(rule: Rule, day: date) -> date:
    if rule.freq == "WEEKLY":
        # The week of a date in the very first days of the calendar would begin before it.
        return day - timedelta(days=(day.weekday() - rule.week_start) % 7)
    if rule.freq == "DAILY":
        return day
    return day.replace(day=1) if rule.freq == "MONTHLY" else day.replace(month=1, day=1)


def _distance(rule: Rule, origin: date, day: date) -> int:
    """Counts the periods from one to the one of a date."""
    if rule.freq == "DAILY":
        return (day - origin).days
    if rule.freq == "WEEKLY":
        return (day - origin).days // 7
    months = (day.year - origin.year) * 12 + day.month - origin.month
    return months if rule.freq == "MONTHLY" else day.year - origin.year


def _advanced(rule: Rule, origin: date, periods: int) -> date:
    """Is the first day of the period so many later; `END` beyond the last year."""
    if rule.freq in ("DAILY", "WEEKLY"):
        days = periods * (7 if rule.freq == "WEEKLY" else 1)
        return origin + timedelta(days=min(days, (END - origin).days))
    years, month = divmod(origin.month - 1 + (periods if rule.freq == "MONTHLY" else 12 * periods), 12)
    year = origin.year + years
    return date(year, month + 1, 1) if year <= LAST_YEAR else END


def dates_of(rule: Rule, period: date) -> Sequence[date]:
    """Makes the set of one period's dates, in order; of an explicit rule."""
    if rule.freq in _ALONE:
        chosen = [day for day in _expanded(rule, period) if weeks.takes(rule, day)]
    else:
        days = (period + timedelta(days=number) for number in range(7 if rule.freq == "WEEKLY" else 1))
        chosen = [day for day in days if _takes(rule, day)]
    if not rule.positions:
        return chosen
    places = {place - 1 if place > 0 else len(chosen) + place for place in rule.positions}
    return [day for number, day in enumerate(chosen) if number in places]


def _takes(rule: Rule, day: date) -> bool:
    """Tells whether a daily or weekly rule takes a date."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.weekdays and (day.weekday(), 0) not in rule.weekdays:
        return False
    left = day.day - monthrange(day.year, day.month)[1] - 1
    return not rule.month_days or day.day in rule.month_days or left in rule.month_days


def _expanded(rule: Rule, period: date) -> Iterator[date]:
    """Yields the dates of a month or year that the rule's months and days are, and that fall on one of its weekdays."""
    parts: dict[str, Any] = {
        "bymonth": rule.months,
        "byyearday": rule.year_days,
        "bymonthday": rule.month_days,
    }
    made = rrule.rrule(
        rrule.MONTHLY if rule.freq == "MONTHLY" else rrule.YEARLY,
        dtstart=datetime.combine(period, time()),
        interval=_ALONE[rule.freq],
        byweekday={day for day, _ in rule.weekdays} or range(7),
        **{name: values for name, values in parts.items() if values},
    )
    return (moment.date() for moment in made)


def _years_after(day: date, years: int) -> date:
    year = day.year + years
    return END if year > LAST_YEAR else date(year, day.month, min(day.day, 28))
