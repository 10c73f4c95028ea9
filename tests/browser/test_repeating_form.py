"""The form of an event says how it recurs, in fields and in words; each kind is made by mouse and by keyboard."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Locator, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

FIRST = "2026-11-20"
"""A Friday, the third of its month."""


def begins(person: Person, title: str) -> Locator:
    """Open the form of a new event on the first day, and return its field of how it recurs."""
    person.page.get_by_role("button", name="새 일정").click()
    person.dialog.get_by_label("제목").fill(title)
    date = person.dialog.get_by_label("시작 날짜")
    date.fill(FIRST)
    date.dispatch_event("change")
    return person.dialog.get_by_label("반복", exact=True)


def only(server: CalendarServer, department: dict[str, Any]) -> dict[str, Any]:
    """Return the only event that there is."""
    [event] = server.ask("GET", f"events/{department['id']}")
    return dict(event)


KINDS: Final[list[tuple[str, dict[str, Any], str, str]]] = [
    ("daily", {"반복 간격": "3"}, "FREQ=DAILY;INTERVAL=3", "3일마다"),
    ("weekly", {"월요일": True}, "FREQ=WEEKLY;BYDAY=MO,FR", "매주 월·금요일"),
    ("monthly", {"반복할 날": "date"}, "FREQ=MONTHLY;BYMONTHDAY=20", "매월 20일"),
    ("monthly", {"반복할 날": "weekday"}, "FREQ=MONTHLY;BYDAY=3FR", "매월 셋째 금요일"),
    ("yearly", {"반복할 날": "date"}, "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20", "매년 11월 20일"),
]


def choose(person: Person, label: str, value: Any) -> None:
    """Set a field of the form by the mouse."""
    field = person.dialog.get_by_label(label, exact=True)
    if value is True:
        field.check()
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def test_each_kind_is_offered_and_said_in_words(meet: Meet, server: CalendarServer, department: dict[str, Any]) -> None:
    mina = meet()
    for kind, fields, rule, words in KINDS:
        begins(mina, "모임").select_option(kind)
        for label, value in fields.items():
            choose(mina, label, value)
        expect(mina.dialog.locator(".rule-words")).to_have_text(words)
        mina.dialog.get_by_role("button", name="만들기").click()
        expect(mina.dialog).to_have_count(0)
        made = only(server, department)
        assert made["recurrence"]["rrule"] == rule
        server.ask("DELETE", f"events/{made['id']}")


def test_by_the_keyboard_alone_it_recurs_until_a_date_or_so_many_times(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina = meet()
    begins(mina, "모임").focus()
    press = mina.page.keyboard.press
    for _ in range(2):
        press("ArrowDown")
    for _ in range(4):
        press("Tab")
    press("Space")
    expect(mina.dialog.get_by_role("checkbox", name="화요일")).to_be_checked()
    mina.dialog.get_by_label("반복 끝").focus()
    press("ArrowDown")
    expect(mina.dialog.get_by_label("반복 끝")).to_be_focused()
    expect(mina.dialog.locator(".rule-words")).to_have_text("매주 화·금요일, 2027년 2월 20일까지")
    press("ArrowDown")
    press("Tab")
    mina.page.keyboard.type("4")
    press("Enter")
    expect(mina.dialog).to_have_count(0)
    assert only(server, department)["recurrence"]["rrule"] == "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4"


def test_a_rule_goes_along_when_the_first_day_moves(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina = meet()
    begins(mina, "모임").select_option("monthly")
    mina.dialog.get_by_label("반복할 날").select_option("weekday")
    mina.dialog.get_by_label("반복 끝").select_option("until")
    mina.dialog.get_by_label("마지막 날짜").fill("2027-03-31")
    date = mina.dialog.get_by_label("시작 날짜")
    date.fill("2026-11-25")
    date.dispatch_event("change")
    expect(mina.dialog.locator(".rule-words")).to_have_text("매월 넷째 수요일, 2027년 3월 31일까지")
    mina.dialog.get_by_role("button", name="만들기").click()
    expect(mina.dialog).to_have_count(0)
    made = only(server, department)
    assert (made["event_date"], made["recurrence"]["rrule"]) == ("2026-11-25", "FREQ=MONTHLY;BYDAY=4WE;UNTIL=20270331")
    mina.page.locator(f'[data-event="{made["id"]}@2026-11-25"]').click()
    date = mina.dialog.get_by_label("시작 날짜")
    date.fill("2026-11-26")
    date.dispatch_event("change")
    expect(mina.dialog.locator(".rule-words")).to_contain_text("매월 넷째 목요일")
    mina.saves()
    question = mina.page.get_by_role("dialog", name="반복 일정 수정")
    question.get_by_label("전체").check()
    question.get_by_role("button", name="확인").click()
    expect(mina.page.get_by_role("dialog")).to_have_count(0)
    assert only(server, department)["recurrence"]["rrule"] == "FREQ=MONTHLY;BYDAY=4TH;UNTIL=20270401"


def test_what_cannot_be_is_said_at_the_field(meet: Meet, server: CalendarServer, department: dict[str, Any]) -> None:
    mina = meet()
    begins(mina, "모임").select_option("weekly")
    mina.dialog.get_by_role("checkbox", name="금요일").uncheck()
    create = mina.dialog.get_by_role("button", name="만들기")
    create.click()
    expect(mina.dialog.get_by_role("alert").filter(has_text="요일을 하나 이상")).to_be_visible()
    mina.dialog.get_by_label("반복", exact=True).select_option("yearly")
    mina.dialog.get_by_label("반복 끝").select_option("count")
    mina.dialog.get_by_label("반복 횟수").fill("300")
    create.click()
    expect(mina.dialog.get_by_role("alert").filter(has_text="200년")).to_be_visible()
    expect(mina.dialog.get_by_label("반복", exact=True)).to_be_focused()
    assert server.ask("GET", f"events/{department['id']}") == []


def test_a_rule_that_the_form_has_no_fields_for_is_said_and_kept(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
    server.ask(
        "POST", f"events/{department['id']}", {"title": "마감", "event_date": today, "recurrence": {"rrule": rule}}
    )
    mina = meet()
    mina.event("마감").first.click()
    expect(mina.dialog.locator(".rule-words")).to_have_text("매월 월~금요일 중 마지막")
    mina.dialog.get_by_label("장소").fill("3층")
    mina.saves()
    mina.page.get_by_role("dialog", name="반복 일정 수정").get_by_label("전체").check()
    mina.page.get_by_role("dialog", name="반복 일정 수정").get_by_role("button", name="확인").click()
    expect(mina.page.get_by_role("dialog")).to_have_count(0)
    assert (only(server, department)["location"], only(server, department)["recurrence"]["rrule"]) == ("3층", rule)


def test_a_new_rule_is_never_that_of_one_occurrence_alone(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    first = f"{today[:8]}02"
    event = {"title": "회의", "event_date": first, "recurrence": {"rrule": "FREQ=DAILY;COUNT=20"}}
    made = server.ask("POST", f"events/{department['id']}", event)
    mina, juho = meet(), meet()
    mina.page.locator(f'[data-event="{made["id"]}@{today[:8]}06"]').click()
    mina.dialog.get_by_label("반복 간격").fill("2")
    mina.saves()
    question = mina.page.get_by_role("dialog", name="반복 일정 수정")
    expect(question.get_by_role("radio")).to_have_count(2)
    question.get_by_role("button", name="확인").click()
    rules = ["FREQ=DAILY;INTERVAL=2;COUNT=16", f"FREQ=DAILY;UNTIL={today[:8].replace('-', '')}05"]
    expect(juho.page.locator(f'[data-event$="@{today[:8]}08"]')).to_have_count(1)
    expect(juho.page.locator(f'[data-event$="@{today[:8]}07"]')).to_have_count(0)
    assert sorted(one["recurrence"]["rrule"] for one in server.ask("GET", f"events/{department['id']}")) == rules


def test_an_event_begins_to_recur_and_ceases_again(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    server.ask("POST", f"events/{department['id']}", {"title": "회의", "event_date": f"{today[:8]}02"})
    mina = meet()
    mina.opens("회의")
    mina.dialog.get_by_label("반복", exact=True).select_option("daily")
    mina.saves()
    expect(mina.event("회의").nth(5)).to_be_visible()
    mina.event("회의").first.click()
    mina.dialog.get_by_label("반복", exact=True).select_option("none")
    mina.saves()
    mina.sees("회의")
    assert only(server, department)["recurrence"] is None
