"""Text: what is kept, what is refused, and when two texts are the same."""

from collections.abc import Callable
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Invalid
from backend.domain.fields import color, day, optional, required, web_address, zone
from backend.domain.ids import new_id, uuid_text
from backend.domain.text import folded, line, name_key, prose, words

NFD = normalize("NFD", "개발팀")


def code_of(reader: Callable[[object], object], value: object) -> str:
    with pytest.raises(Invalid) as caught:
        reader(value)
    return caught.value.errors[0].code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NFD, "개발팀"),
        ("  R&D Center ", "r&d center"),
        ("STRASSE", "Straße"),
        ("\u3000개발팀\u3000", "개발팀"),
        ("İ", "i\u0307"),
    ],
)
def test_names_that_people_hold_for_the_same_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@given(st.text())
def test_a_name_key_is_composed_and_its_own_key(name: str) -> None:
    key = name_key(name)
    assert normalize("NFC", key) == key
    assert name_key(key) == key


def test_names_that_differ_inside_have_different_keys() -> None:
    assert name_key("영업 1팀") != name_key("영업1팀")


@pytest.mark.parametrize("query", ["회의", normalize("NFD", "회의"), "sprint", "SPRINT"])
def test_search_ignores_case_and_composition(query: str) -> None:
    assert folded(query) in folded(normalize("NFD", "Sprint 팀회의실"))


def test_a_line_is_composed_and_trimmed() -> None:
    assert line(f"  {NFD}\u3000", 200) == "개발팀"


def test_words_keep_the_spaces_around_them() -> None:
    assert words(" 오후 2:00 ", 200) == " 오후 2:00 "


def test_prose_keeps_its_lines_as_they_are() -> None:
    assert prose(" a\r\n\tb\n", 20) == " a\r\n\tb\n"


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\x00b", "a\x1bb", "\ud800", "x\udfff"])
def test_a_line_holds_neither_breaks_nor_controls_nor_half_characters(text: str) -> None:
    assert code_of(lambda value: line(value, 200), text) == "characters"


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\x1bb", "\udc00"])
def test_prose_holds_neither_other_controls_nor_half_characters(text: str) -> None:
    assert code_of(lambda value: prose(value, 200), text) == "characters"


@pytest.mark.parametrize("value", [1, True, None, ["a"], {}, 1.5])
def test_only_strings_are_text(value: object) -> None:
    assert code_of(lambda given: line(given, 200), value) == "type"


@pytest.mark.parametrize("text", ["가" * 200, normalize("NFD", "각" * 200), "🔧" * 200, " " * 9 + "a" * 200])
def test_length_is_counted_in_composed_trimmed_code_points(text: str) -> None:
    assert len(line(text, 200)) == 200
    assert code_of(lambda value: line(value, 199), text) == "too-long"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_reading_a_line_again_changes_nothing(text: str) -> None:
    assert line(line(text, 200), 200) == line(text, 200)


def test_blank_is_nothing_where_a_member_is_optional_and_refused_where_it_is_required() -> None:
    for blank in (None, "", "  ", "\u3000"):
        assert optional(web_address)(blank) is None
        assert code_of(required(web_address), blank) == "required"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://127.0.0.1:5000/a?b=1&c=2#d",
        "HTTPS://EXAMPLE.COM/",
        "https://한국.kr/회의",
        "https://[::1]:8443/",
        "https://example.com/" + "a" * 2028,
        "https://meet.example.com/abc-def?x=1&y=2",
    ],
)
def test_web_addresses_are_kept_as_they_are(url: str) -> None:
    assert web_address(f" {url} ") == url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("javascript:alert(1)", "url"),
        ("JaVaScRiPt:alert(1)", "url"),
        ("java\nscript:alert(1)", "characters"),
        ("data:text/html,x", "url"),
        ("ftp://example.com", "url"),
        ("//example.com", "url"),
        ("example.com", "url"),
        ("https://", "url"),
        ("https:///path", "url"),
        ("https://a b.com", "url"),
        ("https://a\u00a0b.com", "url"),
        ("https://example.com:99999", "url"),
        ("https://[::1", "url"),
        ("https://example.com/" + "a" * 2029, "too-long"),
        (5, "type"),
    ],
)
def test_whatever_is_no_web_address_is_refused(url: object, code: str) -> None:
    assert code_of(web_address, url) == code


@pytest.mark.parametrize(("sent", "kept"), [("#1A73E8", "#1a73e8"), ("#abc", "#aabbcc"), (" #FFF ", "#ffffff")])
def test_colours_become_six_lower_case_digits(sent: str, kept: str) -> None:
    assert color(sent) == kept


@pytest.mark.parametrize("sent", ["red", "#12345", "1a73e8", "#gggggg", "#1a73e8ff", "#１２３", 7])
def test_other_colours_are_refused(sent: object) -> None:
    assert code_of(color, sent) == "color"


@pytest.mark.parametrize("sent", ["2024-02-29", "1900-01-01", "9998-12-31"])
def test_dates_that_exist_are_kept(sent: str) -> None:
    assert day(sent) == sent


@pytest.mark.parametrize(
    "sent",
    [
        "2023-02-29",
        "2024-13-01",
        "20240115",
        "2024-W03-1",
        "2024-1-5",
        "1899-12-31",
        "9999-01-01",
        "２０２４-01-15",
        "2024-01-15T00:00:00",
        "내일",
        20240115,
        True,
    ],
)
def test_other_dates_are_refused(sent: object) -> None:
    assert code_of(day, sent) == "date"


@pytest.mark.parametrize("name", ["Asia/Seoul", "UTC", "America/Argentina/Buenos_Aires", "Pacific/Kiritimati"])
def test_time_zones_are_known_by_their_iana_names(name: str) -> None:
    assert zone(name) == name


@pytest.mark.parametrize(
    "name", ["KST", "Asia", "asia/seoul", "+09:00", "../etc/passwd", "/etc/localtime", "localtime", 9]
)
def test_other_time_zones_are_refused(name: object) -> None:
    assert code_of(zone, name) == "timezone"


@pytest.mark.parametrize(
    "sent",
    ["0B0E7F5E-3C1D-4D0E-9A53-7A1C5C1F3A10", "0b0e7f5e3c1d4d0e9a537a1c5c1f3a10"],
)
def test_uuids_become_lower_case_with_hyphens(sent: str) -> None:
    assert uuid_text(sent) == "0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10"


@pytest.mark.parametrize("version", range(9))
def test_uuids_of_any_version_are_ids(version: int) -> None:
    sent = f"0b0e7f5e-3c1d-{version}d0e-9a53-7a1c5c1f3a10"
    assert uuid_text(sent) == sent


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "7",
        7,
        None,
        "{0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10}",
        "urn:uuid:0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10",
        "0b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a1",
        "0b0e7f5e3c1d-4d0e-9a53-7a1c5c1f3a10",
        "０b0e7f5e-3c1d-4d0e-9a53-7a1c5c1f3a10",
    ],
)
def test_other_ids_are_refused_where_they_stand(sent: object) -> None:
    with pytest.raises(Invalid) as caught:
        uuid_text(sent, "/events/3/id")
    assert caught.value.errors[0].pointer == "/events/3/id"


def test_new_ids_are_uuids_and_differ() -> None:
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(uuid_text(one) == one for one in ids)
