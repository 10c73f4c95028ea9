"""Attachments over REST: announced, uploaded, completed, fetched, deleted, brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.services.writing import Intent
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, made, serving, uuid
from tests.sending import (
    JPEG_WITH_HTML,
    MIB,
    PNG,
    announce,
    announced,
    attachment,
    complete,
    fetched,
    listed,
    parts_of,
    send,
    send_parts,
    sha,
    uploaded,
)

TIB = 1024**4
MEMBERS = {
    "id",
    "department_id",
    "event_id",
    "file_name",
    "file_size",
    "mime_type",
    "checksum_sha256",
    "verified",
    "status",
    "failure",
    "thumbnail",
    "device_id",
    "created_by",
    "created_at",
    "updated_at",
    "version",
}


def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes everything over 1 kB go up in parts, of which the smallest have 1 MiB."""
    monkeypatch.setattr("backend.domain.parts.SINGLE_BYTES", 1000)
    monkeypatch.setattr("backend.domain.parts.LEAST_PART", MIB)


def test_a_file_goes_up_and_comes_down(api: Api, home: str) -> None:
    event = api.event(home)["id"]
    begun = announced(api, home, b"hello", event_id=event, file_name="  회의록.txt ", headers={"X_Device_Id": "phone"})
    pending = begun["attachment"]
    assert pending.keys() == MEMBERS
    assert (pending["status"], pending["verified"], pending["version"]) == ("pending", None, 1)
    assert (pending["file_name"], pending["device_id"], pending["event_id"]) == ("회의록.txt", "phone", event)
    assert begun["upload"].keys() == {"mode", "method", "url", "headers", "expires_at"}
    assert (begun["upload"]["mode"], begun["upload"]["method"]) == ("single", "PUT")
    send(api, begun["upload"], b"hello")
    answer = complete(api, pending["id"])
    ready = json_of(answer)
    assert (ready["status"], ready["version"]) == ("ready", 2)
    assert answer.headers["ETag"] == '"2"'
    assert fetched(api, pending["id"]) == b"hello"
    assert attachment(api, pending["id"]) == ready == listed(api, f"event_id={event}")[0]
    assert listed(api, f"department_id={home}") == [ready]


def test_a_checksum_that_was_declared_is_proven(api: Api, home: str) -> None:
    assert uploaded(api, home, b"hello", checksum_sha256=sha(b"hello").upper())["verified"] == "object"


def test_an_empty_file_is_a_file(api: Api, home: str) -> None:
    empty = uploaded(api, home, b"", mime_type="application/octet-stream")
    assert (empty["status"], empty["file_size"]) == ("ready", 0)
    assert fetched(api, empty["id"]) == b""


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"file_name": "../etc/passwd"}, "/file_name"),
        ({"file_name": "a\\b"}, "/file_name"),
        ({"file_name": "a\0b"}, "/file_name"),
        ({"file_name": "a\u202egpj.exe"}, "/file_name"),
        ({"file_name": "a\x9fb"}, "/file_name"),
        ({"file_name": "이" * 256}, "/file_name"),
        ({"file_name": ".."}, "/file_name"),
        ({"file_name": " "}, "/file_name"),
        ({"file_size": -1}, "/file_size"),
        ({"file_size": 1.5}, "/file_size"),
        ({"file_size": True}, "/file_size"),
        ({"file_size": "5"}, "/file_size"),
        ({"mime_type": "text"}, "/mime_type"),
        ({"mime_type": "text/plain\r\nX: y"}, "/mime_type"),
        ({"checksum_sha256": "00"}, "/checksum_sha256"),
        ({"event_id": "E1"}, "/event_id"),
        ({"part_checksums": "yes"}, "/part_checksums"),
        ({"key": "a"}, "/key"),
    ],
)
def test_what_is_no_file_is_refused_and_nothing_is_left(api: Api, home: str, members: Json, pointer: str) -> None:
    assert pointer in faults_of(announce(api, home, **members))
    assert listed(api, f"department_id={home}") == []
    assert api.changes(home)["changes"] == []


