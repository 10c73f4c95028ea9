"""What was imported is read back and compared; whatever lies or loses is found out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.domain import events
from migrations_scripts import importer
from migrations_scripts.arrivals import Arrival
from tests.migration.conftest import Migrate
from tests.migration.runs import write_source

TEAM = {"id": 1, "name": "개발팀"}
ROWS = [
    {"id": number, "department_id": 1, "title": f"회의 {number}", "event_date": "2024-01-15"} for number in range(1, 6)
]


@pytest.mark.parametrize("member", ["title", "event_date", "description", "last_modified"])
def test_a_store_that_alters_a_row_is_found_out(
    member: str, migrate: Migrate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = events.create

    def lie(fields: dict[str, Any], **rest: Any) -> dict[str, Any]:
        event = honest(fields, **rest)
        altered = {"event_date": "2024-01-16", "end_date": "2024-01-16"} if member == "event_date" else {member: "거짓"}
        return {**event, **altered} if fields["title"] == "회의 3" else event

    monkeypatch.setattr(events, "create", lie)
    rows = [{**row, "last_modified": "2024-01-02 03:04:05", "description": "설명"} for row in ROWS]
    run = migrate(write_source(tmp_path / "s", [TEAM], rows))
    assert run.report is not None
    assert (run.status, run.report["verified"], run.report["rejected"]) == (1, False, 0)
    assert f"event 3 differs in {member}" in run.said


def test_a_row_that_was_lost_on_the_way_is_found_out(
    migrate: Migrate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = importer.Importer._commit

    def lose(self: importer.Importer, log: str, decisions: list[Any]) -> list[Any]:
        if len(decisions) == 1:
            return honest(self, log, decisions)
        return [*honest(self, log, decisions[:-1]), Arrival.CREATED]

    monkeypatch.setattr(importer.Importer, "_commit", lose)
    run = migrate(write_source(tmp_path / "s", [TEAM], ROWS))
    assert run.report is not None
    assert (run.status, run.report["verified"]) == (1, False)
    assert "event 5 is missing" in run.said
