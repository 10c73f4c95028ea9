"""Public holidays of countries, as the library `holidays` knows them; substitute holidays are among them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import holidays

from backend.domain.errors import Invalid

_LANGUAGES: Final = {"ko": ("ko",), "en": ("en_US", "en_GB", "en")}
"""What the library calls the languages that can be asked for; where a country lacks one, its own stands in."""


class HolidayService:
    """Tells public holidays. The library counts them in microseconds, so nothing is kept."""

    def list(self, country: str, language: str, first: date, last: date) -> list[dict[str, Any]]:
        """Returns the holidays from `first` to `last`, by date; raises `Invalid` for a country that is not known.

        Years that the library knows nothing of have none.
        """
        if country not in self.countries():
            raise Invalid.at("/country", "country", "is no country whose holidays are known (ISO 3166-1 alpha-2)")
        years = range(first.year, last.year + 1)
        found = holidays.country_holidays(country, years=years, language=_spoken(country, language))
        days = sorted((day, name) for day, name in found.items() if first <= day <= last)
        return [{"date": day.isoformat(), "name": name} for day, name in days]

    def countries(self) -> Sequence[str]:
        """Returns the two-letter codes of all countries whose holidays are known."""
        return sorted(code for code in holidays.list_supported_countries() if len(code) == len("KR"))


def _spoken(country: str, language: str) -> str | None:
    """Names a language as the country's list has it, or the country's own: with none, the library asks the machine."""
    known = holidays.country_holidays(country)
    own = known.default_language
    return next((name for name in _LANGUAGES[language] if name in known.supported_languages), own)
