"""What the tests of the migration share: runs of the command, and people who use the calendar over REST."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backend.app import create_app
from backend.settings import Settings
from migrations_scripts.command import main

SHAPES = ("json-flat", "json-nested", "json-by-date", "calendar.db")
GOOD = {"departments": 12, "events": 2000, "rejected": 8}


@dataclass(frozen=True)
class Run:
    """What one run of the command came to."""

    status: int
    report: dict[str, Any] | None
    said: str
    rejects: list[dict[str, Any]] = field(default_factory=list)


def run(folder: Path, *arguments: object, environment: Mapping[str, str]) -> Run:
    """Run the command in this process, in an empty folder and an environment of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    report, rejects = folder / "report.json", folder / "rejects.jsonl"
    with pytest.MonkeyPatch.context() as patch, capturing(patch) as said:
        patch.chdir(folder)
        for name in ("DATABASE", "DB_MODE", "TABLE_PREFIX", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        report.unlink(missing_ok=True)
        status = main([*map(str, arguments), "--report", str(report), "--rejects", str(rejects)])
    whole = report.read_text("utf-8") if report.exists() else ""
    lines = rejects.read_text("utf-8").splitlines() if rejects.exists() else []
    return Run(status, json.loads(whole) if whole else None, said.text, [json.loads(line) for line in lines])


@dataclass
class Said:
    """What was written to stderr."""

    text: str = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


@contextmanager
def capturing(patch: pytest.MonkeyPatch) -> Iterator[Said]:
    said = Said()
    patch.setattr("sys.stderr", said)
    yield said


class People:
    """Use the calendar as any client does."""

    def __init__(self, settings: Settings) -> None:
        self._dayroom = create_app(settings)
        self._client = self._dayroom.app.test_client()

    def ask(self, method: str, path: str, **body: Any) -> Any:
        answer = self._client.open(f"/api/{path}", method=method, json=body or None)
        assert answer.status_code < 300, answer.text
        return answer.get_json(silent=True)

    def departments(self) -> dict[str, dict[str, Any]]:
        return {department["name"]: department for department in self.ask("GET", "departments")}

    def events(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", f"events/{self.departments()[name]['id']}")
        return found

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        return {name: self.events(name) for name in self.departments()}

    def heads(self) -> dict[str, str]:
        logs = ["directory", *(department["id"] for department in self.departments().values())]
        return {log: self.ask("GET", f"departments/{log}/changes?since=latest")["head"] for log in logs}

    def close(self) -> None:
        self._dayroom.close()


@contextmanager
def people(data_dir: Path, **settings: Any) -> Iterator[People]:
    """Open a calendar for people, for as long as a `with` block lasts."""
    someone = People(Settings(data_dir=data_dir, socketio_async_mode="threading", **settings))
    try:
        yield someone
    finally:
        someone.close()


def write_source(folder: Path, departments: object, events: object) -> Path:
    """Write a source of JSON files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "departments.json").write_text(json.dumps(departments, ensure_ascii=False), "utf-8")
    (folder / "calendar_events.json").write_text(json.dumps(events, ensure_ascii=False), "utf-8")
    return folder


def old_rows(legacy: Path, table: str) -> list[dict[str, Any]]:
    """Read the old SQLite file directly: what every shape says."""
    with closing(sqlite3.connect(f"file:{legacy / 'calendar.db'}?immutable=1", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
