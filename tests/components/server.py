"""Real servers: `python -m backend` on a free port, which can be killed, ended and started again at the same place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from tests.components.ports import find_free_port
from toolchain.steps import ROOT

START_SECONDS = 30
STOP_SECONDS = 15
READY = "Dayroom is ready at "


class ServerEndedError(Exception):
    """The server ended instead of becoming ready; the message is what it said."""


class Server:
    """Is one server process after the other, on one port, with one set of settings."""

    def __init__(self, log: Path, settings: dict[str, str], port: int | None = None) -> None:
        self.port = port or find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """All that its processes have said."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that runs, or ran last."""
        assert self._process is not None, "start() it first"
        return self._process

    def start(self) -> Server:
        """Start a process, and wait until it says that it is ready."""
        self.launch()
        return self.wait_until_ready()

    def launch(self) -> None:
        """Start a process without waiting for it."""
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "PORT": str(self.port)}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "backend"],
                cwd=self._log.parent,  # no .env of whoever works here
                env={**environment, **self._settings},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._ready_lines = self.log.count(READY)

    def wait_until_ready(self) -> Server:
        """Wait for the line that says so; raise `ServerEndedError` if the process ends before it."""
        deadline = time.monotonic() + START_SECONDS
        while self.log.count(READY) == self._ready_lines:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise ServerEndedError(self.log)
            time.sleep(0.02)
        return self

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        """Ask the process to end, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """End whatever still runs."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Ask the server."""
        return requests.request(method, self.url + path, timeout=20, **options)

    def create_department(self, name: str, **members: Any) -> str:
        """Create a department and return its id."""
        answer = self.request("POST", "/api/departments", json={"name": name, **members})
        assert answer.status_code in {200, 201}, answer.text
        return str(answer.json()["id"])

    def create_event(self, department: str, title: str, **members: Any) -> dict[str, Any]:
        """Create an event on 2024-01-15, where no other date is given, and return it."""
        body = {"title": title, "event_date": "2024-01-15", **members}
        answer = self.request("POST", f"/api/events/{department}", json=body)
        assert answer.status_code in {200, 201}, answer.text
        event: dict[str, Any] = answer.json()
        return event


StartServer = Callable[..., Server]
"""Starts a server on a store of its own: `start_server(DATA_DIR=…, LOG_FORMAT="json")`; settings win over defaults."""
