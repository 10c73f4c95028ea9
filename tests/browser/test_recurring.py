"""Recurring events in the browser: every occurrence is seen, and changed alone, with those that follow, or with all."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

SCOPES = {"this": "이 일정만", "following": "이 일정과 이후 모두", "all": "전체"}


@pytest.fixture
def days(today: str) -> list[str]:
    """Return the days of this month by their numbers."""
    return [f"{today[:8]}{day:02}" for day in range(32)]


@pytest.fixture
def series(server: CalendarServer, department: dict[str, Any], days: list[str]) -> dict[str, Any]:
    """Return a meeting on each day from the 2nd to the 9th, but not on the 5th."""
    rrule = f"FREQ=DAILY;UNTIL={days[9].replace('-', '')}"
    event = {"title": "회의", "event_date": days[2], "recurrence": {"rrule": rrule, "exdates": [days[5]]}}
    return server.ask("POST", f"events/{department['id']}", event)


def dates(server: CalendarServer, department: dict[str, Any], days: list[str], title: str = "회의") -> list[int]:
    """Return the days of this month on which something with a title happens, as the server expands them."""
    found = server.ask("GET", f"events/{department['id']}?expand=true&from={days[1]}&to={days[28]}")
    return [int(event["event_date"][8:]) for event in found if event["title"] == title]


def occurrence(person: Person, number: int, title: str = "회의") -> Locator:
    """Find the occurrence with a number, counted from 0, among those on the calendar."""
    return person.event(title).nth(number)


def known_by(person: Person, series: dict[str, Any], date: str) -> Locator:
    """Find the occurrence of an original date, wherever it is."""
    return person.page.locator(f'[data-event="{series["id"]}@{date}"]')


def asks(person: Person, title: str) -> Locator:
    """Is the question which occurrences are meant."""
    return person.page.get_by_role("dialog", name=title)


def test_every_occurrence_is_seen_and_says_that_it_recurs(meet: Meet, series: dict[str, Any]) -> None:
    mina = meet()
    expect(mina.event("회의")).to_have_count(7)
    expect(mina.page.get_by_role("button", name="회의 반복")).to_have_count(7)


@pytest.mark.parametrize(
    ("scope", "renamed"), [("this", [4]), ("following", [4, 6, 7, 8, 9]), ("all", [2, 3, 4, 6, 7, 8, 9])]
)
def test_an_edit_asks_how_far_it_goes_and_everybody_sees_it(
    meet: Meet,
    server: CalendarServer,
    department: dict[str, Any],
    days: list[str],
    series: dict[str, Any],
    scope: str,
    renamed: list[int],
) -> None:
    mina, juho = meet(), meet()
    occurrence(mina, 2).click()
    expect(mina.dialog.get_by_label("시작 날짜")).to_have_value(days[4])
    mina.dialog.get_by_role("textbox", name="제목").fill("바뀐 모임")
    mina.saves()
    question = asks(mina, "반복 일정 수정")
    question.get_by_label(SCOPES[scope]).check()
    question.get_by_role("button", name="확인").click()
    expect(mina.page.get_by_role("dialog")).to_have_count(0)
    for person in (mina, juho):
        expect(person.event("바뀐 모임")).to_have_count(len(renamed))
        expect(person.event("회의")).to_have_count(7 - len(renamed))
    assert dates(server, department, days, "바뀐 모임") == renamed


def test_deleting_asks_how_far_it_goes_by_the_keyboard_alone(
    meet: Meet, server: CalendarServer, department: dict[str, Any], days: list[str], series: dict[str, Any]
) -> None:
    mina, juho = meet(), meet()
    for number, downs, left in [(2, 0, [2, 3, 6, 7, 8, 9]), (4, 1, [2, 3, 6, 7]), (1, 2, [])]:
        occurrence(mina, number).press("Enter")
        mina.dialog.get_by_role("button", name="삭제").press("Enter")
        question = asks(mina, "반복 일정 삭제")
        expect(question.get_by_label("이 일정만")).to_be_focused()
        for _ in range(downs):
            mina.page.keyboard.press("ArrowDown")
        mina.page.keyboard.press("Enter")
        expect(mina.page.get_by_role("dialog")).to_have_count(0)
        for person in (mina, juho):
            expect(person.event("회의")).to_have_count(len(left))
        assert dates(server, department, days) == left


def test_a_drag_moves_one_occurrence_or_is_called_off(
    meet: Meet, server: CalendarServer, department: dict[str, Any], days: list[str], series: dict[str, Any]
) -> None:
    mina = meet()
    target = mina.page.locator(f'[data-date="{days[12]}"]').first
    known_by(mina, series, days[4]).drag_to(target)
    asks(mina, "반복 일정 옮기기").get_by_role("button", name="취소").click()
    expect(mina.page.get_by_role("dialog")).to_have_count(0)
    assert dates(server, department, days) == [2, 3, 4, 6, 7, 8, 9]
    week = mina.page.get_by_role("row").filter(has=mina.page.locator(f'[data-date="{days[4]}"]'))
    expect(week.locator(known_by(mina, series, days[4]))).to_have_count(1)
    known_by(mina, series, days[4]).drag_to(target)
    with mina.page.expect_response(lambda answer: answer.request.method == "PUT"):
        asks(mina, "반복 일정 옮기기").get_by_role("button", name="확인").click()
    assert dates(server, department, days) == [2, 3, 6, 7, 8, 9, 12]
    known_by(mina, series, days[4]).click()
    expect(mina.dialog.get_by_label("시작 날짜")).to_have_value(days[12])


def test_what_others_do_elsewhere_in_the_series_is_no_conflict(
    meet: Meet, server: CalendarServer, department: dict[str, Any], days: list[str], series: dict[str, Any]
) -> None:
    mina = meet()
    occurrence(mina, 2).click()
    mina.dialog.get_by_role("textbox", name="제목").fill("내 모임")
    server.ask("PUT", f"events/{series['id']}?scope=this&date={days[7]}", {"title": "남의 모임"})
    mina.sees("남의 모임")
    expect(mina.dialog.locator(".notice")).to_be_hidden()
    mina.saves()
    asks(mina, "반복 일정 수정").get_by_role("button", name="확인").click()
    mina.sees("내 모임")
    assert dates(server, department, days, "내 모임") == [4]
    assert dates(server, department, days, "남의 모임") == [7]


def test_the_form_of_an_occurrence_hears_of_a_change_of_its_own(
    meet: Meet, server: CalendarServer, series: dict[str, Any], days: list[str]
) -> None:
    mina = meet()
    occurrence(mina, 2).click()
    mina.dialog.get_by_role("textbox", name="제목").fill("내 모임")
    path = f"events/{series['id']}?scope=this&date={days[4]}"
    server.ask("PUT", path, {"location": "5층"})
    expect(mina.dialog.locator(".notice")).to_contain_text("5층")
    expect(mina.dialog.get_by_role("textbox", name="장소")).to_have_value("5층")
    server.ask("DELETE", path)
    expect(mina.dialog.locator(".notice")).to_contain_text("삭제되었습니다")
    mina.dialog.get_by_role("button", name="새 일정으로 저장").click()
    mina.sees("내 모임")
    expect(mina.event("회의")).to_have_count(6)


def test_an_edit_of_what_follows_is_one_undo(
    meet: Meet, server: CalendarServer, department: dict[str, Any], days: list[str], series: dict[str, Any]
) -> None:
    mina, juho = meet(), meet()
    known_by(mina, series, days[6]).click()
    mina.dialog.get_by_role("textbox", name="제목").fill("새 모임")
    mina.saves()
    question = asks(mina, "반복 일정 수정")
    question.get_by_label(SCOPES["following"]).check()
    question.get_by_role("button", name="확인").click()
    expect(juho.event("새 모임")).to_have_count(4)
    mina.page.get_by_role("button", name="실행 취소").click()
    expect(juho.event("회의")).to_have_count(7)
    expect(juho.event("새 모임")).to_have_count(0)
    [left] = server.ask("GET", f"events/{department['id']}")
    assert left["recurrence"] == series["recurrence"]


def test_two_people_edit_one_occurrence_and_nothing_is_lost(
    meet: Meet, server: CalendarServer, department: dict[str, Any], days: list[str], series: dict[str, Any]
) -> None:
    mina, juho = meet(), meet()
    for person, title in ((mina, "미나의 모임"), (juho, "주호의 모임")):
        known_by(person, series, days[6]).click()
        person.dialog.get_by_role("textbox", name="제목").fill(title)
    mina.saves()
    asks(mina, "반복 일정 수정").get_by_role("button", name="확인").click()
    expect(juho.dialog.locator(".notice")).to_contain_text("미나의 모임")
    assert dates(server, department, days, "미나의 모임") == [6]
    juho.dialog.get_by_role("radio", name="내가 쓴 것").click()
    juho.saves()
    asks(juho, "반복 일정 수정").get_by_role("button", name="확인").click()
    expect(juho.page.get_by_role("dialog")).to_have_count(0)
    mina.sees("주호의 모임")
    assert dates(server, department, days) == [2, 3, 4, 7, 8, 9]
