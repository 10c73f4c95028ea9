"""People see who else is there and who edits what, are asked for their name once, and hear of what others change."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person


def is_called(person: Person, name: str) -> None:
    person.page.locator(".you input").fill(name)
    person.page.keyboard.press("Tab")


def test_people_see_each_other_and_who_edits_an_event(meet: Meet, department: dict[str, Any]) -> None:
    mina, juho = meet(), meet()
    is_called(mina, "김미나")
    faces = juho.page.locator(".departments .faces")
    expect(faces).to_have_attribute("aria-label", "지금 보는 사람: 김미나")
    expect(faces).to_have_text("미나")
    mina.creates("주간 회의")
    mina.opens("주간 회의")
    marked = juho.page.locator('.calendar [data-editing="김미나 님이 편집 중"]')
    expect(marked).to_have_count(1)
    juho.opens("주간 회의")
    expect(juho.dialog.get_by_text("김미나 님이 편집 중")).to_be_visible()
    mina.page.keyboard.press("Escape")
    expect(juho.dialog.get_by_text("김미나 님이 편집 중")).to_be_hidden()
    expect(marked).to_have_count(0)
    mina.context.close()
    expect(faces).to_be_hidden()


def test_who_does_not_want_to_be_seen_is_not(meet: Meet, department: dict[str, Any]) -> None:
    mina, juho = meet(), meet()
    faces = juho.page.locator(".departments .faces")
    expect(faces).to_be_visible()
    mina.page.get_by_role("button", name="더 보기").click()
    mina.page.get_by_role("menuitem", name="설정").click()
    mina.dialog.get_by_label("내가 보고 있음을 다른 사람에게 알리기").uncheck()
    expect(faces).to_be_hidden()


def test_the_name_is_asked_for_once_in_the_first_form_and_goes_along(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina = meet()
    mina.page.get_by_role("button", name="새 일정").click()
    mina.dialog.get_by_label("내 이름").fill("미나")
    mina.dialog.get_by_label("제목").fill("첫 일정")
    mina.page.keyboard.press("Enter")
    mina.sees("첫 일정")
    [event] = server.ask("GET", f"events/{department['id']}")
    assert event["created_by"] == "미나"
    expect(mina.page.locator(".you input")).to_have_value("미나")
    mina.opens("첫 일정")
    expect(mina.dialog.get_by_label("내 이름")).to_have_count(0)


def test_the_name_is_asked_for_once_after_a_write_without_a_form(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    server.ask("POST", f"events/{department['id']}", {"title": "끌 일정", "event_date": f"{today[:8]}10"})
    mina = meet()
    mina.event("끌 일정").drag_to(mina.page.locator(f'[data-date="{today[:8]}12"]').first)
    card = mina.page.get_by_role("region", name="이름을 알려 주시겠어요?")
    card.get_by_role("button", name="괜찮습니다").click()
    expect(card).to_have_count(0)
    mina.creates("또 하나")
    mina.sees("또 하나")
    expect(card).to_have_count(0)


def test_what_others_do_is_read_out_and_what_one_does_oneself_is_not(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    mina, juho = meet(), meet(reduced_motion="reduce")
    is_called(mina, "미나")
    news = juho.page.locator(".news")
    mina.creates("주간 회의")
    expect(news).to_have_text("미나 님이 ‘주간 회의’ 일정을 만들었습니다")
    expect(mina.page.locator(".news")).to_have_text("")
    for number in range(5):
        server.ask("POST", f"events/{department['id']}", {"title": f"일정 {number}", "event_date": today})
    expect(news).to_contain_text("5가지를 바꿨습니다")
