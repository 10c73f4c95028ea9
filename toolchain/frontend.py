"""The browser side: static/js and static/css become static/vendor/app.js and app.css."""

from __future__ import annotations

from pathlib import Path

from toolchain.environment import is_current, remember
from toolchain.node import find_node, npm_ci
from toolchain.steps import ROOT, fingerprint, quietly, say, step

STATIC = ROOT / "static"
OUTPUT = STATIC / "vendor"
ENTRIES = {
    "app.js": STATIC / "js" / "main.js",
    "app.css": STATIC / "css" / "main.css",
    "ticker.js": STATIC / "js" / "ticker.js",
    "notifier.js": STATIC / "js" / "notifier.js",
}
OPTIONS = ("--bundle", "--minify", "--sourcemap", "--format=esm", "--target=es2022", "--charset=utf8")


def sources() -> list[Path]:
    """List every file that the bundle can depend on."""
    own = [path for folder in ("js", "css") for path in (STATIC / folder).rglob("*") if path.is_file()]
    return [*own, ROOT / "package.json", ROOT / "package-lock.json"]


def build() -> None:
    """Bundle the browser side, unless nothing changed since the last time."""
    entries = {name: path for name, path in ENTRIES.items() if path.is_file()}
    if "app.js" not in entries:
        say("static/js/main.js does not exist: there is no browser side to build")
        return
    mark = fingerprint(sources(), *OPTIONS)
    if is_current("frontend", mark) and all((OUTPUT / name).is_file() for name in entries):
        return
    npm_ci(ROOT, "the browser's packages")
    node = find_node()
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    with step("bundling the browser side"):
        named = [f"{Path(name).stem}={path}" for name, path in entries.items()]
        quietly(
            [node.binary, esbuild, *named, f"--outdir={OUTPUT}", *OPTIONS, "--log-level=warning"],
            node.environment(),
        )
    remember("frontend", mark)


def lock_all(upgrade: bool = False) -> None:
    """Write every package-lock.json, without the addresses that packages came from."""
    node = find_node()
    for folder in (
        ROOT,
        *sorted(path.parent for path in (ROOT / "tests" / "components").glob("*/package.json")),
    ):
        verb = "update" if upgrade else "install"
        quietly([*node.npm, verb, "--package-lock-only", "--loglevel=error"], node.environment(), folder)
        say(f"{(folder / 'package-lock.json').relative_to(ROOT)} written")
