"""Makes `changes.json`: a stale copy, what happened since, and a fresh copy, all of it as the server tells it.

The server's tests check that the file is current, the browser's that its own copy ends where the file says. After a
change of the contract, write it anew: `python -m tests.golden.changes`.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tests.in_process import Api, Clock, Json, serving, uuid
from tests.replica import Replica, take_snapshot
from tests.sending import PNG, announced, complete, send

FILE: Final = Path(__file__).with_suffix(".json")
LOG: Final = uuid(1)
EPOCH: Final = "0123456789abcdef"
"""Stands in the file for the epoch, which is random."""


def make() -> Json:
    """Lets people work on a calendar, on a clock of its own and with ids that are the same each time."""
    with serving(clock=Clock("2024-01-15T00:00:00+00:00", step=timedelta(seconds=1))) as api:
        made = api.post("/api/departments", {"id": LOG, "name": "연구개발팀", "timezone": "Asia/Seoul"})
        assert made.status_code == 201, made.text
        before(api)
        start = take_snapshot(api.ask, LOG)
        after(api)
        changes = api.changes(LOG, f"since={start.position}")["changes"]
        end = take_snapshot(api.ask, LOG)
        whole = {"log": LOG, "start": shown(start), "changes": changes, "end": shown(end)}
        read: Json = json.loads(json.dumps(whole).replace(start.epoch, EPOCH))
        return read


def before(api: Api) -> None:
    """Fills the calendar."""
    create(api, 11, title="주간 회의", event_date="2024-01-15", time="오후 2:00")
    create(api, 12, title="워크숍", event_date="2024-02-01", end_date="2024-02-03", location="제주")
    create(api, 13, title="삭제될 일정", event_date="2024-03-01", time="종일")
    create(api, 14, title="Sprint 🎉", event_date="2024-03-02", start_time="22:00", end_time="02:00")
    create(api, 15, title="고쳐질 일정", event_date="2024-04-01", tags=["분기", "중요"])
    change(api, 15, tags=["분기"])
    attach(api, 31, "배치도.png", PNG, "image/png", event_id=uuid(11))
    complete(api, uuid(31))
    attach(api, 32, "명단.txt", b"hello", "text/plain", event_id=uuid(12))


def after(api: Api) -> None:
    """Creates, edits more than once, moves, deletes, and makes again what was deleted; events, and files on them."""
    create(
        api, 16, keyed="write-16", title="회의 후 저녁 🍜", event_date="2024-01-15", time="저녁 7시", category="모임"
    )
    change(api, 11, title="주간 회의 (변경)")
    change(api, 11, event_date="2024-01-16", location="본사 3층")
    change(api, 11, time="오전 10시~11시 30분", url="https://meet.example.com/1")
    delete(api, 13)
    restore(api, 13)
    create(api, 17, title="주간 회의", event_date="2024-01-22", time="오후 2:00")
    change(api, 14, timezone="America/New_York")
    create(api, 18, title="왔다가 간 일정", event_date="2024-05-05")
    attach(api, 33, "사라질 파일.txt", b"hello", "text/plain", event_id=uuid(18))
    complete(api, uuid(33))
    delete(api, 18)
    complete(api, uuid(32))
    attach(api, 34, "그림이 아닌.png", b"hello", "image/png")
    complete(api, uuid(34))
    api.delete(f"/api/attachments/{uuid(31)}")
    delete(api, 17)
    create(api, 20, title="주간 회의", event_date="2024-01-22", time="오후 2:00")
    change(api, 12, end_date="2024-02-04", color="#1A73E8")
    change(api, 12, color=None)
    create(api, 19, title="会議", event_date="2024-06-01", description="여러 줄\n두 번째")


def create(api: Api, number: int, *, keyed: str | None = None, **members: Any) -> None:
    key = {} if keyed is None else {"Idempotency_Key": f'"{keyed}"'}
    answer = api.post(f"/api/events/{LOG}", {"id": uuid(number), **members}, **author(number), **key)
    assert answer.status_code == 201, answer.text


def attach(api: Api, number: int, name: str, body: bytes, mime_type: str, **members: Any) -> None:
    """Announces a file and sends it."""
    begun = announced(api, LOG, body, id=uuid(number), file_name=name, mime_type=mime_type, **members)
    send(api, begun["upload"], body)


def change(api: Api, number: int, **members: Any) -> None:
    answer = api.put(f"/api/events/{uuid(number)}", members, **author(number + 1))
    assert answer.status_code == 200, answer.text


def delete(api: Api, number: int) -> None:
    assert api.delete(f"/api/events/{uuid(number)}", **author(number)).status_code == 204


def restore(api: Api, number: int) -> None:
    assert api.post(f"/api/events/{uuid(number)}/restore", {}, **author(number)).status_code == 200


def author(number: int) -> dict[str, str]:
    """Names who writes: Mina on her phone, or Jun on a desktop."""
    mina = {"X_Actor": "%EB%AF%B8%EB%82%98", "X_Device_Id": "phone"}
    jun = {"X_Actor": "%EC%A4%80", "X_Device_Id": "desktop"}
    return jun if number % 2 else mina


def shown(replica: Replica) -> Json:
    """Is a copy as the file has it."""
    entities = [{**entity, "type": replica.type_of(key)} for key, entity in replica.entities.items()]
    return {"entities": entities, "position": replica.position, "digest": replica.digest}


if __name__ == "__main__":
    FILE.write_text(json.dumps(make(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
