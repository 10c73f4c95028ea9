"""The virtual environment in .venv, installed from lock files and remembered by stamps."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from toolchain.steps import ROOT, fingerprint, quietly, say, step

VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUNTIME = "requirements.lock"
TESTS = "requirements-test.lock"
LOCKS = ("requirements", "requirements-test", "requirements-node", "requirements-java", "requirements-lock")


def is_current(name: str, mark: str) -> bool:
    """Tell whether a stamp holds this mark."""
    stamp = STAMPS / name
    return stamp.is_file() and stamp.read_text() == mark


def remember(name: str, mark: str) -> None:
    """Write a stamp, whole or not at all."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    fresh = STAMPS / f"{name}.new"
    fresh.write_text(mark)
    fresh.replace(STAMPS / name)


def make_venv() -> None:
    """Make .venv, anew where another Python or another folder made it."""
    identity = f"{sys.version_info[0]}.{sys.version_info[1]} {VENV}"
    if is_current("venv", identity) and PYTHON.exists():
        return
    with step("making the virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        quietly([sys.executable, "-m", "venv", VENV])
    remember("venv", identity)


def install(lock: str = RUNTIME) -> None:
    """Install what a lock file names, unless it is there; the tests' lock holds the runtime's, too."""
    make_venv()
    path = ROOT / lock
    mark = fingerprint([path])
    if is_current(lock, mark) or (lock == RUNTIME and is_current(TESTS, fingerprint([ROOT / TESTS]))):
        return
    with step(f"installing {lock}"):
        quietly(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                path,
            ]
        )
    remember(lock, mark)


def package_folder(name: str) -> Path:
    """Return where a package that is installed in .venv has its files."""
    library = "Lib" if os.name == "nt" else f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    return VENV / library / "site-packages" / name


def lock_all(upgrade: bool = False) -> None:
    """Resolve every requirements*.in into its .lock, for all platforms and without registry addresses."""
    install("requirements-lock.lock")
    for name in LOCKS:
        command: list[str | Path] = [
            BIN / "uv",
            "pip",
            "compile",
            f"{name}.in",
            "-o",
            f"{name}.lock",
            "--no-config",
        ]
        command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
        command += ["--no-emit-index-url", "--no-emit-find-links", "--no-header"]
        command += ["--upgrade"] if upgrade else []
        command += ["-c", RUNTIME] if name != "requirements" else []
        quietly(command)
        say(f"{name}.lock written")
