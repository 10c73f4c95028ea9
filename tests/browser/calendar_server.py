"""Is the server that the people of these tests look at, and another client that writes to it over REST."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.components.server import Server
from toolchain.steps import ROOT


class CalendarServer(Server):
    """A server on one SQLite file, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "data"
        self.data_dir.mkdir()
        self._store = {"DATABASE": "sqlite", "DATA_DIR": str(self.data_dir)}
        super().__init__(folder / "server.log", self._store)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a request as a program would, and return the JSON that comes back."""
        response = self.request(method, f"/api/{path}", json=body)
        assert response.ok, response.text
        return response.json() if response.content else None

    def head(self, log: str) -> dict[str, str]:
        """Return where a log stands, in the words in which a page tells it of its copy."""
        answer = self.ask("GET", f"departments/{log}/changes?since=latest")
        return {"position": answer["position"], "digest": answer["digest"]}

    def importing(self, source: Path) -> subprocess.Popen[bytes]:
        """Start the migration of an old calendar into the same data, in a process of its own."""
        command = [sys.executable, "-m", "migrations_scripts.migrate_to_dynamodb", str(source), "--to", "sqlite"]
        report = ["--report", str(source / "report.json"), "--rejects", str(source / "rejects.jsonl")]
        with (source / "import.log").open("wb") as log:
            return subprocess.Popen(
                [*command, *report],
                cwd=self.data_dir,
                env={"PYTHONPATH": str(ROOT), **self._store},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
