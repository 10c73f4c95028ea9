"""What other processes write is heard here, too: a script's writes, an import's, another server's."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.components.server import StartServer
from tests.realtime.conftest import Follow
from toolchain.steps import ROOT

IMPORTER = Path(__file__).with_name("importer.py")


def write_elsewhere(folder: Path, department: str, count: int) -> float:
    """Lets another process write into a SQLite file; returns when it had ended."""
    command = [sys.executable, str(IMPORTER), str(folder), department, str(count)]
    subprocess.run(command, check=True, timeout=60, env={"PYTHONPATH": str(ROOT)}, cwd=folder)
    return time.monotonic()


def test_an_import_of_another_process_is_heard_as_it_happens(
    follow: Follow, data_folder: Path, department: str, transport: str
) -> None:
    subscriber = follow(department, transports=[transport])
    ended = write_elsewhere(data_folder, department, 300)
    assert subscriber.wait_for_seq(300)
    assert time.monotonic() - ended < 2
    assert subscriber.heard == list(range(1, 301))
    assert subscriber.joins == 1


@pytest.mark.alone
def test_a_write_of_another_server_is_heard_within_a_second(
    start_server: StartServer, follow: Follow, store_settings: dict[str, str], engine: str
) -> None:
    settings = {**store_settings, "SOCKETIO_ASYNC_MODE": engine}
    one, two = start_server(**settings), start_server(**settings)
    department = one.create_department("영업부")
    directory = follow("directory", url=two.url)
    subscriber = follow(department, url=two.url)
    one.create_event(department, "회의")
    wrote = time.monotonic()
    assert subscriber.wait_for_seq(1)
    assert time.monotonic() - wrote < (1 if "DATABASE" not in store_settings else 3)
    one.request("DELETE", f"/api/departments/{department}")
    assert directory.wait(lambda: "department_deleted" in directory.names())
    assert subscriber.wait(lambda: "department_deleted" in subscriber.names())
    assert "change" not in subscriber.messages[-1][1]


@pytest.mark.alone
def test_a_member_hears_its_own_server_without_waiting_for_a_poll(
    start_server: StartServer, follow: Follow, store_settings: dict[str, str], engine: str
) -> None:
    server = start_server(**store_settings | {"DYNAMODB_POLL_SECONDS": "3600", "SOCKETIO_ASYNC_MODE": engine})
    department = server.create_department("영업부")
    subscriber = follow(department, url=server.url)
    delays = []
    for number in range(10):
        server.create_event(department, str(number))
        wrote = time.monotonic()
        assert subscriber.wait_for_seq(number + 1, 5)
        delays.append(time.monotonic() - wrote)
    assert sorted(delays)[5] < 0.1
