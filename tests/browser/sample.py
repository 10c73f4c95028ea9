"""Fills a calendar as a small company would: seven departments and a lively May of 2026, with its holidays."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.calendar_server import CalendarServer

NOW = "2026-05-20T10:12:00+09:00"
"""When the pictures are taken: a Wednesday between two holidays."""

SOURCE = Path(__file__).with_suffix(".json")


def fill(server: CalendarServer) -> dict[str, str]:
    """Make the departments and their events; return the departments' ids by name."""
    content = json.loads(SOURCE.read_text(encoding="utf-8"))
    made = {each["name"]: str(server.ask("POST", "departments", each)["id"]) for each in content["departments"]}
    for event in content["events"]:
        members = {name: value for name, value in event.items() if name != "department"}
        server.ask("POST", f"events/{made[event['department']]}", members)
    return made


@contextmanager
def served(*, sampled: bool = True) -> Iterator[CalendarServer]:
    """Yield a server with or without the sample data, in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        server = CalendarServer(Path(folder))
        server.start()
        try:
            if sampled:
                fill(server)
            yield server
        finally:
            server.stop()
