"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolchain.steps import ROOT

BACKEND = ROOT / "backend"
ENVIRONMENT_NAMES = {"environ", "environb", "getenv", "getenvb", "putenv"}
MEASURED_FOLDERS = ("backend", "migrations_scripts", "toolchain")
LONGEST_FILE = 250


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def reads_the_environment(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT_NAMES:
            return True
        if isinstance(node, ast.ImportFrom) and ENVIRONMENT_NAMES & {alias.name for alias in node.names}:
            return True
    return False


@pytest.mark.parametrize("path", modules("backend"), ids=name_of)
def test_only_settings_reads_the_environment(path: Path) -> None:
    assert path == BACKEND / "settings.py" or not reads_the_environment(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", modules("backend/domain"), ids=name_of)
def test_the_domain_imports_the_standard_library_and_dateutil_only(path: Path) -> None:
    allowed = sys.stdlib_module_names | {"dateutil"}
    foreign = {
        name
        for name in imported_names(ast.parse(path.read_text()))
        if name.split(".")[0] not in allowed and not name.startswith("backend.domain")
    }
    assert not foreign


@pytest.mark.parametrize("path", modules(*MEASURED_FOLDERS), ids=name_of)
def test_a_file_that_grows_too_long_wants_a_new_noun(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", modules("backend"), ids=name_of)
def test_nothing_is_imported_from_a_module_that_runs(path: Path) -> None:
    assert not {"__main__", "backend.__main__"} & set(imported_names(ast.parse(path.read_text())))


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['A']",
        "from os import getenv\n",
        "import os as o\no.getenv('A')",
        "from os import environ as e",
    ],
)
def test_every_way_to_read_the_environment_is_noticed(source: str) -> None:
    assert reads_the_environment(ast.parse(source))
