"""Times of day as people write them."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.times import Understood, understand, write

clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))

STARTS = {
    # Every value that the old data hold
    "14:00": "14:00",
    "09:00": "09:00",
    "오전 9:30": "09:30",
    "23:59": "23:59",
    "오전 10시": "10:00",
    "9:05": "09:05",
    "오전 12:00": "00:00",
    "11:30 am": "11:30",
    "오후 2:00": "14:00",
    "오후 12:30": "12:30",
    "2:00 PM": "14:00",
    "오후 3시 30분": "15:30",
    # Korean
    "오후 2시 반": "14:30",
    "오후2시반": "14:30",
    "오후 2시 정각": "14:00",
    "9시": "09:00",
    "14시": "14:00",
    "14시 5분": "14:05",
    "0시": "00:00",
    "오전 0시 10분": "00:10",
    "오전 12시": "00:00",
    "오후 12시": "12:00",
    "오후 12시 30분": "12:30",
    "오전 12시 30분": "00:30",
    "오후 14:00": "14:00",
    "오후 2": "14:00",
    "새벽 2시": "02:00",
    "새벽 12시 30분": "00:30",
    "아침 8시": "08:00",
    "낮 12시": "12:00",
    "낮 1시": "13:00",
    "저녁 7시": "19:00",
    "저녁 7:15": "19:15",
    "밤 10시": "22:00",
    "정오": "12:00",
    "자정": "00:00",
    # English
    "2pm": "14:00",
    "2 PM": "14:00",
    "2:00pm": "14:00",
    "2:00 p.m.": "14:00",
    "2:00 P.M": "14:00",
    "PM 2:00": "14:00",
    "12 AM": "00:00",
    "12am": "00:00",
    "12:30 AM": "00:30",
    "12 PM": "12:00",
    "noon": "12:00",
    "Midnight": "00:00",
    # What keyboards and programs make of them
    "14:00:00": "14:00",
    "  14:00  ": "14:00",
    "１４：００": "14:00",
    "오후　２：００": "14:00",
    "14:00~": "14:00",
    normalize("NFD", "오후 2시 30분"): "14:30",
}

RANGES = {
    # Every range that the old data hold
    "14:00~15:30": ("14:00", "15:30"),
    "09:30 - 10:30": ("09:30", "10:30"),
    # Both ends say what they are
    "오전 11시~오후 1시": ("11:00", "13:00"),
    "2pm-3:30pm": ("14:00", "15:30"),
    "오후 10시 ~ 새벽 2시": ("22:00", "02:00"),
    "오전 9시부터 오후 6시까지": ("09:00", "18:00"),
    "2pm to 3pm": ("14:00", "15:00"),
    "오전 11시~정오": ("11:00", "12:00"),
    "9시~18시": ("09:00", "18:00"),
    # One end inherits
    "오후 2시~4시": ("14:00", "16:00"),
    "오후 2:00~3:30": ("14:00", "15:30"),
    "오후 2~4시": ("14:00", "16:00"),
    "오후 2시부터 4시까지": ("14:00", "16:00"),
    "오전 10시~12시": ("10:00", "12:00"),
    "오전 11시~1시": ("11:00", "13:00"),
    "오후 10시~2시": ("22:00", "02:00"),
    "오후 11시~12시": ("23:00", "00:00"),
    "오후 2시~16시": ("14:00", "16:00"),
    "오전 9시~18:00": ("09:00", "18:00"),
    "저녁 7시~9시": ("19:00", "21:00"),
    "오후 12시~1:00": ("12:00", "13:00"),
    "오전 9시~22:00": ("09:00", "22:00"),
    "오전 9시~0:30": ("09:00", "00:30"),
    "오후 2시~13:00": ("14:00", "13:00"),
    "0:30~2 am": ("00:30", "02:00"),
    "정오~2시": ("12:00", "14:00"),
    "2–3 pm": ("14:00", "15:00"),
    "2:00-3:30 PM": ("14:00", "15:30"),
    "11-1 pm": ("11:00", "13:00"),
    "09:30~오후 6:00": ("09:30", "18:00"),
    # Over midnight
    "22:00~06:00": ("22:00", "06:00"),
    "22:00~24:00": ("22:00", "00:00"),
    "00:00~24:00": ("00:00", "00:00"),
    "오후 10시~자정": ("22:00", "00:00"),
    "오후 10시~밤 12시": ("22:00", "00:00"),
    # Every tilde and dash
    "１４：００～１５：３０": ("14:00", "15:30"),
    "14:00〜15:30": ("14:00", "15:30"),
    "14:00—15:30": ("14:00", "15:30"),
    "14:00∼15:30": ("14:00", "15:30"),
    "14:00−15:30": ("14:00", "15:30"),
}

WHOLE_DAYS = ["종일", "하루 종일", "하루종일", "온종일", "all day", "All-Day", "ALL DAY", " 종일 "]

WORDS = [
    "",
    " ",
    "미정",
    "추후 공지",
    "오전",
    "pm",
    "14",
    "2-3",
    "2024-01-15",
    "24:00",
    "25:00",
    "14:60",
    "9:5",
    "오전 14:00",  # contradicts itself
    "13 am",
    "am 2 pm",
    "새벽 10시",
    "밤 2시",
    "밤 12시",  # whose midnight, today's or tomorrow's?
    "14:00~15:00~16:00",
    "~15:00",
    "14:00~미정",
    "24:00~02:00",
    "24:30",
    "22:00~24:30",
    "22:00~25:00",
    "오후 2시 75분",
    "점심 먹고 2시",
    "14:00:30",
    "٢:٠٠",
    "오후 25시",
]


@pytest.mark.parametrize(("text", "start"), STARTS.items())
def test_a_start_is_understood(text: str, start: str) -> None:
    assert understand(text) == Understood(start, None, all_day=False)


@pytest.mark.parametrize(("text", "span"), RANGES.items())
def test_a_start_and_an_end_are_understood(text: str, span: tuple[str, str]) -> None:
    assert understand(text) == Understood(*span, all_day=False)


HOURS = {
    "오전": {**{hour: hour for hour in range(12)}, 12: 0},
    "오후": {0: 12, **{hour: hour + 12 for hour in range(1, 12)}, **{hour: hour for hour in range(12, 24)}},
    "새벽": {12: 0, 0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6},
    "아침": {5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 10: 10, 11: 11},
    "낮": {11: 11, 12: 12, 1: 13, 2: 14, 3: 15, 4: 16, 5: 17},
    "저녁": {5: 17, 6: 18, 7: 19, 8: 20, 9: 21, 10: 22, 11: 23}
    | {17: 17, 18: 18, 19: 19, 20: 20, 21: 21, 22: 22, 23: 23},
    "밤": {7: 19, 8: 20, 9: 21, 10: 22, 11: 23, 19: 19, 20: 20, 21: 21, 22: 22, 23: 23},
    "": {hour: hour for hour in range(24)},
}


@pytest.mark.parametrize(("word", "hours"), HOURS.items())
def test_each_word_goes_with_the_hours_that_it_does_not_contradict(word: str, hours: dict[int, int]) -> None:
    understood = {hour: understand(f"{word} {hour}시") for hour in range(30)}
    assert {hour: found.start for hour, found in understood.items() if found} == {
        hour: f"{meant:02}:00" for hour, meant in hours.items()
    }


@pytest.mark.parametrize("text", WHOLE_DAYS)
def test_whole_days_are_understood(text: str) -> None:
    assert understand(text) == Understood(None, None, all_day=True)


@pytest.mark.parametrize("text", WORDS)
def test_what_is_ambiguous_or_no_time_stays_words(text: str) -> None:
    assert understand(text) is None


@given(clocks, st.none() | clocks)
def test_what_is_written_is_understood_again(start: str, end: str | None) -> None:
    written = write(start, end)
    assert written is not None
    assert understand(written) == Understood(start, end, all_day=False)


def test_whole_days_have_no_words_of_their_own() -> None:
    assert write(None, None) is None


@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["오전", "오후"]))
def test_korean_and_english_halves_of_the_day_agree(hour: int, minute: int, half: str) -> None:
    english = {"오전": "AM", "오후": "PM"}[half]
    assert understand(f"{half} {hour}:{minute:02}") == understand(f"{hour}:{minute:02} {english}")
    assert understand(f"{half} {hour}시 {minute}분") == understand(f"{english} {hour}:{minute:02}")


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(["오전", "오후"]))
def test_an_end_that_inherits_lies_within_twelve_hours_of_its_start(first: int, last: int, half: str) -> None:
    found = understand(f"{half} {first}시~{last}시")
    assert found is not None
    start, end = (int(clock[:2]) for clock in (found.start, found.end) if clock)
    assert 1 <= ((end - start) % 24) <= 12
    assert end % 12 == last % 12


@given(st.text(max_size=40) | st.text("오전후시분반~-: 0123456789apm.", max_size=25))
def test_no_text_is_an_error(text: str) -> None:
    found = understand(text)
    if found is not None:
        assert understand(write(found.start, found.end) or "종일") == found