def test_a_name_keeps_every_character_that_a_person_may_use(api: Api, home: str) -> None:
    name = "휴가 신청서 (최종)_진짜최종 👨‍👩‍👧 #1 & 'a'.hwp"
    assert announced(api, home, file_name=name)["attachment"]["file_name"] == name


def test_an_attachment_of_something_that_is_not_there_is_not_found(api: Api, home: str) -> None:
    other = api.department("다른 팀")["id"]
    event = api.event(other)["id"]
    assert code_of(announce(api, uuid(9))) == (404, "not-found")
    assert code_of(announce(api, home, event_id=uuid(9))) == (404, "not-found")
    assert code_of(announce(api, home, event_id=event)) == (404, "not-found")
    assert faults_of(api.get("/api/attachments")) == {"/department_id": "required"}
    assert code_of(api.get(f"/api/attachments?department_id={uuid(9)}")) == (404, "not-found")
    for path in ("", "/download", "/parts"):
        assert code_of(api.get(f"/api/attachments/{uuid(9)}{path}")) == (404, "not-found")
    for path in ("/upload", "/complete", "/restore", "/retrieve"):
        assert code_of(api.post(f"/api/attachments/{uuid(9)}{path}", {})) == (404, "not-found")


def test_a_repeated_announcement_signs_again_and_makes_no_second_one(api: Api, home: str) -> None:
    members: Json = {"id": uuid(7), "file_name": "a.txt"}
    first = announced(api, home, **members)
    again = announce(api, home, **members)
    assert (again.status_code, json_of(again)["attachment"]) == (200, first["attachment"])
    assert json_of(again)["upload"]["mode"] == "single"
    assert code_of(announce(api, home, **{**members, "file_name": "b.txt"})) == (409, "id-taken")
    assert code_of(announce(api, api.department("다른 팀")["id"], **members)) == (409, "id-taken")
    keyed: Json = {"headers": {"Idempotency_Key": "k1"}, "file_name": "c.txt"}
    one, other = announce(api, home, **keyed), announce(api, home, **keyed)
    assert other.headers["Idempotency-Replayed"] == "true"
    assert json_of(one)["attachment"] == json_of(other)["attachment"]
    assert json_of(other)["upload"]["url"]
    send(api, json_of(one)["upload"], b"hello")
    complete(api, json_of(one)["attachment"]["id"])
    assert json_of(announce(api, home, **keyed))["upload"] is None
    event = api.event(home, id=uuid(8))
    assert code_of(announce(api, home, id=event["id"])) == (409, "id-taken")
    assert code_of(api.post(f"/api/events/{home}", {**event, "id": uuid(7)})) == (409, "id-taken")


def test_completing_before_the_file_came_says_so_and_can_be_repeated(api: Api, home: str) -> None:
    begun = announced(api, home, b"hello")
    found = begun["attachment"]["id"]
    assert code_of(complete(api, found)) == (409, "upload-incomplete")
    assert code_of(api.get(f"/api/attachments/{found}/download")) == (409, "upload-incomplete")
    renewed = json_of(api.post(f"/api/attachments/{found}/upload"))["upload"]
    send(api, renewed, b"hello")
    first, second = (complete(api, found, Idempotency_Key="c1") for _ in range(2))
    assert json_of(first) == json_of(second) == json_of(complete(api, found)) == attachment(api, found)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert code_of(api.post(f"/api/attachments/{found}/upload")) == (409, "conflict")


