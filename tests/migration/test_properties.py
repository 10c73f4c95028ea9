"""Whatever the rows of a source are: each is taken or rejected with a reason, and nothing raises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.settings import Settings
from migrations_scripts import migration
from migrations_scripts.legacy.rows import Reject
from migrations_scripts.progress import Narrator
from migrations_scripts.report import Rejects
from tests.migration.runs import write_source

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 4),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["", " ", "1", "2024-01-15", "2024-02-30", "2024-01-15 09:00:00", "오후 2:00", "https://example.com"]
    ),
    st.lists(st.integers(), max_size=2),
)
NAMES = ["id", "Id", "department_id", "DepartmentId", "event_date", "title", "time", "url", "last_modified", "end_date"]
EVENTS = st.lists(st.one_of(VALUES, st.dictionaries(st.sampled_from(NAMES), VALUES)), max_size=6)
GOOD_OR_BAD = st.lists(
    st.one_of(
        VALUES.filter(lambda value: not isinstance(value, list)),
        st.fixed_dictionaries({"id": VALUES, "name": VALUES}, optional={"timezone": VALUES, "created_at": VALUES}),
    ),
    max_size=4,
)


class Kept(Rejects):
    """Keeps every reject."""

    def __init__(self) -> None:
        super().__init__(None)
        self.all: list[Reject] = []

    def add(self, reject: Reject) -> None:
        super().add(reject)
        self.all.append(reject)


class Hearing(Narrator):
    """Hears how many rows stand twice."""

    repeated = 0

    def say(self, line: str) -> None:
        if line.startswith("taken once: "):
            self.repeated = int(line.split()[2].replace(",", ""))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(departments=GOOD_OR_BAD, events=EVENTS)
def test_every_row_is_taken_or_rejected(tmp_path: Path, departments: list[Any], events: list[Any]) -> None:
    source = write_source(tmp_path / "s", [], [])
    (source / "departments.json").write_text(json.dumps(departments))
    (source / "calendar_events.json").write_text(json.dumps(events))
    rejects = Kept()
    narrator = Hearing()
    report = migration.migrate(
        source, Settings(data_dir=tmp_path / "none"), "test", rehearse=True, rejects=rejects, narrator=narrator
    )
    taken = report.departments + report.events
    assert taken + len(rejects.all) + narrator.repeated == len(departments) + len(events)
    assert all(reject.reason for reject in rejects.all)
