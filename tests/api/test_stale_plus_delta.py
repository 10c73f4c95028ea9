"""Stale + delta = fresh: whatever happened, a copy from any moment and `changes` since then make the server's truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.services import backups
from tests.in_process import Api, json_of, serving, uuid
from tests.replica import Gone, Replica, catch_up, take_snapshot
from tests.sending import send
from tests.whole.calendars import Silent

DEPARTMENTS = [uuid(number) for number in (1, 2)]
EVENTS = [uuid(number) for number in range(11, 16)]
ATTACHMENTS = [uuid(number) for number in range(21, 25)]


class Step(NamedTuple):
    """Is one request; which of them succeed is the server's affair. `SEND` is the client's: it brings a file."""

    method: str
    path: str
    body: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return f"{self.method} {self.path} {self.body or ''}"


departments = st.sampled_from(DEPARTMENTS)
events = st.sampled_from(EVENTS)
attachments = st.sampled_from(ATTACHMENTS)
names = st.sampled_from(["개발팀", "영업팀", "Sales"])
days = st.sampled_from(["2024-01-15", "2024-02-29", "2024-12-31"])
contents = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["회의", "워크숍", "🎉"]),
        "event_date": days,
        "time": st.sampled_from(["오후 2:00", "22:00~06:00", None]),
        "tags": st.lists(st.sampled_from(["분기", "중요"]), max_size=2),
    },
)
steps = st.one_of(
    st.builds(
        lambda log, id, more: Step(
            "POST", f"/api/events/{log}", {"title": "회의", "event_date": "2024-01-15", **more, "id": id}
        ),
        departments,
        events,
        contents,
    ),
    st.builds(lambda id, content: Step("PUT", f"/api/events/{id}", content), events, contents),
    st.builds(lambda id: Step("DELETE", f"/api/events/{id}"), events),
    st.builds(lambda id: Step("POST", f"/api/events/{id}/restore", {}), events),
    st.builds(lambda id, to: Step("POST", f"/api/events/{id}/move", {"department_id": to}), events, departments),
    st.builds(
        lambda log, id, event, type: Step(
            "POST",
            "/api/attachments",
            {"id": id, "department_id": log, "event_id": event, "file_name": "a", "file_size": 5, "mime_type": type},
        ),
        departments,
        attachments,
        st.none() | events,
        st.sampled_from(["text/plain", "image/png"]),
    ),
    st.builds(lambda id: Step("SEND", id), attachments),
    st.builds(lambda id: Step("POST", f"/api/attachments/{id}/complete"), attachments),
    st.builds(lambda id: Step("DELETE", f"/api/attachments/{id}"), attachments),
    st.builds(lambda id: Step("POST", f"/api/attachments/{id}/restore"), attachments),
    st.builds(lambda id, name: Step("POST", "/api/departments", {"id": id, "name": name}), departments, names),
    st.builds(lambda id, name: Step("PUT", f"/api/departments/{id}", {"name": name}), departments, names),
    st.builds(lambda id: Step("DELETE", f"/api/departments/{id}"), departments),
    st.builds(lambda id: Step("POST", f"/api/departments/{id}/restore"), departments),
)


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving() as served:
        yield served


@settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    before=st.lists(steps, max_size=12),
    since=st.lists(steps, max_size=12),
    limits=st.lists(st.integers(1, 4), max_size=4),
    page=st.none() | st.integers(1, 3),
)
def test_stale_plus_delta_is_fresh(before: list[Step], since: list[Step], limits: list[int], page: int | None) -> None:
    with serving() as api:
        for number, department in enumerate(DEPARTMENTS):
            api.department(f"{number}팀", id=department)
        perform(api, before)
        stale = {log: take_snapshot(api.ask, log, page) for log in logs(api)}
        perform(api, since)
        for log, copy in stale.items():
            if log in logs(api):
                check_catching_up(api, copy, limits)
        for log in logs(api):
            check_digest(api, take_snapshot(api.ask, log, page))
        if len(before) % 4 == 0:  # it takes longer than all the rest
            assert list(backups.examine(api.dayroom.database, Silent())) == []


def perform(api: Api, requests: list[Step]) -> None:
    for method, path, body in requests:
        if method == "SEND":
            answer = api.post(f"/api/attachments/{path}/upload")
            if answer.status_code == 200:
                send(api, json_of(answer)["upload"], b"hello")
        else:
            assert api.call(method, path, body).status_code < 500


def logs(api: Api) -> list[str]:
    """Lists the logs that are open."""
    return ["directory", *take_snapshot(api.ask, "directory").entities]


def check_catching_up(api: Api, stale: Replica, limits: list[int]) -> None:
    fresh = take_snapshot(api.ask, stale.log)
    if stale.epoch != fresh.epoch:
        with pytest.raises(Gone):
            catch_up(api.ask, stale)
        return
    delta = api.changes(stale.log, f"since={stale.position}")["changes"]
    assert bool(delta) == (stale.position != fresh.position)
    if stale.entities != fresh.entities:
        assert delta, "what changed is told"
    caught_up = catch_up(api.ask, stale.copy(), [*limits, None])
    assert caught_up.entities == fresh.entities
    assert (caught_up.position, caught_up.digest) == (fresh.position, fresh.digest)


def check_digest(api: Api, fresh: Replica) -> None:
    assert api.changes(fresh.log, "since=latest")["digest"] == fresh.digest


def test_a_copy_from_any_moment_catches_up(api: Api) -> None:
    """Keeps a copy of every position of one log, and lets each of them catch up, in pages of every size."""
    home = api.department()["id"]
    copies = [take_snapshot(api.ask, home)]
    for number in range(12):
        event = api.event(home, title=f"일정 {number}")
        copies.append(take_snapshot(api.ask, home))
        api.put(f"/api/events/{event['id']}", {"title": f"바뀐 일정 {number}"})
        if number % 3 == 0:
            api.delete(f"/api/events/{event['id']}")
    fresh = take_snapshot(api.ask, home)
    for size, copy in enumerate(copies, start=1):
        assert copy.entities != fresh.entities
        caught_up = catch_up(api.ask, copy, [size] * 100)
        assert caught_up.entities == fresh.entities
