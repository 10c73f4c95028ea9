"""Two people see at once what each of them does, also across a dropped connection."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet


def test_what_one_creates_edits_and_deletes_the_other_sees(meet: Meet, department: dict[str, Any]) -> None:
    mina, juho = meet(), meet()
    mina.creates("주간 회의")
    juho.sees("주간 회의")
    juho.opens("주간 회의")
    juho.dialog.get_by_label("제목").fill("주간 회의 (변경)")
    juho.saves()
    mina.sees("주간 회의 (변경)")
    mina.deletes("주간 회의 (변경)")
    juho.misses("주간 회의")


def test_a_department_that_one_creates_the_other_sees_renamed_and_gone(meet: Meet, server: CalendarServer) -> None:
    mina, juho = meet(), meet()
    expect(mina.page.get_by_role("heading", name="첫 부서를 만들어 주세요")).to_be_visible()
    mina.page.get_by_role("button", name="첫 부서 만들기").click()
    mina.dialog.get_by_label("이름").fill("디자인팀")
    mina.dialog.get_by_role("button", name="만들기").click()
    name = juho.page.locator(".department-name")
    expect(name).to_have_text("디자인팀")
    for person in (mina, juho):
        person.page.get_by_role("button", name="그만 보기").click()
    juho.page.get_by_role("button", name="디자인팀 설정").click()
    juho.dialog.get_by_label("이름").fill("브랜드팀")
    juho.saves()
    expect(mina.page.locator(".department-name")).to_have_text("브랜드팀")
    mina.page.get_by_role("button", name="브랜드팀 설정").click()
    mina.dialog.get_by_role("button", name="부서 삭제").click()
    mina.dialog.get_by_role("button", name="부서와 일정 삭제").click()
    expect(juho.page.get_by_role("heading", name="첫 부서를 만들어 주세요")).to_be_visible()


def test_who_was_offline_comes_back_to_the_state_of_the_others(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina, juho = meet(), meet()
    mina.creates("그대로 있을 일정")
    mina.creates("사라질 일정")
    juho.sees("사라질 일정")
    juho.context.set_offline(True)
    juho.is_offline()
    mina.deletes("사라질 일정")
    mina.creates("그동안 생긴 일정")
    juho.context.set_offline(False)
    juho.is_connected()
    juho.sees("그동안 생긴 일정")
    juho.misses("사라질 일정")
    head = server.head(department["id"])
    juho.has_the_copy(department["id"], head)
    mina.has_the_copy(department["id"], head)


def test_an_event_that_is_dragged_moves_for_the_other_too(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    event = server.ask(
        "POST", f"events/{department['id']}", {"title": "끌어 옮길 일정", "event_date": f"{today[:8]}10"}
    )
    mina, juho = meet(), meet()
    target = mina.page.locator(f'[data-date="{today[:8]}12"]').first
    with mina.page.expect_response(lambda answer: answer.request.method in {"PUT", "PATCH"}):
        mina.event("끌어 옮길 일정").drag_to(target)
    juho.sees("끌어 옮길 일정")
    expect(juho.page.locator(".toast")).to_have_count(0)
    head = server.head(department["id"])
    assert server.ask("GET", f"events/{department['id']}/{event['id']}")["event_date"] == f"{today[:8]}12"
    juho.has_the_copy(department["id"], head)
