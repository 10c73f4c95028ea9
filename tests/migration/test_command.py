"""The command itself: both ways to run it, its report, its settings and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.migration.conftest import Migrate
from tests.migration.runs import write_source
from toolchain.steps import ROOT

WAYS = {
    "as a module": (["-m", "migrations_scripts.migrate_to_dynamodb"], {"PYTHONPATH": str(ROOT)}),
    "as a file": ([str(ROOT / "migrations_scripts" / "migrate_to_dynamodb.py")], {}),
}


def start(way: str, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, from another folder than the project's."""
    words, variables = WAYS[way]
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DATABASE")}
    return subprocess.run(
        [sys.executable, *words, *arguments],
        cwd=folder,
        env={**inherited, **variables, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("way", WAYS)
def test_it_runs_from_any_folder_and_prints_its_report(way: str, tmp_path: Path) -> None:
    write_source(
        tmp_path, [{"id": 1, "name": "개발팀"}], [{"id": 1, "departmentId": 1, "title": "회의", "date": "2024-01-15"}]
    )
    done = start(way, tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert list(report) == [
        "departments",
        "events",
        "rejected",
        "created",
        "unchanged",
        "changed_since",
        "verified",
        "seconds",
    ]
    assert (report["departments"], report["events"], report["verified"]) == (1, 1, True)
    assert (tmp_path / "data" / "dayroom.db").exists()
    assert done.stderr.splitlines() == ["events: 1", "reading everything back"]


def test_help_explains_every_argument(tmp_path: Path) -> None:
    done = start("as a file", tmp_path, "--help")
    assert done.returncode == 0
    for word in ("SOURCE", "--to", "--namespace", "--dry-run", "--report", "--rejects", "Exit status"):
        assert word in done.stdout


@pytest.mark.parametrize("arguments", [("--to", "oracle"), ("--namespace", " "), ("--nonsense",)])
def test_wrong_arguments_are_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = start("as a file", tmp_path, *arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_a_bad_setting_is_2_and_one_line(tmp_path: Path) -> None:
    done = start("as a file", tmp_path, DATABASE="oracle")
    assert done.returncode == 2
    assert done.stderr == "migration: DATABASE='oracle' cannot be used: it must be one of sqlite, dynamodb\n"


def test_settings_are_read_from_a_dotenv_file_too(tmp_path: Path) -> None:
    write_source(tmp_path, [{"id": 1, "name": "개발팀"}], [])
    (tmp_path / ".env").write_text("DATA_DIR=elsewhere\nDATABASE=dynamodb\n")
    assert start("as a file", tmp_path, "--to", "sqlite").returncode == 0
    assert (tmp_path / "elsewhere" / "dayroom.db").exists()


def test_a_file_that_cannot_be_written_is_2_before_anything_is_imported(
    migrate: Migrate, data_dir: Path, tmp_path: Path
) -> None:
    source = write_source(tmp_path / "s", [{"id": 1, "name": "개발팀"}], [])
    done = start("as a file", source, "--rejects", "no/such/folder.jsonl", DATA_DIR=str(data_dir))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert not data_dir.exists()


def test_a_database_that_cannot_be_used_is_2_and_one_line(migrate: Migrate, data_dir: Path, tmp_path: Path) -> None:
    data_dir.mkdir()
    (data_dir / "dayroom.db").write_bytes(b"no database at all, but long enough to look like one " * 99)
    run = migrate(write_source(tmp_path / "s", [{"id": 1, "name": "개발팀"}], []))
    assert (run.status, run.report) == (2, None)
    assert "migration: the database cannot be used" in run.said
    assert len(run.said.splitlines()) == 1
