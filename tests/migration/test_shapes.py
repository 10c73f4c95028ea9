"""Every shape of the old calendar arrives whole, and all of them come to the same."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from tests.migration.conftest import Migrate
from tests.migration.runs import GOOD, SHAPES, old_rows, people, write_source


def utc(written: str) -> str:
    return written.replace(" ", "T") + ".000Z"


def without_creation(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**event, "created_at": None} for event in events]


def what_the_source_says(legacy: Path) -> dict[str, list[tuple[Any, ...]]]:
    bad = {each["id"] for each in json.loads((legacy / "expected.json").read_text())["events_bad"]}
    names = {row["id"]: normalize("NFC", row["name"]) for row in old_rows(legacy, "departments")}
    said: dict[str, list[tuple[Any, ...]]] = {name: [] for name in names.values()}
    for row in old_rows(legacy, "events"):
        if row["id"] not in bad:
            texts = tuple(row[name] or None for name in ("title", "event_date", "description", "time", "url"))
            said[names[row["department_id"]]].append((*texts, utc(row["last_modified"])))
    return {name: sorted(rows, key=repr) for name, rows in said.items()}


def what_is_there(everything: dict[str, list[dict[str, Any]]]) -> dict[str, list[tuple[Any, ...]]]:
    members = ("title", "event_date", "description", "time", "url", "last_modified")
    return {
        name: sorted((tuple(event[member] for member in members) for event in events), key=repr)
        for name, events in everything.items()
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_arrives_whole_and_as_it_was(
    shape: str, legacy: Path, migrate: Migrate, data_dir: Path, imported_once: Path
) -> None:
    run = migrate(legacy / shape)
    assert run.status == 1, run.said  # 8 rows are faulty
    assert run.report is not None
    assert run.report.pop("seconds") > 0
    assert run.report == GOOD | {"created": 2012, "unchanged": 0, "changed_since": 0, "verified": True}
    with people(data_dir) as someone, people(imported_once) as other:
        everything, flat = someone.everything(), other.everything()
        assert what_is_there(everything) == what_the_source_says(legacy)
        assert {name: without_creation(events) for name, events in everything.items()} == {
            name: without_creation(events) for name, events in flat.items()
        }
        assert someone.departments() == other.departments()


def test_each_department_has_as_many_events_as_expected(legacy: Path, imported_once: Path) -> None:
    expected = json.loads((legacy / "expected.json").read_text())["good_per_department"]
    names = {row["id"]: normalize("NFC", row["name"]) for row in old_rows(legacy, "departments")}
    with people(imported_once) as someone:
        found = {name: len(events) for name, events in someone.everything().items()}
    assert found == {names[int(old)]: count for old, count in expected.items()}


def test_departments_keep_what_they_said(legacy: Path, imported_once: Path) -> None:
    with people(imported_once) as someone:
        found = someone.departments()
    assert len(found) == 12
    for row in old_rows(legacy, "departments"):
        department = found[normalize("NFC", row["name"])]
        assert department["description"] == (row["description"] or None)
        assert department["created_at"] == utc(row["created_at"])
        assert department["version"] == 1


def test_old_timestamps_are_kept(legacy: Path, imported_once: Path) -> None:
    with people(imported_once) as someone:
        found = {
            (event["created_at"], event["last_modified"]) for each in someone.everything().values() for event in each
        }
    rows = [row for row in old_rows(legacy, "events") if row["id"] <= 2000]
    assert found == {(utc(row["created_at"]), utc(row["last_modified"])) for row in rows}


def test_an_event_without_a_creation_was_created_when_it_was_last_modified(
    migrate: Migrate, data_dir: Path, tmp_path: Path
) -> None:
    row = {"Id": "1", "DepartmentId": 1, "Title": "회의", "LastModified": "2024-04-04T06:48:00"}
    migrate(write_source(tmp_path / "s", [{"id": 1, "name": "개발팀"}], {"2024-01-15": [row]}))
    with people(data_dir) as someone:
        (event,) = someone.events("개발팀")
    assert event["created_at"] == event["last_modified"] == "2024-04-04T06:48:00.000Z"


def test_times_are_understood_and_kept_as_they_were_written(imported_once: Path) -> None:
    with people(imported_once) as someone:
        found = {event["time"]: event for each in someone.everything().values() for event in each}
    assert (found["오후 3시 30분"]["start_time"], found["오후 3시 30분"]["end_time"]) == ("15:30", None)
    assert (found["14:00~15:30"]["start_time"], found["14:00~15:30"]["end_time"]) == ("14:00", "15:30")
    assert found["종일"]["start_time"] is None


def test_timestamps_without_an_offset_are_utc_wherever_the_import_runs(
    migrate: Migrate, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = {"id": 1, "department_id": 1, "title": "회의", "event_date": "2024-01-15"}
    stamps = {"created_at": "2024-01-01 09:00:00", "last_modified": "2024-01-02T09:00:00.1234567+09:00"}
    source = write_source(tmp_path / "s", [{"id": 1, "name": "개발팀"}], [event | stamps])
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Seoul")
        time.tzset()
        migrate(source)
    time.tzset()
    with people(data_dir) as someone:
        (found,) = someone.events("개발팀")
    assert found["created_at"] == "2024-01-01T09:00:00.000Z"
    assert found["last_modified"] == "2024-01-02T00:00:00.123Z"
