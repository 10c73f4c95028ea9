from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from toolchain import checks, environment, frontend, steps
from toolchain.steps import ROOT, StepError

PYTHON_LOCKS = sorted(ROOT.glob("requirements*.lock"))
NPM_LOCKS = [ROOT / "package-lock.json", *sorted((ROOT / "tests" / "components").glob("*/package-lock.json"))]


@pytest.fixture
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environment, "STAMPS", tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", PYTHON_LOCKS, ids=lambda path: path.name)
def test_python_locks_hold_hashes_and_no_addresses(path: Path) -> None:
    text = path.read_text()
    assert not any(sign in text for sign in ("://", "--index-url", "--find-links", "file:"))
    packages = [line for line in text.splitlines() if "==" in line]
    assert packages
    assert all(line.endswith("\\") for line in packages)


@pytest.mark.parametrize("path", NPM_LOCKS, ids=lambda path: path.parent.name)
def test_npm_locks_hold_hashes_and_no_addresses(path: Path) -> None:
    packages = json.loads(path.read_text())["packages"]
    installed = {name: package for name, package in packages.items() if "version" in package and name}
    assert installed
    assert all("integrity" in package for package in installed.values())
    assert not any("://" in package.get("resolved", "") for package in packages.values())


def test_the_tests_run_on_the_versions_that_are_served() -> None:
    served, tested = (
        {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in (environment.RUNTIME, environment.TESTS)
    )
    assert served <= tested


def test_a_stamp_holds_until_the_lock_changes(stamps: Path) -> None:
    environment.remember("lock", "one")
    assert environment.is_current("lock", "one")
    assert not environment.is_current("lock", "two")
    assert [path.name for path in stamps.iterdir()] == ["lock"]


def test_a_changed_source_changes_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    source = tmp_path / "main.js"
    source.write_text("1")
    before = steps.fingerprint([source])
    source.write_text("2")
    assert steps.fingerprint([source]) != before


def test_a_failed_command_is_one_line_with_its_cause() -> None:
    script = "import sys; print('OSError: [Errno 28] No space left on device', file=sys.stderr); sys.exit(1)"
    with pytest.raises(StepError, match=r"^\S+ failed: the disk is full$"):
        steps.quietly([sys.executable, "-c", script])


def test_a_program_that_is_not_there_is_one_line() -> None:
    with pytest.raises(StepError, match="/nowhere/program cannot be started"):
        steps.quietly(["/nowhere/program"])


def test_an_unknown_command_shows_the_usage() -> None:
    done = subprocess.run([sys.executable, ROOT / "dev.py", "dance"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout.startswith("usage: python3 dev.py COMMAND")


def test_a_front_end_that_is_not_there_yet_is_said_and_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(frontend, "ENTRIES", {"app.js": ROOT / "static" / "js" / "nowhere.js"})
    frontend.build()
    assert "there is no browser side to build" in capsys.readouterr().err


@pytest.mark.parametrize(("alone", "status"), [(0, 0), (1, 1), (5, 5)], ids=["passes", "fails", "is not found"])
def test_what_failed_beside_others_is_run_alone_which_decides(
    monkeypatch: pytest.MonkeyPatch, alone: int, status: int
) -> None:
    ran: list[list[str]] = []

    def in_foreground(command: list[str], environment: dict[str, str]) -> int:
        ran.append(command[3:])
        return 1 if len(ran) == 1 else alone

    monkeypatch.setattr(checks, "in_foreground", in_foreground)
    together, _ = checks.phases([])
    assert checks.run_pytest(together, {}) == status
    assert ran == [together, ["-m", "not alone", "--last-failed", "--last-failed-no-failures", "none"]]


@pytest.mark.parametrize(("words", "status"), [(["-n", "2"], 0), (["-n", "2"], 2), (["-m", "alone"], 1)])
def test_what_passed_was_interrupted_or_ran_alone_is_not_run_again(
    monkeypatch: pytest.MonkeyPatch, words: list[str], status: int
) -> None:
    statuses = [status]
    monkeypatch.setattr(checks, "in_foreground", lambda *_: statuses.pop())
    assert checks.run_pytest(words, {}) == status
