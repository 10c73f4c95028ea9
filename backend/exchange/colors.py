"""Colours as calendars name them: RFC 7986 (section 5.9) knows the names of CSS, Dayroom keeps `#rrggbb`."""

from functools import lru_cache
from typing import Final

from PIL.ImageColor import colormap

_BY_NAME: Final[dict[str, str]] = {name: str(value).lower() for name, value in colormap.items()}


def hex_of(name: str) -> str | None:
    """Finds the colour of a name of CSS, in any case; None where there is none."""
    return _BY_NAME.get(name.strip().lower())


@lru_cache(maxsize=1024)
def nearest_name(color: str) -> str:
    """Finds the name of CSS whose colour is nearest to a `#rrggbb`."""
    wanted = _channels(color)
    distances = {
        name: sum((a - b) ** 2 for a, b in zip(wanted, _channels(value), strict=True))
        for name, value in _BY_NAME.items()
    }
    return min(sorted(distances), key=distances.__getitem__)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
