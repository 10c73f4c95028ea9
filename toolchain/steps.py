"""Steps say what they do, how long it took and, in one line, why they failed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

UNREACHABLE = "the network or the package registry cannot be reached"
FULL = "the disk is full"
TAMPERED = "a downloaded package is not the one that was locked"
CAUSES = (
    ("No space left on device", FULL),
    ("ENOSPC", FULL),
    ("DO NOT MATCH THE HASHES", TAMPERED),
    ("EINTEGRITY", TAMPERED),
    ("ensurepip", "this Python cannot make virtual environments (on Debian: apt-get install python3-venv)"),
    ("name resolution", UNREACHABLE),
    ("Name or service not known", UNREACHABLE),
    ("NewConnectionError", UNREACHABLE),
    ("Connection refused", UNREACHABLE),
    ("Network is unreachable", UNREACHABLE),
    ("timed out", UNREACHABLE),
    ("No matching distribution found", UNREACHABLE + ", or does not have a locked package for this Python"),
    ("ENOTFOUND", UNREACHABLE),
    ("EAI_AGAIN", UNREACHABLE),
    ("ECONNREFUSED", UNREACHABLE),
    ("ETIMEDOUT", UNREACHABLE),
    ("Permission denied", "a file or folder may not be written"),
)


class StepError(Exception):
    """A step failed, for a reason that fits into one line."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(f"[dev] {text}", file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Frame a long step with a line when it begins and one with its seconds when it ends."""
    say(f"{title} ...")
    began = time.monotonic()
    yield
    say(f"{title}: {time.monotonic() - began:.1f} s")


def quietly(command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> str:
    """Run a command and return its output; one that fails raises StepError with its cause."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise StepError(f"{command[0]} cannot be started: {error.strerror}") from error
    if done.returncode:
        raise StepError(f"{Path(command[0]).name} failed: {cause_of(done.stdout)}")
    return done.stdout


def cause_of(output: str) -> str:
    """Find the one line that explains a failed command's output."""
    for sign, cause in CAUSES:
        if sign in output:
            return cause
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for line, place in pairwise(lines):
        if "[ERROR] " in line:  # esbuild says on the next line where
            return f"{line.split('[ERROR] ')[1]} ({place.rstrip(':')})"
    telling = [line for line in lines if "error" in line.lower()]
    return (telling or lines or ["it said nothing"])[-1]


def fingerprint(paths: Sequence[Path], *also: str) -> str:
    """Hash the names and contents of files, and some words beside them."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    for word in also:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time prepare this folder."""
    try:
        import fcntl
    except ImportError:  # no such thing on Windows
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
