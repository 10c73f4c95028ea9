"""The shapes of what comes in and goes out."""

import warnings
from typing import Any

import pytest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from backend.domain import departments, events
from backend.domain.changes import Author
from backend.domain.errors import FieldError, Invalid
from backend.schemas.changes import Change, ChangesPage, ChangesQuery
from backend.schemas.departments import DepartmentCreate, DepartmentQuery, DepartmentRead, DepartmentUpdate
from backend.schemas.errors import coded, field_errors
from backend.schemas.events import EventCreate, EventQuery, EventRead, EventUpdate
from backend.schemas.problem import ProblemSchema

AT = "2024-01-01T00:00:00.000Z"
BODIES: list[type[Schema]] = [EventCreate, EventUpdate, DepartmentCreate, DepartmentUpdate]
SHOWN: list[type[Schema]] = [EventRead, DepartmentRead, Change, ChangesPage, ProblemSchema]
EVENT = {"title": "회의", "event_date": "2024-01-15"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def faults(schema: type[Schema], sent: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        schema().load(sent)
    return {fault.pointer: fault.code for fault in field_errors({"json": caught.value.messages}, "json")}


def components() -> dict[str, Any]:
    spec = APISpec("Dayroom", "1", "3.1.0", plugins=[MarshmallowPlugin()])
    schemas: list[type[Schema]] = [*BODIES, *SHOWN, EventQuery, DepartmentQuery, ChangesQuery]
    for schema in schemas:
        name = schema.__name__.removesuffix("Schema")
        if name not in spec.components.schemas:
            spec.components.schema(name, schema=schema)
    described: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    return described


# Bodies


def test_only_what_was_sent_is_loaded() -> None:
    assert EventUpdate().load({"title": " 회의 "}) == {"title": "회의"}
    assert EventUpdate().load({}) == {}
    assert DepartmentUpdate().load({"color": None}) == {"color": None}


def test_every_writable_member_can_be_sent() -> None:
    full = {
        **EVENT,
        "end_date": "2024-01-16",
        "start_time": "14:00",
        "end_time": "24:00",
        "time": " 오후 2:00",
        "timezone": "UTC",
        "recurrence": {"rrule": "FREQ=DAILY", "exdates": [], "overrides": {}},
        "description": "a\nb",
        "location": "본사",
        "url": "https://example.com",
        "color": "#123456",
        "category": "연구",
        "tags": ["a", "b"],
    }
    assert full.keys() == set(events.WRITABLE)
    assert EventCreate().load(full) == full
    assert EventUpdate().load(full) == full
    department = {"name": "a", "description": "b", "color": "#123456", "timezone": "UTC"}
    assert department.keys() == set(departments.WRITABLE)
    assert DepartmentCreate().load(department) == DepartmentUpdate().load(department) == department


@pytest.mark.parametrize(
    ("create", "update", "entity"),
    [
        (
            EventCreate,
            EventUpdate,
            events.create(
                EVENT,
                id="0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10",
                department_id="D",
                timezone="UTC",
                at=AT,
                author=Author("a"),
            ),
        ),
        (
            DepartmentCreate,
            DepartmentUpdate,
            departments.create({"name": "a"}, id="0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10", timezone="UTC", at=AT),
        ),
    ],
)
def test_what_was_received_can_be_sent_back(create: type[Schema], update: type[Schema], entity: dict[str, Any]) -> None:
    received = {**entity, "change": {"seq": 1}, "merged": None, "scope": "all"}
    assert set(update().load(received)) <= set(entity) - {"id", "version"}
    assert create().load(received)["id"] == entity["id"]


@pytest.mark.parametrize(
    ("schema", "sent", "expected"),
    [
        (EventCreate, {}, {"/title": "required", "/event_date": "required"}),
        (EventCreate, {**EVENT, "title": None}, {"/title": "required"}),
        (EventUpdate, {"title": None, "event_date": None}, {"/title": "required", "/event_date": "required"}),
        (EventUpdate, {"title": ""}, {"/title": "required"}),
        (EventUpdate, {"title": 1}, {"/title": "type"}),
        (EventUpdate, {"title": True}, {"/title": "type"}),
        (EventUpdate, {"title": ["a"]}, {"/title": "type"}),
        (EventUpdate, {"event_date": 20240115}, {"/event_date": "date"}),
        (EventUpdate, {"start_time": 9.5}, {"/start_time": "time"}),
        (EventUpdate, {"tags": "a"}, {"/tags": "type"}),
        (EventUpdate, {"tags": {"0": "a"}}, {"/tags": "type"}),
        (EventUpdate, {"tags": ["a", "b", "c", 3]}, {"/tags/3": "type"}),
        (EventUpdate, {"tags": [*map(str, range(20)), ""]}, {"/tags": "too-many", "/tags/20": "required"}),
        (EventUpdate, {"recurrence": {"rrule": "FREQ=HOURLY"}}, {"/recurrence/rrule": "too-often"}),
        (
            EventUpdate,
            {"recurrence": {"rrule": "FREQ=DAILY", "overrides": {"2024-01-15": {"tags": ["a", 3]}}}},
            {"/recurrence/overrides/2024-01-15/tags/1": "type"},
        ),
        (EventUpdate, {"recurrence": {"rrule": "FREQ=DAILY", "a/b": 1}}, {"/recurrence/a~1b": "unknown"}),
        (EventUpdate, {"colour": "#fff", "a/b~c": 1}, {"/colour": "unknown", "/a~1b~0c": "unknown"}),
        (EventUpdate, {"json": 1, "_schema": 1}, {"/json": "unknown", "": "unknown"}),
        (EventUpdate, [], {"": "type"}),
        (EventUpdate, "a", {"": "type"}),
        (EventUpdate, None, {"": "type"}),
        (EventCreate, {**EVENT, "id": "7"}, {"/id": "uuid"}),
        (EventCreate, {**EVENT, "id": 7}, {"/id": "uuid"}),
        (DepartmentCreate, {"color": "red"}, {"/name": "required", "/color": "color"}),
        (DepartmentCreate, {"name": "a", "id": "7", "title": "b"}, {"/id": "uuid", "/title": "unknown"}),
        (DepartmentUpdate, {"name": None, "timezone": 9}, {"/name": "required", "/timezone": "timezone"}),
    ],
)
def test_every_fault_has_its_place_and_code(schema: type[Schema], sent: Any, expected: dict[str, str]) -> None:
    assert faults(schema, sent) == expected


@given(st.dictionaries(st.sampled_from([*events.WRITABLE, "id", "nope"]), json_values))
def test_whatever_comes_is_loaded_or_refused_with_codes(sent: dict[str, Any]) -> None:
    try:
        EventCreate().load(sent)
    except ValidationError as error:
        found = field_errors({"json": error.messages}, "json")
        assert found
        assert all(fault.code != "invalid" and fault.detail for fault in found)
        assert all(fault.pointer.split("/")[1] in {*sent, "title", "event_date"} for fault in found)


@given(st.dictionaries(st.sampled_from(events.WRITABLE), json_values))
def test_the_schema_and_the_domain_refuse_the_same(sent: dict[str, Any]) -> None:
    event = events.create(EVENT, id="E", department_id="D", timezone="UTC", at=AT, author=Author())

    def update(fields: dict[str, Any]) -> set[str]:
        try:
            events.update(event, fields, at=AT, author=Author())
        except Invalid as invalid:
            return {fault.pointer for fault in invalid.errors if fault.code not in {"order", "span"}}
        return set()

    try:
        loaded = EventUpdate().load(sent)
    except ValidationError as error:
        assert {fault.pointer for fault in field_errors({"json": error.messages}, "json")} <= update(sent)
    else:
        assert update(loaded) == update(sent)


def test_the_members_of_a_domain_error_keep_their_places() -> None:
    invalid = Invalid([FieldError("", "a", "all"), FieldError("/3", "b", "three"), FieldError("/x", "c", "x: y")])
    assert field_errors({"tags": coded(invalid).messages}) == [
        FieldError("/tags", "a", "all"),
        FieldError("/tags/3", "b", "three"),
        FieldError("/tags/x", "c", "x: y"),
    ]


def test_a_message_without_a_code_is_told_all_the_same() -> None:
    assert field_errors({"a": ["Not a thing."]}) == [FieldError("/a", "invalid", "Not a thing.")]


# Queries


def test_a_query_is_read_under_the_names_it_has() -> None:
    sent = {"from": "2024-01-01", "to": "2024-01-01", "q": " 회의", "limit": "5000", "cursor": "abc", "else": "x"}
    assert EventQuery().load(sent) == {
        "from": "2024-01-01",
        "to": "2024-01-01",
        "q": " 회의",
        "limit": 5000,
        "cursor": "abc",
    }
    assert EventQuery().load({}) == {}


@pytest.mark.parametrize("limit", ["0", "5001", "-1", "+5", " 5", "5.0", "1e3", "", "five", "٥", "9" * 5000])
def test_a_limit_is_a_number_from_1_to_5000(limit: str) -> None:
    assert faults(EventQuery, {"limit": limit}) == {"/limit": "limit"}
    assert faults(ChangesQuery, {"limit": limit}) == {"/limit": "limit"}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"from": "yesterday"}, {"/from": "date"}),
        ({"to": "2024-02-30"}, {"/to": "date"}),
        ({"from": "2024-01-02", "to": "2024-01-01"}, {"/to": "order"}),
        ({"q": "a" * 201}, {"/q": "too-long"}),
        ({"q": "a\x00"}, {"/q": "characters"}),
        ({"from": "x", "limit": "x"}, {"/from": "date", "/limit": "limit"}),
    ],
)
def test_every_fault_of_a_query_has_its_place_and_code(sent: dict[str, str], expected: dict[str, str]) -> None:
    assert faults(EventQuery, sent) == expected


