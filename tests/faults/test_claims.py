"""Many who want the same at once: one gets it, and the others are told so."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

import pytest

from tests.components.server import StartServer
from tests.faults.crowd import together
from tests.faults.test_writers import start_two

CLIENTS = 50


def test_one_of_fifty_gets_a_name(start_server: StartServer, store_settings: dict[str, str]) -> None:
    servers = start_two(start_server, store_settings)
    names = ["영업부 Ä", "영업부 ä", "영업부 Ä"]  # NFC, another case, NFD: all one name
    answers = together(
        CLIENTS, lambda n: servers[n % 2].request("POST", "/api/departments", json={"name": names[n % 3]})
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"name-taken"}
    assert len(servers[0].request("GET", "/api/departments").json()) == 1


@pytest.mark.parametrize("same", [True, False], ids=["same content", "other content"])
def test_one_of_two_departments_gets_an_id(
    start_server: StartServer, store_settings: dict[str, str], same: bool
) -> None:
    servers = start_two(start_server, store_settings)
    departments = [servers[0].create_department(name) for name in ("영업부", "개발부")]
    event = str(uuid4())

    def create(number: int) -> tuple[int, int, str]:
        body = {"id": event, "title": "회의" if same else f"회의 {number}", "event_date": "2024-01-15"}
        place = number // 2 % 2
        answer = servers[number % 2].request("POST", f"/api/events/{departments[place]}", json=body)
        return place, answer.status_code, answer.json().get("code", "")

    answers = together(CLIENTS, create)
    [(winner, *_)] = [answer for answer in answers if answer[1] == 201]
    others = Counter(answer for answer in answers if answer[1] != 201)
    if same:
        loser = 1 - winner
        assert set(others) == {(winner, 200, ""), (loser, 409, "id-taken")}
        assert others[loser, 409, "id-taken"] in {CLIENTS // 2, CLIENTS // 2 + 1, CLIENTS // 2 - 1}
    else:
        assert {answer[1:] for answer in others} == {(409, "id-taken")}
    lists = [servers[1].request("GET", f"/api/events/{department}").json() for department in departments]
    assert [len(found) for found in lists] == ([1, 0] if winner == 0 else [0, 1])
