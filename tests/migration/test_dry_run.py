"""A dry run tells what would happen, and writes nothing."""

from __future__ import annotations

from pathlib import Path

from tests.migration.conftest import Migrate
from tests.migration.runs import GOOD, people, write_source


def test_nothing_is_made_where_nothing_is_yet(legacy: Path, migrate: Migrate, data_dir: Path) -> None:
    run = migrate(legacy / "json-flat", "--dry-run")
    assert run.report is not None
    assert run.report.pop("seconds") > 0
    assert run.report == GOOD | {"created": 2012, "unchanged": 0, "changed_since": 0, "verified": False}
    assert run.status == 1
    assert len(run.rejects) == 8
    assert not data_dir.exists()


def test_nothing_is_changed_in_what_is_there(migrate: Migrate, imported: Path, tmp_path: Path) -> None:
    with people(imported) as someone:
        before = someone.heads()
    source = write_source(
        tmp_path / "s",
        [{"id": 99, "name": "새 부서"}, {"id": 98, "name": " 새 부서"}, {"id": 3, "name": "인사팀"}],
        [
            {"id": 9001, "department_id": 99, "title": "회의", "event_date": "2024-01-15"},
            {"id": 1, "department_id": 3, "title": "다른 제목", "event_date": "2024-01-15"},
            {"id": 9002, "department_id": 3, "title": "", "event_date": "2024-01-15"},
        ],
    )
    files = {path.name: path.read_bytes() for path in imported.iterdir()}
    rehearsed = migrate(source, "--dry-run")
    assert {path.name: path.read_bytes() for path in imported.iterdir()} == files
    with people(imported) as someone:
        assert someone.heads() == before
    real = migrate(source)
    assert rehearsed.report is not None
    assert real.report is not None
    assert rehearsed.rejects == real.rejects
    assert rehearsed.report | {"verified": True, "seconds": 0} == real.report | {"seconds": 0}


def test_a_dry_run_without_faults_is_0(migrate: Migrate, tmp_path: Path) -> None:
    run = migrate(write_source(tmp_path / "s", [{"id": 1, "name": "개발팀"}], []), "--dry-run")
    assert run.status == 0
    assert "dry run: nothing was written" in run.said
