"""Files go up from one browser and arrive at another; what a closed tab left goes on when the file is chosen again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

LARGE = 110 * 2**20
"""Bytes of a file that goes up in parts."""
BEFORE = 4
"""Parts that are there when the tab is closed: about 60 %."""


def picture(folder: Path) -> Path:
    """Paint a small picture with a Korean name."""
    path = folder / "배치도 ①.png"
    Image.new("RGB", (640, 400), "#2e4fb0").save(path)
    return path


def meeting(server: CalendarServer, department: dict[str, Any], today: str) -> dict[str, Any]:
    event: dict[str, Any] = server.ask(
        "POST", f"events/{department['id']}", {"title": "주간 회의", "event_date": today, "start_time": "10:00"}
    )
    return event


def ready(server: CalendarServer, event: dict[str, Any]) -> list[dict[str, Any]]:
    """List the files of an event that are whole."""
    listed = server.ask("GET", f"attachments?event_id={event['id']}&department_id={event['department_id']}")
    return [each for each in listed if each["status"] == "ready"]


def test_a_file_that_one_adds_the_other_sees_and_opens(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str, tmp_path: Path
) -> None:
    event = meeting(server, department, today)
    mina, juho = meet(), meet()
    juho.opens("주간 회의")
    mina.opens("주간 회의")
    mina.dialog.get_by_label("파일 추가").set_input_files(picture(tmp_path))
    arrived = juho.dialog.locator(".file", has_text="배치도 ①.png")
    expect(arrived).to_be_visible(timeout=15_000)
    expect(arrived.locator("img.file-face")).to_be_visible(timeout=20_000)  # its thumbnail is made meanwhile
    assert arrived.locator("img.file-face").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    arrived.get_by_role("button", name="배치도 ①.png", exact=True).click()
    shown = juho.page.locator(".preview img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    juho.page.keyboard.press("Escape")
    with juho.page.expect_download() as downloading:
        arrived.get_by_role("link", name="배치도 ①.png 내려받기").click()
    assert downloading.value.suggested_filename == "배치도 ①.png"
    assert ready(server, event)[0]["verified"] == "object"
    arrived.get_by_role("button", name="배치도 ①.png 삭제").click()
    expect(mina.dialog.locator(".file")).to_have_count(0)
    juho.page.get_by_role("button", name="실행 취소").click()
    expect(mina.dialog.locator(".file")).to_have_count(1)


def test_files_dropped_on_an_event_of_the_calendar_go_up(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    event = meeting(server, department, today)
    mina = meet()
    mina.sees("주간 회의")
    drop = """element => {
      const files = new DataTransfer();
      files.items.add(new File(['안건'], '안건.txt', { type: 'text/plain' }));
      for (const type of ['dragover', 'drop'])
        element.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
    }"""
    mina.event("주간 회의").evaluate(drop)
    expect(mina.page.locator(".upload", has_text="안건.txt")).to_contain_text("다 올렸습니다")
    assert [each["file_name"] for each in ready(server, event)] == ["안건.txt"]


class Parts:
    """Counts the parts that go up, and lets so many of them through."""

    def __init__(self, person: Person, limit: int | None = None) -> None:
        self.passed: list[str] = []
        self._limit = limit
        person.page.route("**/*", self._look)

    def _look(self, route: Route) -> None:
        request = route.request
        if request.method != "PUT" or "/api/" in request.url:
            route.continue_()
        elif self._limit is not None and len(self.passed) >= self._limit:
            route.abort()
        else:
            self.passed.append(request.url)
            route.continue_()


def wait_for_parts(person: Person, server: CalendarServer, attachment: str) -> int:
    """Wait until the store holds all parts that were let through, and tell how many."""
    for _ in range(300):
        held = len(server.ask("GET", f"attachments/{attachment}/parts"))
        if held == BEFORE:
            break
        person.page.wait_for_timeout(100)
    return held


def test_a_tab_closed_in_the_middle_leaves_only_the_missing_parts_to_send(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str, tmp_path: Path
) -> None:
    event = meeting(server, department, today)
    path = tmp_path / "녹화.bin"
    with path.open("wb") as file:
        for number in range(LARGE // 2**20):
            file.write(bytes([number]) * 2**20)
    mina = meet()
    mina.opens("주간 회의")
    first = Parts(mina, limit=BEFORE)
    with mina.page.expect_response("**/api/attachments") as answering:
        mina.dialog.get_by_label("파일 추가").set_input_files(path)
    begun = answering.value.json()
    attachment, count = begun["attachment"]["id"], begun["upload"]["part_count"]
    held = wait_for_parts(mina, server, attachment)
    assert len(first.passed) == held < count
    mina.page.close(run_before_unload=False)
    mina.page = mina.context.new_page()
    mina.page.goto(f"{server.url}/")
    mina.is_connected()
    again = Parts(mina)
    mina.opens("주간 회의")
    mina.dialog.get_by_label("파일 추가").set_input_files(path)
    expect(mina.dialog.locator(".file", has_text="녹화.bin")).to_be_visible(timeout=60_000)
    assert len(again.passed) == count - held
    whole = ready(server, event)[0]
    assert (whole["id"], whole["verified"]) == (attachment, "parts")
    link = server.ask("GET", f"attachments/{whole['id']}/download?as=json")["url"]
    with requests.get(link, timeout=60, stream=True) as answer:
        digest = hashlib.sha256()
        for chunk in answer.iter_content(2**20):
            digest.update(chunk)
    assert digest.hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_files_of_a_new_event_go_up_once_it_is_there(
    meet: Meet, server: CalendarServer, department: dict[str, Any], tmp_path: Path
) -> None:
    mina = meet()
    (tmp_path / "안건.txt").write_text("하나")
    (tmp_path / "딴것.txt").write_text("둘")
    mina.page.get_by_role("button", name="새 일정").click()
    mina.dialog.get_by_label("제목").fill("새 회의")
    mina.dialog.get_by_label("파일 추가").set_input_files([tmp_path / "안건.txt", tmp_path / "딴것.txt"])
    mina.dialog.get_by_role("button", name="딴것.txt 삭제").click()
    expect(mina.dialog.locator(".file")).to_have_count(1)
    assert server.ask("GET", f"attachments?department_id={department['id']}") == []
    mina.dialog.get_by_role("button", name="만들기").click()
    expect(mina.page.locator(".upload", has_text="안건.txt")).to_contain_text("다 올렸습니다")
    event = server.ask("GET", f"events/{department['id']}")[0]
    assert [each["file_name"] for each in ready(server, event)] == ["안건.txt"]
