"""A real server draws thumbnails beside its requests, on either engine, and ends what its clients and itself left."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner
from PIL import Image

from backend.cli.commands import commands
from backend.settings import Settings
from backend.storage.filesystem import FolderStore
from backend.storage.keys import file_key, thumbnail_key
from tests.components.server import Server, StartServer
from tests.files.pictures import picture, png_header
from tests.subscriber import Subscriber

PATIENCE = 40
"""Seconds in which a picture is drawn, also where many tests share the processors."""


def announced(server: Server, department: str, body: bytes, mime_type: str) -> Any:
    file = {"department_id": department, "file_name": "사진", "file_size": len(body), "mime_type": mime_type}
    return server.request("POST", "/api/attachments", json=file).json()


def put(server: Server, made: Any, body: bytes) -> str:
    upload = made["upload"]
    requests.put(upload["url"], data=body, headers=upload["headers"], timeout=20).raise_for_status()
    return str(made["attachment"]["id"])


def uploaded(server: Server, department: str, body: bytes, mime_type: str) -> str:
    attachment = put(server, announced(server, department, body, mime_type), body)
    assert server.request("POST", f"/api/attachments/{attachment}/complete", json={}).status_code == 200
    return attachment


def thumbnail_of(subscriber: Subscriber, attachment: str) -> Any:
    return shown(subscriber, attachment).get("thumbnail") or {}


def shown(subscriber: Subscriber, attachment: str) -> Any:
    """Give an attachment as the newest live message has it."""
    told = [data for name, data in subscriber.messages if name.startswith("attachment_") and data["id"] == attachment]
    return told[-1] if told else {}


@pytest.mark.parametrize(("engine", "store"), [("eventlet", "s3"), ("eventlet", "folder"), ("threading", "folder")])
def test_everyone_sees_a_thumbnail_come_and_a_bomb_fail_while_the_server_answers(
    start_server: StartServer, engine: str, store: str, request: pytest.FixtureRequest
) -> None:
    place = {}
    if store == "s3":
        s3_server = request.getfixturevalue("s3_server")
        place = s3_server.settings(s3_server.make_bucket())
    server = start_server(SOCKETIO_ASYNC_MODE=engine, **place)
    department = server.create_department("사진")
    with Subscriber(server.url, department) as subscriber:
        bomb = uploaded(server, department, png_header(50_000, 50_000), "image/png")
        photo = uploaded(server, department, picture(), "image/jpeg")
        assert subscriber.wait(lambda: thumbnail_of(subscriber, photo).get("status") == "ready", PATIENCE)
        assert subscriber.wait(lambda: thumbnail_of(subscriber, bomb).get("status") == "failed", PATIENCE)
    answer = server.request("GET", f"/api/attachments/{photo}/download?variant=thumbnail")
    assert Image.open(BytesIO(answer.content)).size == (256, 192)
    metrics = server.request("GET", "/metrics").text
    assert 'dayroom_thumbnails_total{outcome="ready"} 1.0' in metrics
    assert 'dayroom_thumbnails_total{outcome="failed"} 1.0' in metrics
    assert server.terminate() == 0


def test_operators_tidy_and_check_while_the_server_runs(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server()
    department = server.create_department("사진")
    made = announced(server, department, picture(), "image/jpeg")
    whole, lost = put(server, made, picture()), uploaded(server, department, b"lost", "text/plain")
    store = FolderStore(tmp_path / "data" / "objects", lambda: b"")

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(commands, ["storage", *words], obj=Settings(data_dir=tmp_path / "data"))
        return done.exit_code, done.stdout.strip()

    with Subscriber(server.url, department) as subscriber:
        assert run("tidy") == (0, "completed 0, refused 0 and gave up 0 uploads, drew 0 thumbnails")
        assert run("tidy", "--idle", "0")[1].startswith("completed 1,")
        assert subscriber.wait(lambda: thumbnail_of(subscriber, whole).get("status") == "pending", PATIENCE)
        assert run("tidy", "--idle", "0")[1].endswith("drew 1 thumbnails")
        assert subscriber.wait(lambda: thumbnail_of(subscriber, whole).get("status") == "ready", PATIENCE)
        assert run("check") == (0, "all is well")
        store.delete(file_key(lost))
        assert run("check") == (1, f"the file of 사진 ({lost}) is lost\n1 faults, 0 mended, 0 remains swept")
        assert run("check", "--repair")[0] == 0
        assert subscriber.wait(lambda: shown(subscriber, lost).get("status") == "failed", PATIENCE)
    assert run("check") == (0, "all is well")
    assert store.head(thumbnail_key(whole))
