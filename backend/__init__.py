"""Dayroom: a shared calendar for the departments of an organisation, on one change log."""
