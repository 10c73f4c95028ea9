"""Departments: how they are made, changed, kept and told apart."""

from typing import Any
from unicodedata import normalize

import pytest

from backend.domain import departments
from backend.domain.errors import Invalid

AT = "2024-01-01T00:00:00.000Z"
LATER = "2024-02-02T00:00:00.000Z"


def created(**fields: Any) -> dict[str, Any]:
    return departments.create({"name": "개발팀", **fields}, id="D", timezone="Asia/Seoul", at=AT)


def updated(department: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return departments.update(department, fields, at=LATER, timezone="Asia/Seoul")


def test_a_new_department_has_every_member_in_its_order() -> None:
    department = created(description="", color="#FFF")
    assert tuple(department) == departments.MEMBERS
    assert department == {
        "id": "D",
        "name": "개발팀",
        "description": None,
        "color": "#ffffff",
        "timezone": "Asia/Seoul",
        "created_at": AT,
        "updated_at": AT,
        "version": 1,
    }


def test_its_name_is_composed_and_trimmed() -> None:
    assert created(name=f" {normalize('NFD', '품질관리(QA)')} ")["name"] == "품질관리(QA)"


def test_a_migration_keeps_the_timestamps_of_before() -> None:
    old = "2020-01-01T00:00:00.000Z"
    made = departments.create({"name": "a"}, id="D", timezone="UTC", at=AT, created_at=old)
    assert (made["created_at"], made["updated_at"]) == (old, old)
    made = departments.create({"name": "a"}, id="D", timezone="UTC", at=AT, created_at=old, updated_at=LATER)
    assert (made["created_at"], made["updated_at"]) == (old, LATER)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": ""}, {"/name": "required"}),
        ({"name": None}, {"/name": "required"}),
        ({"name": "가" * 201}, {"/name": "too-long"}),
        ({"name": "a\nb"}, {"/name": "characters"}),
        ({"name": 3}, {"/name": "type"}),
        ({"description": "가" * 20_001}, {"/description": "too-long"}),
        (
            {"name": " ", "color": "red", "timezone": "KST", "description": 3},
            {"/name": "required", "/color": "color", "/timezone": "timezone", "/description": "type"},
        ),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(fields: dict[str, Any], expected: dict[str, str]) -> None:
    for call in (created, lambda **sent: updated(created(), **sent)):
        with pytest.raises(Invalid) as caught:
            call(**fields)
        assert {fault.pointer: fault.code for fault in caught.value.errors} == expected


def test_a_name_is_required_beside_whatever_else_is_wrong() -> None:
    with pytest.raises(Invalid) as caught:
        departments.create({"color": "red"}, id="D", timezone="UTC", at=AT)
    assert [(fault.pointer, fault.code) for fault in caught.value.errors] == [
        ("/color", "color"),
        ("/name", "required"),
    ]


def test_a_name_of_200_characters_is_possible() -> None:
    assert len(created(name="🔧" * 200)["name"]) == 200


def test_a_change_is_the_next_version() -> None:
    department = created(description="본사 3층")
    assert updated(department, name="연구팀", description=None) == {
        **department,
        "name": "연구팀",
        "description": None,
        "updated_at": LATER,
        "version": 2,
    }
    assert department["version"] == 1


@pytest.mark.parametrize(
    "fields",
    [{}, {"name": normalize("NFD", " 개발팀 ")}, {"description": ""}, {"timezone": None}, {"version": 9, "id": "x"}],
)
def test_what_changes_nothing_is_the_same_department(fields: dict[str, Any]) -> None:
    department = created()
    assert updated(department, **fields) is department


def test_a_department_that_comes_back_whole_changes_nothing() -> None:
    department = created(color="#123456", timezone="UTC")
    assert updated(department, **department) is department


def test_a_change_of_case_in_the_name_is_a_change() -> None:
    assert updated(created(name="qa"), name="QA")["version"] == 2


def test_a_cleared_zone_is_the_default_again() -> None:
    assert updated(created(timezone="UTC"), timezone=None)["timezone"] == "Asia/Seoul"


def test_read_only_members_that_come_back_mean_nothing() -> None:
    assert created(**dict.fromkeys(departments.IGNORED, "x")) == created()


@pytest.mark.parametrize("fields", [{}, {"description": "내선 1234", "color": "#abcdef", "timezone": "UTC"}])
def test_a_department_comes_back_from_its_row_as_it_was(fields: dict[str, Any]) -> None:
    department = created(**fields)
    row = departments.to_row(department)
    assert None not in row.values()
    back = departments.from_row({**row, "seq": 3})
    assert back == department
    assert tuple(back) == departments.MEMBERS


def test_a_living_department_is_in_the_directory_and_a_deleted_one_in_its_trash() -> None:
    row = departments.to_row(created(name="R&D Center"))
    assert (row["log"], row["name_key"]) == ("directory", "r&d center")
    assert departments.tombstone(created(), at=LATER) == {
        "id": "D",
        "name": "개발팀",
        "version": 2,
        "deleted_at": LATER,
        "trash": "directory",
        "was": created(),
    }


def test_what_is_left_of_a_deleted_department_is_its_name() -> None:
    assert departments.deleted_data(created()) == {"id": "D", "department_id": "D", "name": "개발팀"}


def test_lists_are_sorted_by_name_whatever_its_case() -> None:
    names = ["영업 2팀", "b", "A", "영업 1팀", "a"]
    ordered = sorted((created(name=name) for name in names), key=departments.list_key)
    assert [department["name"] for department in ordered] == ["A", "a", "b", "영업 1팀", "영업 2팀"]
