"""Public holidays over REST."""

from __future__ import annotations

import pytest

from tests.in_process import Api, faults_of, json_of

HOLIDAYS = "/api/holidays"


def names(api: Api, query: str) -> dict[str, str]:
    answer = api.get(f"{HOLIDAYS}?{query}")
    assert answer.status_code == 200, answer.text
    return {each["date"]: each["name"] for each in json_of(answer)}


def test_korean_holidays_are_told_in_korean_where_nothing_else_is_asked(api: Api) -> None:
    assert names(api, "from=2026-02-01&to=2026-03-02") == {
        "2026-02-16": "설날 전날",
        "2026-02-17": "설날",
        "2026-02-18": "설날 다음날",
        "2026-03-01": "삼일절",
        "2026-03-02": "삼일절 대체 휴일",
    }


def test_both_ends_of_the_range_belong_to_it(api: Api) -> None:
    assert list(names(api, "from=2026-02-17&to=2026-02-17")) == ["2026-02-17"]
    assert names(api, "from=2026-02-19&to=2026-02-28") == {}


def test_names_come_in_english_or_in_the_countrys_own_language(api: Api) -> None:
    assert names(api, "from=2026-02-17&to=2026-02-17&language=en") == {"2026-02-17": "Korean New Year"}
    assert names(api, "from=2026-07-14&to=2026-07-14&country=FR&language=ko") == {"2026-07-14": "Fête nationale"}


def test_a_range_over_new_year_has_both_years(api: Api) -> None:
    assert list(names(api, "from=2025-12-25&to=2026-01-01")) == ["2025-12-25", "2026-01-01"]


def test_years_that_nobody_knows_have_no_holidays(api: Api) -> None:
    assert names(api, "from=1900-01-01&to=1902-12-31") == {}
    assert names(api, "from=9998-01-01&to=9998-12-31") == {}


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("to=2026-01-01", "/from", "required"),
        ("from=2026-01-01", "/to", "required"),
        ("from=2026-13-01&to=2026-12-01", "/from", "date"),
        ("from=2026-01-02&to=2026-01-01", "/to", "order"),
        ("from=2020-01-01&to=2026-01-01", "/to", "span"),
        ("from=2026-01-01&to=2026-01-02&country=korea", "/country", "country"),
        ("from=2026-01-01&to=2026-01-02&country=XX", "/country", "country"),
        ("from=2026-01-01&to=2026-01-02&language=de", "/language", "language"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(api: Api, query: str, pointer: str, code: str) -> None:
    answer = api.get(f"{HOLIDAYS}?{query}")
    assert answer.status_code == 422
    assert faults_of(answer) == {pointer: code}


def test_who_has_the_list_gets_304(api: Api) -> None:
    path = f"{HOLIDAYS}?from=2026-01-01&to=2026-12-31"
    first = api.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=86400"
    again = api.get(path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    other = api.get(f"{path}&language=en", If_None_Match=first.headers["ETag"])
    assert other.status_code == 200


def test_every_country_that_is_listed_has_an_answer(api: Api) -> None:
    codes = [each["code"] for each in json_of(api.get(f"{HOLIDAYS}/countries"))]
    assert {"KR", "JP", "US", "DE"} <= set(codes)
    assert all(len(code) == 2 for code in codes)
    assert codes == sorted(codes)
    for code in codes[::25]:
        names(api, f"from=2026-01-01&to=2026-12-31&country={code}&language=en")
