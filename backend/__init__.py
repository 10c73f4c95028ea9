"""Dayroom: a shared calendar for the departments of an organisation, on one change log."""

from typing import Final

__version__: Final = "0.1.0"