# What is sent


def test_the_declared_members_are_those_that_are_sent() -> None:
    assert set(EventRead().fields) - EventRead.SOMETIMES == set(events.MEMBERS)
    assert set(DepartmentRead().fields) - DepartmentRead.SOMETIMES == set(departments.MEMBERS)


def test_entities_are_sent_as_they_are() -> None:
    event = {"id": "E", "later": 1}
    assert EventRead().dump(event) is event
    assert EventRead(many=True).dump([event]) == [event]


# The OpenAPI document


def test_schemas_are_described_without_alternatives_of_null() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        described = str(components())
    assert "oneOf" not in described
    assert "anyOf" not in described
    assert "nullable" not in described


def test_what_is_sent_is_declared_as_always_there() -> None:
    described = components()
    assert set(described["EventRead"]["required"]) == set(events.MEMBERS)
    assert "snapshot" not in described["ChangesPage"]["required"]
    assert set(described["Problem"]["required"]) == {"type", "title", "status", "code", "request_id"}
    assert "additionalProperties" not in described["EventRead"]


def test_what_is_read_is_declared_with_its_types_and_limits() -> None:
    event = components()["EventCreate"]
    assert event["required"] == ["event_date", "title"]
    assert event["additionalProperties"] is False
    assert event["properties"]["title"]["type"] == "string"
    assert event["properties"]["title"]["maxLength"] == 200
    assert event["properties"]["end_date"]["type"] == ["string", "null"]
    assert event["properties"]["tags"]["type"] == ["array", "null"]
    assert event["properties"]["tags"]["items"]["maxLength"] == 50
    assert "required" not in components()["EventUpdate"]
    assert components()["EventQuery"]["properties"].keys() == {"from", "to", "q", "expand", "limit", "cursor"}
