"""A server's life: how it starts, how it refuses to, and how it ends."""

from __future__ import annotations

from tests.components.server import StartServer


def test_a_server_serves_on_either_store(start_server: StartServer, store_settings: dict[str, str]) -> None:
    server = start_server(**store_settings)
    department = server.create_department("영업부")
    assert server.create_event(department, "회의")["title"] == "회의"
    assert server.request("GET", "/readyz").json() == {"status": "ready", "parts": {"database": "ok"}}
    assert server.terminate() == 0
