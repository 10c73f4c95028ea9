"""Linters, type checks and tests, in the order in which their failures are cheapest to read."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from toolchain import components
from toolchain.environment import BIN, PYTHON
from toolchain.node import find_node
from toolchain.steps import ROOT, StepError, alone, say, step

GRACE_SECONDS = 10
TESTS_FAILED = 1
"""Is pytest's exit status where tests ran and some failed."""
LINTERS: dict[str, list[str | Path]] = {
    "ruff check": [BIN / "ruff", "check", "--quiet", "."],
    "ruff format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "mypy": [BIN / "mypy", "--no-error-summary"],
    "lint-imports": [BIN / "lint-imports", "--no-logo"],
}


def check_and_test(pytest_arguments: list[str], only_pytest: bool) -> int:
    """Run everything; return a status that is 0 only if all of it passed."""
    failed = [] if only_pytest else [*lint(), *test_browser_model()]
    with components_running() as endpoints:
        environment = {**os.environ, **endpoints, "DAYROOM_FAILED_CHECKS": ", ".join(failed)}
        status = 0
        for words in phases(pytest_arguments):
            status = run_pytest(words, environment) or status
    return status or (1 if failed else 0)


def run_pytest(words: list[str], environment: Mapping[str, str]) -> int:
    """Run pytest; what failed while tests shared the processors is told, and decides only if it fails alone, too."""
    say(f"pytest {' '.join(words)} ...")
    status = in_foreground([PYTHON, "-m", "pytest", *words], environment)
    if status != TESTS_FAILED or "-n" not in words:
        return status
    say("pytest: once more, alone, what failed beside others ...")
    again = [*words[: words.index("-n")], "--last-failed", "--last-failed-no-failures", "none"]
    return in_foreground([PYTHON, "-m", "pytest", *again], environment)


def phases(arguments: list[str]) -> list[list[str]]:
    """Divide the whole suite: what measures time runs alone, after the rest has shared the machine's processors.

    A choice of tests is run as it is asked for.
    """
    if arguments:
        return [arguments]
    # In the order of the folders: small files that take long would else come last, one after the other.
    # One process more than processors: tests wait for stores, servers and browsers two fifths of their time.
    together = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    return [["-m", "not alone", *together], ["-m", "alone"]]


def lint() -> list[str]:
    """Run every linter and return the names of those that complained."""
    failed = []
    for name, command in LINTERS.items():
        with step(name):
            if in_foreground(command):
                say(f"{name} FAILED")
                failed.append(name)
    return failed


def test_browser_model() -> list[str]:
    """Run the tests of the browser's model under Node.js; return what failed."""
    tests = sorted((ROOT / "tests" / "js").rglob("*.test.*js"))
    if not tests:
        return []
    with alone():
        node = find_node()
    with step("node --test"):
        status = in_foreground([node.binary, "--test", *tests], node.environment())
    return ["node --test"] if status else []


@contextmanager
def components_running() -> Iterator[dict[str, str]]:
    """Find and start what the tests need; yield the environment variables that tell where it is."""
    with alone():
        java, jar_folder = components.find_java(), components.dynamodb_local_folder()
        chromium = components.find_chromium()
        components.ensure_korean_font()
    from tests.components import dynamodb_local

    try:
        with dynamodb_local.running(java, jar_folder) as endpoint:
            yield {"DAYROOM_TEST_DYNAMODB": endpoint, "DAYROOM_TEST_CHROMIUM": str(chromium)}
    except dynamodb_local.DynamoDBLocalError as error:
        raise StepError(str(error)) from error


def in_foreground(command: list[str | Path], environment: Mapping[str, str] | None = None) -> int:
    """Run a command with this terminal; both get Ctrl-C, and the command ends first."""
    with subprocess.Popen([str(word) for word in command], cwd=ROOT, env=environment) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.wait()
            raise
        except BaseException:
            process.send_signal(signal.SIGINT)  # pytest then stops what its fixtures started
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            raise
