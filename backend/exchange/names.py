"""The properties of iCalendar that Dayroom understands, and its own, by which a file says what iCalendar cannot."""

from typing import Final

PRODUCT: Final = "-//Dayroom//Dayroom 1//KO"

WORDS: Final = "X-DAYROOM-TIME"
"""The words for a time, where they are not just its hours."""
ZONE: Final = "X-DAYROOM-TIMEZONE"
"""The zone of an event whose times do not name it: all-day events, and those of UTC."""
LAST_DAY: Final = "X-DAYROOM-LAST-DAY"
"""The last day of an event of several that has a start and no known end; to others it ends with that day."""
COLOR: Final = "X-DAYROOM-COLOR"
"""The exact colour, of which `COLOR` has the nearest name."""
CATEGORY: Final = "X-DAYROOM-CATEGORY"
"""The one of `CATEGORIES` that is the category, empty where all of them are tags."""
DIFFERS: Final = "X-DAYROOM-DIFFERS"
"""The members in which an occurrence differs from its series, also where the values are equal now."""

UNDERSTOOD: Final = frozenset(
    {
        "UID",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "DURATION",
        "DTSTAMP",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "RRULE",
        "EXDATE",
        "RDATE",
        "RECURRENCE-ID",
        "DESCRIPTION",
        "LOCATION",
        "URL",
        "COLOR",
        "CATEGORIES",
        WORDS,
        ZONE,
        LAST_DAY,
        COLOR,
        CATEGORY,
        DIFFERS,
    }
)
"""What is read into an event, or written of it; everything else is kept as it is."""
