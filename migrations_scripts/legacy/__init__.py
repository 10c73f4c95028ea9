"""The calendars of before Dayroom: what shapes they have, and what their rows say."""
