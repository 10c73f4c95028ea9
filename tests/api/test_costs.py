"""What is asked of the store is the same whether a calendar has a hundred events or ten thousand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from backend.domain import events
from backend.domain.changes import Author
from backend.repositories.changelog import Proposal
from backend.repositories.decisions import Decision, View
from backend.repositories.sqlite import SQLiteDatabase
from backend.services.events import creation_draft
from tests.contract.counting import CountingDatabase, Counts
from tests.in_process import Api, serving, uuid

HOME = uuid(1)
START = date(2024, 1, 1)


def fill(api: Api, count: int) -> None:
    """Writes events at one a day, in batches; nothing of them but the first ninety lies in the months that are read."""

    def creation(number: int) -> Callable[[View], Decision[None]]:
        sent = {"title": f"일정 {number}", "event_date": str(START + timedelta(days=number))}
        identity = {"id": uuid(1000 + number), "department_id": HOME, "timezone": "Asia/Seoul"}

        def decide(view: View) -> Decision[None]:
            event = events.create(sent, **identity, at=view.now, author=Author())
            return Decision(None, [creation_draft(event)])

        return decide

    proposals = [Proposal(creation(number), Author()) for number in range(count)]
    for start in range(0, count, 500):
        api.dayroom.changelog.commit_all(HOME, proposals[start : start + 500])
    assert all(not isinstance(proposal.outcome, Exception) for proposal in proposals)


def costs(count: int) -> dict[str, Counts]:
    """Counts what each request asks of a store with so many events."""
    database = CountingDatabase(SQLiteDatabase(":memory:"))
    found: dict[str, Counts] = {}
    with serving(database) as api:
        api.department(id=HOME)
        api.event(HOME, title="휴가", event_date="2023-12-20", end_date="2024-02-10")
        fill(api, count)
        head = api.changes(HOME, "since=latest")["position"]
        epoch, _, seq = head.rpartition(":")

        def count_of(name: str, request: Callable[[], object]) -> None:
            database.reset()
            request()
            found[name] = database.reset()

        def create() -> None:
            api.event(HOME, id=uuid(5), event_date="2024-02-15")

        count_of("a month", lambda: api.events(HOME, "from=2024-02-01&to=2024-02-29"))
        count_of("a page", lambda: api.get(f"/api/events/{HOME}?limit=20"))
        count_of("a page of a snapshot", lambda: api.changes(HOME, "limit=20"))
        count_of("a change", lambda: api.changes(HOME, f"since={epoch}:{int(seq) - 1}"))
        count_of("where the log is", lambda: api.changes(HOME, "since=latest"))
        count_of("a creation", create)
        count_of("an event", lambda: api.get(f"/api/events/{HOME}/{uuid(5)}"))
        count_of("an update", lambda: api.put(f"/api/events/{uuid(5)}", {"title": "바뀜"}))
        count_of("a deletion", lambda: api.delete(f"/api/events/{uuid(5)}"))
        count_of("the departments", lambda: api.get("/api/departments"))
    return found


@pytest.fixture(scope="module")
def small() -> dict[str, Counts]:
    return costs(100)


@pytest.fixture(scope="module")
def large() -> dict[str, Counts]:
    return costs(10_000)


def test_nothing_costs_more_in_a_large_calendar(small: dict[str, Counts], large: dict[str, Counts]) -> None:
    assert small == large


def test_what_is_read_is_what_is_answered(large: dict[str, Counts]) -> None:
    assert large["a month"].items == 29 + 1 + 1  # its days, the day before for its night shift, and what lasts
    assert large["a change"].items == 1
    assert large["where the log is"].items == 0
    assert large["a creation"].items == 0
    assert large["a creation"].transactions == 1
    assert large["a creation"].operations == 4  # the event, its id, its entry, the head
    assert large["an update"].items == 1
    assert large["a page"].items == 22  # one more says that there are more, another that none shares its day
    assert all(each.gets <= 6 for each in large.values()), large
