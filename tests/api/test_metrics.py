"""Operators see what the server does, by routes and codes and never by addresses."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from tests.in_process import Api


def measured(api: Api) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(api.client.get("/metrics").get_data(as_text=True))
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def value(api: Api, name: str, **labels: str) -> float:
    return measured(api).get((name, frozenset(labels.items())), 0.0)


def test_requests_are_counted_by_their_route(api: Api, home: str) -> None:
    route = {"method": "GET", "route": "/api/departments/<string:id>", "status": "200"}
    before = value(api, "dayroom_requests_total", **route)
    api.get(f"/api/departments/{home}")
    assert value(api, "dayroom_requests_total", **route) == before + 1
    assert home not in str(measured(api))


def test_writes_are_counted_once_and_only_where_something_changed(api: Api, home: str) -> None:
    event = api.event(home)
    written = {"type": "event", "op": "updated"}
    api.put(f"/api/events/{event['id']}", {"title": "다른 제목"})
    api.put(f"/api/events/{event['id']}", {"title": "다른 제목"})
    assert value(api, "dayroom_writes_total", **written) == 1


def test_conflicts_and_resets_are_counted_by_their_codes(api: Api, home: str) -> None:
    event = api.event(home)
    api.put(f"/api/events/{event['id']}", {"title": "나"}, if_match='"7"')
    api.get(f"/api/departments/{home}/changes?since=0000:5")
    assert value(api, "dayroom_problems_total", code="precondition-failed") == 1
    assert value(api, "dayroom_problems_total", code="position-expired") == 1


def test_an_unknown_address_is_no_label_of_its_own(api: Api) -> None:
    api.get("/nowhere/at/all")
    assert value(api, "dayroom_requests_total", method="GET", route="none", status="404") == 1
