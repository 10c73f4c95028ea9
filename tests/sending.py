"""A client that brings files to a server in the test's process and fetches them, as the server tells it to."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.in_process import Api, Json, json_of, made

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24
JPEG_WITH_HTML = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"<html><script>alert(1)</script></html>"
MIB = 1024**2
_numbers = count(1)


def announced(api: Api, department_id: str, body: bytes = b"hello", **members: Any) -> Json:
    """Announces a file and tells what the server says: the attachment, and how it goes up."""
    return made(announce(api, department_id, body, **members))


def announce(api: Api, department_id: str, body: bytes = b"hello", **members: Any) -> TestResponse:
    headers = members.pop("headers", {})
    sent = {"file_name": f"파일 {next(_numbers)}.txt", "file_size": len(body), "mime_type": "text/plain"}
    return api.post("/api/attachments", {"department_id": department_id, **sent, **members}, **headers)


def send(api: Api, request: Mapping[str, Any], body: bytes) -> TestResponse:
    """Makes a signed request, as a browser would: outside the API, and with nothing but what it says."""
    url = urlsplit(request["url"])
    return api.client.open(
        f"{url.path}?{url.query}", method=request["method"], data=body, headers=dict(request["headers"])
    )


def complete(api: Api, attachment_id: str, body: Json | None = None, **headers: str) -> TestResponse:
    return api.post(f"/api/attachments/{attachment_id}/complete", body or {}, **headers)


def uploaded(api: Api, department_id: str, body: bytes = b"hello", **members: Any) -> Json:
    """Brings a whole file up, and tells what became of it."""
    begun = announced(api, department_id, body, **members)
    answer = send(api, begun["upload"], body)
    assert answer.status_code in {200, 201, 204}, answer.text
    answer = complete(api, begun["attachment"]["id"])
    assert answer.status_code == 200, answer.text
    attachment: Json = json_of(answer)
    return attachment


def fetched(api: Api, attachment_id: str, query: str = "") -> bytes:
    """Fetches a file where the server says it is."""
    answer = api.get(f"/api/attachments/{attachment_id}/download?{query}")
    assert answer.status_code == 302, answer.text
    url = urlsplit(answer.headers["Location"])
    found = api.client.get(f"{url.path}?{url.query}")
    assert found.status_code == 200, found.text
    return found.data


def listed(api: Api, query: str) -> list[Json]:
    answer = api.get(f"/api/attachments?{query}")
    assert answer.status_code == 200, answer.text
    found: list[Json] = json_of(answer)
    return found


def attachment(api: Api, attachment_id: str) -> Json:
    answer = api.get(f"/api/attachments/{attachment_id}")
    assert answer.status_code == 200, answer.text
    found: Json = json_of(answer)
    return found


def sha(body: bytes) -> str:
    return sha256(body).hexdigest()


def parts_of(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


def send_parts(api: Api, attachment_id: str, parts: Mapping[int, bytes], *, summed: bool = False) -> dict[int, str]:
    """Has parts signed and sends them; tells the entity tags that came back."""
    wanted = [
        {"part_number": number, **({"checksum_sha256": sha(body)} if summed else {})} for number, body in parts.items()
    ]
    answer = api.post(f"/api/attachments/{attachment_id}/parts", {"parts": wanted})
    assert answer.status_code == 200, answer.text
    tags: dict[int, str] = {}
    for request in json_of(answer)["parts"]:
        sent = send(api, request, parts[request["part_number"]])
        assert sent.status_code in {200, 201, 204}, sent.text
        tags[request["part_number"]] = sent.headers["ETag"]
    return tags
