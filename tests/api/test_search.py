"""All departments are searched at once, in pages of bounded work that together say everything once."""

from __future__ import annotations

from unicodedata import normalize
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from werkzeug.test import TestResponse

from backend.services.search import DEPARTMENTS_A_PAGE
from tests.in_process import Api, faults_of, json_of, uuid


def found(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [event["title"] for event in json_of(answer)]


def pages(api: Api, query: str) -> list[list[str]]:
    """Follow the links from page to page."""
    told, cursor = list[list[str]](), ""
    while True:
        answer = api.get(f"/api/search?{query}{cursor}")
        told.append(found(answer))
        link = answer.headers.get("Link")
        if link is None:
            return told
        cursor = "&cursor=" + parse_qs(urlsplit(link.partition(">")[0].strip("<")).query)["cursor"][0]


@pytest.fixture
def houses(api: Api) -> list[str]:
    """Return three departments, each with a meeting and something else."""
    ids = [api.department(name)["id"] for name in ("나 부서", "가 부서", "다 부서")]
    for day, home in enumerate(ids, 15):
        api.event(home, title=f"주간 회의 {day}", event_date=f"2024-01-{day}")
        api.event(home, title=f"휴가 {day}", event_date=f"2024-01-{day}")
    return ids


def test_what_is_found_comes_in_order_of_the_departments_names(api: Api, houses: list[str]) -> None:
    assert found(api.get(f"/api/search?q={quote('회의')}")) == ["주간 회의 16", "주간 회의 15", "주간 회의 17"]


def test_decomposed_hangul_and_case_make_no_difference(api: Api, houses: list[str]) -> None:
    api.event(houses[0], title="Sprint DEMO", event_date="2024-01-20")
    assert len(found(api.get(f"/api/search?q={quote(normalize('NFD', '회의'))}"))) == 3
    assert found(api.get("/api/search?q=demo")) == ["Sprint DEMO"]


def test_departments_of_which_a_client_has_copies_are_skipped(api: Api, houses: list[str]) -> None:
    assert found(api.get(f"/api/search?q={quote('회의')}&skip={houses[0]},{houses[2]}")) == ["주간 회의 16"]


def test_dates_bound_the_search_and_without_them_it_looks_a_year_back_and_ahead(api: Api, houses: list[str]) -> None:
    api.event(houses[0], title="옛 회의", event_date="2022-12-01")
    assert "옛 회의" not in found(api.get(f"/api/search?q={quote('회의')}"))
    assert found(api.get(f"/api/search?q={quote('회의')}&to=2023-01-01")) == ["옛 회의"]
    assert found(api.get(f"/api/search?q={quote('회의')}&from=2024-01-16&to=2024-01-16")) == ["주간 회의 16"]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_together_say_everything_once(api: Api, houses: list[str], limit: int) -> None:
    whole = found(api.get(f"/api/search?q={quote('1')}"))
    assert len(whole) == 6
    told = pages(api, f"q={quote('1')}&limit={limit}")
    assert [title for page in told for title in page] == whole
    assert all(len(page) <= limit for page in told)


def test_a_page_looks_through_a_bounded_number_of_departments(api: Api) -> None:
    homes = [api.department(f"부서 {number:02}")["id"] for number in range(2 * DEPARTMENTS_A_PAGE + 1)]
    api.event(homes[-1], title="마지막 회의")
    assert pages(api, f"q={quote('회의')}&limit=5") == [[], [], ["마지막 회의"]]


def test_a_department_that_was_deleted_is_not_searched(api: Api, houses: list[str]) -> None:
    api.delete(f"/api/departments/{houses[1]}")
    assert found(api.get(f"/api/search?q={quote('회의')}")) == ["주간 회의 15", "주간 회의 17"]


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20", "q"),
        ("q=a&skip=nonsense", "skip"),
        ("q=a&limit=0", "limit"),
        ("q=a&cursor=x", "cursor"),
    ],
)
def test_a_search_for_nothing_or_with_nonsense_is_refused(api: Api, query: str, member: str) -> None:
    answer = api.get(f"/api/search?{query}")
    assert f"/{member}" in faults_of(answer)


def test_too_many_departments_to_skip_are_refused(api: Api) -> None:
    answer = api.get("/api/search?q=a&skip=" + ",".join(map(uuid, range(101))))
    assert answer.status_code == 422


def test_a_cursor_of_another_list_is_refused(api: Api, houses: list[str]) -> None:
    answer = api.get(f"/api/search?q=a&cursor={'WyJhIiwgImIiXQ'}")
    assert answer.status_code == 422
