"""Feeds: secret addresses, read by calendar programs, told apart, revoked, and cheap where nothing changed."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from backend.repositories.purging import purge
from backend.repositories.sqlite import MEMORY, SQLiteDatabase
from backend.repositories.tables import EVENTS, FEEDS, TABLES
from backend.services.backups import examine, move
from tests.calendars.files import bring, vcalendar, vevent
from tests.contract.counting import CountingDatabase, Counts
from tests.in_process import Api, Clock, Json, code_of, faults_of, json_of, made, serving, uuid
from tests.whole.calendars import Silent

SEOUL = ZoneInfo("Asia/Seoul")


def subscribe(api: Api, home: str, **members: object) -> Json:
    return made(api.post(f"/api/departments/{home}/feeds", {"name": "미나의 아이폰", **members}))


def path_of(feed: Json) -> str:
    address: str = feed["address"]
    assert address.startswith("http://localhost/feeds/")
    return address.removeprefix("http://localhost")


def events_in(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_a_feed_has_what_the_department_has(both: Api) -> None:
    home = both.department("영업부", color="#1a73e8")["id"]
    both.event(
        home, title="주간 회의", start_time="14:00", end_time="15:30", location="본사 3층, 회의실", tags=["정기"]
    )
    both.event(home, title="워크숍", event_date="2024-02-01", end_date="2024-02-03")
    answer = both.get(path_of(subscribe(both, home)))
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar: Any = icalendar.Calendar.from_ical(answer.data)
    assert calendar["X-WR-CALNAME"] == "영업부"
    meeting, workshop = events_in(answer.data)
    assert (meeting["SUMMARY"], meeting["LOCATION"]) == ("주간 회의", "본사 3층, 회의실")
    assert meeting["DTSTART"].dt == datetime(2024, 1, 15, 14, tzinfo=SEOUL)
    assert meeting["DTEND"].dt == datetime(2024, 1, 15, 15, 30, tzinfo=SEOUL)
    assert (workshop["DTSTART"].dt, workshop["DTEND"].dt) == (date(2024, 2, 1), date(2024, 2, 4))
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Seoul"]


def test_a_revoked_feed_leads_nowhere_and_the_others_stay(both: Api, clock: Clock) -> None:
    home = both.department()["id"]
    mine = subscribe(both, home)
    clock.advance(minutes=1)
    yours = subscribe(both, home, name="준의 갤럭시")
    assert json_of(both.get(f"/api/departments/{home}/feeds")) == [mine, yours]
    assert both.delete(f"/api/departments/{home}/feeds/{mine['id']}").status_code == 204
    assert code_of(both.get(path_of(mine))) == (404, "not-found")
    assert both.get(path_of(yours)).status_code == 200
    assert code_of(both.delete(f"/api/departments/{home}/feeds/{mine['id']}")) == (404, "not-found")


def test_a_feed_is_made_once_however_often_it_is_asked_for(both: Api) -> None:
    home = both.department()["id"]
    path, body = f"/api/departments/{home}/feeds", {"name": "폰"}
    first, again = (both.post(path, body, Idempotency_Key="k") for _ in range(2))
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    chosen = [both.post(path, {"name": "다른 폰", "id": uuid(7)}) for _ in range(2)]
    assert [answer.status_code for answer in chosen] == [201, 200]
    assert chosen[0].json == chosen[1].json
    assert code_of(both.post(path, {"name": "또 다른 폰", "id": uuid(7)})) == (409, "id-taken")
    assert len(json_of(both.get(path))) == 2


def test_making_reading_and_revoking_feeds_is_no_change_of_the_calendar(both: Api) -> None:
    home = both.department()["id"]
    before = both.changes(home, "since=latest")
    feed = subscribe(both, home)
    both.get(path_of(feed))
    both.delete(f"/api/departments/{home}/feeds/{feed['id']}")
    assert both.changes(home, "since=latest") == before


def test_a_deleted_departments_feeds_lead_nowhere_until_it_is_restored(both: Api) -> None:
    home = both.department()["id"]
    feed = subscribe(both, home)
    tag = both.get(path_of(feed)).headers["ETag"]
    both.delete(f"/api/departments/{home}")
    assert both.get(path_of(feed), If_None_Match=tag).status_code == 404
    assert both.get(f"/api/departments/{home}/feeds").status_code == 404
    assert both.post(f"/api/departments/{home}/feeds", {"name": "폰"}).status_code == 404
    both.post(f"/api/departments/{home}/restore")
    assert both.get(path_of(feed), If_None_Match=tag).status_code == 200


def test_nothing_is_sent_again_where_nothing_has_changed(api: Api, home: str, clock: Clock) -> None:
    event = api.event(home)
    path = path_of(subscribe(api, home))
    clock.advance(minutes=1)
    first = api.get(path)
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    assert (api.get(path, If_None_Match=tag).status_code, api.get(path, If_None_Match=tag).data) == (304, b"")
    assert api.get(path, If_Modified_Since=since).status_code == 304
    clock.advance(minutes=1)
    api.patch(f"/api/events/{event['id']}", {"title": "새 제목"})
    changed = api.get(path, If_None_Match=tag)
    assert changed.status_code == 200
    assert "새 제목" in changed.text
    assert "Last-Modified" not in changed.headers, "something else may still happen within this second"
    assert api.get(path, If_Modified_Since=since).status_code == 200
    late = "Fri, 01 Jan 2100 00:00:00 GMT"
    assert api.get(path, If_None_Match=tag, If_Modified_Since=late).status_code == 200, "tags come before dates"


def test_a_department_that_is_renamed_changes_its_feeds(api: Api, home: str) -> None:
    path = path_of(subscribe(api, home))
    tag = api.get(path).headers["ETag"]
    api.patch(f"/api/departments/{home}", {"name": "해외영업부"})
    renamed = api.get(path, If_None_Match=tag)
    assert renamed.status_code == 200
    assert "X-WR-CALNAME:해외영업부" in renamed.text


def test_asking_in_vain_reads_no_event(clock: Clock) -> None:
    counted = CountingDatabase(SQLiteDatabase(MEMORY))
    with serving(counted, clock) as api:
        home = api.department()["id"]
        for _ in range(3):
            api.event(home)
        path = path_of(subscribe(api, home))
        tag = api.get(path).headers["ETag"]
        counted.reset()
        assert api.get(path, If_None_Match=tag).status_code == 304
        assert counted.reset() == Counts(gets=4)


def test_busy_tells_only_when(api: Api, home: str) -> None:
    secret = {"title": "합병 협상", "location": "비밀 장소", "description": "극비", "url": "https://secret.example"}
    marks = {"category": "인수", "tags": ["은밀"], "color": "#ff0000", "time": "오후 2:00"}
    override = {"2024-01-22": {"title": "최종 합병", "event_date": "2024-01-23"}}
    api.event(home, **secret, **marks, recurrence={"rrule": "FREQ=WEEKLY;COUNT=5", "overrides": override})
    text = api.get(path_of(subscribe(api, home, busy_only=True))).text
    for word in ("합병", "비밀", "극비", "secret", "인수", "은밀", "red", "오후", "ff0000"):
        assert word not in text
    found = events_in(text.encode())
    assert [str(event["SUMMARY"]) for event in found] == ["바쁨", "바쁨"]
    assert found[1]["DTSTART"].dt == datetime(2024, 1, 23, 14, tzinfo=SEOUL)
    english = api.get(path_of(subscribe(api, home, busy_only=True, language="en"))).text
    assert english.count("SUMMARY:Busy") == 2


def test_the_last_use_is_known_to_the_hour(api: Api, home: str, clock: Clock) -> None:
    feed = subscribe(api, home)
    one = f"/api/departments/{home}/feeds/{feed['id']}"
    assert (feed["last_used_at"], feed["last_client"]) == (None, None)
    api.get(path_of(feed), User_Agent="iOS/18 dataaccessd/1.0")
    first = json_of(api.get(one))
    assert (first["last_used_at"], first["last_client"]) == ("2024-01-15T00:00:00.000Z", "iOS/18 dataaccessd/1.0")
    clock.advance(minutes=59)
    api.get(path_of(feed), User_Agent="other")
    assert json_of(api.get(one)) == first
    clock.advance(minutes=1)
    api.get(path_of(feed), User_Agent="other")
    assert json_of(api.get(one))["last_used_at"] == "2024-01-15T01:00:00.000Z"


def test_a_feed_begins_a_year_ago(api: Api, home: str) -> None:
    api.event(home, title="오래된 회의", event_date="2022-12-31")
    api.event(home, title="아직 하는 일", event_date="2022-12-31", end_date="2023-01-01")
    api.event(home, title="먼 미래", event_date="2099-01-01")
    text = api.get(path_of(subscribe(api, home))).text
    assert "오래된 회의" not in text
    assert "아직 하는 일" in text
    assert "먼 미래" in text


def test_secrets_are_long_and_stand_in_no_key_and_no_log(
    api: Api, home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    feeds = [subscribe(api, home) for _ in range(2)]
    secrets = [path_of(feed).removeprefix("/feeds/").removesuffix(".ics") for feed in feeds]
    assert all(re.fullmatch(r"[\w-]{32}", secret) for secret in secrets)
    assert secrets[0] != secrets[1]
    api.get(path_of(feeds[0]))
    api.get(path_of(feeds[0])[:-5] + "x.ics")
    keys = [str(FEEDS.key_of(row)) for row in api.dayroom.database.scan(FEEDS)]
    assert len(keys) == 4
    assert not any(secret in text for secret in secrets for text in [*keys, capsys.readouterr().out])


def test_what_makes_no_feed_is_told(api: Api, home: str) -> None:
    path = f"/api/departments/{home}/feeds"
    assert faults_of(api.post(path, {"name": " ", "busy_only": "ja", "language": "fr"})) == {
        "/name": "required",
        "/busy_only": "type",
        "/language": "language",
    }
    assert code_of(api.get("/feeds/nothing.ics")) == (404, "not-found")
    assert code_of(api.get(f"{path}/{uuid(1)}/qr.svg")) == (404, "not-found")


def test_a_department_has_a_hundred_feeds_at_most(api: Api, home: str) -> None:
    for number in range(100):
        subscribe(api, home, name=str(number))
    assert faults_of(api.post(f"/api/departments/{home}/feeds", {"name": "101"})) == {"": "too-many"}


def test_the_address_is_drawn_for_a_camera(api: Api, home: str) -> None:
    feed = subscribe(api, home)
    drawn = api.get(f"/api/departments/{home}/feeds/{feed['id']}/qr.svg")
    assert drawn.content_type == "image/svg+xml; charset=utf-8"
    assert drawn.text.startswith("<svg ")
    assert "script" not in drawn.text


def test_purging_a_department_leaves_nothing_of_its_feeds(api: Api, home: str, clock: Clock) -> None:
    subscribe(api, home)
    api.delete(f"/api/departments/{home}")
    clock.advance(days=31)
    purge(api.dayroom.database, clock())
    assert list(api.dayroom.database.scan(FEEDS)) == []


def test_a_feed_costs_what_has_changed_since_it_was_read_last(clock: Clock) -> None:
    with serving(clock=clock) as api:
        home = api.department()["id"]
        events = [api.event(home, title=f"회의 {number}") for number in range(5)]
        path = path_of(subscribe(api, home))
        assert len(events_in(api.get(path).data)) == 5
        api.delete(f"/api/events/{events[0]['id']}")
        api.patch(f"/api/events/{events[1]['id']}", {"title": "바뀐 회의"})
        again = events_in(api.get(path).data)
        assert sorted(str(event["SUMMARY"]) for event in again) == ["바뀐 회의", "회의 2", "회의 3", "회의 4"]
        assert len([row for row in api.dayroom.database.scan(EVENTS) if "deleted_at" not in row]) == 4


def test_feeds_and_where_events_came_from_go_with_a_copy(both: Api) -> None:
    home = both.department()["id"]
    feed = subscribe(both, home)
    bring(both, home, vcalendar(vevent("SUMMARY:치과", "X-FOO:1")))
    copied = SQLiteDatabase(MEMORY)
    copied.provision(TABLES)
    move(both.dayroom.database, copied, Silent())
    with serving(copied) as there:
        assert json_of(there.get(f"/api/departments/{home}/feeds"))[0]["address"] == feed["address"]
        text = there.get(f"/api/departments/{home}/export").text
        assert "UID:1@elsewhere" in text
        assert "X-FOO:1" in text
        assert list(examine(copied, Silent())) == []
