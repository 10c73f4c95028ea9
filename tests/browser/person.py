"""Is a person before a page: says what is done and seen, and waits for it as a person would."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.calendar_server import CalendarServer

SEEN_WITHIN = 5_000
"""Milliseconds in which everybody sees what one has done."""


class Person:
    """One browser context: another person, or the same one on another device."""

    def __init__(self, browser: Browser, server: CalendarServer, **options: Any) -> None:
        self.context = browser.new_context(
            **{"locale": "ko-KR", "timezone_id": "Asia/Seoul", "viewport": {"width": 1280, "height": 800}, **options}
        )
        self.context.set_default_timeout(SEEN_WITHIN)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(f"{server.url}/")
        self.is_connected()

    def leave(self) -> None:
        """Close the browser, after making sure that no script failed."""
        self.context.close()
        assert self.faults == [], self.faults

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    @property
    def dialog(self) -> Locator:
        """Is the dialog that is open."""
        return self.page.get_by_role("dialog")

    def event(self, title: str) -> Locator:
        """Find an event on the calendar."""
        return self.page.locator(".calendar .event", has_text=title)

    def is_connected(self, timeout: int = 10_000) -> None:
        """Wait for the light to say that everything shown is live."""
        expect(self.page.locator(".light")).to_have_text("연결됨", timeout=timeout)

    def is_offline(self) -> None:
        """Wait for the light to say that there is no connection."""
        expect(self.page.locator(".light")).to_have_text("오프라인", timeout=SEEN_WITHIN)

    def sees(self, title: str) -> None:
        """Wait for an event to appear."""
        expect(self.event(title)).to_have_count(1, timeout=SEEN_WITHIN)

    def misses(self, title: str) -> None:
        """Wait for an event to be gone."""
        expect(self.event(title)).to_have_count(0, timeout=SEEN_WITHIN)

    def creates(self, title: str) -> None:
        """Write a new event into the dialog and save it."""
        self.page.get_by_role("button", name="새 일정").click()
        self.dialog.get_by_label("제목").fill(title)
        self.dialog.get_by_role("button", name="만들기").click()
        expect(self.dialog).to_have_count(0)

    def opens(self, title: str) -> None:
        """Open an event's form."""
        self.event(title).click()
        expect(self.dialog).to_be_visible()

    def saves(self) -> None:
        """Press Save; what comes of it is for the test to see."""
        self.dialog.get_by_role("button", name="저장", exact=True).click()

    def deletes(self, title: str) -> None:
        """Delete an event, and confirm."""
        self.opens(title)
        self.dialog.get_by_role("button", name="삭제").click()
        self.dialog.get_by_role("button", name="정말 삭제").click()
        expect(self.dialog).to_have_count(0)

    def has_the_copy(self, log: str, head: dict[str, str], timeout: int = SEEN_WITHIN) -> None:
        """Wait until this page's copy of a department is at a position, with its digest."""
        row = self.page.locator(f'[data-department="{log}"]')
        expect(row).to_have_attribute("data-position", head["position"], timeout=timeout)
        expect(row).to_have_attribute("data-digest", head["digest"], timeout=timeout)
