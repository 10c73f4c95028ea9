"""Recurring events over REST: lists, occurrences in pages, and edits of this, following and all, each to be undone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.in_process import Api, Json, code_of, faults_of, json_of, serving, uuid

YEAR: Final = "from=2024-01-01&to=2024-12-31"
OVERRIDES: Final = {"2024-01-22": {"title": "특별"}, "2024-02-12": {"event_date": "2024-02-14", "time": "오후 5시~6시"}}


def series_in(api: Api, home: str, **members: Any) -> Json:
    """Creates a weekly meeting of ten, from the first of January 2024, of which one is taken out and two differ."""
    recurrence = {"rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=10", "exdates": ["2024-01-15"], "overrides": OVERRIDES}
    event = {
        "title": "주간 회의",
        "event_date": "2024-01-01",
        "time": "오후 2시~3시",
        "recurrence": recurrence,
        **members,
    }
    return api.event(home, **event)


def expanded(api: Api, home: str, query: str = YEAR) -> list[Json]:
    return api.events(home, f"{query}&expand=true")


def told(occurrences: list[Json]) -> list[tuple[str, ...]]:
    """Tells of occurrences all that a reader sees, but which event they belong to."""
    names = ["event_date", "end_date", "start_time", "end_time", "time", "starts_at", "title", "location", "tags"]
    return [tuple(str(one[name]) for name in names) for one in occurrences]


def dates(occurrences: list[Json]) -> list[str]:
    return [one["event_date"] for one in occurrences]


ALL: Final = ["01-01", "01-08", "01-22", "01-29", "02-05", "02-14", "02-19", "02-26", "03-04"]


def test_a_list_has_the_series_where_an_occurrence_overlaps(api: Api, home: str) -> None:
    series = series_in(api, home)
    assert api.events(home, "from=2024-02-26&to=2024-02-26") == [series]
    for empty in ["from=2024-01-15&to=2024-01-15", "from=2024-02-12&to=2024-02-12", "from=2024-03-05", "to=2023-12-31"]:
        assert api.events(home, empty) == []
    assert api.events(home, "from=2024-02-13&to=2024-02-14") == [series]
    assert api.events(home, "q=특별&from=2024-01-01") == [series]


def test_a_series_is_listed_where_an_occurrence_was_moved_before_its_first(api: Api, home: str) -> None:
    moved = {"rrule": "FREQ=DAILY", "overrides": {"2024-06-02": {"event_date": "2024-05-01"}}}
    series = api.event(home, event_date="2024-06-01", recurrence=moved)
    assert api.events(home, "from=2024-04-30&to=2024-05-02") == api.events(home, "to=2024-05-02") == [series]
    assert dates(expanded(api, home, "from=2024-04-30&to=2024-06-01")) == ["2024-05-01", "2024-06-01"]
    assert api.events(home, "from=2054-01-01&to=2054-01-31") == [series]


def test_expanded_every_occurrence_is_an_event(api: Api, home: str) -> None:
    series = series_in(api, home)
    single = api.event(home, id=uuid(9), title="점심", event_date="2024-01-29")
    found = expanded(api, home)
    assert dates(found) == sorted([*(f"2024-{day}" for day in ALL), "2024-01-29"])
    assert [one for one in found if "occurrence_of" not in one] == [single]
    moved = next(one for one in found if one["event_date"] == "2024-02-14")
    assert moved["occurrence_of"] == {"id": series["id"], "date": "2024-02-12"}
    assert (moved["id"], moved["version"], moved["recurrence"]) == (series["id"], 1, None)
    assert (moved["starts_at"], moved["time"]) == ("2024-02-14T08:00:00.000Z", "오후 5시~6시")
    assert [one["title"] for one in expanded(api, home, f"{YEAR}&q=특")] == ["특별"]


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_occurrences_come_in_pages(api: Api, home: str, limit: int) -> None:
    for number in range(3):
        series_in(api, home, id=uuid(20 + number))
    api.event(home, event_date="2024-01-22")
    path: str | None = f"/api/events/{home}?{YEAR}&expand=true&limit={limit}"
    found: list[Json] = []
    while path is not None:
        answer = api.get(path)
        page = json_of(answer)
        assert len(page) <= limit
        found += page
        link = re.fullmatch(r'<http://localhost(.+)>; rel="next"', answer.headers.get("Link", ""))
        path = link[1] if link else None
    assert found == expanded(api, home)
    assert len(found) == 28


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("expand=true", {"/from": "required"}),
        ("expand=true&from=2024-01-01", {"/to": "required"}),
        ("expand=true&from=2024-01-01&to=2025-02-04", {"/to": "span"}),
        ("expand=perhaps", {"/expand": "boolean"}),
    ],
)
def test_what_cannot_be_expanded_is_refused(api: Api, home: str, query: str, expected: dict[str, str]) -> None:
    assert faults_of(api.get(f"/api/events/{home}?{query}")) == expected
    assert api.get(f"/api/events/{home}?expand=true&from=2024-01-01&to=2025-02-03").status_code == 200


def test_an_edit_of_this_one_is_an_override(api: Api, home: str) -> None:
    path = f"/api/events/{series_in(api, home)['id']}?scope=this&date=2024-01-29"
    shown = next(one for one in expanded(api, home) if one["event_date"] == "2024-01-29")
    answer = api.put(path, {**shown, "title": "바뀜", "start_time": "16:00", "end_time": "17:00"}, If_Match='"1"')
    assert (answer.status_code, json_of(answer)["version"]) == (200, 2)
    override = {"title": "바뀜", "start_time": "16:00", "end_time": "17:00", "time": "16:00~17:00"}
    assert json_of(answer)["recurrence"]["overrides"] == {**kept_overrides(api), "2024-01-29": override}
    assert dates(expanded(api, home)) == [f"2024-{day}" for day in ALL]
    # Said again, it changes nothing; said as the series has it, the override is gone.
    assert json_of(api.put(path, {"title": "바뀜"}))["version"] == 2
    undone = json_of(api.put(path, {"title": "주간 회의", "time": "오후 2시~3시"}))
    assert undone["recurrence"]["overrides"] == kept_overrides(api)


def kept_overrides(api: Api) -> Json:
    moved = {"event_date": "2024-02-14", "end_date": "2024-02-14"}
    times = {"start_time": "17:00", "end_time": "18:00", "time": "오후 5시~6시"}
    return {"2024-01-22": {"title": "특별"}, "2024-02-12": {**moved, **times}}


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("scope=this", {}, {"/date": "required"}),
        ("scope=some&date=2024-01-08", {}, {"/scope": "scope"}),
        ("scope=this&date=soon", {}, {"/date": "date"}),
        ("scope=this&date=2024-01-09", {}, {"/date": "occurrence"}),
        ("scope=following&date=2024-01-15", {"title": "가"}, {"/date": "occurrence"}),
        ("scope=all&date=2024-03-11", {}, {"/date": "occurrence"}),
        ("scope=this&date=2024-01-08", {"timezone": "UTC"}, {"/timezone": "scope"}),
        ("scope=this&date=2024-01-08", {"recurrence": {"rrule": "FREQ=DAILY"}}, {"/recurrence": "scope"}),
        ("scope=this&date=2024-01-08", {"title": "", "end_date": "x"}, {"/title": "required", "/end_date": "date"}),
        ("scope=this&date=2024-01-08", {"end_date": "2024-01-07"}, {"/end_date": "order"}),
    ],
)
def test_a_part_that_is_none_is_refused(api: Api, home: str, query: str, body: Json, expected: dict[str, str]) -> None:
    series = series_in(api, home)
    assert faults_of(api.put(f"/api/events/{series['id']}?{query}", body)) == expected
    assert api.events(home) == [series]
    if "date" in expected:
        assert faults_of(api.delete(f"/api/events/{series['id']}?{query}")) == expected


def test_following_ends_the_series_and_begins_another(api: Api, home: str) -> None:
    series = series_in(api, home)
    before = api.changes(home, "since=latest")["position"]
    path = f"/api/events/{series['id']}?scope=following&date=2024-02-05"
    answer = api.put(path, {"title": "새 회의"}, Idempotency_Key="k1", X_Actor="Mina")
    assert answer.status_code == 201
    tail = json_of(answer)
    assert answer.headers["Location"].endswith(f"/api/events/{home}/{tail['id']}")
    past = json_of(api.get(f"/api/events/{home}/{series['id']}"))
    assert past == {**past, **{name: series[name] for name in series if name not in CHANGED}}
    assert past["recurrence"]["rrule"] == "FREQ=WEEKLY;BYDAY=MO;UNTIL=20240204"
    assert (past["recurrence"]["exdates"], list(past["recurrence"]["overrides"])) == (["2024-01-15"], ["2024-01-22"])
    assert (tail["event_date"], tail["version"], tail["created_by"]) == ("2024-02-05", 1, "Mina")
    assert tail["recurrence"] == {
        "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=5",
        "exdates": [],
        "overrides": {"2024-02-12": kept_overrides(api)["2024-02-12"]},
    }
    entries = api.changes(home, f"since={before}")["changes"]
    assert [(one["op"], one["id"], one["mutation_id"]) for one in entries] == [
        ("updated", series["id"], "k1"),
        ("created", tail["id"], "k1"),
    ]
    again = api.put(path, {"title": "새 회의"}, Idempotency_Key="k1", X_Actor="Mina")
    assert (again.status_code, json_of(again), again.headers["Idempotency-Replayed"]) == (201, tail, "true")
    assert len(api.events(home)) == 2


CHANGED: Final = {"recurrence", "version", "last_modified", "updated_by", "device_id"}


def test_following_moves_and_keeps_what_others_said_of_its_dates(api: Api, home: str) -> None:
    series = series_in(api, home)
    path = f"/api/events/{series['id']}?scope=following&date=2024-01-22"
    shown = next(one for one in expanded(api, home) if one["event_date"] == "2024-01-22")
    tail = json_of(api.put(path, {**shown, "event_date": "2024-01-24", "end_date": "2024-01-24"}))
    assert tail["recurrence"]["rrule"] == "FREQ=WEEKLY;BYDAY=WE;COUNT=7"
    assert (tail["title"], tail["recurrence"]["overrides"]["2024-01-24"]) == ("주간 회의", {"title": "특별"})
    found = expanded(api, home)
    assert dates(found) == ["2024-01-01", "2024-01-08", *(f"2024-{day}" for day in MOVED)]
    assert [one["title"] for one in found].count("특별") == 1


MOVED: Final = ["01-24", "01-31", "02-07", "02-16", "02-21", "02-28", "03-06"]


def test_from_the_first_on_and_all_are_the_series_itself(api: Api, home: str) -> None:
    series = series_in(api, home)
    path = f"/api/events/{series['id']}"
    first = api.put(f"{path}?scope=following&date=2024-01-01", {"location": "3층"})
    assert (first.status_code, json_of(first)["id"]) == (200, series["id"])
    shown = next(one for one in expanded(api, home) if one["event_date"] == "2024-02-05")
    # An occurrence that is sent back, two days later: the series moves by two days, and keeps its rule.
    moved = json_of(api.put(path, {**shown, "event_date": "2024-02-07", "end_date": "2024-02-07"}))
    assert (moved["event_date"], moved["recurrence"]["rrule"]) == ("2024-01-03", "FREQ=WEEKLY;BYDAY=WE;COUNT=10")
    assert dates(expanded(api, home)) == [
        str(date(2024, 1, 1) + (date.fromisoformat(f"2024-{day}") - date(2023, 12, 30))) for day in ALL
    ]
    same = api.put(f"{path}?scope=following&date=2024-02-07", {"title": "주간 회의"})
    assert (same.status_code, json_of(same)["version"], len(api.events(home))) == (200, moved["version"], 1)


def test_what_is_said_of_all_also_holds_for_the_occurrence_it_was_said_of(api: Api, home: str) -> None:
    path = f"/api/events/{series_in(api, home)['id']}?scope=all&date=2024-01-22"
    same = json_of(api.put(path, {"title": "주간 회의"}))
    assert (same["version"], same["title"]) == (2, "주간 회의")
    assert list(same["recurrence"]["overrides"]) == ["2024-02-12"]
    moved = json_of(
        api.put(path.replace("01-22", "02-12"), {"start_time": "09:00", "end_time": "10:00", "location": "3층"})
    )
    assert (moved["version"], moved["time"], moved["location"]) == (3, "09:00~10:00", "3층")
    assert moved["recurrence"]["overrides"] == {"2024-02-12": {"event_date": "2024-02-14", "end_date": "2024-02-14"}}
    assert {one["start_time"] for one in expanded(api, home)} == {"09:00"}


def test_nothing_comes_back_instead_of_itself_or_of_what_is_not_there(api: Api, home: str) -> None:
    series = series_in(api, home)
    path = f"/api/events/{series['id']}/restore"
    assert faults_of(api.post(path, {"version": 1, "instead_of": series["id"]})) == {"/instead_of": "same"}
    assert code_of(api.post(path, {"version": 1, "instead_of": uuid(77)})) == (404, "not-found")
    assert api.events(home) == [series]


def test_deleting_this_following_or_all(api: Api, home: str) -> None:
    series = series_in(api, home)
    path = f"/api/events/{series['id']}"
    assert api.delete(f"{path}?scope=this&date=2024-01-22", If_Match='"1"').status_code == 204
    assert "2024-01-22" not in dates(expanded(api, home))
    assert code_of(api.delete(f"{path}?scope=this&date=2024-01-29", If_Match='"1"')) == (412, "precondition-failed")
    assert api.delete(f"{path}?scope=following&date=2024-02-05").status_code == 204
    assert dates(expanded(api, home)) == ["2024-01-01", "2024-01-08", "2024-01-29"]
    for day in ["2024-01-01", "2024-01-08"]:
        assert api.delete(f"{path}?scope=this&date={day}").status_code == 204
    assert len(api.events(home)) == 1
    assert api.delete(f"{path}?scope=this&date=2024-01-29").status_code == 204
    assert code_of(api.get(f"/api/events/{home}/{series['id']}")) == (404, "not-found")
    assert json_of(api.post(f"{path}/restore", {}))["recurrence"]["exdates"] == [
        "2024-01-01",
        "2024-01-08",
        "2024-01-15",
        "2024-01-22",
    ]
    assert api.delete(f"{path}?scope=all&date=2024-01-29").status_code == 204
    assert api.events(home) == []


def test_a_single_event_is_its_own_only_occurrence(api: Api, home: str) -> None:
    event = api.event(home, event_date="2024-01-15")
    path = f"/api/events/{event['id']}"
    for scope in ("this", "following", "all"):
        answer = api.put(f"{path}?scope={scope}&date=2024-01-15", {"title": f"제목 {scope}"})
        assert (answer.status_code, json_of(answer)["title"]) == (200, f"제목 {scope}")
    assert faults_of(api.put(f"{path}?scope=this&date=2024-01-16", {"title": "가"})) == {"/date": "occurrence"}
    assert api.delete(f"{path}?scope=following&date=2024-01-15").status_code == 204


def test_edits_of_a_series_merge_with_what_others_did(api: Api, home: str) -> None:
    series = series_in(api, home)
    path = f"/api/events/{series['id']}"
    api.patch(path, {"location": "3층"})
    merged = json_of(api.put(f"{path}?scope=this&date=2024-01-08", {"title": "가", "base_version": 1}))
    assert (merged["location"], merged["recurrence"]["overrides"]["2024-01-08"]) == ("3층", {"title": "가"})
    assert merged["merged"] == {"base_version": 1, "kept": ["location"], "applied": ["recurrence"]}
    clash = api.put(f"{path}?scope=this&date=2024-01-29", {"title": "나", "base_version": 1})
    assert code_of(clash) == (409, "conflict")
    assert [one["field"] for one in json_of(clash)["conflicts"]] == ["recurrence"]
    tail = json_of(api.put(f"{path}?scope=following&date=2024-02-05", {"title": "다", "base_version": 1}))
    assert (tail["title"], tail["location"], tail["merged"]["kept"]) == ("다", "3층", ["recurrence", "location"])
    assert api.delete(path).status_code == 204
    gone = api.put(f"{path}?scope=this&date=2024-01-08", {"title": "라", "base_version": 1})
    assert (code_of(gone), json_of(gone)["current"]) == ((409, "conflict"), None)


def test_what_does_not_recur_is_as_it_was(api: Api, home: str) -> None:
    """Titles of the old data say `매주`; nothing makes series of them."""
    old = api.event(home, title="매주 월요일 회의", event_date="2024-01-15")
    assert old["recurrence"] is None
    assert api.events(home, "from=2024-01-22") == []
    assert expanded(api, home) == api.events(home, YEAR) == [old]


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.sampled_from(
        [
            "FREQ=DAILY;COUNT=20",
            "FREQ=WEEKLY;BYDAY=MO,WE,FR",
            "FREQ=MONTHLY;BYDAY=-1FR,2TU;UNTIL=20240901",
            "FREQ=DAILY;INTERVAL=3",
        ]
    ),
    st.sets(st.integers(1, 12), max_size=3),
    st.dictionaries(
        st.integers(0, 12),
        st.sampled_from(
            [{"title": "다름"}, {"start_time": "18:00"}, {"location": None, "tags": ["가"]}, {"move": 2}, {"move": -3}]
        ),
        max_size=4,
    ),
    st.integers(1, 12),
    st.sampled_from(
        [{"title": "새 제목"}, {"start_time": "09:00"}, {"event_date": 1}, {"location": "옥상", "time": "종일"}]
    ),
)
def test_following_leaves_the_past_as_it_was_and_undo_brings_all_of_it_back(
    rule: str, gone: set[int], different: dict[int, Json], cut: int, edit: Json
) -> None:
    with serving() as api:
        home = api.department(id=uuid(1))["id"]
        start = {"event_date": "2024-01-01", "time": "오후 2시~3시", "location": "1층"}
        plain = api.event(home, id=uuid(2), **start, recurrence={"rrule": rule})
        days = dates(expanded(api, home))
        exdates = [days[number] for number in gone if number < len(days) and number != cut]
        overrides = {
            days[number]: moved(days[number], each) for number, each in different.items() if number < len(days)
        }
        recurrence = {"rrule": rule, "exdates": exdates, "overrides": overrides}
        series = json_of(api.put(f"/api/events/{plain['id']}", {"recurrence": recurrence}))
        whole = expanded(api, home)
        day = days[min(cut, len(days) - 1)]
        if day in exdates:
            return
        shown = next(one for one in whole if one["occurrence_of"]["date"] == day)
        sent = (
            {"event_date": str(date.fromisoformat(shown["event_date"]) + timedelta(days=1))}
            if "event_date" in edit
            else edit
        )

        answer = api.put(f"/api/events/{series['id']}?scope=following&date={day}", sent)
        after = expanded(api, home)
        if answer.status_code == 200:  # it said what the occurrence says already, or nothing was left before it
            return
        tail = json_of(answer)
        past = [one for one in after if one["id"] == series["id"]]
        assert told(past) == told([one for one in whole if one["occurrence_of"]["date"] < day])
        future = [one for one in after if one["id"] == tail["id"]]
        assert len(future) >= len([one for one in whole if one["occurrence_of"]["date"] >= day]) - 1

        undo = {"version": series["version"], "instead_of": tail["id"]}
        position = api.changes(home, "since=latest")["position"]
        restored = api.post(f"/api/events/{series['id']}/restore", undo)
        assert (restored.status_code, json_of(restored)["recurrence"]) == (200, series["recurrence"])
        assert told(expanded(api, home)) == told(whole)
        assert [one["op"] for one in api.changes(home, f"since={position}")["changes"]] == ["deleted", "updated"]


def moved(day: str, change: Json) -> Json:
    if "move" not in change:
        return change
    return {"event_date": str(date.fromisoformat(day) + timedelta(days=change["move"]))}


def test_a_series_with_large_overrides_is_refused_before_a_store_is_asked(api: Api, home: str) -> None:
    overrides = {str(date(2024, 1, 1) + timedelta(days=n)): {"description": "가" * 20_000} for n in range(2)}
    sent = {"title": "큰", "event_date": "2024-01-01", "recurrence": {"rrule": "FREQ=DAILY", "overrides": overrides}}
    assert faults_of(api.post(f"/api/events/{home}", sent)) == {"/recurrence": "too-long"}