@pytest.mark.parametrize(
    ("mime_type", "body", "found"),
    [
        ("image/png", b"<html><script>alert(1)</script></html>", "text/plain"),
        ("image/png", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("video/mp4", b"MZ\x90\0", "application/octet-stream"),
        ("application/pdf", b"hello", "text/plain"),
        ("text/plain", PNG, "image/png"),
    ],
)
def test_a_type_that_is_not_what_it_says_fails_for_good_and_is_removed(
    api: Api, home: str, mime_type: str, body: bytes, found: str
) -> None:
    begun = announced(api, home, body, mime_type=mime_type)
    send(api, begun["upload"], body)
    key = begun["attachment"]["id"]
    for _ in range(2):
        answer = complete(api, key)
        assert code_of(answer) == (422, "type-mismatch")
        assert (json_of(answer)["declared"], json_of(answer)["found"]) == (mime_type, found)
        assert [*api.dayroom.store.list("files/"), *api.dayroom.store.list("incoming/")] == []
    failed = attachment(api, key)
    assert (failed["status"], failed["failure"]) == ("failed", {"code": "type-mismatch", "found": found})
    assert code_of(api.get(f"/api/attachments/{key}/download")) == (404, "not-found")
    assert code_of(api.post(f"/api/attachments/{key}/upload")) == (409, "conflict")


def test_a_polyglot_is_what_it_is_declared_to_be_and_waits_for_a_thumbnail(api: Api, home: str) -> None:
    ready = uploaded(api, home, JPEG_WITH_HTML, mime_type="image/jpeg")
    assert ready["thumbnail"] == {"status": "pending", "width": None, "height": None}
    answer = api.get(f"/api/attachments/{ready['id']}/download?variant=thumbnail")
    assert code_of(answer) == (404, "not-found")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_file_of_parts_goes_on_where_it_stopped(api: Api, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small_parts(monkeypatch)
    body = bytes(range(256)) * 4096 * 3 + b"end"
    begun = announced(api, home, body, mime_type="application/octet-stream", checksum_sha256=sha(body))
    key, upload = begun["attachment"]["id"], begun["upload"]
    assert upload == {"mode": "multipart", "part_size": MIB, "part_count": 4}
    parts = dict(enumerate(parts_of(body, MIB), start=1))
    assert json_of(api.get(f"/api/attachments/{key}/parts")) == []
    answer = complete(api, key)
    assert (code_of(answer), json_of(answer)["missing"]) == ((409, "upload-incomplete"), [1, 2, 3, 4])
    send_parts(api, key, {number: parts[number] for number in (3, 1)})
    held = json_of(api.get(f"/api/attachments/{key}/parts"))
    assert [(part["part_number"], part["size"]) for part in held] == [(1, MIB), (3, MIB)]
    answer = complete(api, key)
    assert (code_of(answer), json_of(answer)["missing"]) == ((409, "upload-incomplete"), [2, 4])
    tags = send_parts(api, key, {number: parts[number] for number in (2, 4)})
    wrong = {"parts": [{"part_number": 2, "etag": '"0"'}]}
    assert json_of(complete(api, key, wrong))["missing"] == [2]
    sent = {"parts": [{"part_number": number, "etag": tag} for number, tag in tags.items()]}
    ready = json_of(complete(api, key, sent))
    assert (ready["status"], ready["verified"]) == ("ready", "object")
    assert json_of(complete(api, key)) == ready
    assert sha(fetched(api, key)) == sha(body)
    assert code_of(api.get(f"/api/attachments/{key}/parts")) == (409, "conflict")


def test_parts_with_checksums_bring_their_own(api: Api, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small_parts(monkeypatch)
    body = b"x" * (MIB + 5)
    begun = announced(api, home, body, part_checksums=True)
    key = begun["attachment"]["id"]
    answer = api.post(f"/api/attachments/{key}/parts", {"parts": [{"part_number": 1}]})
    assert faults_of(answer) == {"/parts/0/checksum_sha256": "required"}
    send_parts(api, key, dict(enumerate(parts_of(body, MIB), start=1)), summed=True)
    assert json_of(complete(api, key))["verified"] in {"parts", "object"}


def test_a_part_that_the_file_does_not_have_is_refused(api: Api, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small_parts(monkeypatch)
    key = announced(api, home, b"x" * 2000)["attachment"]["id"]
    path = f"/api/attachments/{key}/parts"
    assert faults_of(api.post(path, {"parts": [{"part_number": 1}, {"part_number": 2}]})) == {
        "/parts/1/part_number": "range"
    }
    assert faults_of(api.post(path, {"parts": [{"part_number": 0}]})) == {"/parts/0/part_number": "range"}
    assert faults_of(api.post(path, {"parts": []})) == {"/parts": "length"}
    assert faults_of(api.post(path, {})) == {"/parts": "required"}
    single = announced(api, home, b"x")["attachment"]["id"]
    assert faults_of(api.post(f"/api/attachments/{single}/parts", {"parts": [{"part_number": 1}]})) == {
        "/parts": "mode"
    }


def test_a_checksum_of_the_whole_that_does_not_match_fails(
    api: Api, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_parts(monkeypatch)
    body = b"x" * 2000
    key = announced(api, home, body, checksum_sha256=sha(b"y"))["attachment"]["id"]
    send_parts(api, key, {1: body})
    for _ in range(2):
        assert code_of(complete(api, key)) == (422, "checksum-mismatch")
    assert attachment(api, key)["failure"]["code"] == "checksum-mismatch"
    assert list(api.dayroom.store.list_uploads()) == []
    assert list(api.dayroom.store.list("files/")) == []


def test_five_tebibytes_fit_into_ten_thousand_parts(api: Api, home: str) -> None:
    upload = announced(api, home, file_size=5 * TIB)["upload"]
    assert upload["part_count"] <= 10_000
    assert (upload["part_count"] - 1) * upload["part_size"] < 5 * TIB <= upload["part_count"] * upload["part_size"]
    assert code_of(announce(api, home, file_size=5 * TIB + 1)) == (413, "too-large")
    assert announced(api, home, file_size=100 * MIB)["upload"]["mode"] == "single"
    assert announced(api, home, file_size=100 * MIB + 1)["upload"]["mode"] == "multipart"


def test_a_deleted_attachment_is_gone_and_comes_back(api: Api, home: str, clock: Clock) -> None:
    ready = uploaded(api, home)
    key = ready["id"]
    assert code_of(api.delete(f"/api/attachments/{key}", If_Match='"1"')) == (412, "precondition-failed")
    assert api.delete(f"/api/attachments/{key}", If_Match='"2"').status_code == 204
    assert code_of(api.delete(f"/api/attachments/{key}")) == (404, "not-found")
    assert code_of(api.get(f"/api/attachments/{key}")) == (404, "not-found")
    assert code_of(api.get(f"/api/attachments/{key}/download")) == (404, "not-found")
    assert code_of(complete(api, key)) == (404, "not-found")
    assert listed(api, f"department_id={home}") == []
    trash = json_of(api.get(f"/api/departments/{home}/trash"))
    assert [(item["type"], item["data"]["file_name"]) for item in trash] == [("attachment", ready["file_name"])]
    back = json_of(api.post(f"/api/attachments/{key}/restore", {}))
    assert back == {**ready, "version": 4, "updated_at": back["updated_at"]}
    assert json_of(api.post(f"/api/attachments/{key}/restore", {})) == back
    assert fetched(api, key) == b"hello"
    api.delete(f"/api/attachments/{key}")
    clock.advance(days=31)
    assert code_of(api.post(f"/api/attachments/{key}/restore", {})) == (404, "not-found")


def test_deleting_an_unfinished_upload_frees_what_the_store_holds(
    api: Api, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    single = announced(api, home)
    send(api, single["upload"], b"hello")
    small_parts(monkeypatch)
    body = b"x" * 2000
    key = announced(api, home, body)["attachment"]["id"]
    send_parts(api, key, {1: body})
    for each in (single["attachment"]["id"], key):
        assert api.delete(f"/api/attachments/{each}").status_code == 204
    store = api.dayroom.store
    assert [*store.list_uploads(), *store.list("incoming/"), *store.list("files/")] == []


def test_a_download_is_signed_as_it_is_asked_for(api: Api, home: str) -> None:
    key = uploaded(api, home)["id"]
    path = f"/api/attachments/{key}/download"
    answer = json_of(api.get(f"{path}?as=json&ttl=60"))
    assert answer.keys() == {"url", "expires_at"}
    assert answer["expires_at"] == "2024-01-15T00:01:00.000Z"
    assert json_of(api.get(f"{path}?as=json"))["expires_at"] == "2024-01-15T00:10:00.000Z"
    assert faults_of(api.get(f"{path}?ttl=3601")) == {"/ttl": "range"}
    assert faults_of(api.get(f"{path}?ttl=0")) == {"/ttl": "range"}
    assert faults_of(api.get(f"{path}?disposition=here")) == {"/disposition": "choice"}
    assert faults_of(api.get(f"{path}?variant=large")) == {"/variant": "choice"}
    assert code_of(api.get(f"{path}?variant=thumbnail")) == (404, "not-found")
    assert api.get(path).headers["Cache-Control"] == "no-store"


def test_what_is_ready_cannot_be_changed_by_a_url_for_uploading(api: Api, home: str) -> None:
    begun = announced(api, home, b"hello")
    send(api, begun["upload"], b"hello")
    complete(api, begun["attachment"]["id"])
    send(api, begun["upload"], b"HELLO")
    assert fetched(api, begun["attachment"]["id"]) == b"hello"


def test_an_archived_file_is_asked_for_and_comes_back(api: Api, home: str) -> None:
    key = uploaded(api, home)["id"]
    files = api.dayroom.files
    assert files.states.archive(key).entity["status"] == "archived"
    assert code_of(api.get(f"/api/attachments/{key}/download")) == (409, "conflict")
    answer = api.post(f"/api/attachments/{key}/retrieve", {})
    assert (answer.status_code, json_of(answer)["status"]) == (202, "ready"), "the folder has it at hand"
    assert api.post(f"/api/attachments/{key}/retrieve").status_code == 202
    pending = announced(api, home)["attachment"]["id"]
    assert code_of(api.post(f"/api/attachments/{pending}/retrieve", {})) == (409, "conflict")


def test_a_thumbnail_is_a_new_version(api: Api, home: str) -> None:
    key = uploaded(api, home, PNG, mime_type="image/png")["id"]
    written = api.dayroom.files.states.set_thumbnail(key, (256, 128))
    assert written.entity["thumbnail"] == {"status": "ready", "width": 256, "height": 128}
    assert written.entity["version"] == 3
    assert api.dayroom.files.states.set_thumbnail(key, (256, 128)).entity["version"] == 3
    assert api.get(f"/api/attachments/{key}/download?variant=thumbnail").status_code == 302
    assert api.dayroom.files.states.set_thumbnail(key, None).entity["thumbnail"]["status"] == "failed"


def test_lists_come_in_pages(api: Api, home: str) -> None:
    event = api.event(home)["id"]
    made_ids = {announced(api, home, event_id=event if number % 2 else None)["attachment"]["id"] for number in range(7)}
    path, seen = f"/api/attachments?department_id={home}&limit=3", []
    while path:
        answer = api.get(path)
        seen += [each["id"] for each in json_of(answer)]
        path = answer.headers.get("Link", "").partition(">")[0].replace("<http://localhost", "")
    assert len(seen) == 7
    assert set(seen) == made_ids
    assert len(listed(api, f"event_id={event}")) == 3


@pytest.fixture
def narrow(clock: Clock, tmp_path: Path) -> Iterator[Api]:
    """Yield a server on which a department's files may take 100 bytes, and one file 60."""
    with serving(clock=clock, department_quota_bytes=100, attachment_max_bytes=60, data_dir=tmp_path) as served:
        yield served


def test_a_quota_is_reserved_and_given_back(narrow: Api) -> None:
    home = narrow.department()["id"]
    assert json_of(announce(narrow, home, b"x" * 61))["limit"] == 60
    first, second = (announced(narrow, home, b"x" * 50) for _ in range(2))
    refused = announce(narrow, home, b"x")
    assert (code_of(refused), json_of(refused)["used"]) == ((413, "too-large"), 100)
    assert narrow.delete(f"/api/attachments/{first['attachment']['id']}").status_code == 204
    send(narrow, announced(narrow, home, b"x" * 40)["upload"], b"x" * 40)
    assert code_of(narrow.post(f"/api/attachments/{first['attachment']['id']}/restore")) == (413, "too-large")
    made(announce(narrow, narrow.department("다른 팀")["id"], b"x" * 60))
    narrow.dayroom.files.states.fail(second["attachment"]["id"], "abandoned", None, Intent())
    made(announce(narrow, home, b"x" * 60))
    assert code_of(announce(narrow, home, b"x")) == (413, "too-large")
