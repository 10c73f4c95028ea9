"""Somebody subscribes a phone, revokes it, takes the calendar out as a file, and brings one in after looking at it."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person
from tests.calendars.files import vcalendar, vevent

Json = dict[str, Any]


def opens(person: Person, action: str) -> Locator:
    """Goes through the department's own dialog to one of its actions."""
    person.page.get_by_role("button", name="개발팀 설정").click()
    person.dialog.get_by_role("button", name=action, exact=True).click()
    return person.page.get_by_role("dialog", name="개발팀")


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:
        return str(answer.read().decode())


def test_a_phone_is_subscribed_and_revoked(meet: Meet, server: CalendarServer, department: Json, today: str) -> None:
    server.ask("POST", f"events/{department['id']}", {"title": "주간 회의", "event_date": today})
    mina = meet()
    dialog = opens(mina, "구독")
    expect(dialog.get_by_text("아직 만든 구독이 없습니다.")).to_be_visible()
    dialog.get_by_label("누가 쓰나요?").fill("미나의 아이폰")
    mina.page.keyboard.press("Enter")
    address = dialog.get_by_label("“미나의 아이폰” 구독 주소", exact=True).input_value()
    assert "주간 회의" in read(address)
    code = dialog.get_by_alt_text("QR 코드")
    expect(code).to_be_visible()
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    dialog.get_by_label("누가 쓰나요?").fill("회의실 화면")
    dialog.get_by_label("바쁜 시간만 보이기").check()
    dialog.get_by_role("button", name="주소 만들기").click()
    expect(dialog.get_by_text("바쁜 시간만", exact=True)).to_be_visible()
    row = dialog.get_by_role("listitem").filter(has_text="미나의 아이폰")
    expect(row.get_by_text("마지막 사용")).to_be_visible()
    row.get_by_role("button", name="해지").click()
    row.get_by_role("button", name="정말 해지").click()
    expect(row).to_have_count(0)
    status = mina.context.request.get(address).status
    assert status == 404


def test_the_address_is_copied(meet: Meet, department: Json) -> None:
    mina = meet(permissions=["clipboard-read", "clipboard-write"])
    dialog = opens(mina, "구독")
    dialog.get_by_label("누가 쓰나요?").fill("폰")
    mina.page.keyboard.press("Enter")
    dialog.get_by_role("button", name="주소 복사").click()
    expect(mina.page.get_by_text("주소를 복사했습니다")).to_be_visible()
    copied = mina.page.evaluate("navigator.clipboard.readText()")
    assert copied == dialog.get_by_label("“폰” 구독 주소", exact=True).input_value()


def test_a_file_is_looked_at_before_it_comes_in(meet: Meet, department: Json, today: str, tmp_path: Path) -> None:
    day = today.replace("-", "")
    good = vevent("SUMMARY:치과", uid="good", start=f"DTSTART:{day}T140000")
    bad = vevent("SUMMARY:매초", "RRULE:FREQ=SECONDLY", uid="bad", start=f"DTSTART:{day}T140000")
    file = tmp_path / "calendar.ics"
    file.write_text(vcalendar(good, bad), encoding="utf-8")
    mina = meet()
    dialog = opens(mina, "가져오기")
    expect(dialog.get_by_role("button", name="가져오기", exact=True)).to_be_disabled()
    dialog.get_by_label("캘린더 파일 고르기").set_input_files(file)
    expect(dialog.get_by_text("이렇게 들어옵니다")).to_be_visible()
    expect(dialog.get_by_role("row").filter(has_text="매초")).to_contain_text("하루에 여러 번 반복됨")
    expect(dialog.get_by_role("row").filter(has_text="치과")).to_contain_text("추가")
    mina.misses("치과")
    mina.page.keyboard.press("Enter")
    expect(dialog.get_by_text("가져왔습니다")).to_be_visible()
    dialog.get_by_label("캘린더 파일 고르기").set_input_files(file)
    expect(dialog.get_by_text("새로 들어올 것이 없습니다.")).to_be_visible()
    expect(dialog.get_by_role("button", name="가져오기", exact=True)).to_be_disabled()
    for _ in range(2):
        mina.page.keyboard.press("Escape")
    mina.sees("치과")


def test_a_calendar_is_downloaded(meet: Meet, server: CalendarServer, department: Json, today: str) -> None:
    server.ask("POST", f"events/{department['id']}", {"title": "주간 회의", "event_date": today})
    mina = meet()
    dialog = opens(mina, "내보내기")
    dialog.get_by_label("표 (.csv)").check()
    with mina.page.expect_download() as download:
        dialog.get_by_role("button", name="내려받기").click()
    assert download.value.suggested_filename.startswith("개발팀 ")
    assert download.value.suggested_filename.endswith(".csv")
    assert "주간 회의" in download.value.path().read_text(encoding="utf-8-sig")
