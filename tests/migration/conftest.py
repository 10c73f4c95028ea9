"""Fixtures of the migration: the old calendar, runs of the command, and a calendar that it was imported into."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.migration.runs import People, Run, people, run
from toolchain.steps import ROOT

Migrate = Callable[..., Run]


@pytest.fixture(scope="session")
def legacy() -> Path:
    """Return the folder of the old calendar, which lies beside the clone."""
    folder = ROOT.parent / "shared" / "legacy"
    if not (folder / "expected.json").is_file():
        pytest.fail(f"the old calendar is missing: {folder} must hold its four shapes and expected.json")
    return folder


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return where the calendar is, or will be."""
    return tmp_path / "data"


@pytest.fixture
def migrate(tmp_path: Path, data_dir: Path) -> Migrate:
    """Return what runs the command on SQLite."""
    return lambda *arguments: run(tmp_path / "run", *arguments, environment={"DATA_DIR": str(data_dir)})


@pytest.fixture(scope="session")
def imported_once(legacy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a DATA_DIR into which the old calendar was imported; look, do not touch."""
    folder = tmp_path_factory.mktemp("imported")
    run(folder, legacy / "json-flat", environment={"DATA_DIR": str(folder / "data")})
    return folder / "data"


@pytest.fixture
def imported(imported_once: Path, data_dir: Path) -> Path:
    """Return a copy of it for one test, where `migrate` migrates to."""
    shutil.copytree(imported_once, data_dir)
    return data_dir


@pytest.fixture
def someone(imported: Path) -> Iterator[People]:
    """Yield a person who uses the imported calendar."""
    with people(imported) as found:
        yield found
