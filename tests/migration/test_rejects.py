"""Every faulty row is reported with its reason, as it stands; none is dropped or altered."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.migration.conftest import Migrate
from tests.migration.runs import SHAPES, old_rows, people, write_source

TEAM = {"id": 1, "name": "개발팀"}
EVENT = {"id": 1, "department_id": 1, "title": "회의", "event_date": "2024-01-15"}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_faulty_row_is_reported_with_its_own_reason(shape: str, legacy: Path, migrate: Migrate) -> None:
    run = migrate(legacy / shape, "--dry-run")
    expected = json.loads((legacy / "expected.json").read_text())["events_bad"]
    reasons = {reject["id"]: reject["reason"] for reject in run.rejects}
    assert len(run.rejects) == len(expected) == len(set(reasons.values()))
    for each in expected:
        assert reasons[each["id"]].startswith(each["fault"])
        assert f"{each['id']}: {reasons[each['id']]}" in run.said


@pytest.mark.parametrize("shape", SHAPES)
def test_a_faulty_row_is_reported_as_it_stands(shape: str, legacy: Path, migrate: Migrate) -> None:
    rows = {row["id"]: row for row in old_rows(legacy, "events")}
    for reject in migrate(legacy / shape, "--dry-run").rejects:
        said, row = reject["row"], rows[reject["id"]]
        assert {name: said[name] for name in ("title", "description", "time", "url")} == {
            name: row[name] for name in ("title", "description", "time", "url")
        }
        assert int(said["department_id"]) == row["department_id"]
        assert (said["event_date"] or None) == row["event_date"]


FAULTY: dict[str, tuple[Any, str]] = {
    "no object": ("회의", "not an object: str"),
    "nothing": (None, "not an object: NoneType"),
    "no id": ({**EVENT, "id": None}, "missing id"),
    "an id that is no id": ({**EVENT, "id": [7]}, "missing id"),
    "no department": ({**EVENT, "department_id": ""}, "unknown department: the row names none"),
    "a title that is no text": ({**EVENT, "title": 7}, "faulty title: 7 must be a string"),
    "half a surrogate pair": ({**EVENT, "title": "\ud83d"}, "faulty title: '\\ud83d' holds half"),
    "a time that is no time": ({**EVENT, "last_modified": "어제"}, "not a timestamp: last_modified is '어제'"),
    "another program's address": ({**EVENT, "url": "file:///etc/passwd"}, "not a web address: 'file:///etc/passwd'"),
    "too many years": ({**EVENT, "event_date": "0001-01-01"}, "date out of range"),
    "two names for one": ({**EVENT, "Title": "다른 회의"}, "contradiction: title is there twice"),
    "two faults": ({**EVENT, "title": "", "event_date": ""}, "missing date; missing title"),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_of_any_other_kind_is_named(fault: str, migrate: Migrate, tmp_path: Path) -> None:
    row, reason = FAULTY[fault]
    folder = tmp_path / "source"
    write_source(folder, [TEAM], [])
    (folder / "calendar_events.json").write_text(json.dumps([row, {**EVENT, "id": 2}]))
    run = migrate(folder)
    assert (run.status, [reject["row"] for reject in run.rejects]) == (1, [row])
    assert run.rejects[0]["reason"].startswith(reason)
    assert run.report is not None
    assert run.report["events"] == 1


def test_a_second_row_with_an_id_is_rejected_unless_it_says_the_same(migrate: Migrate, tmp_path: Path) -> None:
    run = migrate(write_source(tmp_path / "s", [TEAM, dict(TEAM)], [EVENT, dict(EVENT), {**EVENT, "title": "회식"}]))
    assert [(reject["reason"], reject["row"]["title"]) for reject in run.rejects] == [
        ("duplicate id: another row has the id 1 too", "회식")
    ]
    assert "taken once: 2 rows" in run.said


def test_a_row_that_contradicts_its_place_is_rejected(migrate: Migrate, tmp_path: Path) -> None:
    row = {"id": 1, "title": "회의", "department_id": 2}
    run = migrate(write_source(tmp_path / "s", [TEAM, {"id": 2, "name": "둘"}], {"1": {"2024-01-15": [row]}}))
    assert [(reject["id"], reject["reason"]) for reject in run.rejects] == [
        (1, "contradiction: department_id is 2, but the row stands under '1'")
    ]


def test_a_department_whose_name_is_taken_is_rejected_with_its_events(
    migrate: Migrate, data_dir: Path, tmp_path: Path
) -> None:
    with people(data_dir) as someone:
        theirs = someone.ask("POST", "departments", name="개발팀")
    source = write_source(
        tmp_path / "s", [TEAM, {"id": 2, "name": "둘"}], [EVENT, {**EVENT, "id": 2, "department_id": 2}]
    )
    run = migrate(source)
    assert run.status == 1
    assert [reject["reason"].split(":")[0] for reject in run.rejects] == ["name taken", "unknown department"]
    with people(data_dir) as someone:
        assert someone.ask("GET", f"events/{theirs['id']}") == []
        assert len(someone.events("둘")) == 1
        someone.ask("PUT", f"departments/{theirs['id']}", name="예전 개발팀")
    again = migrate(source)
    assert (again.status, again.report and again.report["created"]) == (0, 2)


def test_two_departments_of_one_name_are_one_too_many(migrate: Migrate, tmp_path: Path) -> None:
    run = migrate(write_source(tmp_path / "s", [TEAM, {"id": 2, "name": " 개발팀 "}], []))
    assert [(reject["id"], reject["reason"].split(":")[0]) for reject in run.rejects] == [(2, "name taken")]


def test_text_that_is_not_utf8_and_blobs_are_rejected_not_guessed(migrate: Migrate, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection, connection:
        connection.execute("CREATE TABLE departments(id integer primary key, name text)")
        connection.execute("CREATE TABLE events(id integer primary key, department_id, event_date, title)")
        connection.execute("INSERT INTO departments VALUES (1, '개발팀')")
        cp949 = "CAST(x'b0a1' AS text)"
        connection.execute(f"INSERT INTO events VALUES (1, 1, '2024-01-15', {cp949}), (2, 1, '2024-01-15', x'00ff')")
    run = migrate(tmp_path / "old.db")
    assert [reject["reason"].split("'")[0] for reject in run.rejects] == ["faulty title: ", "faulty title: b"]
    assert run.rejects[0]["row"]["title"] == "\udcb0\udca1"


def test_members_that_mean_nothing_here_are_named(migrate: Migrate, tmp_path: Path) -> None:
    run = migrate(write_source(tmp_path / "s", [TEAM], [{**EVENT, "참석자": "김"}]))
    assert run.status == 0
    assert "left out: 참석자 of 1 rows" in run.said
