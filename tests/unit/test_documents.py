"""What the code has, the documents tell; and what they link to is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from backend.app import create_app
from backend.problems import CODES
from backend.realtime.asyncapi import asyncapi_document
from backend.repositories.sqlite import MEMORY, SQLiteDatabase
from backend.settings import Settings
from toolchain.steps import ROOT

DOCS = ROOT / "docs"
LONGEST_DECISION = 45
SETTINGS = [field.name.upper() for field in fields(Settings)]
MARKDOWN = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "adr").glob("*.md"))
RULES_WITHOUT_DOCUMENT = {"/", "/static/<path:filename>"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(path), re.MULTILINE | re.DOTALL)


def prose(path: Path) -> str:
    return re.sub(r"^\s*```.*?^\s*```", "", text_of(path), flags=re.MULTILINE | re.DOTALL)


def links(path: Path) -> Iterator[str]:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if not re.match(r"[a-z]+:", link):
            yield link


def slug(heading: str) -> str:
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def leads_somewhere(path: Path, link: str) -> bool:
    name, _, fragment = link.partition("#")
    target = (path.parent / unquote(name)).resolve() if name else path
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not fragment or fragment in map(slug, re.findall(r"^#+ (.+)$", prose(target), re.MULTILINE))


def settings_with_a_default() -> set[str]:
    return {field.name.upper() for field in fields(Settings) if field.default not in (None, (), "")}


@pytest.fixture(scope="module")
def routes() -> Iterator[list[tuple[str, str]]]:
    dayroom = create_app(Settings(socketio_async_mode="threading"), database=SQLiteDatabase(MEMORY))
    found = [
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in dayroom.app.url_map.iter_rules()
        if rule.rule not in RULES_WITHOUT_DOCUMENT
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    dayroom.close()
    yield found


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_stands_in_the_example_commented_out(name: str) -> None:
    assert re.search(rf"^# .*·.*\n#{name}=", text_of(ROOT / ".env.example"), re.MULTILINE)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_a_row_in_its_table(name: str) -> None:
    assert f"\n| `{name}` |" in text_of(DOCS / "settings.md")


def test_the_example_names_no_setting_that_the_server_does_not_know() -> None:
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text_of(ROOT / ".env.example"), re.MULTILINE)
    assert {name for name in named if not name.startswith("AWS_")} <= set(SETTINGS)


def test_the_examples_values_are_the_defaults() -> None:
    example = text_of(ROOT / ".env.example")
    values: dict[str, str] = dict(re.findall(r"^#([A-Z][A-Z0-9_]+)=(.+)$", example, re.MULTILINE))
    assert Settings.from_env(values) == Settings.from_env({})
    assert values.keys() == settings_with_a_default()


def test_the_tables_defaults_are_the_defaults() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (?:`([^`]*)`)? ?\|", text_of(DOCS / "settings.md"), re.MULTILINE)
    values: dict[str, str] = {name: value for name, value in rows if name in SETTINGS and value}
    assert Settings.from_env(values) == Settings.from_env({})
    assert values.keys() == settings_with_a_default()


@pytest.mark.parametrize("code", CODES)
def test_every_problem_code_is_told_with_its_status(code: str) -> None:
    assert f"\n| `{code}` | {CODES[code][0]} |" in text_of(DOCS / "api.md")


def test_no_problem_code_is_told_that_does_not_exist() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| \d{3} \|", text_of(DOCS / "api.md"), re.MULTILINE)
    assert set(told) == set(CODES)


def test_every_route_is_told(routes: list[tuple[str, str]]) -> None:
    told = text_of(DOCS / "api.md")
    assert [f"{method} {rule}" for method, rule in routes if f"`{method} {rule}`" not in told] == []


def test_no_route_is_told_that_does_not_exist(routes: list[tuple[str, str]]) -> None:
    told = re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)`", text_of(DOCS / "api.md"))
    assert set(told) <= set(routes)


@pytest.mark.parametrize("name", asyncapi_document()["components"]["messages"])
def test_every_socket_event_is_told(name: str) -> None:
    assert f"`{name}`" in text_of(DOCS / "sockets.md")


@pytest.mark.parametrize("path", MARKDOWN, ids=name_of)
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(path: Path) -> None:
    assert [link for link in links(path) if not leads_somewhere(path, link)] == []


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_a_decision_is_half_a_page(path: Path) -> None:
    text = text_of(path)
    assert len(text.splitlines()) <= LONGEST_DECISION
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert text.startswith(f"# {int(path.name[:4])}. ")


def test_every_decision_can_be_reached_from_the_architecture() -> None:
    told = text_of(DOCS / "architecture.md")
    assert [path.name for path in DECISIONS if f"(adr/{path.name})" not in told] == []


@pytest.mark.parametrize("path", [path for path in MARKDOWN if blocks(path, "python")], ids=name_of)
def test_every_python_example_compiles(path: Path) -> None:
    for block in blocks(path, "python"):
        compile(block, name_of(path), "exec")


@pytest.mark.parametrize("path", [path for path in MARKDOWN if blocks(path, "bash")], ids=name_of)
def test_every_shell_example_can_be_parsed(path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:  # a machine without bash has nobody who would type them
        return
    for block in blocks(path, "bash"):
        parsed = subprocess.run([bash, "-n"], input=block, text=True, capture_output=True, check=False)
        assert parsed.stderr == ""


def test_the_digests_of_the_documents_are_right() -> None:
    namespace: dict[str, Any] = {}
    exec(blocks(DOCS / "sync.md", "python")[0], namespace)
    digest = namespace["digest"]
    vectors = re.findall(r"^\| `(\w+):([\w-]+):(\d+)` \| `(\w{16})` \|", text_of(DOCS / "sync.md"), re.MULTILINE)
    assert [digest([(kind, id_, int(version))]) for kind, id_, version, _ in vectors] == [row[3] for row in vectors]
    (kind, first, version, _), (_, second, other, _), *_ = vectors
    whole = text_of(DOCS / "sync.md")
    assert f"`{digest([(kind, first, int(version)), (kind, second, int(other))])}`" in whole
    assert f"`{digest([(kind, first, 2), (kind, second, int(other))])}`" in whole
    assert f"`{digest([])}`" in whole
