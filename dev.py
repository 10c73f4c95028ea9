#!/usr/bin/env python3
"""Prepares, runs and tests Dayroom on a machine that has nothing but Python."""

from __future__ import annotations

import os
import signal
import sys

if sys.version_info < (3, 11):
    sys.exit("[dev] Dayroom needs Python 3.11 or newer; this one is %d.%d" % sys.version_info[:2])

from toolchain import checks, environment, frontend
from toolchain.steps import ROOT, StepError, alone, say

USAGE = """usage: python3 dev.py COMMAND

  run [ARGUMENT ...]         prepare what is needed, then `python -m backend ARGUMENT ...`
  test [OPTION ...]          prepare, lint, check types and imports, then `pytest OPTION ...`
       --only-pytest         leave out everything but pytest
  import [SOURCE] [OPTION ...]  prepare, then bring old data in: `python -m migrations_scripts.migrate_to_dynamodb`
  lint                       ruff, mypy and import-linter alone
  setup [--test]             prepare only: the virtual environment and the browser side
  build                      bundle static/js and static/css into static/vendor
  lock [--upgrade]           resolve requirements*.in and package.json into lock files
"""


def run(arguments: list[str]) -> int:
    """Prepare the server, then become it."""
    setup([])
    os.chdir(ROOT)
    os.execv(environment.PYTHON, [str(environment.PYTHON), "-m", "backend", *arguments])


def bring_in(arguments: list[str]) -> int:
    """Prepare, then become the import of old data; a path is meant from where the person stands."""
    setup([])
    words = [os.path.abspath(word) if os.path.exists(word) else word for word in arguments]
    os.chdir(ROOT)
    program = [str(environment.PYTHON), "-m", "migrations_scripts.migrate_to_dynamodb", *words]
    os.execv(environment.PYTHON, program)


def test(arguments: list[str]) -> int:
    """Prepare, start what the tests need, check and test."""
    setup(["--test"])
    only_pytest = "--only-pytest" in arguments
    return checks.check_and_test([word for word in arguments if word != "--only-pytest"], only_pytest)


def lint(_: list[str]) -> int:
    """Run the linters alone."""
    with alone():
        environment.install(environment.TESTS)
    return 1 if checks.lint() else 0


def setup(arguments: list[str]) -> int:
    """Install the packages and bundle the browser side."""
    with alone():
        environment.install(environment.TESTS if "--test" in arguments else environment.RUNTIME)
        frontend.build()
    return 0


def build(_: list[str]) -> int:
    """Bundle the browser side."""
    with alone():
        environment.make_venv()
        frontend.build()
    return 0


def lock(arguments: list[str]) -> int:
    """Write all lock files anew."""
    with alone():
        environment.lock_all(upgrade="--upgrade" in arguments)
        frontend.lock_all(upgrade="--upgrade" in arguments)
    return 0


COMMANDS = {"run": run, "import": bring_in, "test": test, "lint": lint, "setup": setup, "build": build, "lock": lock}


def main(words: list[str]) -> int:
    """Carry out one command and return the exit status; a failure is one line."""
    command = COMMANDS.get(words[0]) if words else None
    if command is None:
        print(USAGE, end="")
        return 0 if words and words[0] in {"-h", "--help", "help"} else 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return command(words[1:])
    except StepError as error:
        say(f"error: {error}")
        return 1
    except OSError as error:
        say(f"error: {error.strerror or error}: {error.filename or ''}")
        return 1
    except KeyboardInterrupt:
        say("stopped")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
