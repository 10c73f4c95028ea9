"""Lists of events: ranges, search, pages (contract, section 3)."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import quote

import pytest

from backend.repositories.sqlite import SQLiteDatabase
from tests.changelog.scripted import ScriptedDatabase
from tests.in_process import Api, Json, json_of, made, serving, uuid


def titles(events: list[Json]) -> list[str]:
    return [event["title"] for event in events]


def pages(api: Api, path: str, between: Callable[[], None] = lambda: None) -> list[list[Json]]:
    """Follows the links from page to page."""
    found: list[list[Json]] = []
    link: str | None = path
    while link:
        answer = api.get(link)
        assert answer.status_code == 200, answer.text
        found.append(json_of(answer))
        assert len(found) <= 1000, "the links lead in a circle"
        header = answer.headers.get("Link")
        link = header[1:].removesuffix('>; rel="next"').removeprefix("http://localhost") if header else None
        if link:
            between()
    return found


def whole(found: list[list[Json]]) -> list[Json]:
    return [event for page in found for event in page]


def test_a_list_is_ordered_by_first_day_and_id(api: Api, home: str) -> None:
    sent = [(3, "2024-02-01"), (1, "2024-02-01"), (2, "2024-01-31"), (9, "1999-12-31"), (4, "2024-02-01")]
    for number, day in sent:
        api.event(home, id=uuid(number), event_date=day)
    assert [event["id"] for event in api.events(home)] == [uuid(number) for number in (9, 2, 1, 3, 4)]


def test_a_list_tells_the_position_that_it_is_as_new_as(api: Api, home: str) -> None:
    for _ in range(3):
        api.event(home)
    answer = api.get(f"/api/events/{home}")
    assert answer.headers["X-Position"] == api.changes(home, "since=latest")["position"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "old long night before first last month-long after"),
        ("from=2024-02-01&to=2024-02-29", "long night first last month-long"),
        ("from=2024-02-01&to=2024-02-01", "long night first month-long"),
        ("from=2024-02-29&to=2024-02-29", "long last month-long"),
        ("from=2024-02-10&to=2024-02-20", "long month-long"),
        ("from=2024-01-31&to=2024-01-31", "long night before month-long"),
        ("from=2024-03-01", "long after"),
        ("from=2024-07-01", ""),
        ("to=2023-12-31", "old long"),
        ("to=2023-08-31", "old"),
        ("from=2024-06-26&to=2024-06-26", "long"),
        ("from=2024-06-27&to=2024-06-27", ""),
    ],
)
def test_a_range_finds_what_goes_on_within_it(api: Api, home: str, query: str, found: str) -> None:
    for title, first, last in [
        ("old", "2023-05-05", None),
        ("long", "2023-09-01", "2024-06-26"),  # 300 days
        ("before", "2024-01-31", None),
        ("first", "2024-02-01", None),
        ("last", "2024-02-29", None),
        ("after", "2024-03-01", "2024-03-02"),
        ("month-long", "2024-01-31", "2024-02-29"),
    ]:
        api.event(home, title=title, event_date=first, end_date=last)
    api.event(home, title="night", event_date="2024-01-31", start_time="22:00", end_time="06:00")
    assert sorted(titles(api.events(home, query))) == sorted(found.split())


def test_a_range_and_a_model_agree_on_many_events(api: Api, home: str) -> None:
    chance = random.Random(20240115)
    start = date(2024, 1, 1)
    model = []
    for number in range(120):
        first = start + timedelta(days=chance.randrange(400))
        last = first + timedelta(days=chance.choice([0, 0, 0, 1, 2, 3, 30, 364]))
        times = chance.choice([{}, {"time": "오후 2시"}, {"start_time": "22:00", "end_time": "23:00"}])
        model.append(api.event(home, id=uuid(number), event_date=str(first), end_date=str(last), **times))
    for _ in range(40):
        first = start + timedelta(days=chance.randrange(-40, 800))
        last = first + timedelta(days=chance.choice([0, 1, 6, 30, 41, 365]))
        wanted = [e for e in model if e["event_date"] <= str(last) and e["end_date"] >= str(first)]
        wanted.sort(key=lambda event: (event["event_date"], event["id"]))
        query = f"from={first}&to={last}"
        assert api.events(home, query) == wanted
        assert whole(pages(api, f"/api/events/{home}?{query}&limit={chance.choice([1, 3, 7])}")) == wanted


def test_an_event_is_found_where_it_went(api: Api, home: str) -> None:
    event = api.event(home, event_date="2024-01-15")
    path = f"/api/events/{event['id']}"
    for first, last in [("2024-03-01", "2024-03-01"), ("2023-01-01", "2023-12-31"), ("2024-01-15", "2024-01-17")]:
        api.put(path, {"event_date": first, "end_date": last})
        assert len(api.events(home, f"from={first}&to={first}")) == 1
        assert len(api.events(home, f"from={last}&to={last}")) == 1
        day_after = date.fromisoformat(last) + timedelta(days=1)
        assert api.events(home, f"from={day_after}") == []
        assert len(api.events(home)) == 1


# Search


@pytest.mark.parametrize(
    ("member", "text"),
    [
        ("title", "전사 워크숍 준비"),
        ("description", "일정: 워크숍\n장소 미정"),
        ("location", "제주 워크숍 센터"),
        ("category", "워크숍"),
        ("tags", ["분기", "가을워크숍"]),
    ],
)
def test_two_syllables_are_found_wherever_they_stand(api: Api, home: str, member: str, text: object) -> None:
    event = api.event(home, **{member: text})
    api.event(home, title="다른 일")
    for asked in ("크숍", unicodedata.normalize("NFD", "크숍"), "워크숍"):
        assert api.events(home, f"q={quote(asked)}") == [event]
    assert api.events(home, f"q={quote('크샵')}") == []


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Sprint Review", "sPRINT r"),
        ("STRASSE", "straße"),
        ("Ångström", "ångstro\u0308m"),
        ("100%_*", "%_*"),
        ("🎉", "🎉"),
    ],
)
def test_case_and_composition_make_no_difference(api: Api, home: str, title: str, asked: str) -> None:
    event = api.event(home, title=title)
    assert api.events(home, f"q={quote(asked)}") == [event]


@pytest.mark.parametrize("asked", [".*", "%", "_", "회의%", "회의 2024", "2024-01-15", "null", "None"])
def test_a_search_is_for_text_and_no_pattern(api: Api, home: str, asked: str) -> None:
    api.event(home, title="회의")
    assert api.events(home, f"q={quote(asked)}") == []


def test_a_search_without_dates_looks_a_year_back_and_ahead(api: Api, home: str) -> None:
    for day in ("2022-12-31", "2023-01-16", "2024-01-15", "2025-01-14", "2025-02-01"):
        api.event(home, title=f"회의 {day}", event_date=day)
    assert len(api.events(home)) == 5
    assert titles(api.events(home, f"q={quote('회의')}")) == ["회의 2023-01-16", "회의 2024-01-15", "회의 2025-01-14"]
    assert titles(api.events(home, f"q={quote('회의')}&to=2023-12-31")) == ["회의 2022-12-31", "회의 2023-01-16"]
    assert titles(api.events(home, f"q={quote('회의')}&from=2025-01-20")) == ["회의 2025-02-01"]


@pytest.mark.parametrize("blank", ["q=", "q=%20", "from=&to="])
def test_a_blank_question_is_none(api: Api, home: str, blank: str) -> None:
    api.event(home, event_date="1999-01-01")
    assert len(api.events(home, blank)) == 1


def test_a_search_goes_on_from_page_to_page(api: Api, home: str) -> None:
    for number in range(20):
        api.event(home, title="회의" if number % 3 else "식사", event_date=f"2024-01-{number + 1:02}")
    path = f"/api/events/{home}?q={quote('회의')}&limit=4"
    found = pages(api, path)
    assert [len(page) for page in found] == [4, 4, 4, 1]
    assert whole(found) == api.events(home, f"q={quote('회의')}")


# Pages


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7, 5000])
def test_pages_are_whole_and_without_doubles(api: Api, home: str, limit: int) -> None:
    for number in range(6):
        api.event(home, id=uuid(10 - number), event_date=f"2024-01-{15 + number // 4}")
    found = pages(api, f"/api/events/{home}?limit={limit}")
    assert whole(found) == api.events(home)
    assert all(len(page) == limit for page in found[:-1])
    assert 1 <= len(found[-1]) <= limit


def test_an_empty_list_is_one_page(api: Api, home: str) -> None:
    assert pages(api, f"/api/events/{home}?limit=1") == [[]]


def test_a_list_is_whole_however_a_store_reads(api: Api, home: str) -> None:
    for number in range(300):
        api.event(home, id=uuid(number), event_date=f"2024-0{1 + number % 9}-15")
    assert len(api.events(home)) == 300
    assert len({event["id"] for event in whole(pages(api, f"/api/events/{home}?limit=129"))}) == 300


def test_a_link_leads_through_the_proxy_and_keeps_the_question() -> None:
    with serving(public_url="https://calendar.example.com") as api:
        home = api.department()["id"]
        for _ in range(2):
            api.event(home, title="회의&모임")
        query = f"q={quote('의&모')}&from=2024-01-01&limit=1"
        link = api.get(f"/api/events/{home}?{query}").headers["Link"]
        assert link.startswith(f"<https://calendar.example.com/api/events/{home}?{query}&cursor=")


@pytest.mark.parametrize("seed", range(4))
def test_pages_stay_whole_while_others_write(api: Api, home: str, seed: int) -> None:
    """What is there all the time and stays where it is comes exactly once, whatever is written between the pages."""
    chance = random.Random(seed)
    still = [api.event(home, title="그대로", event_date=f"2024-01-{1 + number % 28:02}") for number in range(30)]
    restless = [api.event(home, title="옮겨짐", event_date=f"2024-01-{1 + number:02}") for number in range(10)]

    def write() -> None:
        api.event(home, title="새로움", event_date=f"2024-01-{chance.randint(1, 31):02}")
        api.put(f"/api/events/{chance.choice(restless)['id']}", {"event_date": f"2024-01-{chance.randint(1, 31):02}"})
        if len(restless) > 5:
            api.delete(f"/api/events/{restless.pop(chance.randrange(len(restless)))['id']}")

    found = whole(pages(api, f"/api/events/{home}?limit=3", between=write))
    kept = [event for event in found if event["title"] == "그대로"]
    assert sorted(kept, key=lambda event: event["id"]) == sorted(still, key=lambda event: event["id"])
    fresh = [event["id"] for event in found if event["title"] == "새로움"]
    assert len(fresh) == len(set(fresh))
    keys = [(event["event_date"], event["id"]) for event in found]
    assert keys == sorted(keys)


def test_a_cursor_of_what_is_gone_goes_on_all_the_same(api: Api, home: str) -> None:
    events = [api.event(home, id=uuid(number)) for number in range(4)]
    link = api.get(f"/api/events/{home}?limit=2").headers["Link"]
    api.delete(f"/api/events/{events[1]['id']}")
    rest = api.get(link[1:].partition(">")[0])
    assert json_of(rest) == events[2:]
    assert made(api.post(f"/api/events/{home}", {"title": "뒤", "event_date": "2024-01-16"}))


@pytest.mark.parametrize("limit", [None, 1, 3, 100])
def test_what_is_written_while_a_list_is_read_is_in_it(limit: int | None) -> None:
    """The list is at least as new as the position that it tells, and the same as what was there at that position."""
    database = ScriptedDatabase(SQLiteDatabase(":memory:"))
    with serving(database) as api:
        home = api.department()["id"]
        for number in range(6):
            api.event(home, id=uuid(number), event_date=f"2024-01-1{number}")

        def write() -> None:
            database.amid_index = lambda: None
            api.event(home, id=uuid(10), event_date="2024-01-10")
            api.put(f"/api/events/{uuid(1)}", {"event_date": "2024-01-31"})
            api.put(f"/api/events/{uuid(2)}", {"title": "바뀜"})
            api.delete(f"/api/events/{uuid(3)}")

        database.amid_index = write
        answer = api.get(f"/api/events/{home}" + (f"?limit={limit}" if limit else ""))
        assert answer.headers["X-Position"] == api.changes(home, "since=latest")["position"]
        assert json_of(answer) == api.events(home)[:limit]
